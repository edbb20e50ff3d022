// SPDX-License-Identifier: Apache-2.0

package org

import (
	"regexp"
	"strings"
	"testing"
)

// FuzzCodesMeant holds that whoever writes a code means it, or what its zeros fill up.
func FuzzCodesMeant(f *testing.F) {
	for _, code := range []string{"99", "9901", "990101", "990101001", "990101001001", "990101000000", "000000", "9901z1", "９９", "99\x00", "-1"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		meant := codesMeant(code)
		if len(meant) == 0 || meant[0] != code {
			t.Fatalf("codesMeant(%q) = %q", code, meant)
		}
		for _, m := range meant {
			if rest, ok := strings.CutPrefix(code, m); !ok || strings.Trim(rest, "0") != "" {
				t.Errorf("codesMeant(%q) = %q", code, meant)
			}
		}
	})
}

var industryForm = regexp.MustCompile(`^[A-T][0-9]{2}$`)

// FuzzIndustry holds that what is valid is a letter and two digits, and that a second
// normalising changes nothing.
func FuzzIndustry(f *testing.F) {
	for _, code := range []string{"C26", "26", "Ｃ２６", " c26 ", "A+5", "+5", "-5", "A00", "99", "U01", "C2６", ""} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code := normaliseIndustry(typed)
		if validIndustry(code) && !industryForm.MatchString(code) {
			t.Errorf("%q became %q, which is taken", typed, code)
		}
		if again := normaliseIndustry(code); validIndustry(code) && again != code {
			t.Errorf("%q became %q, and then %q", typed, code, again)
		}
	})
}
