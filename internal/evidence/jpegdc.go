// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"image"
	"sync"
)

// walkable reports whether the walker can read the picture: baseline, grey or
// YCbCr, all components in one scan, colour sampled at most half as dense as
// brightness. That is what phones and browsers make; image/jpeg reads the rest.
func (f *jpegFile) walkable() bool {
	if f.frame == mSOF2 || !f.whole {
		return false
	}
	switch len(f.parts) {
	case 1:
		return true
	case 3:
		_, ok := f.ratio()
		return ok && f.adobe != 0 && f.parts[0].id != 'R'
	}
	return false
}

// ratio returns how colour is sampled.
func (f *jpegFile) ratio() (image.YCbCrSubsampleRatio, bool) {
	for _, c := range f.parts[1:] {
		if c.h != 1 || c.v != 1 {
			return 0, false
		}
	}
	switch [2]byte{f.parts[0].h, f.parts[0].v} {
	case [2]byte{1, 1}:
		return image.YCbCrSubsampleRatio444, true
	case [2]byte{2, 1}:
		return image.YCbCrSubsampleRatio422, true
	case [2]byte{1, 2}:
		return image.YCbCrSubsampleRatio440, true
	case [2]byte{2, 2}:
		return image.YCbCrSubsampleRatio420, true
	}
	return 0, false
}

// plane is one component at an eighth of its size: one sample for each block.
type plane struct {
	pix    []byte
	stride int
}

// walked is the outcome of a walk.
type walked struct {
	small image.Image // the picture at an eighth of its size
	end   int         // where the marker after the scan lies
	tidy  bool        // nothing but padding lies between the last block and end
}

// walk decodes the entropy code of every block, so that a truncated or damaged
// picture is noticed, but keeps the DC coefficients only: they are the means of
// 8 × 8 pixels, so the picture at an eighth of its size, for a twentieth of the work.
func (f *jpegFile) walk() (walked, error) {
	w, err := newWalker(f)
	if err != nil {
		return walked{}, err
	}
	buf := unstuffed.Get().(*[]byte)
	defer unstuffed.Put(buf)
	bounds, end, err := f.unstuff(buf)
	if err != nil {
		return walked{}, err
	}
	rest, err := w.intervals(*buf, bounds)
	if err != nil {
		return walked{}, err
	}
	return walked{small: w.image(), end: end, tidy: rest < 16}, nil
}

var unstuffed = sync.Pool{New: func() any { b := make([]byte, 0, 512<<10); return &b }}

// unstuff copies the scan into buf without stuffing and markers. It returns where
// each restart interval ends in buf, and where in the file the next marker lies,
// or the end of the file.
func (f *jpegFile) unstuff(buf *[]byte) (bounds []int, end int, err error) {
	out, at := (*buf)[:0], f.scan
	defer func() { *buf = out }()
	for {
		i := bytes.IndexByte(f.data[at:], 0xff)
		if i < 0 || at+i+1 >= len(f.data) {
			out = append(out, f.data[at:]...)
			return append(bounds, len(out)), len(f.data), nil
		}
		out = append(out, f.data[at:at+i]...)
		switch m := f.data[at+i+1]; {
		case m == 0:
			out = append(out, 0xff)
			at += i + 2
		case m == 0xff: // fill
			at += i + 1
		case m >= mRST0 && m < mSOI:
			if m&7 != byte(len(bounds)&7) || f.restart == 0 {
				return nil, 0, damaged()
			}
			bounds = append(bounds, len(out))
			at += i + 2
		default:
			return append(bounds, len(out)), at + i, nil
		}
	}
}

// walker holds the state of a walk.
type walker struct {
	f          *jpegFile
	planes     []plane
	cols, rows int // units across and down
}

func newWalker(f *jpegFile) (*walker, error) {
	w := &walker{f: f}
	if len(f.parts) == 1 { // a lone component has units of one block, whatever it says
		f.parts[0].h, f.parts[0].v = 1, 1
	}
	w.cols = ceilDiv(f.width, 8*int(f.parts[0].h))
	w.rows = ceilDiv(f.height, 8*int(f.parts[0].v))
	blocks := 0
	for _, c := range f.parts {
		blocks += w.cols * w.rows * int(c.h) * int(c.v)
		if f.dc[c.dc] == nil || f.ac[c.ac] == nil {
			return nil, damaged()
		}
		f.dc[c.dc].prepareDC()
		f.ac[c.ac].prepareAC()
	}
	if (len(f.data)-f.scan)*8 < 2*blocks { // a block takes two bits at least
		return nil, truncated()
	}
	for _, c := range f.parts {
		stride := w.cols * int(c.h)
		w.planes = append(w.planes, plane{make([]byte, stride*w.rows*int(c.v)), stride})
	}
	return w, nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// intervals walks all restart intervals and returns how many bits are left over.
func (w *walker) intervals(buf []byte, bounds []int) (int, error) {
	total := w.cols * w.rows
	each := total
	if w.f.restart > 0 {
		each = w.f.restart
	}
	if len(bounds) > ceilDiv(total, each) {
		return 0, damaged()
	}
	if len(bounds) < ceilDiv(total, each) {
		return 0, truncated()
	}
	from, rest := 0, 0
	for i, to := range bounds {
		r := bitReader{buf: buf[from:to]}
		if err := w.units(&r, i*each, min(total, (i+1)*each)); err != nil {
			return 0, err
		}
		from, rest = to, r.unread()
	}
	return rest, nil
}

// units walks the units from first to last of one restart interval.
func (w *walker) units(r *bitReader, first, last int) error {
	var dc [3]int32
	x, y := first%w.cols, first/w.cols
	for range last - first {
		for i := range w.f.parts {
			if err := w.unit(r, i, x, y, &dc[i]); err != nil {
				return err
			}
		}
		if x++; x == w.cols {
			x, y = 0, y+1
			if r.over() {
				return truncated()
			}
		}
	}
	if r.over() {
		return truncated()
	}
	return nil
}

// unit walks the blocks of component i in the unit at x, y. Behind the end of the
// data any code may seem to come: then the picture is truncated, not damaged.
func (w *walker) unit(r *bitReader, i, x, y int, dc *int32) error {
	c, p := &w.f.parts[i], &w.planes[i]
	dcTable, acTable, quant := w.f.dc[c.dc], w.f.ac[c.ac], w.f.dcQuant[c.quant]
	for v := range int(c.v) {
		row := p.pix[(y*int(c.v)+v)*p.stride+x*int(c.h):]
		for h := range int(c.h) {
			d, ok := r.difference(dcTable)
			if !ok || !r.skipAC(acTable) {
				if r.over() {
					return truncated()
				}
				return damaged()
			}
			*dc += d
			row[h] = sample(*dc * quant)
		}
	}
	return nil
}

// sample turns a dequantised DC coefficient, eight times the mean, into a pixel.
func sample(dc int32) byte { return byte(max(0, min(255, dc>>3+128))) }

func (w *walker) image() image.Image {
	r := image.Rect(0, 0, ceilDiv(w.f.width, 8), ceilDiv(w.f.height, 8))
	p := w.planes
	if len(p) == 1 {
		return &image.Gray{Pix: p[0].pix, Stride: p[0].stride, Rect: r}
	}
	ratio, _ := w.f.ratio()
	return &image.YCbCr{Y: p[0].pix, Cb: p[1].pix, Cr: p[2].pix, YStride: p[0].stride, CStride: p[1].stride,
		SubsampleRatio: ratio, Rect: r}
}
