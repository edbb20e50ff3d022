// SPDX-License-Identifier: Apache-2.0

package hazard_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/hazard"
	"anlan/internal/hazard/desk"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/quantity"
	"anlan/internal/org"
	"anlan/internal/rules"
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
		s.refused(t, s.Safety, id, "accept", accept, http.StatusForbidden, "hazard.only_desk")
		s.refused(t, s.Head, id, "accept", accept, http.StatusForbidden, "hazard.only_desk")
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
		s.refused(t, s.TeamLeader, id, "accept", body{"words": "合格"}, http.StatusForbidden, "hazard.only_desk")
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

func TestMajor(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		std, clause := s.citable(t)
		id := s.reported(t, nil, body{"unit_code": s.Firm.Code})
		s.refused(t, s.Clerk, id, "triage", body{"grade": "major", "class": "environment"}, http.StatusUnprocessableEntity, "hazard.needs_clause")
		s.refused(t, s.Clerk, id, "triage", body{"grade": "major", "class": "environment", "standard": std, "clause": "第九百条"},
			http.StatusUnprocessableEntity, "rules.no_such_clause")
		s.step(t, s.Clerk, id, "triage", body{"grade": "major", "class": "environment", "standard": std, "clause": clause}, hazard.Triaged)
		s.refused(t, s.Clerk, id, "fix_on_spot", body{"words": "当场整改", "after": s.photos(t, s.Clerk, 1)}, http.StatusConflict, "hazard.major_on_the_spot")
		s.step(t, s.Clerk, id, "stop", body{"words": "停止三号仓库作业，撤出人员"}, hazard.Stopped)
		s.refused(t, s.Head, id, "start", nil, http.StatusConflict, "hazard.order_first")
		s.step(t, s.Clerk, id, "order", s.order(nil), hazard.Ordered)
		s.step(t, s.Head, id, "start", nil, hazard.Rectifying)
		after := body{"words": "治理完成", "after": s.photos(t, s.Head, 1)}
		s.refused(t, s.Head, id, "submit", after, http.StatusConflict, "hazard.plan_missing")
		plan := body{"goals": "消除堵塞", "methods": "搬迁货物", "resources": "三万元", "bodies": "仓储部郑恒", "schedule": "六月底前"}
		a := s.refused(t, s.Head, id, "plan", body{"governance": plan}, http.StatusUnprocessableEntity, "hazard.needs_part")
		if a.Fields()["body.governance.safeguards"] == "" {
			t.Errorf("the missing part is not named: %s", a.Raw)
		}
		plan["safeguards"] = "专人看守，配备灭火器"
		s.step(t, s.Head, id, "plan", body{"governance": plan}, hazard.Rectifying)
		s.refused(t, s.Head, id, "submit", after, http.StatusConflict, "hazard.receipts_missing")
		receipts := body{"regulator_no": "示安报〔2027〕3号", "regulator_day": "2027-06-07", "workers_no": "职代会纪要1号", "workers_day": "2027-06-07"}
		s.step(t, s.Head, id, "report_major", body{"receipts": receipts}, hazard.Rectifying)
		s.step(t, s.Head, id, "submit", after, hazard.Accepting)
		s.step(t, s.Leader, id, "accept", body{"words": "已治理"}, hazard.Accepted)
		s.refused(t, s.Clerk, id, "close", nil, http.StatusConflict, "hazard.review_first")
		s.step(t, s.Head, id, "apply_resume", body{"words": "申请恢复生产"}, hazard.ResumeReview)
		s.refused(t, s.Head, id, "approve_resume", body{"words": "同意"}, http.StatusForbidden, "hazard.only_desk")
		s.step(t, s.Leader, id, "refuse_resume", body{"words": "应急灯仍缺", "until": "2027-07-01"}, hazard.Rectifying)
		s.step(t, s.Head, id, "submit", body{"words": "补齐应急灯", "after": s.photos(t, s.Head, 1)}, hazard.Accepting)
		s.step(t, s.Leader, id, "accept", body{"words": "已治理"}, hazard.Accepted)
		s.step(t, s.Head, id, "apply_resume", body{"words": "再次申请"}, hazard.ResumeReview)
		s.step(t, s.Leader, id, "approve_resume", body{"words": "同意复工"}, hazard.Closed)

		// A later upgrade is a step of its own, by clause as well.
		id = s.ordered(t)
		s.refused(t, s.Clerk, id, "regrade", body{"grade": "general", "words": "再看"}, http.StatusUnprocessableEntity, "hazard.same_grade")
		s.refused(t, s.Clerk, id, "stop", body{"words": "停工"}, http.StatusConflict, "hazard.stop_general")
		s.step(t, s.Clerk, id, "regrade", body{"grade": "major", "words": "构成重大隐患", "standard": std, "clause": clause}, hazard.Ordered)
		s.step(t, s.Head, id, "start", nil, hazard.Rectifying)
		s.refused(t, s.Head, id, "submit", body{"words": "完成", "after": s.photos(t, s.Head, 1)}, http.StatusConflict, "hazard.plan_missing")
	})
}

