// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/stats"
)

// FigureView is a figure as clients see it.
type FigureView struct {
	Key      string `json:"key"`
	Zh       string `json:"zh"`
	En       string `json:"en"`
	Unit     string `json:"unit" doc:"What is counted; fen for money"`
	N        int64  `json:"n" doc:"Of a count"`
	Num      int64  `json:"num" doc:"Of a ratio"`
	Den      int64  `json:"den" doc:"Of a ratio; 0 when the figure is a count"`
	Ratio    bool   `json:"ratio"`
	Complete bool   `json:"complete" doc:"False while the past is still being counted"`
}

type regionView struct {
	Place     place.Path `json:"place"`
	PlaceName string     `json:"place_name"`
	Reported  int64      `json:"reported"`
	Closed    int64      `json:"closed"`
}

type dayView struct {
	Day      clock.Day `json:"day"`
	Reported int64     `json:"reported"`
	Closed   int64     `json:"closed"`
}

type ProgressView struct {
	Figures []FigureView `json:"figures"`
	Regions []regionView `json:"regions"`
	Days    []dayView    `json:"days"`
}

type progressOut struct{ Body ProgressView }

func (s *Service) httpProgress(ctx context.Context, in *ByID) (*progressOut, error) {
	c, err := s.Campaign(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	v, err := s.progressView(ctx, c)
	return &progressOut{v}, err
}

func (s *Service) progressView(ctx context.Context, c *Campaign) (ProgressView, error) {
	p, err := s.ProgressOf(ctx, c)
	if err != nil {
		return ProgressView{}, err
	}
	v := ProgressView{Regions: []regionView{}, Days: []dayView{}}
	if v.Figures, err = s.FigureViews(ctx, p.Figures); err != nil {
		return ProgressView{}, err
	}
	places := make([]place.Path, len(p.Regions))
	for i, r := range p.Regions {
		places[i] = r.Place
	}
	names, err := s.Org.PlaceNames(ctx, places)
	if err != nil {
		return ProgressView{}, err
	}
	for _, r := range p.Regions {
		v.Regions = append(v.Regions, regionView{r.Place, names[r.Place], r.Reported, r.Closed})
	}
	for _, d := range p.Days {
		v.Days = append(v.Days, dayView(d))
	}
	return v, nil
}

// FigureViews returns figures with the names of their indicators.
func (s *Service) FigureViews(ctx context.Context, figures []stats.Figure) ([]FigureView, error) {
	indicators, err := s.Stats.Indicators(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]stats.Indicator{}
	for _, in := range indicators {
		names[in.Key] = in
	}
	out := make([]FigureView, len(figures))
	for i, f := range figures {
		in := names[f.Key]
		out[i] = FigureView{Key: f.Key, Zh: in.ZH, En: in.EN, Unit: string(f.Unit), N: f.N,
			Num: f.Ratio.Num, Den: f.Ratio.Den, Ratio: f.Op == stats.Ratio, Complete: f.Complete}
	}
	return out, nil
}

type slugIn struct {
	Slug string `path:"slug" maxLength:"64"`
}

type publicOut struct {
	Body struct {
		Slug      string     `json:"slug"`
		Place     place.Path `json:"place"`
		PlaceName string     `json:"place_name"`
		Fields
		Running bool       `json:"running"`
		Parts   []partView `json:"parts"`
		ProgressView
	}
}

func (s *Service) httpPublic(ctx context.Context, in *slugIn) (*publicOut, error) {
	c, err := s.BySlug(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	name, err := s.Org.PlaceName(ctx, c.Place)
	if err != nil {
		return nil, err
	}
	out := &publicOut{}
	b := &out.Body
	b.Slug, b.Place, b.PlaceName, b.Fields = c.Slug, c.Place, name, fieldsOf(c)
	b.Running, b.Parts = c.Running(clock.DayOf(s.Now())), partsOf(c.Template)
	b.ProgressView, err = s.progressView(ctx, c)
	return out, err
}
