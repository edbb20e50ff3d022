// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/hazard"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
)

// story is what happens to one hazard: where and what it is, and the steps that
// follow its report, each after a while.
type story struct {
	n       int // for variation
	finding finding
	firm    *firm
	spot    string
	major   bool

	hazard  *hazard.Hazard
	started time.Time
	steps   []step // those to come
}

// step is one thing that somebody does after a while.
type step struct {
	after time.Duration
	do    func(c *life, s *story) error
}

// ending is how a story stands when the demo opens.
type ending struct {
	name   string
	count  int
	oldest time.Duration // how long ago it was reported, at most
	newest time.Duration // and at least
	steps  []step
	major  bool
}

const (
	hour = time.Hour
	day  = 24 * hour
)

// Pieces of stories.
var (
	judged     = []step{{5 * hour, triage}}
	ordered    = append(judged, step{3 * hour, order})
	underWay   = append(ordered[:2:2], step{20 * hour, start})
	submitted  = append(underWay[:3:3], step{3 * day, submit})
	accepted   = append(submitted[:4:4], step{day, accept})
	closed     = append(accepted[:5:5], step{4 * hour, closeIt})
	fixed      = append(judged[:1:1], step{2 * hour, fix})
	fixedFully = append(fixed[:2:2], step{2 * hour, submit}, step{day, accept}, step{2 * hour, closeIt})
)

// endings add up to hazardCount. The span of days leaves time for the steps.
var endings = []ending{
	{"closed", 128, 33 * day, 7 * day, closed, false},
	{"fixed on the spot and closed", 46, 33 * day, 3 * day, fixedFully, false},
	{"reported", 16, 20 * hour, hour, nil, false},
	{"triaged", 10, 2 * day, 8 * hour, judged, false},
	{"ordered", 14, 3 * day, 10 * hour, ordered, false},
	{"rectifying", 22, 4 * day, 30 * hour, underWay, false},
	{"fixed", 4, 2 * day, 8 * hour, fixed, false},
	{"awaiting acceptance", 14, 7 * day, 5 * day, submitted, false},
	{"returned", 6, 10 * day, 7 * day, append(submitted[:4:4], step{day, giveBack}), false},
	{"accepted", 5, 8 * day, 6 * day, accepted, false},
	{"extension", 5, 9 * day, 6 * day, append(underWay[:3:3], step{3 * day, askExtension}), false},
	{"overdue", 9, 33 * day, 20 * day, underWay, false},
	{"rejected", 6, 30 * day, 2 * day, []step{{6 * hour, reject}}, false},
	{"duplicate", 3, 25 * day, 2 * day, []step{{6 * hour, duplicate}}, false},
	{"transferred", 4, 2 * day, 8 * hour, []step{{5 * hour, transfer}}, false},
	{"reopened", 2, 30 * day, 20 * day, append(closed[:6:6], step{4 * day, reopen}), false},
	{"major, stopped", 1, 30 * hour, 6 * hour, majorUnderWay[:2], true},
	{"major, rectifying", 1, 6 * day, 4 * day, majorUnderWay, true},
	{"major, closed after review", 4, 32 * day, 18 * day, append(majorUnderWay[:6:6], step{5 * day, submit}, step{day, accept},
		step{day, applyResume}, step{2 * day, approveResume}), true},
}

var majorUnderWay = []step{{2 * hour, triageMajor}, {hour, stop}, {3 * hour, order}, {8 * hour, plan}, {6 * hour, receipts}, {4 * hour, start}}

func (s *story) where() place.Path { return s.firm.Place }

// desk is who judges: the town's clerk for every third hazard, else the county's.
func (c *life) desk(s *story) context.Context {
	if s.n%3 == 0 && !s.major {
		return c.staff[string(s.where())]
	}
	return c.staff["anban"]
}

// act takes one step as the person in ctx.
func (c *life) act(ctx context.Context, s *story, m hazard.Move) error {
	m.Version = s.hazard.Version
	h, err := c.Hazard.Act(ctx, s.hazard.ID, m)
	if err != nil {
		return fmt.Errorf("%s of hazard %d (%s): %w", m.Action, s.n, s.hazard.Status, err)
	}
	s.hazard = h
	return nil
}

