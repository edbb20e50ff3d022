// SPDX-License-Identifier: Apache-2.0

package jobs

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

type note struct {
	Text string `json:"text"`
}

var (
	kindNote   = Define[note]("test.note", Options{})
	kindHeavy  = Define[note]("test.heavy", Options{Queue: Heavy})
	kindUnique = Define[note]("test.unique", Options{Unique: true})
)

// done gathers what workers did.
type done struct {
	mu    sync.Mutex
	texts []string
	more  chan struct{}
}

func newDone() *done { return &done{more: make(chan struct{}, 100)} }

func (d *done) work(_ context.Context, n note) error {
	d.mu.Lock()
	d.texts = append(d.texts, n.Text)
	d.mu.Unlock()
	d.more <- struct{}{}
	return nil
}

func (d *done) wait(t *testing.T, n int) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for range n {
		select {
		case <-d.more:
		case <-limit:
			t.Fatalf("waited too long; done: %q", d.texts)
		}
	}
}

// still fails when more jobs run within a moment.
func (d *done) still(t *testing.T) {
	t.Helper()
	select {
	case <-d.more:
		t.Errorf("a job ran that should not; done: %q", d.texts)
	case <-time.After(300 * time.Millisecond):
	}
}

func each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		if err := Migrate(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if err := Migrate(t.Context(), d); err != nil {
			t.Fatalf("a second time: %v", err)
		}
		fn(t, d)
	})
}

func start(t *testing.T, d *db.DB, now clock.Clock, ws ...Worker) *Queue {
	t.Helper()
	q, err := New(Config{DB: d, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	q.Register(ws...)
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return q
}

func enter[A any](t *testing.T, d *db.DB, q *Queue, k Kind[A], args A) {
	t.Helper()
	if err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return k.Enter(ctx, tx, q, args) }); err != nil {
		t.Fatal(err)
	}
}

func TestCommitRunsAndRollbackDoesNot(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		out := newDone()
		q := start(t, d, clock.System, kindNote.Worker(out.work), kindHeavy.Worker(out.work))
		enter(t, d, q, kindNote, note{"一"})
		enter(t, d, q, kindHeavy, note{"二"})
		out.wait(t, 2)
		refused := errors.New("refused")
		err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
			return errors.Join(kindNote.Enter(ctx, tx, q, note{"三"}), refused)
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		out.still(t)
	})
}

func TestWakesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		out := newDone()
		q := start(t, d, clock.System, kindNote.Worker(out.work))
		enter(t, d, q, kindNote, note{"first"})
		out.wait(t, 1)
		time.Sleep(200 * time.Millisecond) // past what River gathers
		took := clock.Stopwatch()
		enter(t, d, q, kindNote, note{"second"})
		out.wait(t, 1)
		if took() > pollEvery*3/4 {
			t.Errorf("a job began after %v: it was polled, not woken", took())
		}
	})
}

func TestRetries(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		out := newDone()
		var tries int
		q := start(t, d, clock.System, kindNote.Worker(func(ctx context.Context, n note) error {
			if tries++; tries == 1 {
				return errors.New("the file store is away")
			}
			if tries == 2 {
				panic("a mistake")
			}
			return out.work(ctx, n)
		}))
		enter(t, d, q, kindNote, note{"again"})
		for deadline := time.Now().Add(30 * time.Second); len(out.more) == 0; {
			if time.Now().After(deadline) {
				t.Fatalf("gave up after %d tries", tries)
			}
			time.Sleep(100 * time.Millisecond)
			hurry(t, d)
		}
	})
}

// hurry makes failed jobs due now.
func hurry(t *testing.T, d *db.DB) {
	t.Helper()
	stmt := "UPDATE river_job SET scheduled_at = now() - interval '1 minute', state = 'available' WHERE state = 'retryable'"
	if d.Pool() == nil {
		stmt = "UPDATE river_job SET scheduled_at = datetime('now', '-1 minute'), state = 'available' WHERE state = 'retryable'"
	}
	if _, err := d.SQL().ExecContext(t.Context(), stmt); err != nil {
		t.Fatal(err)
	}
}

func TestUnique(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		q, err := New(Config{DB: d, Now: clock.System})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"同", "同", "异"} {
			enter(t, d, q, kindUnique, note{text})
		}
		counts, err := q.Waiting(t.Context())
		if err != nil || counts["available"] != 2 {
			t.Errorf("%v wait, want 2; error %v", counts, err)
		}
		out := newDone()
		q2 := start(t, d, clock.System, kindUnique.Worker(out.work))
		out.wait(t, 2)
		time.Sleep(300 * time.Millisecond) // until River has noted that they are done
		enter(t, d, q2, kindUnique, note{"同"})
		out.wait(t, 1)
	})
}

// TestScheduledByClock moves the clock to the time of a job.
func TestScheduledByClock(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		now := clock.NewManual(time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC))
		out := newDone()
		q := start(t, d, now.Now, kindNote.Worker(out.work))
		err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
			return kindNote.EnterAt(ctx, tx, q, note{"到期提醒"}, now.Now().Add(24*time.Hour))
		})
		if err != nil {
			t.Fatal(err)
		}
		out.still(t)
		now.Advance(25 * time.Hour)
		out.wait(t, 1)
	})
}

func TestPeriodic(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ran := make(chan struct{}, 10)
		start(t, d, clock.System, Periodic("test.sweep", Every(time.Second), func(context.Context) error {
			ran <- struct{}{}
			return nil
		}))
		for range 2 {
			select {
			case <-ran:
			case <-time.After(20 * time.Second):
				t.Fatal("it did not run")
			}
		}
	})
}

// TestJobsUseTheDatabase lets workers write while others enter: neither waits for ever.
func TestJobsUseTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		out := newDone()
		var q *Queue
		q = start(t, d, clock.System, kindNote.Worker(func(ctx context.Context, n note) error {
			err := d.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return kindHeavy.Enter(ctx, tx, q, n) })
			return err
		}), kindHeavy.Worker(out.work))
		const n = 60
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range n / 4 {
					enter(t, d, q, kindNote, note{"x"})
				}
			})
		}
		wg.Wait()
		out.wait(t, n)
	})
}

func TestDaily(t *testing.T) {
	at := Daily(8, 30)
	for _, tt := range []struct{ after, want string }{
		{"2027-06-01T00:00:00+08:00", "2027-06-01T08:30:00+08:00"},
		{"2027-06-01T08:29:59+08:00", "2027-06-01T08:30:00+08:00"},
		{"2027-06-01T08:30:00+08:00", "2027-06-02T08:30:00+08:00"},
		{"2027-06-30T23:00:00+08:00", "2027-07-01T08:30:00+08:00"},
		{"2027-06-01T02:00:00Z", "2027-06-02T08:30:00+08:00"},
	} {
		after, _ := time.Parse(time.RFC3339, tt.after)
		want, _ := time.Parse(time.RFC3339, tt.want)
		if got := at(after); !got.Equal(want) {
			t.Errorf("after %s: %s, want %s", tt.after, got.In(clock.Beijing), tt.want)
		}
	}
}
