// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
	"anlan/internal/rules"
)

func facts(pairs ...string) json.RawMessage {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	b, _ := json.Marshal(m)
	return b
}

func on(day string) time.Time { return clock.Day(day).Start().Add(10 * time.Hour) }

func report(at place.Path, day string, unit string) ledger.Entry {
	return ledger.Entry{Kind: reported, Place: at, Unit: unit, UnitPath: unitPaths[unit], Subject: "hazard:x", Happened: on(day),
		Facts: facts("source", "public", "class", "environment")}
}

func move(at place.Path, day, unit, from, to, action, grade string, more ...string) ledger.Entry {
	e := report(at, day, unit)
	e.Kind = moved
	e.Facts = facts(append([]string{"from", from, "to", to, "action", action, "grade", grade}, more...)...)
	return e
}

// life is a hazard of u1 in town1 from a report without a unit to its closure.
func life() []ledger.Entry {
	order := move(town1, "2026-11-03", "u1", "triaged", "ordered", "order", "general", "was_unit_path", "g1/u1/")
	order.Quantities = []quantity.Quantity{quantity.Of(1, quantity.Items), quantity.Of(500_00, quantity.Fen)}
	return []ledger.Entry{
		report(town1, "2026-11-01", ""),
		move(town1, "2026-11-02", "u1", "reported", "triaged", "triage", "general", "was_unit_path", ""),
		order,
		move(town1, "2026-11-04", "u1", "ordered", "rectifying", "start", "general", "was_unit_path", "g1/u1/"),
		move(town1, "2026-11-05", "u1", "rectifying", "accepting", "submit", "general", "was_unit_path", "g1/u1/"),
		move(town1, "2026-11-06", "u1", "accepting", "accepted", "accept", "general", "was_unit_path", "g1/u1/"),
		move(town1, "2026-11-06", "u1", "accepted", "closed", "close", "general", "was_unit_path", "g1/u1/"),
	}
}

func (f *fixture) n(t *testing.T, key string, sc Scope, from, to clock.Day, dims ...string) int64 {
	t.Helper()
	fig, err := f.Figure(t.Context(), key, sc, Days{from, to})
	if err != nil {
		t.Fatal(err)
	}
	if len(dims) == 0 {
		return fig.N
	}
	return fig.Dims[dims[0]]
}

func TestFigures(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.record(t, life()...)
		f.record(t, report(town2, "2026-11-05", "u2"), report(other, "2026-11-05", "u3"),
			move(town2, "2026-11-06", "u2", "reported", "triaged", "triage", "major", "was_unit_path", "g1/u2/"))
		f.step(t)
		for _, tt := range []struct {
			key      string
			sc       Scope
			from, to clock.Day
			dim      []string
			want     int64
		}{
			{"hazard.reported", Scope{Place: "cn/"}, "2026-11-01", "2026-11-30", nil, 3},
			{"hazard.reported", Scope{Place: county}, "2026-11-01", "2026-11-30", nil, 2},
			{"hazard.reported", Scope{Place: county}, "2026-11-01", "2026-11-30", []string{"public"}, 2},
			{"hazard.reported_class", Scope{Place: town1}, "", "2026-11-30", []string{"environment"}, 1},
			{"hazard.reported", Scope{Place: county}, "2026-11-02", "2026-11-04", nil, 0},
			{"hazard.reported", Scope{Unit: "g1"}, "", "2026-11-30", nil, 1},
			{"hazard.reported", Scope{Unit: "u1"}, "", "2026-11-30", nil, 0},
			{"hazard.status", Scope{Place: county}, "", "2026-11-01", []string{"reported"}, 1},
			{"hazard.status", Scope{Place: county}, "", "2026-11-02", []string{"reported"}, 0},
			{"hazard.status", Scope{Place: county}, "2026-11-04", "2026-11-04", []string{"rectifying"}, 1},
			{"hazard.status", Scope{Place: county}, "", "2026-11-30", []string{"closed"}, 1},
			{"hazard.status", Scope{Place: county}, "", "2026-11-30", []string{"triaged"}, 1},
			{"hazard.status", Scope{Unit: "u1"}, "", "2026-11-30", []string{"reported"}, 0},
			{"hazard.status", Scope{Unit: "u1"}, "", "2026-11-30", nil, 1},
			{"hazard.status", Scope{Unit: "g1"}, "", "2026-11-30", []string{"triaged"}, 1},
			{"hazard.closed", Scope{Place: county}, "2026-11-06", "2026-11-06", []string{"general"}, 1},
			{"hazard.major", Scope{Place: county}, "", "2026-11-30", nil, 1},
			{"hazard.fund", Scope{Place: county}, "", "2026-11-30", nil, 500_00},
		} {
			if got := f.n(t, tt.key, tt.sc, tt.from, tt.to, tt.dim...); got != tt.want {
				t.Errorf("%s %v of %v from %q to %q: %d, want %d", tt.key, tt.dim, tt.sc, tt.from, tt.to, got, tt.want)
			}
		}
		rate, err := f.Figure(t.Context(), "hazard.rectification_rate", Scope{Place: county}, Days{"", "2026-11-30"})
		if err != nil || rate.Ratio != (quantity.Ratio{Num: 1, Den: 1}) || !rate.Complete {
			t.Errorf("rate %+v %v", rate, err)
		}
	})
}