// picture uploads what the scene looks like, before or after the repair.
func (c *life) picture(ctx context.Context, s *story, repaired bool) ([]evidence.Ref, error) {
	e, err := c.Evidence.Upload(ctx, "", Picture(s.finding.scene, repaired, uint64(s.n)))
	if err != nil {
		return nil, err
	}
	return []evidence.Ref{{ID: e.ID, Key: c.Evidence.Key(e.ID)}}, nil
}

// report opens the story: a resident, a worker, the office, or the enterprise itself saw it.
func report(c *life, s *story) error {
	who := []context.Context{actorless(c.operator), s.firm.worker, s.firm.leader, c.staff["zhifa"], actorless(c.operator)}[s.n%5]
	refs, err := c.picture(who, s, false)
	if err != nil {
		return err
	}
	r := hazard.Report{Words: fmt.Sprintf(s.finding.words, s.spot), Place: s.where(), Spot: s.spot, Unit: s.firm.ID,
		Class: s.finding.class, Danger: s.major, Evidence: refs, ToOffice: true}
	if s.n%5 == 0 || s.n%5 == 4 { // the public
		r.Unit, r.UnitCode, r.ToOffice = "", s.firm.Code, false
		if s.n%10 == 0 {
			r.Contact = &hazard.Contact{Name: c.name(), Phone: fmt.Sprintf("1390001%04d", s.n)}
		}
	}
	if s.n%5 == 3 {
		r.ToOffice = false
	}
	receipt, err := c.Hazard.Report(who, r)
	if err != nil {
		return fmt.Errorf("report %d: %w", s.n, err)
	}
	s.hazard, err = c.Hazard.Hazard(c.operator, receipt.ID)
	return err
}

func triage(c *life, s *story) error {
	return c.act(c.desk(s), s, hazard.Move{Action: hazard.Triage, Grade: hazard.General, Class: s.finding.class,
		Accident: s.finding.accident, Factor: s.finding.factor, Unit: s.firm.ID})
}

func triageMajor(c *life, s *story) error {
	return c.act(c.staff["zhifa"], s, hazard.Move{Action: hazard.Triage, Grade: hazard.Major, Class: s.finding.class,
		Accident: s.finding.accident, Factor: s.finding.factor, Unit: s.firm.ID, Standard: demoStandard,
		Clause: demoClause, Words: "现场核查属实，符合判定标准条款。"})
}

func order(c *life, s *story) error {
	today := clock.DayOf(c.Clock.Now())
	return c.act(c.desk(s), s, hazard.Move{Action: hazard.Order, Order: &hazard.RectificationPlan{
		OwnerUnit: s.firm.ID, OwnerPerson: actorID(s.firm.head), Measures: s.finding.measures, Fen: s.finding.fen,
		MoneySource: "企业安全生产费用", Deadline: today.Add(8 + s.n%8), Interim: s.finding.interim,
		Emergency: "发生险情立即停止作业、撤离人员，拨打119、120，并向县安委办报告。",
		Document:  fmt.Sprintf("示安责改〔%d〕%d号", c.Clock.Now().Year(), s.n+1)}})
}

func start(c *life, s *story) error {
	return c.act(s.firm.safety, s, hazard.Move{Action: hazard.Start})
}

func submit(c *life, s *story) error {
	var after []evidence.Ref
	if s.hazard.Status != hazard.OnSpotFixed {
		var err error
		if after, err = c.picture(s.firm.safety, s, true); err != nil {
			return err
		}
	}
	return c.act(s.firm.safety, s, hazard.Move{Action: hazard.Submit, Words: s.finding.done, After: after})
}

// judge is who accepts: the office that ordered, or the county's officer.
func (c *life) judge(s *story) context.Context {
	if s.hazard.OrderUnit != "" && s.hazard.OrderUnit != c.office.ID {
		return c.staff[string(s.where())]
	}
	if s.n%5 == 3 { // the officer reported it
		return c.staff["anban"]
	}
	return c.staff["zhifa"]
}

