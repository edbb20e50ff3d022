// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"context"
	"errors"
	"io"

	"anlan/internal/kernel/errs"
)

// File is a variant that is given out.
type File struct {
	io.ReadSeeker
	io.Closer
	Tag  string // names the content: it never changes
	Type string // media type, by what was sniffed
	Name string
	Size int64
}

// Get returns what is known of a file, for those who may see it: a loose file with
// its key, an attached one if the Viewer agrees. For all others it is NotFound.
func (s *Service) Get(ctx context.Context, id, key string) (*Evidence, error) {
	return s.view(ctx, id, key)
}

func (s *Service) view(ctx context.Context, id, key string) (*Evidence, error) {
	e, err := s.known(ctx, id)
	if err != nil {
		return nil, err
	}
	if e.Subject == "" && s.isKey(id, key) {
		return e, nil
	}
	if e.Subject == "" || s.Viewer == nil {
		return nil, errs.New(errs.NotFound, "evidence.not_found")
	}
	switch err := s.Viewer.MayView(ctx, e.Subject); errs.KindOf(err) {
	case errs.None:
		return e, nil
	case errs.Denied, errs.Unauthenticated, errs.NotFound:
		return nil, errs.Wrap(err, errs.NotFound, "evidence.not_found")
	default:
		return nil, err
	}
}

// Open gives out a variant of a file to those who may see it. The caller closes it.
// A variant that the file does not have is NotFound, a file that is not Ready a Conflict.
func (s *Service) Open(ctx context.Context, id, key string, v Variant) (*File, error) {
	e, err := s.view(ctx, id, key)
	if err != nil {
		return nil, err
	}
	if e.State != Ready {
		return nil, errs.New(errs.Conflict, "evidence.not_ready")
	}
	if e.Kind == Video && v != Original {
		return nil, errs.New(errs.NotFound, "evidence.no_variant")
	}
	switch v {
	case Original:
		return s.file(ctx, e, Original, e.storedType)
	case Thumb:
		return s.file(ctx, e, Thumb, string(formatJPEG))
	case Large:
		return s.openLarge(ctx, e)
	}
	return nil, errs.New(errs.NotFound, "evidence.no_variant")
}

var extensions = map[string]string{
	string(formatJPEG): ".jpg", string(formatPNG): ".png", string(formatWebP): ".webp", string(formatMP4): ".mp4",
}

// file asks the store for the file's size, so that a store that is away is noticed
// while the status of the answer can still be told.
func (s *Service) file(ctx context.Context, e *Evidence, v Variant, mediaType string) (*File, error) {
	info, err := s.Blobs.Stat(ctx, blobKey(e.ID, v))
	if err != nil {
		return nil, err
	}
	r := &blobReader{ctx: ctx, from: s.Blobs.Get, key: info.Key, size: info.Size}
	return &File{ReadSeeker: r, Closer: r, Tag: e.ID + "-" + string(v), Type: mediaType,
		Name: e.ID + "-" + string(v) + extensions[mediaType], Size: info.Size}, nil
}

// openLarge gives out the original when it is small enough, or else a variant that
// is made when somebody first asks for it: most are never looked at so closely.
func (s *Service) openLarge(ctx context.Context, e *Evidence) (*File, error) {
	if max(e.Width, e.Height) <= largeSide && e.storedType != string(formatWebP) {
		return s.file(ctx, e, Original, e.storedType)
	}
	f, err := s.file(ctx, e, Large, string(formatJPEG))
	if errs.KindOf(err) != errs.NotFound {
		return f, err
	}
	_, err, _ = s.making.Do(e.ID, func() (any, error) { return nil, s.makeLarge(context.WithoutCancel(ctx), e) })
	if err != nil {
		return nil, err
	}
	return s.file(ctx, e, Large, string(formatJPEG))
}

func (s *Service) makeLarge(ctx context.Context, e *Evidence) error {
	data, err := s.readOriginal(ctx, e)
	if err != nil {
		return err
	}
	out, err := within(ctx, s.room.decodes, func() ([]byte, error) {
		img, err := decode(format(e.storedType), data)
		if err != nil {
			return nil, err
		}
		return encode(shrink(flat(img), largeSide), largeQuality)
	})
	if err != nil {
		return err
	}
	return s.put(ctx, e.ID, Large, bytes.NewReader(out), int64(len(out)), string(formatJPEG))
}

func (s *Service) readOriginal(ctx context.Context, e *Evidence) ([]byte, error) {
	r, err := s.Blobs.Get(ctx, blobKey(e.ID, Original), 0, -1)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// blobReader reads a stored file from wherever it is asked to. It opens the file
// with the first byte that is read, so that nothing is fetched for a mere head.
type blobReader struct {
	ctx  context.Context
	from func(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)
	key  string
	size int64
	at   int64
	open io.ReadCloser
}

// Read is that of io.Reader.
func (b *blobReader) Read(p []byte) (int, error) {
	if b.at >= b.size {
		return 0, io.EOF
	}
	if b.open == nil {
		var err error
		if b.open, err = b.from(b.ctx, b.key, b.at, -1); err != nil {
			return 0, err
		}
	}
	n, err := b.open.Read(p)
	b.at += int64(n)
	return n, err
}

// Seek is that of io.Seeker.
func (b *blobReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += b.at
	case io.SeekEnd:
		offset += b.size
	}
	if offset < 0 {
		return 0, errors.New("evidence: seek before the start")
	}
	if offset != b.at {
		b.Close()
		b.at = offset
	}
	return offset, nil
}

// Close is that of io.Closer.
func (b *blobReader) Close() error {
	if b.open == nil {
		return nil
	}
	err := b.open.Close()
	b.open = nil
	return err
}
