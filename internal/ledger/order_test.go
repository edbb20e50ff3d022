// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/quantity"
	"anlan/internal/platform/db"
)

func record(t *testing.T, d *db.DB, l *Ledger, n int) {
	t.Helper()
	err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
		return l.Record(ctx, tx, kindHappened.Entry(happened{N: n}))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLateCommit lets a transaction record first and commit last. On PostgreSQL the
// other one's entry has the later number and is committed earlier: a reader that took
// it now would never see the late one.
func TestLateCommit(t *testing.T) {
	eachHouse(t, func(t *testing.T, d *db.DB) {
		if d.Pool() == nil {
			t.Log("SQLite has one writer: commits come in order")
		}
		l, h := open(t, d), &house{d: d, reader: "late"}
		recorded, commit, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			done <- d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
				err := l.Record(ctx, tx, kindHappened.Entry(happened{N: 1}))
				close(recorded)
				if d.Pool() != nil { // SQLite's writer would wait for it
					<-commit
				}
				return err
			})
		}()
		<-recorded
		record(t, d, l, 2)
		if d.Pool() != nil {
			n, err := l.Step(t.Context(), Reader{Name: h.reader, Handle: h.handle(func() int { return never })})
			if err != nil || n != 0 {
				t.Errorf("handled %d entries before an older transaction ended, error %v", n, err)
			}
		}
		close(commit)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		h.wrote = []int{1, 2}
		if got := h.drain(t, 10); !slices.Equal(got, []int{1, 2}) {
			t.Errorf("handled %v", got)
		}
	})
}

// TestRestoredCluster pretends that the entries come from a PostgreSQL whose
// transaction numbers were far higher than those of today.
func TestRestoredCluster(t *testing.T) {
	eachHouse(t, func(t *testing.T, d *db.DB) {
		l, h := open(t, d), &house{d: d, reader: "restored"}
		record(t, d, l, 1)
		record(t, d, l, 2)
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE ledger_entry SET tx = tx + 1000000 WHERE tx > 0"); err != nil {
			t.Fatal(err)
		}
		l = open(t, d)
		record(t, d, l, 3)
		h.wrote = []int{1, 2, 3}
		if got := h.drain(t, 2); !slices.Equal(got, []int{1, 2, 3}) {
			t.Errorf("handled %v", got)
		}
		before := l.shift
		if l = open(t, d); l.shift != before {
			t.Errorf("the shift grew from %d to %d without need", before, l.shift)
		}
		record(t, d, l, 4)
		h.wrote = append(h.wrote, 4)
		if got := h.drain(t, 2); !slices.Equal(got, []int{1, 2, 3, 4}) {
			t.Errorf("handled %v", got)
		}
	})
}

// TestFollowRecovers lets a started reader fail a few times.
func TestFollowRecovers(t *testing.T) {
	eachHouse(t, func(t *testing.T, d *db.DB) {
		l := open(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		handled, failures := make(chan int, 10), 2
		done := l.Start(ctx, Reader{Name: "follow", Handle: Each(func(_ context.Context, _ db.Tx, e Entry) error {
			if failures > 0 {
				failures--
				return errors.New("the mail server is away")
			}
			f, err := kindHappened.Facts(e)
			handled <- f.N
			return err
		})})
		record(t, d, l, 7)
		if n := <-handled; n != 7 {
			t.Errorf("handled %d", n)
		}
		cancel()
		<-done
	})
}

func TestDefineRefusesWhatIsNotFlat(t *testing.T) {
	for name, define := range map[string]func(){
		"a list":   func() { Define[struct{ A []int }]("a.b.v1") },
		"a struct": func() { Define[struct{ A happened }]("a.b.v1") },
		"no facts": func() { Define[int]("a.b.v1") },
		"no name":  func() { Define[happened]("ab") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", name)
				}
			}()
			define()
		}()
	}
}

func TestEntryValues(t *testing.T) {
	e := kindHappened.Entry(happened{N: 7})
	e.Quantities = []quantity.Quantity{quantity.Of(3, quantity.Persons)}
	if e.Fact("n") != "7" || e.Fact("missing") != "" {
		t.Errorf("facts %q %q", e.Fact("n"), e.Fact("missing"))
	}
	if e.Quantity(quantity.Persons) != 3 || e.Quantity(quantity.Attendances) != 0 {
		t.Error("persons are not attendances")
	}
	e.Kind = "other.happened.v1"
	if _, err := kindHappened.Facts(e); errs.KeyOf(err) != "ledger.other_kind" {
		t.Errorf("facts of another kind: %v", err)
	}
}

// TestOtherKindsAreLookedAtOnce keeps a reader of few kinds from going through all
// other entries again at every commit.
func TestOtherKindsAreLookedAtOnce(t *testing.T) {
	eachHouse(t, func(t *testing.T, d *db.DB) {
		l := open(t, d)
		var handled int
		r := Reader{Name: "few", Kinds: []string{kindHappened.Name()}, Handle: func(_ context.Context, _ db.Tx, es []Entry) error {
			handled += len(es)
			return nil
		}}
		noise := func() {
			err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return l.Record(ctx, tx, kindNoise.Entry(happened{})) })
			if err != nil {
				t.Fatal(err)
			}
		}
		stepUntil := func(done func() bool) {
			for range 2000 {
				if _, err := l.Step(t.Context(), r); err != nil {
					t.Fatal(err)
				}
				if done() {
					return
				}
				time.Sleep(5 * time.Millisecond)
			}
			t.Fatal("it does not come to an end")
		}
		upToDate := func() bool {
			n, err := l.Behind(t.Context(), r)
			return err == nil && n == 0
		}
		for range 5 {
			noise()
		}
		stepUntil(upToDate)
		record(t, d, l, 1)
		noise()
		stepUntil(upToDate)
		if handled != 1 {
			t.Errorf("handled %d entries, want 1", handled)
		}
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE ledger_cursor SET tx = 0, seq = 0"); err != nil {
			t.Fatal(err)
		}
		stepUntil(func() bool { return handled == 2 }) // somebody asked for all of it again
	})
}
