// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"golang.org/x/image/draw"
)

// TestOrientations turns a picture whose corners have four colours into each stored
// form and expects it upright again.
func TestOrientations(t *testing.T) {
	const w, h = 320, 160
	corners := []color.RGBA{{250, 20, 20, 255}, {20, 250, 20, 255}, {20, 20, 250, 255}, {240, 240, 20, 255}}
	want := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			want.SetRGBA(x, y, corners[x/(w/2)+2*(y/(h/2))])
		}
	}
	for o := 1; o <= 8; o++ {
		sw, sh := w, h
		if o >= 5 {
			sw, sh = h, w
		}
		stored := image.NewRGBA(image.Rect(0, 0, sw, sh))
		for y := range h {
			for x := range w {
				sx, sy := sourceOf(o, x, y, w, h)
				stored.SetRGBA(sx, sy, want.RGBAAt(x, y))
			}
		}
		p, err := develop(t, inserted(jpegOf(t, stored, 95), exifSegment(uint16(o))))
		if err != nil {
			t.Fatal(err)
		}
		if p.width != w || p.height != h {
			t.Errorf("orientation %d: %d×%d", o, p.width, p.height)
		}
		if p.origin.Model != "S9 Canary" || bytes.Contains(p.original, []byte("Canary")) {
			t.Errorf("orientation %d: origin %+v, or it is still in the file", o, p.origin)
		}
		for name, img := range map[string]image.Image{"original": decoded(t, p.original), "thumb": decoded(t, p.thumb)} {
			checkCorners(t, o, name, img, corners)
		}
	}
}

// The stored forms, checked by hand against the EXIF standard: where the pixel at
// the top left of the upright picture lies in the stored one.
func TestOrientationByHand(t *testing.T) {
	const w, h = 3, 2 // upright
	for o, want := range map[int][2]int{1: {0, 0}, 2: {2, 0}, 3: {2, 1}, 4: {0, 1}, 5: {0, 0}, 6: {0, 2}, 7: {1, 2}, 8: {1, 0}} {
		if x, y := sourceOf(o, 0, 0, w, h); x != want[0] || y != want[1] {
			t.Errorf("orientation %d: top left is at %d,%d, want %v", o, x, y, want)
		}
	}
}

func checkCorners(t *testing.T, o int, name string, img image.Image, corners []color.RGBA) {
	t.Helper()
	b := img.Bounds()
	for i, c := range corners {
		x, y := b.Dx()/4+i%2*b.Dx()/2, b.Dy()/4+i/2*b.Dy()/2
		r, g, bl, _ := img.At(x, y).RGBA()
		for k, d := range []int{int(r>>8) - int(c.R), int(g>>8) - int(c.G), int(bl>>8) - int(c.B)} {
			if d > 40 || d < -40 {
				t.Errorf("orientation %d, %s: corner %d channel %d differs by %d", o, name, i, k, d)
			}
		}
	}
}

// TestPerceptualHash sends one scene in many forms, and other scenes.
func TestPerceptualHash(t *testing.T) {
	img := scene(960, 720, 7)
	half := image.NewRGBA(image.Rect(0, 0, 480, 360))
	draw.BiLinear.Scale(half, half.Bounds(), img, img.Bounds(), draw.Src, nil)
	first, err := develop(t, jpegOf(t, img, 85))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"recompressed": jpegOf(t, img, 40), "png": pngOf(t, img), "half size": jpegOf(t, half, 80),
		"with EXIF": inserted(jpegOf(t, img, 85), exifSegment(1)),
	} {
		p, err := develop(t, data)
		if err != nil {
			t.Fatal(err)
		}
		if d := distance(first.hash, p.hash); d > nearBits {
			t.Errorf("%s: %d bits", name, d)
		}
	}
	for seed := range uint64(10) {
		p, err := develop(t, jpegOf(t, scene(640, 480, 100+seed), 80))
		if err != nil {
			t.Fatal(err)
		}
		if d := distance(first.hash, p.hash); d <= nearBits {
			t.Errorf("another scene (%d) is only %d bits away", seed, d)
		}
	}
}

