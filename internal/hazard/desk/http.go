// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/hazard"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"hazard"}}
	}
	httpapi.Handle(api, op("hazard-list", http.MethodGet, "/hazards", "List hazards, the newest first"), s.httpList)
	httpapi.Handle(api, op("hazard-get", http.MethodGet, "/hazards/{id}", "One hazard, with the steps that are possible"), s.httpGet)
	httpapi.Handle(api, op("hazard-act", http.MethodPost, "/hazards/{id}/steps", "Take one step with a hazard"), s.httpAct)
	httpapi.Handle(api, op("hazard-reveal", http.MethodPost, "/hazards/{id}/reveal", "Open the reporter's sealed contact, for a reason"), s.httpReveal)
	httpapi.Handle(api, op("inbox", http.MethodGet, "/inbox", "What waits for me, with the steps I may take"), s.httpInbox)
	httpapi.Handle(api, op("hazard-views", http.MethodGet, "/hazards/views", "My saved views"), s.httpViews)
	save := op("hazard-view-save", http.MethodPost, "/hazards/views", "Save a view")
	save.DefaultStatus = http.StatusCreated
	httpapi.Handle(api, save, s.httpSaveView)
	httpapi.Handle(api, op("hazard-view-rename", http.MethodPut, "/hazards/views/{id}", "Rename a saved view"), s.httpRenameView)
	httpapi.Handle(api, op("hazard-view-delete", http.MethodDelete, "/hazards/views/{id}", "Delete a saved view"), s.httpDeleteView)
	start := op("hazard-export-start", http.MethodPost, "/hazards/exports", "Make an Excel workbook of a list")
	start.DefaultStatus = http.StatusAccepted
	httpapi.Handle(api, start, s.httpStartExport)
	httpapi.Handle(api, op("hazard-export", http.MethodGet, "/hazards/exports/{id}", "How far a workbook has come"), s.httpExport)
	httpapi.Handle(api, op("hazard-export-file", http.MethodGet, "/hazards/exports/{id}/file", "The workbook"), s.httpExportFile)
}

// HazardFilter are the parameters of a list; those of an export and a saved view are the same.
type HazardFilter struct {
	Place    place.Path `query:"place" json:"place,omitempty" maxLength:"200"`
	Unit     string     `query:"unit" json:"unit,omitempty" maxLength:"64"`
	Status   string     `query:"status" json:"status,omitempty" maxLength:"300" doc:"One or more, between commas"`
	Open     bool       `query:"open" json:"open,omitempty" doc:"Only what is not done with"`
	Grade    string     `query:"grade" json:"grade,omitempty" enum:"general,major"`
	Class    string     `query:"class" json:"class,omitempty" maxLength:"32"`
	Source   string     `query:"source" json:"source,omitempty" maxLength:"32"`
	Q        string     `query:"q" json:"q,omitempty" maxLength:"400" doc:"Words of the report, or a number"`
	Line     string     `query:"line" json:"line,omitempty" maxLength:"32"`
	Overdue  bool       `query:"overdue" json:"overdue,omitempty"`
	Danger   bool       `query:"danger" json:"danger,omitempty"`
	Campaign string     `query:"campaign" json:"campaign,omitempty" maxLength:"64"`
	Handler  string     `query:"handler" json:"handler,omitempty" maxLength:"64"`
	Mine     bool       `query:"mine" json:"mine,omitempty" doc:"Only what I reported"`
	From     clock.Day  `query:"from" json:"from,omitempty" maxLength:"10" doc:"First day of reporting"`
	To       clock.Day  `query:"to" json:"to,omitempty" maxLength:"10" doc:"Last day of reporting"`
	Sort     string     `query:"sort" json:"sort,omitempty" enum:"newest,due"`
}

func (in *HazardFilter) filter() Filter {
	f := Filter{Place: in.Place, Unit: in.Unit, Open: in.Open, Grade: hazard.Grade(in.Grade), Class: in.Class, Source: in.Source,
		Words: in.Q, Line: in.Line, Overdue: in.Overdue, Danger: in.Danger, Campaign: in.Campaign, Handler: in.Handler,
		Mine: in.Mine, From: in.From, To: in.To, Sort: Sort(in.Sort)}
	for s := range strings.SplitSeq(in.Status, ",") {
		if s != "" {
			f.Status = append(f.Status, hazard.Status(s))
		}
	}
	return f
}

