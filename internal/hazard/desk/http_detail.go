// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"encoding/json"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/hazard"
	"anlan/internal/kernel/clock"
)

type detailOut struct{ Body hazardDetail }

// hazardDetail is a hazard with everything that belongs to it.
type hazardDetail struct {
	HazardView
	Found           time.Time         `json:"found"`
	FoundDoubt      bool              `json:"found_doubt" doc:"The phone's clock was wrong; found is the server's time"`
	ReporterID      string            `json:"reporter_id"`
	ReporterName    string            `json:"reporter_name"`
	Accident        string            `json:"accident"`
	AccidentList    string            `json:"accident_list"`
	Factor          string            `json:"factor"`
	Inspection      string            `json:"inspection"`
	Standard        string            `json:"standard"`
	Clause          string            `json:"clause"`
	Master          string            `json:"master" doc:"Id of the hazard that this one repeats"`
	OrderUnit       string            `json:"order_unit"`
	OrderUnitName   string            `json:"order_unit_name"`
	ExtensionUntil  clock.Day         `json:"extension_until,omitempty"`
	WasStopped      bool              `json:"was_stopped"`
	HasContact      bool              `json:"has_contact" doc:"A sealed contact or position may be revealed"`
	SuggestDeadline clock.Day         `json:"suggest_deadline,omitempty" doc:"Last day of the usual term"`
	Order           *hazardOrderOut   `json:"order,omitempty"`
	Governance      *hazardGovernance `json:"governance,omitempty"`
	Receipts        *hazardReceipts   `json:"receipts,omitempty"`
	Clock           *hazardClock      `json:"clock,omitempty"`
	Timeline        []hazardMoved     `json:"timeline" nullable:"false"`
	Evidence        []hazardPicture   `json:"evidence" nullable:"false"`
	Steps           []hazardStep      `json:"steps" nullable:"false"`
	Similar         []hazardSimilar   `json:"similar" nullable:"false" doc:"Hints that it may repeat another"`
	Repeats         []hazardRepeat    `json:"repeats" nullable:"false" doc:"Found to repeat this one"`
}

type hazardOrderOut struct {
	HazardOrder
	OwnerUnitName   string    `json:"owner_unit_name"`
	OwnerPersonName string    `json:"owner_person_name"`
	At              time.Time `json:"at"`
}

type hazardMoved struct {
	At        time.Time         `json:"at"`
	Action    hazard.Action     `json:"action"`
	From      hazard.Status     `json:"from,omitempty"`
	To        hazard.Status     `json:"to"`
	Actor     string            `json:"actor"`
	ActorName string            `json:"actor_name"`
	ActorUnit string            `json:"actor_unit"`
	UnitName  string            `json:"unit_name"`
	Words     string            `json:"words"`
	Reason    string            `json:"reason,omitempty"`
	Grade     hazard.Grade      `json:"grade,omitempty"`
	Detail    map[string]string `json:"detail,omitempty"`
	Due       *time.Time        `json:"due,omitempty"`
	DueRule   string            `json:"due_rule,omitempty"`
	Version   int               `json:"version"`
}

type hazardSimilar struct {
	ID        string        `json:"id"`
	No        string        `json:"no"`
	Status    hazard.Status `json:"status"`
	Words     string        `json:"words"`
	PlaceName string        `json:"place_name"`
	Created   time.Time     `json:"created"`
	Alike     int           `json:"alike" doc:"Percent of words in common"`
	Photo     bool          `json:"photo" doc:"A photo looks alike"`
}

type hazardRepeat struct {
	ID      string    `json:"id"`
	No      string    `json:"no"`
	Created time.Time `json:"created"`
}

type getIn struct {
	ID string `path:"id" maxLength:"64" doc:"Id or number"`
}

func (s *Service) httpGet(ctx context.Context, in *getIn) (*detailOut, error) {
	return s.detailOf(ctx, in.ID)
}

