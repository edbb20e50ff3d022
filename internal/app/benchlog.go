// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"anlan/internal/app/bench"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
	"anlan/internal/transparency"
)

const (
	logWriters = 64
	logBatches = 2  // transactions at once, as intake has
	logCrowd   = 16 // leaves, of which fewer wait for company at the end
	logGlance  = 50 * time.Millisecond
)

// logBench hands things in to a log and watches its checkpoints.
type logBench struct {
	*App
	bench.LogLoad
	since func() time.Duration
	next  atomic.Int64
}

// Log hands things in as l says and, when the log runs, waits until all have their places.
func (benchSeeder) Log(ctx context.Context, data, dsn string, l bench.LogLoad) (bench.LogRun, error) {
	a, err := Open(ctx, Storage{Data: data, DB: dsn}, "http://127.0.0.1", clock.System)
	if err != nil {
		return bench.LogRun{}, err
	}
	run, err := (&logBench{App: a, LogLoad: l}).run(ctx)
	return run, errors.Join(err, a.Close())
}

func (b *logBench) run(ctx context.Context) (bench.LogRun, error) {
	from, err := b.published(ctx)
	if err != nil {
		return bench.LogRun{}, err
	}
	ctx, stop := context.WithCancel(ctx)
	var behind sync.WaitGroup
	defer func() { stop(); behind.Wait() }()
	if b.Running {
		behind.Go(func() { b.App.Log.Run(ctx) })
	}
	var r bench.LogRun
	b.since = clock.Stopwatch()
	handed := make(chan error, 1)
	go func() {
		var err error
		r.Answers, err = b.handIn(ctx)
		r.Handing = b.since()
		handed <- err
	}()
	r.Gaps, err = b.watch(ctx, handed, func() int64 { return from + int64(len(r.Answers)) - logCrowd })
	r.Publishing = b.since()
	return r, err
}

// watch returns the times between checkpoints that are published until everything was
// handed in and the last of them has the size that is wanted then.
func (b *logBench) watch(ctx context.Context, handed <-chan error, wanted func() int64) ([]time.Duration, error) {
	tick := time.NewTicker(logGlance)
	defer tick.Stop()
	var gaps []time.Duration
	last, at, done := int64(0), b.since(), false
	for !done || (b.Running && last < wanted()) {
		select {
		case err := <-handed:
			if err != nil {
				return gaps, err
			}
			done, handed = true, nil
		case <-tick.C:
		}
		size, err := b.published(ctx)
		if err != nil {
			return gaps, err
		}
		if size > last {
			gaps, at = append(gaps, b.since()-at), b.since()
		}
		last = size
	}
	return gaps, nil
}

// published is the size of the checkpoint that is served; 0 before the first.
func (b *logBench) published(ctx context.Context) (int64, error) {
	msg, err := b.App.Log.Checkpoint(ctx)
	if errs.KindOf(err) == errs.NotFound {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	signed, err := b.App.Log.Policy().Open(msg, b.Now())
	return signed.Size, err
}

// handIn hands things in from many writers, who share transactions as intake does, and
// returns how long each answer took, from when it was due.
func (b *logBench) handIn(ctx context.Context) ([]time.Duration, error) {
	batch := db.NewBatch(logWriters, logBatches, func(ctx context.Context, taken []transparency.Taken) error {
		return b.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return b.App.Log.ReceivedTx(ctx, tx, taken...) })
	})
	defer batch.Close()
	answers, failed := make([][]time.Duration, logWriters), make([]error, logWriters)
	var wg sync.WaitGroup
	for w := range logWriters {
		wg.Go(func() {
			for b.since() < b.For && failed[w] == nil {
				due := b.wait()
				failed[w] = b.handInOne(ctx, batch)
				answers[w] = append(answers[w], b.since()-due)
			}
		})
	}
	wg.Wait()
	return slices.Concat(answers...), errors.Join(failed...)
}

// wait waits for the moment when the next thing is due, and returns it.
func (b *logBench) wait() time.Duration {
	if b.Rate == 0 {
		return b.since()
	}
	due := time.Duration(b.next.Add(1)) * time.Second / time.Duration(b.Rate)
	time.Sleep(due - b.since())
	return due
}

func (b *logBench) handInOne(ctx context.Context, batch *db.Batch[transparency.Taken]) error {
	taken, err := b.App.Log.Take(transparency.Submission{Class: "tip", Due: "acceptance"})
	if err != nil {
		return err
	}
	return batch.Submit(ctx, taken)
}
