// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/campaign"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	httpapi.HandlePublic(api, huma.Operation{
		OperationID: "portal-home", Method: http.MethodGet, Path: "/public/home",
		Summary: "What the public sees first", Tags: []string{"portal"},
	}, s.httpHome)
}

type hotlineView struct {
	Number string `json:"number"`
	Zh     string `json:"zh"`
	En     string `json:"en"`
}

type campaignView struct {
	Slug    string    `json:"slug"`
	Title   string    `json:"title"`
	Theme   string    `json:"theme"`
	Starts  clock.Day `json:"starts"`
	Ends    clock.Day `json:"ends"`
	Until   clock.Day `json:"until" doc:"Last day, the travelling campaign included"`
	Running bool      `json:"running"`
}

type homeOut struct {
	Body struct {
		Place     place.Path            `json:"place"`
		PlaceName string                `json:"place_name"`
		Today     clock.Day             `json:"today"`
		Campaign  *campaignView         `json:"campaign,omitempty"`
		From      clock.Day             `json:"from" doc:"First day over which the figures count"`
		Figures   []campaign.FigureView `json:"figures"`
		Hotlines  []hotlineView         `json:"hotlines"`
	}
}

func (s *Service) httpHome(ctx context.Context, _ *struct{}) (*homeOut, error) {
	f, err := s.Front(ctx)
	if err != nil {
		return nil, err
	}
	out := &homeOut{}
	b := &out.Body
	b.Place, b.PlaceName, b.Today, b.From = f.Place, f.Name, clock.DayOf(s.Now()), f.Days.From
	if c := f.Campaign; c != nil {
		b.Campaign = &campaignView{Slug: c.Slug, Title: c.Title, Theme: c.Theme, Starts: c.Starts, Ends: c.Ends,
			Until: c.Until(), Running: c.Running(b.Today)}
	}
	for _, h := range Hotlines {
		b.Hotlines = append(b.Hotlines, hotlineView(h))
	}
	b.Figures, err = s.Campaign.FigureViews(ctx, f.Figures)
	return out, err
}
