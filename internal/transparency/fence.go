// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// leaseTime is how long a process that no longer shows itself keeps others from writing.
const leaseTime = 10 * time.Second

// lead makes this process the one that writes, or keeps it so. It fails with Conflict
// while another holds the lease. A process that slept through its own lease notices at
// its next write, because the epoch is no longer its own.
func (s *Service) lead(ctx context.Context) error {
	l, err := getLog(ctx, s.cfg.DB.Read())
	if err != nil {
		return err
	}
	if l.Holder == s.holder && l.Epoch == s.epoch.Load() && l.Lease.Sub(s.cfg.Now()) > leaseTime/2 {
		return nil
	}
	if l.Holder != s.holder && l.Lease.After(s.cfg.Now()) {
		return errs.New(errs.Conflict, "transparency.led_elsewhere")
	}
	epoch, err := db.InTxV(ctx, s.cfg.DB, func(ctx context.Context, tx db.Tx) (int64, error) {
		l, err := lockLog(ctx, tx)
		if err != nil {
			return 0, err
		}
		now := s.cfg.Now()
		mine := l.Holder == s.holder
		if !mine && l.Lease.After(now) {
			return 0, errs.New(errs.Conflict, "transparency.led_elsewhere")
		}
		if !mine {
			l.Epoch++
		}
		l.Holder, l.Lease = s.holder, now.Add(leaseTime)
		return l.Epoch, saveLog(ctx, tx, &l, "epoch", "holder", "lease")
	})
	if err == nil && s.epoch.Swap(epoch) != epoch {
		s.guarded.Store(false)
	}
	return err
}

// fenced returns the log's row, locked, and fails with Conflict when another process has
// taken over.
func (s *Service) fenced(ctx context.Context, tx db.Tx) (logRow, error) {
	l, err := lockLog(ctx, tx)
	if err == nil && (l.Holder != s.holder || l.Epoch != s.epoch.Load()) {
		err = errs.New(errs.Conflict, "transparency.led_elsewhere")
	}
	return l, err
}

// resign lets another process take over at once.
func (s *Service) resign(ctx context.Context) error {
	return s.cfg.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		l, err := s.fenced(ctx, tx)
		if err != nil {
			return err
		}
		l.Lease = s.cfg.Now()
		return saveLog(ctx, tx, &l, "lease")
	})
}
