// SPDX-License-Identifier: Apache-2.0

package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

// each gives fn a database with the tables thing (n unique) and part (of a thing).
func each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	dbtest.Each(t, []fs.FS{os.DirFS("testdata")}, fn)
}

func add(n int) func(context.Context, db.Tx) error {
	return func(ctx context.Context, tx db.Tx) error {
		_, err := tx.NewRaw("INSERT INTO thing (n, path) VALUES (?, ?)", n, fmt.Sprintf("cn/%d/", n)).Exec(ctx)
		return err
	}
}

func count(t *testing.T, d *db.DB) int {
	t.Helper()
	var n int
	if err := d.Read().NewRaw("SELECT count(*) FROM thing").Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

var errPlanned = errors.New("planned")

// TestFailuresRollBackOnlyThemselves runs many transactions at once, of which some
// fail in every way there is.
func TestFailuresRollBackOnlyThemselves(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		if err := d.InTx(t.Context(), add(-1)); err != nil {
			t.Fatal(err)
		}
		const workers, rounds = 16, 25
		var kept atomic.Int64
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for i := range rounds {
					n := w*rounds + i
					err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return unlucky(ctx, tx, n) })
					if (err == nil) != (n%5 == 0) {
						t.Errorf("%d: %v", n, err)
					}
					if err == nil {
						kept.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if got := count(t, d); got != int(kept.Load())+1 || kept.Load() != workers*rounds/5 {
			t.Errorf("%d rows, %d transactions succeeded", got, kept.Load())
		}
	})
}

// unlucky writes n and then, for four numbers of five, fails.
func unlucky(ctx context.Context, tx db.Tx, n int) error {
	if err := add(n)(ctx, tx); err != nil {
		return err
	}
	switch n % 5 {
	case 1:
		return errPlanned
	case 2:
		return add(-1)(ctx, tx) // a violated constraint
	case 3:
		panic("a mistake")
	case 4:
		_, err := tx.NewRaw("SELECT nonsense FROM nowhere").Exec(ctx)
		return err
	}
	return nil
}

func TestErrorsKeepTheirMeaning(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.InTx(ctx, add(1)); err != nil {
			t.Fatal(err)
		}
		planned := errs.New(errs.Conflict, "test.changed")
		if err := d.InTx(ctx, func(context.Context, db.Tx) error { return planned }); !errors.Is(err, planned) {
			t.Errorf("an error of ours became %v", err)
		}
		err := d.InTx(ctx, add(1))
		if !db.IsUnique(err) || db.IsForeignKey(err) || errs.KindOf(err) != errs.Internal {
			t.Errorf("a violated unique constraint: %v", err)
		}
		err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			_, err := tx.NewRaw("INSERT INTO part (thing) VALUES (99)").Exec(ctx)
			return err
		})
		if !db.IsForeignKey(err) || db.IsUnique(err) {
			t.Errorf("a reference to nothing: %v", err)
		}
		var n int
		if err := d.Read().NewRaw("SELECT n FROM thing WHERE n = 7").Scan(ctx, &n); !db.IsNoRows(err) {
			t.Errorf("no row: %v", err)
		}
		if err := d.InTx(ctx, func(context.Context, db.Tx) error { panic("a mistake") }); err == nil || !strings.Contains(err.Error(), "a mistake") {
			t.Errorf("a panic became %v", err)
		}
		if err := d.InTx(ctx, add(2)); err != nil {
			t.Errorf("after all that: %v", err)
		}
	})
}

func TestNestingIsRefused(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return d.InTx(ctx, add(1)) })
		if err == nil || count(t, d) != 0 {
			t.Errorf("nested: %v, %d rows", err, count(t, d))
		}
	})
}

func TestEndedContexts(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := d.InTx(ctx, add(1)); !errors.Is(err, context.Canceled) {
			t.Errorf("ended before: %v", err)
		}
		if n := count(t, d); n != 0 {
			t.Errorf("%d rows", n)
		}
		if err := d.InTx(t.Context(), add(1)); err != nil {
			t.Errorf("the next one: %v", err)
		}
	})
}

// TestEndsWithin ends the context of a transaction that has begun, on SQLite, where it
// shares its commit: it is finished and told the truth.
func TestEndsWithin(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLiteDSN(t), os.DirFS("testdata"))
	ctx, cancel := context.WithCancel(t.Context())
	err := d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		cancel()
		return add(1)(ctx, tx)
	})
	if err != nil || count(t, d) != 1 {
		t.Errorf("%v, %d rows", err, count(t, d))
	}
}

func TestInTxV(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		v, err := db.InTxV(t.Context(), d, func(context.Context, db.Tx) (string, error) { return "v", nil })
		if v != "v" || err != nil {
			t.Errorf("%q, %v", v, err)
		}
		v, err = db.InTxV(t.Context(), d, func(context.Context, db.Tx) (string, error) { return "v", errPlanned })
		if v != "" || !errors.Is(err, errPlanned) {
			t.Errorf("failed: %q, %v", v, err)
		}
	})
}

// TestOnCommit hears of each commit after it can be read, and of no failure.
func TestOnCommit(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		heard := make(chan struct{}, 10)
		d.OnCommit(func() { heard <- struct{}{} })
		d.InTx(t.Context(), func(context.Context, db.Tx) error { return errPlanned })
		if err := d.InTx(t.Context(), add(1)); err != nil {
			t.Fatal(err)
		}
		select {
		case <-heard:
		case <-time.After(5 * time.Second):
			t.Error("no word of a commit")
		}
		if count(t, d) != 1 {
			t.Error("told before it can be read")
		}
	})
}

func TestCloseFinishesWhatWasAccepted(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				time.Sleep(time.Duration(rand.IntN(5)) * time.Millisecond)
				err := d.InTx(context.Background(), add(i))
				if err != nil && errs.KindOf(err) != errs.Unavailable && !errors.Is(err, sql.ErrTxDone) && !strings.Contains(err.Error(), "closed") {
					t.Errorf("while closing: %v", err)
				}
			})
		}
		time.Sleep(2 * time.Millisecond)
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		wg.Wait()
		if err := d.InTx(context.Background(), add(99)); err == nil {
			t.Error("a closed database takes writes")
		}
	})
}

func TestUnder(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for _, n := range []int{9, 90, 99, 991} {
			if err := d.InTx(t.Context(), add(n)); err != nil {
				t.Fatal(err)
			}
		}
		for path, want := range map[string]int{"cn/": 4, "cn/9/": 1, "cn/99/": 1, "cn/1/": 0, "": 0} {
			q := d.Read().NewSelect().TableExpr("thing")
			n, err := db.Under(q, "path", path).Count(t.Context())
			if err != nil || int(n) != want {
				t.Errorf("%q: %d, want %d, error %v", path, n, want, err)
			}
		}
	})
}
