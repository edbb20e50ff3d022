// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"campaign"}}
	}
	httpapi.Handle(api, op("campaign-templates", http.MethodGet, "/campaign-templates", "Templates to make a campaign of"), s.httpTemplates)
	httpapi.Handle(api, op("campaign-list", http.MethodGet, "/campaigns", "List campaigns"), s.httpList)
	httpapi.Handle(api, op("campaign-create", http.MethodPost, "/campaigns", "Create a campaign"), s.httpCreate)
	httpapi.Handle(api, op("campaign-get", http.MethodGet, "/campaigns/{id}", "One campaign"), s.httpGet)
	httpapi.Handle(api, op("campaign-change", http.MethodPut, "/campaigns/{id}", "Change a campaign"), s.httpChange)
	httpapi.Handle(api, op("campaign-units", http.MethodGet, "/campaigns/{id}/units", "Units that take part"), s.httpUnits)
	httpapi.Handle(api, op("campaign-join", http.MethodPost, "/campaigns/{id}/units", "Let units take part"), s.httpJoin)
	httpapi.Handle(api, op("campaign-progress", http.MethodGet, "/campaigns/{id}/progress", "Progress of a campaign"), s.httpProgress)
	httpapi.HandlePublic(api, op("campaign-public", http.MethodGet, "/public/campaigns/{slug}", "A campaign as the public sees it"), s.httpPublic)
}

// Fields is what people write of a campaign.
type Fields struct {
	Year            int       `json:"year" minimum:"2002" maximum:"2100"`
	Number          int       `json:"number" minimum:"1" maximum:"200" doc:"Which campaign in the national count"`
	Title           string    `json:"title" maxLength:"240"`
	Theme           string    `json:"theme" maxLength:"240"`
	Summary         string    `json:"summary" maxLength:"3000"`
	Starts          clock.Day `json:"starts" doc:"First day of the month"`
	Ends            clock.Day `json:"ends" doc:"Last day of the month"`
	ConsultationDay clock.Day `json:"consultation_day"`
	TourStarts      clock.Day `json:"tour_starts" doc:"First day of the travelling campaign, or empty"`
	TourEnds        clock.Day `json:"tour_ends"`
	TourBrand       string    `json:"tour_brand" maxLength:"60" doc:"Local name of the travelling campaign"`
	Mode            Mode      `json:"mode" enum:"online,offline,both"`
}

func (f Fields) campaign() *Campaign {
	return &Campaign{Year: f.Year, Number: f.Number, Title: f.Title, Theme: f.Theme, Summary: f.Summary,
		Starts: f.Starts, Ends: f.Ends, ConsultationDay: f.ConsultationDay,
		TourStarts: f.TourStarts, TourEnds: f.TourEnds, TourBrand: f.TourBrand, Mode: f.Mode}
}

func fieldsOf(c *Campaign) Fields {
	return Fields{Year: c.Year, Number: c.Number, Title: c.Title, Theme: c.Theme, Summary: c.Summary,
		Starts: c.Starts, Ends: c.Ends, ConsultationDay: c.ConsultationDay,
		TourStarts: c.TourStarts, TourEnds: c.TourEnds, TourBrand: c.TourBrand, Mode: c.Mode}
}

// view is a Campaign as clients see it.
type view struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Fields
	Place     place.Path `json:"place"`
	PlaceName string     `json:"place_name"`
	Template  string     `json:"template"`
	Running   bool       `json:"running"`
	Parts     []partView `json:"parts"`
	Version   int        `json:"version"`
}

type partView struct {
	Key string `json:"key"`
	Zh  string `json:"zh"`
	En  string `json:"en"`
}

func (s *Service) views(ctx context.Context, cs ...*Campaign) ([]view, error) {
	places := make([]place.Path, len(cs))
	for i, c := range cs {
		places[i] = c.Place
	}
	names, err := s.Org.PlaceNames(ctx, places)
	if err != nil {
		return nil, err
	}
	today := clock.DayOf(s.Now())
	out := make([]view, len(cs))
	for i, c := range cs {
		out[i] = view{ID: c.ID, Slug: c.Slug, Fields: fieldsOf(c), Place: c.Place, PlaceName: names[c.Place],
			Template: c.Template, Running: c.Running(today), Parts: partsOf(c.Template), Version: c.Version}
	}
	return out, nil
}

