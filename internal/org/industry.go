// SPDX-License-Identifier: Apache-2.0

package org

import (
	"strconv"
	"strings"
)

// sections are the 20 sections of GB/T 4754-2017 with their last division; the
// first follows the section before. The names are a taxonomy's, not ours.
var sections = []struct {
	letter string
	last   int
}{
	{"A", 5}, {"B", 12}, {"C", 43}, {"D", 46}, {"E", 50}, {"F", 52}, {"G", 60}, {"H", 62}, {"I", 65}, {"J", 69},
	{"K", 70}, {"L", 72}, {"M", 75}, {"N", 79}, {"O", 82}, {"P", 83}, {"Q", 85}, {"R", 90}, {"S", 96}, {"T", 97},
}

// normaliseIndustry adds the section to a bare division: "26" becomes "C26".
func normaliseIndustry(code string) string {
	code = strings.ToUpper(HalfWidth(strings.TrimSpace(code)))
	if n, err := strconv.Atoi(code); err == nil && len(code) == 2 {
		return sectionOf(n) + code
	}
	return code
}

// validIndustry reports whether code is a section with one of its divisions.
func validIndustry(code string) bool {
	if len(code) != 3 {
		return false
	}
	n, err := strconv.Atoi(code[1:])
	return err == nil && n > 0 && sectionOf(n) == code[:1]
}

func sectionOf(division int) string {
	for _, s := range sections {
		if division <= s.last {
			return s.letter
		}
	}
	return ""
}
