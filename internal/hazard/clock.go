// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"slices"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/rules"
)

// ClockKind says which term runs. It also names the sentence that explains it,
// "hazard.clock_<kind>".
type ClockKind string

const (
	ClockNow       ClockKind = "now"    // danger was reported: triage at once
	ClockTriage    ClockKind = "triage" // until triaged, and then until something is ordered
	ClockReceipt   ClockKind = "receipt"
	ClockRectify   ClockKind = "rectify"
	ClockExtension ClockKind = "extension" // the old deadline, paused while an extension is decided
	ClockAccept    ClockKind = "accept"    // until accepted or returned, and then until closed
	ClockResume    ClockKind = "resume"
)

// Keys of the rules that set terms.
const (
	ruleTriage     = "hazard.triage"
	ruleReceipt    = "hazard.transfer_receipt"
	ruleRectify    = "hazard.rectify_default"
	ruleRectifyMax = "hazard.rectify_max"
	ruleAccept     = "hazard.accept"
	ruleResume     = "hazard.resume_review"
	ruleResumeCoal = "hazard.resume_review_coal"
	ruleReminders  = "hazard.reminders"
)

const lineCoal = "coal"

// ruled says which clock runs in a status, and the rule that sets its term; a status without
// a rule runs by the deadline of the order.
var ruled = map[Status]struct {
	kind ClockKind
	rule string
}{
	Reported: {ClockTriage, ruleTriage}, Triaged: {ClockTriage, ruleTriage}, Transferred: {ClockReceipt, ruleReceipt},
	OnSpotFixed: {ClockAccept, ruleAccept}, Accepting: {ClockAccept, ruleAccept}, Accepted: {ClockAccept, ruleAccept},
	ResumeReview: {ClockResume, ruleResume},
}

// wind starts the clock of the status that h has just come into. What was ordered runs
// until its deadline, at 24:00 Beijing time; everything else by the rule of its place.
func (s *Service) wind(ctx context.Context, h *Hazard, now time.Time) error {
	if h.Status.Final() {
		h.DueKind, h.Due, h.DueRule = "", nil, ""
		return nil
	}
	if h.Deadline != nil && slices.Contains([]Status{Ordered, Stopped, Rectifying, Extension, Overdue}, h.Status) {
		h.DueKind, h.Due, h.DueRule = ClockRectify, h.Deadline, h.DeadlineRule
		if h.Status == Extension {
			h.DueKind = ClockExtension
		}
		return nil
	}
	r, ok := ruled[h.Status]
	if !ok { // stopped before anything was ordered: the order is due
		r = ruled[Triaged]
	}
	if h.Status == ResumeReview && slices.Contains(h.LineList(), lineCoal) {
		r.rule = ruleResumeCoal
	}
	d, err := s.Rules.Deadline(ctx, r.rule, h.Place, now)
	if err != nil {
		return err
	}
	h.DueKind, h.Due, h.DueRule = r.kind, &d.At, d.RuleID
	if h.Status == Reported && h.Danger {
		h.DueKind, h.Due = ClockNow, &now
	}
	return nil
}

// setDeadline makes last the final day of rectification. It is Invalid, at the given field,
// when that day is over or later than the rule of the place allows from now.
func (s *Service) setDeadline(ctx context.Context, h *Hazard, last clock.Day, at string, now time.Time) error {
	longest, err := s.Rules.Deadline(ctx, ruleRectifyMax, h.Place, now)
	if err != nil {
		return err
	}
	if !last.Valid() || last < clock.DayOf(now) {
		return errs.InvalidFields(errs.At("body."+at, "hazard.needs_deadline"))
	}
	if last > longest.Last {
		return errs.InvalidFields(errs.At("body."+at, "hazard.deadline_far", "last", longest.Last))
	}
	end := last.End()
	h.Deadline, h.DeadlineRule = &end, longest.RuleID
	return nil
}

// UsualDeadline returns the last day of the usual term of rectification, from now: what an
// order for h is proposed to say.
func (s *Service) UsualDeadline(ctx context.Context, h *Hazard) (clock.Day, error) {
	d, err := s.Rules.Deadline(ctx, ruleRectify, h.Place, s.Now())
	return d.Last, err
}

// Clock is a running term as a person sees it.
type Clock struct {
	Kind     ClockKind
	Due      time.Time
	Last     clock.Day // the last day on which one is in time
	Rule     string    // id of the rule that set it
	Explain  string    // key of the sentence that explains it
	Paused   bool      // escalation waits, an extension is being decided
	Holiday  bool      // Last is a day off: shown, never moved
	NextWork clock.Day // the first working day after Last, when Last is a day off
	Left     int       // whole days left; negative when overdue
	Reminder int       // D-7, D-3, D-1: the nearest reminder reached, 0 on the last day and after; -1 none
}

// ClockOf returns the clock that runs for h, or nil.
func (s *Service) ClockOf(ctx context.Context, h *Hazard) (*Clock, error) {
	if h.Due == nil {
		return nil, nil
	}
	cal, err := s.Rules.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	c := &Clock{Kind: h.DueKind, Due: *h.Due, Last: clock.DayOf(h.Due.Add(-time.Microsecond)), Rule: h.DueRule,
		Explain: "hazard.clock_" + string(h.DueKind), Paused: h.DueKind == ClockExtension}
	c.Holiday = !cal.Working(c.Last)
	if c.Holiday {
		c.NextWork = workingAfter(cal, c.Last)
	}
	c.Left = daysBetween(clock.DayOf(now), c.Last)
	c.Reminder, err = s.reminder(ctx, h, c.Left)
	return c, err
}

func workingAfter(cal *rules.Calendar, d clock.Day) clock.Day {
	for d = d.Add(1); !cal.Working(d); {
		d = d.Add(1)
	}
	return d
}

// reminder returns the smallest configured number of days that is not less than left.
func (s *Service) reminder(ctx context.Context, h *Hazard, left int) (int, error) {
	if left <= 0 {
		return 0, nil
	}
	v, err := s.Rules.Resolve(ctx, ruleReminders, h.Place, clock.DayOf(s.Now()))
	if err != nil {
		return 0, err
	}
	days, err := v.List()
	if err != nil {
		return 0, err
	}
	if i := slices.IndexFunc(days, func(d int) bool { return left <= d }); i >= 0 {
		return days[i], nil
	}
	return -1, nil
}

func daysBetween(a, b clock.Day) int { return int(b.Start().Sub(a.Start()) / (24 * time.Hour)) }
