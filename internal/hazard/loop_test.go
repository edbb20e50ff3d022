// SPDX-License-Identifier: Apache-2.0

package hazard_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/hazard"
	"anlan/internal/hazard/desk"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/quantity"
	"anlan/internal/org"
)

type body = map[string]any

// scene is a World with its operations.
type scene struct {
	*hazardtest.World
	*hazardtest.Client
	desk *desk.Service
}

func each(t *testing.T, fn func(t *testing.T, s scene)) {
	t.Helper()
	hazardtest.Each(t, func(t *testing.T, w *hazardtest.World) {
		d := desk.New(desk.Config{Hazards: w.Service})
		fn(t, scene{w, w.Serve(func(api huma.API) { hazard.Mount(api, w.Service); desk.Mount(api, d) }), d})
	})
}

func report(change body) body {
	b := body{"words": "三号仓库东侧安全出口被纸箱堵塞，应急灯不亮", "place": hazardtest.Town, "class": "environment"}
	maps.Copy(b, change)
	return b
}

// reported reports as p (nil: the public) and returns the hazard's id as the clerk sees it.
func (s scene) reported(t *testing.T, p *org.Person, change body) string {
	t.Helper()
	path := "/hazards"
	if p == nil {
		path = "/public/hazards"
	}
	a := s.Do(t, p, http.MethodPost, path, report(change))
	if a.Status != http.StatusCreated {
		t.Fatalf("report: %d %s", a.Status, a.Raw)
	}
	h, err := s.Hazard(s.As(t, s.Clerk), a.Text("no"))
	if err != nil {
		t.Fatal(err)
	}
	return h.ID
}

// try takes a step as p at the present version.
func (s scene) try(t *testing.T, p *org.Person, id, action string, with body) hazardtest.Answer {
	t.Helper()
	h, err := s.Hazard(s.Operator, id)
	if err != nil {
		t.Fatal(err)
	}
	b := body{"action": action, "version": h.Version}
	maps.Copy(b, with)
	return s.Do(t, p, http.MethodPost, "/hazards/"+id+"/steps", b)
}

// step is try that must succeed and lead to want.
func (s scene) step(t *testing.T, p *org.Person, id, action string, with body, want hazard.Status) hazardtest.Answer {
	t.Helper()
	a := s.try(t, p, id, action, with)
	if a.Status != http.StatusOK || a.Text("status") != string(want) {
		t.Fatalf("%s by %s: %d %s, want %s", action, p.Name, a.Status, a.Raw, want)
	}
	return a
}

// refused is try that must fail so.
func (s scene) refused(t *testing.T, p *org.Person, id, action string, with body, status int, key string) hazardtest.Answer {
	t.Helper()
	a := s.try(t, p, id, action, with)
	if a.Status != status || a.Key() != key {
		t.Errorf("%s by %s: %d %q, want %d %q: %s", action, p.Name, a.Status, a.Key(), status, key, a.Raw)
	}
	return a
}

func (s scene) photos(t *testing.T, p *org.Person, n int) []body {
	var out []body
	for range n {
		ref := s.Photo(t, s.As(t, p))
		out = append(out, body{"id": ref.ID, "key": ref.Key})
	}
	return out
}

func (s scene) order(change body) body {
	o := body{"owner_unit": s.Firm.ID, "owner_person": s.Head.ID, "measures": "清除堵塞物，更换应急灯", "fen": 120000,
		"money_source": "安全生产费用", "deadline": "2027-06-21", "interim": "安排专人看守，禁止堆放", "emergency": "由西侧出口疏散，报告119"}
	for k, v := range change {
		if v == nil {
			delete(o, k)
		} else {
			o[k] = v
		}
	}
	return body{"order": o}
}

var general = body{"grade": "general", "class": "environment", "accident": "9", "factor": "3109"}

