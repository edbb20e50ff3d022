// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"anlan/internal/platform/db"
	"anlan/internal/platform/jobs"
)

const (
	sweptAtOnce = 200
	walkEvery   = 24 * time.Hour // over all sealed files
)

// orphanWalk remembers when all files were last looked at.
type orphanWalk struct {
	mu   sync.Mutex
	last time.Time
}

// due reports whether a walk is due at now, and notes it.
func (w *orphanWalk) due(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now.Sub(w.last) < walkEvery {
		return false
	}
	w.last = now
	return true
}

// Jobs are the background jobs of this package.
func (s *Service) Jobs() []jobs.Worker {
	return []jobs.Worker{jobs.Periodic("tip.sweep", jobs.Every(time.Hour), s.Sweep), jobs.Periodic("tip.tick", jobs.Every(time.Minute), s.Tick)}
}

// Sweep removes sealed files that no tip took within KeepLoose, permits that are over and,
// once a day, files that no row names. Several processes may.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Now()
	if err := s.sweepLoose(ctx, now); err != nil {
		return err
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return deletePermits(ctx, tx, now) })
	if err != nil || !s.walk.due(now) {
		return err
	}
	return s.sweepOrphans(ctx, now)
}

func (s *Service) sweepLoose(ctx context.Context, now time.Time) error {
	for {
		names, err := db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) ([]string, error) {
			return deleteLoose(ctx, tx, now.Add(-KeepLoose), sweptAtOnce)
		})
		if err != nil {
			return err
		}
		for _, name := range names { // the row went first: what a crash leaves has none
			if err := s.Blobs.Delete(ctx, fileKey(name)); err != nil {
				return err
			}
		}
		if len(names) < sweptAtOnce {
			return nil
		}
	}
}

// sweepOrphans removes files that have no row, from uploads and sweeps that broke off.
func (s *Service) sweepOrphans(ctx context.Context, now time.Time) error {
	var old []string
	for info, err := range s.Blobs.List(ctx, filePrefix) {
		if err != nil {
			return err
		}
		if now.Sub(info.Modified) > KeepLoose {
			old = append(old, strings.TrimPrefix(info.Key, filePrefix))
		}
	}
	for part := range slices.Chunk(old, sweptAtOnce) {
		known, err := existingFiles(ctx, s.DB.Read(), part)
		if err != nil {
			return err
		}
		for _, name := range part {
			if slices.Contains(known, name) {
				continue
			}
			if err := s.Blobs.Delete(ctx, fileKey(name)); err != nil {
				return err
			}
		}
	}
	return nil
}
