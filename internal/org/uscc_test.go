// SPDX-License-Identifier: Apache-2.0

package org

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// usccVectors are codes of the standard's readers that ten implementations agree on.
var usccVectors = []string{"91350100M000100Y43", "91110000802100433B", "91330100799655058B", "914403001922038216", "9144030071526726XG"}

func TestUSCC(t *testing.T) {
	for _, code := range usccVectors {
		if !ValidUSCC(code) || DoubtUSCC(code) {
			t.Errorf("%s: valid %t, doubt %t; want true, false", code, ValidUSCC(code), DoubtUSCC(code))
		}
	}
	for _, tt := range []struct{ typed, kept string }{
		{" 91350100m000100y43 ", "91350100M000100Y43"},
		{"９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43"},
		{"　91350100M000100Y43　", "91350100M000100Y43"},
		{"9135O1OOM000100Y43", "9135O1OOM000100Y43"},
	} {
		if got := NormaliseUSCC(tt.typed); got != tt.kept {
			t.Errorf("NormaliseUSCC(%q) = %q, want %q", tt.typed, got, tt.kept)
		}
	}
}

func TestSuggestUSCC(t *testing.T) {
	for _, tt := range []struct{ typed, meant string }{
		{"9135O100M000100Y43", "91350100M000100Y43"},
		{"9I350I00M000I00Y43", "91350100M000100Y43"},
		{"91350100M000100Y43", ""}, // nothing to suggest
		{"91350100M000100Y44", ""}, // wrong, but not by a look-alike
		{"9135O100M000100Y44", ""}, // wrong either way
		{"", ""},
	} {
		if got := SuggestUSCC(tt.typed); got != tt.meant {
			t.Errorf("SuggestUSCC(%q) = %q, want %q", tt.typed, got, tt.meant)
		}
	}
}

// TestUSCCNotices changes one character, or swaps two neighbours: the check finds it.
func TestUSCCNotices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(rapid.SampledFrom(usccVectors).Draw(t, "code"))
		i := rapid.IntRange(0, len(code)-1).Draw(t, "at")
		was := code[i]
		code[i] = rapid.SampledFrom([]byte(usccAlphabet)).Draw(t, "new")
		if valid := ValidUSCC(string(code)); valid != (code[i] == was) {
			t.Fatalf("%s is valid: %t", code, valid)
		}
		code[i] = was
		j := rapid.IntRange(0, len(code)-3).Draw(t, "swap")
		same := code[j] == code[j+1]
		code[j], code[j+1] = code[j+1], code[j]
		if valid := ValidUSCC(string(code)); valid != same {
			t.Fatalf("%s is valid: %t", code, valid)
		}
	})
}

func FuzzUSCC(f *testing.F) {
	for _, code := range usccVectors {
		f.Add(code)
		f.Add(strings.ToLower(code))
	}
	f.Add("　９１\x00")
	f.Fuzz(func(t *testing.T, s string) {
		code := NormaliseUSCC(s)
		if meant := SuggestUSCC(s); meant != "" && (ValidUSCC(code) || !ValidUSCC(meant)) {
			t.Errorf("suggested %q for %q", meant, s)
		}
		DoubtUSCC(code)
	})
}

func TestIndustry(t *testing.T) {
	for _, tt := range []struct {
		typed, kept string
		valid       bool
	}{
		{"26", "C26", true}, {"c26", "C26", true}, {" Ｃ２６ ", "C26", true}, {"A05", "A05", true}, {"B06", "B06", true},
		{"97", "T97", true}, {"98", "98", false}, {"C12", "C12", false}, {"A00", "A00", false}, {"C", "C", false}, {"C2600", "C2600", false},
	} {
		got := normaliseIndustry(tt.typed)
		if got != tt.kept || validIndustry(got) != tt.valid {
			t.Errorf("%q: %q valid %t, want %q %t", tt.typed, got, validIndustry(got), tt.kept, tt.valid)
		}
	}
}
