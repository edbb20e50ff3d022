// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"

	"anlan/internal/kernel/actor"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// lapsedAtOnce is how many hazards one transaction of the timer moves.
const lapsedAtOnce = 100

// Overdue moves every hazard whose deadline is over (24:00 Beijing time of its last day) to
// overdue, and returns how many. Run it every minute; several processes may.
func (s *Service) Overdue(ctx context.Context) (int, error) {
	ctx = actor.With(ctx, actor.Actor{Channel: "job"})
	all := 0
	for {
		n, err := db.InTxV(ctx, s.DB, s.lapse)
		all += n
		if err != nil || n < lapsedAtOnce {
			return all, err
		}
	}
}

func (s *Service) lapse(ctx context.Context, tx db.Tx) (int, error) {
	now := s.Now()
	hs, err := claimLapsed(ctx, tx, now, lapsedAtOnce)
	if err != nil {
		return 0, err
	}
	moves := make([]Moved, len(hs))
	entries := make([]ledger.Entry, len(hs))
	for i, h := range hs {
		moved, err := h.apply(&Move{Action: Lapse}, actor.Actor{}, now)
		if err != nil {
			return 0, err
		}
		if err := s.wind(ctx, h, now); err != nil {
			return 0, err
		}
		if err := save(ctx, tx, h); err != nil {
			return 0, err
		}
		moved.Version, moved.Due, moved.DueRule, moved.Late, moved.WasUnitPath = h.Version, h.Due, h.DueRule, true, h.UnitPath
		moves[i], entries[i] = moved, moved.entry(h)
	}
	if err := insertMoved(ctx, tx, moves); err != nil {
		return 0, err
	}
	return len(hs), s.Ledger.Record(ctx, tx, entries...)
}
