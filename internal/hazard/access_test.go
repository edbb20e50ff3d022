// SPDX-License-Identifier: Apache-2.0

package hazard_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/hazard"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/org"
)

// TestLedgerPlacesEvidence: whoever reads the ledger where a hazard lies learns of its
// pictures; others do not.
func TestLedgerPlacesEvidence(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		reads := s.Serve(func(api huma.API) { ledger.Mount(api, s.Ledger, s.Org) })
		id := s.reported(t, nil, body{"unit_code": s.Firm.Code, "evidence": s.publicPhotos(t, 1)})
		s.step(t, s.Clerk, id, "triage", general, hazard.Triaged)
		s.step(t, s.Clerk, id, "order", s.order(nil), hazard.Ordered)
		s.step(t, s.Safety, id, "start", nil, hazard.Rectifying)
		s.step(t, s.Safety, id, "submit", body{"words": "已清除并更换", "after": s.photos(t, s.Safety, 1)}, hazard.Accepting)
		for _, tt := range []struct {
			who  *org.Person
			want int
		}{{s.Clerk, 2}, {s.CityClerk, 2}, {s.Clerk2, 0}} {
			a := reads.Do(t, tt.who, http.MethodGet, "/ledger?kind=evidence.attached.v1&subject=hazard:"+id, nil)
			items, _ := a.Body["items"].([]any)
			if a.Status != http.StatusOK || len(items) != tt.want {
				t.Errorf("%s sees %d entries, want %d: %s", tt.who.Name, len(items), tt.want, a.Raw)
			}
			for _, item := range items {
				if e := item.(body); e["place"] != string(hazardtest.Town) || e["unit"] != s.Firm.ID {
					t.Errorf("entry %v", e)
				}
			}
		}
	})
}

// TestOthersSeeNothing: rows one may not see are not there.
func TestOthersSeeNothing(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		id := s.ordered(t)
		for _, p := range []struct {
			name string
			as   func() hazardtest.Answer
		}{
			{"the next county's clerk reads", func() hazardtest.Answer { return s.Do(t, s.Clerk2, http.MethodGet, "/hazards/"+id, nil) }},
			{"the next county's clerk acts", func() hazardtest.Answer { return s.try(t, s.Clerk2, id, "stop", nil) }},
			{"another firm reads", func() hazardtest.Answer { return s.Do(t, s.OtherHead, http.MethodGet, "/hazards/"+id, nil) }},
			{"a worker reads what they did not report", func() hazardtest.Answer { return s.Do(t, s.Worker, http.MethodGet, "/hazards/"+id, nil) }},
			{"the next county's clerk reveals", func() hazardtest.Answer {
				return s.Do(t, s.Clerk2, http.MethodPost, "/hazards/"+id+"/reveal", body{"reason": "好奇"})
			}},
			{"a forged id", func() hazardtest.Answer {
				return s.Do(t, s.Clerk, http.MethodGet, "/hazards/01jzzzzzzzzzzzzzzzzzzzzzzz", nil)
			}},
			{"a number with the wrong day", func() hazardtest.Answer { return s.Do(t, s.Clerk, http.MethodGet, "/hazards/AH2706060001", nil) }},
		} {
			if a := p.as(); a.Status != http.StatusNotFound || a.Key() != "hazard.not_found" {
				t.Errorf("%s: %d %s", p.name, a.Status, a.Raw)
			}
		}
		if a := s.Do(t, nil, http.MethodGet, "/hazards/"+id, nil); a.Status != http.StatusUnauthorized {
			t.Errorf("the public: %d %s", a.Status, a.Raw)
		}
		for subject, want := range map[string]errs.Kind{"hazard:" + id: errs.None, "tip:" + id: errs.NotFound} {
			if err := s.MayView(s.As(t, s.Clerk), subject); errs.KindOf(err) != want {
				t.Errorf("MayView(%s): %v", subject, err)
			}
		}
		if err := s.MayView(s.As(t, s.Clerk2), "hazard:"+id); errs.KindOf(err) != errs.NotFound {
			t.Errorf("MayView by another county: %v", err)
		}
		own := s.reported(t, s.Worker, body{"unit_id": s.Firm.ID})
		if a := s.Do(t, s.Worker, http.MethodGet, "/hazards/"+own, nil); a.Status != http.StatusOK {
			t.Errorf("a worker's own report: %d %s", a.Status, a.Raw)
		}
	})
}