func TestBadFigures(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		sc := Scope{Place: county}
		for _, tt := range []struct {
			name string
			err  error
			key  string
		}{
			{"no indicator", second(f.Figure(t.Context(), "nothing", sc, Days{"", "2026-11-30"})), "stats.no_indicator"},
			{"no day", second(f.Figure(t.Context(), "hazard.closed", sc, Days{"", ""})), "stats.bad_day"},
			{"backwards", second(f.Figure(t.Context(), "hazard.closed", sc, Days{"2026-11-30", "2026-11-01"})), "stats.ends_before_it_begins"},
			{"too many", second(f.Figures(t.Context(), make([]string, 51), sc, Days{"", "2026-11-30"})), "stats.too_many_keys"},
			{"a long series", second(f.ByDay(t.Context(), "hazard.closed", sc, Days{"2020-01-01", "2026-11-30"})), "stats.too_many_days"},
			{"an endless series", second(f.ByDay(t.Context(), "hazard.closed", sc, Days{"", "2026-11-30"})), "stats.too_many_days"},
			{"units by rate", second(f.TopUnits(t.Context(), "hazard.rectification_rate", county, Days{"", "2026-11-30"}, 5)), "stats.not_counted"},
		} {
			if errs.KeyOf(tt.err) != tt.key {
				t.Errorf("%s: %v, want %s", tt.name, tt.err, tt.key)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestSeries(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.record(t, life()...)
		f.record(t, report(town2, "2026-11-05", "u2"), report(other, "2026-11-05", "u3"), report(town2, "2026-11-05", "u2"))
		f.step(t)

		days, err := f.ByDay(t.Context(), "hazard.status", Scope{Place: county}, Days{"2026-11-02", "2026-11-07"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range days {
			got = append(got, fmt.Sprintf("%s %d", p.Day[8:], p.Figure.N))
		}
		if s := strings.Join(got, ", "); s != "02 1, 03 1, 04 1, 05 3, 06 3, 07 3" {
			t.Errorf("stock by day: %s", s)
		}
		if d := days[2].Figure.Dims; d["rectifying"] != 1 || d["ordered"] != 0 {
			t.Errorf("stock of 4 November: %v", d)
		}
		flow, err := f.ByDay(t.Context(), "hazard.reported", Scope{Place: county}, Days{"2026-11-01", "2026-11-06"})
		if err != nil || flow[0].Figure.N != 1 || flow[1].Figure.N != 0 || flow[4].Figure.N != 2 {
			t.Errorf("flow by day: %+v %v", flow, err)
		}
		regions, err := f.ByRegion(t.Context(), "hazard.reported", county, Days{"", "2026-11-30"})
		if err != nil || len(regions) != 2 || regions[0].Region != town1 || regions[1].Figure.N != 2 {
			t.Errorf("by town: %+v %v", regions, err)
		}
		regions, err = f.ByRegion(t.Context(), "hazard.rectification_rate", "cn/99/9901/", Days{"", "2026-11-30"})
		if err != nil || len(regions) != 1 || regions[0].Figure.Ratio.Num != 1 {
			t.Errorf("rate by county: %+v %v", regions, err)
		}
		if none, err := f.ByRegion(t.Context(), "hazard.reported", "cn/98/", Days{"", "2026-11-30"}); err != nil || len(none) != 0 {
			t.Errorf("of a province without entries: %v %v", none, err)
		}
		top, err := f.TopUnits(t.Context(), "hazard.reported", county, Days{"2026-11-05", "2026-11-05"}, 5)
		if err != nil || len(top) != 1 || top[0].Unit != "u2" || top[0].Figure.N != 2 {
			t.Errorf("units: %+v %v", top, err)
		}
	})
}

func TestCorrections(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		first := report(town1, "2026-11-01", "u1")
		first.ID = f.ids.New()
		f.record(t, first)
		f.step(t)
		fix := report(town2, "2026-11-02", "u2") // it was in the other town, a day later
		fix.ID, fix.Corrects = f.ids.New(), first.ID
		f.record(t, fix)
		f.step(t)
		check := func(when string, in1, in2, all int64) {
			t.Helper()
			for sc, want := range map[Scope]int64{{Place: town1}: in1, {Place: town2}: in2, {Place: county}: all, {Unit: "g1"}: all, {Unit: "u1"}: in1} {
				if got := f.n(t, "hazard.reported", sc, "", "2026-11-30"); got != want {
					t.Errorf("%s: %v has %d, want %d", when, sc, got, want)
				}
			}
		}
		check("after a correction", 0, 1, 1)
		again := report(town1, "2026-11-03", "u1") // the correction itself is corrected, in one batch with another
		again.Corrects = fix.ID
		late := report(town1, "2026-11-03", "u1") // a second correction of the first entry takes nothing back again
		late.Corrects = first.ID
		lost := report(town1, "2026-11-03", "u1") // one of an entry that is not there just counts
		lost.Corrects = "nothing"
		f.record(t, again, late, lost)
		f.step(t)
		check("after more corrections", 3, 0, 3)
	})
}

func TestNewIndicatorCountsThePast(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for range 3 {
			f.record(t, life()...)
		}
		f.step(t)
		f.record(t, report(town1, "2026-11-07", "u1")) // not yet seen by the reader
		in := Indicator{Key: "hazard.by_town", ZH: "各乡镇隐患", EN: "Hazards by town", Unit: quantity.Items, Op: Flow,
			Parts: []Part{{Kind: reported, Dim: "class"}}, ValidFrom: "2026-11-01"}
		if _, err := f.Add(actor.With(t.Context(), editor(county)), in); err != nil {
			t.Fatal(err)
		}
		fig, err := f.Figure(t.Context(), in.Key, Scope{Place: county}, Days{"", "2026-11-30"})
		if err != nil || fig.Complete {
			t.Errorf("before it is counted: %+v %v", fig, err)
		}
		if err := f.catchUpAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.step(t)
		fig, err = f.Figure(t.Context(), in.Key, Scope{Place: county}, Days{"", "2026-11-30"})
		if err != nil || !fig.Complete || fig.N != 4 {
			t.Errorf("afterwards: %+v %v", fig, err)
		}
		if err := f.Rebuild(t.Context(), "hazard.closed"); err != nil {
			t.Fatal(err)
		}
		if got := f.n(t, "hazard.closed", Scope{Place: county}, "", "2026-11-30"); got != 3 {
			t.Errorf("closed after counting anew: %d", got)
		}
		if err := f.Rebuild(t.Context(), "hazard.rectification_rate"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a ratio was counted anew: %v", err)
		}
	})
}

