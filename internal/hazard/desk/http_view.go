// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"time"

	"anlan/internal/hazard"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// HazardView is a hazard as clients see it, in lists and alone.
type HazardView struct {
	ID          string           `json:"id"`
	No          string           `json:"no" example:"AH2706010042"`
	Status      hazard.Status    `json:"status"`
	Grade       hazard.Grade     `json:"grade" doc:"general, major, or empty before triage"`
	Class       string           `json:"class"`
	Words       string           `json:"words" doc:"In lists only the beginning"`
	Spot        string           `json:"spot"`
	Danger      bool             `json:"danger"`
	Photos      int              `json:"photos"`
	Source      string           `json:"source"`
	Channel     string           `json:"channel"`
	Place       place.Path       `json:"place"`
	PlaceName   string           `json:"place_name"`
	UnitID      string           `json:"unit_id"`
	UnitName    string           `json:"unit_name"`
	Lines       []string         `json:"lines" nullable:"false"`
	HandlerUnit string           `json:"handler_unit"`
	HandlerName string           `json:"handler_name"`
	Internal    bool             `json:"internal" doc:"Found by the unit itself and kept inside it"`
	Campaign    string           `json:"campaign"`
	Created     time.Time        `json:"created"`
	Due         *time.Time       `json:"due,omitempty"`
	DueKind     hazard.ClockKind `json:"due_kind,omitempty"`
	Deadline    *time.Time       `json:"deadline,omitempty" doc:"Of rectification"`
	Closed      *time.Time       `json:"closed,omitempty"`
	Reopened    int              `json:"reopened"`
	Version     int              `json:"version"`
}

// hazardView returns the view of h with the names in n.
func hazardView(h *hazard.Hazard, n Names) HazardView {
	return HazardView{ID: h.ID, No: h.No(), Status: h.Status, Grade: h.Grade, Class: h.Class, Words: h.Words, Spot: h.Spot,
		Danger: h.Danger, Photos: h.Photos, Source: h.Source, Channel: h.Channel, Place: h.Place, PlaceName: n.Places[h.Place],
		UnitID: h.Unit, UnitName: n.Units[h.Unit], Lines: h.LineList(), HandlerUnit: h.Handler, HandlerName: n.Units[h.Handler],
		Internal: h.Internal, Campaign: h.Campaign, Created: h.Created, Due: h.Due, DueKind: h.DueKind, Deadline: h.Deadline,
		Closed: h.Closed, Reopened: h.Reopened, Version: h.Version}
}

// hazardClock is a running term as clients see it.
type hazardClock struct {
	Kind           hazard.ClockKind `json:"kind"`
	Due            time.Time        `json:"due"`
	LastDay        clock.Day        `json:"last_day" doc:"The last day on which one is in time"`
	Rule           string           `json:"rule" doc:"Id of the rule that set it"`
	Explain        string           `json:"explain" doc:"Key of the sentence that explains it"`
	Left           int              `json:"left" doc:"Whole days left; negative when overdue"`
	Reminder       int              `json:"reminder" doc:"The reminder reached: 7, 3, 1 days before; 0 at the end and after; -1 none"`
	Paused         bool             `json:"paused" doc:"An extension is being decided"`
	LastIsHoliday  bool             `json:"last_is_holiday" doc:"Shown, never moved"`
	NextWorkingDay clock.Day        `json:"next_working_day,omitempty"`
}

// clockView returns the view of c, nil for none.
func clockView(c *hazard.Clock) *hazardClock {
	if c == nil {
		return nil
	}
	return &hazardClock{Kind: c.Kind, Due: c.Due, LastDay: c.Last, Rule: c.Rule, Explain: c.Explain, Left: c.Left,
		Reminder: c.Reminder, Paused: c.Paused, LastIsHoliday: c.Holiday, NextWorkingDay: c.NextWork}
}

// hazardStep is a possible step as clients see it.
type hazardStep struct {
	Action   hazard.Action `json:"action"`
	Allowed  bool          `json:"allowed"`
	WhyNot   *hazardWhyNot `json:"why_not,omitempty"`
	Needs    []string      `json:"needs" nullable:"false"`
	Party    hazard.Party  `json:"party" doc:"Whose step it is"`
	UnitID   string        `json:"unit_id" doc:"The unit that is"`
	UnitName string        `json:"unit_name"`
}

// hazardWhyNot says why a step is not the asker's.
type hazardWhyNot struct {
	Key  string         `json:"key" doc:"Key of the sentence to show"`
	Args map[string]any `json:"args,omitempty"`
}

// stepViews returns the view of steps with the names of units.
func stepViews(all []hazard.Step, units map[string]string) []hazardStep {
	out := make([]hazardStep, len(all))
	for i, s := range all {
		out[i] = hazardStep{Action: s.Action, Allowed: s.Allowed, WhyNot: whyNot(s.WhyNot), Needs: s.Needs, Party: s.Party,
			UnitID: s.Unit, UnitName: units[s.Unit]}
	}
	return out
}

func whyNot(e *errs.Error) *hazardWhyNot {
	if e == nil {
		return nil
	}
	return &hazardWhyNot{e.Key, e.Args}
}
