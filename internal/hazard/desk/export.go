// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"time"

	"anlan/internal/hazard"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
	"anlan/internal/platform/document"
	"anlan/internal/platform/jobs"
)

const (
	maxExport   = 100_000 // rows
	exportChunk = 500     // rows between two reports of progress
	keepExport  = 24 * time.Hour
	sweepAtOnce = 100
	workbook    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

var sweepEvery = jobs.Every(time.Hour)

type exportArgs struct {
	ID string `json:"id"`
}

var exportJob = jobs.Define[exportArgs]("hazard.export", jobs.Options{Queue: jobs.Heavy, Timeout: 10 * time.Minute, Tries: 3})

// ExportState is how far a workbook has come.
type ExportState string

const (
	Waits  ExportState = "waiting"
	Runs   ExportState = "running"
	Done   ExportState = "done"
	Failed ExportState = "failed"
)

// Export is a workbook of hazards that a person asked for. Contacts are never in it.
type Export struct {
	ID      string      `bun:"id"`
	Person  string      `bun:"person_id"`
	Unit    string      `bun:"unit_id"` // in whose name they asked
	Query   string      `bun:"query"`   // the filter, as JSON
	State   ExportState `bun:"state"`
	Done    int         `bun:"done"`
	Total   int         `bun:"total"` // rows to come; 0 until it is known
	File    string      `bun:"file"`  // key of the workbook, or ""
	Created time.Time   `bun:"created"`
}

// StartExport begins a workbook of what f shows to the actor in ctx, at most maxExport rows.
// It needs hazard.export. One export runs for a person at a time; another is a Conflict.
func (s *Service) StartExport(ctx context.Context, f Filter) (*Export, error) {
	by := actor.From(ctx)
	if len(by.Scopes(hazard.PermExport)) == 0 {
		return nil, errs.New(errs.Denied, "auth.denied", "perm", hazard.PermExport)
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	query, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	e := &Export{ID: s.Hazards.IDs.New(), Person: by.ID, Unit: by.Unit, Query: string(query), State: Waits, Created: s.Hazards.Now()}
	return e, s.Hazards.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		busy, err := unfinished(ctx, tx, by.ID, e.Created.Add(-keepExport))
		if err != nil {
			return err
		}
		if busy {
			return errs.New(errs.Conflict, "hazard.export_running")
		}
		if err := insertExport(ctx, tx, e); err != nil {
			return err
		}
		return exportJob.Enter(ctx, tx, s.Queue, exportArgs{e.ID})
	})
}

// Export returns an export of the actor; NotFound for anybody else's.
func (s *Service) Export(ctx context.Context, id string) (*Export, error) {
	e, err := exportByID(ctx, s.Hazards.DB.Read(), id)
	if err == nil && e.Person != actor.From(ctx).ID {
		return nil, errs.New(errs.NotFound, "hazard.no_export")
	}
	return e, err
}

// ExportFile opens the workbook of a finished export of the actor.
func (s *Service) ExportFile(ctx context.Context, id string) (io.ReadCloser, error) {
	e, err := s.Export(ctx, id)
	if err != nil {
		return nil, err
	}
	if e.State != Done {
		return nil, errs.New(errs.Conflict, "hazard.export_not_ready")
	}
	r, err := s.Blobs.Get(ctx, e.File, 0, -1)
	if errs.KindOf(err) == errs.NotFound {
		return nil, errs.New(errs.NotFound, "hazard.no_export")
	}
	return r, err
}

// runExport makes the workbook. It looks with the eyes that the person has now: a role taken
// away in between takes the rows away too.
func (s *Service) runExport(ctx context.Context, args exportArgs) error {
	e, err := exportByID(ctx, s.Hazards.DB.Read(), args.ID)
	if err != nil || e.State == Done {
		return err
	}
	by, err := s.Hazards.Org.ActorOf(ctx, e.Person, e.Unit)
	if errs.KindOf(err) == errs.NotFound || err == nil && len(by.Scopes(hazard.PermExport)) == 0 {
		return s.progress(ctx, e, Failed)
	}
	if err != nil {
		return err
	}
	ctx = actor.With(ctx, by)
	if err := s.writeWorkbook(ctx, e); err != nil {
		return err
	}
	return s.progress(ctx, e, Done)
}

func (s *Service) writeWorkbook(ctx context.Context, e *Export) error {
	var f Filter
	if err := json.Unmarshal([]byte(e.Query), &f); err != nil {
		return err
	}
	areas, err := s.look(ctx, &f)
	if err != nil {
		return err
	}
	if e.Total, err = s.total(ctx, &f, areas); err != nil {
		return err
	}
	var b bytes.Buffer
	sheet, err := document.NewSheet(&b, columns())
	if err != nil {
		return err
	}
	if err := s.writeRows(ctx, e, sheet, &f, areas); err != nil {
		sheet.Close()
		return err
	}
	if err := sheet.Close(); err != nil {
		return err
	}
	e.File = "exports/" + e.ID + ".xlsx"
	return s.Blobs.Put(ctx, e.File, &b, int64(b.Len()), workbook)
}

// total counts what is to come. It is the one place that counts rows: once for a workbook,
// in the background, and never beyond maxExport.
func (s *Service) total(ctx context.Context, f *Filter, areas []area) (int, error) {
	total := 0
	for _, a := range areas {
		n, err := countRows(ctx, s.Hazards.DB.Read(), f, a, maxExport)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return min(total, maxExport), nil
}

func (s *Service) writeRows(ctx context.Context, e *Export, sheet *document.Writer, f *Filter, areas []area) error {
	e.Done = 0
	for after, more := (cursor{}), true; more && e.Done < maxExport; {
		hs, err := s.merged(ctx, f, areas, after, min(exportChunk, maxExport-e.Done))
		if err != nil {
			return err
		}
		if err := s.writeChunk(ctx, sheet, hs); err != nil {
			return err
		}
		e.Done += len(hs)
		if err := s.progress(ctx, e, Runs); err != nil {
			return err
		}
		if more = len(hs) == exportChunk; more {
			after = key(f, hs[len(hs)-1])
		}
	}
	return nil
}

func (s *Service) writeChunk(ctx context.Context, sheet *document.Writer, shown []*hazard.Hazard) error {
	ls, err := s.lines(ctx, shown)
	if err != nil {
		return err
	}
	for _, l := range ls {
		if err := sheet.Row(l.cells()...); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) progress(ctx context.Context, e *Export, state ExportState) error {
	e.State = state
	return s.Hazards.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return saveExport(ctx, tx, e) })
}

// sweepExports removes workbooks that are a day old, and what is known of them.
func (s *Service) sweepExports(ctx context.Context) error {
	old, err := exportsBefore(ctx, s.Hazards.DB.Read(), s.Hazards.Now().Add(-keepExport), sweepAtOnce)
	if err != nil {
		return err
	}
	for _, e := range old {
		if e.File != "" {
			if err := s.Blobs.Delete(ctx, e.File); err != nil {
				return err
			}
		}
		if err := s.Hazards.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return deleteExport(ctx, tx, e.ID) }); err != nil {
			return err
		}
	}
	return nil
}
