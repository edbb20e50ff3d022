// SPDX-License-Identifier: Apache-2.0

package ledger

import "context"

// ahead is a batch that is read while the one before it is still being handled: a
// reader that has far to go keeps both the database and itself at work. What stands
// behind a settled position never changes, so it does not matter when it is read.
type ahead struct {
	pos    Pos // behind which it was read
	read   chan struct{}
	es     []Entry
	looked Pos
	err    error
}

// readAhead begins to read the batch behind pos.
func (l *Ledger) readAhead(ctx context.Context, r Reader, pos Pos) {
	a := &ahead{pos: pos, read: make(chan struct{})}
	l.mu.Lock()
	l.aheads[r.Name] = a
	l.mu.Unlock()
	go func() {
		defer close(a.read)
		a.es, a.looked, a.err = l.look(ctx, r, pos, r.batch())
	}()
}

// next returns r's entries behind pos and how far it has looked: those read ahead, or
// else it looks now.
func (l *Ledger) next(ctx context.Context, r Reader, pos Pos) ([]Entry, Pos, error) {
	l.mu.Lock()
	a := l.aheads[r.Name]
	delete(l.aheads, r.Name)
	l.mu.Unlock()
	if a != nil {
		<-a.read
		if a.pos == pos && a.err == nil && len(a.es) > 0 {
			return a.es, a.looked, nil
		}
	}
	return l.look(ctx, r, pos, r.batch())
}