// ordered brings a hazard of the firm to where its rectification can begin.
func (s scene) ordered(t *testing.T) string {
	t.Helper()
	id := s.reported(t, nil, body{"unit_code": s.Firm.Code})
	s.step(t, s.Clerk, id, "triage", general, hazard.Triaged)
	s.step(t, s.Clerk, id, "order", s.order(nil), hazard.Ordered)
	return id
}

// submitted brings it to where it waits for acceptance; the safety manager rectified.
func (s scene) submitted(t *testing.T) string {
	t.Helper()
	id := s.ordered(t)
	s.step(t, s.Safety, id, "start", nil, hazard.Rectifying)
	s.step(t, s.Safety, id, "submit", body{"words": "已清除并更换", "after": s.photos(t, s.Safety, 1)}, hazard.Accepting)
	return id
}

func TestWholeLoop(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		a := s.Do(t, nil, http.MethodPost, "/public/hazards", report(body{"unit_code": s.Firm.Code, "danger": true,
			"contact": body{"name": "王群众", "phone": "13800000000"}, "position": body{"lat": 30.5, "lng": 114.3},
			"evidence": s.publicPhotos(t, 2)}))
		if a.Status != http.StatusCreated || a.Text("query_code") == "" || a.Text("status") != "reported" ||
			!strings.HasPrefix(a.Text("no"), "AH270607") || a.Text("place_name") == "" || a.Text("id") != "" {
			t.Fatalf("report: %d %s", a.Status, a.Raw)
		}
		code := a.Text("query_code")
		h, err := s.Hazard(s.As(t, s.Clerk), a.Text("no"))
		if err != nil {
			t.Fatal(err)
		}
		if h.Unit != s.Firm.ID || h.Handler != s.Office.ID || h.Channel != "qr" || h.DueKind != hazard.ClockNow || h.Lines != ",hazchem," {
			t.Errorf("reported hazard: %+v", h)
		}
		s.step(t, s.Clerk, h.ID, "triage", general, hazard.Triaged)
		s.step(t, s.Clerk, h.ID, "order", s.order(nil), hazard.Ordered)
		s.step(t, s.Head, h.ID, "start", nil, hazard.Rectifying)
		s.step(t, s.Safety, h.ID, "submit", body{"words": "已清除并更换", "after": s.photos(t, s.Safety, 1)}, hazard.Accepting)
		s.step(t, s.Officer, h.ID, "accept", body{"words": "现场核实，已整改到位"}, hazard.Accepted)
		closed := s.step(t, s.Clerk, h.ID, "close", nil, hazard.Closed)
		if n := len(closed.Body["timeline"].([]any)); n != 7 {
			t.Errorf("the timeline has %d steps, want 7: %s", n, closed.Raw)
		}
		p := s.Do(t, nil, http.MethodGet, "/public/hazards/"+code, nil)
		if p.Status != http.StatusOK || p.Text("status") != "closed" || p.Body["next"] != nil {
			t.Errorf("progress: %d %s", p.Status, p.Raw)
		}
		for _, secret := range []string{"王群众", "13800000000", "纸箱", "清除"} {
			if strings.Contains(string(p.Raw), secret) {
				t.Errorf("progress tells %q", secret)
			}
		}
		s.checkLedger(t, h.ID)
	})
}

func (s scene) publicPhotos(t *testing.T, n int) []body {
	var out []body
	for range n {
		ref := s.Photo(t, t.Context())
		out = append(out, body{"id": ref.ID, "key": ref.Key})
	}
	return out
}

