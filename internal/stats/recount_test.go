// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// errCrash stands for a process that dies after its statements and before its commit.
var errCrash = errors.New("crash")

// recount counts entries for an indicator the plain way: one at a time, by the
// decoded facts, into a map.
func recount(in Indicator, entries []ledger.Entry) map[cell]int64 {
	at := map[string]int{}
	corrected := map[string]bool{}
	for i, e := range entries {
		at[e.ID] = i
	}
	for _, e := range entries {
		if _, ok := at[e.Corrects]; ok {
			corrected[e.Corrects] = true
		}
	}
	cells := map[cell]int64{}
	for _, e := range entries {
		if corrected[e.ID] {
			continue
		}
		for _, p := range in.Parts {
			recountPart(cells, in, p, e)
		}
	}
	maps.DeleteFunc(cells, func(_ cell, n int64) bool { return n == 0 })
	return cells
}

func recountPart(cells map[cell]int64, in Indicator, p Part, e ledger.Entry) {
	day := clock.DayOf(e.Happened)
	if e.Kind != p.Kind || day < in.ValidFrom || in.ValidTo != "" && day > in.ValidTo {
		return
	}
	for fact, values := range p.Where {
		if !slices.Contains(values, e.Fact(fact)) {
			return
		}
	}
	n := int64(1)
	if p.Sum != "" {
		n = e.Quantity(p.Sum)
	}
	if p.Minus {
		n = -n
	}
	dim := p.DimIs
	if p.Dim != "" {
		dim = e.Fact(p.Dim)
	}
	for _, region := range e.Place.Chain() {
		cells[cell{in.Key, region, "", dim, day}] += n
	}
	unit, path := e.Unit, e.UnitPath
	if _, ok := e.FactMap()[p.UnitFact]; ok {
		path = e.Fact(p.UnitFact)
		unit = place.Path(path).Code()
	}
	if unit == "" {
		return
	}
	cells[cell{in.Key, e.Place, unit, dim, day}] += n
	ids := map[string]bool{unit: true}
	for _, above := range place.Path(path).Chain() {
		ids[above.Code()] = true
	}
	for id := range ids {
		cells[cell{in.Key, "", id, dim, day}] += n
	}
}

// stored returns the counters of an indicator that are not 0.
func stored(ctx context.Context, q db.Q, key string) (map[cell]int64, error) {
	var rows []struct {
		Indicator, Region, Unit, Dim, Day string
		N                                 int64
	}
	err := q.NewRaw(`SELECT * FROM stats_rollup WHERE indicator = ? AND n <> 0`, key).Scan(ctx, &rows)
	cells := map[cell]int64{}
	for _, r := range rows {
		cells[cell{r.Indicator, place.Path(r.Region), r.Unit, r.Dim, clock.Day(r.Day)}] = r.N
	}
	return cells, err
}

