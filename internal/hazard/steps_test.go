// SPDX-License-Identifier: Apache-2.0

package hazard_test

import (
	"net/http"
	"testing"
	"time"

	"anlan/internal/hazard"
	"anlan/internal/kernel/clock"
	"anlan/internal/rules"
)

func TestMajor(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		std, clause := s.citable(t)
		id := s.reported(t, nil, body{"unit_code": s.Firm.Code})
		a := s.refused(t, s.Clerk, id, "triage", body{"grade": "major", "class": "environment"}, http.StatusUnprocessableEntity, "hazard.needs_clause")
		if a.Fields()["body.standard"] == "" {
			t.Errorf("the standard to be chosen first is not named: %s", a.Raw)
		}
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
		a = s.refused(t, s.Head, id, "plan", body{"governance": plan}, http.StatusUnprocessableEntity, "hazard.needs_part")
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
		s.refused(t, s.Head, id, "approve_resume", body{"words": "同意"}, http.StatusForbidden, "hazard.own_rectification")
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