func TestVariantSizes(t *testing.T) {
	for _, tt := range []struct{ w, h, side, wantW, wantH int }{
		{1440, 1080, 320, 320, 240}, {1080, 1440, 320, 240, 320}, {100, 50, 320, 100, 50}, {30000, 2, 320, 320, 1}, {320, 320, 320, 320, 320},
	} {
		if w, h := fit(tt.w, tt.h, tt.side); w != tt.wantW || h != tt.wantH {
			t.Errorf("fit(%d, %d) = %d, %d", tt.w, tt.h, w, h)
		}
	}
	p, err := develop(t, jpegOf(t, scene(2720, 2040, 1), 60))
	if err != nil {
		t.Fatal(err)
	}
	if b := decoded(t, p.thumb).Bounds(); b.Dx() != 320 || b.Dy() != 240 {
		t.Errorf("thumbnail %v", b)
	}
}

// TestStripPNG keeps the pixels and drops text, time, EXIF and what follows the end.
func TestStripPNG(t *testing.T) {
	img := scene(80, 60, 1)
	plain := pngOf(t, img)
	ihdr := len(pngMark) + 25
	var dirty []byte
	dirty = append(dirty, plain[:ihdr]...)
	for _, c := range [][]byte{chunk("tEXt", []byte("Author\x00Canary")), chunk("zTXt", []byte("x\x00\x00Canary")),
		chunk("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00Canary")), chunk("tIME", []byte("Canary.")),
		chunk("eXIf", exifBlock(1)), chunk("caNv", []byte("Canary"))} {
		dirty = append(dirty, c...)
	}
	dirty = append(append(dirty, plain[ihdr:]...), "<html>Canary</html>"...)
	p, err := develop(t, dirty)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(p.original, plain) || p.originalType != "image/png" {
		t.Errorf("kept %d bytes of type %s, want the %d of the plain file", len(p.original), p.originalType, len(plain))
	}
	if p.origin.Make != "Shanhe" {
		t.Errorf("origin = %+v", p.origin)
	}
}

func TestTransparentPNG(t *testing.T) {
	p, err := develop(t, pngOf(t, image.NewNRGBA(image.Rect(0, 0, 40, 40))))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := decoded(t, p.thumb).At(20, 20).RGBA(); r>>8 < 250 || g>>8 < 250 || b>>8 < 250 {
		t.Errorf("transparency became %d %d %d, want white", r>>8, g>>8, b>>8)
	}
}

func TestBrokenPNG(t *testing.T) {
	good := pngOf(t, scene(40, 30, 1))
	flipped := append([]byte{}, good...)
	flipped[len(flipped)/2] ^= 0x10
	twice := append(append(append([]byte{}, pngMark...), good[8:33]...), good[8:]...)
	for name, tt := range map[string]struct {
		data []byte
		key  string
	}{
		"half":                {good[:len(good)/2], "evidence.truncated"},
		"a flipped bit":       {flipped, "evidence.damaged"},
		"100 megapixels":      {pngHeader(10_000, 10_000), "evidence.too_many_pixels"},
		"absurd":              {pngHeader(1<<31, 1<<31), "evidence.damaged"},
		"long and thin":       {pngHeader(40_000, 1), "evidence.too_many_pixels"},
		"a bomb in the limit": {pngHeader(7000, 7000), "evidence.damaged"},
		"no size":             {pngHeader(0, 5), "evidence.damaged"},
		"two headers":         {twice, "evidence.damaged"},
		"no header":           {append(append([]byte{}, pngMark...), chunk("IDAT", make([]byte, 20))...), "evidence.damaged"},
	} {
		_, err := develop(t, tt.data)
		wantKey(t, name, err, tt.key)
	}
}

func TestWebP(t *testing.T) {
	p, err := develop(t, fixture(t, "lossy.webp"))
	if err != nil {
		t.Fatal(err)
	}
	if p.width != 64 || p.height != 48 || p.originalType != "image/webp" || p.origin.Lat != 31.25 || p.origin.Lng != 121.5 {
		t.Errorf("%d×%d %s %+v", p.width, p.height, p.originalType, p.origin)
	}
	for _, trace := range []string{"SecretName", "EXIF", "XMP ", "Shanhe"} {
		if bytes.Contains(p.original, []byte(trace)) {
			t.Errorf("%q is still there", trace)
		}
	}
	again, err := develop(t, p.original)
	if err != nil || again.hash != p.hash {
		t.Errorf("the kept file: %v", err)
	}
	if _, err := develop(t, fixture(t, "lossless.webp")); err != nil {
		t.Errorf("lossless: %v", err)
	}
}

