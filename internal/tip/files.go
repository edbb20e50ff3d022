// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

const (
	// MaxFileBytes is the most that a file has before it is padded and sealed.
	MaxFileBytes = 20 << 20
	// MaxFiles is how many files go with one tip or message.
	MaxFiles = 6
	// KeepLoose is how long a file waits for the tip that it belongs to.
	KeepLoose = 24 * time.Hour
	// DefaultQuota is how many bytes of such files are kept at most.
	DefaultQuota = 10 << 30

	maxSealedFile   = 22 << 20 // padding adds up to an eighth part at the small end, sealing little
	filesPerPermit  = MaxFiles + 1
	warnAt          = 0.7 // of the quota
	quotaAsked      = 5 * time.Second
	warnEvery       = 10 * time.Minute
	maxPermitsKnown = 50_000
	sealedMark      = "age-encryption.org/v1\n"
	filePrefix      = "tip/"
)

var fileName = regexp.MustCompile(`^[0-9a-f]{32}$`)

// FileRef names a sealed file that goes with a tip or a message.
type FileRef struct {
	Name   string
	Size   int64
	SHA256 []byte
}

// file is a sealed file as the database knows it. Its bytes lie in the blob store.
type file struct {
	Name     string    `bun:"name"`
	TipID    string    `bun:"tip_id"` // "" while it waits
	Size     int64     `bun:"size"`
	SHA256   []byte    `bun:"sha256"`
	Uploaded time.Time `bun:"uploaded"` // cut to the hour
}

func fileKey(name string) string { return filePrefix + name }

func (f *file) is(sum []byte) bool { return bytes.Equal(f.SHA256, sum) }

func errTaken() error { return errs.New(errs.Conflict, "tip.file_taken") }

// PutFile keeps a sealed file of size bytes under a name that the phone made up. To send
// the same bytes again is fine; other bytes under a name that is taken are a Conflict.
// Exhausted when the permit brought enough files, Unavailable when too many wait for tips.
func (s *Service) PutFile(ctx context.Context, permit, name string, body io.Reader, size int64) error {
	p, err := s.permit(permit)
	if err != nil {
		return err
	}
	if !fileName.MatchString(name) || size <= 0 {
		return errs.New(errs.Invalid, "tip.bad_file")
	}
	if size > maxSealedFile {
		return errs.New(errs.TooLarge, "tip.file_too_large", "megabytes", MaxFileBytes>>20)
	}
	sealed, err := newSealedReader(body)
	if err != nil {
		return err
	}
	known, err := fileByName(ctx, s.DB.Read(), name)
	if err != nil {
		return err
	}
	if known != nil {
		return sealed.sameAs(known)
	}
	if err := s.room(ctx, p, name, size); err != nil {
		return err
	}
	return s.keep(ctx, name, sealed, size)
}

// keep stores the bytes first and the row that names them after that. What a crash leaves
// between the two the sweeper removes.
func (s *Service) keep(ctx context.Context, name string, body *sealedReader, size int64) error {
	err := s.Blobs.PutIfAbsent(ctx, fileKey(name), body, size, "application/octet-stream")
	if body.failed != nil {
		return errs.Wrap(body.failed, errs.Invalid, "tip.file_interrupted")
	}
	if errs.KindOf(err) == errs.Conflict {
		err = s.sameBlob(ctx, name, body)
	}
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return errs.Wrap(err, errs.Invalid, "tip.file_interrupted")
		}
		return err
	}
	f := &file{Name: name, Size: size, SHA256: body.sum.Sum(nil), Uploaded: s.Now().Truncate(time.Hour)}
	if err := s.filed.Submit(ctx, f); err != nil {
		return err
	}
	s.loose.grew(size)
	return nil
}

// sameBlob reports whether what an earlier try left under a name is what came now.
func (s *Service) sameBlob(ctx context.Context, name string, body *sealedReader) error {
	if _, err := io.Copy(io.Discard, body); err != nil {
		return errs.Wrap(err, errs.Invalid, "tip.file_interrupted")
	}
	r, err := s.Blobs.Get(ctx, fileKey(name), 0, -1)
	if err != nil {
		return err
	}
	defer r.Close()
	there := sha256.New()
	if _, err := io.Copy(there, r); err != nil {
		return err
	}
	if !bytes.Equal(there.Sum(nil), body.sum.Sum(nil)) {
		return errTaken()
	}
	return nil
}

