// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"io/fs"
	"sync"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/quantity"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

type happened struct {
	N int `json:"n"`
}

var kindHappened = Define[happened]("test.happened.v1")

func open(t *testing.T, d *db.DB) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), d, clock.System, id.NewSource(clock.System))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestReaderSeesEachOnce commits from many goroutines while a reader walks.
func TestReaderSeesEachOnce(t *testing.T) {
	dbtest.Each(t, []fs.FS{Migrations()}, func(t *testing.T, d *db.DB) {
		l := open(t, d)
		const writers, each = 8, 25
		seen := map[int]int{}
		var mu sync.Mutex
		ctx, cancel := context.WithCancel(t.Context())
		done := l.Start(ctx, Reader{Name: "test", Batch: 7, Handle: Each(func(ctx context.Context, _ db.Tx, e Entry) error {
			f, err := kindHappened.Facts(e)
			mu.Lock()
			seen[f.N]++
			mu.Unlock()
			return err
		})})
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					err := d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
						e := kindHappened.Entry(happened{N: w*each + i})
						e.Quantities = []quantity.Quantity{quantity.Of(1, quantity.Items)}
						return l.Record(ctx, tx, e)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		for range 200 {
			mu.Lock()
			n := len(seen)
			mu.Unlock()
			if n == writers*each {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		cancel()
		<-done
		if len(seen) != writers*each {
			t.Errorf("saw %d entries, want %d", len(seen), writers*each)
		}
		for n, times := range seen {
			if times != 1 {
				t.Errorf("entry %d was handled %d times", n, times)
			}
		}
	})
}
