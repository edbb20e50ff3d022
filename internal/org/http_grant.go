// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

func mountGrants(api huma.API, s *Service) {
	httpapi.Handle(api, get("org-roles", "/roles", "The table of roles"), s.httpRoles)
	httpapi.Handle(api, get("org-grants", "/grants", "What is granted to a person or in a unit"), s.httpGrants)
	httpapi.Handle(api, created(post("org-grant", "/grants", "Give a person a role")), s.httpGrant)
	httpapi.Handle(api, operation(http.MethodDelete, "org-revoke", "/grants/{id}", "Take a role away"), s.httpRevoke)
}

type roleView struct {
	Role  string      `json:"role"`
	Trunk actor.Trunk `json:"trunk" enum:"territory,line,group" doc:"Tree in which it reaches downwards"`
	Admin bool        `json:"admin" doc:"One of the three separated administrators: at most one per person"`
	Perms []string    `json:"perms"`
}

func (s *Service) httpRoles(context.Context, *struct{}) (*listOut[roleView], error) {
	return toList(page.Of[Role]{Items: Roles}, func(r Role) roleView {
		return roleView{Role: r.Name, Trunk: r.Trunk, Admin: r.Admin, Perms: r.Perms}
	}), nil
}

type grantView struct {
	ID         string      `json:"id"`
	PersonID   string      `json:"person_id"`
	PersonName string      `json:"person_name"`
	UnitID     string      `json:"unit_id"`
	UnitName   string      `json:"unit_name"`
	Role       string      `json:"role"`
	Trunk      actor.Trunk `json:"trunk"`
	Place      place.Path  `json:"place,omitempty"`
	PlaceName  string      `json:"place_name,omitempty"`
	Line       string      `json:"line,omitempty"`
	Granted    time.Time   `json:"granted"`
}

type grantsIn struct {
	Person string `query:"person" maxLength:"26"`
	Unit   string `query:"unit" maxLength:"26"`
}

func (s *Service) httpGrants(ctx context.Context, in *grantsIn) (*listOut[grantView], error) {
	all, err := s.Grants(ctx, in.Person, in.Unit)
	if err != nil {
		return nil, err
	}
	views, err := s.grantViews(ctx, all)
	if err != nil {
		return nil, err
	}
	return toList(page.Of[grantView]{Items: views}, func(v grantView) grantView { return v }), nil
}

func (s *Service) grantViews(ctx context.Context, all []Grant) ([]grantView, error) {
	var people, units []string
	var places []place.Path
	for _, g := range all {
		people, units, places = append(people, g.PersonID), append(units, g.UnitID), append(places, g.Place)
	}
	personName, err := s.PersonNames(ctx, people)
	if err != nil {
		return nil, err
	}
	unitName, err := s.UnitNames(ctx, units)
	if err != nil {
		return nil, err
	}
	placeName, err := s.PlaceNames(ctx, places)
	views := make([]grantView, len(all))
	for i, g := range all {
		views[i] = grantView{ID: g.ID, PersonID: g.PersonID, PersonName: personName[g.PersonID], UnitID: g.UnitID,
			UnitName: unitName[g.UnitID], Role: g.Role, Trunk: roleByName[g.Role].Trunk, Place: g.Place,
			PlaceName: placeName[g.Place], Line: g.Line, Granted: g.Granted}
	}
	return views, err
}

type grantIn struct {
	Body struct {
		PersonID string     `json:"person_id" maxLength:"26"`
		UnitID   string     `json:"unit_id" maxLength:"26" doc:"Unit of the person in whose name the role is used"`
		Role     string     `json:"role" maxLength:"40"`
		Place    place.Path `json:"place,omitempty" maxLength:"100" doc:"Narrower than the unit's place; empty: the unit's place"`
		Line     string     `json:"line,omitempty" maxLength:"20" doc:"Supervisory tag, for roles of a line"`
	}
}

func (s *Service) httpGrant(ctx context.Context, in *grantIn) (*bodyOut[grantView], error) {
	b := in.Body
	g := Grant{PersonID: b.PersonID, UnitID: b.UnitID, Role: b.Role, Place: b.Place, Line: b.Line}
	if err := s.GrantRole(ctx, &g); err != nil {
		return nil, err
	}
	views, err := s.grantViews(ctx, []Grant{g})
	if err != nil {
		return nil, err
	}
	return respond(views[0], nil)
}

func (s *Service) httpRevoke(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, s.Revoke(ctx, in.ID)
}
