// SPDX-License-Identifier: Apache-2.0

// Package memo remembers answers that are asked for often and change seldom.
package memo

import (
	"context"
	"maps"
	"sync"
	"time"

	"anlan/internal/kernel/clock"
)

// Term is how long a change may go unseen.
const Term = 30 * time.Second

// most is how many answers are held; then all are forgotten, which is rare and cheap.
const most = 20_000

// Memo remembers answers for Term. Failures are not remembered.
type Memo[K comparable, V any] struct {
	now  clock.Clock
	mu   sync.RWMutex
	held map[K]remembered[V]
}

type remembered[V any] struct {
	v     V
	until time.Time
}

// New returns an empty Memo.
func New[K comparable, V any](now clock.Clock) *Memo[K, V] {
	return &Memo[K, V]{now: now, held: map[K]remembered[V]{}}
}

// Of returns the answer for k, from load when none is remembered.
func (m *Memo[K, V]) Of(ctx context.Context, k K, load func(context.Context, K) (V, error)) (V, error) {
	if v, ok := m.recall(k, m.now()); ok {
		return v, nil
	}
	v, err := load(ctx, k)
	if err == nil {
		m.hold(map[K]V{k: v})
	}
	return v, err
}

// All returns the answers for ks; load is asked once, for those that are not remembered.
// What load leaves out is left out.
func (m *Memo[K, V]) All(ctx context.Context, ks []K, load func(context.Context, []K) (map[K]V, error)) (map[K]V, error) {
	now, out := m.now(), make(map[K]V, len(ks))
	var missing []K
	for _, k := range ks {
		if v, ok := m.recall(k, now); ok {
			out[k] = v
		} else {
			missing = append(missing, k)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	loaded, err := load(ctx, missing)
	if err != nil {
		return nil, err
	}
	m.hold(loaded)
	maps.Copy(out, loaded)
	return out, nil
}

func (m *Memo[K, V]) recall(k K, now time.Time) (V, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	r, ok := m.held[k]
	return r.v, ok && now.Before(r.until)
}

func (m *Memo[K, V]) hold(loaded map[K]V) {
	until := m.now().Add(Term)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.held)+len(loaded) > most {
		clear(m.held)
	}
	for k, v := range loaded {
		m.held[k] = remembered[V]{v, until}
	}
}
