// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"io/fs"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

const (
	province = place.Path("cn/99/")
	city     = place.Path("cn/99/9901/")
	county   = place.Path("cn/99/9901/990101/")
	town     = place.Path("cn/99/9901/990101/990101001/")
	other    = place.Path("cn/99/9901/990102/")
)

// fixture is a seeded Service whose clock the test moves.
type fixture struct {
	*Service
	db    *db.DB
	clock *clock.Manual
}

// each runs fn on both databases.
func each(t *testing.T, fn func(t *testing.T, f *fixture)) {
	t.Helper()
	dbtest.Each(t, []fs.FS{ledger.Migrations(), Migrations()}, func(t *testing.T, d *db.DB) { fn(t, newFixture(t, d)) })
}

func newFixture(t *testing.T, d *db.DB) *fixture {
	t.Helper()
	m := clock.NewManual(time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC))
	ids := id.NewSource(m.Now)
	l, err := ledger.Open(t.Context(), d, m.Now, ids)
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{DB: d, Ledger: l, Now: m.Now, IDs: ids, Home: func(context.Context) (place.Path, error) { return county, nil }})
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &fixture{s, d, m}
}

// editor may read and edit rules at p and below.
func editor(p place.Path) actor.Actor {
	return actor.Actor{ID: "editor", Grants: []actor.Grant{{Perms: []string{PermRead, PermEdit},
		Scope: actor.Scope{Trunk: actor.Territory, Place: p}}}}
}

