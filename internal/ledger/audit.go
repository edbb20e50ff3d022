// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

// PermRead lets people see the entries of their place or unit.
const PermRead = "ledger.read"

// Filter says which entries a list shows; an empty field does not matter.
type Filter struct {
	Place    place.Path // at this place or below
	Kinds    []string
	Unit     string // concerning this unit, by id
	UnitPath string // concerning the unit at this path or one below
	Subject  string
	Actor    string
	From, To time.Time // happened at From or later, before To
	// Within limits the list to entries that lie in one of these scopes; nil does not.
	// A Line scope shows nothing: an entry does not say which lines its unit has.
	Within []actor.Scope
}

// List returns entries, the newest first. It asks for no permission: callers do,
// or set Filter.Within.
func (l *Ledger) List(ctx context.Context, f Filter, cursor string, limit int) (page.Of[Entry], error) {
	var before *Pos
	if err := page.Decode(cursor, &before); err != nil {
		return page.Of[Entry]{}, err
	}
	es, err := list(ctx, l.db.Read(), f, before, limit+1)
	if err != nil {
		return page.Of[Entry]{}, err
	}
	return page.Cut(es, limit, func(e Entry) any { return e.Pos }), nil
}

// CursorAt returns the cursor of a list that goes on behind the entry at pos.
func CursorAt(pos Pos) string { return page.Encode(pos) }

// Audit returns the entries that the actor in ctx may read.
func (l *Ledger) Audit(ctx context.Context, f Filter, cursor string, limit int) (page.Of[Entry], error) {
	if f.Within = actor.From(ctx).Scopes(PermRead); len(f.Within) == 0 {
		return page.Of[Entry]{}, errs.New(errs.Denied, "auth.denied", "perm", PermRead)
	}
	return l.List(ctx, f, cursor, limit)
}

// Entry returns one entry that the actor in ctx may read; another is NotFound.
func (l *Ledger) Entry(ctx context.Context, id string) (Entry, error) {
	e, err := byID(ctx, l.db.Read(), id)
	if err != nil {
		return Entry{}, err
	}
	if !actor.From(ctx).May(PermRead, actor.Object{Place: e.Place, UnitPath: e.UnitPath}) {
		return Entry{}, errs.New(errs.NotFound, "ledger.not_found")
	}
	return e, nil
}

// Entries returns the entries with these ids, by id; those that are not there are left out.
func (l *Ledger) Entries(ctx context.Context, q db.Q, ids []string) (map[string]Entry, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	es, err := byIDs(ctx, q, ids)
	m := make(map[string]Entry, len(es))
	for _, e := range es {
		m[e.ID] = e
	}
	return m, err
}

// FirstCorrections tells, for each of these entries that another corrects, where
// the first that does so stands.
func (l *Ledger) FirstCorrections(ctx context.Context, q db.Q, ids []string) (map[string]Pos, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return firstCorrections(ctx, q, ids)
}

// Before reports whether p stands before o in reading order.
func (p Pos) Before(o Pos) bool { return p.Tx < o.Tx || p.Tx == o.Tx && p.Seq < o.Seq }

// Reached returns how far a reader has come at least; it may go on at any moment.
func (l *Ledger) Reached(ctx context.Context, q db.Q, reader string) (Pos, error) {
	pos, err := cursor(ctx, q, reader)
	if db.IsNoRows(err) {
		return Pos{}, nil
	}
	return pos, err
}

// Position returns how far a reader has come, and keeps it from going on until tx ends.
func (l *Ledger) Position(ctx context.Context, tx db.Tx, reader string) (Pos, error) {
	if err := ensureCursor(ctx, tx, reader); err != nil {
		return Pos{}, err
	}
	return lockCursor(ctx, tx, reader)
}

// Range returns entries behind after up to and with upto, in reading order. What
// a reader has passed never changes, so a range up to its position is complete.
func (l *Ledger) Range(ctx context.Context, q db.Q, after, upto Pos, limit int) ([]Entry, error) {
	return between(ctx, q, after, upto, limit)
}