func TestStaleAndRepeated(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		id := s.reported(t, nil, nil)
		triage := body{"action": "triage", "version": 1}
		maps.Copy(triage, general)
		path, key := "/hazards/"+id+"/steps", []string{"Idempotency-Key", "abcdefghij-0123456789"}
		first := s.Do(t, s.Clerk, http.MethodPost, path, triage, key...)
		again := s.Do(t, s.Clerk, http.MethodPost, path, triage, key...)
		if first.Status != http.StatusOK || again.Status != http.StatusOK || again.Version() != 2 {
			t.Errorf("a repeat: %d %s, then %d %s", first.Status, first.Raw, again.Status, again.Raw)
		}
		if a := s.Do(t, s.Officer, http.MethodPost, path, triage, key...); a.Status != http.StatusConflict || a.Key() != "hazard.changed" {
			t.Errorf("a stale version under another's key: %d %s", a.Status, a.Raw)
		}
		if a := s.Do(t, s.Clerk, http.MethodPost, path, triage, "Idempotency-Key", "short"); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a bad key: %d %s", a.Status, a.Raw)
		}
		if n := len(s.Entries(t, "hazard.moved.v1")); n != 1 {
			t.Errorf("%d steps in the ledger, want 1", n)
		}
		for _, bad := range []body{{"action": "explode", "version": 2}, {"action": "stop"}, {"version": 2}} {
			if a := s.Do(t, s.Clerk, http.MethodPost, path, bad); a.Status < 400 || a.Status >= 500 {
				t.Errorf("%v: %d %s", bad, a.Status, a.Raw)
			}
		}
	})
}

// TestTwoAtOnce lets several people take the same step: one wins, the others learn that the
// hazard has changed.
func TestTwoAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		id := s.reported(t, nil, nil)
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 6 {
			ctx := s.As(t, s.Clerk)
			wg.Go(func() {
				_, err := s.Act(ctx, id, hazard.Move{Action: hazard.Triage, Version: 1, Grade: hazard.General, Class: "environment"})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if errs.KeyOf(err) != "hazard.changed" {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d of 6 took the step", won)
		}
		if n := len(s.Entries(t, "hazard.moved.v1")); n != 1 {
			t.Errorf("%d steps in the ledger, want 1", n)
		}
	})
}

func TestReveal(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		id := s.reported(t, nil, body{"contact": body{"name": "王群众", "phone": "13800000000"}, "position": body{"lat": 30.5, "lng": 114.3, "accuracy": 12}})
		detail := s.Do(t, s.Clerk, http.MethodGet, "/hazards/"+id, nil)
		if detail.Body["has_contact"] != true || strings.Contains(string(detail.Raw), "13800000000") {
			t.Errorf("detail: %s", detail.Raw)
		}
		if a := s.Do(t, s.Clerk, http.MethodPost, "/hazards/"+id+"/reveal", body{"reason": ""}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("without a reason: %d %s", a.Status, a.Raw)
		}
		a := s.Do(t, s.Clerk, http.MethodPost, "/hazards/"+id+"/reveal", body{"reason": "电话核实位置"})
		if a.Status != http.StatusOK || !strings.Contains(string(a.Raw), "13800000000") || !strings.Contains(string(a.Raw), "114.3") {
			t.Errorf("revealed: %d %s", a.Status, a.Raw)
		}
		looks := s.Entries(t, "hazard.contact_revealed.v1")
		if len(looks) != 2 || looks[0].Actor != s.Clerk.ID {
			t.Errorf("the ledger tells of %d looks: %+v", len(looks), looks)
		}
		if _, err := s.Reveal(s.As(t, s.Builder), id, "核实"); err != nil {
			t.Error(err)
		}
		viewer := s.Person(t, s.Office, "观察员", "", "viewer")
		if _, err := s.Reveal(s.As(t, viewer), id, "看看"); errs.KindOf(err) != errs.Denied {
			t.Errorf("a viewer reveals: %v", err)
		}
	})
}

