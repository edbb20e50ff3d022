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
	do      func(ctx context.Context, items []T) error
	in      chan submitted[T]
	max     int
	closing chan struct{}
	done    sync.WaitGroup
}

type submitted[T any] struct {
	item T
	err  chan error
}

// NewBatch returns a Batch that hands at most max items at once to do, from one
// goroutine at a time per worker. do answers for all of them: what concerns a
// single item it writes into the item.
func NewBatch[T any](max, workers int, do func(ctx context.Context, items []T) error) *Batch[T] {
	b := &Batch[T]{do: do, in: make(chan submitted[T], max), max: max, closing: make(chan struct{})}
	for range workers {
		b.done.Go(b.loop)
	}
	return b
}

// Submit hands item on and waits until do has returned.
func (b *Batch[T]) Submit(ctx context.Context, item T) error {
	s := submitted[T]{item, make(chan error, 1)}
	select {
	case b.in <- s:
		return <-s.err
	case <-ctx.Done():
		return ctx.Err()
	case <-b.closing:
		return errs.New(errs.Unavailable, "unavailable")
	}
}

// Close finishes what was submitted and stops.
func (b *Batch[T]) Close() {
	close(b.closing)
	b.done.Wait()
}

func (b *Batch[T]) loop() {
	for {
		select {
		case s := <-b.in:
			b.flush(s)
		case <-b.closing:
			for {
				select {
				case s := <-b.in:
					b.flush(s)
				default:
					return
				}
			}
		}
	}
}

func (b *Batch[T]) flush(first submitted[T]) {
	taken := []submitted[T]{first}
	for more := true; more && len(taken) < b.max; {
		select {
		case s := <-b.in:
			taken = append(taken, s)
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
