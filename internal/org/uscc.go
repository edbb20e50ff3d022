// SPDX-License-Identifier: Apache-2.0

package org

import (
	"strings"
)

// The unified social credit code, GB 32100-2015: 18 characters of this alphabet,
// a character's value is its index, the last one is a check character.
const (
	usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	usccLength   = 18
)

// NormaliseUSCC trims s, turns full-width characters into half-width ones and small
// letters into capitals. It repairs nothing: a wrong code stays wrong.
func NormaliseUSCC(s string) string {
	return strings.ToUpper(strings.TrimSpace(HalfWidth(s)))
}

// HalfWidth returns s with full-width forms (！ to ～ and the ideographic space) in ASCII.
func HalfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '　':
			return ' '
		}
		return r
	}, s)
}

// ValidUSCC reports whether a normalised code has the length, the alphabet and the
// check character of GB 32100-2015.
func ValidUSCC(code string) bool {
	if len(code) != usccLength {
		return false
	}
	sum, weight := 0, 1
	for i := range usccLength - 1 {
		v := strings.IndexByte(usccAlphabet, code[i])
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return code[usccLength-1] == usccAlphabet[(31-sum%31)%31]
}

// lookAlike are letters that the alphabet leaves out, and what is meant by them.
var lookAlike = strings.NewReplacer("O", "0", "I", "1", "Z", "2", "S", "5")

// SuggestUSCC returns the valid code that a person may have meant who typed O for
// 0, I for 1, Z for 2 or S for 5, or "" when there is none. Nothing is ever
// replaced without asking.
func SuggestUSCC(code string) string {
	meant := lookAlike.Replace(NormaliseUSCC(code))
	if meant == NormaliseUSCC(code) || !ValidUSCC(meant) {
		return ""
	}
	return meant
}

// DoubtUSCC reports whether positions 9 to 17 of a valid code fail the check of the
// old organisation code (GB 11714). Newer codes may: it is a warning, never a refusal.
func DoubtUSCC(code string) bool {
	if !ValidUSCC(code) {
		return false
	}
	sum := 0
	for i, weight := range [...]int{3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * base36(code[8+i])
	}
	return code[16] != "0123456789X0"[11-sum%11]
}

// base36 is the value of a character in GB 11714: A to Z are 10 to 35.
func base36(c byte) int {
	if c >= 'A' {
		return int(c-'A') + 10
	}
	return int(c - '0')
}
