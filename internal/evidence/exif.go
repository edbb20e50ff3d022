// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"time"

	"anlan/internal/kernel/clock"
)

// Tags of EXIF 2.32 that are read.
const (
	tagMake        = 0x010f
	tagModel       = 0x0110
	tagOrientation = 0x0112
	tagDateTime    = 0x0132
	tagExif        = 0x8769
	tagGPS         = 0x8825
	tagTaken       = 0x9003 // DateTimeOriginal
	tagTakenZone   = 0x9011 // OffsetTimeOriginal
	tagLatRef      = 1
	tagLat         = 2
	tagLngRef      = 3
	tagLng         = 4
)

const (
	maxTags    = 256 // of one directory; cameras write about 40
	maxText    = 64  // bytes of a maker's or a model's name
	noRotation = 1
)

// Origin is where a file says it comes from. It is personal data: it is kept
// sealed, and whoever reads it leaves a trace.
type Origin struct {
	Captured time.Time `json:"captured,omitzero"` // by the camera's clock, Beijing time unless it names a zone
	Make     string    `json:"make,omitempty"`
	Model    string    `json:"model,omitempty"`
	Lat      float64   `json:"lat,omitempty"`
	Lng      float64   `json:"lng,omitempty"`
	Located  bool      `json:"located,omitempty"` // Lat and Lng are known
}

// tiff reads the few EXIF tags that Anlan needs, each once. A general reader
// copies every value; 64 KB of tags that all point at the same bytes would grow to
// hundreds of megabytes.
type tiff struct {
	data  []byte
	order binary.ByteOrder
}

// readEXIF returns what EXIF data say, and the orientation (1 to 8) of the
// picture. What cannot be read is left out: metadata never make a photo fail.
func readEXIF(data []byte) (o Origin, orientation int) {
	t, first, ok := openTIFF(data)
	if !ok {
		return Origin{}, noRotation
	}
	main := t.directory(first)
	sub, gps := t.directory(t.long(main[tagExif])), t.directory(t.long(main[tagGPS]))
	o.Make, o.Model = t.text(main[tagMake]), t.text(main[tagModel])
	o.Captured = captured(t.text(sub[tagTaken]), t.text(sub[tagTakenZone]))
	if o.Captured.IsZero() {
		o.Captured = captured(t.text(main[tagDateTime]), "")
	}
	o.Lat, o.Lng, o.Located = t.position(gps)
	orientation = noRotation
	if n := t.short(main[tagOrientation]); n >= 1 && n <= 8 {
		orientation = n
	}
	return o, orientation
}

func openTIFF(data []byte) (t tiff, first uint32, ok bool) {
	data = bytes.TrimPrefix(data, exifMark) // some PNG and WebP writers leave JPEG's mark
	if len(data) < 8 {
		return tiff{}, 0, false
	}
	t = tiff{data: data, order: binary.LittleEndian}
	if string(data[:2]) == "MM" {
		t.order = binary.BigEndian
	} else if string(data[:2]) != "II" {
		return tiff{}, 0, false
	}
	return t, t.order.Uint32(data[4:]), t.order.Uint16(data[2:]) == 42
}

// entry is one tag: its type, its count and the bytes of its value.
type entry struct {
	kind  uint16
	count uint32
	value []byte
}

// directory reads the tags at offset; 0 and what lies outside give none.
func (t tiff) directory(offset uint32) map[uint16]entry {
	at := int64(offset)
	if at < 8 || at+2 > int64(len(t.data)) {
		return nil
	}
	n := min(int(t.order.Uint16(t.data[at:])), maxTags)
	tags := make(map[uint16]entry, n)
	for at += 2; n > 0 && at+12 <= int64(len(t.data)); n, at = n-1, at+12 {
		raw := t.data[at : at+12]
		e := entry{kind: t.order.Uint16(raw[2:]), count: t.order.Uint32(raw[4:])}
		e.value = t.value(e, raw[8:])
		tags[t.order.Uint16(raw)] = e
	}
	return tags
}

var tiffSizes = map[uint16]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}

// value returns the bytes of e, which lie in its last four or where these point.
func (t tiff) value(e entry, last []byte) []byte {
	size := tiffSizes[e.kind] * int64(e.count)
	if size <= 4 {
		return last[:size]
	}
	from := int64(t.order.Uint32(last))
	if from+size > int64(len(t.data)) {
		return nil
	}
	return t.data[from : from+size]
}

func (t tiff) short(e entry) int {
	if e.kind != 3 || len(e.value) < 2 {
		return 0
	}
	return int(t.order.Uint16(e.value))
}

func (t tiff) long(e entry) uint32 {
	if e.kind != 4 || len(e.value) < 4 {
		return 0
	}
	return t.order.Uint32(e.value)
}

func (t tiff) text(e entry) string {
	if e.kind != 2 {
		return ""
	}
	b, _, _ := bytes.Cut(e.value, []byte{0})
	return strings.TrimSpace(strings.ToValidUTF8(string(b[:min(len(b), maxText)]), ""))
}

// degrees reads degrees, minutes and seconds.
func (t tiff) degrees(e entry) (float64, bool) {
	if e.kind != 5 || len(e.value) < 24 {
		return 0, false
	}
	var sum float64
	for i, part := range []float64{1, 60, 3600} {
		num, den := t.order.Uint32(e.value[8*i:]), t.order.Uint32(e.value[8*i+4:])
		if den == 0 {
			return 0, false
		}
		sum += float64(num) / float64(den) / part
	}
	return sum, true
}

func (t tiff) position(gps map[uint16]entry) (lat, lng float64, ok bool) {
	lat, okLat := t.degrees(gps[tagLat])
	lng, okLng := t.degrees(gps[tagLng])
	if !okLat || !okLng {
		return 0, 0, false
	}
	if t.text(gps[tagLatRef]) == "S" {
		lat = -lat
	}
	if t.text(gps[tagLngRef]) == "W" {
		lng = -lng
	}
	return onEarth(lat, lng)
}

// onEarth refuses a place that there is none of.
func onEarth(lat, lng float64) (float64, float64, bool) {
	if math.Abs(lat) > 90 || math.Abs(lng) > 180 {
		return 0, 0, false
	}
	return round6(lat), round6(lng), true
}

// round6 cuts a coordinate to about a hand's breadth.
func round6(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// captured reads a time of EXIF, "2006:01:02 15:04:05", with its zone if it has one.
func captured(text, zone string) time.Time {
	if at, err := time.Parse("2006:01:02 15:04:05-07:00", text+zone); err == nil {
		return at.UTC()
	}
	at, err := time.ParseInLocation("2006:01:02 15:04:05", text, clock.Beijing)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}
