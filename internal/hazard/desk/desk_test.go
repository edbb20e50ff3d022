// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/hazard"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/blob"
	"anlan/internal/platform/jobs"
)

// scene is a World with a desk and its operations.
type scene struct {
	*hazardtest.World
	*hazardtest.Client
	desk *Service
}

func each(t *testing.T, fn func(t *testing.T, s scene)) {
	t.Helper()
	hazardtest.Each(t, func(t *testing.T, w *hazardtest.World) {
		if err := jobs.Migrate(t.Context(), w.DB); err != nil {
			t.Fatal(err)
		}
		queue, err := jobs.New(jobs.Config{DB: w.DB, Now: w.Clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		blobs, err := blob.Open(t.Context(), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		d := New(Config{Hazards: w.Service, Blobs: blobs, Queue: queue})
		mount := func(api huma.API) { hazard.Mount(api, w.Service); Mount(api, d) }
		fn(t, scene{w, w.Serve(mount), d})
	})
}

// report brings in a hazard as p, nil for the public, and returns its id.
func (s scene) report(t *testing.T, p *org.Person, r hazard.Report) string {
	t.Helper()
	ctx := t.Context()
	if p != nil {
		ctx = s.As(t, p)
	}
	if r.Words == "" {
		r.Words = "消防通道被杂物堵塞"
	}
	if r.Place == "" && r.UnitCode == "" && r.Unit == "" {
		r.Place = hazardtest.Town
	}
	if r.Class == "" {
		r.Class = "environment"
	}
	got, err := s.Report(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	return got.ID
}

func (s scene) act(t *testing.T, p *org.Person, id string, m hazard.Move) {
	t.Helper()
	h, err := s.Hazard(s.Operator, id)
	if err != nil {
		t.Fatal(err)
	}
	m.Version = h.Version
	if _, err := s.Act(s.As(t, p), id, m); err != nil {
		t.Fatalf("%s: %v", m.Action, err)
	}
}

func (s scene) triage(t *testing.T, id string) {
	t.Helper()
	s.act(t, s.Clerk, id, hazard.Move{Action: hazard.Triage, Grade: hazard.General, Class: "environment"})
}

func (s scene) order(t *testing.T, id string) {
	t.Helper()
	s.triage(t, id)
	s.act(t, s.Clerk, id, hazard.Move{Action: hazard.Order, Order: &hazard.RectificationPlan{OwnerUnit: s.Firm.ID, OwnerPerson: s.Head.ID,
		Measures: "=HYPERLINK(1)", Fen: 12345, MoneySource: "自筹", Deadline: "2027-06-21", Interim: "看守", Emergency: "撤离"}})
}

// index lets the search index catch up. On PostgreSQL a reader waits for the transactions
// of other tests.
func (s scene) index(t *testing.T) {
	t.Helper()
	for range 400 {
		if _, err := s.Ledger.Step(t.Context(), s.desk.Readers()[0]); err != nil {
			t.Fatal(err)
		}
		var behind int
		err := s.DB.Read().NewRaw(`SELECT count(*) FROM ledger_entry WHERE kind IN ('hazard.reported.v1', 'hazard.moved.v1')
			AND seq > (SELECT seq FROM ledger_cursor WHERE reader = 'hazard-search')`).Scan(t.Context(), &behind)
		if err != nil {
			t.Fatal(err)
		}
		if behind == 0 {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("the index does not catch up")
}

// listed returns the ids that p sees, page by page of two.
func (s scene) listed(t *testing.T, p *org.Person, f Filter) []string {
	t.Helper()
	var ids []string
	for at := ""; ; {
		page, err := s.desk.List(s.As(t, p), f, at, 2)
		if err != nil {
			t.Fatalf("%+v: %v", f, err)
		}
		for _, h := range page.Items {
			ids = append(ids, h.ID)
		}
		if at = page.Next; at == "" {
			return ids
		}
	}
}

func TestListsShowWhatOneMaySee(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		town := s.report(t, nil, hazard.Report{})
		firm := s.report(t, nil, hazard.Report{UnitCode: s.Firm.Code})
		other := s.report(t, nil, hazard.Report{UnitCode: s.OtherFirm.Code})
		next := s.report(t, nil, hazard.Report{Place: hazardtest.County2})
		own := s.report(t, s.Worker, hazard.Report{Unit: s.Firm.ID})
		shop := s.report(t, nil, hazard.Report{UnitCode: s.Workshop.Code})
		moved := s.report(t, nil, hazard.Report{Place: hazardtest.County2})
		s.act(t, s.Clerk2, moved, hazard.Move{Action: hazard.Transfer, Words: "属示范县", ToUnit: s.Office.ID})

		hazchem := s.Person(t, s.Department, "危化股", "", "viewer") // of the whole county
		both := s.Person(t, s.Firm, "两处", "", "unit_head")
		for _, tt := range []struct {
			who  *org.Person
			f    Filter
			want []string
		}{
			{s.Clerk, Filter{}, []string{shop, own, other, firm, town}},
			{s.CityClerk, Filter{}, []string{moved, shop, own, next, other, firm, town}},
			{s.Clerk2, Filter{}, []string{moved, next}},
			{s.Head, Filter{}, []string{shop, own, firm}},
			{s.OtherHead, Filter{}, []string{other}},
			{s.Worker, Filter{}, []string{own}},
			{hazchem, Filter{}, []string{shop, own, other, firm, town}},
			{both, Filter{Unit: s.Workshop.ID}, []string{shop}},
			{s.Clerk, Filter{Place: hazardtest.Town2}, []string{other}},
			{s.Clerk, Filter{Place: hazardtest.Province}, []string{shop, own, other, firm, town}},
			{s.Clerk, Filter{Place: hazardtest.County2}, nil},
			{s.CityClerk, Filter{Place: hazardtest.County2}, []string{moved, next}},
			{s.Clerk, Filter{Unit: s.Firm.ID}, []string{shop, own, firm}},
			{s.Head, Filter{Unit: s.OtherFirm.ID}, nil},
			{s.Clerk, Filter{Unit: "nobody"}, nil},
			{s.Clerk, Filter{Handler: s.Office.ID}, []string{moved, shop, other, firm, town}},
			{s.Clerk, Filter{Line: "hazchem"}, []string{shop, own, firm}},
			{s.Clerk, Filter{Source: "self"}, []string{own}},
			{s.Clerk, Filter{Status: []hazard.Status{hazard.Transferred}}, nil},
			{s.CityClerk, Filter{Status: []hazard.Status{hazard.Transferred, hazard.Closed}}, []string{moved}},
			{s.CityClerk, Filter{Status: []hazard.Status{hazard.Transferred}}, []string{moved}},
			{s.Worker, Filter{Mine: true}, []string{own}},
			{s.Clerk, Filter{From: "2027-06-08"}, nil},
			{s.Clerk, Filter{From: "2027-06-07", To: "2027-06-07", Open: true}, []string{shop, own, other, firm, town}},
		} {
			if got := s.listed(t, tt.who, tt.f); !slices.Equal(got, tt.want) {
				t.Errorf("%s, %+v: %v, want %v", tt.who.Name, tt.f, got, tt.want)
			}
		}
		if p, err := s.desk.List(context.Background(), Filter{}, "", 10); err != nil || len(p.Items) != 0 {
			t.Errorf("the public lists %d hazards, %v", len(p.Items), err)
		}
		for _, bad := range []Filter{{Status: []hazard.Status{"x"}}, {Place: "zz/"}, {From: "June"}, {Sort: "worst"}, {Sort: ByDue, Words: "通道"}} {
			if _, err := s.desk.List(s.As(t, s.Clerk), bad, "", 10); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%+v: %v, want Invalid", bad, err)
			}
		}
		if _, err := s.desk.List(s.As(t, s.Clerk), Filter{}, "forged", 10); errs.KeyOf(err) != "page.bad_cursor" {
			t.Errorf("a forged cursor: %v", err)
		}
	})
}

func TestSortedByDue(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		rejected := s.report(t, nil, hazard.Report{})
		s.act(t, s.Clerk, rejected, hazard.Move{Action: hazard.Reject, Reason: "untrue", Words: "查无此事"})
		later := s.report(t, nil, hazard.Report{UnitCode: s.Firm.Code})
		s.order(t, later)
		soon := s.report(t, nil, hazard.Report{})
		soon2 := s.report(t, nil, hazard.Report{})
		if got, want := s.listed(t, s.Clerk, Filter{Sort: ByDue}), []string{soon, soon2, later}; !slices.Equal(got, want) {
			t.Errorf("by due: %v, want %v", got, want)
		}
		s.Clock.Set(time.Date(2027, 6, 22, 1, 0, 0, 0, time.UTC))
		if _, err := s.Service().Overdue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, want := s.listed(t, s.Clerk, Filter{Overdue: true}), []string{later}; !slices.Equal(got, want) {
			t.Errorf("overdue: %v, want %v", got, want)
		}
	})
}

// Service returns the service of hazards: two of the embedded types have one.
func (s scene) Service() *hazard.Service { return s.World.Service }

func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		a := s.report(t, nil, hazard.Report{Words: "配电箱线路老化，无人值守"})
		b := s.report(t, nil, hazard.Report{Words: "消防通道堆放配电柜", Spot: "二号楼"})
		c := s.report(t, nil, hazard.Report{Words: "消防通道畅通标识脱落", UnitCode: s.OtherFirm.Code})
		next := s.report(t, nil, hazard.Report{Words: "配电房漏水", Place: hazardtest.County2})
		s.index(t)
		h, err := s.Hazard(s.Operator, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			who   *org.Person
			words string
			want  []string
		}{
			{s.Clerk, "配电", []string{b, a}}, {s.CityClerk, "配电", []string{next, b, a}}, {s.Clerk, "消防 通道", []string{c, b}},
			{s.Clerk, "二号", []string{b}}, {s.Clerk, "河口建材", []string{c}}, {s.Clerk, "没有", nil}, {s.Clerk, `" OR "`, nil},
			{s.Clerk, h.No(), []string{c}}, {s.Clerk, strings.ToLower(h.No()), []string{c}}, {s.Head, h.No(), nil}, {s.OtherHead, "通道", []string{c}},
		} {
			if got := s.listed(t, tt.who, Filter{Words: tt.words}); !slices.Equal(got, tt.want) {
				t.Errorf("%s searches %q: %v, want %v", tt.who.Name, tt.words, got, tt.want)
			}
		}
		s.order(t, a) // now it is the firm's
		s.index(t)
		if got := s.listed(t, s.Clerk, Filter{Words: "恒源"}); !slices.Equal(got, []string{a}) {
			t.Errorf("by the name of a unit given at the order: %v", got)
		}
	})
}

