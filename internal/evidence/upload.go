// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strings"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// MaxSpool is the most that unfinished uploads together may take of the disk.
const MaxSpool = 8 << 30

// Progress is how far an upload in pieces has come.
type Progress struct {
	ID       string
	Bytes    int64     // of the whole file
	Offset   int64     // where the next chunk begins
	Evidence *Evidence // once all have come
}

// Start announces a file of the given size that comes in pieces; mediaType is what
// the sender takes it for and only chooses the limit. The same idempotency key
// gives the same upload.
func (s *Service) Start(ctx context.Context, idemKey, mediaType string, size int64) (*Progress, error) {
	limit := int64(MaxPhotoBytes)
	if strings.HasPrefix(mediaType, "video/") {
		limit = MaxVideoBytes
	}
	switch {
	case size < 1:
		return nil, errs.New(errs.Invalid, "evidence.empty")
	case size > limit:
		return nil, tooLarge(limit)
	}
	u := &uploadRow{ID: s.IDs.New(), Type: mediaType, Bytes: size, Idem: idem(ctx, idemKey), By: actor.From(ctx).ID,
		Created: s.Now(), Touched: s.Now()}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		spooled, err := spooledBytes(ctx, tx)
		if err != nil {
			return err
		}
		if spooled+size > MaxSpool {
			return spoolFull()
		}
		return insertUpload(ctx, tx, u)
	})
	if db.IsUnique(err) && u.Idem != "" {
		return s.started(ctx, u)
	}
	return &Progress{ID: u.ID, Bytes: size}, err
}

func spoolFull() error {
	e := errs.New(errs.Exhausted, "evidence.spool_full")
	e.RetryAfter = 10 * time.Minute
	return e
}

// started returns the upload that was announced before under the key of u.
func (s *Service) started(ctx context.Context, u *uploadRow) (*Progress, error) {
	old, err := uploadByIdem(ctx, s.DB.Read(), u.Idem)
	if err != nil {
		return nil, err
	}
	if old.Bytes != u.Bytes || old.Type != u.Type {
		return nil, errs.New(errs.Conflict, "evidence.key_reused")
	}
	return s.progress(ctx, old)
}

func (s *Service) progress(ctx context.Context, u *uploadRow) (*Progress, error) {
	p := &Progress{ID: u.ID, Bytes: u.Bytes, Offset: u.Received}
	if !u.Done {
		return p, nil
	}
	var err error
	p.Evidence, err = s.known(ctx, u.ID)
	return p, err
}

// upload returns the upload with the given id for whoever has its key, or NotFound.
func (s *Service) upload(ctx context.Context, id, key string) (*uploadRow, error) {
	if !s.isKey(id, key) {
		return nil, errs.New(errs.NotFound, "evidence.no_upload")
	}
	u, err := getUpload(ctx, s.DB.Read(), id)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "evidence.no_upload")
	}
	return u, err
}

// Progress tells where to go on after an interruption.
func (s *Service) Progress(ctx context.Context, id, key string) (*Progress, error) {
	u, err := s.upload(ctx, id, key)
	if err != nil {
		return nil, err
	}
	return s.progress(ctx, u)
}

// Receive takes the chunk at offset. A chunk that came before is acknowledged
// again; one that leaves a gap or overlaps is a Conflict that names the right
// offset. With the last chunk the file is examined as in Upload; one that is not
// taken is thrown away. If the answer to the last chunk was lost or said that the
// store is away, send that chunk again, or an empty one at the end.
func (s *Service) Receive(ctx context.Context, id, key string, offset int64, chunk []byte) (*Progress, error) {
	if len(chunk) > MaxChunkBytes {
		return nil, tooLarge(MaxChunkBytes)
	}
	defer s.uploads.lock(id)()
	u, err := s.upload(ctx, id, key)
	if err != nil {
		return nil, err
	}
	if !u.Done {
		if err := s.accept(ctx, u, offset, chunk); err != nil {
			return nil, err
		}
	}
	if !u.Done && u.Received == u.Bytes {
		return s.finish(ctx, u)
	}
	return s.progress(ctx, u)
}

// accept spools a chunk that continues u, or recognises one that came before.
func (s *Service) accept(ctx context.Context, u *uploadRow, offset int64, chunk []byte) error {
	end := offset + int64(len(chunk))
	switch {
	case len(chunk) == 0 && u.Received == u.Bytes && offset == u.Bytes: // only asks to finish
		return nil
	case len(chunk) == 0:
		return errs.New(errs.Invalid, "evidence.empty")
	case end > u.Bytes:
		return errs.New(errs.TooLarge, "evidence.beyond_announced", "bytes", u.Bytes)
	case offset != u.Received && end > u.Received:
		return errs.New(errs.Conflict, "evidence.bad_offset", "offset", u.Received)
	case end <= u.Received:
		return s.recognise(u, offset, chunk)
	}
	if err := s.spool.write(u.ID, offset, chunk); err != nil {
		return err
	}
	u.Received, u.Touched = end, s.Now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return saveUpload(ctx, tx, u) })
}

func (s *Service) recognise(u *uploadRow, offset int64, chunk []byte) error {
	same, err := s.spool.holds(u.ID, offset, chunk)
	if err == nil && !same {
		return errs.New(errs.Conflict, "evidence.chunk_differs", "offset", offset)
	}
	return err
}

// finish examines a complete upload. A file of a few megabytes is stored at once;
// a longer one is only entered, and ProcessPending stores it.
func (s *Service) finish(ctx context.Context, u *uploadRow) (*Progress, error) {
	f, err := s.spool.open(u.ID)
	if err != nil {
		return nil, spoolAway(err)
	}
	defer f.Close()
	p, err := s.examine(ctx, &incoming{id: u.ID, by: u.By, size: u.Bytes, file: f})
	if isRefusal(err) {
		return nil, s.throwAway(ctx, u, err)
	}
	if err != nil {
		return nil, err
	}
	return s.conclude(ctx, u, p, f)
}

func (s *Service) conclude(ctx context.Context, u *uploadRow, p *product, f *os.File) (*Progress, error) {
	var err error
	if p.item.SHA256, err = hashOf(f, u.Bytes); err != nil {
		return nil, err
	}
	later := u.Bytes > MaxSingleBytes
	if later {
		p.item.State = Received
	} else if err := s.keep(ctx, p); err != nil {
		return nil, err
	}
	u.Done, u.Touched = true, s.Now()
	err = s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := insert(ctx, tx, p.item); err != nil {
			return err
		}
		return saveUpload(ctx, tx, u)
	})
	if err != nil {
		return nil, err
	}
	if !later {
		s.forget(ctx, u.ID)
	}
	return &Progress{ID: u.ID, Bytes: u.Bytes, Offset: u.Received, Evidence: p.item.evidence()}, nil
}

// hashOf returns the SHA-256 of a spooled file.
func hashOf(f *os.File, size int64) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, size)); err != nil {
		return "", spoolAway(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// isRefusal reports whether err says that a file is not taken.
func isRefusal(err error) bool {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Unsupported, errs.TooLarge:
		return true
	}
	return false
}

// throwAway removes an upload that was refused and returns why.
func (s *Service) throwAway(ctx context.Context, u *uploadRow, why error) error {
	err := s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return deleteUploads(ctx, tx, []string{u.ID}) })
	if err != nil {
		return err
	}
	s.forget(ctx, u.ID)
	return why
}
