// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/httpapi"
)

func mountCalendar(api huma.API, s *Service) {
	httpapi.Handle(api, huma.Operation{OperationID: "rules-calendar", Method: http.MethodGet, Path: "/calendar/{year}",
		Summary: "Show the days off and make-up working days of a year", Tags: tags}, s.httpCalendar)
	httpapi.Handle(api, huma.Operation{OperationID: "rules-calendar-import", Method: http.MethodPut, Path: "/calendar/{year}",
		Summary: "Import the State Council's notice for a year", Tags: tags}, s.httpImportYear)
}

type dayView struct {
	Day  string  `json:"day"`
	Kind DayKind `json:"kind" enum:"off,work" doc:"Off: 放假; work: 调休上班"`
	Name string  `json:"name"`
}

type yearView struct {
	Year      int       `json:"year"`
	Announced bool      `json:"announced" doc:"False: only weekends are known, working-day deadlines are provisional"`
	SourceDoc string    `json:"source_doc"`
	SourceEN  string    `json:"source_en" doc:"The source in English, of a calendar that ships with the program; empty otherwise"`
	Builtin   bool      `json:"builtin"`
	Version   int       `json:"version"`
	Off       int       `json:"off" doc:"Days off that the notice names"`
	Work      int       `json:"work" doc:"Make-up working days"`
	Working   int       `json:"working_days" doc:"Working days of the whole year"`
	Days      []dayView `json:"days"`
}

func toYearView(y Year) yearView {
	v := yearView{Year: y.Year, Announced: y.Announced, SourceDoc: y.SourceDoc, SourceEN: y.sourceEN(), Builtin: y.Builtin, Version: y.Version,
		Days: make([]dayView, len(y.Days))}
	for i, d := range y.Days {
		v.Days[i] = dayView{string(d.Day), d.Kind, d.Name}
		if d.Kind == Off {
			v.Off++
		} else {
			v.Work++
		}
	}
	c := NewCalendar(y)
	for d := clock.Day(fmt.Sprintf("%04d-01-01", y.Year)); yearOf(d) == y.Year; d = d.Add(1) {
		if c.Working(d) {
			v.Working++
		}
	}
	return v
}

type yearIn struct {
	Year int `path:"year" minimum:"2000" maximum:"2200"`
}

type yearOut struct{ Body yearView }

func (s *Service) httpCalendar(ctx context.Context, in *yearIn) (*yearOut, error) {
	y, err := s.YearOf(ctx, in.Year)
	if err != nil {
		return nil, err
	}
	return &yearOut{Body: toYearView(y)}, nil
}

type importYearIn struct {
	Year int `path:"year" minimum:"2000" maximum:"2200"`
	Body struct {
		Text      string `json:"text" maxLength:"65536" doc:"Lines date,kind,name or a JSON array of such objects; kind is off/休 or work/班"`
		SourceDoc string `json:"source_doc" maxLength:"200"`
		Version   int    `json:"version" doc:"Version of the calendar that was looked at; 0 when the year was not announced"`
		DryRun    bool   `json:"dry_run,omitempty" doc:"Check and show it, store nothing"`
	}
}

func (s *Service) httpImportYear(ctx context.Context, in *importYearIn) (*yearOut, error) {
	b := in.Body
	y, err := s.ImportYear(ctx, Notice{Year: in.Year, Text: b.Text, SourceDoc: b.SourceDoc, Version: b.Version, DryRun: b.DryRun})
	if err != nil {
		return nil, err
	}
	return &yearOut{Body: toYearView(y)}, nil
}
