// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"slices"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/rules"
)

// ClockKind says which term runs. It also names the sentence that explains it,
// "tip.clock_<kind>".
type ClockKind string

const (
	ClockAccept    ClockKind = "accept"    // until taken up, refused, transferred or merged
	ClockVerify    ClockKind = "verify"    // until answered
	ClockObjection ClockKind = "objection" // the informant's: until an objection, then it is closed
	ClockReexamine ClockKind = "reexamine" // until the re-examination is concluded
)

// Keys of the rules that set terms.
const (
	ruleAccept    = "tip.accept"
	ruleVerify    = "tip.verify"
	ruleExtension = "tip.verify_extension"
	ruleObjection = "tip.objection"
	ruleReexamine = "tip.reexamine"
)

// ruled says which clock a status starts and the rule that sets its term. In a status
// without one, and in Verifying, the clock that runs goes on.
var ruled = map[Status]struct {
	kind ClockKind
	rule string
}{
	Received: {ClockAccept, ruleAccept}, Accepted: {ClockVerify, ruleVerify}, Answered: {ClockObjection, ruleObjection},
	Refused: {ClockObjection, ruleObjection}, Reexamining: {ClockReexamine, ruleReexamine},
}

// wind starts the clock of the status that t has just come into. The rule is that of the
// place of the office which handles t.
func (s *Service) wind(ctx context.Context, t *Tip, from time.Time) error {
	t.DueKind, t.Due, t.DueRule, t.DueFrom = "", nil, "", nil
	r, ok := ruled[t.Status]
	if !ok {
		return nil
	}
	d, err := s.Rules.Deadline(ctx, r.rule, t.OfficePlace, from)
	if err != nil {
		return err
	}
	t.DueKind, t.Due, t.DueRule, t.DueFrom = r.kind, &d.At, d.RuleID, &from
	return nil
}

// extend lengthens the clock of verification, from its last day on (安监总财〔2018〕19号 Art. 10).
func (s *Service) extend(ctx context.Context, t *Tip) error {
	last := t.Due.Add(-time.Microsecond)
	d, err := s.Rules.Deadline(ctx, ruleExtension, t.OfficePlace, last)
	if err != nil {
		return err
	}
	t.Due, t.DueRule = &d.At, d.RuleID
	return nil
}

// Late reports whether the office has let the running term pass. The term of an objection
// is the informant's: it makes nobody late.
func (t *Tip) Late(now time.Time) bool {
	return t.Due != nil && t.DueKind != ClockObjection && !now.Before(*t.Due)
}

// LateKinds are the clocks that an office can be late with.
var LateKinds = []ClockKind{ClockAccept, ClockVerify, ClockReexamine}

// Clock is a running term as a person sees it.
type Clock struct {
	Kind     ClockKind
	Due      time.Time
	Last     clock.Day // the last day on which one is in time
	Since    Action    // step that started it; "received" for the arrival
	From     clock.Day // the day of that step, which does not count
	Term     rules.Term
	Rule     string // id of the rule that set it
	RuleKey  string
	Source   string // document behind the rule
	Extended *Extension
	Explain  string    // key of the sentence that explains it
	Holiday  bool      // Last is a day off: shown, never moved
	NextWork clock.Day // the first working day after Last, when Last is a day off
	Left     int       // whole days left; negative when it is over
	Late     bool
}

// Extension is what lengthened a term.
type Extension struct {
	Term   rules.Term
	Rule   string
	Source string
}

// sinceReceived stands for the arrival, which is no step.
const sinceReceived Action = "received"

// started says which steps start a clock.
var started = map[ClockKind][]Action{ClockAccept: {Transfer}, ClockVerify: {Accept}, ClockObjection: {Answer, Refuse}, ClockReexamine: {Object}}

// ClockOf returns the clock that runs for t, or nil. Nothing pauses a term of a tip: no
// rule that we know says so.
func (s *Service) ClockOf(ctx context.Context, t *Tip) (*Clock, error) {
	if t.Due == nil {
		return nil, nil
	}
	from, now := t.Received, s.Now()
	if t.DueFrom != nil {
		from = *t.DueFrom
	}
	c := &Clock{Kind: t.DueKind, Due: *t.Due, Last: clock.DayOf(t.Due.Add(-time.Microsecond)), From: clock.DayOf(from), Rule: t.DueRule,
		Explain: "tip.clock_" + string(t.DueKind), Late: t.Late(now)}
	c.Left = daysBetween(clock.DayOf(now), c.Last)
	cal, err := s.Rules.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	if c.Holiday = !cal.Working(c.Last); c.Holiday {
		c.NextWork = workingAfter(cal, c.Last)
	}
	if err := s.explain(ctx, t, c); err != nil {
		return nil, err
	}
	moves, err := s.Timeline(ctx, t)
	c.Since = since(t.DueKind, moves)
	return c, err
}

// explain finds the rules that set c, as they stood on the day it began.
func (s *Service) explain(ctx context.Context, t *Tip, c *Clock) error {
	for _, r := range ruled {
		if r.kind == c.Kind {
			c.RuleKey = r.rule
		}
	}
	v, err := s.Rules.Resolve(ctx, c.RuleKey, t.OfficePlace, c.From)
	if err != nil {
		return err
	}
	c.Source = v.SourceDoc
	if c.Term, err = v.Term(); err != nil || c.Kind != ClockVerify || t.Extension != extensionGranted {
		return err
	}
	if v, err = s.Rules.Resolve(ctx, ruleExtension, t.OfficePlace, c.Last); err != nil {
		return err
	}
	c.Extended = &Extension{Rule: v.RuleID, Source: v.SourceDoc}
	c.Extended.Term, err = v.Term()
	return err
}

// since returns the newest step that starts a clock of the kind.
func since(k ClockKind, moves []Moved) Action {
	for _, m := range slices.Backward(moves) {
		if slices.Contains(started[k], m.Action) {
			return m.Action
		}
	}
	return sinceReceived
}

func workingAfter(cal *rules.Calendar, d clock.Day) clock.Day {
	for d = d.Add(1); !cal.Working(d); {
		d = d.Add(1)
	}
	return d
}

func daysBetween(a, b clock.Day) int { return int(b.Start().Sub(a.Start()) / (24 * time.Hour)) }
