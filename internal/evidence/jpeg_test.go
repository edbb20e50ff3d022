// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"anlan/internal/kernel/errs"
)

// planes returns the planes of a picture: brightness, and colour if it has any.
func planes(img image.Image) []plane {
	switch img := img.(type) {
	case *image.Gray:
		return []plane{{img.Pix, img.Stride}}
	case *image.YCbCr:
		return []plane{{img.Y, img.YStride}, {img.Cb, img.CStride}, {img.Cr, img.CStride}}
	}
	return nil
}

// worstMean compares each sample of a small plane with the mean of the 8 × 8 samples
// of the full one that it stands for. Means near black and white are left out,
// because a decoder clips before anybody takes the mean.
func worstMean(small, full plane) int {
	most := 0
	for y := range len(full.pix) / full.stride / 8 {
		for x := range full.stride / 8 {
			sum := 0
			for i := range 64 {
				sum += int(full.pix[(y*8+i/8)*full.stride+x*8+i%8])
			}
			if mean := sum / 64; mean > 20 && mean < 235 {
				d := mean - int(small.pix[y*small.stride+x])
				most = max(most, d, -d)
			}
		}
	}
	return most
}

// worst returns the greatest difference of the two pictures where both are.
func worst(a, b image.Image) int {
	most := 0
	r := a.Bounds().Intersect(b.Bounds())
	for y := range r.Dy() {
		for x := range r.Dx() {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			for _, d := range []int{int(r1) - int(r2), int(g1) - int(g2), int(b1) - int(b2)} {
				most = max(most, d>>8, -d>>8)
			}
		}
	}
	return most
}

func walkOf(t testing.TB, data []byte) (walked, error) {
	t.Helper()
	f, err := parseJPEG(data)
	if err != nil {
		return walked{}, err
	}
	if !f.walkable() {
		t.Fatal("not walkable")
	}
	return f.walk()
}

// TestWalkAgrees compares the walker with a full decoder.
func TestWalkAgrees(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 99, 57))
	for i := range grey.Pix {
		grey.Pix[i] = uint8(i * 3)
	}
	for name, data := range map[string][]byte{
		"4:2:0": jpegOf(t, scene(400, 300, 1), 80), "odd size": jpegOf(t, scene(333, 217, 2), 90),
		"coarse": jpegOf(t, scene(400, 300, 3), 20), "finest": jpegOf(t, scene(160, 120, 4), 100),
		"grey": jpegOf(t, grey, 80), "4:4:4": fixture(t, "s1x1.jpg"), "4:2:2": fixture(t, "s2x1.jpg"),
		"4:4:0": fixture(t, "s1x2.jpg"), "restarts": fixture(t, "restart.jpg"), "one pixel": jpegOf(t, scene(1, 1, 5), 80),
	} {
		w, err := walkOf(t, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !w.tidy || !endsAt(data, w.end) {
			t.Errorf("%s: ends at %d of %d, tidy %t", name, w.end, len(data), w.tidy)
		}
		small, full := planes(w.small), planes(decoded(t, data))
		for i := range full {
			if d := worstMean(small[i], full[i]); d > 3 {
				t.Errorf("%s: plane %d differs by %d", name, i, d)
			}
		}
	}
}

// TestTruncatedJPEG cuts photos in many places: no part of one passes for a whole.
func TestTruncatedJPEG(t *testing.T) {
	for _, data := range [][]byte{jpegOf(t, scene(64, 48, 1), 80), fixture(t, "restart.jpg"), fixture(t, "progressive.jpg")} {
		for n := 3; n < len(data)-2; n += 5 { // the last two are the end mark, which may be missing
			p, err := develop(t, data[:n])
			if err == nil && n < len(data)-4 {
				t.Errorf("%d of %d bytes gave a photo of %d×%d", n, len(data), p.width, p.height)
			} else if err != nil && errs.KindOf(err) != errs.Invalid && errs.KindOf(err) != errs.Unsupported {
				t.Errorf("%d of %d bytes: %v", n, len(data), err)
			}
		}
	}
	data := jpegOf(t, scene(400, 300, 1), 80)
	_, err := develop(t, data[:len(data)/2])
	wantKey(t, "half a photo", err, "evidence.truncated")
}

