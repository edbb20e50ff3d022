// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"maps"
	"slices"

	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// readerName names the cursor of the reader that keeps the roll-ups.
const readerName = "stats"

// batch is how many entries at most are added up in memory before their counters
// are written: many entries of one batch meet in the same counters, and writing
// them is what costs. Only a reader that has fallen behind sees so many at once.
const batch = 5000

// Reader keeps the roll-ups of all live indicators.
func (s *Service) Reader() ledger.Reader {
	return ledger.Reader{Name: readerName, Batch: batch, Handle: s.handle, Done: s.done}
}

// handle counts entries, in the transaction that moves the reader on.
func (s *Service) handle(ctx context.Context, tx db.Tx, entries []ledger.Entry) error {
	live, err := indicators(ctx, tx, true)
	if err != nil {
		return err
	}
	return s.count(ctx, tx, live, entries)
}

// count adds entries to the roll-ups of list. An entry that a later one corrects
// does not count: the first correction takes it back, whenever it comes, and counts
// by its own facts. So whoever counts up to the same position gets the same numbers.
func (s *Service) count(ctx context.Context, tx db.Tx, list []Indicator, entries []ledger.Entry) error {
	c := newCounter(list)
	taken, err := s.takenBefore(ctx, tx, entries)
	if err != nil {
		return err
	}
	for i := range entries {
		if !taken[entries[i].ID] {
			c.add(&entries[i], 1)
		}
	}
	back, err := s.takenBack(ctx, tx, entries)
	if err != nil {
		return err
	}
	for i := range back {
		c.add(&back[i], -1)
	}
	return apply(ctx, tx, c.result())
}

// takenBack returns the entries that those in the batch are the first to correct.
func (s *Service) takenBack(ctx context.Context, tx db.Tx, entries []ledger.Entry) ([]ledger.Entry, error) {
	at := map[string][]ledger.Pos{} // corrections in this batch, by what they correct
	for i := range entries {
		if c := entries[i].Corrects; c != "" {
			at[c] = append(at[c], entries[i].Pos)
		}
	}
	ids := slices.Collect(maps.Keys(at))
	first, err := s.ledger.FirstCorrections(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	corrected, err := s.ledger.Entries(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var back []ledger.Entry
	for id, e := range corrected {
		if slices.Contains(at[id], first[id]) && e.Pos.Before(first[id]) {
			back = append(back, e)
		}
	}
	return back, nil
}

// takenBefore returns which of the entries were corrected by one that stands before
// them. That happens on PostgreSQL only, where a transaction that began earlier may
// correct what a later one committed; on SQLite entries stand in the order of commits.
func (s *Service) takenBefore(ctx context.Context, tx db.Tx, entries []ledger.Entry) (map[string]bool, error) {
	if !db.IsPG(tx) {
		return nil, nil
	}
	ids := make([]string, len(entries))
	for i := range entries {
		ids[i] = entries[i].ID
	}
	first, err := s.ledger.FirstCorrections(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for i := range entries {
		if at, ok := first[entries[i].ID]; ok && at.Before(entries[i].Pos) {
			taken[entries[i].ID] = true
		}
	}
	return taken, nil
}