// insertFiled stores the rows of files that arrive together.
func (s *Service) insertFiled(ctx context.Context, fs []*file) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return insertFiles(ctx, tx, fs) })
}

// sealedReader hashes what it reads, and has seen that it begins as what is sealed does.
type sealedReader struct {
	r      io.Reader
	sum    hash.Hash
	failed error // of the sender
}

func newSealedReader(body io.Reader) (*sealedReader, error) {
	head := make([]byte, len(sealedMark))
	if _, err := io.ReadFull(body, head); err != nil || string(head) != sealedMark {
		return nil, errs.New(errs.Invalid, "tip.not_sealed")
	}
	return &sealedReader{r: io.MultiReader(bytes.NewReader(head), body), sum: sha256.New()}, nil
}

// Read is that of io.Reader.
func (s *sealedReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.sum.Write(p[:n])
	if err != nil && err != io.EOF {
		s.failed = err
	}
	return n, err
}

// sameAs reads to the end and is a Conflict unless that was f.
func (s *sealedReader) sameAs(f *file) error {
	if _, err := io.Copy(io.Discard, s); err != nil {
		return errs.Wrap(err, errs.Invalid, "tip.file_interrupted")
	}
	if !f.is(s.sum.Sum(nil)) {
		return errTaken()
	}
	return nil
}

// room refuses a file for which there is none.
func (s *Service) room(ctx context.Context, p Permit, name string, size int64) error {
	if !s.brought.may(p, name, s.Now()) {
		return errs.New(errs.Exhausted, "tip.too_many_files", "files", MaxFiles)
	}
	waiting, err := s.LooseBytes(ctx)
	if err != nil {
		return err
	}
	if waiting+size > s.RoomBytes() {
		e := errs.New(errs.Unavailable, "tip.files_full")
		e.RetryAfter = warnEvery
		return e
	}
	return nil
}

// RoomBytes returns how many bytes may wait for their tips.
func (s *Service) RoomBytes() int64 {
	if s.Quota > 0 {
		return s.Quota
	}
	return DefaultQuota
}

// LooseBytes returns how many bytes wait for their tips, as known a few seconds ago or
// since. It warns the operator in good time before there is no room.
func (s *Service) LooseBytes(ctx context.Context) (int64, error) {
	now := s.Now()
	if n, fresh := s.loose.read(now); fresh {
		return n, nil
	}
	n, err := looseBytes(ctx, s.DB.Read())
	if err != nil {
		return 0, err
	}
	if s.loose.set(n, now, float64(n) > warnAt*float64(s.RoomBytes())) {
		slog.WarnContext(ctx, "sealed files that wait for their tips take much room", "bytes", n, "quota", s.RoomBytes())
	}
	return n, nil
}

// loose is a count of bytes that is asked for now and then.
type loose struct {
	mu     sync.Mutex
	n      int64
	asked  time.Time
	warned time.Time
}

func (l *loose) read(now time.Time) (int64, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n, now.Sub(l.asked) < quotaAsked && !l.asked.IsZero()
}

// set notes a fresh count and reports whether it is time to warn.
func (l *loose) set(n int64, now time.Time, high bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n, l.asked = n, now
	if !high || now.Sub(l.warned) < warnEvery {
		return false
	}
	l.warned = now
	return true
}

func (l *loose) grew(by int64) { l.mu.Lock(); defer l.mu.Unlock(); l.n += by }

// brought counts the files that came with each permit. It is memory of this process: one
// permit may bring as much again after a restart.
type brought struct {
	mu sync.Mutex
	of map[[permitNonce]byte]*bringing
}

type bringing struct {
	names map[string]bool
	until time.Time
}

func (b *brought) may(p Permit, name string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.of) >= maxPermitsKnown {
		b.forget(now)
	}
	by := b.of[p.Nonce]
	if by == nil {
		by = &bringing{names: map[string]bool{}, until: p.Until}
		b.of[p.Nonce] = by
	}
	if !by.names[name] && len(by.names) >= filesPerPermit {
		return false
	}
	by.names[name] = true
	return true
}

func (b *brought) forget(now time.Time) {
	for nonce, by := range b.of {
		if now.After(by.until) {
			delete(b.of, nonce)
		}
	}
	if len(b.of) >= maxPermitsKnown {
		clear(b.of)
	}
}
