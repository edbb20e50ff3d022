// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"log/slog"
	"time"

	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

const (
	lookEvery  = 5 * time.Second // for indicators that another process added
	retryAfter = 30 * time.Second
)

// Rebuild counts an indicator anew from the beginning of the ledger, and returns
// when the reader has taken it over. Until then its figures say that they are not
// complete.
func (s *Service) Rebuild(ctx context.Context, key string) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := takeOff(ctx, tx, key); err != nil {
			return err
		}
		// A batch that the reader has begun still counts for it: wait, then forget.
		if _, err := s.ledger.Position(ctx, tx, readerName); err != nil {
			return err
		}
		return forget(ctx, tx, key)
	})
	if err != nil {
		return err
	}
	return s.catchUp(ctx, key)
}

// Follow counts indicators that were added later, as long as ctx lasts.
func (s *Service) Follow(ctx context.Context) {
	for ctx.Err() == nil {
		wait := lookEvery
		if err := s.catchUpAll(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "indicators wait to be counted; it will be tried again", "err", err)
			wait = retryAfter
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-s.added:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

func (s *Service) catchUpAll(ctx context.Context) error {
	for {
		key, err := waiting(ctx, s.db.Read())
		if err != nil || key == "" {
			return err
		}
		if err := s.catchUp(ctx, key); err != nil {
			return err
		}
	}
}

// catchUp counts for one indicator what the reader has passed, a batch at a time,
// so that nobody waits long for the database.
func (s *Service) catchUp(ctx context.Context, key string) error {
	for {
		more, err := s.backfill(ctx, key)
		if err != nil || !more {
			return err
		}
	}
}

// backfill counts one batch for an indicator. Once nothing is left up to the
// reader's position the indicator goes live, in a transaction that keeps the reader
// where it is: so no entry is left out between the two, and none counts twice.
func (s *Service) backfill(ctx context.Context, key string) (more bool, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		more = false
		in, pos, mine, err := claim(ctx, tx, key)
		if err != nil || !mine {
			return err
		}
		entries, upto, err := s.passed(ctx, tx, pos)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return savePos(ctx, tx, key, upto, true)
		}
		more = true
		if err := s.count(ctx, tx, []Indicator{in}, entries); err != nil {
			return err
		}
		return savePos(ctx, tx, key, entries[len(entries)-1].Pos, false)
	})
	return more, err
}

// passed returns entries behind pos that the reader has passed. When there are
// none, the reader stands at upto and stays there until tx ends.
func (s *Service) passed(ctx context.Context, tx db.Tx, pos ledger.Pos) (entries []ledger.Entry, upto ledger.Pos, err error) {
	if upto, err = s.ledger.Reached(ctx, tx, readerName); err != nil {
		return nil, upto, err
	}
	if entries, err = s.ledger.Range(ctx, tx, pos, upto, batch); err != nil || len(entries) > 0 {
		return entries, upto, err
	}
	if upto, err = s.ledger.Position(ctx, tx, readerName); err != nil {
		return nil, upto, err
	}
	entries, err = s.ledger.Range(ctx, tx, pos, upto, batch)
	return entries, upto, err
}
