// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"encoding/json"
	"time"

	"anlan/internal/kernel/place"
)

type entriesIn struct {
	Key    string `path:"key" maxLength:"60"`
	Place  string `query:"place" maxLength:"120"`
	Unit   string `query:"unit" maxLength:"40"`
	From   string `query:"from" format:"date"`
	To     string `query:"to" format:"date"`
	Dim    string `query:"dim" maxLength:"100" doc:"One part of the figure's split"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type countView struct {
	Key string `json:"key"`
	Dim string `json:"dim"`
	N   int64  `json:"n"`
}

type countedView struct {
	ID        string          `json:"id" doc:"Of the ledger entry"`
	Kind      string          `json:"kind"`
	Happened  time.Time       `json:"happened"`
	Place     string          `json:"place"`
	PlaceName string          `json:"place_name"`
	Unit      string          `json:"unit"`
	UnitName  string          `json:"unit_name"`
	Subject   string          `json:"subject" example:"hazard:01k8…"`
	Facts     json.RawMessage `json:"facts"`
	Counts    []countView     `json:"counts" doc:"What the entry adds, to each indicator that the figure is made of"`
}

type entriesOut struct {
	Body struct {
		Items []countedView `json:"items"`
		Next  string        `json:"next" doc:"Also set when the page is short because few of many entries count"`
	}
}

func (s *Service) httpEntries(ctx context.Context, in *entriesIn) (*entriesOut, error) {
	sc := Scope{Place: place.Path(in.Place), Unit: in.Unit}
	p, err := s.Entries(ctx, in.Key, sc, s.daysOf(in.From, in.To), in.Dim, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	var places []place.Path
	var units []string
	for _, c := range p.Items {
		places = append(places, c.Entry.Place)
		if c.Entry.Unit != "" {
			units = append(units, c.Entry.Unit)
		}
	}
	placeNames, unitNames, err := s.names(ctx, places, units)
	if err != nil {
		return nil, err
	}
	out := &entriesOut{}
	out.Body.Items, out.Body.Next = make([]countedView, len(p.Items)), p.Next
	for i, c := range p.Items {
		e := c.Entry
		v := countedView{ID: e.ID, Kind: e.Kind, Happened: e.Happened, Place: string(e.Place), PlaceName: placeNames[e.Place],
			Unit: e.Unit, UnitName: unitNames[e.Unit], Subject: e.Subject, Facts: e.Facts}
		for _, n := range c.Counts {
			v.Counts = append(v.Counts, countView(n))
		}
		out.Body.Items[i] = v
	}
	return out, nil
}
