// SPDX-License-Identifier: Apache-2.0

package hazard_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"anlan/internal/campaign"
	"anlan/internal/evidence"
	"anlan/internal/hazard"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
)

func TestReportIsChecked(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		many := make([]body, 11)
		for i := range many {
			many[i] = body{"id": "x", "key": "y"}
		}
		for _, tt := range []struct {
			change body
			at     string
			key    string
		}{
			{body{"words": "火 灾"}, "body.words", "hazard.bad_words"},
			{body{"words": "    "}, "body.words", "hazard.bad_words"},
			{body{"words": strings.Repeat("长", 2001)}, "body.words", "hazard.bad_words"},
			{body{"class": "ghosts"}, "body.class", "hazard.needs_class"},
			{body{"place": ""}, "body.place", "hazard.needs_place"},
			{body{"place": hazardtest.City}, "body.place", "hazard.needs_place"},
			{body{"place": "cn/99/9901/990101/990101999/"}, "body.place", "hazard.no_place"},
			{body{"place": "../../etc/"}, "body.place", "hazard.needs_place"},
			{body{"unit_code": "NOSUCHUN"}, "body.unit_code", "hazard.no_unit"},
			{body{"evidence": many}, "body.evidence", "hazard.too_much_evidence"},
			{body{"contact": body{"phone": "请打我电话"}}, "body.contact.phone", "hazard.bad_phone"},
			{body{"position": body{"lat": 91, "lng": 0}}, "body.position.lat", "field.out_of_range"},
			{body{"grade": "major"}, "body.grade", "field.unexpected"},
		} {
			a := s.Do(t, nil, http.MethodPost, "/public/hazards", report(tt.change))
			if a.Status != http.StatusUnprocessableEntity || a.Fields()[tt.at] != tt.key {
				t.Errorf("%v: %d %s", tt.change, a.Status, a.Raw)
			}
		}
		forged := s.Do(t, nil, http.MethodPost, "/public/hazards", report(body{"evidence": many[:1]}))
		if forged.Status != http.StatusUnprocessableEntity || forged.Key() != "evidence.unknown_ref" {
			t.Errorf("forged evidence: %d %s", forged.Status, forged.Raw)
		}
		for _, raw := range []string{"{", "[]", `{"words":"\u0000堵塞通道","class":"environment"}`, "{\"words\":\"\xff\xfe堵塞通道\"}"} {
			if a := s.Do(t, nil, http.MethodPost, "/public/hazards", []byte(raw)); a.Status < 400 || a.Status >= 500 {
				t.Errorf("%q: %d %s", raw, a.Status, a.Raw)
			}
		}
		if n := len(s.Entries(t, hazard.Kinds()...)); n != 0 {
			t.Errorf("refused reports left %d entries", n)
		}
	})
}

// TestPhoneClock: a wrong clock is noted, never a reason to refuse.
func TestPhoneClock(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		now := s.Clock.Now()
		for _, tt := range []struct {
			given, want time.Time
			doubt       bool
		}{
			{time.Time{}, now, false},
			{now.Add(-2 * time.Hour), now.Add(-2 * time.Hour), false},
			{now.Add(9 * time.Minute), now, false},
			{now.Add(11 * time.Minute), now, true},
			{time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), now, true},
			{time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), now, true},
		} {
			r, err := s.Report(t.Context(), hazard.Report{Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment", Found: tt.given})
			if err != nil {
				t.Fatal(err)
			}
			h, err := s.Hazard(s.Operator, r.ID)
			if err != nil || !h.Found.Equal(tt.want) || h.Doubt != tt.doubt {
				t.Errorf("given %v: found %v, doubt %t, %v; want %v, %t", tt.given, h.Found, h.Doubt, err, tt.want, tt.doubt)
			}
		}
	})
}

