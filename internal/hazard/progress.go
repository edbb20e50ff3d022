// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// Progress is what a reporter sees with the query code: steps as keys, which the page says
// in plain words. It names nobody and holds no words of an office.
type Progress struct {
	No        string
	Status    Status
	PlaceName string
	Reported  time.Time
	Master    string // number of the hazard under which a duplicate goes on, or ""
	Steps     []ProgressStep
	Next      string     // key of what comes next, or "" when nothing does
	By        *time.Time // by when it should come
	Overdue   bool
}

// ProgressStep is something that happened, told to the reporter.
type ProgressStep struct {
	At   time.Time
	Step string // "received", "accepted_for_handling" …
}

// told maps steps to what reporters are told; the others are the office's own business.
var told = map[Action]string{reportAction: "received", Triage: "confirmed", Reject: "not_accepted", MarkDuplicate: "merged",
	Transfer: "passed_on", Receive: "taken_over", FixOnSpot: "fixed_at_once", Order: "ordered", Stop: "stopped",
	Start: "being_fixed", GrantExtension: "extended", Lapse: "late", Submit: "fixed_to_check", Accept: "checked",
	Return: "fix_again", ApproveResume: "closed", RefuseResume: "fix_again", Close: "closed", Reopen: "reopened"}

// coming maps a status to what comes next.
var coming = map[Status]string{Reported: "confirm", Transferred: "take_over", Triaged: "order", OnSpotFixed: "check",
	Ordered: "fix", Stopped: "fix", Rectifying: "fix", Extension: "fix", Overdue: "fix", Accepting: "check",
	Accepted: "close", ResumeReview: "resume"}

// Progress returns how far the report with this query code has come. For an unknown code it
// is NotFound, after the same queries: the time tells nothing of whether a code exists.
func (s *Service) Progress(ctx context.Context, code string) (*Progress, error) {
	q := s.DB.Read()
	h, err := byCode(ctx, q, hashCode(code))
	unknown := errs.KindOf(err) == errs.NotFound
	if unknown {
		h = &Hazard{Place: place.Nation}
	} else if err != nil {
		return nil, err
	}
	moves, err := s.Timeline(ctx, h)
	if err != nil {
		return nil, err
	}
	master, err := s.masterOf(ctx, h)
	if err != nil {
		return nil, err
	}
	name, err := s.Org.PlaceNames(ctx, []place.Path{h.Place})
	if err != nil {
		return nil, err
	}
	if unknown {
		return nil, errs.New(errs.NotFound, "hazard.unknown_code_given")
	}
	p := &Progress{No: h.No(), Status: h.Status, PlaceName: name[h.Place], Reported: h.Created, Next: coming[h.Status], By: h.Due}
	if master != nil { // the reporter of a duplicate follows the hazard that is worked on
		p.Master, p.Next, p.By = master.No(), coming[master.Status], master.Due
	}
	p.Overdue = p.By != nil && h.DueKind != ClockNow && s.Now().After(*p.By)
	for _, m := range moves {
		if step, ok := told[m.Action]; ok {
			p.Steps = append(p.Steps, ProgressStep{m.At, step})
		}
	}
	return p, nil
}

// masterOf returns the hazard that h repeats, or nil. It always asks the database.
func (s *Service) masterOf(ctx context.Context, h *Hazard) (*Hazard, error) {
	m, err := byID(ctx, s.DB.Read(), h.Master)
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil
	}
	return m, err
}
