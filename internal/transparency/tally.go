// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"sync"
	"time"

	"anlan/internal/platform/db"
)

// DueTimes are the longest times that the law gives for what is awaited, see
// 应急〔2020〕69号 and 安监总财〔2018〕19号; acceptance has the outer limit of 信访工作条例.
var DueTimes = map[string]time.Duration{
	"acceptance":   15 * 24 * time.Hour,
	"verification": 60 * 24 * time.Hour,
	"extension":    30 * 24 * time.Hour,
	"review":       30 * 24 * time.Hour,
}

// cutTo is how exact the times in leaves are.
const cutTo = time.Hour

// Ends returns when a clock runs out that began at a leaf of an hour: it may have begun at
// the end of that hour.
func Ends(hour time.Time, lasts time.Duration) time.Time { return hour.Add(cutTo + lasts) }

// tally keeps the counts, and what is awaited, in step with the entries that got places.
func tally(ctx context.Context, tx db.Tx, entries []entryRow) error {
	n := map[counted]int64{}
	for _, e := range entries {
		n[counted{e.Kind, e.Word}]++
	}
	rows := make([]countRow, 0, len(n))
	for c, k := range n {
		rows = append(rows, countRow{Kind: c.kind, Word: c.word, N: k})
	}
	if err := addCounts(ctx, tx, rows); err != nil {
		return err
	}
	open, closed := awaited(entries)
	if err := saveOpen(ctx, tx, open); err != nil {
		return err
	}
	return removeOpen(ctx, tx, closed)
}

// counted is what statistics count a leaf by.
type counted struct {
	kind LeafKind
	word string
}

// awaited returns what the received leaves that entries are or concern wait for after them,
// and those that wait no more.
func awaited(entries []entryRow) (open []openRow, closed []int64) {
	last := map[int64]int{} // received leaf to the newest entry about it
	of := make([]int64, len(entries))
	for i, e := range entries {
		switch e.Kind {
		case Received:
			of[i] = e.Idx
		case Event:
			of[i] = e.said.Of
		default:
			continue
		}
		last[of[i]] = i
	}
	for i, e := range entries {
		if at, ok := last[of[i]]; !ok || at != i {
			continue
		}
		if e.said.Due != NotDue {
			open = append(open, openRow{Idx: of[i], Due: e.said.Due, Since: e.said.Hour})
		} else if e.Kind == Event {
			closed = append(closed, of[i])
		}
	}
	return open, closed
}

// Overview is what the log shows at a glance.
type Overview struct {
	Statistics
	Signed  Signed // the served checkpoint
	Open    int64  // received leaves after which something is awaited
	Overdue int64  // of these, those whose clock has run out
}

// glance is the overview that was asked for last.
type glance struct {
	mu   sync.Mutex
	at   time.Time
	last Overview
}

// Overview returns what the log shows at a glance, at most ten seconds old; NotFound before
// the first checkpoint.
func (s *Service) Overview(ctx context.Context) (Overview, error) {
	s.seen.mu.Lock()
	defer s.seen.mu.Unlock()
	now := s.cfg.Now()
	if age := now.Sub(s.seen.at); age >= 0 && age < countFor {
		return s.seen.last, nil
	}
	o, err := s.look(ctx, now)
	if err == nil {
		s.seen.last, s.seen.at = o, now
	}
	return o, err
}

func (s *Service) look(ctx context.Context, now time.Time) (Overview, error) {
	var o Overview
	msg, err := s.Checkpoint(ctx)
	if err != nil {
		return o, err
	}
	if o.Signed, err = s.Policy().Open(msg, now); err != nil {
		return o, err
	}
	if o.Statistics, err = s.count(ctx, o.Signed.Size); err != nil {
		return o, err
	}
	if o.Open, err = countOpen(ctx, s.cfg.DB.Read(), "", now); err != nil {
		return o, err
	}
	for due, lasts := range DueTimes {
		n, err := countOpen(ctx, s.cfg.DB.Read(), due, now.Add(-cutTo-lasts))
		if err != nil {
			return o, err
		}
		o.Overdue += n
	}
	return o, nil
}

// Statistics returns the counts of the leaves that the served checkpoint covers.
func (s *Service) Statistics(ctx context.Context) (Statistics, error) {
	l, err := getLog(ctx, s.cfg.DB.Read())
	if err != nil {
		return Statistics{}, err
	}
	return s.count(ctx, l.ServedSize)
}

// count returns the counts of the first size leaves.
func (s *Service) count(ctx context.Context, size int64) (Statistics, error) {
	st := NewStatistics()
	rows, err := allCounts(ctx, s.cfg.DB.Read())
	for _, r := range rows {
		st.add(r.Kind, r.Word, r.N)
	}
	if err != nil || st.Size <= size {
		return st, err
	}
	rows, err = countsBetween(ctx, s.cfg.DB.Read(), size, st.Size)
	for _, r := range rows {
		st.add(r.Kind, r.Word, -r.N)
	}
	return st, err
}