// checkLedger looks at what the whole loop left behind.
func (s scene) checkLedger(t *testing.T, id string) {
	t.Helper()
	var path []string
	for _, e := range s.Entries(t, hazard.Kinds()...) {
		if e.Subject != "hazard:"+id || e.Place != hazardtest.Town || e.Unit != s.Firm.ID || e.Quantity(quantity.Items) != 1 {
			t.Errorf("entry %+v", e)
		}
		for _, words := range []string{"纸箱", "王群众", "清除", "核实"} {
			if strings.Contains(string(e.Facts), words) {
				t.Errorf("the ledger holds words: %s", e.Facts)
			}
		}
		if e.Fact("action") == "order" && e.Quantity(quantity.Fen) != 120000 {
			t.Errorf("the order counts %d fen", e.Quantity(quantity.Fen))
		}
		path = append(path, e.Fact("action")+":"+e.Fact("to"))
	}
	want := ":  triage:triaged order:ordered start:rectifying submit:accepting accept:accepted close:closed"
	if got := strings.Join(path, " "); got != strings.Replace(want, ":  ", ": ", 1) {
		t.Errorf("the ledger tells %q", got)
	}
}

func TestSeparationOfDuties(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		accept := body{"words": "已整改到位"}
		id := s.submitted(t)
		s.refused(t, s.Safety, id, "accept", accept, http.StatusForbidden, "hazard.own_rectification")
		s.refused(t, s.Head, id, "accept", accept, http.StatusForbidden, "hazard.own_rectification")
		s.refused(t, s.CityClerk, id, "accept", body{}, http.StatusUnprocessableEntity, "hazard.needs_words")
		s.step(t, s.CityClerk, id, "accept", accept, hazard.Accepted) // an office above may

		// The leader writes down what a shop without an account did. Nobody who works under
		// the leader accepts it, nor does the leader.
		id = s.ordered(t)
		s.step(t, s.Leader, id, "start", nil, hazard.Rectifying)
		s.step(t, s.Leader, id, "submit", body{"words": "现场看着整改完", "after": s.photos(t, s.Leader, 1)}, hazard.Accepting)
		s.refused(t, s.Leader, id, "accept", accept, http.StatusForbidden, "hazard.own_rectification")
		s.refused(t, s.Officer, id, "accept", accept, http.StatusForbidden, "hazard.under_rectifier")
		s.refused(t, s.Builder, id, "accept", accept, http.StatusForbidden, "hazard.other_office")
		s.step(t, s.Clerk, id, "accept", accept, hazard.Accepted)

		// Who reported is not the sole acceptor.
		id = s.reported(t, s.Clerk, body{"unit_id": s.Firm.ID})
		s.step(t, s.Clerk, id, "triage", general, hazard.Triaged)
		s.step(t, s.Clerk, id, "order", s.order(nil), hazard.Ordered)
		s.step(t, s.Head, id, "start", nil, hazard.Rectifying)
		s.step(t, s.Head, id, "submit", body{"words": "已整改", "after": s.photos(t, s.Head, 1)}, hazard.Accepting)
		s.refused(t, s.Clerk, id, "accept", accept, http.StatusForbidden, "hazard.reporter_accepts")
		s.step(t, s.Clerk, id, "return", body{"words": "应急灯仍不亮", "until": "2027-06-25"}, hazard.Rectifying)
		s.step(t, s.Head, id, "submit", body{"words": "再次整改", "after": s.photos(t, s.Head, 1)}, hazard.Accepting)
		s.step(t, s.Leader, id, "accept", accept, hazard.Accepted)

		// Somebody of the rectifying unit who also sits in the office.
		id = s.submitted(t)
		both := s.Person(t, s.Office, "双职", "", "office_clerk")
		s.secondUnit(t, both, s.Firm.ID)
		s.refused(t, both, id, "accept", accept, http.StatusForbidden, "hazard.rectifying_unit")
	})
}

