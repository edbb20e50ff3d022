// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"slices"
	"strings"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/rules/taxonomy"
)

// Reasons that a step may give, by action. They are facts of the ledger; words are not.
var reasons = map[Action][]string{
	Reject: {"not_a_hazard", "untrue", "cannot_locate", "not_ours", "resolved"},
	Reopen: {"rebound", "fraud", "repeat"}, // 反弹、造假、复发
}

// Move is one step that somebody asks for, with what it must bring (ActionInfo.Needs).
type Move struct {
	Action  Action
	Version int    // of the hazard as the person saw it
	Key     string // idempotency key, or ""

	Words  string // of the person; kept in the history, never in the ledger
	Reason string
	Before []evidence.Ref // pictures from before the repair
	After  []evidence.Ref // from after it, or of the inspection

	Grade      Grade
	Class      string
	Accident   string
	Factor     string
	Inspection string
	Standard   string
	Clause     string
	Unit       string // at triage: the unit it concerns, when the report did not say or was wrong

	Master     string // id or number of the hazard that this one repeats
	ToUnit     string // of a transfer
	Until      clock.Day
	Interim    string // what guards people while an extension runs
	Order      *RectificationPlan
	Governance *GovernancePlan
	Receipts   *Receipts
}

// check refuses a move that lacks what its action needs. It looks at the move and the
// hazard alone; what needs a look elsewhere is checked by the service.
func (m *Move) check(h *Hazard, today clock.Day) error {
	m.Words = strings.TrimSpace(m.Words)
	var bad checks
	bad.add(!within(m.Words, 0, maxWords), "words", "field.too_long")
	for _, need := range actionInfo[m.Action].Needs {
		m.checkField(&bad, need, h)
	}
	if m.Action == Transfer && !h.Internal {
		bad.add(m.ToUnit == "", "to_unit", "hazard.needs_receiver")
	}
	if err := bad.err(); err != nil {
		return err
	}
	return m.checkParts(today)
}

func (m *Move) checkField(bad *checks, need string, h *Hazard) {
	switch need {
	case "words":
		bad.add(!within(m.Words, 2, maxWords), need, "hazard.needs_words")
	case "reason":
		bad.add(!slices.Contains(reasons[m.Action], m.Reason), need, "hazard.needs_reason")
	case "grade":
		bad.add(m.Grade != General && m.Grade != Major, need, "hazard.needs_grade")
		bad.add(m.Grade == Major && m.Standard == "", "standard", "hazard.needs_clause")
		bad.add(m.Grade == Major && m.Standard != "" && m.Clause == "", "clause", "hazard.needs_clause")
		bad.add(m.Action == Regrade && m.Grade == h.Grade, need, "hazard.same_grade")
		bad.add(h.Internal && m.Grade == Major, need, "hazard.major_to_regulator")
	case "class":
		m.checkClass(bad)
	case "master":
		bad.add(m.Master == "", need, "hazard.needs_master")
	case "before":
		bad.add(len(m.Before) == 0 && h.Photos == 0, need, "hazard.needs_before")
	case "after":
		bad.add(len(m.After) == 0 && h.Status != OnSpotFixed, need, "hazard.needs_after")
	case "interim":
		bad.add(!within(m.Interim, 2, maxWords), need, "hazard.needs_interim")
	case "until":
		bad.add(!m.Until.Valid() && h.HasOrder, need, "hazard.needs_deadline")
		late := m.Action == RequestExtension && m.Until.Valid() && h.Deadline != nil && !m.Until.End().After(*h.Deadline)
		bad.add(late, need, "hazard.extension_short")
	case "order":
		bad.add(m.Order == nil, need, "hazard.needs_order")
	case "governance":
		bad.add(m.Governance == nil, need, "hazard.needs_governance")
	case "receipts":
		bad.add(m.Receipts == nil, need, "hazard.needs_receipts")
	}
}

// checkClass looks the codes up; only the workers' class must be there.
func (m *Move) checkClass(bad *checks) {
	bad.add(!taxonomy.Has(taxonomy.Worker, m.Class), "class", "hazard.needs_class")
	for _, code := range []struct{ at, list, code string }{
		{"accident", taxonomy.Accident, m.Accident}, {"factor", taxonomy.HazardFactor, m.Factor},
		{"inspection", taxonomy.Inspection, m.Inspection},
	} {
		bad.add(code.code != "" && !taxonomy.Has(code.list, code.code), code.at, "hazard.unknown_code")
	}
}

func (m *Move) checkParts(today clock.Day) error {
	switch {
	case m.Action == Order:
		return m.Order.check(today)
	case m.Action == Plan:
		return m.Governance.check()
	case m.Action == ReportMajor:
		return m.Receipts.check(today)
	}
	return nil
}

