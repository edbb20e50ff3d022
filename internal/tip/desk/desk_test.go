// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/stats"
	"anlan/internal/tip"
	"anlan/internal/tip/desk"
	"anlan/internal/tip/tiptest"
)

// scene is a World with a desk and its operations.
type scene struct {
	*tiptest.World
	*hazardtest.Client
	stats *stats.Service
}

func each(t *testing.T, fn func(t *testing.T, s scene)) {
	t.Helper()
	dbtest.Each(t, append(tiptest.Migrations(), stats.Migrations()), func(t *testing.T, d *db.DB) { fn(t, open(t, d)) })
}

func open(t testing.TB, d *db.DB) scene {
	t.Helper()
	w := tiptest.Open(t, d)
	st := stats.New(stats.Config{DB: d, Ledger: w.Ledger, Now: w.Clock.Now, Org: w.Org, Home: w.Org.Home})
	must(t, st.Seed(t.Context()))
	service := desk.New(desk.Config{Tips: w.Tips, Stats: st})
	return scene{w, w.Serve(func(api huma.API) { desk.Mount(api, service); tip.Mount(api, w.Tips) }), st}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ids returns the tips that p is shown.
func (s scene) ids(t *testing.T, p *org.Person, query string) []string {
	t.Helper()
	a := s.Do(t, p, "GET", "/tips?"+query, nil)
	if a.Status != 200 {
		t.Fatalf("%s: %d %s", query, a.Status, a.Raw)
	}
	var out []string
	for _, i := range a.Body["items"].([]any) {
		out = append(out, i.(map[string]any)["id"].(string))
	}
	return out
}

func TestQueue(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		first := s.File(t, tiptest.Given{Unit: s.Firm, Class: tip.Illegal})
		second := s.File(t, tiptest.Given{})
		away := s.File(t, tiptest.Given{Place: hazardtest.County2, By: s.Clerk2})
		s.Act(t, s.Leader, second.ID, tip.Move{Action: tip.Assign, Person: s.Officer.ID})
		for _, c := range []struct {
			p     *org.Person
			query string
			want  []string
		}{
			{s.Leader, "", []string{second.ID, first.ID}}, {s.Leader, "sort=due", []string{first.ID, second.ID}},
			{s.Leader, "limit=1", []string{second.ID}}, {s.Leader, "class=illegal", []string{first.ID}}, {s.Leader, "source=letter", nil},
			{s.Officer, "mine=true", []string{second.ID}}, {s.Leader, "status=received,accepted", []string{second.ID, first.ID}},
			{s.Leader, "late=true", nil}, {s.Leader, "no=" + first.No, []string{first.ID}}, {s.Leader, "no=" + away.No, nil},
			{s.Leader, "below=true", nil}, {s.Leader, "office=" + s.Office2.ID, nil}, {s.CityLeader, "", nil},
			{s.CityLeader, "below=true", []string{away.ID, second.ID, first.ID}}, {s.CityLeader, "office=" + s.Office2.ID, []string{away.ID}},
			{s.Leader2, "", []string{away.ID}}, {s.Leader2, "below=true", nil},
		} {
			if got := s.ids(t, c.p, c.query); !slices.Equal(got, c.want) {
				t.Errorf("%s by %s: %v, want %v", c.query, c.p.Name, got, c.want)
			}
		}
		for _, p := range []*org.Person{s.Head, s.Worker, s.Safety} {
			if a := s.Do(t, p, "GET", "/tips", nil); a.Status != 403 {
				t.Errorf("%s sees a queue: %d %s", p.Name, a.Status, a.Raw)
			}
			if a := s.Do(t, p, "GET", "/tips/"+first.ID, nil); a.Status != 404 {
				t.Errorf("%s sees a tip: %d %s", p.Name, a.Status, a.Raw)
			}
		}
		s.Clock.Advance(20 * 24 * time.Hour)
		if got := s.ids(t, s.Leader, "late=true"); len(got) != 2 {
			t.Errorf("late: %v", got)
		}
	})
}

// TestPages walks over a queue and meets every tip once, in both orders.
func TestPages(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		var all []string
		for range 5 {
			all = append(all, s.File(t, tiptest.Given{}).ID)
		}
		for _, order := range []string{"newest", "due"} {
			want := slices.Clone(all)
			if order == "newest" {
				slices.Reverse(want)
			}
			var got []string
			for next := ""; ; {
				a := s.Do(t, s.Leader, "GET", "/tips?limit=2&sort="+order+"&cursor="+next, nil)
				for _, i := range a.Body["items"].([]any) {
					got = append(got, i.(map[string]any)["id"].(string))
				}
				if next = a.Text("next"); next == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", order, got, want)
			}
		}
	})
}

// TestOwnAreNotShown keeps from somebody's lists and hints what concerns their own.
func TestOwnAreNotShown(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		side := s.Person(t, s.Office, "兼职", "", "office_clerk")
		must(t, s.Join(t, side, s.Workshop, "", false))
		s.File(t, tiptest.Given{Unit: s.Firm})
		other := s.File(t, tiptest.Given{Unit: s.OtherFirm})
		if got := s.ids(t, side, ""); !slices.Equal(got, []string{other.ID}) {
			t.Errorf("sees %v", got)
		}
		a := s.Do(t, side, "GET", "/tips/alike?place="+string(hazardtest.Town)+"&class=major_hazard&unit_code="+s.Firm.Code, nil)
		for _, i := range a.Body["items"].([]any) {
			if i.(map[string]any)["unit_id"] == s.Firm.ID {
				t.Errorf("is told of %v", i)
			}
		}
	})
}

