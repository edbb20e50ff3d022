// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/kernel/quantity"
	"anlan/internal/platform/httpapi"
)

// Namer knows the names of places, units and people. A name that it does not
// know is left out.
type Namer interface {
	PlaceNames(ctx context.Context, places []place.Path) (map[place.Path]string, error)
	UnitNames(ctx context.Context, ids []string) (map[string]string, error)
	PersonNames(ctx context.Context, ids []string) (map[string]string, error)
}

// Mount adds this package's operations to api.
func Mount(api huma.API, l *Ledger, names Namer) {
	h := handlers{l, names}
	httpapi.Handle(api, huma.Operation{OperationID: "ledger-list", Method: http.MethodGet, Path: "/ledger",
		Summary: "List ledger entries, the newest first", Tags: []string{"ledger"}}, h.list)
	httpapi.Handle(api, huma.Operation{OperationID: "ledger-entry", Method: http.MethodGet, Path: "/ledger/{id}",
		Summary: "Show a ledger entry", Tags: []string{"ledger"}}, h.entry)
}

type handlers struct {
	ledger *Ledger
	names  Namer
}

type entryView struct {
	ID         string           `json:"id"`
	Kind       string           `json:"kind" example:"hazard.reported.v1"`
	Campaign   string           `json:"campaign"`
	Place      string           `json:"place"`
	PlaceName  string           `json:"place_name"`
	Unit       string           `json:"unit"`
	UnitName   string           `json:"unit_name"`
	Actor      string           `json:"actor" doc:"Id of the person; empty for the public and for jobs"`
	ActorName  string           `json:"actor_name"`
	ActorUnit  string           `json:"actor_unit"`
	Channel    string           `json:"channel"`
	Subject    string           `json:"subject" example:"hazard:01k8…"`
	Happened   time.Time        `json:"happened"`
	Recorded   time.Time        `json:"recorded"`
	Quantities map[string]int64 `json:"quantities" doc:"Unit to number"`
	Facts      json.RawMessage  `json:"facts"`
	Corrects   string           `json:"corrects" doc:"Id of the entry that this one corrects"`
	Declared   bool             `json:"declared" doc:"Reported by hand, of something done outside the system"`
}

type listIn struct {
	Place   string   `query:"place" maxLength:"120" doc:"At this place or below"`
	Kind    []string `query:"kind" maxItems:"20" doc:"Kinds, with commas between"`
	Actor   string   `query:"actor" maxLength:"40"`
	Unit    string   `query:"unit" maxLength:"40"`
	Subject string   `query:"subject" maxLength:"80"`
	From    string   `query:"from" format:"date" doc:"First day"`
	To      string   `query:"to" format:"date" doc:"Last day"`
	Cursor  string   `query:"cursor"`
	Limit   int      `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type listOut struct {
	Body struct {
		Items []entryView `json:"items"`
		Next  string      `json:"next"`
	}
}

func (h handlers) list(ctx context.Context, in *listIn) (*listOut, error) {
	f := Filter{Place: place.Path(in.Place), Kinds: in.Kind, Actor: in.Actor, Unit: in.Unit, Subject: in.Subject}
	if in.From != "" {
		f.From = clock.Day(in.From).Start()
	}
	if in.To != "" {
		f.To = clock.Day(in.To).End()
	}
	p, err := h.ledger.Audit(ctx, f, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Next = p.Next
	out.Body.Items, err = h.views(ctx, p.Items)
	return out, err
}

type entryIn struct {
	ID string `path:"id" maxLength:"40"`
}

type entryOut struct{ Body entryView }

func (h handlers) entry(ctx context.Context, in *entryIn) (*entryOut, error) {
	e, err := h.ledger.Entry(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	views, err := h.views(ctx, []Entry{e})
	if err != nil {
		return nil, err
	}
	return &entryOut{Body: views[0]}, nil
}

func (h handlers) views(ctx context.Context, es []Entry) ([]entryView, error) {
	views := make([]entryView, len(es))
	for i, e := range es {
		views[i] = entryView{ID: e.ID, Kind: e.Kind, Campaign: e.Campaign, Place: string(e.Place), Unit: e.Unit,
			Actor: e.Actor, ActorUnit: e.ActorUnit, Channel: e.Channel, Subject: e.Subject, Happened: e.Happened,
			Recorded: e.Recorded, Quantities: numbers(e.Quantities), Facts: e.Facts, Corrects: e.Corrects, Declared: e.Declared}
	}
	return views, h.name(ctx, views)
}

func numbers(qs []quantity.Quantity) map[string]int64 {
	m := make(map[string]int64, len(qs))
	for _, q := range qs {
		m[string(q.Unit)] = q.N
	}
	return m
}

// name fills in what people call the places, units and actors of views.
func (h handlers) name(ctx context.Context, views []entryView) error {
	var places []place.Path
	var units, people []string
	for _, v := range views {
		places, units, people = append(places, place.Path(v.Place)), append(units, v.Unit), append(people, v.Actor)
	}
	placeNames, err := h.names.PlaceNames(ctx, places)
	if err != nil {
		return err
	}
	unitNames, err := h.names.UnitNames(ctx, units)
	if err != nil {
		return err
	}
	personNames, err := h.names.PersonNames(ctx, people)
	if err != nil {
		return err
	}
	for i := range views {
		v := &views[i]
		v.PlaceName, v.UnitName, v.ActorName = placeNames[place.Path(v.Place)], unitNames[v.Unit], personNames[v.Actor]
	}
	return nil
}