func TestBrokenWebP(t *testing.T) {
	good := fixture(t, "lossless.webp")
	huge := append([]byte{}, good...)
	copy(huge[21:], []byte{0xff, 0xff, 0xff, 0x0f}) // 16,384 pixels either way
	animated := []byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x3f\x00\x00\x2f\x00\x00")
	for name, tt := range map[string]struct {
		data []byte
		key  string
	}{
		"half": {good[:len(good)/2], "evidence.truncated"}, "huge": {huge, "evidence.too_many_pixels"},
		"animated": {animated, "evidence.unsupported"}, "empty": {[]byte("RIFF\x04\x00\x00\x00WEBP"), "evidence.damaged"},
	} {
		_, err := develop(t, tt.data)
		wantKey(t, name, err, tt.key)
	}
	p, err := develop(t, append(append([]byte{}, good...), "Canary"...))
	if err != nil || bytes.Contains(p.original, []byte("Canary")) {
		t.Errorf("bytes behind the end: %v", err)
	}
}

func TestSniff(t *testing.T) {
	for name, tt := range map[string]struct {
		head string
		want format
		key  string
	}{
		"jpeg": {"\xff\xd8\xff\xe0", formatJPEG, ""}, "png": {string(pngMark), formatPNG, ""},
		"webp":           {"RIFF\x00\x00\x00\x00WEBP", formatWebP, ""},
		"mp4":            {"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", formatMP4, ""},
		"compatible mp4": {"\x00\x00\x00\x18ftypABCD\x00\x00\x00\x00ABCDisom", formatMP4, ""},
		"other brand":    {"\x00\x00\x00\x14ftypABCD\x00\x00\x00\x00ABCDisom", "", "evidence.unknown_type"},
		"mov":            {"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "", "evidence.quicktime"},
		"heic":           {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1", "", "evidence.heic"},
		"empty":          {"", "", "evidence.empty"}, "gif": {"GIF89a", "", "evidence.unsupported"},
		"pdf": {"%PDF-1.7", "", "evidence.unsupported"}, "svg": {"\xef\xbb\xbf <SVG onload=x>", "", "evidence.unsupported"},
		"xml svg": {"<?xml version='1.0'?><svg>", "", "evidence.unsupported"}, "html": {"\n<!DOCTYPE html>", "", "evidence.unsupported"},
		"text": {"hello", "", "evidence.unknown_type"}, "riff": {"RIFF\x00\x00\x00\x00WAVE", "", "evidence.unknown_type"},
	} {
		got, err := sniff([]byte(tt.head))
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		wantKey(t, name, err, tt.key)
	}
}

func FuzzPNG(f *testing.F) {
	f.Add(pngOf(f, scene(16, 12, 1))[len(pngMark):])
	f.Add(pngHeader(10_000, 10_000)[len(pngMark):])
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parsePNG(append(append([]byte{}, pngMark...), data...))
		if err != nil {
			return
		}
		if p.width*p.height > MaxPixels || !bytes.HasPrefix(p.kept, pngMark) {
			t.Errorf("took %d×%d", p.width, p.height)
		}
		again, err := parsePNG(p.kept)
		if err != nil || !bytes.Equal(again.kept, p.kept) {
			t.Errorf("the kept file: %v", err)
		}
		if p.width*p.height < 1<<16 {
			png.Decode(bytes.NewReader(p.kept))
		}
	})
}

func FuzzWebP(f *testing.F) {
	f.Add(fixture(f, "lossy.webp")[12:])
	f.Add(fixture(f, "lossless.webp")[12:])
	f.Fuzz(func(t *testing.T, data []byte) {
		whole := append([]byte("RIFF\x00\x00\x00\x00WEBP"), data...)
		whole[4], whole[5] = byte(len(whole)-8), byte((len(whole)-8)>>8)
		w, err := parseWebP(whole)
		if err != nil {
			return
		}
		again, err := parseWebP(w.kept)
		if err != nil || again.exif != nil || again.width != w.width {
			t.Errorf("the kept file: %v", err)
		}
	})
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"))
	f.Add([]byte("<?xml"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := sniff(data)
		if (got == "") == (err == nil) {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func FuzzEXIF(f *testing.F) {
	f.Add(exifBlock(6))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, orientation := readEXIF(data)
		if orientation < 1 || orientation > 8 || len(o.Make) > maxText || o.Lat < -90 || o.Lat > 90 {
			t.Errorf("%+v, %d", o, orientation)
		}
	})
}
