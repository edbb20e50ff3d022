// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"
)

// scene draws a picture with edges, gradients and noise, like a photo of a workshop.
func scene(w, h int, seed uint64) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 1))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	fx, fy := 20+r.Float64()*60, 20+r.Float64()*60
	for y := range h {
		for x := range w {
			base := 128 + 70*math.Sin(float64(x)/fx)*math.Cos(float64(y)/fy)
			n := float64(r.IntN(30))
			img.SetRGBA(x, y, color.RGBA{uint8(base/2 + n + 40), uint8(base*0.8 + n), uint8(200 - base/2 + n), 255})
		}
	}
	for range 20 {
		x0, y0 := r.IntN(w), r.IntN(h)
		c := color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255}
		for y := y0; y < min(h, y0+h/8); y++ {
			for x := x0; x < min(w, x0+w/8); x++ {
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

func BenchmarkWalk(b *testing.B) {
	data := jpegOf(b, scene(1440, 1080, 1), 72)
	b.Logf("%d bytes", len(data))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		f, err := parseJPEG(data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.walk(); err != nil {
			b.Fatal(err)
		}
	}
}
func BenchmarkDecode(b *testing.B) {
	data := jpegOf(b, scene(1440, 1080, 1), 72)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
