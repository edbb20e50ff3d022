// SPDX-License-Identifier: Apache-2.0

package jobs

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db"
)

const (
	// together is how long a queue gathers before it fetches again: at most
	// workers/together jobs are begun a second.
	together = 10 * time.Millisecond
	// pollEvery is how soon a job is seen whose wake-up was lost, whose time has come,
	// or that another process entered.
	pollEvery = 2 * time.Second
	// stopWithin is how long running jobs may finish when the program stops.
	stopWithin = 10 * time.Second
)

// workers is how many jobs of a queue run at once in this process.
var workers = map[Name]int{Default: 8, Heavy: max(4, 2*runtime.NumCPU())}

// Config is what a Queue needs.
type Config struct {
	DB  *db.DB
	Now clock.Clock
	// Observe is told of each try; it may be nil.
	Observe func(kind string, took time.Duration, err error)
}

// Queue enters jobs and, once started, runs them.
type Queue struct {
	cfg     Config
	driver  riverdriver.Driver[*sql.Tx]
	wake    *wakes // SQLite only
	entry   *river.Client[*sql.Tx]
	runs    *river.Client[*sql.Tx] // once started
	workers []Worker
}

// Migrate makes the tables that New needs, or brings them up to date.
func Migrate(ctx context.Context, d *db.DB) error {
	driver, _ := driverOf(d)
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet()})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// New returns a Queue over a migrated database.
func New(cfg Config) (*Queue, error) {
	driver, wake := driverOf(cfg.DB)
	if wake != nil {
		cfg.DB.OnCommit(wake.committed)
	}
	entry, err := river.NewClient(driver, &river.Config{Logger: quiet(), Test: timeOf(cfg.Now)})
	return &Queue{cfg: cfg, driver: driver, wake: wake, entry: entry}, err
}

// Register adds workers; call it before Start.
func (q *Queue) Register(ws ...Worker) { q.workers = append(q.workers, ws...) }

// Start runs jobs until ctx ends or Stop is called.
func (q *Queue) Start(ctx context.Context) error {
	known := river.NewWorkers()
	var periodic []*river.PeriodicJob
	for _, w := range q.workers {
		add(known, w, q.cfg)
		if w.schedule != nil {
			periodic = append(periodic, periodicJob(w))
		}
	}
	queues := map[string]river.QueueConfig{}
	for name, n := range workers {
		queues[string(name)] = river.QueueConfig{MaxWorkers: n}
	}
	var err error
	q.runs, err = river.NewClient(q.driver, &river.Config{
		Workers: known, Queues: queues, PeriodicJobs: periodic, FetchCooldown: together,
		FetchPollInterval: pollEvery, SoftStopTimeout: stopWithin, Logger: quiet(), Test: timeOf(q.cfg.Now),
	})
	if err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	return q.runs.Start(ctx)
}

// Stop lets running jobs finish for a while, then ends their contexts; they run again
// at the next start.
func (q *Queue) Stop(ctx context.Context) error {
	if q.runs == nil {
		return nil
	}
	if err := q.runs.Stop(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (q *Queue) enter(ctx context.Context, tx db.Tx, kind string, o Options, args any, at time.Time) error {
	a, err := encode(kind, args)
	if err != nil {
		return err
	}
	opts := insertOpts(o)
	opts.ScheduledAt = at
	if _, err := q.entry.InsertTx(ctx, tx.Tx, a, opts); err != nil {
		return fmt.Errorf("enter job %s: %w", kind, err)
	}
	if q.wake != nil {
		q.wake.entered(cmp.Or(o.Queue, Default))
	}
	return nil
}

func insertOpts(o Options) *river.InsertOpts {
	opts := &river.InsertOpts{Queue: string(cmp.Or(o.Queue, Default)), MaxAttempts: o.Tries}
	if o.Unique {
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}}
	}
	return opts
}

// Waiting returns how many jobs of each state there are that are not done, for
// metrics: available, running, retryable, scheduled, and discarded after the last try.
func (q *Queue) Waiting(ctx context.Context) (map[string]int64, error) {
	return waiting(ctx, q.cfg.DB.Read())
}
