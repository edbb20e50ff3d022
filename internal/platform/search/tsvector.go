// SPDX-License-Identifier: Apache-2.0

package search

import (
	"strconv"
	"strings"
)

// forPG returns terms as the text of a tsvector. It is written out, for PostgreSQL's
// own parser cuts words by its locale.
func forPG(text string) string {
	var b strings.Builder
	for i, term := range terms(text) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte('\'')
		b.WriteString(term)
		b.WriteString("':")
		b.WriteString(strconv.Itoa(i + 1))
	}
	return b.String()
}

// queryPG is queryFTS5 for a tsquery.
func queryPG(words string) string {
	var all []string
	for _, run := range runs(words) {
		if p := pairs(run); len(p) > 0 {
			all = append(all, "('"+strings.Join(p, "' <-> '")+"')")
		} else {
			all = append(all, "'"+run+"':*")
		}
	}
	return strings.Join(all, " & ")
}
