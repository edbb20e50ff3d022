// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

const (
	claimFor   = 15 * time.Minute // after that a worker is taken for dead
	batch      = 200
	walkEvery  = 24 * time.Hour // over the whole file store
	blobGrace  = KeepLoose      // a younger blob may belong to an upload under way
	lostUpload = "evidence.upload_lost"
)

// ProcessPending stores the long videos that have come completely, and returns how
// many. It stops at the first failure; what it had begun is taken up again later. A
// file that lies in another process's spool is left to that one.
func (s *Service) ProcessPending(ctx context.Context) (int, error) {
	ids, err := pending(ctx, s.DB.Read(), s.Now().Add(-claimFor), batch)
	if err != nil {
		return 0, err
	}
	done := 0
	for _, id := range ids {
		ok, err := s.process(ctx, id)
		if err != nil {
			return done, err
		}
		if ok {
			done++
		}
	}
	return done, nil
}

// process stores one file; false when it is not this process's to store.
func (s *Service) process(ctx context.Context, id string) (bool, error) {
	f, err := s.spool.open(id)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, spoolAway(err)
	}
	defer f.Close()
	mine, err := db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (bool, error) {
		return claim(ctx, tx, id, s.Now(), s.Now().Add(-claimFor))
	})
	if err != nil || !mine {
		return false, err
	}
	if err := s.storeClaimed(ctx, id, f); err != nil {
		release := func(ctx context.Context, tx db.Tx) error { return unclaim(ctx, tx, id) }
		return false, errors.Join(err, s.DB.InTx(context.WithoutCancel(ctx), release))
	}
	s.forget(ctx, id)
	return true, nil
}

// storeClaimed checks the file again, since it may have lain on the disk for long.
func (s *Service) storeClaimed(ctx context.Context, id string, f *os.File) error {
	e, err := s.known(ctx, id)
	if err != nil {
		return err
	}
	p, err := s.examine(ctx, &incoming{id: id, by: e.By, size: e.Bytes, file: f})
	if err == nil {
		p.item.SHA256, err = hashOf(f, e.Bytes)
	}
	if err == nil && p.item.SHA256 != e.SHA256 {
		err = damaged()
	}
	if isRefusal(err) {
		return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			return saveRefused(ctx, tx, []string{id}, errs.KeyOf(err))
		})
	}
	if err != nil {
		return err
	}
	if err := s.keep(ctx, p); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return saveStored(ctx, tx, p.item) })
}

// forget removes a spooled file that is no longer needed. When that fails, the
// sweeper will.
func (s *Service) forget(ctx context.Context, upload string) {
	if err := s.spool.remove(upload); err != nil {
		slog.WarnContext(ctx, "spooled file stays", "upload", upload, "err", err)
	}
}

// Swept is what a sweep has removed.
type Swept struct{ Files, Uploads, Blobs int }

// orphanWalk remembers when the file store was last walked.
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

// Sweep removes files that nobody attached within KeepLoose, uploads that nobody
// went on with, and, once a day, blobs that no row names. It may be called as often
// as one likes, by several processes at once.
func (s *Service) Sweep(ctx context.Context) (Swept, error) {
	var out Swept
	var err error
	if out.Files, err = s.sweepLoose(ctx); err != nil {
		return out, err
	}
	if out.Uploads, err = s.sweepUploads(ctx); err != nil {
		return out, err
	}
	if err := s.refuseLost(ctx); err != nil {
		return out, err
	}
	if err := s.sweepSpool(ctx); err != nil || !s.walk.due(s.Now()) {
		return out, err
	}
	out.Blobs, err = s.sweepBlobs(ctx)
	return out, err
}

func (s *Service) sweepLoose(ctx context.Context) (int, error) {
	removed := 0
	for {
		ids, err := db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) ([]string, error) {
			return deleteLoose(ctx, tx, s.Now().Add(-KeepLoose), batch)
		})
		if err != nil {
			return removed, err
		}
		for _, id := range ids { // row first: what is left over has no row, and is an orphan
			if err := s.deleteBlobs(ctx, id); err != nil {
				return removed, err
			}
			s.forget(ctx, id)
		}
		if removed += len(ids); len(ids) < batch {
			return removed, nil
		}
	}
}

func (s *Service) deleteBlobs(ctx context.Context, id string) error {
	for _, v := range []Variant{Original, Thumb, Large} {
		if err := s.Blobs.Delete(ctx, blobKey(id, v)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) sweepUploads(ctx context.Context) (int, error) {
	ids, err := staleUploads(ctx, s.DB.Read(), s.Now().Add(-KeepLoose), batch)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return deleteUploads(ctx, tx, ids) })
	return len(ids), err
}

// refuseLost gives up on videos whose spooled file is gone, so that whoever waits
// for them learns it.
func (s *Service) refuseLost(ctx context.Context) error {
	ids, err := lostPending(ctx, s.DB.Read(), s.Now().Add(-KeepLoose), batch)
	if err != nil || len(ids) == 0 {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return saveRefused(ctx, tx, ids, lostUpload) })
}

// sweepSpool removes spooled files that no upload and no pending file needs.
func (s *Service) sweepSpool(ctx context.Context) error {
	old, err := s.spool.older(s.Now().Add(-KeepLoose))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(old, batch) {
		needed, err := existingUploads(ctx, s.DB.Read(), part)
		if err != nil {
			return err
		}
		for _, id := range part {
			if !slices.Contains(needed, id) {
				s.forget(ctx, id)
			}
		}
	}
	return nil
}

// sweepBlobs walks the whole file store.
func (s *Service) sweepBlobs(ctx context.Context) (int, error) {
	var keys []string
	removed := 0
	for info, err := range s.Blobs.List(ctx, blobPrefix) {
		if err != nil {
			return removed, err
		}
		if s.Now().Sub(info.Modified) > blobGrace {
			keys = append(keys, info.Key)
		}
		if len(keys) == batch {
			n, err := s.removeOrphans(ctx, keys)
			if removed += n; err != nil {
				return removed, err
			}
			keys = keys[:0]
		}
	}
	n, err := s.removeOrphans(ctx, keys)
	return removed + n, err
}

func (s *Service) removeOrphans(ctx context.Context, keys []string) (int, error) {
	if len(keys) == 0 {
		return 0, nil
	}
	ids := make([]string, len(keys))
	for i, key := range keys {
		ids[i], _, _ = strings.Cut(strings.TrimPrefix(key, blobPrefix), "/")
	}
	known, err := existing(ctx, s.DB.Read(), ids)
	if err != nil {
		return 0, err
	}
	removed := 0
	for i, key := range keys {
		if slices.Contains(known, ids[i]) {
			continue
		}
		if err := s.Blobs.Delete(ctx, key); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}
