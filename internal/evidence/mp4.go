// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"encoding/binary"
	"io"
	"slices"
	"time"

	"anlan/internal/kernel/errs"
)

const (
	maxMoov    = 32 << 20 // bytes; two hours of video need about 10 MB
	maxBoxes   = 20_000
	maxPatches = 100_000
	boxHead    = 8 // size and type
)

// movie is what an MP4 file says of itself, and what has to be overwritten so
// that it says no more than needed. Nothing moves, so no offset has to be mended.
type movie struct {
	width, height int
	duration      time.Duration
	origin        Origin
	size          int64 // where the file ends; what follows is cut away
	patches       []patch
}

// patch overwrites n bytes at at: with text, then zeros.
type patch struct {
	at, n int64
	text  string
}

// box is one box: where it begins, where its body does, and where it ends.
type box struct {
	name           string
	start, in, end int64
}

// mp4Parser holds the state of one pass.
type mp4Parser struct {
	r     io.ReaderAt
	size  int64
	boxes int
	movie movie
	moov  []byte
	base  int64      // where moov lies in the file
	data  [][2]int64 // bodies of the mdat boxes
	video bool
	head  movieHead
}

func fragmented() error { return errs.New(errs.Unsupported, "evidence.fragmented_video") }

// parseMP4 checks the structure of an MP4 file completely, but never looks at
// picture or sound. It reads moov, a few bytes of each other box, and no more.
func parseMP4(r io.ReaderAt, size int64) (*movie, error) {
	p := &mp4Parser{r: r, size: size}
	if err := p.top(); err != nil {
		return nil, err
	}
	if p.moov == nil || len(p.data) == 0 {
		return nil, truncated()
	}
	if err := p.readMoov(); err != nil {
		return nil, err
	}
	if !p.video {
		return nil, damaged()
	}
	return p.finish()
}

// top goes through the boxes of the file itself.
func (p *mp4Parser) top() error {
	for at := int64(0); at < p.size; {
		b, err := p.boxAt(at)
		if err != nil && p.moov != nil && len(p.data) > 0 { // something was hung on behind
			p.movie.size = at
			return nil
		}
		if err != nil {
			return err
		}
		if err := p.topBox(b); err != nil {
			return err
		}
		at = b.end
	}
	p.movie.size = p.size
	return nil
}

func (p *mp4Parser) topBox(b box) error {
	switch b.name {
	case "ftyp":
		if b.start != 0 || b.end-b.start > 1024 {
			return damaged()
		}
	case "mdat":
		p.data = append(p.data, [2]int64{b.in, b.end})
	case "moov":
		return p.loadMoov(b)
	case "moof", "mvex", "styp", "sidx":
		return fragmented()
	default:
		return p.blank(b)
	}
	return nil
}

// boxAt reads the head of the box at at. A box that leads past the end is an error.
func (p *mp4Parser) boxAt(at int64) (box, error) {
	var head [16]byte
	n, err := p.r.ReadAt(head[:min(16, p.size-at)], at)
	if n < boxHead {
		if err != nil && err != io.EOF {
			return box{}, err
		}
		return box{}, truncated()
	}
	if p.boxes++; p.boxes > maxBoxes {
		return box{}, damaged()
	}
	b, ok := boxOf(head[:n], at, p.size)
	if !ok {
		return box{}, damaged()
	}
	if b.end > p.size {
		return box{}, truncated()
	}
	return b, nil
}

// boxOf reads the head of a box at at; limit is where its container ends.
func boxOf(head []byte, at, limit int64) (box, bool) {
	b := box{name: string(head[4:8]), start: at, in: at + boxHead}
	for _, c := range head[4:8] {
		if c < ' ' || c > '~' && c != 0xa9 {
			return b, false
		}
	}
	switch size := int64(binary.BigEndian.Uint32(head)); size {
	case 0: // to the end of the file, which only the pictures may do
		b.end = limit
		return b, b.name == "mdat"
	case 1:
		if len(head) < 16 {
			return b, false
		}
		wide := binary.BigEndian.Uint64(head[8:])
		if wide < 16 || wide > 1<<40 {
			return b, false
		}
		b.in, b.end = at+16, at+int64(wide)
	default:
		b.end = at + size
	}
	return b, b.end >= b.in
}

func (p *mp4Parser) loadMoov(b box) error {
	if p.moov != nil || b.end-b.in > maxMoov {
		return damaged()
	}
	p.base, p.moov = b.in, make([]byte, b.end-b.in)
	if n, err := p.r.ReadAt(p.moov, b.in); n < len(p.moov) {
		return err
	}
	return nil
}

// blank turns a box into free space.
func (p *mp4Parser) blank(b box) error {
	if err := p.zero(b.in, b.end-b.in); err != nil {
		return err
	}
	return p.patch(patch{at: b.start + 4, n: 4, text: "free"})
}

func (p *mp4Parser) zero(at, n int64) error {
	if n == 0 {
		return nil
	}
	return p.patch(patch{at: at, n: n})
}

func (p *mp4Parser) patch(c patch) error {
	if len(p.movie.patches) >= maxPatches {
		return damaged()
	}
	p.movie.patches = append(p.movie.patches, c)
	return nil
}

// finish sorts the patches for the reader.
func (p *mp4Parser) finish() (*movie, error) {
	slices.SortFunc(p.movie.patches, func(a, b patch) int { return int(min(1, max(-1, a.at-b.at))) })
	p.movie.duration = p.head.duration()
	p.movie.origin.Captured = p.head.created()
	m := p.movie
	return &m, nil
}

// patchedReader reads a file as it shall be kept.
type patchedReader struct {
	r       io.ReaderAt
	at, end int64
	patches []patch // by place; those that lie wholly before at are gone
}

// reader returns the file without what patches take out.
func (m *movie) reader(r io.ReaderAt) io.Reader {
	return &patchedReader{r: r, end: m.size, patches: m.patches}
}

// Read is that of io.Reader.
func (p *patchedReader) Read(b []byte) (int, error) {
	if p.at >= p.end {
		return 0, io.EOF
	}
	n, err := p.r.ReadAt(b[:min(int64(len(b)), p.end-p.at)], p.at)
	if n == 0 {
		return 0, err
	}
	p.overwrite(b[:n])
	p.at += int64(n)
	for len(p.patches) > 0 && p.patches[0].at+p.patches[0].n <= p.at {
		p.patches = p.patches[1:]
	}
	return n, nil
}

func (p *patchedReader) overwrite(b []byte) {
	end := p.at + int64(len(b))
	for _, c := range p.patches {
		if c.at >= end {
			return
		}
		from, to := max(c.at, p.at), min(c.at+c.n, end)
		for i := from; i < to; i++ {
			b[i-p.at] = 0
			if k := i - c.at; k < int64(len(c.text)) {
				b[i-p.at] = c.text[k]
			}
		}
	}
}
