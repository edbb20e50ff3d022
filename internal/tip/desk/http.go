// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
	"anlan/internal/tip"
)

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"tip"}}
	}
	httpapi.Handle(api, op("tip-list", http.MethodGet, "/tips", "The queue of an office, the newest first"), s.httpList)
	httpapi.Handle(api, op("tip-get", http.MethodGet, "/tips/{id}", "One tip-off with the steps that are possible, without its content"), s.httpGet)
	httpapi.Handle(api, op("tip-alike", http.MethodGet, "/tips/alike", "Tip-offs that may say the same as one that is typed in"), s.httpAlike)
	httpapi.HandlePublic(api, op("tip-figures", http.MethodGet, "/public/tips/figures", "How tip-offs of a year were handled, in numbers"), s.httpFigures)
}

type listIn struct {
	Office      string    `query:"office" maxLength:"64" doc:"Id of an office below the own one; empty for the own one"`
	Below       bool      `query:"below" doc:"Those of all offices below the own one"`
	Mine        bool      `query:"mine" doc:"Those that I verify"`
	Status      string    `query:"status" maxLength:"200" doc:"One or more, between commas"`
	Open        bool      `query:"open" doc:"Only what is not done with"`
	Late        bool      `query:"late"`
	Class       tip.Class `query:"class" maxLength:"32"`
	Source      string    `query:"source" maxLength:"32"`
	Danger      bool      `query:"danger"`
	Unread      bool      `query:"unread" doc:"The informant wrote, and nobody has read it"`
	Quarantined bool      `query:"quarantined" doc:"Came in a flood"`
	No          string    `query:"no" maxLength:"64" doc:"A number"`
	Sort        Sort      `query:"sort" enum:"newest,due"`
	Cursor      string    `query:"cursor" maxLength:"300"`
	Limit       int       `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

func (in *listIn) filter() Filter {
	f := Filter{Office: in.Office, Below: in.Below, Mine: in.Mine, Open: in.Open, Late: in.Late, Class: in.Class, Source: in.Source,
		Danger: in.Danger, Unread: in.Unread, Quarantined: in.Quarantined, Words: strings.TrimSpace(in.No), Sort: in.Sort}
	for s := range strings.SplitSeq(in.Status, ",") {
		if s != "" {
			f.Status = append(f.Status, tip.Status(s))
		}
	}
	return f
}

type tipListOut struct {
	Body struct {
		Items []TipView `json:"items" nullable:"false"`
		Next  string    `json:"next"`
	}
}

func (s *Service) httpList(ctx context.Context, in *listIn) (*tipListOut, error) {
	p, err := s.List(ctx, in.filter(), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &tipListOut{}
	out.Body.Next = p.Next
	out.Body.Items, err = s.views(ctx, p.Items)
	return out, err
}

// views returns the views of tips with their names.
func (s *Service) views(ctx context.Context, ts []*tip.Tip) ([]TipView, error) {
	n, err := s.names(ctx, ts, nil, nil)
	if err != nil {
		return nil, err
	}
	return viewsOf(ts, n, s.Tips.Now()), nil
}

func viewsOf(ts []*tip.Tip, n Names, now time.Time) []TipView {
	out := make([]TipView, len(ts))
	for i, t := range ts {
		out[i] = tipView(t, n, now)
	}
	return out
}

type alikeIn struct {
	Place    place.Path `query:"place" required:"true" maxLength:"200"`
	Class    tip.Class  `query:"class" required:"true" maxLength:"32"`
	UnitCode string     `query:"unit_code" maxLength:"32"`
}

type tipAlikeOut struct {
	Body struct {
		Items []TipView `json:"items" nullable:"false"`
	}
}

func (s *Service) httpAlike(ctx context.Context, in *alikeIn) (*tipAlikeOut, error) {
	h := Hint{Place: in.Place, Class: in.Class}
	if in.UnitCode != "" {
		u, err := s.Tips.Org.UnitByCode(ctx, strings.ToUpper(in.UnitCode))
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return nil, err
		}
		if err == nil {
			h.Unit = u.ID
		}
	}
	ts, err := s.Alike(ctx, h)
	if err != nil {
		return nil, err
	}
	out := &tipAlikeOut{}
	out.Body.Items, err = s.views(ctx, ts)
	return out, err
}

type figuresIn struct {
	Year int `query:"year" required:"true" minimum:"2015" maximum:"2200"`
}

type tipFiguresOut struct {
	Body struct {
		PlaceName string      `json:"place_name"`
		Items     []tipFigure `json:"items" nullable:"false"`
	}
}

type tipFigure struct {
	Key    string `json:"key" doc:"Of the indicator"`
	N      int64  `json:"n"`
	Hidden bool   `json:"hidden" doc:"Between 1 and 9, or it would tell such a number: not shown"`
}

func (s *Service) httpFigures(ctx context.Context, in *figuresIn) (*tipFiguresOut, error) {
	home, told, err := s.Published(ctx, in.Year)
	if err != nil {
		return nil, err
	}
	out := &tipFiguresOut{}
	out.Body.Items = []tipFigure{}
	for _, t := range told {
		out.Body.Items = append(out.Body.Items, tipFigure(t))
	}
	out.Body.PlaceName, err = s.Tips.Org.PlaceName(ctx, home)
	return out, err
}