// apply takes the step that has been checked and returns what it leaves in the history.
// Clocks are wound afterwards, by the service.
func (h *Hazard) apply(m *Move, by actor.Actor, now time.Time) (Moved, error) {
	to, err := h.next(m.Action)
	if err != nil {
		return Moved{}, err
	}
	moved := Moved{HazardID: h.ID, At: now, Action: m.Action, From: h.Status, To: to, Actor: by.ID, ActorUnit: by.Unit,
		Words: m.Words, Reason: m.Reason, WasGrade: h.Grade, Key: m.Key}
	if h.Due != nil {
		moved.Late = now.After(*h.Due) && h.DueKind != ClockNow
	}
	h.Status = to
	h.change(m, by, &moved)
	moved.Grade = h.Grade
	return moved, nil
}

// change sets what the step says about h besides its status.
func (h *Hazard) change(m *Move, by actor.Actor, moved *Moved) {
	switch m.Action {
	case Triage:
		h.grade(m)
		h.Class, h.Accident, h.Factor, h.Inspection = m.Class, m.Accident, m.Factor, m.Inspection
		if m.Accident != "" {
			h.AccidentBy = taxonomy.Accident
		}
		h.HasOrder = false
		h.OrderUnit, h.OrderPath, h.OrderPlace = by.Unit, by.UnitPath, by.Home
	case Regrade:
		h.grade(m)
		moved.Detail = detail("standard", h.Standard, "clause", h.Clause)
	case MarkDuplicate:
		h.Master = m.Master
	case Transfer:
		h.Before, h.WasInternal, h.Internal = h.Handler, h.Internal, false
		h.Handler = m.ToUnit
		h.HasOrder, h.Deadline, h.DeadlineRule = false, nil, "" // the receiver decides anew
	case SendBack:
		h.Handler, h.Internal = h.Before, h.WasInternal
		h.Before, h.WasInternal = "", false
	case Receive:
		h.Before, h.WasInternal = "", false
	case FixOnSpot:
		h.addRectifier(by.ID)
	case Order:
		h.HasOrder = true
		h.OrderUnit, h.OrderPath, h.OrderPlace = by.Unit, by.UnitPath, by.Home
		moved.Fen = m.Order.Fen
		h.addRectifier(m.Order.OwnerPerson)
	case Stop:
		h.WasStopped, h.Resumed = true, false
	case Start, Submit:
		h.addRectifier(by.ID)
	case Plan:
		h.HasPlan = true
	case ReportMajor:
		h.HasReceipts = true
	case RequestExtension:
		h.ExtensionUntil = m.Until
		moved.Detail = detail("until", string(m.Until), "interim", m.Interim)
	case RefuseExtension, Return, RefuseResume:
		h.ExtensionUntil = ""
	case ApproveResume:
		h.Resumed = true
		h.Closed = &moved.At
	case Close:
		h.Closed = &moved.At
	case Reopen:
		h.reopen()
	}
}

func (h *Hazard) grade(m *Move) {
	h.Grade, h.Standard, h.Clause = m.Grade, m.Standard, m.Clause
}

// reopen begins a new round: the deadline of the last one is over, and so is its review.
func (h *Hazard) reopen() {
	h.Closed, h.Deadline, h.DeadlineRule, h.Reopened = nil, nil, "", h.Reopened+1
}

// Moved is one step as the history keeps it.
type Moved struct {
	HazardID  string     `bun:"hazard_id"`
	Version   int        `bun:"version"` // of the hazard after the step
	At        time.Time  `bun:"at"`
	Action    Action     `bun:"action"`
	From      Status     `bun:"from_status"`
	To        Status     `bun:"to_status"`
	Actor     string     `bun:"actor"` // "" for the timer
	ActorUnit string     `bun:"actor_unit"`
	Words     string     `bun:"words"`
	Reason    string     `bun:"reason"`
	Grade     Grade      `bun:"grade"`
	Detail    string     `bun:"detail"` // flat JSON object of text, or ""
	Due       *time.Time `bun:"due"`    // of the clock that the step started
	DueRule   string     `bun:"due_rule"`
	Key       string     `bun:"step_key"` // fingerprint of actor and idempotency key, or ""

	WasGrade    Grade  `bun:"-"`
	WasUnitPath string `bun:"-"` // of the unit that it concerned before the step, or ""
	Late        bool   `bun:"-"` // the clock had run out
	Fen         int64  `bun:"-"`
}

// conflict is what a person is told who acts on a hazard that has moved on.
func conflict(h *Hazard) error {
	return errs.New(errs.Conflict, "hazard.changed", "version", h.Version)
}

// detail makes the flat object of names and texts that a step leaves in the history.
func detail(pairs ...string) string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			m[pairs[i]] = pairs[i+1]
		}
	}
	return string(mustJSON(m))
}