// anyEntry draws entries that meet in few places, units, days and statuses.
func anyEntry(t *rapid.T, known []ledger.Entry) ledger.Entry {
	day := rapid.SampledFrom([]string{"2026-11-01", "2026-11-02", "2026-12-31"}).Draw(t, "day")
	unit := rapid.SampledFrom([]string{"", "g1", "u1", "u2", "u3"}).Draw(t, "unit")
	at := rapid.SampledFrom([]place.Path{"cn/", county, town1, town2, other}).Draw(t, "place")
	status := rapid.SampledFrom([]string{"reported", "triaged", "ordered", "closed", `o'dd\`})
	var e ledger.Entry
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0, 1:
		e = report(at, day, unit)
	case 2, 3:
		was := rapid.SampledFrom([]string{"", "g1/u1/", "u3/"}).Draw(t, "was")
		e = move(at, day, unit, status.Draw(t, "from"), status.Draw(t, "to"), "order", rapid.SampledFrom([]string{"general", "major", ""}).Draw(t, "grade"), "was_unit_path", was)
	default:
		e = ledger.Entry{Kind: "other.happened.v1", Place: at, Happened: on(day)}
	}
	e.Quantities = []quantity.Quantity{quantity.Of(rapid.Int64Range(-3, 9).Draw(t, "fen"), quantity.Fen)}
	if len(known) > 0 && rapid.IntRange(0, 3).Draw(t, "corrects") == 0 {
		e.Corrects = rapid.SampledFrom(known).Draw(t, "which").ID
	}
	return e
}

// world is the ledger as a property test drives it.
type world struct {
	*fixture
	entries []ledger.Entry
	extra   int // indicators added on the way
}

func (w *world) clear(ctx context.Context) error {
	return w.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, table := range []string{"ledger_entry", "ledger_cursor", "stats_rollup", "stats_indicator"} {
			if _, err := tx.NewRaw("DELETE FROM " + table).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// act does one random thing.
func (w *world) act(ctx context.Context, t *rapid.T) error {
	switch rapid.IntRange(0, 6).Draw(t, "act") {
	case 0, 1, 2:
		return w.write(ctx, t)
	case 3:
		r := w.Reader()
		r.Batch = rapid.IntRange(1, 5).Draw(t, "batch")
		_, err := w.ledger.Step(ctx, r)
		return err
	case 4:
		r := w.Reader()
		r.Handle = func(ctx context.Context, tx db.Tx, es []ledger.Entry) error {
			return errors.Join(w.handle(ctx, tx, es), errCrash)
		}
		if _, err := w.ledger.Step(ctx, r); err != nil && !errors.Is(err, errCrash) {
			return err
		}
		return nil
	case 5:
		w.extra++
		return w.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			return insertIndicator(ctx, tx, Indicator{Key: fmt.Sprintf("x.%d", w.extra), Unit: quantity.Fen, Op: Flow, ValidFrom: "2026-11-02",
				Parts: []Part{{Kind: reported, Sum: quantity.Fen, Dim: "class"}, {Kind: moved, Where: map[string][]string{"grade": {"", "major"}}, Dim: "to"}}})
		})
	default:
		key := rapid.SampledFrom([]string{"hazard.status", "hazard.reported"}).Draw(t, "again")
		if rapid.Bool().Draw(t, "all") {
			return w.Rebuild(ctx, key)
		}
		_, err := w.backfill(ctx, key)
		return err
	}
}

// write records a batch, which sometimes does not reach its commit.
func (w *world) write(ctx context.Context, t *rapid.T) error {
	crash := rapid.IntRange(0, 4).Draw(t, "crash") == 0
	var es []ledger.Entry
	for range rapid.IntRange(1, 6).Draw(t, "entries") {
		e := anyEntry(t, append(w.entries, es...))
		e.ID = w.ids.New()
		es = append(es, e)
	}
	err := w.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := w.ledger.Record(ctx, tx, es...); err != nil || !crash {
			return err
		}
		return errCrash
	})
	if errors.Is(err, errCrash) {
		return nil
	}
	w.entries = append(w.entries, es...)
	return err
}

// TestRollupsEqualRecount drives a ledger at random, with crashes, new indicators and
// recounts on the way, and compares every counter with a plain recount.
func TestRollupsEqualRecount(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		rapid.Check(t, func(t *rapid.T) {
			w := &world{fixture: f}
			if err := errors.Join(w.clear(ctx), w.Seed(ctx)); err != nil {
				t.Fatal(err)
			}
			for range rapid.IntRange(1, 15).Draw(t, "acts") {
				if err := w.act(ctx, t); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(w.catchUpAll(ctx), w.walk(ctx, w.Reader())); err != nil {
				t.Fatal(err)
			}
			list, err := w.Indicators(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, in := range list {
				got, err := stored(ctx, w.db.Read(), in.Key)
				if err != nil {
					t.Fatal(err)
				}
				if want := recount(in, w.entries); !maps.Equal(got, want) {
					t.Fatalf("%s: stored\n%v\nrecounted\n%v", in.Key, got, want)
				}
			}
		})
	})
}

// TestCorrectionThatStandsBefore lets a transaction that began earlier correct an
// entry of a later one, so that readers meet the correction first.
func TestCorrectionThatStandsBefore(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		if !db.IsPG(f.db.Read()) { // SQLite has one writer: entries stand in the order of commits
			return
		}
		wrong := report(town1, "2026-11-01", "u1")
		wrong.ID = f.ids.New()
		right := report(town2, "2026-11-01", "u2")
		right.Corrects = wrong.ID
		err := f.db.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
			if err := f.ledger.Record(ctx, tx, report(other, "2026-11-01", "")); err != nil { // takes its number
				return err
			}
			f.record(t, wrong)
			return f.ledger.Record(ctx, tx, right)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 10} {
			if err := f.Rebuild(t.Context(), "hazard.reported"); err != nil {
				t.Fatal(err)
			}
			r := f.Reader()
			r.Batch = size
			if err := f.walk(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if got := f.n(t, "hazard.reported", Scope{Place: county}, "", "2026-11-30"); got != 1 {
				t.Errorf("%d a batch: the county has %d, want 1", size, got)
			}
			if got := f.n(t, "hazard.reported", Scope{Place: town1}, "", "2026-11-30"); got != 0 {
				t.Errorf("%d a batch: the wrong town has %d", size, got)
			}
		}
	})
}

// TestCountingAnewWhileReading counts an indicator anew, over and over, while others
// write and the reader follows.
func TestCountingAnewWhileReading(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		const writers, each = 3, 40
		ctx, stop := context.WithCancel(t.Context())
		r := f.Reader()
		r.Batch = 7
		stopped := f.ledger.Start(ctx, r)
		var writing, counting sync.WaitGroup
		for w := range writers {
			writing.Go(func() {
				for i := range each {
					f.record(t, report([]place.Path{town1, town2, other}[(w+i)%3], "2026-11-01", "u1"))
				}
			})
		}
		written := make(chan struct{})
		counting.Go(func() {
			for done := false; !done; {
				select {
				case <-written:
					done = true
				default:
				}
				if err := f.Rebuild(ctx, "hazard.reported"); err != nil {
					t.Error(err)
					return
				}
			}
		})
		writing.Wait()
		close(written)
		counting.Wait()
		stop()
		<-stopped
		f.step(t)
		if got := f.n(t, "hazard.reported", Scope{Place: place.Nation}, "", "2026-11-30"); got != writers*each {
			t.Errorf("%d counted, %d written", got, writers*each)
		}
		if got := f.n(t, "hazard.reported", Scope{Unit: "g1"}, "", "2026-11-30"); got != writers*each {
			t.Errorf("%d counted for the unit, %d written", got, writers*each)
		}
	})
}