// citable returns a standard in force at the beginning of the World, with a clause of it.
func (s scene) citable(t *testing.T) (standard, clause string) {
	t.Helper()
	page, err := s.Rules.Standards(s.Operator, rules.StandardFilter{On: clock.DayOf(s.Clock.Now())}, "", 200)
	if err != nil {
		t.Fatal(err)
	}
	for _, std := range page.Items {
		if _, clauses, err := s.Rules.Standard(s.Operator, std.ID); err == nil && len(clauses) > 0 {
			return std.ID, clauses[0].No
		}
	}
	t.Fatal("no standard with clauses")
	return "", ""
}

func TestOrderNamesWhatIsMissing(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		id := s.reported(t, nil, nil)
		s.step(t, s.Clerk, id, "triage", general, hazard.Triaged)
		for _, tt := range []struct {
			change body
			at     string
			key    string
		}{
			{body{"owner_unit": nil}, "body.order.owner_unit", "hazard.needs_owner"},
			{body{"owner_unit": "nobody"}, "body.order.owner_unit", "hazard.no_unit"},
			{body{"owner_person": nil}, "body.order.owner_person", "hazard.needs_person"},
			{body{"owner_person": "nobody"}, "body.order.owner_person", "hazard.needs_person"},
			{body{"measures": " "}, "body.order.measures", "hazard.needs_measures"},
			{body{"fen": 0}, "body.order.money_reason", "hazard.needs_money_reason"},
			{body{"fen": -1}, "body.order.fen", "hazard.bad_money"},
			{body{"money_source": nil}, "body.order.money_source", "hazard.needs_money_source"},
			{body{"deadline": nil}, "body.order.deadline", "hazard.needs_deadline"},
			{body{"deadline": "2027-06-06"}, "body.order.deadline", "hazard.needs_deadline"},
			{body{"deadline": "2029-01-01"}, "body.order.deadline", "hazard.deadline_far"},
			{body{"interim": nil}, "body.order.interim", "hazard.needs_interim"},
			{body{"emergency": nil}, "body.order.emergency", "hazard.needs_emergency"},
		} {
			a := s.refused(t, s.Clerk, id, "order", s.order(tt.change), http.StatusUnprocessableEntity, tt.key)
			if a.Fields()[tt.at] != tt.key {
				t.Errorf("%v: fields %v, want %s at %s", tt.change, a.Fields(), tt.key, tt.at)
			}
		}
		s.refused(t, s.Clerk, id, "order", nil, http.StatusUnprocessableEntity, "hazard.needs_order")
		free := s.order(body{"fen": 0, "money_source": nil, "money_reason": "自行整理", "owner_person": nil, "owner_name": "郑老板"})
		s.step(t, s.Clerk, id, "order", free, hazard.Ordered)
	})
}

