// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"anlan/internal/kernel/errs"
)

// scene draws a picture with edges, gradients and noise, like a photo of a workshop.
func scene(w, h int, seed uint64) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 1))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	fx, fy := float64(w)/(3+r.Float64()*9), float64(h)/(3+r.Float64()*9)
	waves := make([]float64, w)
	for x := range waves {
		waves[x] = math.Sin(float64(x) / fx)
	}
	for y := range h {
		wave := 70 * math.Cos(float64(y)/fy)
		for x := range w {
			base := 128 + wave*waves[x]
			n := float64(r.Uint32() % 24)
			img.SetRGBA(x, y, color.RGBA{uint8(base/2 + n + 40), uint8(base*0.8 + n), uint8(200 - base/2 + n), 255})
		}
	}
	for range 12 {
		x0, y0 := r.IntN(w), r.IntN(h)
		c := color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255}
		for y := y0; y < min(h, y0+h/4); y++ {
			for x := x0; x < min(w, x0+w/4); x++ {
				img.SetRGBA(x, y, c)
			}
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// segment makes a JPEG segment.
func segment(marker byte, body []byte) []byte {
	out := append([]byte{0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)
	return append(out, body...)
}

// inserted puts segments behind the start of a JPEG file.
func inserted(data []byte, segments ...[]byte) []byte {
	out := append([]byte{}, data[:2]...)
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, data[2:]...)
}

// chunk makes a PNG chunk.
func chunk(name string, body []byte) []byte {
	out := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), name...)
	out = append(out, body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// pngHeader is a PNG file that claims a size, with data that were never there.
func pngHeader(w, h uint32) []byte {
	ihdr := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	out := append([]byte{}, pngMark...)
	out = append(out, chunk("IHDR", append(ihdr, 8, 6, 0, 0, 0))...)
	out = append(out, chunk("IDAT", []byte{0x78, 0x9c, 3, 0, 0, 0, 0, 1})...)
	return append(out, chunk("IEND", nil)...)
}

// tiffTag is a tag for exifBlock; what does not fit into 4 bytes is put behind.
type tiffTag struct {
	id, kind uint16
	count    uint32
	value    []byte
}

func text(id uint16, s string) tiffTag {
	return tiffTag{id, 2, uint32(len(s) + 1), append([]byte(s), 0)}
}

func short(id, v uint16) tiffTag {
	return tiffTag{id, 3, 1, binary.LittleEndian.AppendUint16(nil, v)}
}

func dms(id uint16, d, m, s100 uint32) tiffTag {
	var v []byte
	for _, n := range []uint32{d, 1, m, 1, s100, 100} {
		v = binary.LittleEndian.AppendUint32(v, n)
	}
	return tiffTag{id, 5, 3, v}
}

// directory appends a directory to out and returns where it begins.
func directory(out []byte, tags []tiffTag) ([]byte, uint32) {
	start := len(out)
	behind := start + 2 + 12*len(tags) + 4
	var values []byte
	out = binary.LittleEndian.AppendUint16(out, uint16(len(tags)))
	for _, t := range tags {
		out = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(out, t.id), t.kind)
		out = binary.LittleEndian.AppendUint32(out, t.count)
		if len(t.value) <= 4 {
			out = append(out, append(t.value, make([]byte, 4-len(t.value))...)...)
			continue
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(behind+len(values)))
		values = append(values, t.value...)
	}
	return append(append(out, 0, 0, 0, 0), values...), uint32(start)
}

// exifBlock makes EXIF data of a phone at 31.25 N, 121.5 E, 16 June 2026 09:08:07.
func exifBlock(orientation uint16) []byte {
	out := []byte{'I', 'I', 42, 0, 0, 0, 0, 0}
	out, gps := directory(out, []tiffTag{text(tagLatRef, "N"), dms(tagLat, 31, 15, 0), text(tagLngRef, "E"), dms(tagLng, 121, 29, 6000)})
	out, sub := directory(out, []tiffTag{text(tagTaken, "2026:06:16 09:08:07")})
	long := func(id uint16, v uint32) tiffTag { return tiffTag{id, 4, 1, binary.LittleEndian.AppendUint32(nil, v)} }
	out, main := directory(out, []tiffTag{text(tagMake, "Shanhe"), text(tagModel, "S9 Canary"), short(tagOrientation, orientation),
		long(tagExif, sub), long(tagGPS, gps)})
	binary.LittleEndian.PutUint32(out[4:], main)
	return out
}

func exifSegment(orientation uint16) []byte {
	return segment(mAPP1, append(append([]byte{}, exifMark...), exifBlock(orientation)...))
}

func develop(t testing.TB, data []byte) (*photo, error) {
	t.Helper()
	f, err := sniff(data[:min(len(data), sniffLen)])
	if err != nil {
		return nil, err
	}
	return newDarkroom().develop(t.Context(), f, data)
}

func wantKey(t *testing.T, what string, err error, want string) {
	t.Helper()
	if got := errs.KeyOf(err); got != want {
		t.Errorf("%s: error %v (%q), want %q", what, err, got, want)
	}
}
