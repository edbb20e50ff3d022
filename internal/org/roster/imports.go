// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/platform/document"
)

// State is how far an import has come.
type State string

const (
	Checking   State = "checking"   // the file is being read
	Ready      State = "ready"      // no errors: it may be committed
	Committing State = "committing" // it is being written
	Done       State = "done"
	Failed     State = "failed" // nothing was written
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
	Kind     Kind
	State    State
	Progress int // rows read so far
	Report   Report
	Failure  *Failure
	Created  time.Time
}

// Start takes a workbook and begins to check it; the actor needs org.import
// somewhere. Nothing is changed before Commit.
func (s *Service) Start(ctx context.Context, kind Kind, file []byte) (*Import, error) {
	if _, err := org.ScopesOf(ctx, org.PermImport); err != nil {
		return nil, err
	}
	if len(file) > document.MaxFile {
		return nil, errs.New(errs.TooLarge, "document.file_too_large", "max_mb", document.MaxFile>>20)
	}
	if !bytes.HasPrefix(file, []byte("PK")) {
		return nil, errs.New(errs.Unsupported, "document.not_xlsx")
	}
	by := actor.From(ctx)
	row := &importRow{ID: s.Org.IDs.New(), Kind: kind, State: Checking, Actor: by.ID, ActorUnit: by.Unit, Bytes: int64(len(file)),
		Report: "{}", Created: s.Org.Now(), Changed: s.Org.Now()}
	err := s.Org.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := deleteImportsBefore(ctx, tx, s.Org.Now().Add(-importLife)); err != nil {
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
	if err := s.run(ctx, workCheck, row.ID); err != nil {
		return nil, err
	}
	return s.Import(ctx, row.ID)
}

// Import returns an import to whoever began it, NotFound to others.
func (s *Service) Import(ctx context.Context, id string) (*Import, error) {
	row, err := importByID(ctx, s.Org.DB.Read(), id)
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

// Commit begins to write an import that is ready: all of it or nothing. A
// second call changes nothing.
func (s *Service) Commit(ctx context.Context, id string) (*Import, error) {
	im, err := s.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	switch im.State {
	case Done:
		return im, nil
	case Checking, Failed:
		return nil, errs.New(errs.Conflict, "org.import_not_ready")
	}
	if im.State == Ready {
		if err := s.turn(ctx, id, Ready, func(r *importRow) { r.State = Committing }); err != nil {
			return nil, err
		}
	}
	if err := s.run(ctx, workCommit, id); err != nil {
		return nil, err
	}
	return s.Import(ctx, id)
}

// turn changes an import that is still in state from; one that is not stays as it is.
func (s *Service) turn(ctx context.Context, id string, from State, change func(*importRow)) error {
	return s.Org.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		row, err := importByID(ctx, tx, id)
		if err != nil {
			return err
		}
		change(row)
		row.Changed = s.Org.Now()
		if _, err := saveImport(ctx, tx, row, from); err != nil {
			return err
		}
		if row.State == Done || row.State == Failed {
			return deleteParts(ctx, tx, id, 0)
		}
		return nil
	})
}

// check reads the file, finds out what it means and keeps what it read.
func (s *Service) check(ctx context.Context, id string) error {
	row, err := importByID(ctx, s.Org.DB.Read(), id)
	if err != nil || row.State != Checking {
		return err
	}
	report, err := s.checked(ctx, row)
	if err != nil {
		return s.fail(ctx, id, Checking, err, nil)
	}
	if report.ErrorsN > 0 {
		return s.fail(ctx, id, Checking, errs.New(errs.Invalid, "org.import_has_errors"), report)
	}
	text, err := json.Marshal(report)
	if err != nil {
		return err
	}
	return s.turn(ctx, id, Checking, func(r *importRow) {
		r.State, r.Report, r.Progress = Ready, string(text), report.Rows
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
	p, err := s.plan(ctx, s.Org.DB.Read(), t, bad)
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
	_ = s.turn(ctx, id, Checking, func(r *importRow) { r.Progress = rows })
}

// asImporter returns a context in which whoever began the import acts, with what they
// may do now.
func (s *Service) asImporter(ctx context.Context, row *importRow) (context.Context, error) {
	if row.Actor == org.Operator().ID {
		return actor.With(ctx, org.Operator()), nil
	}
	by, err := s.Org.ActorOf(ctx, row.Actor, row.ActorUnit)
	by.Channel = "job"
	return actor.With(ctx, by), err
}

// fail ends an import for a reason that a person can act on; other errors are
// returned, so that the runner tries again.
func (s *Service) fail(ctx context.Context, id string, from State, why error, report *Report) error {
	e, ok := errors.AsType[*errs.Error](why)
	if !ok || e.Kind == errs.Internal || e.Kind == errs.Unavailable {
		return why
	}
	failure, err := json.Marshal(Failure{Key: e.Key, Args: e.Args})
	if err != nil {
		return err
	}
	return s.turn(ctx, id, from, func(r *importRow) {
		r.State, r.Failure = Failed, string(failure)
		if text, err := json.Marshal(report); err == nil && report != nil {
			r.Report, r.Progress = string(text), report.Rows
		}
	})
}

// commit writes an import: it finds out again what the file means and refuses when
// that is not what was shown.
func (s *Service) commit(ctx context.Context, id string) error {
	row, err := importByID(ctx, s.Org.DB.Read(), id)
	if err != nil || row.State != Committing {
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
		return s.fail(ctx, id, Committing, err, nil)
	}
	err = s.Org.Change(ctx, func(ctx context.Context, tx db.Tx) error { return s.write(ctx, tx, row, t, im.Report) })
	if err != nil {
		return s.fail(ctx, id, Committing, err, nil)
	}
	return nil
}

func (s *Service) write(ctx context.Context, tx db.Tx, row *importRow, t *table, shown Report) error {
	done := *row
	done.State, done.Changed = Done, s.Org.Now()
	if mine, err := saveImport(ctx, tx, &done, Committing); err != nil || !mine {
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
	return s.Org.Ledger.Record(ctx, tx, e)
}
