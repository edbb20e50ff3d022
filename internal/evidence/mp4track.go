// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// track is what has to be known of one trak box.
type track struct {
	handler       string // vide, soun, or a kind that is taken out
	width, height int
	codec         string
	toChunk       []byte // stsc: runs of chunks with equally many samples
	sizes         []byte // stsz: one for each sample
	size          uint32 // stsz: the same for all, or 0
	offsets       []byte // stco or co64
	wide          bool   // co64
}

// readTrack keeps pictures and sound. Any other track (GPS, sensors, subtitles
// with coordinates, as action cameras and drones write) is taken out with its data.
func (p *mp4Parser) readTrack(b box) error {
	t, before := &track{}, len(p.movie.patches)
	if err := p.children("trak", b, t); err != nil {
		return err
	}
	switch t.handler {
	case "vide":
		return cmp.Or(p.keepVideo(t), p.checkChunks(t))
	case "soun":
		return p.checkChunks(t)
	}
	p.movie.patches = p.movie.patches[:before] // what lay in it goes with it
	if err := p.blank(b); err != nil {
		return err
	}
	return p.blankSamples(t)
}

// checkChunks refuses a file whose end, with pictures or sound, is missing.
func (p *mp4Parser) checkChunks(t *track) error {
	for i := range t.chunks() {
		if t.offset(i) >= p.movie.size {
			return truncated()
		}
	}
	return nil
}

const maxVideoSide = 8192

func (p *mp4Parser) keepVideo(t *track) error {
	if t.width > maxVideoSide || t.height > maxVideoSide || t.width < 1 || t.height < 1 {
		return damaged()
	}
	if !slices.Contains(codecs, t.codec) {
		return unsupported("MP4 " + t.codec)
	}
	if !p.video {
		p.video, p.movie.width, p.movie.height = true, t.width, t.height
	}
	return nil
}

func (p *mp4Parser) readTrackBox(b box, t *track) error {
	body := p.body(b)
	switch {
	case t == nil: // iods
		return nil
	case b.name == "tkhd":
		return t.readHead(body)
	case b.name == "hdlr":
		return p.readHandler(b, t)
	case b.name == "dref":
		return checkReferences(body)
	case b.name == "stsd":
		return t.readCodec(body)
	case b.name == "stsc" || b.name == "stco" || b.name == "co64" || b.name == "stsz":
		return t.readTable(b.name, body)
	}
	return nil
}

// readHead reads width and height as shown: the matrix may turn the picture.
func (t *track) readHead(b []byte) error {
	v, ok := openVersioned(b)
	if !ok {
		return damaged()
	}
	v.long()
	v.long()
	v.take(4)
	v.take(4)
	v.long()
	if len(v.b) < 60 { // layer and volume, matrix, width, height
		return damaged()
	}
	matrix, size := v.b[16:52], v.b[52:60]
	w, h := int(binary.BigEndian.Uint16(size)), int(binary.BigEndian.Uint16(size[4:]))
	if a, d := binary.BigEndian.Uint32(matrix), binary.BigEndian.Uint32(matrix[16:]); a == 0 && d == 0 {
		w, h = h, w
	}
	t.width, t.height = w, h
	return nil
}

// readHandler reads the kind of track and blanks its free-text name.
func (p *mp4Parser) readHandler(b box, t *track) error {
	const kindAt, nameAt = 8, 24
	body := p.body(b)
	if len(body) < nameAt {
		return damaged()
	}
	t.handler = string(body[kindAt : kindAt+4])
	return p.zero(b.in+nameAt, int64(len(body)-nameAt))
}

// checkReferences refuses a file whose pictures lie elsewhere: a player would
// fetch them from there.
func checkReferences(b []byte) error {
	if len(b) < 8 {
		return damaged()
	}
	n := binary.BigEndian.Uint32(b[4:])
	for b = b[8:]; n > 0; n-- {
		if len(b) < 12 {
			return damaged()
		}
		size := binary.BigEndian.Uint32(b)
		if b[11]&1 == 0 || size < 12 || int64(size) > int64(len(b)) { // flag 1: in this file
			return damaged()
		}
		b = b[size:]
	}
	return nil
}

func (t *track) readCodec(b []byte) error {
	if len(b) < 16 {
		return damaged()
	}
	t.codec = string(bytes.ToValidUTF8(b[12:16], nil))
	return nil
}

// readTable keeps a view of a table of samples or chunks.
func (t *track) readTable(name string, b []byte) error {
	head, each := 8, map[string]int{"stsc": 12, "stco": 4, "co64": 8, "stsz": 4}[name]
	if name == "stsz" {
		head = 12
	}
	if len(b) < head {
		return damaged()
	}
	n := int64(binary.BigEndian.Uint32(b[head-4:]))
	rows := b[head:]
	if name == "stsz" {
		if t.size = binary.BigEndian.Uint32(b[4:]); t.size != 0 {
			return nil
		}
	}
	if n*int64(each) > int64(len(rows)) {
		return damaged()
	}
	rows = rows[:n*int64(each)]
	switch name {
	case "stsc":
		t.toChunk = rows
	case "stsz":
		t.sizes = rows
	default:
		t.offsets, t.wide = rows, name == "co64"
	}
	return nil
}

// blankSamples zeroes the data of a track that is taken out.
func (p *mp4Parser) blankSamples(t *track) error {
	sample, runs := 0, runs{rows: t.toChunk}
	for i := range t.chunks() {
		at, count := t.offset(i), runs.at(i+1)
		n, ok := t.bytes(sample, count)
		if !ok || !p.inData(at, n) {
			return damaged()
		}
		if err := p.zero(at, n); err != nil {
			return err
		}
		sample += count
	}
	return nil
}

func (t *track) chunks() int {
	if t.wide {
		return len(t.offsets) / 8
	}
	return len(t.offsets) / 4
}

// offset returns where chunk i lies in the file.
func (t *track) offset(i int) int64 {
	if t.wide {
		return int64(binary.BigEndian.Uint64(t.offsets[8*i:]) & (1<<62 - 1))
	}
	return int64(binary.BigEndian.Uint32(t.offsets[4*i:]))
}

// runs walks once over the rows of stsc.
type runs struct {
	rows  []byte
	count int
}

// at returns how many samples chunk number i (from 1) holds; i must rise.
func (r *runs) at(i int) int {
	for len(r.rows) >= 12 && int64(binary.BigEndian.Uint32(r.rows)) <= int64(i) {
		r.count = int(binary.BigEndian.Uint32(r.rows[4:]))
		r.rows = r.rows[12:]
	}
	return r.count
}

// bytes returns how long count samples from sample on are together.
func (t *track) bytes(sample, count int) (int64, bool) {
	if t.size != 0 {
		return int64(t.size) * int64(count), count < 1<<31
	}
	if count > len(t.sizes)/4-sample {
		return 0, false
	}
	var sum int64
	for i := range count {
		sum += int64(binary.BigEndian.Uint32(t.sizes[4*(sample+i):]))
	}
	return sum, true
}

// inData reports whether n bytes at at lie in one of the mdat boxes.
func (p *mp4Parser) inData(at, n int64) bool {
	return slices.ContainsFunc(p.data, func(d [2]int64) bool { return at >= d[0] && n >= 0 && at+n <= d[1] })
}
