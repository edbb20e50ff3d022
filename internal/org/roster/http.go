// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/document"
	"anlan/internal/platform/httpapi"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	start := operation(http.MethodPost, "org-import", "/imports", "Begin to import a workbook")
	start.MaxBodyBytes, start.DefaultStatus = document.MaxFile+1, http.StatusAccepted
	httpapi.Handle(api, start, s.httpStartImport)
	httpapi.Handle(api, workbook(get("org-import-template", "/imports/template.xlsx", "An empty workbook to fill in")), s.httpTemplate)
	httpapi.Handle(api, get("org-import-state", "/imports/{id}", "How far an import has come, and what it would do"), s.httpImport)
	commit := operation(http.MethodPost, "org-import-commit", "/imports/{id}/commit", "Write an import that is ready: all of it or nothing")
	commit.DefaultStatus = http.StatusAccepted
	httpapi.Handle(api, commit, s.httpCommitImport)
	httpapi.Handle(api, workbook(get("org-export-units", "/exports/units.xlsx", "Units, in the layout of the import")), s.httpExportUnits)
	httpapi.Handle(api, workbook(get("org-export-people", "/exports/people.xlsx", "People, in the layout of the import")), s.httpExportPeople)
}

func operation(method, id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"org"}}
}

func get(id, path, summary string) huma.Operation {
	return operation(http.MethodGet, id, path, summary)
}

// workbook makes an operation answer with one.
func workbook(op huma.Operation) huma.Operation {
	op.Responses = map[string]*huma.Response{"200": {Description: http.StatusText(http.StatusOK),
		Content: map[string]*huma.MediaType{xlsxType: {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}}
	return op
}

// ByImportKind says which layout is meant.
type ByImportKind struct {
	Kind Kind `query:"kind" required:"true" enum:"units,people"`
}

type startImportIn struct {
	ByImportKind
	RawBody []byte `contentType:"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"`
}

type importView struct {
	ID       string       `json:"id"`
	Kind     Kind         `json:"kind" enum:"units,people"`
	State    State        `json:"state" enum:"checking,ready,committing,done,failed"`
	Progress int          `json:"progress" doc:"Rows read so far"`
	Rows     int          `json:"rows"`
	New      int          `json:"new"`
	Changed  int          `json:"changed"`
	Same     int          `json:"same"`
	Failure  *Failure     `json:"failure,omitempty" doc:"Why it failed: nothing was written"`
	ErrorsN  int          `json:"errors_n" doc:"How many errors there are"`
	Errors   []RowError   `json:"errors" doc:"The first 1,000 of them"`
	Columns  []string     `json:"columns" doc:"Titles of the columns that were read"`
	Preview  []PreviewRow `json:"preview" doc:"The first 50 rows"`
}

func toImportView(im *Import) importView {
	r := im.Report
	return importView{ID: im.ID, Kind: im.Kind, State: im.State, Progress: im.Progress, Rows: r.Rows, New: r.New, Changed: r.Changed,
		Same: r.Same, Failure: im.Failure, ErrorsN: r.ErrorsN, Errors: orEmpty(r.Errors), Columns: orEmpty(r.Columns), Preview: orEmpty(r.Preview)}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

type byID struct {
	ID string `path:"id" maxLength:"26"`
}

type bodyOut[V any] struct{ Body V }

func (s *Service) httpStartImport(ctx context.Context, in *startImportIn) (*bodyOut[importView], error) {
	im, err := s.Start(ctx, in.Kind, in.RawBody)
	if err != nil {
		return nil, err
	}
	return &bodyOut[importView]{toImportView(im)}, nil
}

func (s *Service) httpImport(ctx context.Context, in *byID) (*bodyOut[importView], error) {
	im, err := s.Import(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &bodyOut[importView]{toImportView(im)}, nil
}

func (s *Service) httpCommitImport(ctx context.Context, in *byID) (*bodyOut[importView], error) {
	im, err := s.Commit(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &bodyOut[importView]{toImportView(im)}, nil
}

func (s *Service) httpTemplate(_ context.Context, in *ByImportKind) (*fileOut, error) {
	var b bytes.Buffer
	err := s.Template(in.Kind, &b)
	return &fileOut{Type: xlsxType, Disposition: attachment(string(in.Kind) + "-template.xlsx"), Body: b.Bytes()}, err
}

// fileOut is a workbook to be saved.
type fileOut struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func attachment(name string) string { return `attachment; filename="` + name + `"` }

func (s *Service) httpExportUnits(ctx context.Context, in *org.UnitQuery) (*huma.StreamResponse, error) {
	return exported("units.xlsx", func(w io.Writer) error { return s.ExportUnits(ctx, in.Filter(), w) })
}

type exportPeopleIn struct {
	Place place.Path `query:"place" maxLength:"100" doc:"At or below it"`
	Unit  string     `query:"unit" maxLength:"26"`
	Words string     `query:"q" maxLength:"100"`
}

func (s *Service) httpExportPeople(ctx context.Context, in *exportPeopleIn) (*huma.StreamResponse, error) {
	f := org.PersonFilter{Place: in.Place, Unit: in.Unit, Words: in.Words}
	return exported("people.xlsx", func(w io.Writer) error { return s.ExportPeople(ctx, f, w) })
}

// exported lets write fill a temporary file, so that a failure is still an answer of
// its own, and then sends it.
func exported(name string, write func(w io.Writer) error) (*huma.StreamResponse, error) {
	f, err := os.CreateTemp("", "anlan-export-*")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name()) // it lives until it is closed
	if err := write(f); err != nil {
		f.Close()
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		f.Close()
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		defer f.Close()
		out.SetHeader("Content-Type", xlsxType)
		out.SetHeader("Content-Disposition", attachment(name))
		io.Copy(out.BodyWriter(), f) // a client that goes away is not our failure
	}}, nil
}