func TestInternal(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		id := s.reported(t, s.Worker, body{"unit_id": s.Firm.ID})
		h, _ := s.Hazard(s.Operator, id)
		if !h.Internal || h.Source != "self" || h.Handler != s.Firm.ID {
			t.Errorf("a worker's report about the own unit: %+v", h)
		}
		s.refused(t, s.Clerk, id, "triage", general, http.StatusForbidden, "hazard.only_desk")
		s.refused(t, s.OtherHead, id, "triage", general, http.StatusNotFound, "hazard.not_found")
		s.refused(t, s.Safety, id, "triage", body{"grade": "major", "class": "environment", "standard": "mem-10-2023", "clause": "第三条"},
			http.StatusUnprocessableEntity, "hazard.major_to_regulator")
		s.step(t, s.Safety, id, "triage", general, hazard.Triaged)
		s.refused(t, s.Safety, id, "order", s.order(body{"owner_unit": s.OtherFirm.ID}), http.StatusUnprocessableEntity, "hazard.unit_elsewhere")
		s.step(t, s.Safety, id, "order", s.order(body{"owner_person": s.TeamLeader.ID}), hazard.Ordered)
		s.step(t, s.TeamLeader, id, "start", nil, hazard.Rectifying)
		s.step(t, s.TeamLeader, id, "submit", body{"words": "已整改", "after": s.photos(t, s.TeamLeader, 1)}, hazard.Accepting)
		s.refused(t, s.TeamLeader, id, "accept", body{"words": "合格"}, http.StatusForbidden, "hazard.own_rectification")
		s.step(t, s.Safety, id, "accept", body{"words": "合格"}, hazard.Accepted)
		s.step(t, s.Safety, id, "close", nil, hazard.Closed)

		// The head rectified: nobody of the firm is free of the head.
		id = s.reported(t, s.Worker, body{"unit_id": s.Firm.ID})
		s.step(t, s.Head, id, "triage", general, hazard.Triaged)
		s.step(t, s.Head, id, "order", s.order(nil), hazard.Ordered)
		s.step(t, s.Head, id, "start", nil, hazard.Rectifying)
		s.step(t, s.Head, id, "submit", body{"words": "已整改", "after": s.photos(t, s.Head, 1)}, hazard.Accepting)
		s.refused(t, s.Head, id, "accept", body{"words": "合格"}, http.StatusForbidden, "hazard.own_rectification")
		s.refused(t, s.Safety, id, "accept", body{"words": "合格"}, http.StatusForbidden, "hazard.under_rectifier")

		// To the office instead, and from the unit to the office.
		id = s.reported(t, s.Worker, body{"unit_id": s.Firm.ID, "to_office": true})
		if h, _ = s.Hazard(s.Operator, id); h.Internal || h.Source != "internal" || h.Handler != s.Office.ID {
			t.Errorf("a worker's report to the office: %+v", h)
		}
		id = s.reported(t, s.Safety, body{"unit_id": s.Firm.ID})
		s.step(t, s.Safety, id, "transfer", body{"words": "疑似重大隐患，报监管部门"}, hazard.Transferred)
		s.refused(t, s.Safety, id, "receive", nil, http.StatusForbidden, "hazard.only_receiver")
		s.step(t, s.Clerk, id, "send_back", body{"words": "一般隐患，由企业自行整改"}, hazard.Reported)
		if h, _ = s.Hazard(s.Operator, id); !h.Internal || h.Handler != s.Firm.ID {
			t.Errorf("sent back to the unit: %+v", h)
		}
		s.step(t, s.Safety, id, "transfer", body{"words": "再次报送"}, hazard.Transferred)
		s.step(t, s.Clerk, id, "receive", nil, hazard.Reported)
		s.step(t, s.Clerk, id, "triage", general, hazard.Triaged)
	})
}

// secondUnit gives p, who works in one unit, a second.
func (s scene) secondUnit(t *testing.T, p *org.Person, second string) {
	t.Helper()
	change := org.PersonChange{ID: p.ID, Version: p.Version, Name: p.Name,
		Memberships: append(p.Memberships, org.Membership{PersonID: p.ID, UnitID: second, From: clock.DayOf(s.Clock.Now())})}
	if _, err := s.Org.ChangePerson(s.Operator, change); err != nil {
		t.Fatal(err)
	}
}
