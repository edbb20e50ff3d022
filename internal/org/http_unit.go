// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

func mountUnits(api huma.API, s *Service) {
	httpapi.HandlePublic(api, get("org-public-unit", "/public/units/{code}", "The unit of a QR code: name and place"), s.httpPublicUnit)
	httpapi.Handle(api, get("org-units", "/units", "Units, in the order of the division tree"), s.httpUnits)
	httpapi.Handle(api, created(post("org-add-unit", "/units", "Add a unit")), s.httpAddUnit)
	httpapi.Handle(api, get("org-uscc-check", "/units/uscc-check", "Check a unified social credit code"), s.httpCheckUSCC)
	httpapi.Handle(api, get("org-unit", "/units/{id}", "One unit"), s.httpUnit)
	httpapi.Handle(api, put("org-change-unit", "/units/{id}", "Change, close or reopen a unit"), s.httpChangeUnit)
	httpapi.Handle(api, get("org-unit-children", "/units/{id}/children", "Units directly below in the group trunk"), s.httpUnitChildren)
	httpapi.Handle(api, binary(get("org-unit-qr", "/units/{id}/qr.png", "QR code of the unit's public page"), "image/png"), s.httpUnitQR)
}

// UnitBody is what people fill in of a unit.
type UnitBody struct {
	Name     string     `json:"name" maxLength:"100"`
	Kind     UnitKind   `json:"kind" enum:"office,department,enterprise,village,community,school,family_group,other"`
	USCC     string     `json:"uscc,omitempty" maxLength:"60" doc:"Unified social credit code, checked; empty when there is none"`
	Industry string     `json:"industry,omitempty" maxLength:"10" doc:"GB/T 4754 section and division, or the division alone" example:"C26"`
	Lines    []string   `json:"lines,omitempty" maxItems:"18" doc:"Supervisory tags"`
	Place    place.Path `json:"place" maxLength:"100"`
	Address  string     `json:"address,omitempty" maxLength:"200"`
	ParentID string     `json:"parent_id,omitempty" maxLength:"26" doc:"Unit above in the group trunk"`
	Opened   clock.Day  `json:"opened,omitempty" maxLength:"10"`
}

func (b UnitBody) unit() *Unit {
	return &Unit{Name: b.Name, Kind: b.Kind, USCC: b.USCC, Industry: b.Industry, Lines: b.Lines, Place: b.Place,
		Address: b.Address, ParentID: b.ParentID, Opened: b.Opened}
}

type unitView struct {
	ID   string `json:"id"`
	Code string `json:"code" doc:"On its QR code"`
	UnitBody
	PlaceName string    `json:"place_name"`
	GroupPath string    `json:"group_path"`
	Closed    clock.Day `json:"closed,omitempty" doc:"Day on which it was closed; absent while it is live"`
	Status    string    `json:"status" enum:"active,closed"`
	USCCDoubt bool      `json:"uscc_doubt,omitempty" doc:"The code is valid but fails the old organisation code's check: look again"`
	Created   time.Time `json:"created"`
	Version   int       `json:"version"`
}

func toUnitView(u *Unit) unitView {
	v := unitView{ID: u.ID, Code: u.Code, PlaceName: u.PlaceName, GroupPath: u.GroupPath, Closed: u.Closed, Status: "active",
		USCCDoubt: DoubtUSCC(u.USCC), Created: u.Created, Version: u.Version,
		UnitBody: UnitBody{Name: u.Name, Kind: u.Kind, USCC: u.USCC, Industry: u.Industry, Lines: u.Lines, Place: u.Place,
			Address: u.Address, ParentID: u.ParentID, Opened: u.Opened}}
	if !u.Live() {
		v.Status = "closed"
	}
	return v
}

type publicUnitView struct {
	Code      string     `json:"code"`
	Name      string     `json:"name"`
	Place     place.Path `json:"place"`
	PlaceName string     `json:"place_name"`
}

func (s *Service) httpPublicUnit(ctx context.Context, in *ByCode) (*bodyOut[publicUnitView], error) {
	u, err := s.UnitByCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return respond(publicUnitView{Code: u.Code, Name: u.Name, Place: u.Place, PlaceName: u.PlaceName}, nil)
}

