// SPDX-License-Identifier: Apache-2.0

// Package search finds Chinese and other text on both databases, by pairs of
// neighbouring characters: no dictionary, every substring is found, also of one or
// two characters.
//
// Each domain that searches has a table of its own, made in its migration and named
// after it. Its rowid is the domain row's integer sequence number, so that the order
// of rowid is the order of age:
//
//	{{if .sqlite}}
//	CREATE VIRTUAL TABLE hazard_search USING fts5 (terms, content='', contentless_delete=1, tokenize='ascii');
//	{{end}}
//	{{if .pg}}
//	CREATE TABLE hazard_search (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL);
//	--bun:split
//	CREATE INDEX hazard_search_terms ON hazard_search USING gin (terms);
//	{{end}}
//
// Put writes into it in the transaction that writes the row, or, where rows come by
// the thousand a second, in that of a ledger reader, many at once. Match joins it to
// a query under the name found:
//
//	q = search.Match(q, "hazard_search", "h.seq", words).OrderExpr("found.rowid DESC")
//
// Order and page by found.rowid and not by the domain's own column: then the newest
// hits come without looking at all of them.
//
// search.go cuts text into terms and queries, store.go speaks SQL.
package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// MaxText is how many characters of a text are indexed; PostgreSQL counts the
	// places of terms no further than 16,383.
	MaxText = 16_000
	// MaxQuery is how many characters one may search for.
	MaxQuery = 100
)

// Fold returns text as it is compared: compatibility forms made one (full width,
// half width), in lower case.
func Fold(text string) string { return strings.ToLower(norm.NFKC.String(text)) }

// runs cuts folded text into stretches of letters, digits and their marks: what lies
// between is not searched.
func runs(text string) []string {
	return strings.FieldsFunc(Fold(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
}

// terms returns the pairs of each run, in order, and after them its last character
// alone: so pairs of two runs are never neighbours, and every character begins a term.
func terms(text string) []string {
	var out []string
	for _, run := range runs(text) {
		out = append(out, pairs(run)...)
		_, size := utf8.DecodeLastRuneInString(run)
		out = append(out, run[len(run)-size:])
	}
	return out[:min(len(out), MaxText)]
}

func pairs(run string) []string {
	rs := []rune(run)
	out := make([]string, 0, len(rs))
	for i := range len(rs) - 1 {
		out = append(out, string(rs[i:i+2]))
	}
	return out
}

// forFTS5 returns terms as FTS5 indexes them.
func forFTS5(text string) string { return strings.Join(terms(text), " ") }

// queryFTS5 asks FTS5 for all runs of words; "" when there is none.
func queryFTS5(words string) string {
	var all []string
	for _, run := range runs(words) {
		if p := pairs(run); len(p) > 0 {
			all = append(all, `"`+strings.Join(p, " ")+`"`)
		} else {
			all = append(all, `"`+run+`" *`)
		}
	}
	return strings.Join(all, " AND ")
}
