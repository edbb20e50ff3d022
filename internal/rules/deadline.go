// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

// TermKind says which days a term counts.
type TermKind string

const (
	WorkingDays  TermKind = "working"  // 工作日
	CalendarDays TermKind = "calendar" // 自然日
)

// Term is a length of time in days, as the law gives it.
type Term struct {
	N    int      `json:"n"`
	Kind TermKind `json:"kind"`
}

// Pause is a stretch of time that a term does not count. A zero To means that it
// still goes on; Service takes the present moment for it.
type Pause struct{ From, To time.Time }

// Deadline is when a term is over.
type Deadline struct {
	At            time.Time // 24:00 Beijing time of Last
	Last          clock.Day // the last day on which one is in time
	RuleID        string    // the rule that gave the term; "" when it was not a rule
	LastIsHoliday bool      // Last is a day off: shown to people, never moved for them
	Provisional   bool      // it counts working days of a year whose calendar is not announced: it may yet move
}

// longest is the most days that are looked at to end a term with its pauses.
const longest = 100 * 366

// Due returns the deadline of a term that starts at start. How days count:
//
//   - the day of the start does not count, as in Art. 201 of the Civil Code: one
//     day from Monday noon ends on Tuesday at 24:00;
//   - a calendar term counts every day, a working term the working days of c;
//   - a pause begins to take effect on the day after it begins and ends with the
//     day on which it ends, so those days do not count: one from Monday to
//     Wednesday, at whatever hours, lengthens a calendar term that it meets by two
//     days, and one within a day by none. Days that several pauses share are left
//     out once.
//
// The deadline is thus the N-th day that counts. When it is a day off it stays
// where it is, and LastIsHoliday tells.
func (c *Calendar) Due(t Term, start time.Time, pauses ...Pause) (Deadline, error) {
	if t.N < 1 || t.Kind != WorkingDays && t.Kind != CalendarDays {
		return Deadline{}, fmt.Errorf("rules: %d %q days are no term", t.N, t.Kind)
	}
	day, provisional := clock.DayOf(start), false
	for left, looked := t.N, 0; left > 0; looked++ {
		if looked > longest {
			return Deadline{}, errs.New(errs.Invalid, "rules.term_too_long")
		}
		day = day.Add(1)
		provisional = provisional || t.Kind == WorkingDays && !c.Announced(day)
		if c.counts(t.Kind, day) && !paused(day, pauses) {
			left--
		}
	}
	return Deadline{At: day.End(), Last: day, LastIsHoliday: !c.Working(day), Provisional: provisional}, nil
}

func (c *Calendar) counts(k TermKind, d clock.Day) bool { return k == CalendarDays || c.Working(d) }

func paused(d clock.Day, pauses []Pause) bool {
	for _, p := range pauses {
		if clock.DayOf(p.From) < d && d <= clock.DayOf(p.To) {
			return true
		}
	}
	return false
}