// UnitQuery says which units are asked for.
type UnitQuery struct {
	Place    place.Path `query:"place" maxLength:"100" doc:"At or below it"`
	Kind     UnitKind   `query:"kind" enum:"office,department,enterprise,village,community,school,family_group,other"`
	Line     string     `query:"line" maxLength:"20"`
	Industry string     `query:"industry" maxLength:"3" doc:"Section or section and division"`
	Words    string     `query:"q" maxLength:"100" doc:"Part of the name, the USCC or the code"`
	Status   string     `query:"status" enum:"active,closed" default:"active"`
}

type unitsIn struct {
	UnitQuery
	Paging
}

// Filter returns the question in the form that Units takes.
func (in *UnitQuery) Filter() UnitFilter {
	return UnitFilter{Place: in.Place, Kind: in.Kind, Line: in.Line, Industry: in.Industry, Words: in.Words, Closed: in.Status == "closed"}
}

func (s *Service) httpUnits(ctx context.Context, in *unitsIn) (*listOut[unitView], error) {
	p, err := s.Units(ctx, in.Filter(), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return toList(p, toUnitView), nil
}

type addUnitIn struct{ Body UnitBody }

func (s *Service) httpAddUnit(ctx context.Context, in *addUnitIn) (*bodyOut[unitView], error) {
	u := in.Body.unit()
	if err := s.AddUnit(ctx, u); err != nil {
		return nil, err
	}
	return s.httpUnit(ctx, &ByID{u.ID})
}

func (s *Service) httpUnit(ctx context.Context, in *ByID) (*bodyOut[unitView], error) {
	u, err := s.ReadUnit(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return respond(toUnitView(u), nil)
}

type changeUnitIn struct {
	ByID
	Body struct {
		UnitBody
		Closed  clock.Day `json:"closed,omitempty" maxLength:"10" doc:"Day of closing, at the latest today; empty: live"`
		Version int       `json:"version"`
	}
}

func (s *Service) httpChangeUnit(ctx context.Context, in *changeUnitIn) (*bodyOut[unitView], error) {
	u := in.Body.unit()
	u.ID, u.Closed, u.Version = in.ID, in.Body.Closed, in.Body.Version
	u, err := s.ChangeUnit(ctx, u)
	if err != nil {
		return nil, err
	}
	return respond(toUnitView(u), nil)
}

type unitChildrenIn struct {
	ByID
	Paging
}

func (s *Service) httpUnitChildren(ctx context.Context, in *unitChildrenIn) (*listOut[unitView], error) {
	if _, err := s.ReadUnit(ctx, in.ID); err != nil {
		return nil, err
	}
	p, err := s.Units(ctx, UnitFilter{Parent: in.ID}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return toList(p, toUnitView), nil
}

func (s *Service) httpUnitQR(ctx context.Context, in *ByID) (*fileOut, error) {
	u, err := s.ReadUnit(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	img, err := s.QRCode(u)
	return &fileOut{Type: "image/png", Disposition: "inline", Body: img}, err
}

type usccIn struct {
	Code string `query:"code" required:"true" maxLength:"60"`
}

type usccView struct {
	Code       string `json:"code" doc:"As it would be kept"`
	Valid      bool   `json:"valid"`
	Doubt      bool   `json:"doubt" doc:"Valid, but positions 9 to 17 fail the old organisation code's check: look again"`
	Suggestion string `json:"suggestion,omitempty" doc:"A valid code, if O, I, Z or S was typed for 0, 1, 2 or 5"`
	Taken      bool   `json:"taken" doc:"A live unit has this code"`
}

func (s *Service) httpCheckUSCC(ctx context.Context, in *usccIn) (*bodyOut[usccView], error) {
	code := NormaliseUSCC(in.Code)
	taken, err := s.usccTaken(ctx, code)
	return respond(usccView{Code: code, Valid: ValidUSCC(code), Doubt: DoubtUSCC(code), Suggestion: SuggestUSCC(code), Taken: taken}, err)
}
