// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

// errCrash stands for a process that dies: nothing it did in its transaction stays.
var errCrash = errors.New("crash")

var kindNoise = Define[happened]("test.noised.v1")

// plan is one transaction of a writer.
type plan struct {
	entries  int
	wait     time.Duration // between recording and the end, so that commits come out of order
	rollback bool
}

var plans = rapid.Custom(func(t *rapid.T) plan {
	return plan{rapid.IntRange(1, 3).Draw(t, "entries"),
		time.Duration(rapid.IntRange(0, 4).Draw(t, "wait")) * time.Millisecond, rapid.IntRange(0, 3).Draw(t, "fate") == 0}
})

// house is one database with writers and readers of several processes.
type house struct {
	d      *db.DB
	reader string
	kinds  []string // that the readers ask for; nil for all
	mu     sync.Mutex
	wrote  []int // committed
}

// write carries plans out, numbering entries from first.
func (h *house) write(ctx context.Context, l *Ledger, ps []plan, first int) error {
	n := first
	for _, p := range ps {
		var mine []int
		for range p.entries {
			mine = append(mine, n)
			n++
		}
		err := h.d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			for _, m := range mine {
				if err := l.Record(ctx, tx, kindHappened.Entry(happened{N: m}), kindNoise.Entry(happened{N: m})); err != nil {
					return err
				}
			}
			time.Sleep(p.wait)
			if p.rollback {
				return errCrash
			}
			return nil
		})
		if err != nil && !errors.Is(err, errCrash) {
			return err
		}
		if err == nil {
			h.mu.Lock()
			h.wrote = append(h.wrote, mine...)
			h.mu.Unlock()
		}
	}
	return nil
}

// handle writes one effect for each entry, and crashes when fate says so: before,
// between or after its writes.
func (h *house) handle(fate func() int) func(context.Context, db.Tx, []Entry) error {
	return func(ctx context.Context, tx db.Tx, es []Entry) error {
		crashAt := fate()
		for i, e := range es {
			if i == crashAt {
				return errCrash
			}
			if e.Kind == kindNoise.Name() {
				continue
			}
			f, err := kindHappened.Facts(e)
			if err != nil {
				return err
			}
			if _, err := tx.NewRaw("INSERT INTO effect (reader, n) VALUES (?, ?)", h.reader, f.N).Exec(ctx); err != nil {
				return err
			}
		}
		if crashAt >= len(es) && crashAt < never {
			return errCrash
		}
		return nil
	}
}

const never = 1 << 30

// effects returns the numbers that were handled, in the order of handling.
func (h *house) effects(ctx context.Context) ([]int, error) {
	var ns []int
	err := h.d.Read().NewRaw("SELECT n FROM effect WHERE reader = ? ORDER BY id", h.reader).Scan(ctx, &ns)
	return ns, err
}

func eachHouse(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	dbtest.Each(t, []fs.FS{Migrations(), os.DirFS("testdata")}, fn)
}

// TestNothingIsSkippedOrDoubled is the promise of the house: whatever the order of
// commits and whenever readers crash, restart or race one another, the effects are
// exactly the entries that committed.
func TestNothingIsSkippedOrDoubled(t *testing.T) {
	eachHouse(t, func(t *testing.T, d *db.DB) {
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			round++
			h := &house{d: d, reader: fmt.Sprintf("reader-%d", round)}
			if rapid.Bool().Draw(rt, "some kinds only") {
				h.kinds = []string{kindHappened.Name()}
			}
			first := round * 10_000
			writers := rapid.SliceOfN(rapid.SliceOfN(plans, 1, 3), 1, 4).Draw(rt, "writers")
			fates := rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 2, 5, never, never}), 2, 8).Draw(rt, "fates")
			batch := rapid.IntRange(1, 7).Draw(rt, "batch")
			if err := skipTo(t.Context(), open(t, d), h.reader); err != nil {
				rt.Fatal(err)
			}
			var wg, reading sync.WaitGroup
			stop := make(chan struct{})
			for w, ps := range writers {
				l := open(t, d)
				wg.Go(func() {
					if err := h.write(t.Context(), l, ps, first+100*w); err != nil {
						t.Error(err)
					}
				})
			}
			for p := range 2 { // processes that read at the same time
				reading.Go(func() { h.stepThrough(t, fates[p*len(fates)/2:(p+1)*len(fates)/2], batch, stop) })
			}
			wg.Wait()
			close(stop)
			reading.Wait()
			got := h.drain(t, batch)
			want := slices.Clone(h.wrote)
			slices.Sort(want)
			inOrder(rt, got)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				rt.Fatalf("handled %v, committed %v", got, want)
			}
		})
	})
}

// stepThrough reads until stop is closed, meeting one fate after the other; after a
// crash the process starts anew.
func (h *house) stepThrough(t *testing.T, fates []int, batch int, stop <-chan struct{}) {
	l := open(t, h.d)
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		r := Reader{Name: h.reader, Kinds: h.kinds, Batch: batch, Handle: h.handle(func() int { return fates[i%len(fates)] })}
		_, err := l.Step(t.Context(), r)
		switch {
		case errors.Is(err, errCrash):
			l = open(t, h.d)
		case err != nil:
			t.Error(err)
		}
		time.Sleep(time.Millisecond)
	}
}

// drain reads until everything committed was handled, and a little longer.
func (h *house) drain(t *testing.T, batch int) []int {
	t.Helper()
	l, r := open(t, h.d), Reader{Name: h.reader, Kinds: h.kinds, Batch: batch, Handle: h.handle(func() int { return never })}
	for deadline := time.Now().Add(20 * time.Second); ; {
		n, err := l.Step(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := h.effects(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 && len(got) >= len(h.wrote) || time.Now().After(deadline) {
			return got
		}
		if n == 0 { // another test's transaction is still under way
			time.Sleep(time.Millisecond)
		}
	}
}

// inOrder checks that one writer's entries were handled in the order of recording.
func inOrder(t *rapid.T, ns []int) {
	last := map[int]int{}
	for _, n := range ns {
		if writer := n / 100; n <= last[writer] {
			t.Fatalf("%d was handled after %d: %v", n, last[writer], ns)
		} else {
			last[writer] = n
		}
	}
}

// skipTo puts a new reader behind what earlier rounds wrote.
func skipTo(ctx context.Context, l *Ledger, reader string) error {
	r := Reader{Name: reader, Batch: 5000, Handle: func(context.Context, db.Tx, []Entry) error { return nil }}
	for {
		n, err := l.Step(ctx, r)
		if err != nil || n == 0 {
			return err
		}
	}
}
