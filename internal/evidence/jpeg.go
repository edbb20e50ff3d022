// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/binary"
)

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	mSOF0 = 0xc0 // baseline
	mSOF1 = 0xc1 // extended sequential
	mSOF2 = 0xc2 // progressive
	mDHT  = 0xc4
	mDAC  = 0xcc
	mRST0 = 0xd0
	mSOI  = 0xd8
	mEOI  = 0xd9
	mSOS  = 0xda
	mDQT  = 0xdb
	mDRI  = 0xdd
	mAPP0 = 0xe0
	mAPP1 = 0xe1
	mAPP2 = 0xe2
	mAPPE = 0xee
	mCOM  = 0xfe
)

// component is one plane of a JPEG picture.
type component struct {
	id, h, v byte // h, v: how many blocks of it one unit (MCU) holds
	quant    byte
	dc, ac   byte // tables that its scan names
}

// jpegFile is what the head of a JPEG file says, up to its first scan.
type jpegFile struct {
	data          []byte
	width, height int
	frame         byte // the SOF marker
	parts         []component
	dcQuant       [4]int32 // how much one DC step is worth
	dc, ac        [4]*huffman
	restart       int // units between restart markers, 0 for none
	adobe         int // colour transform of the Adobe segment, -1 without one
	exif          []byte
	kept          []byte // the head without metadata, from SOI to the scan's header
	dropped       bool   // something is not in kept
	scan          int    // where the first scan's data begin
	whole         bool   // the first scan holds all components
}

var (
	exifMark  = []byte("Exif\x00\x00")
	jfifMark  = []byte("JFIF\x00")
	adobeMark = []byte("Adobe")
	iccMark   = []byte("ICC_PROFILE\x00")
)

// parseJPEG reads the head of a JPEG file. It looks at each segment once and
// never at picture data.
func parseJPEG(data []byte) (*jpegFile, error) {
	f := &jpegFile{data: data, adobe: -1, kept: make([]byte, 0, 1024)}
	f.kept = append(f.kept, 0xff, mSOI)
	for at := 2; ; {
		marker, seg, next, err := nextSegment(data, at)
		if err != nil {
			return nil, err
		}
		if err := f.segment(marker, seg); err != nil {
			return nil, err
		}
		if raw := data[at:next]; f.keeps(marker, seg) {
			f.kept = append(f.kept, trimmed(marker, raw)...)
		} else {
			f.dropped = true
		}
		at = next
		if marker == mSOS {
			f.scan = next
			return f, nil
		}
	}
}

// nextSegment returns the segment at data[at:], and where the next one begins.
func nextSegment(data []byte, at int) (marker byte, seg []byte, next int, err error) {
	i := at
	for i < len(data) && data[i] == 0xff {
		i++
	}
	if i+3 > len(data) {
		return 0, nil, 0, truncated()
	}
	if i == at {
		return 0, nil, 0, damaged()
	}
	marker = data[i]
	if marker == 0 || marker == mEOI || marker == mSOI || (marker >= mRST0 && marker < mSOI) {
		return 0, nil, 0, damaged()
	}
	next = i + 1 + int(binary.BigEndian.Uint16(data[i+1:]))
	if next < i+3 {
		return 0, nil, 0, damaged()
	}
	if next > len(data) {
		return 0, nil, 0, truncated()
	}
	return marker, data[i+3 : next], next, nil
}

// keeps reports whether a segment is needed to show the picture. Everything else
// (EXIF, XMP, comments, makers' segments, embedded previews) is metadata.
func (f *jpegFile) keeps(marker byte, seg []byte) bool {
	switch {
	case marker == mAPP0:
		return bytes.HasPrefix(seg, jfifMark)
	case marker == mAPP2:
		return bytes.HasPrefix(seg, iccMark)
	case marker == mAPPE:
		return bytes.HasPrefix(seg, adobeMark)
	case marker > mAPP0 && marker <= mAPP0+15, marker >= 0xf0:
		return false
	}
	return true
}