func TestInbox(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		calm := s.report(t, nil, hazard.Report{})
		ordered := s.report(t, nil, hazard.Report{UnitCode: s.Firm.Code})
		s.order(t, ordered)
		danger := s.report(t, nil, hazard.Report{Danger: true})
		own := s.report(t, s.Worker, hazard.Report{Unit: s.Firm.ID})
		s.report(t, nil, hazard.Report{Place: hazardtest.County2})
		mine := s.report(t, s.Officer, hazard.Report{})
		box := func(p *org.Person) (ids []string, in *Inbox) {
			at := ""
			for {
				got, err := s.desk.Inbox(s.As(t, p), WaitFilter{}, at, 2)
				if err != nil {
					t.Fatal(err)
				}
				if at == "" {
					in = got
				}
				for _, w := range got.Page.Items {
					ids = append(ids, w.ID)
					if len(w.Steps) == 0 || w.Clock == nil || w.Clock.Rule == "" {
						t.Errorf("%s: %+v has no step or clock", p.Name, w)
					}
				}
				if at = got.Page.Next; at == "" {
					return ids, in
				}
			}
		}
		for _, tt := range []struct {
			who    *org.Person
			want   []string
			counts string
		}{
			{s.Clerk, []string{danger, calm, mine}, "map[reported:3]"},
			{s.Head, []string{own, ordered}, "map[ordered:1 reported:1]"},
			{s.Worker, nil, "map[]"},
			{s.OtherHead, nil, "map[]"},
		} {
			ids, in := box(tt.who)
			if !slices.Equal(ids, tt.want) || fmt.Sprint(in.Counts) != tt.counts {
				t.Errorf("%s: %v %v, want %v %s", tt.who.Name, ids, in.Counts, tt.want, tt.counts)
			}
		}
		// Who reported does not find the acceptance in the inbox: it is somebody else's step.
		s.act(t, s.Clerk, mine, hazard.Move{Action: hazard.Triage, Grade: hazard.General, Class: "environment"})
		s.act(t, s.Leader, mine, hazard.Move{Action: hazard.FixOnSpot, Words: "当场整改", Before: refs(s.Photo(t, t.Context())), After: refs(s.Photo(t, t.Context()))})
		s.act(t, s.Leader, mine, hazard.Move{Action: hazard.Submit, Words: "请验收"})
		if ids, _ := box(s.Leader); slices.Contains(ids, mine) {
			t.Errorf("the rectifier is asked to accept: %v", ids)
		}
		if ids, _ := box(s.Clerk); !slices.Contains(ids, mine) {
			t.Errorf("nobody is asked to accept: %v", ids)
		}
		a := s.Do(t, s.Clerk, http.MethodGet, "/inbox?limit=10", nil)
		first := a.Body["items"].([]any)[0].(map[string]any)
		if a.Status != http.StatusOK || first["id"] != danger || first["clock"].(map[string]any)["explain"] != "hazard.clock_now" {
			t.Errorf("inbox: %d %s", a.Status, a.Raw)
		}
	})
}

