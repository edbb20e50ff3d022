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
	if len(code) == 2 && strings.Trim(code, digits) == "" {
		return sectionOf(division(code)) + code
	}
	return code
}

// validIndustry reports whether code is a section with one of its divisions.
func validIndustry(code string) bool {
	if len(code) != 3 || strings.Trim(code[1:], digits) != "" {
		return false
	}
	n := division(code[1:])
	return n > 0 && sectionOf(n) == code[:1]
}

// division returns the number of a division that is written in digits.
func division(code string) int {
	n, _ := strconv.Atoi(code)
	return n
}

func sectionOf(division int) string {
	for _, s := range sections {
		if division <= s.last {
			return s.letter
		}
	}
	return ""
}
