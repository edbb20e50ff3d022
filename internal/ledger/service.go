// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"cmp"
	"context"
	"embed"
	"io/fs"
	"sync"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/id"
	"anlan/internal/platform/db"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

// Ledger records entries and walks readers over them.
type Ledger struct {
	db    *db.DB
	now   clock.Clock
	ids   *id.Source
	shift int64 // added to PostgreSQL's transaction numbers, see store.go

	mu      sync.Mutex
	readers []*running
	lag     map[string]Lag
	skips   map[string]skipped // by reader
	aheads  map[string]*ahead  // by reader
}

// Open returns the ledger of a migrated database.
func Open(ctx context.Context, d *db.DB, now clock.Clock, ids *id.Source) (*Ledger, error) {
	shift, err := epoch(ctx, d)
	if err != nil {
		return nil, err
	}
	l := &Ledger{db: d, now: now, ids: ids, shift: shift, lag: map[string]Lag{}, skips: map[string]skipped{}, aheads: map[string]*ahead{}}
	d.OnCommit(l.wake)
	return l, nil
}

// Record appends entries in the caller's transaction. It fills in what the caller
// left empty: the id, the times, and the actor of ctx.
func (l *Ledger) Record(ctx context.Context, tx db.Tx, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	now, by := l.now(), actor.From(ctx)
	rows := make([]row, len(entries))
	for i, e := range entries {
		e = l.dated(e, now)
		e.Actor, e.ActorUnit = cmp.Or(e.Actor, by.ID), cmp.Or(e.ActorUnit, by.Unit)
		e.Channel = cmp.Or(e.Channel, by.Channel)
		rows[i] = toRow(e)
	}
	return insert(ctx, tx, rows, l.shift)
}

// dated gives e its id and its times.
func (l *Ledger) dated(e Entry, now time.Time) Entry {
	if e.Happened.IsZero() {
		e.Happened = now
	}
	e.Happened, e.Recorded = clock.Cut(e.Happened), now
	if e.Coarse {
		e.Happened, e.Recorded = e.Happened.Truncate(time.Hour), now.Truncate(time.Hour)
		e.ID = cmp.Or(e.ID, id.Random())
	}
	if e.ID == "" {
		e.ID = l.ids.New()
	}
	return e
}
