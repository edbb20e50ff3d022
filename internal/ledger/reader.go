// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db"
)

const (
	defaultBatch = 200                    // entries a reader takes at once
	pollEvery    = 500 * time.Millisecond // how soon another process's commit is seen
	gentleRest   = 4                      // times as long as the look took
	firstBackoff = 100 * time.Millisecond
	lastBackoff  = 30 * time.Second
	// leastRest is between two looks that leave nothing: looking costs the same for one entry
	// as for a hundred, so a busy moment is read in few looks.
	leastRest   = 100 * time.Millisecond
	settleEvery = 20 * time.Millisecond
	maxBehind   = 100_000 // entries that are counted as not yet seen
)

// Reader makes something of the entries. Handle is called with entries in reading
// order, in a transaction that also stores the reader's cursor: what it writes
// through tx happens once for each entry, what it does elsewhere at least once.
// When it fails the same entries come again; none is ever skipped.
type Reader struct {
	Name  string   // names the cursor: never rename it
	Kinds []string // empty: all
	Batch int      // entries at once; 0: 200
	// Gentle readers leave a busy writer to others: however much waits, they rest several
	// times as long as their last look took.
	Gentle bool
	Handle func(ctx context.Context, tx db.Tx, entries []Entry) error
	// Done is called after the commit, with the entries handled; it may be nil.
	Done func(ctx context.Context, entries []Entry)
}

func (r Reader) batch() int { return cmp.Or(r.Batch, defaultBatch) }

// Lag tells how a reader is doing.
type Lag struct {
	Behind int64  // entries not yet seen, at most 100,000
	Err    string // why it stands still, or ""
}

type running struct {
	Reader
	wake chan struct{}
}

// Start walks readers until ctx ends. The returned channel is closed when all have stopped.
func (l *Ledger) Start(ctx context.Context, readers ...Reader) <-chan struct{} {
	done := make(chan struct{})
	stopped := make(chan struct{}, len(readers))
	for _, r := range readers {
		run := &running{Reader: r, wake: make(chan struct{}, 1)}
		l.mu.Lock()
		l.readers = append(l.readers, run)
		l.mu.Unlock()
		go func() { l.follow(ctx, run); stopped <- struct{}{} }()
	}
	go func() {
		for range readers {
			<-stopped
		}
		close(done)
	}()
	return done
}

// wake tells the readers that something was committed.
func (l *Ledger) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.readers {
		select {
		case r.wake <- struct{}{}:
		default:
		}
	}
}

func (l *Ledger) follow(ctx context.Context, r *running) {
	backoff := firstBackoff
	for ctx.Err() == nil {
		took := clock.Stopwatch()
		n, err := l.Step(ctx, r.Reader)
		switch {
		case err != nil && ctx.Err() == nil:
			slog.WarnContext(ctx, "ledger reader failed; it will try again", "reader", r.Name, "err", err)
			l.note(r.Name, err)
			rest(ctx, nil, backoff)
			backoff = min(2*backoff, lastBackoff)
		case n == 0:
			l.note(r.Name, nil)
			rest(ctx, r.wake, pollEvery)
			rest(ctx, nil, leastRest)
		case n < r.batch():
			backoff = firstBackoff
			rest(ctx, nil, leastRest)
		case r.Gentle:
			backoff = firstBackoff
			rest(ctx, nil, gentleRest*took())
		default:
			backoff = firstBackoff
		}
	}
}

func rest(ctx context.Context, wake <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-wake:
	case <-ctx.Done():
	}
}

// Step lets r handle what waits, at most one batch, and returns how many entries
// that was. Start calls it in a loop; tests call it by hand.
func (l *Ledger) Step(ctx context.Context, r Reader) (int, error) {
	pos, err := l.cursorOf(ctx, r.Name)
	if err != nil {
		return 0, err
	}
	es, looked, err := l.next(ctx, r, pos)
	if err != nil || len(es) == 0 {
		return 0, err
	}
	last := es[len(es)-1].Pos
	if len(es) == r.batch() {
		l.readAhead(ctx, r, last)
	}
	handled := false
	err = l.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		handled = false
		at, mine, err := claimCursor(ctx, tx, r.Name)
		if err != nil || !mine || at != pos { // another process was faster
			return err
		}
		if err := r.Handle(ctx, tx, es); err != nil {
			return err
		}
		handled = true
		return saveCursor(ctx, tx, r.Name, last)
	})
	if err != nil || !handled {
		return 0, err
	}
	l.skip(r.Name, last, looked)
	if r.Done != nil {
		r.Done(ctx, es)
	}
	return len(es), nil
}