const jfifLen = 14 // of the segment without a preview

// trimmed cuts the preview picture out of a JFIF segment.
func trimmed(marker byte, raw []byte) []byte {
	i := bytes.IndexByte(raw, marker)
	if marker != mAPP0 || len(raw)-i-3 <= jfifLen {
		return raw
	}
	out := append([]byte{0xff, mAPP0, 0, jfifLen + 2}, raw[i+3:i+3+jfifLen]...)
	out[len(out)-2], out[len(out)-1] = 0, 0
	return out
}

func (f *jpegFile) segment(marker byte, seg []byte) error {
	switch marker {
	case mDQT:
		return f.readQuant(seg)
	case mDHT:
		return f.readHuffman(seg)
	case mDRI:
		if len(seg) < 2 {
			return damaged()
		}
		f.restart = int(binary.BigEndian.Uint16(seg))
	case mSOS:
		return f.readScan(seg)
	case mAPP1:
		if f.exif == nil && bytes.HasPrefix(seg, exifMark) {
			f.exif = seg[len(exifMark):]
		}
	case mAPPE:
		if len(seg) >= 12 && bytes.HasPrefix(seg, adobeMark) {
			f.adobe = int(seg[11])
		}
	case mDAC:
		return unsupported("jpeg-arithmetic")
	}
	if marker >= mSOF0 && marker <= 0xcf && marker != mDHT && marker != 0xc8 {
		return f.readFrame(marker, seg)
	}
	return nil
}

func (f *jpegFile) readQuant(seg []byte) error {
	for len(seg) > 0 {
		wide, id := seg[0]>>4, seg[0]&15
		size := 64 * (int(wide) + 1)
		if wide > 1 || id > 3 || len(seg) < 1+size {
			return damaged()
		}
		f.dcQuant[id] = int32(seg[1])
		if wide == 1 {
			f.dcQuant[id] = int32(binary.BigEndian.Uint16(seg[1:]))
		}
		seg = seg[1+size:]
	}
	return nil
}

func (f *jpegFile) readHuffman(seg []byte) error {
	for len(seg) > 0 {
		class, id := seg[0]>>4, seg[0]&15
		if class > 1 || id > 3 {
			return damaged()
		}
		h, n, err := newHuffman(seg[1:])
		if err != nil {
			return err
		}
		if class == 0 {
			f.dc[id] = h
		} else {
			f.ac[id] = h
		}
		seg = seg[1+n:]
	}
	return nil
}

func (f *jpegFile) readFrame(marker byte, seg []byte) error {
	if marker > mSOF2 {
		return unsupported("jpeg-rare")
	}
	if f.frame != 0 || len(seg) < 6 || len(seg) != 6+3*int(seg[5]) {
		return damaged()
	}
	if seg[0] != 8 {
		return unsupported("jpeg-rare")
	}
	f.frame = marker
	f.height, f.width = int(binary.BigEndian.Uint16(seg[1:])), int(binary.BigEndian.Uint16(seg[3:]))
	for p := seg[6:]; len(p) > 0; p = p[3:] {
		c := component{id: p[0], h: p[1] >> 4, v: p[1] & 15, quant: p[2]}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.quant > 3 {
			return damaged()
		}
		f.parts = append(f.parts, c)
	}
	return checkSize(f.width, f.height)
}

func (f *jpegFile) readScan(seg []byte) error {
	if f.frame == 0 || len(seg) < 1 || len(seg) != 4+2*int(seg[0]) {
		return damaged()
	}
	f.whole = int(seg[0]) == len(f.parts)
	for i := range int(seg[0]) {
		id, tables := seg[1+2*i], seg[2+2*i]
		if !f.whole || f.parts[i].id != id { // then the slower decoder judges
			f.whole = false
			return nil
		}
		if tables>>4 > 3 || tables&15 > 3 {
			return damaged()
		}
		f.parts[i].dc, f.parts[i].ac = tables>>4, tables&15
	}
	return nil
}
