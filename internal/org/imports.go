// SPDX-License-Identifier: Apache-2.0

package org

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
	"anlan/internal/platform/document"
)

// ImportState is how far an import has come.
type ImportState string

const (
	ImportChecking   ImportState = "checking"   // the file is being read
	ImportReady      ImportState = "ready"      // no errors: it may be committed
	ImportCommitting ImportState = "committing" // it is being written
	ImportDone       ImportState = "done"
	ImportFailed     ImportState = "failed" // nothing was written
)

// Kinds of work that a Runner is given.
const (
	WorkCheck  = "org.import_check"
	WorkCommit = "org.import_commit"
)

const (
	previewRows  = 50
	partSize     = 1 << 20 // bytes of the file in one row
	rowsPerPart  = 2000
	progressStep = 5000
	importLife   = 24 * time.Hour
)

// Report is what a file would do, or has done.
type Report struct {
	Rows     int          `json:"rows"`
	New      int          `json:"new"`
	Changed  int          `json:"changed"`
	Same     int          `json:"same"`
	ErrorsN  int          `json:"errors_n"` // all of them; Errors has the first 1,000
	Errors   []RowError   `json:"errors"`
	Columns  []string     `json:"columns"` // titles of what was read
	Preview  []PreviewRow `json:"preview"` // the first 50 rows
	Digest   string       `json:"digest"`  // of all that the rows mean
	Keys     []string     `json:"keys"`    // of the columns
	From, To int          // pieces in which the rows are kept
}

// PreviewRow is one row as it was read.
type PreviewRow struct {
	Row    int      `json:"row"`
	Action string   `json:"action"` // new, changed, same
	Cells  []string `json:"cells"`  // one for each column; numbers masked
}

// Failure says why an import failed.
type Failure struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// Import is one file on its way in.
type Import struct {
	ID       string
	Kind     ImportKind
	State    ImportState
	Progress int // rows read so far
	Report   Report
	Failure  *Failure
	Created  time.Time
}

// StartImport takes a workbook and begins to check it; the actor needs org.import
// somewhere. Nothing is changed before CommitImport.
func (s *Service) StartImport(ctx context.Context, kind ImportKind, file []byte) (*Import, error) {
	if _, err := scopesOf(ctx, PermImport); err != nil {
		return nil, err
	}
	if len(file) > document.MaxFile {
		return nil, errs.New(errs.TooLarge, "document.file_too_large", "max_mb", document.MaxFile>>20)
	}
	if !bytes.HasPrefix(file, []byte("PK")) {
		return nil, errs.New(errs.Unsupported, "document.not_xlsx")
	}
	by := actor.From(ctx)
	row := &importRow{ID: s.IDs.New(), Kind: kind, State: ImportChecking, Actor: by.ID, ActorUnit: by.Unit, Bytes: int64(len(file)),
		Report: "{}", Created: s.Now(), Changed: s.Now()}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := deleteImportsBefore(ctx, tx, s.Now().Add(-importLife)); err != nil {
			return err
		}
		return insertImport(ctx, tx, row)
	})
	if err != nil {
		return nil, err
	}
	if err := s.keep(ctx, row.ID, file); err != nil {
		return nil, err
	}
	if err := s.run(ctx, WorkCheck, row.ID); err != nil {
		return nil, err
	}
	return s.Import(ctx, row.ID)
}

func (s *Service) run(ctx context.Context, kind, id string) error {
	if s.Runner == nil {
		return s.Work(ctx, kind, id)
	}
	return s.Runner.Run(ctx, kind, id)
}

// Work does what a Runner was given. It may be called again after an error or a
// crash: what is done stays done.
func (s *Service) Work(ctx context.Context, kind, id string) error {
	switch kind {
	case WorkCheck:
		return s.check(ctx, id)
	case WorkCommit:
		return s.commit(ctx, id)
	}
	return fmt.Errorf("org: unknown work %q", kind)
}

// Import returns an import to whoever began it, NotFound to others.
func (s *Service) Import(ctx context.Context, id string) (*Import, error) {
	row, err := importByID(ctx, s.DB.Read(), id)
	if err != nil {
		return nil, err
	}
	if row.Actor != actor.From(ctx).ID {
		return nil, errs.New(errs.NotFound, "org.import_not_found")
	}
	return row.load()
}

func (r *importRow) load() (*Import, error) {
	out := &Import{ID: r.ID, Kind: r.Kind, State: r.State, Progress: r.Progress, Created: r.Created.UTC()}
	if r.Failure != "" {
		out.Failure = &Failure{}
		if err := json.Unmarshal([]byte(r.Failure), out.Failure); err != nil {
			return nil, err
		}
	}
	return out, json.Unmarshal([]byte(r.Report), &out.Report)
}

// CommitImport begins to write an import that is ready: all of it or nothing. A
// second call changes nothing.
func (s *Service) CommitImport(ctx context.Context, id string) (*Import, error) {
	im, err := s.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	switch im.State {
	case ImportDone:
		return im, nil
	case ImportChecking, ImportFailed:
		return nil, errs.New(errs.Conflict, "org.import_not_ready")
	}
	if im.State == ImportReady {
		if err := s.turn(ctx, id, ImportReady, func(r *importRow) { r.State = ImportCommitting }); err != nil {
			return nil, err
		}
	}
	if err := s.run(ctx, WorkCommit, id); err != nil {
		return nil, err
	}
	return s.Import(ctx, id)
}

