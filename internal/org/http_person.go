// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

func mountPeople(api huma.API, s *Service) {
	httpapi.Handle(api, get("org-people", "/people", "People, unit by unit"), s.httpPeople)
	httpapi.Handle(api, created(post("org-add-person", "/people", "Add a person to a unit")), s.httpAddPerson)
	httpapi.Handle(api, get("org-person", "/people/{id}", "One person with all memberships"), s.httpPerson)
	httpapi.Handle(api, put("org-change-person", "/people/{id}", "Change a person and their memberships"), s.httpChangePerson)
	httpapi.Handle(api, post("org-reveal", "/people/{id}/reveal", "Show the telephone number; who asked and why is recorded"), s.httpReveal)
	httpapi.Handle(api, get("org-reveals", "/people/{id}/reveals", "Who was shown the telephone number, and why"), s.httpReveals)
}

type memberView struct {
	ID          string    `json:"id,omitempty" maxLength:"26" doc:"Empty for a new one"`
	UnitID      string    `json:"unit_id" maxLength:"26"`
	UnitName    string    `json:"unit_name,omitempty" readOnly:"true"`
	Title       string    `json:"title,omitempty" maxLength:"40"`
	ManagerID   string    `json:"manager_id,omitempty" maxLength:"26" doc:"Person who directs them in this unit"`
	ManagerName string    `json:"manager_name,omitempty" readOnly:"true"`
	Head        bool      `json:"head,omitempty" doc:"Leads the unit"`
	Main        bool      `json:"main,omitempty" doc:"The unit in whose name they act at first"`
	From        clock.Day `json:"from,omitempty" maxLength:"10" doc:"First day; empty: today"`
	To          clock.Day `json:"to,omitempty" maxLength:"10" doc:"Last day; empty: until further notice"`
}

type personView struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Phone       string       `json:"phone,omitempty" doc:"Masked" example:"138****1234"`
	Memberships []memberView `json:"memberships"`
	Created     time.Time    `json:"created"`
	Version     int          `json:"version"`
}

func toPersonView(p *Person) personView {
	v := personView{ID: p.ID, Name: p.Name, Phone: p.Phone, Created: p.Created, Version: p.Version, Memberships: make([]memberView, len(p.Memberships))}
	for i, m := range p.Memberships {
		v.Memberships[i] = memberView{ID: m.ID, UnitID: m.UnitID, UnitName: m.UnitName, Title: m.Title, ManagerID: m.ManagerID,
			ManagerName: m.ManagerName, Head: m.Head, Main: m.Main, From: m.From, To: m.To}
	}
	return v
}

func (v memberView) membership() Membership {
	return Membership{ID: v.ID, UnitID: v.UnitID, Title: v.Title, ManagerID: v.ManagerID, Head: v.Head, Main: v.Main, From: v.From, To: v.To}
}

type peopleIn struct {
	Place place.Path `query:"place" maxLength:"100" doc:"At or below it"`
	Unit  string     `query:"unit" maxLength:"26" doc:"All who work there; without it, everybody by their main unit"`
	Words string     `query:"q" maxLength:"100" doc:"Part of a name, or a whole telephone number"`
	Paging
}

type listedView struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Phone     string     `json:"phone,omitempty" doc:"Masked"`
	Title     string     `json:"title,omitempty"`
	Head      bool       `json:"head"`
	UnitID    string     `json:"unit_id"`
	UnitName  string     `json:"unit_name"`
	Place     place.Path `json:"place"`
	PlaceName string     `json:"place_name"`
}

func (s *Service) httpPeople(ctx context.Context, in *peopleIn) (*listOut[listedView], error) {
	p, err := s.People(ctx, PersonFilter{Place: in.Place, Unit: in.Unit, Words: in.Words}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return toList(p, func(l Listed) listedView {
		return listedView{ID: l.ID, Name: l.Name, Phone: l.Phone, Title: l.Title, Head: l.Head, UnitID: l.UnitID,
			UnitName: l.UnitName, Place: l.Place, PlaceName: l.PlaceName}
	}), nil
}

type addPersonIn struct {
	Body struct {
		Name      string    `json:"name" maxLength:"30"`
		Phone     string    `json:"phone,omitempty" maxLength:"30" doc:"Mainland mobile number; kept sealed"`
		UnitID    string    `json:"unit_id" maxLength:"26"`
		Title     string    `json:"title,omitempty" maxLength:"40"`
		ManagerID string    `json:"manager_id,omitempty" maxLength:"26"`
		Head      bool      `json:"head,omitempty"`
		From      clock.Day `json:"from,omitempty" maxLength:"10"`
	}
}

func (s *Service) httpAddPerson(ctx context.Context, in *addPersonIn) (*bodyOut[personView], error) {
	b := in.Body
	p := &Person{Name: b.Name, Phone: b.Phone}
	m := Membership{UnitID: b.UnitID, Title: b.Title, ManagerID: b.ManagerID, Head: b.Head, From: b.From}
	if err := s.AddPerson(ctx, p, m); err != nil {
		return nil, err
	}
	return s.httpPerson(ctx, &ByID{p.ID})
}

func (s *Service) httpPerson(ctx context.Context, in *ByID) (*bodyOut[personView], error) {
	p, err := s.ReadPerson(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return respond(toPersonView(p), nil)
}

type changePersonIn struct {
	ByID
	Body struct {
		Name        string       `json:"name" maxLength:"30"`
		Phone       *string      `json:"phone,omitempty" maxLength:"30" doc:"A new number; absent: leave it; empty: take it away"`
		Memberships []memberView `json:"memberships" minItems:"1" maxItems:"20" doc:"All of them: one that is left out ends"`
		Version     int          `json:"version"`
	}
}

func (s *Service) httpChangePerson(ctx context.Context, in *changePersonIn) (*bodyOut[personView], error) {
	c := PersonChange{ID: in.ID, Version: in.Body.Version, Name: in.Body.Name, Phone: in.Body.Phone}
	for _, m := range in.Body.Memberships {
		c.Memberships = append(c.Memberships, m.membership())
	}
	p, err := s.ChangePerson(ctx, c)
	if err != nil {
		return nil, err
	}
	return respond(toPersonView(p), nil)
}

type revealIn struct {
	ByID
	Body struct {
		Reason string `json:"reason" maxLength:"200" doc:"Why the number is needed; auditors read it"`
	}
}

type phoneView struct {
	Phone string `json:"phone"`
}

func (s *Service) httpReveal(ctx context.Context, in *revealIn) (*bodyOut[phoneView], error) {
	phone, err := s.RevealPhone(ctx, in.ID, in.Body.Reason)
	return respond(phoneView{phone}, err)
}

type revealView struct {
	Actor     string    `json:"actor" doc:"Id of the person who asked"`
	ActorName string    `json:"actor_name"`
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
}

func (s *Service) httpReveals(ctx context.Context, in *ByID) (*listOut[revealView], error) {
	all, err := s.Reveals(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.Actor
	}
	names, err := s.PersonNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	return toList(page.Of[Reveal]{Items: all}, func(r Reveal) revealView {
		return revealView{Actor: r.Actor, ActorName: names[r.Actor], Reason: r.Reason, At: r.At}
	}), nil
}
