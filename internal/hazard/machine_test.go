// SPDX-License-Identifier: Apache-2.0

package hazard_test

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anlan/internal/hazard"
	"anlan/internal/hazard/desk"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
)

func init() { flag.Set("rapid.checks", "25") } // each check is a life of a hazard in a database

// TestMachine lets people do anything, legal or not, and holds what must always be true.
func TestMachine(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		std, clause := s.citable(t)
		people := []*org.Person{s.Clerk, s.Leader, s.Officer, s.CityClerk, s.Clerk2, s.Builder, s.Head, s.Safety, s.TeamLeader, s.Worker, s.OtherHead}
		as := map[string]context.Context{}
		for _, p := range people {
			as[p.ID] = s.As(t, p)
		}
		rapid.Check(t, func(rt *rapid.T) {
			s.Clock.Set(hazardtest.Start)
			m := machine{scene: s, rt: rt, t: t, std: std, clause: clause, as: as}
			m.begin(rapid.Bool().Draw(rt, "internal"))
			for range rapid.IntRange(10, 40).Draw(rt, "steps") {
				m.step(people)
			}
			m.finish()
		})
	})
}

// machine is one life of a hazard.
type machine struct {
	scene
	rt          *rapid.T
	t           *testing.T
	std, clause string
	as          map[string]context.Context
	id          string
}

func (m *machine) must(err error) {
	if err != nil {
		m.rt.Fatal(err)
	}
}

func (m *machine) begin(internal bool) {
	ctx, r := m.t.Context(), hazard.Report{Words: "楼道堆放电动车", Place: hazardtest.Town, Class: "environment", UnitCode: m.Firm.Code}
	if internal {
		ctx = m.as[m.Worker.ID]
	}
	got, err := m.Report(ctx, r)
	m.must(err)
	m.id = got.ID
}

// forward are the steps by which a hazard comes to its end.
var forward = []hazard.Action{hazard.Triage, hazard.FixOnSpot, hazard.Order, hazard.Stop, hazard.Start, hazard.Plan, hazard.ReportMajor,
	hazard.Submit, hazard.Accept, hazard.ApplyResume, hazard.ApproveResume, hazard.Close, hazard.Reopen}

// choose draws who does what: mostly what they may do, and mostly what leads on; sometimes
// anything by anybody.
func (m *machine) choose(people []*org.Person, h *hazard.Hazard) (*org.Person, hazard.Action) {
	p := rapid.SampledFrom(people).Draw(m.rt, "person")
	wild := rapid.SampledFrom(hazard.Actions).Draw(m.rt, "any").Action
	if rapid.IntRange(0, 5).Draw(m.rt, "wild") == 0 {
		return p, wild
	}
	type choice struct {
		p *org.Person
		a hazard.Action
	}
	var may, on []choice
	for _, p := range people {
		steps, err := m.StepsOf(m.as[p.ID], h)
		m.must(err)
		for _, step := range steps {
			if step.Allowed {
				may = append(may, choice{p, step.Action})
				if slices.Contains(forward, step.Action) {
					on = append(on, choice{p, step.Action})
				}
			}
		}
	}
	if len(on) > 0 && rapid.IntRange(0, 4).Draw(m.rt, "forward") > 0 {
		may = on
	}
	if len(may) == 0 {
		return p, wild
	}
	c := rapid.SampledFrom(may).Draw(m.rt, "choice")
	return c.p, c.a
}

func (m *machine) step(people []*org.Person) {
	before, err := m.Hazard(m.Operator, m.id)
	m.must(err)
	if rapid.IntRange(0, 9).Draw(m.rt, "pause") == 0 {
		m.Clock.Advance(time.Duration(rapid.IntRange(1, 20).Draw(m.rt, "days")) * 24 * time.Hour)
		_, err := m.Overdue(m.t.Context())
		m.must(err)
		m.check()
		return
	}
	p, action := m.choose(people, before)
	move := m.move(before, action)
	after, err := m.Act(m.as[p.ID], m.id, move)
	if err != nil && errs.KindOf(err) == errs.Internal {
		m.rt.Fatalf("%s by %s: %v", move.Action, p.Name, err)
	}
	now, err2 := m.Hazard(m.Operator, m.id)
	m.must(err2)
	if err != nil && (now.Version != before.Version || now.Status != before.Status) {
		m.rt.Fatalf("a refused %s moved the hazard from %s to %s", move.Action, before.Status, now.Status)
	}
	if err == nil && (after.Version != before.Version+1 || !before.Status.Leads(move.Action, now.Status)) {
		m.rt.Fatalf("%s led from %s to %s, version %d to %d", move.Action, before.Status, now.Status, before.Version, after.Version)
	}
	m.check()
}