// turn changes an import that is still in state from; one that is not stays as it is.
func (s *Service) turn(ctx context.Context, id string, from ImportState, change func(*importRow)) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		row, err := importByID(ctx, tx, id)
		if err != nil {
			return err
		}
		change(row)
		row.Changed = s.Now()
		if _, err := saveImport(ctx, tx, row, from); err != nil {
			return err
		}
		if row.State == ImportDone || row.State == ImportFailed {
			return deleteParts(ctx, tx, id, 0)
		}
		return nil
	})
}

// check reads the file, finds out what it means and keeps what it read.
func (s *Service) check(ctx context.Context, id string) error {
	row, err := importByID(ctx, s.DB.Read(), id)
	if err != nil || row.State != ImportChecking {
		return err
	}
	report, err := s.checked(ctx, row)
	if err != nil {
		return s.fail(ctx, id, ImportChecking, err, nil)
	}
	if report.ErrorsN > 0 {
		return s.fail(ctx, id, ImportChecking, errs.New(errs.Invalid, "org.import_has_errors"), report)
	}
	text, err := json.Marshal(report)
	if err != nil {
		return err
	}
	return s.turn(ctx, id, ImportChecking, func(r *importRow) {
		r.State, r.Report, r.Progress = ImportReady, string(text), report.Rows
	})
}

func (s *Service) checked(ctx context.Context, row *importRow) (*Report, error) {
	file, after, err := s.kept(ctx, row.ID, int(row.Bytes))
	if err != nil {
		return nil, err
	}
	ctx, err = s.asImporter(ctx, row)
	if err != nil {
		return nil, err
	}
	t, bad, err := readTable(row.Kind, file, func(n int) {
		if n%progressStep == 0 {
			s.tell(ctx, row.ID, n)
		}
	})
	if err != nil {
		return nil, err
	}
	p, err := s.plan(ctx, s.DB.Read(), t, bad)
	if err != nil {
		return nil, err
	}
	report := p.report(t, bad)
	if bad.n == 0 {
		report.Keys, report.From = t.Keys, after
		report.To, err = s.keepTable(ctx, row.ID, after, t)
	}
	return report, err
}

// tell stores how many rows were read; that it fails is no reason to stop.
func (s *Service) tell(ctx context.Context, id string, rows int) {
	_ = s.turn(ctx, id, ImportChecking, func(r *importRow) { r.Progress = rows })
}

// asImporter returns a context in which whoever began the import acts, with what they
// may do now.
func (s *Service) asImporter(ctx context.Context, row *importRow) (context.Context, error) {
	if row.Actor == Operator().ID {
		return actor.With(ctx, Operator()), nil
	}
	by, err := s.ActorOf(ctx, row.Actor, row.ActorUnit)
	by.Channel = "job"
	return actor.With(ctx, by), err
}

// fail ends an import for a reason that a person can act on; other errors are
// returned, so that the runner tries again.
func (s *Service) fail(ctx context.Context, id string, from ImportState, why error, report *Report) error {
	e, ok := errors.AsType[*errs.Error](why)
	if !ok || e.Kind == errs.Internal || e.Kind == errs.Unavailable {
		return why
	}
	failure, err := json.Marshal(Failure{Key: e.Key, Args: e.Args})
	if err != nil {
		return err
	}
	return s.turn(ctx, id, from, func(r *importRow) {
		r.State, r.Failure = ImportFailed, string(failure)
		if text, err := json.Marshal(report); err == nil && report != nil {
			r.Report, r.Progress = string(text), report.Rows
		}
	})
}

// commit writes an import: it finds out again what the file means and refuses when
// that is not what was shown.
func (s *Service) commit(ctx context.Context, id string) error {
	row, err := importByID(ctx, s.DB.Read(), id)
	if err != nil || row.State != ImportCommitting {
		return err
	}
	im, err := row.load()
	if err != nil {
		return err
	}
	t, err := s.keptTable(ctx, row, im.Report)
	if err != nil {
		return err
	}
	ctx, err = s.asImporter(ctx, row)
	if err != nil {
		return s.fail(ctx, id, ImportCommitting, err, nil)
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return s.write(ctx, tx, row, t, im.Report) })
	if err != nil {
		return s.fail(ctx, id, ImportCommitting, err, nil)
	}
	return nil
}

func (s *Service) write(ctx context.Context, tx db.Tx, row *importRow, t *table, shown Report) error {
	done := *row
	done.State, done.Changed = ImportDone, s.Now()
	if mine, err := saveImport(ctx, tx, &done, ImportCommitting); err != nil || !mine {
		return err // another process was faster
	}
	bad := &rowErrors{kind: t.Kind}
	p, err := s.plan(ctx, tx, t, bad)
	if err != nil {
		return err
	}
	if bad.n > 0 || p.digest() != shown.Digest {
		return errs.New(errs.Conflict, "org.import_changed")
	}
	if err := p.apply(ctx, tx); err != nil {
		return err
	}
	if err := deleteParts(ctx, tx, row.ID, 0); err != nil {
		return err
	}
	e := kindImported.Entry(importFacts{Kind: string(t.Kind), New: shown.New, Changed: shown.Changed})
	e.Place, e.Subject = actor.From(ctx).Home, "import:"+row.ID
	return s.Ledger.Record(ctx, tx, e)
}
