// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"log/slog"
	"runtime"
	"runtime/debug"

	"golang.org/x/image/webp"
)

// photo is what becomes of the bytes that somebody sent.
type photo struct {
	format        format
	width, height int // as shown, after the orientation has been applied
	original      []byte
	originalType  string
	thumb         []byte
	hash          uint64 // perceptual
	origin        Origin
}

// darkroom bounds how many pictures are worked on at once. Walking a photo is
// cheap; decoding one takes up to 400 MB for 50 megapixels, so that is done singly.
type darkroom struct{ walks, decodes chan struct{} }

func newDarkroom() *darkroom {
	return &darkroom{walks: make(chan struct{}, runtime.GOMAXPROCS(0)), decodes: make(chan struct{}, 1)}
}

// errDecode asks for the slow way.
var errDecode = errors.New("evidence: has to be decoded")

// develop checks a photo completely, strips its metadata and makes the thumbnail
// and the hash.
func (d *darkroom) develop(ctx context.Context, f format, data []byte) (*photo, error) {
	if f == formatJPEG {
		p, err := within(ctx, d.walks, func() (*photo, error) { return walkJPEG(data) })
		if !errors.Is(err, errDecode) {
			return p, err
		}
	}
	return within(ctx, d.decodes, func() (*photo, error) { return decodePhoto(f, data) })
}

// within runs fn when there is room. A decoder's panic is the fault of the file:
// it must not end the process.
func within[T any](ctx context.Context, room chan struct{}, fn func() (T, error)) (out T, err error) {
	select {
	case room <- struct{}{}:
	case <-ctx.Done():
		return out, ctx.Err()
	}
	defer func() {
		<-room
		if p := recover(); p != nil {
			slog.WarnContext(ctx, "decoder gave up", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = damaged()
		}
	}()
	return fn()
}

// walkJPEG is the quick way, for an upright baseline photo: nothing is decoded and
// nothing is lost.
func walkJPEG(data []byte) (*photo, error) {
	f, err := parseJPEG(data)
	if err != nil {
		return nil, err
	}
	origin, orientation := readEXIF(f.exif)
	if orientation != noRotation || !f.walkable() {
		return nil, errDecode
	}
	w, err := f.walk()
	if err != nil {
		return nil, err
	}
	if !w.tidy || !endsAt(data, w.end) {
		return nil, errDecode
	}
	p := &photo{format: formatJPEG, width: f.width, height: f.height, original: f.stripped(w.end),
		originalType: string(formatJPEG), origin: origin}
	return p, p.print(w.small)
}

// endsAt reports whether the picture ends at data[at:]: there is its end marker,
// or the file stops there, as some old cameras leave it.
func endsAt(data []byte, at int) bool {
	return at == len(data) || at+1 < len(data) && data[at+1] == mEOI
}

// stripped returns the file without metadata and without what follows the picture:
// the very same bytes when there is neither.
func (f *jpegFile) stripped(end int) []byte {
	if !f.dropped && end+2 == len(f.data) {
		return f.data
	}
	out := make([]byte, 0, len(f.kept)+end-f.scan+2)
	out = append(append(out, f.kept...), f.data[f.scan:end]...)
	return append(out, 0xff, mEOI)
}

// print makes the thumbnail and the hash of a picture.
func (p *photo) print(img image.Image) error {
	small := shrink(img, thumbSide)
	var err error
	if p.hash, err = perceptual(small); err != nil {
		return err
	}
	p.thumb, err = encode(small, thumbQuality)
	return err
}

// decodePhoto is the slow way: for PNG and WebP, and for a JPEG that is turned,
// progressive or unusual. A JPEG, and what has to be turned, is encoded anew.
func decodePhoto(f format, data []byte) (*photo, error) {
	kept, exif, err := withoutMetadata(f, data)
	if err != nil {
		return nil, err
	}
	img, err := decode(f, kept)
	if err != nil {
		return nil, err
	}
	p := &photo{format: f, original: kept, originalType: string(f)}
	var orientation int
	p.origin, orientation = readEXIF(exif)
	img = upright(flat(img), orientation)
	p.width, p.height = img.Bounds().Dx(), img.Bounds().Dy()
	if f == formatJPEG || orientation != noRotation {
		p.originalType = string(formatJPEG)
		if p.original, err = encode(img, againQuality); err != nil {
			return nil, err
		}
	}
	return p, p.print(img)
}

// withoutMetadata checks the structure of a file and returns what a decoder and a
// viewer need of it, and its EXIF data.
func withoutMetadata(f format, data []byte) (kept, exif []byte, err error) {
	switch f {
	case formatPNG:
		p, err := parsePNG(data)
		if err != nil {
			return nil, nil, err
		}
		return p.kept, p.exif, nil
	case formatWebP:
		w, err := parseWebP(data)
		if err != nil {
			return nil, nil, err
		}
		return w.kept, w.exif, nil
	}
	j, err := parseJPEG(data)
	if err != nil {
		return nil, nil, err
	}
	return data, j.exif, j.plausible()
}

// maxScans bounds the passes of a progressive JPEG over its pixels. Encoders make
// about ten; a few megabytes of empty passes would keep a decoder busy for hours.
const maxScans = 100

// plausible refuses, before a decoder makes room or begins, a picture of more blocks
// than its bytes can hold (each takes a bit at least, also in a progressive file), or
// of absurdly many passes.
func (f *jpegFile) plausible() error {
	if blocks := ceilDiv(f.width, 8) * ceilDiv(f.height, 8); blocks > (len(f.data)-f.scan)*8 {
		return truncated()
	}
	if bytes.Count(f.data[f.scan:], []byte{0xff, mSOS}) >= maxScans {
		return damaged()
	}
	return nil
}

func decode(f format, data []byte) (img image.Image, err error) {
	r := bytes.NewReader(data)
	switch f {
	case formatPNG:
		img, err = png.Decode(r)
	case formatWebP:
		img, err = webp.Decode(r)
	default:
		img, err = jpeg.Decode(r)
	}
	return img, decodeFailure(err)
}