// HazardPage says which page of a list.
type HazardPage struct {
	Cursor string `query:"cursor" maxLength:"300"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type listIn struct {
	HazardFilter
	HazardPage
}

type listOut struct {
	Body struct {
		Items []HazardView `json:"items" nullable:"false"`
		Next  string       `json:"next"`
	}
}

func (s *Service) httpList(ctx context.Context, in *listIn) (*listOut, error) {
	p, err := s.List(ctx, in.filter(), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, p.Items)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Next, out.Body.Items = p.Next, make([]HazardView, len(p.Items))
	for i, h := range p.Items {
		out.Body.Items[i] = beginning(h, names)
	}
	return out, nil
}

// beginning is a view with only the first words of the report.
func beginning(h *hazard.Hazard, n Names) HazardView {
	v := hazardView(h, n)
	if words := []rune(v.Words); len(words) >= shownWords {
		v.Words = string(words[:shownWords-1]) + "…"
	}
	return v
}

type inboxIn struct {
	HazardPage
	Status hazard.Status `query:"status" maxLength:"32" doc:"Only what stands there"`
	Clock  WaitClock     `query:"clock" enum:"late,today,later" doc:"Only what is late, due by the end of today, or due later"`
}

type inboxOut struct {
	Body struct {
		Items  []hazardWaiting       `json:"items" nullable:"false"`
		Next   string                `json:"next"`
		Counts map[hazard.Status]int `json:"counts" doc:"Of all that waits, by status; on the first page"`
		Clocks map[WaitClock]int     `json:"clocks" doc:"Of all that waits: late, today, later; on the first page"`
		More   bool                  `json:"more" doc:"Counting stopped: there is more"`
	}
}

type hazardWaiting struct {
	HazardView
	Clock *hazardClock `json:"clock,omitempty"`
	Steps []hazardStep `json:"steps" nullable:"false"`
}

func (s *Service) httpInbox(ctx context.Context, in *inboxIn) (*inboxOut, error) {
	box, err := s.Inbox(ctx, WaitFilter{Status: in.Status, Clock: in.Clock}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &inboxOut{}
	out.Body.Next, out.Body.Counts, out.Body.Clocks, out.Body.More = box.Page.Next, box.Counts, box.Clocks, box.More
	out.Body.Items = []hazardWaiting{}
	for _, w := range box.Page.Items {
		out.Body.Items = append(out.Body.Items, hazardWaiting{beginning(w.Hazard, box.Names), clockView(w.Clock),
			stepViews(w.Steps, box.Names.Units)})
	}
	return out, nil
}

type hazardSavedView struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Query   string    `json:"query" doc:"Query string of the page"`
	Created time.Time `json:"created"`
}

func viewOf(v SavedView) hazardSavedView { return hazardSavedView{v.ID, v.Name, v.Query, v.Created} }

type viewsOut struct {
	Body struct {
		Items []hazardSavedView `json:"items" nullable:"false"`
	}
}

func (s *Service) httpViews(ctx context.Context, _ *struct{}) (*viewsOut, error) {
	vs, err := s.Views(ctx)
	if err != nil {
		return nil, err
	}
	out := &viewsOut{}
	out.Body.Items = make([]hazardSavedView, len(vs))
	for i, v := range vs {
		out.Body.Items[i] = viewOf(v)
	}
	return out, nil
}

type saveViewIn struct {
	Body struct {
		Name  string `json:"name" maxLength:"400"`
		Query string `json:"query" maxLength:"4000"`
	}
}

type saveViewOut struct{ Body hazardSavedView }

func (s *Service) httpSaveView(ctx context.Context, in *saveViewIn) (*saveViewOut, error) {
	v, err := s.SaveView(ctx, in.Body.Name, in.Body.Query)
	if err != nil {
		return nil, err
	}
	return &saveViewOut{viewOf(*v)}, nil
}

type idIn struct {
	ID string `path:"id" maxLength:"64"`
}

type renameViewIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Name string `json:"name" maxLength:"400"`
	}
}

func (s *Service) httpRenameView(ctx context.Context, in *renameViewIn) (*struct{}, error) {
	return nil, s.RenameView(ctx, in.ID, in.Body.Name)
}

func (s *Service) httpDeleteView(ctx context.Context, in *idIn) (*struct{}, error) {
	return nil, s.DeleteView(ctx, in.ID)
}