// TestStepsTellTheTruth compares what is shown beside each step with what happens.
func TestStepsTellTheTruth(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		id := s.submitted(t)
		for _, tt := range []struct {
			person *org.Person
			want   map[string]string
		}{
			{s.Safety, map[string]string{"accept": "hazard.own_rectification", "return": "hazard.own_rectification"}},
			{s.Clerk, map[string]string{"accept": "", "return": ""}},
			{s.Builder, map[string]string{"accept": "hazard.other_office", "return": "hazard.other_office"}},
		} {
			person := tt.person
			detail := s.Do(t, person, http.MethodGet, "/hazards/"+id, nil)
			got := map[string]string{}
			for _, raw := range detail.Body["steps"].([]any) {
				step := raw.(map[string]any)
				why := ""
				if w, ok := step["why_not"].(map[string]any); ok {
					why = w["key"].(string)
				}
				if (why == "") != step["allowed"].(bool) {
					t.Errorf("%s: allowed and why_not disagree: %v", person.Name, step)
				}
				got[step["action"].(string)] = why
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("%s is shown %v, want %v", person.Name, got, tt.want)
			}
		}
		states := s.Do(t, s.Clerk, http.MethodGet, "/hazards/states", nil)
		if states.Status != http.StatusOK || len(states.Body["statuses"].([]any)) != len(hazard.Statuses) {
			t.Errorf("states: %d %s", states.Status, states.Raw)
		}
	})
}

func TestClockIsExplained(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		id := s.ordered(t) // until Monday, 21 June
		for _, tt := range []struct {
			day            int
			left, reminder int
		}{{8, 13, -1}, {14, 7, 7}, {15, 6, 7}, {18, 3, 3}, {20, 1, 1}, {21, 0, 0}, {24, -3, 0}} {
			s.Clock.Set(time.Date(2027, 6, tt.day, 10, 0, 0, 0, hazardtest.Start.Location()))
			d, err := s.desk.Detail(s.As(t, s.Clerk), id)
			if err != nil {
				t.Fatal(err)
			}
			c := d.Clock
			if c.Left != tt.left || c.Reminder != tt.reminder || c.Last != "2027-06-21" || c.Rule == "" || c.Explain != "hazard.clock_rectify" || c.Holiday {
				t.Errorf("on the %dth: %+v, want %d left and reminder %d", tt.day, c, tt.left, tt.reminder)
			}
		}
		weekend := s.reported(t, nil, nil)
		s.step(t, s.Clerk, weekend, "triage", general, hazard.Triaged)
		s.step(t, s.Clerk, weekend, "order", s.order(body{"deadline": "2027-07-03"}), hazard.Ordered)
		d, err := s.desk.Detail(s.As(t, s.Clerk), weekend)
		if err != nil || !d.Clock.Holiday || d.Clock.Last != "2027-07-03" || d.Clock.NextWork != "2027-07-05" {
			t.Errorf("a Saturday is shown, not moved: %+v, %v", d.Clock, err)
		}
	})
}

func TestClosedDatabase(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		s.Service.Close()
		_, err := s.Report(t.Context(), hazard.Report{Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment"})
		var e *errs.Error
		if !errors.As(err, &e) || e.Kind != errs.Unavailable {
			t.Errorf("a report while closing: %v, want Unavailable", err)
		}
	})
}
