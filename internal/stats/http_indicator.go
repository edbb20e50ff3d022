// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/quantity"
	"anlan/internal/platform/httpapi"
)

func mountIndicators(api huma.API, s *Service) {
	httpapi.Handle(api, huma.Operation{OperationID: "stats-indicators", Method: http.MethodGet, Path: "/indicators",
		Summary: "List indicators with their definitions", Tags: tags}, s.httpIndicators)
	httpapi.Handle(api, huma.Operation{OperationID: "stats-indicator-add", Method: http.MethodPost, Path: "/indicators",
		Summary: "Add an indicator; what happened before is counted too", Tags: tags,
		DefaultStatus: http.StatusCreated}, s.httpAddIndicator)
}

type partView struct {
	Kind     string              `json:"kind" maxLength:"100" doc:"Kind of the ledger entries"`
	Where    map[string][]string `json:"where,omitempty" doc:"Fact: one of these texts"`
	Sum      string              `json:"sum,omitempty" doc:"Add this quantity of the entry; empty counts entries"`
	Minus    bool                `json:"minus,omitempty" doc:"Take away instead"`
	Dim      string              `json:"dim,omitempty" maxLength:"100" doc:"Fact by whose value the number is split"`
	DimIs    string              `json:"dim_is,omitempty" maxLength:"100"`
	UnitFact string              `json:"unit_fact,omitempty" maxLength:"100" doc:"Fact with the path of the unit that it counts for"`
}

type indicatorView struct {
	Key       string     `json:"key" maxLength:"60"`
	ZH        string     `json:"zh" maxLength:"100"`
	EN        string     `json:"en" maxLength:"100"`
	Unit      string     `json:"unit" doc:"person, attendance, session, firm, place, item, copy, household, fen, minute"`
	Op        Op         `json:"op" enum:"flow,stock,ratio,sum"`
	Parts     []partView `json:"parts,omitempty" maxItems:"20" doc:"Of a flow or stock"`
	Num       []string   `json:"num,omitempty" maxItems:"20" doc:"Of a ratio or sum: keys of indicators"`
	Den       []string   `json:"den,omitempty" maxItems:"20" doc:"Of a ratio"`
	ValidFrom string     `json:"valid_from,omitempty" maxLength:"10"`
	ValidTo   string     `json:"valid_to,omitempty" maxLength:"10"`
	Builtin   bool       `json:"builtin,omitempty" readOnly:"true"`
	Live      bool       `json:"live,omitempty" readOnly:"true" doc:"False while it is being counted from the beginning"`
}

func toIndicatorView(in Indicator) indicatorView {
	v := indicatorView{Key: in.Key, ZH: in.ZH, EN: in.EN, Unit: string(in.Unit), Op: in.Op, Num: in.Num, Den: in.Den,
		ValidFrom: string(in.ValidFrom), ValidTo: string(in.ValidTo), Builtin: in.Builtin, Live: in.Live}
	for _, p := range in.Parts {
		v.Parts = append(v.Parts, partView{p.Kind, p.Where, string(p.Sum), p.Minus, p.Dim, p.DimIs, p.UnitFact})
	}
	return v
}

func (v indicatorView) indicator() Indicator {
	in := Indicator{Key: v.Key, ZH: v.ZH, EN: v.EN, Unit: quantity.Unit(v.Unit), Op: v.Op, Num: v.Num, Den: v.Den,
		ValidFrom: clock.Day(v.ValidFrom), ValidTo: clock.Day(v.ValidTo)}
	for _, p := range v.Parts {
		in.Parts = append(in.Parts, Part{p.Kind, p.Where, quantity.Unit(p.Sum), p.Minus, p.Dim, p.DimIs, p.UnitFact})
	}
	return in
}

type indicatorsOut struct {
	Body struct {
		Items []indicatorView `json:"items"`
	}
}

func (s *Service) httpIndicators(ctx context.Context, _ *struct{}) (*indicatorsOut, error) {
	list, err := s.Indicators(ctx)
	if err != nil {
		return nil, err
	}
	out := &indicatorsOut{}
	out.Body.Items = make([]indicatorView, len(list))
	for i, in := range list {
		out.Body.Items[i] = toIndicatorView(in)
	}
	return out, nil
}

type addIndicatorIn struct{ Body indicatorView }

type indicatorOut struct{ Body indicatorView }

func (s *Service) httpAddIndicator(ctx context.Context, in *addIndicatorIn) (*indicatorOut, error) {
	added, err := s.Add(ctx, in.Body.indicator())
	if err != nil {
		return nil, err
	}
	return &indicatorOut{Body: toIndicatorView(added)}, nil
}