// TestInboxNarrowed chooses one status, or one state of the clock.
func TestInboxNarrowed(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		late := s.report(t, nil, hazard.Report{Danger: true})
		s.Clock.Advance(96 * time.Hour) // the term of triage is over
		fresh, triaged := s.report(t, nil, hazard.Report{}), s.report(t, nil, hazard.Report{})
		s.act(t, s.Clerk, triaged, hazard.Move{Action: hazard.Triage, Grade: hazard.General, Class: "environment"})
		for _, tt := range []struct {
			query string
			want  []string
		}{
			{"", []string{late, fresh, triaged}},
			{"?status=reported", []string{late, fresh}},
			{"?clock=late", []string{late}},
			{"?clock=today", nil},
			{"?clock=later", []string{fresh, triaged}},
			{"?clock=later&status=triaged", []string{triaged}},
		} {
			a := s.Do(t, s.Clerk, http.MethodGet, "/inbox"+tt.query, nil)
			var ids []string
			for _, one := range a.Body["items"].([]any) {
				ids = append(ids, one.(map[string]any)["id"].(string))
			}
			if !slices.Equal(ids, tt.want) || fmt.Sprint(a.Body["clocks"]) != "map[late:1 later:2 today:0]" {
				t.Errorf("%q: %v, want %v; %v", tt.query, ids, tt.want, a.Body["clocks"])
			}
		}
		for _, wrong := range []string{"?status=lost", "?clock=never"} {
			if a := s.Do(t, s.Clerk, http.MethodGet, "/inbox"+wrong, nil); a.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d %s", wrong, a.Status, a.Raw)
			}
		}
	})
}

func TestAreas(t *testing.T) {
	f := Filter{Place: place.Path("cn/99/9901/990101/990101001/")}
	if got := f.cut(area{place: hazardtest.County}); len(got) != 1 || got[0].place != f.Place {
		t.Errorf("a place in the scope: %v", got)
	}
	if got := f.cut(area{place: hazardtest.Town2}); got != nil {
		t.Errorf("a place beside the scope: %v", got)
	}
}
