// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/httpapi"
)

func mountStandards(api huma.API, s *Service) {
	httpapi.Handle(api, huma.Operation{OperationID: "rules-standards", Method: http.MethodGet, Path: "/standards",
		Summary: "List the standards by which hazards are major", Tags: tags}, s.httpStandards)
	httpapi.Handle(api, huma.Operation{OperationID: "rules-standard", Method: http.MethodGet, Path: "/standards/{id}",
		Summary: "Show a standard with its clauses", Tags: tags}, s.httpStandard)
	httpapi.Handle(api, huma.Operation{OperationID: "rules-standard-save", Method: http.MethodPut, Path: "/standards/{id}",
		Summary: "Add a standard (version 0) or change it", Tags: tags}, s.httpSaveStandard)
	httpapi.Handle(api, huma.Operation{OperationID: "rules-clauses-add", Method: http.MethodPost, Path: "/standards/{id}/clauses",
		Summary: "Add clauses to a standard, or replace those with the same number", Tags: tags,
		DefaultStatus: http.StatusNoContent}, s.httpAddClauses)
	httpapi.Handle(api, huma.Operation{OperationID: "rules-clauses-import", Method: http.MethodPost, Path: "/clauses/imports",
		Summary: "Import the clauses of a pasted table", Tags: tags, MaxBodyBytes: 3 << 20}, s.httpImportClauses)
}

type StandardView struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	DocNo     string   `json:"doc_no"`
	Issuer    string   `json:"issuer"`
	Lines     []string `json:"lines" doc:"Supervisory tags of the units it is about; empty: all"`
	ValidFrom string   `json:"valid_from" doc:"Empty when it is not known"`
	ValidTo   string   `json:"valid_to"`
	Successor string   `json:"successor"`
	Confirmed bool     `json:"confirmed" doc:"False: title or number still have to be checked against the original"`
	Version   int      `json:"version"`
}

func toStandardView(s Standard) StandardView {
	return StandardView{s.ID, s.Title, s.DocNo, s.Issuer, append([]string{}, s.Lines...), string(s.ValidFrom),
		string(s.ValidTo), s.Successor, s.Confirmed, s.Version}
}

type clauseView struct {
	Standard string   `json:"standard"`
	No       string   `json:"no"`
	Text     string   `json:"text"`
	Keywords []string `json:"keywords"`
	Hint     bool     `json:"hint" doc:"The text is a hint in our words, not the wording of the standard"`
}

func toClauseViews(clauses []Clause) []clauseView {
	views := make([]clauseView, len(clauses))
	for i, c := range clauses {
		views[i] = clauseView{c.Standard, c.No, c.Text, append([]string{}, c.Keywords...), c.Hint}
	}
	return views
}

type standardsIn struct {
	Line   string `query:"line" maxLength:"40"`
	On     string `query:"on" format:"date" doc:"Standards in force on this day"`
	Q      string `query:"q" maxLength:"40" doc:"Part of the title or document number"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type standardsOut struct {
	Body struct {
		Items []StandardView `json:"items"`
		Next  string         `json:"next"`
	}
}

func (s *Service) httpStandards(ctx context.Context, in *standardsIn) (*standardsOut, error) {
	list, err := s.Standards(ctx, StandardFilter{Line: in.Line, On: clock.Day(in.On), Q: in.Q}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &standardsOut{}
	out.Body.Items, out.Body.Next = make([]StandardView, len(list.Items)), list.Next
	for i, std := range list.Items {
		out.Body.Items[i] = toStandardView(std)
	}
	return out, nil
}

type standardIn struct {
	ID string `path:"id" maxLength:"40"`
}

type standardOut struct {
	Body struct {
		StandardView
		Clauses []clauseView `json:"clauses"`
	}
}

func (s *Service) httpStandard(ctx context.Context, in *standardIn) (*standardOut, error) {
	std, clauses, err := s.Standard(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &standardOut{}
	out.Body.StandardView, out.Body.Clauses = toStandardView(std), toClauseViews(clauses)
	return out, nil
}

type saveStandardIn struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Title     string   `json:"title" maxLength:"200"`
		DocNo     string   `json:"doc_no" maxLength:"100"`
		Issuer    string   `json:"issuer" maxLength:"100"`
		Lines     []string `json:"lines" maxItems:"20" nullable:"false"`
		ValidFrom string   `json:"valid_from" maxLength:"10"`
		ValidTo   string   `json:"valid_to" maxLength:"10"`
		Successor string   `json:"successor" maxLength:"40"`
		Confirmed bool     `json:"confirmed"`
		Version   int      `json:"version" minimum:"0"`
	}
}

type savedStandardOut struct{ Body StandardView }

func (s *Service) httpSaveStandard(ctx context.Context, in *saveStandardIn) (*savedStandardOut, error) {
	b := in.Body
	std, err := s.SaveStandard(ctx, Standard{ID: in.ID, Title: b.Title, DocNo: b.DocNo, Issuer: b.Issuer, Lines: b.Lines,
		ValidFrom: clock.Day(b.ValidFrom), ValidTo: clock.Day(b.ValidTo), Successor: b.Successor, Confirmed: b.Confirmed,
		Version: b.Version})
	if err != nil {
		return nil, err
	}
	return &savedStandardOut{Body: toStandardView(std)}, nil
}

type addClausesIn struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Clauses []struct {
			No       string   `json:"no" maxLength:"60"`
			Text     string   `json:"text" maxLength:"4000"`
			Keywords []string `json:"keywords,omitempty" maxItems:"20"`
		} `json:"clauses" minItems:"1" maxItems:"200" nullable:"false"`
	}
}

func (s *Service) httpAddClauses(ctx context.Context, in *addClausesIn) (*struct{}, error) {
	clauses := make([]Clause, len(in.Body.Clauses))
	for i, c := range in.Body.Clauses {
		clauses[i] = Clause{No: c.No, Text: c.Text, Keywords: c.Keywords}
	}
	return nil, s.AddClauses(ctx, in.ID, clauses)
}

type importClausesIn struct {
	Body struct {
		Text     string `json:"text" maxLength:"2097152" doc:"Table: standard, clause number, text, keywords; by commas or tabs"`
		Standard string `json:"standard,omitempty" maxLength:"40" doc:"All are of this one, and the table lacks the first column"`
		DryRun   bool   `json:"dry_run,omitempty" doc:"Check and show them, store nothing"`
	}
}

type importClausesOut struct {
	Body struct {
		Items []clauseView `json:"items"`
	}
}

func (s *Service) httpImportClauses(ctx context.Context, in *importClausesIn) (*importClausesOut, error) {
	clauses, err := s.ImportClauses(ctx, in.Body.Text, in.Body.Standard, in.Body.DryRun)
	if err != nil {
		return nil, err
	}
	out := &importClausesOut{}
	out.Body.Items = toClauseViews(clauses)
	return out, nil
}