func partsOf(template string) []partView {
	out := []partView{}
	t, err := TemplateByKey(template)
	if err != nil { // made by a template of a later release
		return out
	}
	for _, p := range t.Parts {
		out = append(out, partView(p))
	}
	return out
}

type viewOut struct{ Body view }

func (s *Service) out(ctx context.Context, c *Campaign) (*viewOut, error) {
	vs, err := s.views(ctx, c)
	if err != nil {
		return nil, err
	}
	return &viewOut{vs[0]}, nil
}

type templatesIn struct {
	Year int `query:"year" minimum:"2002" maximum:"2100" default:"2020"`
}

type templateView struct {
	Key string `json:"key"`
	Fields
	Parts []partView `json:"parts"`
}

type templatesOut struct {
	Body struct {
		Place     place.Path     `json:"place" doc:"Where you would create it"`
		Templates []templateView `json:"items"`
	}
}

func (s *Service) httpTemplates(ctx context.Context, in *templatesIn) (*templatesOut, error) {
	out := &templatesOut{}
	out.Body.Place = s.At(ctx)
	for _, t := range Templates {
		out.Body.Templates = append(out.Body.Templates,
			templateView{Key: t.Key, Fields: fieldsOf(t.For(in.Year)), Parts: partsOf(t.Key)})
	}
	return out, nil
}

type Paging struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type listOut struct {
	Body struct {
		Items []view `json:"items"`
		Next  string `json:"next"`
	}
}

func (s *Service) httpList(ctx context.Context, in *Paging) (*listOut, error) {
	p, err := s.List(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Next = p.Next
	out.Body.Items, err = s.views(ctx, p.Items...)
	return out, err
}

type createIn struct {
	Body struct {
		Fields
		Place    place.Path `json:"place" maxLength:"200"`
		Template string     `json:"template" enum:"national-2020,blank"`
	}
}

func (s *Service) httpCreate(ctx context.Context, in *createIn) (*viewOut, error) {
	c := in.Body.campaign()
	c.Place, c.Template = in.Body.Place, in.Body.Template
	c, err := s.Create(ctx, c)
	if err != nil {
		return nil, err
	}
	return s.out(ctx, c)
}

type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Service) httpGet(ctx context.Context, in *ByID) (*viewOut, error) {
	c, err := s.Campaign(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.out(ctx, c)
}

type changeIn struct {
	ByID
	Body struct {
		Fields
		Version int `json:"version"`
	}
}

func (s *Service) httpChange(ctx context.Context, in *changeIn) (*viewOut, error) {
	if _, err := s.Campaign(ctx, in.ID); err != nil {
		return nil, err
	}
	old, err := get(ctx, s.DB.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	c := in.Body.campaign()
	c.ID, c.Version, c.Place = in.ID, in.Body.Version, old.Place
	if c, err = s.Change(ctx, c); err != nil {
		return nil, err
	}
	return s.out(ctx, c)
}

type memberView struct {
	UnitID string    `json:"unit_id"`
	Name   string    `json:"name"`
	Joined time.Time `json:"joined"`
}

type unitsIn struct {
	ByID
	Paging
}

type unitsOut struct {
	Body struct {
		Items []memberView `json:"items"`
		Next  string       `json:"next"`
	}
}

func (s *Service) httpUnits(ctx context.Context, in *unitsIn) (*unitsOut, error) {
	p, err := s.Joined(ctx, in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(p.Items))
	for i, m := range p.Items {
		ids[i] = m.Unit
	}
	names, err := s.Org.UnitNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := &unitsOut{}
	out.Body.Next, out.Body.Items = p.Next, []memberView{}
	for _, m := range p.Items {
		out.Body.Items = append(out.Body.Items, memberView{UnitID: m.Unit, Name: names[m.Unit], Joined: m.Joined})
	}
	return out, nil
}

type joinIn struct {
	ByID
	Body struct {
		UnitIDs []string `json:"unit_ids" minItems:"1" maxItems:"200"`
	}
}

type joinOut struct {
	Body struct {
		Joined int `json:"joined" doc:"How many joined now"`
	}
}

func (s *Service) httpJoin(ctx context.Context, in *joinIn) (*joinOut, error) {
	n, err := s.Join(ctx, in.ID, in.Body.UnitIDs)
	if err != nil {
		return nil, err
	}
	out := &joinOut{}
	out.Body.Joined = n
	return out, nil
}
