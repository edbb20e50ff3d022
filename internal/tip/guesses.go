// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"sync"
	"time"
)

// What wrong query codes cost everybody who sends them. Whoever has the right one never
// waits: knowing that an answer came soon tells a guesser no more than opening it would.
const (
	guessesFree   = 120 // wrong codes at once: people mistype
	guessesPerSec = 2.0
	guessMost     = 5 * time.Second
)

// guesses is the budget of wrong query codes, of all people together. It knows nobody.
type guesses struct {
	mu   sync.Mutex
	owed float64 // wrong codes beyond what time has forgiven
	at   time.Time
}

// penalty counts a wrong code and returns how long its answer waits.
func (g *guesses) penalty(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if gone := now.Sub(g.at); gone > 0 {
		g.owed = max(0, g.owed-gone.Seconds()*guessesPerSec)
		g.at = now
	}
	g.owed++
	over := max(0, g.owed-guessesFree)
	return min(guessMost, time.Duration(over/guessesPerSec*float64(time.Second)))
}

// pause waits, unless nobody waits for the answer any more.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
