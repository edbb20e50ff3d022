// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"sync"
	"time"

	"anlan/internal/kernel/clock"
)

const (
	memoFor = 30 * time.Second // how long a change of regions, offices or units may go unseen by the intake
	memoMax = 20_000           // entries; then all are forgotten, which is rare and cheap
)

// memo remembers answers for a short while. Failures are not remembered.
type memo[K comparable, V any] struct {
	now  clock.Clock
	mu   sync.RWMutex
	held map[K]remembered[V]
}

type remembered[V any] struct {
	v     V
	until time.Time
}

func newMemo[K comparable, V any](now clock.Clock) *memo[K, V] {
	return &memo[K, V]{now: now, held: map[K]remembered[V]{}}
}

// of returns the answer for k, from load when none is remembered.
func (m *memo[K, V]) of(ctx context.Context, k K, load func(context.Context, K) (V, error)) (V, error) {
	now := m.now()
	m.mu.RLock()
	r, ok := m.held[k]
	m.mu.RUnlock()
	if ok && now.Before(r.until) {
		return r.v, nil
	}
	v, err := load(ctx, k)
	if err != nil {
		return v, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.held) >= memoMax {
		clear(m.held)
	}
	m.held[k] = remembered[V]{v, now.Add(memoFor)}
	return v, nil
}
