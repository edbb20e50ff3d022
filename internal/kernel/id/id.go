// SPDX-License-Identifier: Apache-2.0

// Package id makes identifiers: sortable ones for rows, spoken ones for people.
package id

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
	"sync"
	"time"
)

// alphabet is Crockford's base 32 in lower case: no i, l, o, u to misread.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// Len is the length of an identifier made by New.
const Len = 26

// Source makes identifiers whose text order is the order of making, also within
// one millisecond and when the clock steps back. It is safe for concurrent use.
type Source struct {
	now  func() time.Time
	mu   sync.Mutex
	last [16]byte
}

// NewSource returns a Source that reads the time from now.
func NewSource(now func() time.Time) *Source { return &Source{now: now} }

// New returns a fresh identifier: 48 bits of milliseconds, 80 random bits.
func (s *Source) New() string {
	var b [16]byte
	rand.Read(b[6:])
	ms := uint64(s.now().UnixMilli())
	binary.BigEndian.PutUint16(b[0:2], uint16(ms>>32))
	binary.BigEndian.PutUint32(b[2:6], uint32(ms))

	s.mu.Lock()
	defer s.mu.Unlock()
	if string(b[:6]) <= string(s.last[:6]) {
		b = s.last
		increment(&b)
	}
	s.last = b
	return encode(b)
}

// Random returns an identifier of the form of New's that says nothing of when it was made.
func Random() string {
	var b [16]byte
	rand.Read(b[:])
	return encode(b)
}

// increment adds a random step of 1 to 2^24 to the random part, so that the next
// identifier cannot be guessed from the last.
func increment(b *[16]byte) {
	var r [3]byte
	rand.Read(r[:])
	carry := uint64(r[0])<<16 | uint64(r[1])<<8 | uint64(r[2]) + 1
	for i := 15; i >= 0 && carry > 0; i-- {
		carry += uint64(b[i])
		b[i] = byte(carry)
		carry >>= 8
	}
}

func encode(b [16]byte) string {
	var out [Len]byte
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	for i := Len - 1; i >= 0; i-- {
		out[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}

// Valid reports whether s has the form of an identifier.
func Valid(s string) bool {
	return len(s) == Len && strings.Trim(s, alphabet) == ""
}

// Code returns a random code of n characters to be read out, written down or
// typed, in upper case, without 0/O, 1/I/L or U. Each character carries just under 5 bits.
func Code(n int) string {
	const spoken = "23456789ABCDEFGHJKMNPQRSTVWXYZ" // 30
	out := make([]byte, 0, n)
	var buf [64]byte
	for len(out) < n {
		rand.Read(buf[:])
		for _, r := range buf {
			if r < 240 && len(out) < n { // 240 = 8·30: no character is likelier
				out = append(out, spoken[r%30])
			}
		}
	}
	return string(out)
}