func accept(c *life, s *story) error {
	return c.act(c.judge(s), s, hazard.Move{Action: hazard.Accept, Words: "现场复查，已按要求整改到位。"})
}

func giveBack(c *life, s *story) error {
	until := clock.DayOf(c.Clock.Now()).Add(6 + s.n%4)
	return c.act(c.judge(s), s, hazard.Move{Action: hazard.Return, Words: "整改不彻底，警示标识未设置，请补充后再报。", Until: until})
}

func closeIt(c *life, s *story) error {
	return c.act(c.desk(s), s, hazard.Move{Action: hazard.Close})
}

func fix(c *life, s *story) error {
	after, err := c.picture(s.firm.safety, s, true)
	if err != nil {
		return err
	}
	return c.act(s.firm.safety, s, hazard.Move{Action: hazard.FixOnSpot, Words: s.finding.done, After: after})
}

func askExtension(c *life, s *story) error {
	until := clock.DayOf(*s.hazard.Deadline).Add(7)
	return c.act(s.firm.safety, s, hazard.Move{Action: hazard.RequestExtension, Until: until,
		Words: "配件订货周期较长，预计下周到货。", Interim: s.finding.interim})
}

func reject(c *life, s *story) error {
	reasons := []string{"not_a_hazard", "cannot_locate", "resolved"}
	return c.act(c.desk(s), s, hazard.Move{Action: hazard.Reject, Reason: reasons[s.n%len(reasons)],
		Words: "已到现场核实，不构成安全隐患，已向反映人说明。"})
}

func duplicate(c *life, s *story) error {
	return c.act(c.staff["anban"], s, hazard.Move{Action: hazard.MarkDuplicate, Master: c.earlier.ID})
}

func transfer(c *life, s *story) error {
	return c.act(c.staff["anban"], s, hazard.Move{Action: hazard.Transfer, ToUnit: c.lines["fire_key"].ID,
		Words: "属消防监督职责范围，请依法处理。"})
}

func reopen(c *life, s *story) error {
	return c.act(c.staff["anban"], s, hazard.Move{Action: hazard.Reopen, Reason: "rebound", Words: "回访发现问题反弹，重新打开。"})
}

func stop(c *life, s *story) error {
	return c.act(c.staff["zhifa"], s, hazard.Move{Action: hazard.Stop, Words: "责令立即停止作业，撤出人员，未经审查同意不得恢复。"})
}

func plan(c *life, s *story) error {
	return c.act(s.firm.head, s, hazard.Move{Action: hazard.Plan, Governance: &hazard.GovernancePlan{
		Goals: "消除" + s.spot + "的重大事故隐患，建立长效机制。", Methods: s.finding.measures,
		Resources: "专项列支，设备和防护用品一周内到位。", Bodies: "主要负责人任组长，安全管理员和车间负责人参加。",
		Schedule: "十日内完成，每日汇报进度。", Safeguards: s.finding.interim + "配备应急救援器材并演练。"}})
}

func receipts(c *life, s *story) error {
	today := clock.DayOf(c.Clock.Now())
	return c.act(s.firm.safety, s, hazard.Move{Action: hazard.ReportMajor, Receipts: &hazard.Receipts{
		RegulatorNo: fmt.Sprintf("示安报〔%d〕%d号", c.Clock.Now().Year(), s.n+1), RegulatorDay: today,
		WorkersNo: "职工代表大会第3次会议纪要", WorkersDay: today}})
}

func applyResume(c *life, s *story) error {
	return c.act(s.firm.head, s, hazard.Move{Action: hazard.ApplyResume, Words: "整改已验收，申请恢复作业。"})
}

func approveResume(c *life, s *story) error {
	return c.act(c.judge(s), s, hazard.Move{Action: hazard.ApproveResume, Words: "经现场审查，同意恢复作业。"})
}

// variation picks the spot of a story's finding.
func (f finding) spot(n int) string { return f.spots[n%len(f.spots)] }
