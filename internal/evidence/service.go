// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"sync"

	"golang.org/x/sync/singleflight"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/ledger"
	"anlan/internal/platform/blob"
	"anlan/internal/platform/db"
	"anlan/internal/platform/seal"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

type (
	attachedFacts struct {
		Evidence string `json:"evidence"`
		Kind     string `json:"kind"`
		Purpose  string `json:"purpose"`
		SHA256   string `json:"sha256"`
	}
	originReadFacts struct {
		Evidence string `json:"evidence"`
	}
)

var (
	kindAttached   = ledger.Define[attachedFacts]("evidence.attached.v1")
	kindOriginRead = ledger.Define[originReadFacts]("evidence.origin_read.v1")
)

// Kinds lists the kinds of ledger entries that this package writes.
func Kinds() []string { return []string{kindAttached.Name(), kindOriginRead.Name()} }

// Viewer answers who may see a subject's evidence. It returns an error for those
// who may not.
type Viewer interface {
	MayView(ctx context.Context, subject string) error
}

// Locator answers where a subject lies, for permissions.
type Locator interface {
	Locate(ctx context.Context, subject string) (actor.Object, error)
}

// Config is what a Service is made of. Viewer and Locator come from upper domains
// and may be set later; without them nobody sees what is attached.
type Config struct {
	DB       *db.DB
	Ledger   *ledger.Ledger
	Now      clock.Clock
	IDs      *id.Source
	Blobs    blob.Store
	SpoolDir string // for uploads in pieces; processes that share a database share it too
	SealKey  []byte // seal.KeySize bytes
	Viewer   Viewer
	Locator  Locator
}

// Service is what the rest of Anlan may ask of this package.
type Service struct {
	Config
	box     *seal.Box
	room    *darkroom
	spool   spool
	uploads locks
	making  singleflight.Group // large variants
	walk    orphanWalk
}

// New returns a Service.
func New(cfg Config) *Service {
	return &Service{Config: cfg, box: seal.New(cfg.SealKey), room: newDarkroom(), spool: spool{cfg.SpoolDir}}
}

// Key returns the secret of a file that its sender gets. It is computed, not kept.
func (s *Service) Key(id string) string { return s.box.Fingerprint("evidence/key/" + id)[:32] }

func (s *Service) isKey(id, key string) bool {
	return subtle.ConstantTimeCompare([]byte(s.Key(id)), []byte(key)) == 1
}

// idem makes the stored form of an Idempotency-Key: the same key of two people is
// two keys. An empty one stays empty.
func idem(ctx context.Context, key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(actor.From(ctx).ID + "\n" + key))
	return hex.EncodeToString(sum[:])
}

// incoming is a complete file that was sent: in memory, or spooled.
type incoming struct {
	id   string
	idem string
	by   string
	size int64
	data []byte      // in memory, or
	file io.ReaderAt // spooled
}

func (in *incoming) readerAt() io.ReaderAt {
	if in.file != nil {
		return in.file
	}
	return bytes.NewReader(in.data)
}

// load brings a spooled photo into memory.
func (in *incoming) load() error {
	if in.file == nil {
		return nil
	}
	in.data = make([]byte, in.size)
	_, err := io.ReadFull(io.NewSectionReader(in.file, 0, in.size), in.data)
	in.file = nil
	return err
}

// Upload takes a whole file. The same idempotency key with the same file gives the
// same answer; with another file it is a Conflict. A file that is not taken is
// Invalid, Unsupported or TooLarge, and leaves nothing behind.
func (s *Service) Upload(ctx context.Context, idemKey string, data []byte) (*Evidence, error) {
	in := &incoming{id: s.IDs.New(), idem: idem(ctx, idemKey), by: actor.From(ctx).ID, size: int64(len(data)), data: data}
	if in.size > MaxSingleBytes {
		return nil, tooLarge(MaxSingleBytes)
	}
	sum := sha256.Sum256(data)
	if e, err := s.earlier(ctx, in.idem, hex.EncodeToString(sum[:])); e != nil || err != nil {
		return e, err
	}
	p, err := s.examine(ctx, in)
	if err != nil {
		return nil, err
	}
	p.item.SHA256 = hex.EncodeToString(sum[:])
	if err := s.keep(ctx, p); err != nil {
		return nil, err
	}
	return s.enter(ctx, p)
}

// earlier returns what was answered to the same key before, or nil.
func (s *Service) earlier(ctx context.Context, idem, sha string) (*Evidence, error) {
	if idem == "" {
		return nil, nil
	}
	e, err := byIdem(ctx, s.DB.Read(), idem)
	if db.IsNoRows(err) {
		return nil, nil
	}
	if err == nil && e.SHA256 != sha {
		return nil, errs.New(errs.Conflict, "evidence.key_reused")
	}
	return e, err
}

