// SPDX-License-Identifier: Apache-2.0

package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivertype"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db"
)

// driverOf returns River's driver for d, and for SQLite what wakes it.
func driverOf(d *db.DB) (riverdriver.Driver[*sql.Tx], *wakes) {
	if pool := d.Pool(); pool != nil {
		return riverdatabasesql.NewWithPgxListener(d.SQL(), pool), nil
	}
	return newSQLite(d.SQL())
}

// args are a job's arguments as River sees them: any kind, any JSON.
type args struct {
	kind    string
	encoded json.RawMessage
}

func encode(kind string, v any) (args, error) {
	b, err := json.Marshal(v)
	return args{kind, b}, err
}

func (a args) Kind() string                  { return a.kind }
func (a args) MarshalJSON() ([]byte, error)  { return a.encoded, nil }
func (a *args) UnmarshalJSON(b []byte) error { a.encoded = append(a.encoded[:0], b...); return nil }

// worker is a Worker as River sees it.
type worker struct {
	river.WorkerDefaults[args]
	Worker
	cfg Config
}

func (w *worker) Timeout(*river.Job[args]) time.Duration { return w.opts.Timeout }

func (w *worker) Work(ctx context.Context, job *river.Job[args]) error {
	took := clock.Stopwatch()
	err := w.work(ctx, job.Args.encoded)
	if w.cfg.Observe != nil {
		w.cfg.Observe(w.kind, took(), err)
	}
	switch {
	case err == nil:
	case job.Attempt >= job.MaxAttempts:
		slog.ErrorContext(ctx, "job failed for the last time", "kind", w.kind, "job", job.ID, "err", err)
	default:
		slog.WarnContext(ctx, "job failed; it will run again", "kind", w.kind, "job", job.ID, "try", job.Attempt, "err", err)
	}
	return err
}

// add registers w, and panics when its kind is registered already. River names a kind
// by the arguments' type; ours share one, so the name is handed over in a value.
func add(known *river.Workers, w Worker, cfg Config) {
	river.AddWorkerArgs(known, args{kind: w.kind}, &worker{Worker: w, cfg: cfg})
}

func periodicJob(w Worker) *river.PeriodicJob {
	return river.NewPeriodicJob(schedule(w.schedule), func() (river.JobArgs, *river.InsertOpts) {
		return args{w.kind, json.RawMessage("{}")}, insertOpts(w.opts)
	}, &river.PeriodicJobOpts{ID: w.kind, RunOnStart: true})
}

type schedule Schedule

func (s schedule) Next(after time.Time) time.Time { return s(after) }

// times lets River read our clock, also where it would ask the database.
type times struct{ now clock.Clock }

func timeOf(now clock.Clock) river.TestConfig { return river.TestConfig{Time: times{now}} }

func (t times) Now() time.Time       { return t.now() }
func (t times) NowOrNil() *time.Time { now := t.now(); return &now }

var _ rivertype.TimeGenerator = times{}

// quiet lets through what an operator must see: River reports its daily life at Info.
func quiet() *slog.Logger { return slog.New(atLeastWarn{slog.Default().Handler()}) }

type atLeastWarn struct{ slog.Handler }

func (h atLeastWarn) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}
func (h atLeastWarn) WithAttrs(as []slog.Attr) slog.Handler {
	return atLeastWarn{h.Handler.WithAttrs(as)}
}
func (h atLeastWarn) WithGroup(name string) slog.Handler {
	return atLeastWarn{h.Handler.WithGroup(name)}
}
