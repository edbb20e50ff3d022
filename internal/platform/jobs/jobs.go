// SPDX-License-Identifier: Apache-2.0

// Package jobs does work after the commit: a job is entered in the transaction that
// makes it necessary, runs if and only if that commits, and is tried again until it
// succeeds. River keeps the jobs, on both databases; nobody but this package sees it.
//
// A domain declares kinds and their workers in its jobs.go:
//
//	var process = jobs.Define[processArgs]("evidence.process", jobs.Options{Queue: jobs.Heavy})
//
//	func (s *Service) Jobs() []jobs.Worker {
//		return []jobs.Worker{
//			process.Worker(s.process),
//			jobs.Periodic("evidence.sweep", jobs.Every(time.Hour), s.sweep),
//		}
//	}
//
// and enters them in its services: process.Enter(ctx, tx, s.jobs, processArgs{ID: id}).
// A job runs at least once: its work must bear a second time. Arguments lie in the
// database as they are: ids, never the words of a report.
//
// jobs.go is what domains declare, queue.go enters and runs, river.go and sqlite.go
// speak to River.
package jobs

import (
	"context"
	"encoding/json"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db"
)

// Name of a queue. Jobs of one queue do not wait for those of another.
type Name string

const (
	Default Name = "default" // short: messages, reminders
	Heavy   Name = "heavy"   // pictures, imports, exports
)

// Options of a kind; the zero value is good.
type Options struct {
	Queue   Name          // "": Default
	Timeout time.Duration // of one try; 0: a minute
	Tries   int           // before it is given up; 0: 25, over about three weeks
	Unique  bool          // a job is not entered while one with equal arguments is unfinished
}

// Kind is a kind of job whose arguments have the type A, a struct with JSON tags.
type Kind[A any] struct {
	name string
	opts Options
}

// Define declares a kind, named "domain.verb". Never rename one: its jobs may lie in
// the database.
func Define[A any](name string, opts Options) Kind[A] { return Kind[A]{name, opts} }

// Worker returns how jobs of this kind are done. When work fails, or panics, the job
// is tried again later. Work must stop when its context ends.
func (k Kind[A]) Worker(work func(ctx context.Context, args A) error) Worker {
	return Worker{kind: k.name, opts: k.opts, work: func(ctx context.Context, encoded []byte) error {
		var args A
		if err := json.Unmarshal(encoded, &args); err != nil {
			return err
		}
		return work(ctx, args)
	}}
}

// Enter adds a job that may run once tx has committed.
func (k Kind[A]) Enter(ctx context.Context, tx db.Tx, q *Queue, args A) error {
	return q.enter(ctx, tx, k.name, k.opts, args, time.Time{})
}

// EnterAt adds a job that may run once tx has committed, not before at.
func (k Kind[A]) EnterAt(ctx context.Context, tx db.Tx, q *Queue, args A, at time.Time) error {
	return q.enter(ctx, tx, k.name, k.opts, args, at)
}

// Worker does the jobs of one kind. Kind.Worker and Periodic make it.
type Worker struct {
	kind     string
	opts     Options
	work     func(ctx context.Context, encoded []byte) error
	schedule Schedule // of a periodic job, or nil
}

// Schedule returns when to run next after a time.
type Schedule func(after time.Time) time.Time

// Every runs at a fixed interval.
func Every(d time.Duration) Schedule {
	return func(after time.Time) time.Time { return after.Add(d) }
}

// Daily runs each day at a time of day in Beijing.
func Daily(hour, minute int) Schedule {
	return func(after time.Time) time.Time {
		day := clock.DayOf(after)
		at := func(d clock.Day) time.Time {
			return d.Start().Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
		}
		if next := at(day); next.After(after) {
			return next
		}
		return at(day.Add(1))
	}
}

// Periodic returns a worker that runs by itself: on schedule, once in all processes
// together, and each time the program starts, in case a run was missed. So work asks
// what is due and does only that.
func Periodic(name string, s Schedule, work func(ctx context.Context) error) Worker {
	return Worker{kind: name, opts: Options{Unique: true, Tries: 1}, schedule: s,
		work: func(ctx context.Context, _ []byte) error { return work(ctx) }}
}
