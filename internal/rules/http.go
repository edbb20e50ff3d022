// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

var tags = []string{"rules"}

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	httpapi.Handle(api, huma.Operation{OperationID: "rules-list", Method: http.MethodGet, Path: "/rules",
		Summary: "List the rules that apply where one may read rules", Tags: tags}, s.httpList)
	httpapi.Handle(api, huma.Operation{OperationID: "rules-keys", Method: http.MethodGet, Path: "/rules/keys",
		Summary: "List what rules can set", Tags: tags}, s.httpKeys)
	httpapi.Handle(api, huma.Operation{OperationID: "rules-resolve", Method: http.MethodGet, Path: "/rules/resolve",
		Summary: "Find the rule that applies at a place on a day", Tags: tags}, s.httpResolve)
	httpapi.Handle(api, huma.Operation{OperationID: "rules-add", Method: http.MethodPost, Path: "/rules",
		Summary: "Add a rule", Tags: tags, DefaultStatus: http.StatusCreated}, s.httpAdd)
	httpapi.Handle(api, huma.Operation{OperationID: "rules-end", Method: http.MethodPost, Path: "/rules/{id}/end",
		Summary: "Set the last day of a rule", Tags: tags}, s.httpEnd)
	mountCalendar(api, s)
	mountStandards(api, s)
}

type ruleView struct {
	ID        string          `json:"id"`
	Key       string          `json:"key"`
	Place     string          `json:"place"`
	ValidFrom string          `json:"valid_from"`
	ValidTo   string          `json:"valid_to" doc:"Last day; empty while no end is known"`
	Value     json.RawMessage `json:"value"`
	SourceDoc string          `json:"source_doc"`
	SourceEN  string          `json:"source_en" doc:"The source in English, of a national default; empty otherwise"`
	Note      string          `json:"note"`
	Builtin   bool            `json:"builtin" doc:"A national default that ships with the program"`
	Created   time.Time       `json:"created"`
	Version   int             `json:"version"`
}

func toRuleView(r Rule) ruleView {
	return ruleView{ID: r.ID, Key: r.Key, Place: string(r.Place), ValidFrom: string(r.ValidFrom), ValidTo: string(r.ValidTo),
		Value: json.RawMessage(r.Value), SourceDoc: r.SourceDoc, SourceEN: r.sourceEN(), Note: r.Note, Builtin: r.Builtin, Created: r.Created,
		Version: r.Version}
}

type listIn struct {
	Key    string `query:"key" maxLength:"60"`
	Place  string `query:"place" maxLength:"120" doc:"Rules made above, at or below this place"`
	On     string `query:"on" format:"date" doc:"Rules valid on this day"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type listOut struct {
	Body struct {
		Items []ruleView `json:"items"`
		Next  string     `json:"next"`
	}
}

func (s *Service) httpList(ctx context.Context, in *listIn) (*listOut, error) {
	f := Filter{Key: in.Key, Place: place.Path(in.Place), On: clock.Day(in.On)}
	rules, err := s.List(ctx, f, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items, out.Body.Next = make([]ruleView, len(rules.Items)), rules.Next
	for i, r := range rules.Items {
		out.Body.Items[i] = toRuleView(r)
	}
	return out, nil
}

type keyView struct {
	Key    string  `json:"key"`
	ZH     string  `json:"zh"`
	EN     string  `json:"en"`
	Kind   Kind    `json:"kind" enum:"term,number,list,boolean"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Unit   string  `json:"unit"`
	Reason bool    `json:"reason" doc:"Switching it on needs a written reason"`
}

type keysOut struct {
	Body struct {
		Items []keyView `json:"items"`
	}
}

func (s *Service) httpKeys(context.Context, *struct{}) (*keysOut, error) {
	out := &keysOut{}
	for _, k := range Keys() {
		out.Body.Items = append(out.Body.Items, keyView{k.Name, k.ZH, k.EN, k.Kind, k.Min, k.Max, k.Unit, k.Reason})
	}
	return out, nil
}

type resolveIn struct {
	Key   string `query:"key" required:"true" maxLength:"60"`
	Place string `query:"place" required:"true" maxLength:"120"`
	On    string `query:"on" format:"date" doc:"Day; empty: today"`
}

type resolveOut struct {
	Body struct {
		RuleID    string          `json:"rule_id"`
		Key       string          `json:"key"`
		Place     string          `json:"place" doc:"Where the rule was made"`
		ValidFrom string          `json:"valid_from"`
		Value     json.RawMessage `json:"value"`
		SourceDoc string          `json:"source_doc"`
	}
}

func (s *Service) httpResolve(ctx context.Context, in *resolveIn) (*resolveOut, error) {
	on := clock.Day(in.On)
	if on == "" {
		on = clock.DayOf(s.now())
	}
	v, err := s.Resolve(ctx, in.Key, place.Path(in.Place), on)
	if err != nil {
		return nil, err
	}
	out := &resolveOut{}
	out.Body.RuleID, out.Body.Key, out.Body.Place = v.RuleID, v.Key, string(v.Place)
	out.Body.ValidFrom, out.Body.Value, out.Body.SourceDoc = string(v.ValidFrom), v.Raw, v.SourceDoc
	return out, nil
}

type addIn struct {
	Body struct {
		Key       string          `json:"key" maxLength:"60"`
		Place     string          `json:"place" maxLength:"120"`
		ValidFrom string          `json:"valid_from" maxLength:"10"`
		ValidTo   string          `json:"valid_to,omitempty" maxLength:"10"`
		Value     json.RawMessage `json:"value" doc:"Of the form that the key prescribes"`
		SourceDoc string          `json:"source_doc" maxLength:"200" doc:"The document that sets it"`
		Note      string          `json:"note,omitempty" maxLength:"500"`
	}
}

type ruleOut struct{ Body ruleView }

func (s *Service) httpAdd(ctx context.Context, in *addIn) (*ruleOut, error) {
	b := in.Body
	r, err := s.Add(ctx, Rule{Key: b.Key, Place: place.Path(b.Place), ValidFrom: clock.Day(b.ValidFrom),
		ValidTo: clock.Day(b.ValidTo), Value: string(b.Value), SourceDoc: b.SourceDoc, Note: b.Note})
	if err != nil {
		return nil, err
	}
	return &ruleOut{Body: toRuleView(r)}, nil
}

type endIn struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		ValidTo string `json:"valid_to" maxLength:"10" doc:"Last day; the day before the first takes the rule back"`
		Version int    `json:"version"`
	}
}

func (s *Service) httpEnd(ctx context.Context, in *endIn) (*ruleOut, error) {
	r, err := s.End(ctx, in.ID, clock.Day(in.Body.ValidTo), in.Body.Version)
	if err != nil {
		return nil, err
	}
	return &ruleOut{Body: toRuleView(r)}, nil
}
