// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

const (
	maxWords  = 2000 // characters of any text of a step
	maxPerson = 40   // characters of a person's name
	maxMoney  = 1e13 // fen, a hundred thousand million 元: more is a slip of the keyboard
)

// RectificationPlan is the five elements (五落实) that an order must have: who answers, what
// is done, with which money, by when, and what guards people until then.
type RectificationPlan struct {
	HazardID    string    `bun:"hazard_id"`
	Version     int       `bun:"version"` // of the hazard when it was ordered
	OwnerUnit   string    `bun:"owner_unit"`
	OwnerPerson string    `bun:"owner_person"` // id of a person, or ""
	OwnerName   string    `bun:"owner_name"`   // of a person who is not in the system
	Measures    string    `bun:"measures"`
	Fen         int64     `bun:"fen"`
	MoneySource string    `bun:"money_source"`
	MoneyReason string    `bun:"money_reason"` // why no money is needed, when Fen is 0
	Deadline    clock.Day `bun:"deadline"`
	Interim     string    `bun:"interim"`     // control until it is rectified: who watches, what is forbidden
	Emergency   string    `bun:"emergency"`   // plan for the case that it happens
	Document    string    `bun:"document_no"` // number of the written order, or ""
	OrderedBy   string    `bun:"ordered_by"`
	At          time.Time `bun:"at"`
}

// check returns an Invalid error that names every element that is missing or wrong.
// today is the day of the order.
func (p *RectificationPlan) check(today clock.Day) error {
	var bad checks
	bad.add(p.OwnerUnit == "", "order.owner_unit", "hazard.needs_owner")
	bad.add(p.OwnerPerson == "" && !within(p.OwnerName, 2, maxPerson), "order.owner_person", "hazard.needs_person")
	bad.add(!within(p.Measures, 2, maxWords), "order.measures", "hazard.needs_measures")
	bad.add(p.Fen < 0 || p.Fen > maxMoney, "order.fen", "hazard.bad_money")
	bad.add(p.Fen > 0 && !within(p.MoneySource, 2, maxWords), "order.money_source", "hazard.needs_money_source")
	bad.add(p.Fen == 0 && !within(p.MoneyReason, 2, maxWords), "order.money_reason", "hazard.needs_money_reason")
	bad.add(!p.Deadline.Valid() || p.Deadline < today, "order.deadline", "hazard.needs_deadline")
	bad.add(!within(p.Interim, 2, maxWords), "order.interim", "hazard.needs_interim")
	bad.add(!within(p.Emergency, 2, maxWords), "order.emergency", "hazard.needs_emergency")
	bad.add(utf8.RuneCountInString(p.Document) > maxPerson, "order.document_no", "field.too_long")
	return bad.err()
}

// GovernancePlan is the six parts (治理方案) that the head of a unit draws up for a major
// hazard (安全生产事故隐患排查治理暂行规定, 令第16号).
type GovernancePlan struct {
	HazardID   string    `bun:"hazard_id"`
	Goals      string    `bun:"goals"`      // 治理的目标和任务
	Methods    string    `bun:"methods"`    // 采取的方法和措施
	Resources  string    `bun:"resources"`  // 经费和物资的落实
	Bodies     string    `bun:"bodies"`     // 负责治理的机构和人员
	Schedule   string    `bun:"schedule"`   // 治理的时限和要求
	Safeguards string    `bun:"safeguards"` // 安全措施和应急预案
	By         string    `bun:"written_by"`
	At         time.Time `bun:"at"`
}

func (p *GovernancePlan) check() error {
	var bad checks
	for _, part := range []struct{ at, text string }{
		{"governance.goals", p.Goals}, {"governance.methods", p.Methods}, {"governance.resources", p.Resources},
		{"governance.bodies", p.Bodies}, {"governance.schedule", p.Schedule}, {"governance.safeguards", p.Safeguards},
	} {
		bad.add(!within(part.text, 2, maxWords), part.at, "hazard.needs_part")
	}
	return bad.err()
}

// Receipts prove the two reports that a major hazard owes (安全生产法 Art. 41): to the
// regulator and to the workers' congress (职工大会或职工代表大会).
type Receipts struct {
	HazardID     string    `bun:"hazard_id"`
	RegulatorNo  string    `bun:"regulator_no"` // number or name of the receipt
	RegulatorDay clock.Day `bun:"regulator_day"`
	WorkersNo    string    `bun:"workers_no"` // minutes or resolution
	WorkersDay   clock.Day `bun:"workers_day"`
	By           string    `bun:"recorded_by"`
	At           time.Time `bun:"at"`
}

func (r *Receipts) check(today clock.Day) error {
	var bad checks
	bad.add(!within(r.RegulatorNo, 2, maxPerson*2), "receipts.regulator_no", "hazard.needs_receipt")
	bad.add(!r.RegulatorDay.Valid() || r.RegulatorDay > today, "receipts.regulator_day", "hazard.needs_receipt_day")
	bad.add(!within(r.WorkersNo, 2, maxPerson*2), "receipts.workers_no", "hazard.needs_receipt")
	bad.add(!r.WorkersDay.Valid() || r.WorkersDay > today, "receipts.workers_day", "hazard.needs_receipt_day")
	return bad.err()
}

// checks gathers the inputs that are wrong.
type checks struct{ fields []errs.Field }

// add notes at when wrong; at is where in the body of a step.
func (c *checks) add(wrong bool, at, key string, args ...any) {
	if wrong {
		c.fields = append(c.fields, errs.At("body."+at, key, args...))
	}
}

func (c *checks) err() error { return errs.InvalidFields(c.fields...) }

// within reports whether s has least to most characters that are not blank at its ends.
func within(s string, least, most int) bool {
	n := utf8.RuneCountInString(strings.TrimSpace(s))
	return n >= least && n <= most
}
