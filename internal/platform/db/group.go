// SPDX-License-Identifier: Apache-2.0

package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
)

// maxGroup is the most transactions that share one commit.
const maxGroup = 256

// group is SQLite's one writer. It takes the transactions that wait, runs each
// between a savepoint and its release in one SQL transaction, and commits them
// with one fsync; only then is anybody told. A transaction that fails is rolled
// back to its savepoint and the others go on.
type group struct {
	db         *bun.DB
	statements *statements
	jobs       chan *job
	between    chan func() // run by the writer between two transactions
	commits    atomic.Int64
	committed  func()
	done       sync.WaitGroup

	mu     sync.RWMutex // held to read while sending, so that jobs is closed after the last send
	closed bool
}

type job struct {
	ctx  context.Context
	fn   func(ctx context.Context, tx Tx) error
	err  error
	done chan struct{}
}

func newGroup(db *bun.DB, committed func()) *group {
	g := &group{db: db, jobs: make(chan *job, maxGroup), between: make(chan func()), committed: committed,
		statements: &statements{db: db.DB, ready: map[string]*sql.Stmt{}}}
	g.done.Go(g.loop)
	return g
}

// close finishes what was accepted and stops.
func (g *group) close() {
	g.mu.Lock()
	already := g.closed
	g.closed = true
	g.mu.Unlock()
	if !already {
		close(g.jobs)
	}
	g.done.Wait()
	if !already {
		g.statements.close()
	}
}

// run waits until fn's work is durable, or says why it is not. What was accepted is
// finished whatever becomes of ctx, so the answer is the truth.
func (g *group) run(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := g.accept(j); err != nil {
		return err
	}
	<-j.done
	return j.err
}

func (g *group) accept(j *job) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.closed {
		return errs.New(errs.Unavailable, "unavailable")
	}
	select {
	case g.jobs <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

func (g *group) loop() {
	for {
		select {
		case j, ok := <-g.jobs:
			if !ok {
				return
			}
			g.commit(j)
		case fn := <-g.between:
			fn()
		}
	}
}

// commit runs first and whatever else waits in one SQL transaction.
func (g *group) commit(first *job) {
	g.statements.prepare()
	tx, err := g.db.BeginTx(context.Background(), nil)
	if err != nil {
		first.finish(err)
		return
	}
	ran := []*job{first}
	whole := g.step(tx, first)
	for whole && len(ran) < maxGroup {
		select {
		case j, ok := <-g.jobs:
			if !ok {
				whole = false
				continue
			}
			whole = g.step(tx, j)
			ran = append(ran, j)
		default:
			whole = false
		}
	}
	g.end(tx, ran)
}

// end commits and answers. When the commit fails nothing is durable, so nobody
// is told otherwise, and the connection is thrown away: after a failed fsync the
// kernel may claim success for pages that it has dropped.
func (g *group) end(tx Tx, ran []*job) {
	err := tx.Commit()
	if err != nil {
		slog.Error("group commit failed", "transactions", len(ran), "err", err)
		tx.Rollback()
		g.forget()
	}
	for _, j := range ran {
		if err != nil {
			j.err = errs.Wrap(err, errs.Unavailable, "unavailable")
		}
		j.finish(j.err)
	}
	if err == nil {
		g.commits.Add(1)
		g.committed()
	}
}

func (g *group) forget() {
	g.db.SetMaxIdleConns(0)
	g.db.SetMaxIdleConns(1)
}

func (j *job) finish(err error) {
	j.err = err
	close(j.done)
}

// step runs one job between its savepoint and its release. It returns false when SQLite
// has given the whole transaction up, as it may when the disk is full: nothing may be
// done in it any more, or it would be done outside of any transaction.
func (g *group) step(tx Tx, j *job) bool {
	if j.err = j.ctx.Err(); j.err != nil {
		return true
	}
	ctx := context.Background()
	if _, j.err = tx.Tx.ExecContext(ctx, "SAVEPOINT g"); j.err != nil {
		return false
	}
	// Interrupting a statement would roll back the whole group: no cancellation inside.
	j.err = guarded(context.WithoutCancel(j.ctx), tx, j.fn)
	end := "RELEASE g"
	if j.err != nil {
		end = "ROLLBACK TO g; RELEASE g"
	}
	if _, err := tx.Tx.ExecContext(ctx, end); err != nil {
		j.err = errors.Join(j.err, err)
		return false
	}
	return true
}

// guarded turns a panic into an error, for the writer must outlive it.
func guarded(ctx context.Context, tx Tx, fn func(ctx context.Context, tx Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a transaction: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(ctx, tx)
}