// TestRepeats sends reports again under their keys, at once and one after the other.
func TestRepeats(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		photo := s.Photo(t, t.Context())
		for name, r := range map[string]hazard.Report{
			"plain":         {Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment", Key: id.Code(20)},
			"with evidence": {Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment", Key: id.Code(20), Evidence: []evidence.Ref{photo}},
		} {
			var wg sync.WaitGroup
			var mu sync.Mutex
			answers := map[hazard.Receipt]int{}
			for range 8 {
				wg.Go(func() {
					got, err := s.Report(context.Background(), r)
					mu.Lock()
					defer mu.Unlock()
					if err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
					answers[*got]++
				})
			}
			wg.Wait()
			if len(answers) != 1 {
				t.Errorf("%s: one key got %d answers: %v", name, len(answers), answers)
			}
		}
		if n := len(s.Entries(t, "hazard.reported.v1")); n != 2 {
			t.Errorf("%d reports in the ledger, want 2", n)
		}
		a, err := s.Report(t.Context(), hazard.Report{Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment"})
		b, err2 := s.Report(t.Context(), hazard.Report{Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment"})
		if err != nil || err2 != nil || a.Code == b.Code || a.No == b.No {
			t.Errorf("without keys: %+v, %+v, %v, %v", a, b, err, err2)
		}
	})
}

// TestUsedEvidence: a photo that belongs to another report refuses this one alone.
func TestUsedEvidence(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		photo := s.Photo(t, t.Context())
		r := hazard.Report{Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment", Evidence: []evidence.Ref{photo}}
		if _, err := s.Report(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Report(t.Context(), r); errs.KeyOf(err) != "evidence.used_ref" {
			t.Errorf("the same photo again: %v", err)
		}
		if n := len(s.Entries(t, "hazard.reported.v1")); n != 1 {
			t.Errorf("%d reports, want 1", n)
		}
	})
}

func TestRouting(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		c := campaign.Template2020.For(2027)
		c.Place, c.Theme = hazardtest.County, "人人讲安全"
		c, err := s.Campaign.Create(s.Operator, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name                      string
			as                        context.Context
			change                    func(r *hazard.Report)
			source, handler, campaign string
			internal                  bool
			at                        string
		}{
			{"the public", t.Context(), func(*hazard.Report) {}, "public", s.Office.ID, c.ID, false, string(hazardtest.Town)},
			{"the next county", t.Context(), func(r *hazard.Report) { r.Place = hazardtest.County2 }, "public", s.Office2.ID, "", false, string(hazardtest.County2)},
			{"by QR code, wherever the phone says it is", t.Context(), func(r *hazard.Report) { r.Place, r.UnitCode = hazardtest.County2, strings.ToLower(s.Firm.Code) },
				"public", s.Office.ID, c.ID, false, string(hazardtest.Town)},
			{"a department's clerk", s.As(t, s.Builder), func(*hazard.Report) {}, "inspection", s.Department.ID, c.ID, false, string(hazardtest.Town)},
			{"a clerk who says how", s.As(t, s.Clerk), func(r *hazard.Report) { r.Source = "lesson" }, "lesson", s.Office.ID, c.ID, false, string(hazardtest.Town)},
			{"a worker about another place", s.As(t, s.Worker), func(r *hazard.Report) { r.Source = "inspection" }, "public", s.Office.ID, c.ID, false, string(hazardtest.Town)},
			{"a team leader", s.As(t, s.TeamLeader), func(r *hazard.Report) { r.Place, r.Unit = "", s.Firm.ID }, "self", s.Firm.ID, c.ID, true, string(hazardtest.Town)},
		} {
			r := hazard.Report{Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment"}
			tt.change(&r)
			got, err := s.Report(tt.as, r)
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			h, err := s.Hazard(s.Operator, got.ID)
			if err != nil || h.Source != tt.source || h.Handler != tt.handler || h.Campaign != tt.campaign || h.Internal != tt.internal || string(h.Place) != tt.at {
				t.Errorf("%s: %v %+v", tt.name, err, h)
			}
		}
		viewer := s.Person(t, s.Office, "观察员", "", "viewer")
		if _, err := s.Report(s.As(t, viewer), hazard.Report{Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment"}); errs.KindOf(err) != errs.Denied {
			t.Errorf("somebody who may not report: %v", err)
		}
	})
}

func TestUnknownQueryCode(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r, err := s.Report(t.Context(), hazard.Report{Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment"})
		if err != nil {
			t.Fatal(err)
		}
		typed := strings.ToLower(strings.ReplaceAll(r.Code, "-", " "))
		if p, err := s.Progress(t.Context(), typed); err != nil || p.No != r.No || p.Next != "confirm" || len(p.Steps) != 1 {
			t.Errorf("typed otherwise: %+v, %v", p, err)
		}
		for _, code := range []string{"AAAA-BBBB-CCCC-DDDD", "", r.No, strings.Repeat("x", 64)} {
			if _, err := s.Progress(t.Context(), code); errs.KindOf(err) != errs.NotFound || errs.KeyOf(err) != "hazard.unknown_code_given" {
				t.Errorf("%q: %v", code, err)
			}
		}
	})
}
