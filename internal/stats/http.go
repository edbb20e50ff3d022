// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

var tags = []string{"stats"}

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	httpapi.Handle(api, huma.Operation{OperationID: "stats-figures", Method: http.MethodGet, Path: "/figures",
		Summary: "Figures of a place or a unit", Tags: tags}, s.httpFigures)
	httpapi.Handle(api, huma.Operation{OperationID: "stats-series", Method: http.MethodGet, Path: "/figures/{key}/series",
		Summary: "A figure by day, by region directly below, or by unit", Tags: tags}, s.httpSeries)
	httpapi.Handle(api, huma.Operation{OperationID: "stats-entries", Method: http.MethodGet, Path: "/figures/{key}/entries",
		Summary: "The ledger entries behind a figure", Tags: tags}, s.httpEntries)
	mountIndicators(api, s)
}

type ratioView struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

type figureView struct {
	Key      string           `json:"key"`
	Op       Op               `json:"op" enum:"flow,stock,ratio,sum"`
	Unit     string           `json:"unit" doc:"What is counted: item, fen …; of a ratio, both its parts"`
	N        int64            `json:"n" doc:"Of a flow, stock or sum"`
	Ratio    *ratioView       `json:"ratio,omitempty" doc:"Of a ratio; a parent adds numerators and denominators"`
	Dims     map[string]int64 `json:"dims,omitempty" doc:"How n splits"`
	Complete bool             `json:"complete" doc:"False while a new indicator is still being counted"`
}

func toFigureView(f Figure) figureView {
	v := figureView{Key: f.Key, Op: f.Op, Unit: string(f.Unit), N: f.N, Dims: f.Dims, Complete: f.Complete}
	if f.Op == Ratio {
		v.Ratio = &ratioView{f.Ratio.Num, f.Ratio.Den}
	}
	return v
}

// daysOf reads two days; without the last one it is today.
func (s *Service) daysOf(from, to string) Days {
	if to == "" {
		to = string(clock.DayOf(s.now()))
	}
	return Days{clock.Day(from), clock.Day(to)}
}

type figuresIn struct {
	Place string   `query:"place" maxLength:"120" doc:"Path; either a place or a unit"`
	Unit  string   `query:"unit" maxLength:"40"`
	From  string   `query:"from" format:"date" doc:"First day; empty: from the beginning"`
	To    string   `query:"to" format:"date" doc:"Last day; empty: today"`
	Keys  []string `query:"keys" required:"true" minItems:"1" maxItems:"50" doc:"With commas between"`
}

type figuresOut struct {
	Body struct {
		Items []figureView `json:"items"`
	}
}

func (s *Service) httpFigures(ctx context.Context, in *figuresIn) (*figuresOut, error) {
	sc := Scope{Place: place.Path(in.Place), Unit: in.Unit}
	if err := s.mayRead(ctx, sc); err != nil {
		return nil, err
	}
	fs, err := s.Figures(ctx, in.Keys, sc, s.daysOf(in.From, in.To))
	if err != nil {
		return nil, err
	}
	out := &figuresOut{}
	out.Body.Items = make([]figureView, len(fs))
	for i, f := range fs {
		out.Body.Items[i] = toFigureView(f)
	}
	return out, nil
}

type seriesIn struct {
	Key   string `path:"key" maxLength:"60"`
	By    string `query:"by" enum:"day,region,unit" default:"day" doc:"Region and unit: of a place"`
	Place string `query:"place" maxLength:"120"`
	Unit  string `query:"unit" maxLength:"40"`
	From  string `query:"from" format:"date"`
	To    string `query:"to" format:"date"`
	Limit int    `query:"limit" default:"10" minimum:"1" maximum:"100" doc:"Of units, those with the largest figures"`
}

type pointView struct {
	Day    string     `json:"day,omitempty"`
	Place  string     `json:"place,omitempty"`
	Unit   string     `json:"unit,omitempty"`
	Name   string     `json:"name,omitempty" doc:"Of the place or unit"`
	Figure figureView `json:"figure"`
}

type seriesOut struct {
	Body struct {
		Items []pointView `json:"items"`
	}
}

func (s *Service) httpSeries(ctx context.Context, in *seriesIn) (*seriesOut, error) {
	sc := Scope{Place: place.Path(in.Place), Unit: in.Unit}
	if in.By != "day" {
		sc.Unit = ""
	}
	if err := s.mayRead(ctx, sc); err != nil {
		return nil, err
	}
	var points []Point
	var err error
	switch days := s.daysOf(in.From, in.To); in.By {
	case "region":
		points, err = s.ByRegion(ctx, in.Key, sc.Place, days)
	case "unit":
		points, err = s.TopUnits(ctx, in.Key, sc.Place, days, in.Limit)
	default:
		points, err = s.ByDay(ctx, in.Key, sc, days)
	}
	if err != nil {
		return nil, err
	}
	out := &seriesOut{}
	out.Body.Items, err = s.pointViews(ctx, points)
	return out, err
}

func (s *Service) pointViews(ctx context.Context, points []Point) ([]pointView, error) {
	var places []place.Path
	var units []string
	for _, p := range points {
		if p.Region != "" {
			places = append(places, p.Region)
		}
		if p.Unit != "" {
			units = append(units, p.Unit)
		}
	}
	placeNames, unitNames, err := s.names(ctx, places, units)
	views := make([]pointView, len(points))
	for i, p := range points {
		name := placeNames[p.Region]
		if p.Unit != "" {
			name = unitNames[p.Unit]
		}
		views[i] = pointView{string(p.Day), string(p.Region), p.Unit, name, toFigureView(p.Figure)}
	}
	return views, err
}

func (s *Service) names(ctx context.Context, places []place.Path, units []string) (map[place.Path]string, map[string]string, error) {
	var placeNames map[place.Path]string
	var unitNames map[string]string
	var err error
	if len(places) > 0 {
		if placeNames, err = s.org.PlaceNames(ctx, places); err != nil {
			return nil, nil, err
		}
	}
	if len(units) > 0 {
		unitNames, err = s.org.UnitNames(ctx, units)
	}
	return placeNames, unitNames, err
}
