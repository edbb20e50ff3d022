// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"

	"golang.org/x/image/vector"
)

// Size of the drawn pictures, in pixels, and how well they are kept.
const (
	pictureWidth   = 960
	pictureHeight  = 720
	pictureQuality = 80
)

// canvas draws simple shapes: enough to show a hazard and its repair.
type canvas struct {
	img *image.RGBA
}

func newCanvas(background color.Color) *canvas {
	c := &canvas{image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))}
	draw.Draw(c.img, c.img.Bounds(), image.NewUniform(background), image.Point{}, draw.Src)
	return c
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xff}
}

// polygon fills the shape with the given corners x0, y0, x1, y1 …
func (c *canvas) polygon(col color.Color, corners ...float32) {
	frame := around(corners).Intersect(c.img.Bounds())
	if frame.Empty() {
		return
	}
	// A rasterizer works on its whole area: give it no more than the shape's frame.
	r := vector.NewRasterizer(frame.Dx(), frame.Dy())
	dx, dy := float32(frame.Min.X), float32(frame.Min.Y)
	r.MoveTo(corners[0]-dx, corners[1]-dy)
	for i := 2; i+1 < len(corners); i += 2 {
		r.LineTo(corners[i]-dx, corners[i+1]-dy)
	}
	r.ClosePath()
	r.Draw(c.img, frame, image.NewUniform(col), image.Point{})
}

func around(corners []float32) image.Rectangle {
	r := image.Rectangle{Min: image.Pt(pictureWidth, pictureHeight)}
	for i := 0; i+1 < len(corners); i += 2 {
		x, y := int(corners[i]), int(corners[i+1])
		r.Min.X, r.Min.Y = min(r.Min.X, x-1), min(r.Min.Y, y-1)
		r.Max.X, r.Max.Y = max(r.Max.X, x+2), max(r.Max.Y, y+2)
	}
	return r
}

func (c *canvas) box(col color.Color, x, y, w, h float32) {
	c.polygon(col, x, y, x+w, y, x+w, y+h, x, y+h)
}

func (c *canvas) disc(col color.Color, x, y, radius float32) { c.ellipse(col, x, y, radius, radius) }

func (c *canvas) ellipse(col color.Color, x, y, rx, ry float32) {
	const corners = 40
	points := make([]float32, 0, 2*corners)
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points = append(points, x+rx*float32(cos), y+ry*float32(sin))
	}
	c.polygon(col, points...)
}

// line draws a straight stroke of the given width.
func (c *canvas) line(col color.Color, x0, y0, x1, y1, width float32) {
	dx, dy := float64(x1-x0), float64(y1-y0)
	length := math.Hypot(dx, dy)
	if length == 0 {
		return
	}
	nx, ny := float32(-dy/length)*width/2, float32(dx/length)*width/2
	c.polygon(col, x0+nx, y0+ny, x1+nx, y1+ny, x1-nx, y1-ny, x0-nx, y0-ny)
}

// cable draws a sagging wire between two points.
func (c *canvas) cable(col color.Color, x0, y0, x1, y1, sag, width float32) {
	const pieces = 24
	px, py := x0, y0
	for i := 1; i <= pieces; i++ {
		t := float32(i) / pieces
		x, y := x0+(x1-x0)*t, y0+(y1-y0)*t+4*sag*t*(1-t)
		c.line(col, px, py, x, y, width)
		px, py = x, y
	}
}

// room draws a wall and a floor, so that things stand somewhere.
func (c *canvas) room(wall, floor color.Color) {
	c.box(wall, 0, 0, pictureWidth, 480)
	c.box(floor, 0, 480, pictureWidth, 240)
	c.box(rgb(0x8c939c), 0, 474, pictureWidth, 8)
	for x := float32(-400); x < pictureWidth+400; x += 160 { // joints of the floor
		c.line(color.RGBA{0, 0, 0, 18}, pictureWidth/2+(x-pictureWidth/2)*0.6, 482, x, pictureHeight, 3)
	}
}

// warning draws a yellow triangle as GB 2894 warning signs have it.
func (c *canvas) warning(x, y, size float32) {
	c.polygon(rgb(0x171d27), x, y-size, x+size*0.95, y+size*0.7, x-size*0.95, y+size*0.7)
	c.polygon(rgb(0xf2b63c), x, y-size*0.78, x+size*0.74, y+size*0.57, x-size*0.74, y+size*0.57)
	c.box(rgb(0x171d27), x-size*0.07, y-size*0.35, size*0.14, size*0.5)
	c.disc(rgb(0x171d27), x, y+size*0.35, size*0.08)
}

// grain varies the pixels a little, as a camera does, so that no two pictures are equal.
func (c *canvas) grain(seed uint64) {
	state := seed*2862933555777941757 + 3037000493
	for i := 0; i < len(c.img.Pix); i += 4 {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		d := int(state&7) - 3
		for k := range 3 {
			c.img.Pix[i+k] = uint8(min(255, max(0, int(c.img.Pix[i+k])+d)))
		}
	}
}

func (c *canvas) jpeg() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, c.img, &jpeg.Options{Quality: pictureQuality}); err != nil { // a buffer takes everything
		panic(err)
	}
	return b.Bytes()
}