// TestStripJPEG looks for every trace of metadata in what is served, and for any
// change of the picture.
func TestStripJPEG(t *testing.T) {
	plain := jpegOf(t, scene(200, 150, 1), 85)
	preview := append([]byte("JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x02\x02"), "Canary.thumb"...)
	dirty := inserted(plain, segment(mAPP0, preview), exifSegment(1),
		segment(mAPP1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>Canary 31.25</x:xmpmeta>")),
		segment(mAPP2, []byte("ICC_PROFILE\x00\x01\x01profile")), segment(mAPP2, []byte("MPF\x00Canary")),
		segment(0xed, []byte("Photoshop 3.0\x00Canary")), segment(mCOM, []byte("<script>Canary</script>")))
	dirty = append(dirty, "PK\x03\x04Canary behind the end"...)
	p, err := develop(t, dirty)
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range []string{"Canary", "Shanhe", "2026:06:16", "Exif", "xmp", "script", "PK\x03\x04"} {
		if bytes.Contains(p.original, []byte(trace)) || bytes.Contains(p.thumb, []byte(trace)) {
			t.Errorf("%q is still there", trace)
		}
	}
	if !bytes.Contains(p.original, []byte("ICC_PROFILE")) || !bytes.Contains(p.original, []byte("JFIF")) {
		t.Error("colour profile or JFIF mark is gone")
	}
	if d := worst(decoded(t, p.original), decoded(t, plain)); d != 0 {
		t.Errorf("pixels changed by %d", d)
	}
	if o := p.origin; o.Make != "Shanhe" || o.Model != "S9 Canary" || !o.Located || o.Lat != 31.25 || o.Lng != 121.5 {
		t.Errorf("origin = %+v", o)
	}
	if got := p.origin.Captured.Format("2006-01-02T15:04:05Z"); got != "2026-06-16T01:08:07Z" {
		t.Errorf("captured %s", got)
	}
}

func TestCleanJPEGIsKeptAsItIs(t *testing.T) {
	data := jpegOf(t, scene(200, 150, 1), 85)
	p, err := develop(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if &p.original[0] != &data[0] || len(p.original) != len(data) {
		t.Error("a file without metadata was copied or changed")
	}
	if p.origin != (Origin{}) {
		t.Errorf("origin = %+v", p.origin)
	}
}

func TestJPEGWithoutEndMark(t *testing.T) {
	data := jpegOf(t, scene(64, 48, 1), 80)
	p, err := develop(t, data[:len(data)-2])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(p.original, data) {
		t.Error("the end mark was not put back")
	}
}

// TestHiddenInScan puts bytes between the last block and the end: the photo is
// encoded anew, without them.
func TestHiddenInScan(t *testing.T) {
	data := jpegOf(t, scene(64, 48, 1), 80)
	hidden := append(append(append([]byte{}, data[:len(data)-2]...), bytes.Repeat([]byte("Canary"), 50)...), 0xff, mEOI)
	p, err := develop(t, hidden)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(p.original, []byte("Canary")) {
		t.Error("hidden bytes are still there")
	}
}

// TestScanBomb repeats the last pass of a progressive picture: each costs a decoder a
// walk over all pixels.
func TestScanBomb(t *testing.T) {
	data := fixture(t, "progressive.jpg")
	last := data[bytes.LastIndex(data, []byte{0xff, mSOS}) : len(data)-2]
	bomb := append(append([]byte{}, data[:len(data)-2]...), bytes.Repeat(last, maxScans)...)
	_, err := develop(t, append(bomb, 0xff, mEOI))
	wantKey(t, "a hundred passes", err, "evidence.damaged")
}

func decoded(t testing.TB, data []byte) image.Image {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func FuzzJPEG(f *testing.F) {
	f.Add(jpegOf(f, scene(64, 48, 1), 80)[2:])
	f.Add(inserted(jpegOf(f, scene(32, 32, 2), 50), exifSegment(6))[2:])
	for _, name := range []string{"s1x1.jpg", "s2x1.jpg", "s1x2.jpg", "restart.jpg", "progressive.jpg"} {
		f.Add(fixture(f, name)[2:])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		j, err := parseJPEG(append([]byte{0xff, mSOI}, data...))
		if err != nil || j.width*j.height > 1<<20 || !j.walkable() {
			return
		}
		w, err := j.walk()
		if err != nil {
			return
		}
		if got := w.small.Bounds(); got.Dx() != ceilDiv(j.width, 8) || got.Dy() != ceilDiv(j.height, 8) {
			t.Errorf("%d×%d gave %v", j.width, j.height, got)
		}
		if !endsAt(j.data, w.end) || !w.tidy {
			return
		}
		again, err := parseJPEG(j.stripped(w.end)) // what is kept is a photo again
		if err != nil {
			t.Fatalf("the stripped file: %v", err)
		}
		if _, err := again.walk(); err != nil {
			t.Errorf("the stripped file: %v", err)
		}
	})
}

// photo300KB is a photo as a phone page sends it.
func photo300KB(tb testing.TB) []byte { return jpegOf(tb, scene(1440, 1080, 1), 90) }

func BenchmarkWalk(b *testing.B) {
	data := photo300KB(b)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := walkOf(b, data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(data))/1000, "KB/photo")
}

// BenchmarkDevelop is all that happens to a photo but hashing and storing.
func BenchmarkDevelop(b *testing.B) {
	data := photo300KB(b)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := walkJPEG(data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFullDecode is what the walker saves.
func BenchmarkFullDecode(b *testing.B) {
	data := photo300KB(b)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