func editor(p place.Path) actor.Actor {
	return actor.Actor{ID: "editor", Grants: []actor.Grant{{Perms: []string{PermRead, rules.PermEdit},
		Scope: actor.Scope{Trunk: actor.Territory, Place: p}}}}
}

func TestAddRefuses(t *testing.T) {
	good := Indicator{Key: "x.one", ZH: "一", EN: "One", Unit: quantity.Items, Op: Flow, Parts: []Part{{Kind: reported}}}
	each(t, func(t *testing.T, f *fixture) {
		ctx := actor.With(t.Context(), editor(county))
		for _, tt := range []struct {
			name   string
			change func(in *Indicator)
			kind   errs.Kind
		}{
			{"good", func(*Indicator) {}, errs.None},
			{"the same key", func(*Indicator) {}, errs.Conflict},
			{"a key of blanks", func(in *Indicator) { in.Key = "x one" }, errs.Invalid},
			{"no name", func(in *Indicator) { in.EN = "" }, errs.Invalid},
			{"no unit", func(in *Indicator) { in.Unit = "metre" }, errs.Invalid},
			{"no parts", func(in *Indicator) { in.Parts = nil }, errs.Invalid},
			{"a part without kind", func(in *Indicator) { in.Parts = []Part{{}} }, errs.Invalid},
			{"two dims", func(in *Indicator) { in.Parts = []Part{{Kind: reported, Dim: "a", DimIs: "b"}} }, errs.Invalid},
			{"an empty choice", func(in *Indicator) { in.Parts = []Part{{Kind: reported, Where: map[string][]string{"a": nil}}} }, errs.Invalid},
			{"money as items", func(in *Indicator) { in.Parts = []Part{{Kind: reported, Sum: quantity.Fen}} }, errs.Invalid},
			{"no op", func(in *Indicator) { in.Op = "mean" }, errs.Invalid},
			{"a bad day", func(in *Indicator) { in.ValidFrom = "today" }, errs.Invalid},
			{"a flow of others", func(in *Indicator) { in.Num = []string{"hazard.closed"} }, errs.Invalid},
			{"a ratio of nothing", func(in *Indicator) { in.Op, in.Parts, in.Num = Ratio, nil, []string{"hazard.closed"} }, errs.Invalid},
			{"a ratio of stocks", func(in *Indicator) {
				in.Op, in.Parts, in.Num, in.Den = Ratio, nil, []string{"hazard.closed"}, []string{"hazard.status"}
			}, errs.Invalid},
			{"a sum of units", func(in *Indicator) { in.Op, in.Parts, in.Num = Sum, nil, []string{"hazard.closed", "hazard.fund"} }, errs.Invalid},
			{"a sum of itself", func(in *Indicator) { in.Op, in.Parts, in.Num = Sum, nil, []string{"x.two"} }, errs.Invalid},
			{"a sum", func(in *Indicator) {
				in.Key, in.Op, in.Parts, in.Num = "x.sum", Sum, nil, []string{"hazard.closed", "hazard.overdue"}
			}, errs.None},
		} {
			in := good
			if tt.name != "good" && tt.kind != errs.Conflict {
				in.Key = "x.two"
			}
			tt.change(&in)
			if _, err := f.Add(ctx, in); errs.KindOf(err) != tt.kind {
				t.Errorf("%s: %v, want kind %v", tt.name, err, tt.kind)
			}
		}
		for _, by := range []actor.Actor{editor(town1), editor(other)} {
			if _, err := f.Add(actor.With(t.Context(), by), good); errs.KindOf(err) != errs.Denied {
				t.Errorf("by %v: %v", by.Grants[0].Scope, err)
			}
		}
	})
}