func (f *fixture) add(t *testing.T, p place.Path, key, value string, from clock.Day) Rule {
	t.Helper()
	r, err := f.Add(actor.With(t.Context(), editor(place.Nation)), Rule{Key: key, Place: p, ValidFrom: from, Value: value, SourceDoc: "文件"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestResolve(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.add(t, province, "hazard.triage", `{"n":3,"kind":"working"}`, "2026-01-01")
		f.add(t, county, "hazard.triage", `{"n":2,"kind":"working"}`, "2026-03-01")
		newer := f.add(t, county, "hazard.triage", `{ "kind":"calendar", "n":4 }`, "2026-06-01")
		for _, tt := range []struct {
			at   place.Path
			on   clock.Day
			want Term
		}{
			{town, "2025-12-31", Term{1, WorkingDays}},
			{town, "2026-01-01", Term{3, WorkingDays}},
			{town, "2026-05-31", Term{2, WorkingDays}},
			{town, "2026-06-01", Term{4, CalendarDays}},
			{county, "2027-01-01", Term{4, CalendarDays}},
			{other, "2026-06-01", Term{3, WorkingDays}},
			{"cn/99/9901/9901010/", "2026-06-01", Term{3, WorkingDays}}, // a look-alike path
			{"cn/98/", "2026-06-01", Term{1, WorkingDays}},
		} {
			v, err := f.Resolve(t.Context(), "hazard.triage", tt.at, tt.on)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := v.Term(); err != nil || got != tt.want {
				t.Errorf("%s on %s: %v %v, want %v", tt.at, tt.on, got, err, tt.want)
			}
		}
		v, err := f.Resolve(t.Context(), "hazard.triage", town, "2026-06-01")
		if err != nil || v.RuleID != newer.ID || string(v.Raw) != `{"n":4,"kind":"calendar"}` || v.Place != county {
			t.Errorf("resolved %+v, %v", v, err)
		}
		if _, err := v.Number(); err == nil {
			t.Error("a term was read as a number")
		}
		if _, err := f.Resolve(t.Context(), "hazard.triage", town, "2014-12-31"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("before every rule: %v", err)
		}
		if _, err := f.Resolve(t.Context(), "hazard.triages", town, "2026-06-01"); errs.KeyOf(err) != "rules.unknown_key" {
			t.Errorf("unknown key: %v", err)
		}
	})
}

func TestPickAgainstNaive(t *testing.T) {
	places := []place.Path{place.Nation, province, city, county, town, other}
	days := []clock.Day{"2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"}
	rapid.Check(t, func(t *rapid.T) {
		var rules []Rule
		for i := range rapid.IntRange(0, 12).Draw(t, "rules") {
			rules = append(rules, Rule{ID: string(rune('a' + i)), Place: rapid.SampledFrom(places).Draw(t, "place"),
				ValidFrom: rapid.SampledFrom(days).Draw(t, "from"), ValidTo: rapid.SampledFrom(append(days, "", "")).Draw(t, "to")})
		}
		at, on := rapid.SampledFrom(places).Draw(t, "at"), rapid.SampledFrom(days).Draw(t, "on")
		got, ok := pick(rules, at, on)
		for _, r := range rules {
			if !r.Place.Contains(at) || !r.HoldsOn(on) {
				continue
			}
			if !ok || len(r.Place) > len(got.Place) || len(r.Place) == len(got.Place) && r.ValidFrom > got.ValidFrom {
				t.Fatalf("picked %+v, but %+v goes before", got, r)
			}
		}
		if ok && (!got.Place.Contains(at) || !got.HoldsOn(on)) {
			t.Fatalf("picked %+v, which does not apply", got)
		}
	})
}

func TestAddAndEnd(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := actor.With(t.Context(), editor(county))
		good := Rule{Key: "hazard.accept", Place: county, ValidFrom: "2026-12-01", Value: `{"n":3,"kind":"working"}`, SourceDoc: "示范县规定"}
		for _, tt := range []struct {
			name   string
			change func(r *Rule)
			kind   errs.Kind
		}{
			{"good", func(*Rule) {}, errs.None},
			{"the same again", func(*Rule) {}, errs.Conflict},
			{"above the editor's place", func(r *Rule) { r.Place = city }, errs.Denied},
			{"a neighbour's place", func(r *Rule) { r.Place = other }, errs.Denied},
			{"no place", func(r *Rule) { r.Place = "" }, errs.Denied},
			{"no such key", func(r *Rule) { r.Key = "hazard.nothing" }, errs.Invalid},
			{"no such day", func(r *Rule) { r.ValidFrom = "2026-02-30" }, errs.Invalid},
			{"ends before it begins", func(r *Rule) { r.ValidTo = "2026-11-30" }, errs.Invalid},
			{"no source", func(r *Rule) { r.SourceDoc = "" }, errs.Invalid},
			{"no days", func(r *Rule) { r.Value = `{"n":0,"kind":"working"}` }, errs.Invalid},
			{"another kind of days", func(r *Rule) { r.Value = `{"n":3,"kind":"lunar"}` }, errs.Invalid},
			{"one member too many", func(r *Rule) { r.Value = `{"n":3,"kind":"working","x":1}` }, errs.Invalid},
			{"two values", func(r *Rule) { r.Value = `{"n":3,"kind":"working"} 1` }, errs.Invalid},
			{"a number for a term", func(r *Rule) { r.Value = `3` }, errs.Invalid},
			{"a list that falls", func(r *Rule) { r.Key, r.Value = "hazard.reminders", `[7,3,1]` }, errs.Invalid},
			{"an empty list", func(r *Rule) { r.Key, r.Value = "hazard.reminders", `[]` }, errs.Invalid},
			{"a list", func(r *Rule) { r.Key, r.Value = "hazard.reminders", `[1,2,5]` }, errs.None},
			{"a share over the whole", func(r *Rule) { r.Key, r.Value = "hazard.recheck_share", `101` }, errs.Invalid},
			{"null", func(r *Rule) { r.Key, r.Value = "hazard.recheck_share", `null` }, errs.Invalid},
			{"points without a reason", func(r *Rule) { r.Key, r.Value = "staff.points", `true` }, errs.Invalid},
			{"points with a reason", func(r *Rule) { r.Key, r.Value, r.Note = "staff.points", `true`, "应急演练需要" }, errs.None},
		} {
			r := good
			tt.change(&r)
			if _, err := f.Add(ctx, r); errs.KindOf(err) != tt.kind {
				t.Errorf("%s: %v, want kind %v", tt.name, err, tt.kind)
			}
		}
		f.endTests(t, ctx)
	})
}

