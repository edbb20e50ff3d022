// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"

	"anlan/internal/kernel/errs"
)

const (
	maxClausesText = 2 << 20 // bytes
	maxClauses     = 2000    // of one import
)

// parseClauses reads clauses from a pasted table with the columns standard, clause
// number, text and keywords (separated by blanks, commas or 、). When all are of one
// standard, the first column is not there. It returns what can be read, and each row
// that cannot as a field.
func parseClauses(text, standard string) ([]Clause, []errs.Field) {
	if len(text) > maxClausesText {
		return nil, []errs.Field{errs.At("body.text", "field.too_long")}
	}
	rows, err := tableRows(text)
	if err != nil {
		return nil, []errs.Field{errs.At("body.text", "rules.unreadable")}
	}
	if len(rows) > maxClauses {
		return nil, []errs.Field{errs.At("body.text", "rules.too_many_rows", "max", maxClauses)}
	}
	var out []Clause
	var fields []errs.Field
	seen := map[string]bool{}
	for _, r := range rows {
		if standard != "" {
			r.cells = slices.Insert(r.cells, 0, standard)
		}
		if r.line == 1 && (!goodStandardID(r.at(0)) || isHeading(r.at(1))) {
			continue
		}
		c := Clause{Standard: r.at(0), No: r.at(1), Text: r.at(2), Keywords: strings.FieldsFunc(r.at(3), betweenKeywords)}
		bad := c.check(rowAt(r.line))
		if id := c.Standard + " " + c.No; seen[id] {
			bad = append(bad, errs.At(rowAt(r.line), "rules.clause_twice"))
		} else {
			seen[id] = true
		}
		if fields = append(fields, bad...); len(bad) > 0 {
			continue
		}
		out = append(out, c)
	}
	if len(out) == 0 && len(fields) == 0 {
		fields = append(fields, errs.At("body.text", "rules.unreadable"))
	}
	return out, fields
}

// isHeading tells the name of the column of clause numbers from a number.
func isHeading(no string) bool {
	return slices.Contains([]string{"条款号", "条款", "条款编号", "编号", "clause", "no", "no."}, strings.ToLower(no))
}

func betweenKeywords(r rune) bool { return strings.ContainsRune(" ,，、;；\t\n", r) }
