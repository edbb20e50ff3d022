// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"

	"github.com/corona10/goimagehash"
	"golang.org/x/image/draw"
)

const (
	thumbSide = 320  // pixels, the longer side
	largeSide = 1600 // the same

	thumbQuality = 78
	largeQuality = 82
	againQuality = 85 // of an original that had to be encoded anew
)

// fit returns w and h scaled down so that neither is over side.
func fit(w, h, side int) (int, int) {
	if w <= side && h <= side {
		return w, h
	}
	if w >= h {
		return side, max(1, (h*side+w/2)/w)
	}
	return max(1, (w*side+h/2)/h), side
}

// shrink returns img scaled down to side; a small one is returned as it is.
func shrink(img image.Image, side int) image.Image {
	b := img.Bounds()
	w, h := fit(b.Dx(), b.Dy(), side)
	if w == b.Dx() && h == b.Dy() {
		return img
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	var scale draw.Interpolator = draw.BiLinear
	if b.Dx() <= 2*w { // each source pixel is still seen by the fast one
		scale = draw.ApproxBiLinear
	}
	scale.Scale(dst, dst.Bounds(), img, b, draw.Src, nil)
	return dst
}

func encode(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

// flat returns img without transparency, on white, since JPEG has none.
func flat(img image.Image) image.Image {
	switch img := img.(type) {
	case *image.YCbCr, *image.Gray, *image.CMYK:
		return img
	case interface{ Opaque() bool }:
		if img.Opaque() {
			return img.(image.Image)
		}
	}
	dst := image.NewRGBA(img.Bounds())
	draw.Draw(dst, dst.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(dst, dst.Bounds(), img, img.Bounds().Min, draw.Over)
	return dst
}

// upright turns and mirrors img as its EXIF orientation asks (1 to 8).
func upright(img image.Image, orientation int) image.Image {
	if orientation <= noRotation || orientation > 8 {
		return img
	}
	src := rgba(img)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := sourceOf(orientation, x, y, w, h)
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(sx, sy):][:4])
		}
	}
	return dst
}

// sourceOf returns where the pixel at x, y of a w × h picture lies in the stored one.
func sourceOf(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}

func rgba(img image.Image) *image.RGBA {
	if p, ok := img.(*image.RGBA); ok && p.Rect.Min == (image.Point{}) {
		return p
	}
	b := img.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(dst, dst.Bounds(), img, b.Min, draw.Src)
	return dst
}

// perceptual returns the 64-bit perceptual hash of a small picture. Pictures that
// look alike differ in few bits, whatever their size and compression.
func perceptual(img image.Image) (uint64, error) {
	h, err := goimagehash.PerceptionHash(img)
	if err != nil {
		return 0, err
	}
	return h.GetHash(), nil
}