func (s *Service) detailOf(ctx context.Context, idOrNo string) (*detailOut, error) {
	d, err := s.Detail(ctx, idOrNo)
	if err != nil {
		return nil, err
	}
	n := d.Names
	v := hazardDetail{HazardView: hazardView(d.Hazard, n), Found: d.Found, FoundDoubt: d.Doubt, ReporterID: d.Reporter,
		ReporterName: n.People[d.Reporter], Accident: d.Accident, AccidentList: d.AccidentBy, Factor: d.Factor,
		Inspection: d.Inspection, Standard: d.Standard, Clause: d.Clause, Master: d.Master, OrderUnit: d.OrderUnit,
		OrderUnitName: n.Units[d.OrderUnit], ExtensionUntil: d.ExtensionUntil, WasStopped: d.WasStopped, HasContact: d.Contact,
		SuggestDeadline: d.Usual, Clock: clockView(d.Clock), Steps: stepViews(d.Steps, n.Units),
		Evidence: pictures(d.Evidence), Timeline: timeline(d), Similar: []hazardSimilar{}, Repeats: []hazardRepeat{}}
	v.addParts(d)
	for _, h := range d.Similar {
		v.Similar = append(v.Similar, hazardSimilar{ID: h.ID, No: h.No(), Status: h.Status, Words: h.Hazard.Words,
			PlaceName: n.Places[h.Place], Created: h.Created, Alike: int(h.Words * 100), Photo: h.Photo})
	}
	for _, h := range d.Repeats {
		v.Repeats = append(v.Repeats, hazardRepeat{h.ID, h.No(), h.Created})
	}
	return &detailOut{v}, nil
}

func (v *hazardDetail) addParts(d *Detail) {
	if p := d.Order; p != nil {
		v.Order = &hazardOrderOut{HazardOrder{p.OwnerUnit, p.OwnerPerson, p.OwnerName, p.Measures, p.Fen, p.MoneySource, p.MoneyReason,
			p.Deadline, p.Interim, p.Emergency, p.Document}, d.Names.Units[p.OwnerUnit], d.Names.People[p.OwnerPerson], p.At}
	}
	if p := d.Governance; p != nil {
		v.Governance = &hazardGovernance{p.Goals, p.Methods, p.Resources, p.Bodies, p.Schedule, p.Safeguards}
	}
	if r := d.Receipts; r != nil {
		v.Receipts = &hazardReceipts{r.RegulatorNo, r.RegulatorDay, r.WorkersNo, r.WorkersDay}
	}
}

func timeline(d *Detail) []hazardMoved {
	out := make([]hazardMoved, len(d.Timeline))
	for i, m := range d.Timeline {
		out[i] = hazardMoved{At: m.At, Action: m.Action, From: m.From, To: m.To, Actor: m.Actor, ActorName: d.Names.People[m.Actor],
			ActorUnit: m.ActorUnit, UnitName: d.Names.Units[m.ActorUnit], Words: m.Words, Reason: m.Reason, Grade: m.Grade,
			Detail: details(m.Detail), Due: m.Due, DueRule: m.DueRule, Version: m.Version}
	}
	return out
}

func details(text string) map[string]string {
	var m map[string]string
	if text != "" && json.Unmarshal([]byte(text), &m) != nil { // written by us as such
		return nil
	}
	return m
}

// hazardPicture is one piece of evidence; its bytes are at /evidence/{id}/{variant}.
type hazardPicture struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind" doc:"photo or video"`
	Purpose string    `json:"purpose" doc:"Why it was asked for: report, rectified, accepted, plan …"`
	State   string    `json:"state" doc:"received, ready or refused"`
	Width   int       `json:"width"`
	Height  int       `json:"height"`
	Created time.Time `json:"created"`
}

func pictures(all []evidence.Evidence) []hazardPicture {
	out := make([]hazardPicture, len(all))
	for i, e := range all {
		out[i] = hazardPicture{e.ID, string(e.Kind), e.Purpose, string(e.State), e.Width, e.Height, e.Created}
	}
	return out
}