func (f *fixture) endTests(t *testing.T, ctx context.Context) {
	r := f.add(t, county, "tip.accept", `{"n":3,"kind":"working"}`, "2026-10-01")
	builtin, err := f.Resolve(ctx, "tip.accept", other, "2026-10-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		by      actor.Actor
		id      string
		last    clock.Day
		version int
		kind    errs.Kind
	}{
		{"by a neighbour", editor(other), r.ID, "2026-11-30", 1, errs.Denied},
		{"by nobody", actor.Actor{}, r.ID, "2026-11-30", 1, errs.Unauthenticated},
		{"a stale version", editor(county), r.ID, "2026-11-30", 7, errs.Conflict},
		{"long before it begins", editor(county), r.ID, "2026-09-29", 1, errs.Invalid},
		{"no day", editor(county), r.ID, "soon", 1, errs.Invalid},
		{"no rule", editor(county), "none", "2026-11-30", 1, errs.NotFound},
		{"a default of the program", editor(place.Nation), builtin.RuleID, "2026-11-30", 1, errs.Conflict},
		{"good", editor(county), r.ID, "2026-11-30", 1, errs.None},
		{"taken back", editor(county), r.ID, "2026-09-30", 2, errs.None},
	} {
		if _, err := f.End(actor.With(t.Context(), tt.by), tt.id, tt.last, tt.version); errs.KindOf(err) != tt.kind {
			t.Errorf("end %s: %v, want kind %v", tt.name, err, tt.kind)
		}
	}
	if v, err := f.Resolve(ctx, "tip.accept", county, "2026-10-05"); err != nil || v.RuleID != builtin.RuleID {
		t.Errorf("after taking back: %+v %v", v, err)
	}
	f.add(t, county, "tip.accept", `{"n":4,"kind":"working"}`, "2026-10-01") // the day is free again
	if _, err := f.End(ctx, r.ID, "2026-12-31", 3); errs.KeyOf(err) != "rules.exists" {
		t.Errorf("two rules of one day: %v", err)
	}
}

func TestSeedIsIdempotent(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		before, err := allRules(t.Context(), f.db.Read())
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		after, err := allRules(t.Context(), f.db.Read())
		if err != nil || len(after) != len(before) || len(after) < len(keys) {
			t.Errorf("%d rules, then %d (%v); there are %d keys", len(before), len(after), err, len(keys))
		}
		for _, r := range after {
			if text, bad := keys[r.Key].canonical([]byte(r.Value)); len(bad) > 0 || text != r.Value {
				t.Errorf("default of %s: %s %v", r.Key, r.Value, bad)
			}
			if r.SourceDoc == "" || r.sourceEN() == "" || keys[r.Key].EN == "" || keys[r.Key].ZH == "" {
				t.Errorf("%s has no source or name", r.Key)
			}
		}
	})
}

func TestDeadline(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		start := at(t, "2026-11-20 09:00") // Friday
		d, err := f.Deadline(t.Context(), "hazard.triage", town, start)
		if err != nil || d.Last != "2026-11-23" || d.RuleID == "" {
			t.Errorf("%+v %v", d, err)
		}
		// Paused since Friday and still now, on Tuesday: the days up to now do not count.
		d, err = f.Deadline(t.Context(), "hazard.triage", town, start, Pause{From: start})
		if err != nil || d.Last != "2026-11-25" {
			t.Errorf("with an open pause: %+v %v", d, err)
		}
		// The rule of the start's day holds, also when it changes on the way.
		f.add(t, county, "hazard.triage", `{"n":9,"kind":"calendar"}`, "2026-11-21")
		if d, err = f.Deadline(t.Context(), "hazard.triage", town, start); err != nil || d.Last != "2026-11-23" {
			t.Errorf("with a newer rule: %+v %v", d, err)
		}
		if _, err = f.Deadline(t.Context(), "hazard.reminders", town, start); err == nil {
			t.Error("a list made a deadline")
		}
	})
}

