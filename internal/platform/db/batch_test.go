// SPDX-License-Identifier: Apache-2.0

package db_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// item is doubled by the batch; a negative one fails by itself.
type item struct {
	n, twice int
	err      error
}

// TestBatchAnswersEach submits from many goroutines, in batches of any size.
func TestBatchAnswersEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most, workers := rapid.IntRange(1, 20).Draw(t, "most"), rapid.IntRange(1, 4).Draw(t, "workers")
		numbers := rapid.SliceOfN(rapid.IntRange(-100, 100), 1, 60).Draw(t, "numbers")
		b := db.NewBatch(most, workers, func(_ context.Context, items []*item) error {
			if len(items) > most {
				t.Errorf("%d items at once, at most %d", len(items), most)
			}
			for _, it := range items {
				it.twice = 2 * it.n
				if it.n < 0 {
					it.err = errPlanned
				}
			}
			return nil
		})
		var wg sync.WaitGroup
		for _, n := range numbers {
			wg.Go(func() {
				it := &item{n: n}
				if err := b.Submit(context.Background(), it); err != nil || it.twice != 2*n || (it.err != nil) != (n < 0) {
					t.Errorf("%d: %+v, %v", n, it, err)
				}
			})
		}
		wg.Wait()
		b.Close()
	})
}

func TestBatchJoinsWhatWaits(t *testing.T) {
	var calls atomic.Int64
	first, held := make(chan struct{}), make(chan struct{})
	b := db.NewBatch(100, 1, func(context.Context, []int) error {
		if calls.Add(1) == 1 {
			close(first)
			<-held
		}
		return nil
	})
	var wg sync.WaitGroup
	submit := func() {
		if err := b.Submit(context.Background(), 1); err != nil {
			t.Error(err)
		}
	}
	wg.Go(submit)
	<-first
	for range 50 {
		wg.Go(submit)
	}
	time.Sleep(50 * time.Millisecond)
	close(held)
	wg.Wait()
	if n := calls.Load(); n > 5 {
		t.Errorf("51 items in %d batches", n)
	}
	b.Close()
}

func TestBatchFailsTogether(t *testing.T) {
	b := db.NewBatch(10, 1, func(context.Context, []int) error { return errPlanned })
	defer b.Close()
	if err := b.Submit(t.Context(), 1); !errors.Is(err, errPlanned) {
		t.Errorf("%v", err)
	}
}

// TestBatchCloses closes while others submit: each is done, or refused, and none waits
// for ever.
func TestBatchCloses(t *testing.T) {
	var did, told atomic.Int64
	b := db.NewBatch(4, 2, func(_ context.Context, items []int) error {
		did.Add(int64(len(items)))
		return nil
	})
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			switch err := b.Submit(context.Background(), 1); {
			case err == nil:
				told.Add(1)
			case errs.KindOf(err) != errs.Unavailable:
				t.Errorf("refused with %v", err)
			}
		})
	}
	b.Close()
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("somebody waits for ever")
	}
	if did.Load() != told.Load() {
		t.Errorf("did %d, told %d", did.Load(), told.Load())
	}
}
