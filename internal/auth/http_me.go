// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/httpapi"
)

func mountMe(api huma.API, s *Service) {
	httpapi.Handle(api, op("me", http.MethodGet, "/me", "Who I am, and what I may do"), s.httpMe)
	httpapi.Handle(api, op("me-unit", http.MethodPost, "/me/unit", "Act in the name of another of my units"), s.httpUnit)
	httpapi.Handle(api, op("me-locale", http.MethodPut, "/me/locale", "Choose the language"), s.httpLocale)
	httpapi.Handle(api, op("me-password", http.MethodPost, "/me/password", "Change my password"), s.httpPassword)
	httpapi.Handle(api, op("me-sessions", http.MethodGet, "/me/sessions", "Where I am signed in"), s.httpSessions)
	httpapi.Handle(api, op("me-end-session", http.MethodDelete, "/me/sessions/{id}", "Sign one of my browsers out"), s.httpEndSession)
}

type meView struct {
	Person     mePerson `json:"person"`
	Unit       meActing `json:"unit" doc:"In whose name I act"`
	Units      []meUnit `json:"units" doc:"All I may act for"`
	Roles      []meRole `json:"roles"`
	Perms      []string `json:"perms" doc:"Held somewhere; whether they reach a thing is for the server to say"`
	TOTP       bool     `json:"totp" doc:"I have a second factor"`
	Recovery   int      `json:"recovery" doc:"Recovery codes left"`
	MustChange bool     `json:"must_change" doc:"I have a one-time password and must choose my own first"`
	Locale     string   `json:"locale" enum:"zh-CN,en,"`
}

type mePerson struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Login string `json:"login"`
}

type meUnit struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// meActing is the unit in whose name a person acts.
type meActing struct {
	ID    string     `json:"id"`
	Name  string     `json:"name"`
	Place place.Path `json:"place" doc:"Where the unit lies, which is where news of it are heard"`
}

type meRole struct {
	Role  string  `json:"role"`
	Scope meScope `json:"scope"`
}

type meScope struct {
	Trunk     actor.Trunk `json:"trunk"`
	Place     place.Path  `json:"place,omitempty"`
	PlaceName string      `json:"place_name,omitempty"`
	Line      string      `json:"line,omitempty"`
	Unit      string      `json:"unit,omitempty" doc:"Path in the group trunk"`
}

// me describes the actor of ctx.
func (s *Service) me(ctx context.Context) (meView, error) {
	by := actor.From(ctx)
	acc, err := account(ctx, s.db.Read(), by.ID)
	if err != nil {
		return meView{}, err
	}
	p, err := s.org.ReadPerson(actor.With(ctx, org.Operator()), by.ID) // one's own card needs no permission
	if err != nil {
		return meView{}, err
	}
	left, err := countRecovery(ctx, s.db.Read(), by.ID)
	if err != nil {
		return meView{}, err
	}
	v := meView{Person: mePerson{by.ID, p.Name, acc.Login}, Units: []meUnit{}, Perms: perms(by.Grants),
		TOTP: acc.TOTP != nil, Recovery: left, MustChange: acc.MustChange, Locale: acc.Locale}
	for _, m := range p.Memberships {
		if m.On(clock.DayOf(s.now())) {
			v.Units = append(v.Units, meUnit{m.UnitID, m.UnitName})
		}
	}
	if v.Unit, err = s.acting(ctx, by.Unit); err != nil {
		return meView{}, err
	}
	v.Roles, err = s.roles(ctx, by.Grants)
	return v, err
}

// acting describes the unit in whose name a person acts; "" is none.
func (s *Service) acting(ctx context.Context, id string) (meActing, error) {
	if id == "" {
		return meActing{}, nil
	}
	u, err := s.org.Unit(ctx, id)
	if err != nil {
		return meActing{}, err
	}
	return meActing{u.ID, u.Name, u.Place}, nil
}

func perms(grants []actor.Grant) []string {
	all := []string{}
	for _, g := range grants {
		all = append(all, g.Perms...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (s *Service) roles(ctx context.Context, grants []actor.Grant) ([]meRole, error) {
	var places []place.Path
	for _, g := range grants {
		if g.Scope.Place != "" {
			places = append(places, g.Scope.Place)
		}
	}
	names, err := s.org.PlaceNames(ctx, places)
	out := make([]meRole, len(grants))
	for i, g := range grants {
		out[i] = meRole{g.Role, meScope{g.Scope.Trunk, g.Scope.Place, names[g.Scope.Place], g.Scope.Line, g.Scope.Unit}}
	}
	return out, err
}

type meGetOut struct{ Body meView }

func (s *Service) httpMe(ctx context.Context, _ *struct{}) (*meGetOut, error) {
	me, err := s.me(ctx)
	return &meGetOut{me}, err
}

type unitIn struct {
	client
	Body struct {
		UnitID string `json:"unit_id" minLength:"1" maxLength:"40"`
	}
}

func (s *Service) httpUnit(ctx context.Context, in *unitIn) (*meOut, error) {
	opened, err := s.SwitchUnit(ctx, in.Body.UnitID)
	if err != nil {
		return nil, err
	}
	return s.meAs(ctx, opened, in.client)
}

type localeIn struct {
	Body struct {
		Locale string `json:"locale" enum:"zh-CN,en," doc:"Empty: as the browser asks"`
	}
}

func (s *Service) httpLocale(ctx context.Context, in *localeIn) (*struct{}, error) {
	return nil, s.SetLocale(ctx, in.Body.Locale)
}

type passwordIn struct {
	client
	Body struct {
		Current string `json:"current" minLength:"1" maxLength:"1000"`
		New     string `json:"new" maxLength:"1000" doc:"10 to 128 characters"`
	}
}

func (s *Service) httpPassword(ctx context.Context, in *passwordIn) (*meOut, error) {
	opened, err := s.ChangePassword(ctx, in.Body.Current, in.Body.New, in.from)
	if err != nil {
		return nil, err
	}
	return s.meAs(ctx, opened, in.client)
}

type sessionView struct {
	ID       string    `json:"id"`
	Device   string    `json:"device" example:"Chrome · Windows"`
	Address  string    `json:"address" example:"203.0.113.*" doc:"Masked"`
	Created  time.Time `json:"created"`
	LastSeen time.Time `json:"last_seen" doc:"To the minute"`
	Expires  time.Time `json:"expires"`
	Current  bool      `json:"current" doc:"The one that asks"`
}

type sessionsOut struct {
	Body struct {
		Items []sessionView `json:"items"`
	}
}

func (s *Service) httpSessions(ctx context.Context, _ *struct{}) (*sessionsOut, error) {
	all, err := s.Sessions(ctx)
	out := &sessionsOut{}
	out.Body.Items = make([]sessionView, len(all))
	for i, x := range all {
		out.Body.Items[i] = sessionView{x.ID, x.Device, x.Address, x.Created, x.LastSeen, x.Expires, x.ID == actor.From(ctx).Session}
	}
	return out, err
}

type idIn struct {
	ID string `path:"id" maxLength:"40"`
}

func (s *Service) httpEndSession(ctx context.Context, in *idIn) (*struct{}, error) {
	return nil, s.EndSession(ctx, in.ID)
}
