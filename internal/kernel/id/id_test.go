// SPDX-License-Identifier: Apache-2.0

package id

import (
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestOrder lets the clock jump: identifiers still sort in the order of making.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.UnixMilli(1_800_000_000_000)
		s := NewSource(func() time.Time { return now })
		last := ""
		for _, step := range rapid.SliceOfN(rapid.IntRange(-5000, 5000), 1, 200).Draw(t, "milliseconds") {
			now = now.Add(time.Duration(step) * time.Millisecond)
			id := s.New()
			if id <= last || !Valid(id) {
				t.Fatalf("%q after %q", id, last)
			}
			last = id
		}
	})
}

func TestUniqueFromManyGoroutines(t *testing.T) {
	s := NewSource(time.Now)
	const workers, each = 8, 5000
	var mu sync.Mutex
	all := map[string]bool{}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			own := make([]string, each)
			for i := range own {
				own[i] = s.New()
			}
			if !sort.StringsAreSorted(own) {
				t.Error("one goroutine's identifiers are out of order")
			}
			mu.Lock()
			defer mu.Unlock()
			for _, id := range own {
				all[id] = true
			}
		})
	}
	wg.Wait()
	if len(all) != workers*each {
		t.Errorf("%d different identifiers, want %d", len(all), workers*each)
	}
}

// TestSourcesDiffer makes identifiers in two processes within one millisecond.
func TestSourcesDiffer(t *testing.T) {
	now := func() time.Time { return time.UnixMilli(1_800_000_000_000) }
	a, b := NewSource(now), NewSource(now)
	if x, y := a.New(), b.New(); x == y {
		t.Errorf("both made %s", x)
	}
}

func TestNextCannotBeGuessed(t *testing.T) {
	s := NewSource(func() time.Time { return time.UnixMilli(1_800_000_000_000) })
	ends := map[string]bool{}
	last := s.New()
	for range 200 {
		next := s.New()
		ends[next[Len-3:]] = true
		if next[:8] != last[:8] {
			t.Fatalf("%s and %s differ in their time", last, next)
		}
		last = next
	}
	if len(ends) < 150 {
		t.Errorf("only %d different endings in 200: steps are not random", len(ends))
	}
}

func TestIncrementCarries(t *testing.T) {
	var b [16]byte
	for i := 6; i < 16; i++ {
		b[i] = 0xff
	}
	before := encode(b)
	increment(&b)
	if after := encode(b); after <= before {
		t.Errorf("%s then %s", before, after)
	}
}

func TestValid(t *testing.T) {
	good := NewSource(time.Now).New()
	for _, tt := range []struct {
		id   string
		want bool
	}{
		{good, true}, {strings.ToUpper(good), false}, {good[1:], false}, {good + "0", false}, {"", false},
		{strings.Repeat("l", Len), false}, {strings.Repeat("0", Len-1) + "/", false}, {strings.Repeat("é", Len/2), false},
	} {
		if Valid(tt.id) != tt.want {
			t.Errorf("%q valid: want %t", tt.id, tt.want)
		}
	}
}

func TestCode(t *testing.T) {
	counts := map[rune]int{}
	for range 2000 {
		code := Code(8)
		if len(code) != 8 || strings.ContainsAny(code, "01ILOU") || strings.ToUpper(code) != code {
			t.Fatalf("code %q", code)
		}
		for _, r := range code {
			counts[r]++
		}
	}
	if len(counts) != 30 {
		t.Errorf("%d different characters, want 30", len(counts))
	}
	for r, n := range counts { // 16,000 draws of 30: 533 each, standard deviation 23
		if n < 400 || n > 670 {
			t.Errorf("%c came %d times", r, n)
		}
	}
	if Code(0) != "" {
		t.Error("a code of no characters is not empty")
	}
}
