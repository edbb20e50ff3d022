// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/kernel/place"
)

// HazardRef names a piece of evidence.
type HazardRef struct {
	ID  string `json:"id" maxLength:"64"`
	Key string `json:"key" maxLength:"128" doc:"Secret given at upload: proves whose it is"`
}

// Refs returns what evidence understands.
func Refs(vs []HazardRef) []evidence.Ref {
	out := make([]evidence.Ref, len(vs))
	for i, v := range vs {
		out[i] = evidence.Ref{ID: v.ID, Key: v.Key}
	}
	return out
}

// HazardReport is what everybody may say about a hazard.
type HazardReport struct {
	Words    string      `json:"words" maxLength:"20000" doc:"4 to 2000 characters"`
	Place    place.Path  `json:"place,omitempty" maxLength:"200" doc:"County or lower; may be left out with unit_code"`
	Spot     string      `json:"spot,omitempty" maxLength:"1000" doc:"Part of the site, in words"`
	UnitCode string      `json:"unit_code,omitempty" maxLength:"32" doc:"From a unit's QR code"`
	Class    string      `json:"class" maxLength:"32" doc:"person_behaviour, equipment_state, environment or management"`
	Danger   bool        `json:"danger,omitempty" doc:"Somebody is in danger now"`
	Evidence []HazardRef `json:"evidence,omitempty" maxItems:"20"`
	Position *struct {
		Lat      float64 `json:"lat" minimum:"-90" maximum:"90"`
		Lng      float64 `json:"lng" minimum:"-180" maximum:"180"`
		Accuracy float64 `json:"accuracy,omitempty" minimum:"0" doc:"Metres"`
	} `json:"position,omitempty" doc:"Kept sealed"`
	Contact *struct {
		Name  string `json:"name,omitempty" maxLength:"200"`
		Phone string `json:"phone,omitempty" maxLength:"40"`
	} `json:"contact,omitempty" doc:"Kept sealed"`
	Found time.Time `json:"found,omitempty" doc:"When it was seen, by the phone's clock"`
}

func (b *HazardReport) report(key string) Report {
	r := Report{Words: b.Words, Place: b.Place, Spot: b.Spot, UnitCode: b.UnitCode, Class: b.Class, Danger: b.Danger,
		Evidence: Refs(b.Evidence), Found: b.Found, Key: key}
	if p := b.Position; p != nil {
		r.Position = &Position{p.Lat, p.Lng, p.Accuracy}
	}
	if c := b.Contact; c != nil {
		r.Contact = &Contact{c.Name, c.Phone}
	}
	return r
}

// Keyed is the header of what a phone may send twice.
type Keyed struct {
	Key string `header:"Idempotency-Key" pattern:"^[0-9A-Za-z_-]{16,64}$" doc:"A repeat under the same key gets the first answer"`
}

type reportPublicIn struct {
	Keyed
	Body HazardReport
}

type receiptOut struct {
	Body struct {
		ID        string `json:"id,omitempty"`
		No        string `json:"no" example:"AH2706010042"`
		QueryCode string `json:"query_code" example:"7KXP-3MWD-9RTA-V2HC" doc:"Shown once"`
		Status    Status `json:"status"`
		PlaceName string `json:"place_name"`
	}
}

func (s *Service) httpReportPublic(ctx context.Context, in *reportPublicIn) (*receiptOut, error) {
	r, err := s.Report(ctx, in.Body.report(in.Key))
	if err != nil {
		return nil, err
	}
	out := receiptView(r)
	out.Body.ID = "" // the public follows by the code
	return out, nil
}

func receiptView(r *Receipt) *receiptOut {
	out := &receiptOut{}
	out.Body.ID, out.Body.No, out.Body.QueryCode, out.Body.Status, out.Body.PlaceName = r.ID, r.No, r.Code, r.Status, r.PlaceName
	return out
}

type reportIn struct {
	Keyed
	Body struct {
		HazardReport
		UnitID   string `json:"unit_id,omitempty" maxLength:"64"`
		Source   string `json:"source,omitempty" maxLength:"32" doc:"How it was found; empty for the usual one"`
		ToOffice bool   `json:"to_office,omitempty" doc:"By a unit's own people: to the office, not to their unit"`
	}
}

func (s *Service) httpReport(ctx context.Context, in *reportIn) (*receiptOut, error) {
	r := in.Body.report(in.Key)
	r.Unit, r.Source, r.ToOffice = in.Body.UnitID, in.Body.Source, in.Body.ToOffice
	receipt, err := s.Report(ctx, r)
	if err != nil {
		return nil, err
	}
	return receiptView(receipt), nil
}

type progressIn struct {
	Code string `path:"query_code" maxLength:"64"`
}

type progressOut struct {
	Body hazardProgress
}

type hazardProgress struct {
	No        string       `json:"no"`
	Status    Status       `json:"status"`
	PlaceName string       `json:"place_name"`
	Reported  time.Time    `json:"reported"`
	Master    string       `json:"master,omitempty" doc:"Number of the hazard under which a duplicate goes on"`
	Steps     []hazardTold `json:"steps" nullable:"false"`
	Next      *hazardNext  `json:"next,omitempty"`
}

type hazardTold struct {
	At   time.Time `json:"at"`
	Step string    `json:"step" doc:"Key of the sentence to show"`
}

type hazardNext struct {
	Step    string     `json:"step" doc:"Key of the sentence to show"`
	By      *time.Time `json:"by,omitempty"`
	Overdue bool       `json:"overdue"`
}

func (s *Service) httpProgress(ctx context.Context, in *progressIn) (*progressOut, error) {
	p, err := s.Progress(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	v := hazardProgress{No: p.No, Status: p.Status, PlaceName: p.PlaceName, Reported: p.Reported, Master: p.Master}
	for _, step := range p.Steps {
		v.Steps = append(v.Steps, hazardTold(step))
	}
	if p.Next != "" {
		v.Next = &hazardNext{p.Next, p.By, p.Overdue}
	}
	return &progressOut{v}, nil
}
