// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
)

// tellEvery is the least time between two calls of Config.Changed.
const tellEvery = 500 * time.Millisecond

// teller gathers the places whose numbers moved and tells of them, the first time
// at once and then at most every tellEvery.
type teller struct {
	tell func(places []place.Path)

	mu      sync.Mutex
	places  map[place.Path]bool
	resting bool
}

func (t *teller) add(entries []ledger.Entry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range entries {
		if p := entries[i].Place; !t.places[p] {
			for _, above := range p.Chain() {
				t.places[above] = true
			}
		}
	}
	if !t.resting && len(t.places) > 0 {
		t.resting = true
		go t.run()
	}
}

// run tells of what has gathered until nothing has for a while.
func (t *teller) run() {
	for {
		t.mu.Lock()
		places := slices.Sorted(maps.Keys(t.places))
		clear(t.places)
		if len(places) == 0 {
			t.resting = false
		}
		t.mu.Unlock()
		if len(places) == 0 {
			return
		}
		t.tell(places)
		time.Sleep(tellEvery)
	}
}

// done is called after the counters of entries are committed.
func (s *Service) done(_ context.Context, entries []ledger.Entry) {
	if s.teller.tell != nil {
		s.teller.add(entries)
	}
}