func TestExtensionAndOverdue(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		late := s.ordered(t)
		id := s.ordered(t)
		s.step(t, s.Safety, id, "start", nil, hazard.Rectifying)
		ask := body{"words": "配件未到", "interim": "加派人员看守", "until": "2027-06-30"}
		s.refused(t, s.Safety, id, "request_extension", body{"words": "配件未到", "interim": "加派人员", "until": "2027-06-20"},
			http.StatusUnprocessableEntity, "hazard.extension_short")
		s.step(t, s.Safety, id, "request_extension", ask, hazard.Extension)
		s.Clock.Set(time.Date(2027, 6, 21, 23, 59, 59, 0, clock.Beijing))
		if n, err := s.Overdue(t.Context()); n != 0 || err != nil {
			t.Errorf("before 24:00: %d overdue, %v", n, err)
		}
		s.Clock.Set(time.Date(2027, 6, 22, 0, 0, 0, 0, clock.Beijing))
		if n, err := s.Overdue(t.Context()); n != 1 || err != nil {
			t.Errorf("at 24:00: %d overdue, %v, want 1: an extension pauses", n, err)
		}
		if h, _ := s.Hazard(s.Operator, late); h.Status != hazard.Overdue {
			t.Errorf("status %s, want overdue", h.Status)
		}
		s.refused(t, s.Clerk, late, "lapse", nil, http.StatusConflict, "hazard.bad_step")
		s.step(t, s.Clerk, id, "grant_extension", body{}, hazard.Rectifying)
		if h, _ := s.Hazard(s.Operator, id); !h.Deadline.Equal(clock.Day("2027-06-30").End()) || h.ExtensionUntil != "" {
			t.Errorf("deadline %v after the extension", h.Deadline)
		}
		s.step(t, s.Safety, late, "submit", body{"words": "已整改", "after": s.photos(t, s.Safety, 1)}, hazard.Accepting)
		s.step(t, s.Clerk, late, "accept", body{"words": "合格"}, hazard.Accepted)
		s.step(t, s.Clerk, late, "close", nil, hazard.Closed)
		s.refused(t, s.Clerk, late, "reopen", body{"words": "又堵上了", "reason": "because"}, http.StatusUnprocessableEntity, "hazard.needs_reason")
		s.step(t, s.Clerk, late, "reopen", body{"words": "又堵上了", "reason": "rebound"}, hazard.Rectifying)
		if h, _ := s.Hazard(s.Operator, late); h.Reopened != 1 || h.Deadline == nil || !h.Deadline.After(s.Clock.Now()) || h.Closed != nil {
			t.Errorf("reopened: %+v", h)
		}
	})
}

func TestTriageAlternatives(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		first, again := s.reported(t, nil, body{"unit_code": s.Firm.Code}), s.reported(t, nil, body{"unit_code": s.Firm.Code})
		detail := s.Do(t, s.Clerk, http.MethodGet, "/hazards/"+again, nil)
		if similar := detail.Body["similar"].([]any); len(similar) != 1 || similar[0].(body)["id"] != first {
			t.Errorf("hints %v, want the first report", similar)
		}
		s.refused(t, s.Clerk, again, "mark_duplicate", body{"master": again}, http.StatusUnprocessableEntity, "hazard.bad_master")
		s.refused(t, s.Clerk, again, "mark_duplicate", body{"master": "AH2706079999"}, http.StatusUnprocessableEntity, "hazard.needs_master")
		s.step(t, s.Clerk, again, "mark_duplicate", body{"master": first}, hazard.Duplicate)
		s.refused(t, s.Clerk, first, "mark_duplicate", body{"master": again}, http.StatusUnprocessableEntity, "hazard.bad_master")
		s.refused(t, s.Clerk, first, "reject", body{"words": "不是隐患"}, http.StatusUnprocessableEntity, "hazard.needs_reason")
		s.step(t, s.Clerk, first, "reject", body{"words": "不是隐患", "reason": "not_a_hazard"}, hazard.Rejected)

		id := s.reported(t, nil, nil)
		s.refused(t, s.Clerk, id, "transfer", body{"words": "属住建"}, http.StatusUnprocessableEntity, "hazard.needs_receiver")
		s.refused(t, s.Clerk, id, "transfer", body{"words": "属住建", "to_unit": s.Firm.ID}, http.StatusUnprocessableEntity, "hazard.needs_receiver")
		s.step(t, s.Clerk, id, "transfer", body{"words": "属住建", "to_unit": s.Department.ID}, hazard.Transferred)
		s.refused(t, s.Clerk, id, "receive", nil, http.StatusForbidden, "hazard.only_receiver")
		s.step(t, s.Builder, id, "receive", nil, hazard.Reported)
		s.step(t, s.Builder, id, "triage", general, hazard.Triaged)

		// On the spot: the clerk saw it done, a colleague accepts.
		s.refused(t, s.Clerk, id, "fix_on_spot", body{"words": "当场清除", "after": s.photos(t, s.Clerk, 1)}, http.StatusUnprocessableEntity, "hazard.needs_before")
		s.step(t, s.Builder, id, "fix_on_spot", body{"words": "当场清除", "before": s.photos(t, s.Builder, 1), "after": s.photos(t, s.Builder, 1)}, hazard.OnSpotFixed)
		s.step(t, s.Builder, id, "submit", body{"words": "请验收"}, hazard.Accepting)
		s.refused(t, s.Builder, id, "accept", body{"words": "合格"}, http.StatusForbidden, "hazard.own_rectification")
		s.refused(t, s.Clerk, id, "accept", body{"words": "合格"}, http.StatusForbidden, "hazard.other_office")
		colleague := s.Person(t, s.Department, "邓工", "", "office_clerk")
		s.step(t, colleague, id, "accept", body{"words": "合格"}, hazard.Accepted)
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
