// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mp4Kept says what is kept in each container of moov (ISO/IEC 14496-12). Whatever
// else lies there is metadata or unknown, and is blanked.
var mp4Kept = map[string][]string{
	"moov": {"mvhd", "trak", "iods"},
	"trak": {"tkhd", "edts", "mdia"},
	"edts": {"elst"},
	"mdia": {"mdhd", "hdlr", "minf", "elng"},
	"minf": {"vmhd", "smhd", "nmhd", "dinf", "stbl"},
	"dinf": {"dref"},
	"stbl": {"stsd", "stts", "stss", "ctts", "stsc", "stsz", "stz2", "stco", "co64", "sdtp", "sbgp", "sgpd", "cslg"},
}

// codecs are the picture formats that are taken.
var codecs = []string{"avc1", "avc3", "hvc1", "hev1", "av01", "vp09", "mp4v"}

// movieHead is the mvhd box.
type movieHead struct {
	made, scale, length uint64
}

func (h movieHead) duration() time.Duration {
	if h.scale == 0 || h.length/h.scale > 1<<31 {
		return 0
	}
	return time.Duration(float64(h.length) / float64(h.scale) * float64(time.Second)).Truncate(time.Millisecond)
}

// created returns when the camera says that it began; its seconds count from 1904.
func (h movieHead) created() time.Time {
	const from1904 = 2_082_844_800
	if h.made <= from1904 || h.made > 1<<33 {
		return time.Time{}
	}
	return time.Unix(int64(h.made-from1904), 0).UTC()
}

// readMoov goes through moov, which is in memory.
func (p *mp4Parser) readMoov() error {
	return p.children("moov", box{name: "moov", start: p.base - boxHead, in: p.base, end: p.base + int64(len(p.moov))}, nil)
}

func (p *mp4Parser) body(b box) []byte { return p.moov[b.in-p.base : b.end-p.base] }

// children goes through the boxes in a container; t is the track they belong to. No
// container may hold one of its own kind, so nesting has a bound.
func (p *mp4Parser) children(of string, in box, t *track) error {
	for at := in.in; at < in.end; {
		raw := p.moov[at-p.base : in.end-p.base]
		if len(raw) < boxHead {
			return p.zero(at, in.end-at) // QuickTime ends some lists with four zeros
		}
		b, ok := boxOf(raw, at, in.end)
		if p.boxes++; !ok || b.end > in.end || p.boxes > maxBoxes || b.name == "mdat" {
			return damaged()
		}
		if err := p.child(of, b, t); err != nil {
			return err
		}
		at = b.end
	}
	return nil
}

func (p *mp4Parser) child(of string, b box, t *track) error {
	if of == "moov" && b.name == "udta" {
		p.readUserData(b)
	}
	if of == "moov" && b.name == "mvex" {
		return fragmented()
	}
	if !slices.Contains(mp4Kept[of], b.name) {
		return p.blank(b)
	}
	if b.name == "trak" {
		return p.readTrack(b)
	}
	if _, container := mp4Kept[b.name]; container {
		return p.children(b.name, b, t)
	}
	if b.name == "mvhd" {
		return p.readHead(p.body(b))
	}
	return p.readTrackBox(b, t)
}

// versioned reads the two layouts of a full box: version 0 with 32-bit fields,
// version 1 with 64-bit ones. Fields of width 4 stay so in both.
type versioned struct {
	b    []byte
	wide bool
}

func openVersioned(b []byte) (versioned, bool) {
	if len(b) < 4 || b[0] > 1 {
		return versioned{}, false
	}
	return versioned{b[4:], b[0] == 1}, true
}

func (v *versioned) take(n int) uint64 {
	if len(v.b) < n {
		v.b = nil
		return 0
	}
	head := v.b[:n]
	v.b = v.b[n:]
	switch n {
	case 4:
		return uint64(binary.BigEndian.Uint32(head))
	case 8:
		return binary.BigEndian.Uint64(head)
	}
	return 0
}

func (v *versioned) long() uint64 {
	if v.wide {
		return v.take(8)
	}
	return v.take(4)
}

func (p *mp4Parser) readHead(b []byte) error {
	v, ok := openVersioned(b)
	if !ok {
		return damaged()
	}
	p.head.made = v.long()
	v.long() // modified
	p.head.scale, p.head.length = v.take(4), v.long()
	return nil
}

// readUserData takes place and maker out of a udta box before it is blanked.
func (p *mp4Parser) readUserData(in box) {
	raw := p.body(in)
	for len(raw) >= boxHead {
		b, ok := boxOf(raw, 0, int64(len(raw)))
		if !ok || b.end > int64(len(raw)) {
			return
		}
		p.readNote(b.name, raw[b.in:b.end])
		raw = raw[b.end:]
	}
}

func (p *mp4Parser) readNote(name string, body []byte) {
	if len(body) < 4 {
		return
	}
	o, rest := &p.movie.origin, body[4:] // behind length and language, or version and flags
	switch name {
	case "\xa9mak":
		o.Make = note(rest)
	case "\xa9mod":
		o.Model = note(rest)
	case "\xa9xyz":
		o.Lat, o.Lng, o.Located = iso6709(note(rest))
	case "loci":
		o.Lat, o.Lng, o.Located = loci(rest)
	}
}

func note(b []byte) string {
	return strings.TrimSpace(strings.ToValidUTF8(string(b[:min(len(b), maxText)]), ""))
}

// loci reads the place box of 3GPP TS 26.244: language, name, role, then longitude
// and latitude in 1/65536 degrees.
func loci(b []byte) (lat, lng float64, ok bool) {
	if len(b) < 2 {
		return 0, 0, false
	}
	_, at, named := bytes.Cut(b[2:], []byte{0})
	if !named || len(at) < 9 {
		return 0, 0, false
	}
	lng = float64(int32(binary.BigEndian.Uint32(at[1:]))) / 65536
	lat = float64(int32(binary.BigEndian.Uint32(at[5:]))) / 65536
	return onEarth(lat, lng)
}

var coordinates = regexp.MustCompile(`^([+-]\d{1,3}(?:\.\d{1,12})?)([+-]\d{1,3}(?:\.\d{1,12})?)`)

// iso6709 reads "+39.9042+116.4074/".
func iso6709(text string) (lat, lng float64, ok bool) {
	m := coordinates.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	lat, _ = strconv.ParseFloat(m[1], 64)
	lng, _ = strconv.ParseFloat(m[2], 64)
	return onEarth(lat, lng)
}