// move fills a step in, mostly with all that it needs.
func (m *machine) move(h *hazard.Hazard, action hazard.Action) hazard.Move {
	day := func(n int) string { return m.Clock.Now().Add(time.Duration(n) * 24 * time.Hour).Format(time.DateOnly) }
	move := hazard.Move{Action: action, Version: h.Version, Words: "按要求办理", Class: "environment", Grade: hazard.General,
		Until: clock.Day(day(30)), Interim: "专人看守", ToUnit: m.Department.ID}
	if rapid.IntRange(0, 2).Draw(m.rt, "major") == 0 {
		move.Grade, move.Standard, move.Clause = hazard.Major, m.std, m.clause
	}
	move.Reason = map[hazard.Action]string{hazard.Reject: "untrue", hazard.Reopen: "rebound"}[action]
	needs := rapid.IntRange(0, 9).Draw(m.rt, "lacks") > 0
	switch {
	case action == hazard.Order && needs:
		move.Order = &hazard.RectificationPlan{OwnerUnit: m.Firm.ID, OwnerPerson: m.Head.ID, Measures: "清除", Fen: 100, MoneySource: "自筹",
			Deadline: clock.Day(day(5)), Interim: "看守", Emergency: "撤离"}
	case action == hazard.Plan && needs:
		move.Governance = &hazard.GovernancePlan{Goals: "目标", Methods: "方法", Resources: "物资", Bodies: "人员", Schedule: "时限", Safeguards: "预案"}
	case action == hazard.ReportMajor && needs:
		move.Receipts = &hazard.Receipts{RegulatorNo: "一号", RegulatorDay: clock.Day(day(0)), WorkersNo: "二号", WorkersDay: clock.Day(day(-1))}
	case (action == hazard.Submit || action == hazard.FixOnSpot) && needs && h.Status != hazard.OnSpotFixed:
		move.After = append(move.After, m.Photo(m.t, m.t.Context()))
		if action == hazard.FixOnSpot {
			move.Before = append(move.Before, m.Photo(m.t, m.t.Context()))
		}
	}
	return move
}

// check holds the invariants of the domain facts, §8.
func (m *machine) check() {
	d, err := m.desk.Detail(m.Operator, m.id)
	m.must(err)
	from, version := hazard.Status(""), 0
	var acceptor string
	for _, step := range d.Timeline {
		if step.Version <= version || step.From != from || from != "" && !from.Leads(step.Action, step.To) {
			m.rt.Fatalf("history is no legal path: %+v", d.Timeline)
		}
		from, version = step.To, step.Version
		if step.Action == hazard.Accept || step.Action == hazard.ApproveResume {
			acceptor = step.Actor
		}
	}
	if from != d.Status || version != d.Version {
		m.rt.Fatalf("history ends at %s, %d; the hazard is at %s, %d", from, version, d.Status, d.Version)
	}
	ordered := []hazard.Status{hazard.Ordered, hazard.Rectifying, hazard.Extension, hazard.Overdue}
	if slices.Contains(ordered, d.Status) && (d.Order == nil || !d.HasOrder || d.Order.Measures == "" || d.Deadline == nil) {
		m.rt.Fatalf("%s without a complete order", d.Status)
	}
	if d.Grade == hazard.Major && (d.Standard == "" || d.Clause == "" || d.Internal) {
		m.rt.Fatalf("major without a basis, or kept inside the unit: %+v", d.Hazard)
	}
	ended := []hazard.Status{hazard.Accepting, hazard.Accepted, hazard.ResumeReview, hazard.Closed}
	if slices.Contains(ended, d.Status) && d.Grade == hazard.Major && (d.Governance == nil || d.Receipts == nil) {
		m.rt.Fatalf("rectification of a major hazard ended without plan and receipts")
	}
	if (d.Due == nil) != d.Status.Final() || d.Due != nil && d.DueRule == "" {
		m.rt.Fatalf("%s: due %v by %q", d.Status, d.Due, d.DueRule)
	}
	if acceptor != "" {
		m.checkAcceptor(d, acceptor)
	}
	if d.Status == hazard.Closed && (acceptor == "" || d.Closed == nil || d.WasStopped && !d.Resumed) {
		m.rt.Fatalf("closed without acceptance or review")
	}
}

func (m *machine) checkAcceptor(d *desk.Detail, acceptor string) {
	for _, step := range d.Timeline {
		rectified := step.Action == hazard.Start || step.Action == hazard.Submit || step.Action == hazard.FixOnSpot
		if !rectified || step.Version > d.Version {
			continue
		}
		under, err := m.Org.WorksUnder(m.t.Context(), m.DB.Read(), acceptor, step.Actor)
		m.must(err)
		if step.Version < lastAcceptance(d) && (step.Actor == acceptor || under) {
			m.rt.Fatalf("%s accepted what %s rectified", acceptor, step.Actor)
		}
	}
	if d.Reporter != "" && d.Reporter == acceptor {
		m.rt.Fatalf("the reporter alone accepted")
	}
}

func lastAcceptance(d *desk.Detail) int {
	version := 0
	for _, step := range d.Timeline {
		if step.Action == hazard.Accept || step.Action == hazard.ApproveResume {
			version = step.Version
		}
	}
	return version
}

// finish compares the ledger with the history.
func (m *machine) finish() {
	d, err := m.desk.Detail(m.Operator, m.id)
	m.must(err)
	var told []string
	for _, e := range m.Entries(m.t, "hazard.moved.v1") {
		if e.Subject == d.Subject() {
			told = append(told, e.Fact("from")+" "+e.Fact("action")+" "+e.Fact("to"))
		}
	}
	var done []string
	for _, step := range d.Timeline[1:] {
		done = append(done, fmt.Sprintf("%s %s %s", step.From, step.Action, step.To))
	}
	if !slices.Equal(told, done) {
		m.rt.Fatalf("the ledger tells %v, the history %v", told, done)
	}
}