// TestOtherProcess changes rules in one service and reads them in another.
func TestOtherProcess(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		second := New(Config{DB: f.db, Now: f.clock.Now})
		days := func() Term {
			v, err := second.Resolve(t.Context(), "hazard.accept", county, "2026-11-24")
			if err != nil {
				t.Fatal(err)
			}
			term, err := v.Term()
			if err != nil {
				t.Fatal(err)
			}
			return term
		}
		if got := days(); got.N != 5 {
			t.Fatalf("before: %v", got)
		}
		f.add(t, county, "hazard.accept", `{"n":8,"kind":"working"}`, "2026-01-01")
		f.clock.Advance(recheckAfter)
		if got := days(); got.N != 8 {
			t.Errorf("after: %v", got)
		}
		f.clock.Advance(recheckAfter) // nothing changed: the snapshot stays
		if got := days(); got.N != 8 {
			t.Errorf("later: %v", got)
		}
	})
}

func TestList(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.add(t, province, "hazard.triage", `{"n":3,"kind":"working"}`, "2026-01-01")
		f.add(t, county, "hazard.triage", `{"n":2,"kind":"working"}`, "2026-03-01")
		f.add(t, other, "hazard.triage", `{"n":2,"kind":"working"}`, "2026-03-01")
		ctx := actor.With(t.Context(), editor(county))
		seen := map[place.Path]int{}
		n := 0
		for cursor := ""; ; n++ {
			p, err := f.List(ctx, Filter{Key: "hazard.triage"}, cursor, 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Items {
				seen[r.Place]++
			}
			if cursor = p.Next; cursor == "" {
				break
			}
		}
		if seen[county] != 1 || seen[province] != 1 || seen[place.Nation] != 1 || seen[other] != 0 {
			t.Errorf("saw %v in %d pages", seen, n+1)
		}
		if p, err := f.List(ctx, Filter{Key: "hazard.triage", On: "2026-02-01"}, "", 50); err != nil || len(p.Items) != 2 {
			t.Errorf("on a day: %v %v", p.Items, err)
		}
		if _, err := f.List(ctx, Filter{}, "forged", 50); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a forged cursor: %v", err)
		}
		if _, err := f.List(actor.With(t.Context(), actor.Actor{ID: "x"}), Filter{}, "", 50); errs.KindOf(err) != errs.Denied {
			t.Errorf("without a grant: %v", err)
		}
	})
}

func TestEveryChangeIsInTheLedger(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := actor.With(t.Context(), editor(county))
		r := f.add(t, county, "hazard.accept", `{"n":8,"kind":"working"}`, "2026-01-01")
		if _, err := f.End(ctx, r.ID, "2026-12-31", 1); err != nil {
			t.Fatal(err)
		}
		if _, err := f.ImportYear(ctx, Notice{Year: 2027, Text: notice2027, SourceDoc: "通知"}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.SaveStandard(ctx, Standard{ID: "sfx-1-2027", Title: "示范县判定标准"}); err != nil {
			t.Fatal(err)
		}
		if err := f.AddClauses(ctx, "sfx-1-2027", []Clause{{No: "第一条", Text: "文"}}); err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		reader := ledger.Reader{Name: "test", Handle: ledger.Each(func(_ context.Context, _ db.Tx, e ledger.Entry) error {
			got[e.Kind]++
			return nil
		})}
		// PostgreSQL shows entries once every older transaction of the server has ended.
		for left := 5; left > 0; time.Sleep(time.Millisecond) {
			n, err := f.ledger.Step(t.Context(), reader)
			if err != nil {
				t.Fatal(err)
			}
			left -= n
		}
		for kind, want := range map[string]int{"rules.changed.v1": 2, "rules.calendar_imported.v1": 1, "rules.standard_saved.v1": 1, "rules.clauses_added.v1": 1} {
			if got[kind] != want {
				t.Errorf("%d entries of %s, want %d", got[kind], kind, want)
			}
		}
	})
}