func TestAlike(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		same := s.File(t, tiptest.Given{Unit: s.Firm, Class: tip.Illegal})
		s.File(t, tiptest.Given{Unit: s.OtherFirm, Class: tip.Other, Place: hazardtest.Town2})
		there := s.File(t, tiptest.Given{})
		query := "/tips/alike?place=" + string(hazardtest.Town) + "&class=major_hazard"
		count := func(p *org.Person, query string) int {
			a := s.Do(t, p, "GET", query, nil)
			if a.Status != 200 {
				t.Fatalf("%d %s", a.Status, a.Raw)
			}
			return len(a.Body["items"].([]any))
		}
		if n := count(s.Clerk, query); n != 1 {
			t.Errorf("%d at the place", n)
		}
		if n := count(s.Clerk, query+"&unit_code="+s.Firm.Code); n != 2 {
			t.Errorf("%d at the place or of the unit", n)
		}
		town := s.Person(t, s.Office, "镇办", "", "town_clerk")
		if n := count(town, query); n != 0 {
			t.Errorf("who only types in is told of %d", n)
		}
		if a := s.Do(t, s.Head, "GET", query, nil); a.Status != 403 {
			t.Errorf("an enterprise is told: %d", a.Status)
		}
		s.Clock.Advance(40 * 24 * time.Hour)
		if n := count(s.Clerk, query); n != 0 {
			t.Errorf("%d after 40 days", n)
		}
		_, _ = same, there
	})
}

func TestDetail(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		got := s.File(t, tiptest.Given{Unit: s.Firm})
		a := s.Do(t, s.Leader, "GET", "/tips/"+got.No, nil)
		if a.Status != 200 || a.Text("case_recipient") != got.CaseRecipient || a.Body["may_open"] != true {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		steps := map[string]map[string]any{}
		for _, v := range a.Body["steps"].([]any) {
			step := v.(map[string]any)
			steps[step["action"].(string)] = step
		}
		if steps["accept"]["allowed"] != true || steps["urge"]["allowed"] != false {
			t.Errorf("%v", steps)
		}
		if why := steps["urge"]["why_not"].(map[string]any)["key"]; why != "tip.only_superior" {
			t.Errorf("urging is refused by %v", why)
		}
		clock := a.Body["clock"].(map[string]any)
		if clock["since"] != "received" || clock["from"] != "2027-06-07" || clock["source"] == "" || clock["n"] != 5.0 {
			t.Errorf("%v", clock)
		}
		a = s.Do(t, s.Officer, "GET", "/tips/"+got.ID, nil)
		if a.Body["may_open"] != false || a.Body["why_not_open"].(map[string]any)["key"] != "tip.only_officer" {
			t.Errorf("%s", a.Raw)
		}
		for _, secret := range []string{"envelope", "content", "sealed", "lookup"} {
			if bytes.Contains(a.Raw, []byte(`"`+secret+`":`)) {
				t.Errorf("the detail has %s", secret)
			}
		}
	})
}

// TestFigures counts without any text, and tells the public no small numbers.
func TestFigures(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		for i := range 12 {
			got := s.File(t, tiptest.Given{})
			s.Act(t, s.Leader, got.ID, tip.Move{Action: tip.Accept})
			if i < 2 {
				s.Act(t, s.Leader, got.ID, tip.Move{Action: tip.Assign, Person: s.Officer.ID})
				s.Act(t, s.Officer, got.ID, tip.Move{Action: tip.Answer, Conclusion: "verified", Contents: tip.Contents, Sealed: tiptest.Message(t)})
			}
		}
		s.count(t)
		fs, err := s.stats.Figures(t.Context(), []string{"tip.received", "tip.accepted", "tip.answered", "tip.answered_in_time", "tip.verified"},
			stats.Scope{Place: hazardtest.County}, stats.Days{From: "2027-01-01", To: "2027-12-31"})
		must(t, err)
		for i, want := range []int64{12, 12, 2, 2, 2} {
			if fs[i].N != want {
				t.Errorf("%s is %d, want %d", fs[i].Key, fs[i].N, want)
			}
		}
		a := s.Do(t, nil, "GET", "/public/tips/figures?year=2027", nil)
		if a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		var out struct {
			Items []struct {
				Key    string
				N      int64
				Hidden bool
			}
		}
		must(t, json.Unmarshal(a.Raw, &out))
		if out.Items[0].N != 12 || out.Items[0].Hidden || !out.Items[1].Hidden || out.Items[1].N != 0 {
			t.Errorf("%+v", out.Items)
		}
		if a := s.Do(t, nil, "GET", "/public/tips/figures?year=2099", nil); a.Key() != "tip.bad_year" {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
		if a := s.Do(t, s.Leader, "GET", "/tips?status=dancing", nil); a.Key() != "tip.bad_filter" {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
	})
}

// count lets the statistics catch up. On PostgreSQL a reader waits for the transactions of
// other tests.
func (s scene) count(t *testing.T) {
	t.Helper()
	for range 400 {
		_, err := s.Ledger.Step(t.Context(), s.stats.Reader())
		must(t, err)
		f, err := s.stats.Figures(t.Context(), []string{"tip.received"}, stats.Scope{Place: place.Nation}, stats.Days{To: "2027-12-31"})
		must(t, err)
		if f[0].N == 12 && s.caughtUp(t) {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("the statistics do not catch up")
}

func (s scene) caughtUp(t *testing.T) bool {
	n, err := s.Ledger.Step(context.WithoutCancel(t.Context()), s.stats.Reader())
	must(t, err)
	return n == 0
}