func (l *Ledger) cursorOf(ctx context.Context, reader string) (Pos, error) {
	pos, err := cursor(ctx, l.db.Read(), reader)
	if !db.IsNoRows(err) {
		return pos, err
	}
	return Pos{}, l.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return ensureCursor(ctx, tx, reader) })
}

// skipped says that a reader whose cursor is at base has nothing to do up to to.
type skipped struct{ base, to Pos }

// look returns r's next entries behind pos, and how far it has looked for them. A
// reader of few kinds would otherwise look at all the others again at every commit,
// for its cursor moves only when there is something to handle.
func (l *Ledger) look(ctx context.Context, r Reader, pos Pos, limit int) ([]Entry, Pos, error) {
	looked := pos
	if len(r.Kinds) > 0 {
		var err error // asked first: what comes later is not behind it
		if looked, err = settled(ctx, l.db.Read(), l.shift); err != nil {
			return nil, pos, err
		}
	}
	es, err := after(ctx, l.db.Read(), l.from(r.Name, pos), l.shift, r.Kinds, limit)
	switch {
	case err != nil:
		return nil, pos, err
	case len(es) == limit:
		looked = es[limit-1].Pos
	case len(es) == 0:
		l.skip(r.Name, pos, looked)
	}
	return es, looked, nil
}

// skip remembers, in this process, that a reader at base need not look before to.
func (l *Ledger) skip(reader string, base, to Pos) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.skips[reader] = skipped{base, to}
}

// from returns where a reader whose cursor is at pos has to look.
func (l *Ledger) from(reader string, pos Pos) Pos {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.skips[reader]; s.base == pos && pos.Before(s.to) {
		return s.to
	}
	return pos
}

// Each returns a Handle that calls fn for one entry after the other.
func Each(fn func(ctx context.Context, tx db.Tx, e Entry) error) func(context.Context, db.Tx, []Entry) error {
	return func(ctx context.Context, tx db.Tx, es []Entry) error {
		for _, e := range es {
			if err := fn(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	}
}

func (l *Ledger) note(reader string, err error) {
	lag := Lag{}
	if err != nil {
		lag.Err = err.Error()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lag[reader] = lag
}

// Lags tells how each reader is doing, for health pages and metrics.
func (l *Ledger) Lags(ctx context.Context) (map[string]Lag, error) {
	l.mu.Lock()
	lags := maps.Clone(l.lag)
	l.mu.Unlock()
	for name, lag := range lags {
		pos, err := l.cursorOf(ctx, name)
		if err != nil {
			return nil, err
		}
		if lag.Behind, err = behind(ctx, l.db.Read(), l.from(name, pos), nil, maxBehind); err != nil {
			return nil, err
		}
		lags[name] = lag
	}
	return lags, nil
}

// Behind counts the entries that r has not seen, at most 100,000.
func (l *Ledger) Behind(ctx context.Context, r Reader) (int64, error) {
	pos, err := l.cursorOf(ctx, r.Name)
	if err != nil {
		return 0, err
	}
	return behind(ctx, l.db.Read(), l.from(r.Name, pos), r.Kinds, maxBehind)
}

// Walk calls fn for every entry that is settled now, in reading order, taking batch
// of them at once. It keeps no cursor.
func (l *Ledger) Walk(ctx context.Context, batch int, fn func(Entry) error) error {
	var pos Pos
	for {
		es, err := after(ctx, l.db.Read(), pos, l.shift, nil, batch)
		if err != nil || len(es) == 0 {
			return err
		}
		for _, e := range es {
			if err := fn(e); err != nil {
				return err
			}
		}
		pos = es[len(es)-1].Pos
	}
}

// Settle waits until readers may see every entry that was committed before the call:
// on PostgreSQL they must not while an older transaction of anybody is under way.
func (l *Ledger) Settle(ctx context.Context) error {
	last, err := lastCommitted(ctx, l.db.Read())
	for err == nil {
		var seen Pos
		if seen, err = settled(ctx, l.db.Read(), l.shift); err != nil || !seen.Before(last) {
			break
		}
		rest(ctx, nil, settleEvery)
		err = ctx.Err()
	}
	return err
}
