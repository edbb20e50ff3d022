// SPDX-License-Identifier: Apache-2.0

// Package document reads and writes the tables that people keep in Excel.
//
// reader.go reads the first sheet of a workbook row by row, archive.go looks through
// the file before anything is believed, writer.go writes a sheet row by row.
package document

import (
	"strings"
	"unicode/utf8"
)

const (
	// MaxFile is the largest workbook that is read, in bytes.
	MaxFile = 20 << 20
	// MaxRows is the most rows that are read or written, without the header.
	MaxRows = 200_000
	// MaxColumns is the most columns that are looked at.
	MaxColumns = 100
)

// formulaStarts are the characters at the start of a text that make some program
// take it for a formula, in both widths.
const formulaStarts = "=+-@\t\r＝＋－＠"

// Guard returns text with an apostrophe before what a spreadsheet program might take
// for a formula.
func Guard(text string) string {
	if looksLikeFormula(text) {
		return "'" + text
	}
	return text
}

// unguard undoes Guard, so that what was exported can be imported again.
func unguard(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && looksLikeFormula(rest) {
		return rest
	}
	return text
}

func looksLikeFormula(text string) bool {
	first, size := utf8.DecodeRuneInString(strings.TrimLeft(text, " 　"))
	return size > 0 && strings.ContainsRune(formulaStarts, first)
}
