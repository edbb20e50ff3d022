// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// HazardView is a hazard as clients see it, in lists and alone.
type HazardView struct {
	ID          string     `json:"id"`
	No          string     `json:"no" example:"AH2706010042"`
	Status      Status     `json:"status"`
	Grade       Grade      `json:"grade" doc:"general, major, or empty before triage"`
	Class       string     `json:"class"`
	Words       string     `json:"words" doc:"In lists only the beginning"`
	Spot        string     `json:"spot"`
	Danger      bool       `json:"danger"`
	Photos      int        `json:"photos"`
	Source      string     `json:"source"`
	Channel     string     `json:"channel"`
	Place       place.Path `json:"place"`
	PlaceName   string     `json:"place_name"`
	UnitID      string     `json:"unit_id"`
	UnitName    string     `json:"unit_name"`
	Lines       []string   `json:"lines" nullable:"false"`
	HandlerUnit string     `json:"handler_unit"`
	HandlerName string     `json:"handler_name"`
	Internal    bool       `json:"internal" doc:"Found by the unit itself and kept inside it"`
	Campaign    string     `json:"campaign"`
	Created     time.Time  `json:"created"`
	Due         *time.Time `json:"due,omitempty"`
	DueKind     ClockKind  `json:"due_kind,omitempty"`
	Deadline    *time.Time `json:"deadline,omitempty" doc:"Of rectification"`
	Closed      *time.Time `json:"closed,omitempty"`
	Reopened    int        `json:"reopened"`
	Version     int        `json:"version"`
}

// ViewOf returns the view of h with the names in n.
func ViewOf(h *Hazard, n Names) HazardView {
	return HazardView{ID: h.ID, No: h.No(), Status: h.Status, Grade: h.Grade, Class: h.Class, Words: h.Words, Spot: h.Spot,
		Danger: h.Danger, Photos: h.Photos, Source: h.Source, Channel: h.Channel, Place: h.Place, PlaceName: n.Places[h.Place],
		UnitID: h.Unit, UnitName: n.Units[h.Unit], Lines: h.LineList(), HandlerUnit: h.Handler, HandlerName: n.Units[h.Handler],
		Internal: h.Internal, Campaign: h.Campaign, Created: h.Created, Due: h.Due, DueKind: h.DueKind, Deadline: h.Deadline,
		Closed: h.Closed, Reopened: h.Reopened, Version: h.Version}
}

// HazardClock is a running term as clients see it.
type HazardClock struct {
	Kind           ClockKind `json:"kind"`
	Due            time.Time `json:"due"`
	LastDay        clock.Day `json:"last_day" doc:"The last day on which one is in time"`
	Rule           string    `json:"rule" doc:"Id of the rule that set it"`
	Explain        string    `json:"explain" doc:"Key of the sentence that explains it"`
	Left           int       `json:"left" doc:"Whole days left; negative when overdue"`
	Reminder       int       `json:"reminder" doc:"The reminder reached: 7, 3, 1 days before; 0 at the end and after; -1 none"`
	Paused         bool      `json:"paused" doc:"An extension is being decided"`
	LastIsHoliday  bool      `json:"last_is_holiday" doc:"Shown, never moved"`
	NextWorkingDay clock.Day `json:"next_working_day,omitempty"`
}

// ViewOfClock returns the view of c, nil for none.
func ViewOfClock(c *Clock) *HazardClock {
	if c == nil {
		return nil
	}
	return &HazardClock{Kind: c.Kind, Due: c.Due, LastDay: c.Last, Rule: c.Rule, Explain: c.Explain, Left: c.Left,
		Reminder: c.Reminder, Paused: c.Paused, LastIsHoliday: c.Holiday, NextWorkingDay: c.NextWork}
}

// HazardStep is a possible step as clients see it.
type HazardStep struct {
	Action   Action        `json:"action"`
	Allowed  bool          `json:"allowed"`
	WhyNot   *HazardWhyNot `json:"why_not,omitempty"`
	Needs    []string      `json:"needs" nullable:"false"`
	Party    Party         `json:"party" doc:"Whose step it is"`
	UnitID   string        `json:"unit_id" doc:"The unit that is"`
	UnitName string        `json:"unit_name"`
}

// HazardWhyNot says why a step is not the asker's.
type HazardWhyNot struct {
	Key  string         `json:"key" doc:"Key of the sentence to show"`
	Args map[string]any `json:"args,omitempty"`
}

// ViewOfSteps returns the view of steps with the names of units.
func ViewOfSteps(all []Step, units map[string]string) []HazardStep {
	out := make([]HazardStep, len(all))
	for i, s := range all {
		out[i] = HazardStep{Action: s.Action, Allowed: s.Allowed, WhyNot: whyNot(s.WhyNot), Needs: s.Needs, Party: s.Party,
			UnitID: s.Unit, UnitName: units[s.Unit]}
	}
	return out
}

func whyNot(e *errs.Error) *HazardWhyNot {
	if e == nil {
		return nil
	}
	return &HazardWhyNot{e.Key, e.Args}
}
