// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// record is one row of a pasted table.
type record struct {
	line  int // of the text, from 1
	cells []string
}

// at returns a cell without blanks around it, "" when there is none.
func (r record) at(i int) string {
	if i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// tableRows reads a table as people paste it: comma-separated, or separated by
// tabs as a spreadsheet puts it on the clipboard. Empty rows are left out.
func tableRows(text string) ([]record, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	if first, _, _ := strings.Cut(text, "\n"); strings.Contains(first, "\t") {
		r.Comma, r.TrimLeadingSpace = '\t', false
	}
	var rows []record
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		if row := (record{line, cells}); strings.TrimSpace(strings.Join(cells, "")) != "" {
			rows = append(rows, row)
		}
	}
}
