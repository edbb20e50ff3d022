// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"encoding/binary"
	"math/bits"
)

// JPEG codes each coefficient as a Huffman code followed by the bits of its value.
// The walker needs no AC values, so its tables answer at once how many bits one or
// several coefficients take and how far they lead (ITU-T T.81, annex F.2.2).
const (
	lookBits = 12   // window of the tables
	maxCode  = 16   // longest Huffman code
	maxExtra = 10   // most bits of a value in 8-bit baseline AC
	maxDC    = 11   // the same for DC differences
	endBlock = 0x80 // flag in an AC step's advance: the block ends after it
)

// step is one look into a table: how many bits to drop and how many coefficients
// that skips. No step takes 0 bits: the zero step means "not in this table".
type step struct{ bits, advance uint8 }

// huffman is one DC or AC table of a picture.
type huffman struct {
	counts [maxCode + 1]int // codes of each length
	values []byte
	first  [maxCode + 1]int // first code of each length
	index  [maxCode + 1]int // where its value lies
	one    []step           // AC: a single coefficient; DC: code length and value bits
	many   []step           // AC: as many coefficients as lie in the window
}

// newHuffman reads a table of a DHT segment and returns how many bytes it took.
// A table with more codes than fit is damaged.
func newHuffman(seg []byte) (*huffman, int, error) {
	if len(seg) < maxCode {
		return nil, 0, damaged()
	}
	h, total, code := &huffman{}, 0, 0
	for n := 1; n <= maxCode; n++ {
		count := int(seg[n-1])
		h.counts[n], h.first[n], h.index[n] = count, code, total
		code += count
		total += count
		if code > 1<<n {
			return nil, 0, damaged()
		}
		code <<= 1
	}
	if total > 256 || len(seg) < maxCode+total {
		return nil, 0, damaged()
	}
	h.values = seg[maxCode : maxCode+total]
	return h, maxCode + total, nil
}

// fill builds the window table: each code, with what follows from its value.
func (h *huffman) fill(of func(value byte, length int) step) {
	if h.one != nil {
		return
	}
	h.one = make([]step, 1<<lookBits)
	for n := 1; n <= lookBits; n++ {
		for i := range h.counts[n] {
			s := of(h.values[h.index[n]+i], n)
			from := (h.first[n] + i) << (lookBits - n)
			for j := range 1 << (lookBits - n) {
				h.one[from+j] = s
			}
		}
	}
}

// dcStep keeps code length and value bits apart: a DC value is read.
func dcStep(value byte, length int) step {
	if value > maxDC {
		return step{}
	}
	return step{uint8(length), value}
}

// acStep adds them up: an AC value is skipped.
func acStep(value byte, length int) step {
	run, size := value>>4, value&15
	switch {
	case size > maxExtra:
		return step{}
	case size > 0:
		return step{uint8(length) + size, run + 1}
	case run == 15: // sixteen zeros
		return step{uint8(length), 16}
	case run == 0: // the rest is zero
		return step{uint8(length), endBlock}
	}
	return step{} // a progressive code: not baseline
}

func (h *huffman) prepareDC() { h.fill(dcStep) }

// prepareAC also builds the table of several coefficients at once, which makes the
// walk almost twice as fast.
func (h *huffman) prepareAC() {
	h.fill(acStep)
	if h.many != nil {
		return
	}
	h.many = make([]step, 1<<lookBits)
	for w := range h.many {
		h.many[w] = h.joined(uint32(w))
	}
}

func (h *huffman) joined(window uint32) step {
	var sum step
	for sum.advance < endBlock {
		s := h.one[window<<sum.bits&(1<<lookBits-1)]
		if s.bits == 0 || sum.bits+s.bits > lookBits || sum.advance+s.advance&^endBlock > 63 {
			break
		}
		sum.bits += s.bits
		sum.advance += s.advance
	}
	return sum
}

// slow finds a code longer than the window at the front of acc.
func (h *huffman) slow(acc uint64, of func(byte, int) step) step {
	for n := lookBits + 1; n <= maxCode; n++ {
		if i := int(acc>>(64-n)) - h.first[n]; i >= 0 && i < h.counts[n] {
			return of(h.values[h.index[n]+i], n)
		}
	}
	return step{}
}

// bitReader hands out the bits of one restart interval, from which the stuffing
// has been taken out. Behind the end it gives zeros; over tells that it did.
type bitReader struct {
	buf  []byte
	pos  int
	acc  uint64 // the next bits, at the top
	left uint   // how many of them are real
}

// refill makes at least 56 bits ready.
func (r *bitReader) refill() {
	if r.pos+8 <= len(r.buf) {
		r.acc |= binary.BigEndian.Uint64(r.buf[r.pos:]) >> r.left
		r.pos += int((63 - r.left) >> 3)
		r.left |= 56
		return
	}
	for r.left <= 56 {
		if r.pos < len(r.buf) {
			r.acc |= uint64(r.buf[r.pos]) << (56 - r.left)
		}
		r.pos++
		r.left += 8
	}
}

// over reports whether more bits were taken than there are.
func (r *bitReader) over() bool { return r.unread() < 0 }

// unread returns how many bits have not been taken; less than 0 past the end.
func (r *bitReader) unread() int { return (len(r.buf)-r.pos)*8 + int(r.left) }

// difference reads a DC difference and returns false for a code that is none.
func (r *bitReader) difference(h *huffman) (int32, bool) {
	if r.left < 32 {
		r.refill()
	}
	s := h.one[r.acc>>(64-lookBits)]
	if s.bits == 0 {
		if s = h.slow(r.acc, dcStep); s.bits == 0 {
			return 0, false
		}
	}
	acc := r.acc << s.bits
	size := uint(s.advance)
	v := int32(acc >> 1 >> (63 - size)) // size 0 gives 0
	if size > 0 && bits.LeadingZeros64(acc) > 0 {
		v += -1<<size + 1
	}
	r.acc = acc << size
	r.left -= uint(s.bits) + size
	return v, true
}

// skipAC passes over the 63 AC coefficients of a block. It returns false for a
// code that is none, or one that leads out of the block.
func (r *bitReader) skipAC(h *huffman) bool {
	many, one := h.many[:1<<lookBits], h.one[:1<<lookBits]
	k := uint8(1)
	acc, left := r.acc, r.left
	for k < 64 {
		if left < 32 {
			r.acc, r.left = acc, left
			r.refill()
			acc, left = r.acc, r.left
		}
		s := many[acc>>(64-lookBits)]
		// A step over the 63rd would read codes of the next block: go singly there.
		if s.bits == 0 || k+s.advance&^endBlock > 63 {
			if s = one[acc>>(64-lookBits)]; s.bits == 0 {
				if s = h.slow(acc, acStep); s.bits == 0 {
					return false
				}
			}
		}
		acc <<= s.bits
		left -= uint(s.bits)
		k += s.advance
	}
	r.acc, r.left = acc, left
	return k == 64 || k >= endBlock
}