// product is what is to be stored of a file.
type product struct {
	item     *row
	original io.Reader
	thumb    []byte
	data     []byte // the original, when it is in memory
	same     bool   // the original is what was sent, byte for byte
}

// examine checks a file and says what to store of it. It stores nothing.
func (s *Service) examine(ctx context.Context, in *incoming) (*product, error) {
	head := make([]byte, min(sniffLen, in.size))
	if _, err := in.readerAt().ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	f, err := sniff(head)
	if err != nil {
		return nil, err
	}
	if f == formatMP4 {
		return s.examineVideo(in)
	}
	return s.examinePhoto(ctx, in, f)
}

func (s *Service) newRow(in *incoming, kind Kind, f format) *row {
	return &row{ID: in.id, Kind: kind, Type: string(f), State: Ready, Bytes: in.size, Idem: in.idem, By: in.by, Created: s.Now()}
}

func (s *Service) examinePhoto(ctx context.Context, in *incoming, f format) (*product, error) {
	if in.size > MaxPhotoBytes {
		return nil, tooLarge(MaxPhotoBytes)
	}
	if err := in.load(); err != nil {
		return nil, err
	}
	ph, err := s.room.develop(ctx, f, in.data)
	if err != nil {
		return nil, err
	}
	r := s.newRow(in, Photo, f)
	r.Width, r.Height, r.Hash = ph.width, ph.height, int64(ph.hash)
	r.StoredType, r.StoredBytes = ph.originalType, int64(len(ph.original))
	r.Origin, err = s.sealed(in.id, ph.origin)
	same := len(ph.original) == len(in.data) && &ph.original[0] == &in.data[0]
	return &product{r, bytes.NewReader(ph.original), ph.thumb, ph.original, same}, err
}

func (s *Service) examineVideo(in *incoming) (*product, error) {
	if in.size > MaxVideoBytes {
		return nil, tooLarge(MaxVideoBytes)
	}
	m, err := parseMP4(in.readerAt(), in.size)
	if err != nil {
		return nil, err
	}
	r := s.newRow(in, Video, formatMP4)
	r.Width, r.Height, r.DurationMS = m.width, m.height, m.duration.Milliseconds()
	r.StoredType, r.StoredBytes = string(formatMP4), m.size
	r.Origin, err = s.sealed(in.id, m.origin)
	return &product{item: r, original: m.reader(in.readerAt())}, err
}

// sealed encrypts an origin; nothing known gives nil.
func (s *Service) sealed(id string, o Origin) ([]byte, error) {
	if o == (Origin{}) {
		return nil, nil
	}
	plain, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	return s.box.Seal(plain, originContext(id)), nil
}

func originContext(id string) string { return "evidence_item.origin/" + id }

// keep stores the variants of a file, both at once, since each waits for the disk.
func (s *Service) keep(ctx context.Context, p *product) error {
	if p.same {
		p.item.StoredSHA256 = p.item.SHA256
	} else if p.data != nil {
		sum := sha256.Sum256(p.data)
		p.item.StoredSHA256 = hex.EncodeToString(sum[:])
	}
	var wg sync.WaitGroup
	var thumbErr error
	if p.thumb != nil {
		wg.Go(func() {
			thumbErr = s.put(ctx, p.item.ID, Thumb, bytes.NewReader(p.thumb), int64(len(p.thumb)), string(formatJPEG))
		})
	}
	err := s.keepOriginal(ctx, p)
	wg.Wait()
	return cmp.Or(err, thumbErr)
}

func (s *Service) keepOriginal(ctx context.Context, p *product) error {
	if p.item.StoredSHA256 != "" {
		return s.put(ctx, p.item.ID, Original, p.original, p.item.StoredBytes, p.item.StoredType)
	}
	h := sha256.New()
	err := s.put(ctx, p.item.ID, Original, io.TeeReader(p.original, h), p.item.StoredBytes, p.item.StoredType)
	p.item.StoredSHA256 = hex.EncodeToString(h.Sum(nil))
	return err
}

func (s *Service) put(ctx context.Context, id string, v Variant, r io.Reader, size int64, mediaType string) error {
	return s.Blobs.Put(ctx, blobKey(id, v), r, size, mediaType)
}

// enter makes a stored file known. When another request with the same key was
// faster, its file is the answer, and the sweeper finds the blobs of this one.
func (s *Service) enter(ctx context.Context, p *product) (*Evidence, error) {
	err := s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return insert(ctx, tx, p.item) })
	if db.IsUnique(err) && p.item.Idem != "" {
		return s.earlier(ctx, p.item.Idem, p.item.SHA256)
	}
	if err != nil {
		return nil, err
	}
	return p.item.evidence(), nil
}
