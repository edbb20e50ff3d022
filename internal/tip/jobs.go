// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"

	"anlan/internal/kernel/actor"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// movedAtOnce is how many tips one transaction of the timer moves.
const movedAtOnce = 100

// Tick closes what nobody objected to in time or what was re-examined, and notes what is
// late in the ledger, once for each term. Run it every minute; several processes may.
func (s *Service) Tick(ctx context.Context) error {
	ctx = actor.With(ctx, actor.Actor{Channel: "job"})
	if err := s.repeat(ctx, s.closeSome); err != nil {
		return err
	}
	for _, k := range LateKinds {
		note := func(ctx context.Context, tx db.Tx) (int, error) { return s.noteSome(ctx, tx, k) }
		if err := s.repeat(ctx, note); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) repeat(ctx context.Context, some func(context.Context, db.Tx) (int, error)) error {
	for {
		n, err := db.InTxV(ctx, s.DB, some)
		if err != nil || n < movedAtOnce {
			return err
		}
	}
}

func (s *Service) closeSome(ctx context.Context, tx db.Tx) (int, error) {
	now := s.Now()
	ts, err := claimClosable(ctx, tx, now, movedAtOnce)
	if err != nil {
		return 0, err
	}
	for _, t := range ts {
		m := &Move{Action: Close}
		moved, err := s.move(ctx, t, m, actor.Actor{}, now)
		if err != nil {
			return 0, err
		}
		if err := s.writeTx(ctx, tx, *t, t, m, moved, nil); err != nil {
			return 0, err
		}
	}
	return len(ts), nil
}

func (s *Service) noteSome(ctx context.Context, tx db.Tx, k ClockKind) (int, error) {
	ts, err := claimLate(ctx, tx, s.Now(), k, movedAtOnce)
	if err != nil {
		return 0, err
	}
	entries := make([]ledger.Entry, len(ts))
	for i, t := range ts {
		if err := noteLate(ctx, tx, t); err != nil {
			return 0, err
		}
		entries[i] = t.lateEntry()
	}
	return len(ts), s.Ledger.Record(ctx, tx, entries...)
}
