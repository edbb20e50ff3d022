// SPDX-License-Identifier: Apache-2.0

package db

import (
	"context"
	"sync"

	"anlan/internal/kernel/errs"
)

// Batch joins items that are submitted at the same time, so that a busy moment
// costs a few multi-row statements instead of many single ones. It never waits
// for company: an item that comes alone is handed on at once.
type Batch[T any] struct {
	do   func(ctx context.Context, items []T) error
	in   chan submitted[T]
	max  int
	done sync.WaitGroup

	mu     sync.RWMutex // held to read while sending, so that in is closed after the last send
	closed bool
}

type submitted[T any] struct {
	item T
	err  chan error
}

// NewBatch returns a Batch that hands at most max items at once to do, from one
// goroutine at a time per worker. do answers for all of them: what concerns a
// single item it writes into the item.
func NewBatch[T any](max, workers int, do func(ctx context.Context, items []T) error) *Batch[T] {
	b := &Batch[T]{do: do, in: make(chan submitted[T], max), max: max}
	for range workers {
		b.done.Go(b.loop)
	}
	return b
}

// Submit hands item on and waits until do has returned.
func (b *Batch[T]) Submit(ctx context.Context, item T) error {
	s := submitted[T]{item, make(chan error, 1)}
	if err := b.send(ctx, s); err != nil {
		return err
	}
	return <-s.err
}

func (b *Batch[T]) send(ctx context.Context, s submitted[T]) error {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.closed {
		return errs.New(errs.Unavailable, "unavailable")
	}
	select {
	case b.in <- s:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close finishes what was submitted and stops; later submissions are refused.
func (b *Batch[T]) Close() {
	b.mu.Lock()
	already := b.closed
	b.closed = true
	b.mu.Unlock()
	if !already {
		close(b.in)
	}
	b.done.Wait()
}

func (b *Batch[T]) loop() {
	for s := range b.in {
		b.flush(s)
	}
}

func (b *Batch[T]) flush(first submitted[T]) {
	taken := []submitted[T]{first}
	for more := true; more && len(taken) < b.max; {
		select {
		case s, ok := <-b.in:
			if more = ok; ok {
				taken = append(taken, s)
			}
		default:
			more = false
		}
	}
	items := make([]T, len(taken))
	for i, s := range taken {
		items[i] = s.item
	}
	err := b.do(context.Background(), items)
	for _, s := range taken {
		s.err <- err
	}
}
