// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"errors"
	"slices"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/document"
)

// table is what a file says, before anybody asks whether it is true.
type table struct {
	Kind Kind       `json:"kind"`
	Keys []string   `json:"keys"` // of the columns, without those that are not read
	Rows []tableRow `json:"rows"`
}

type tableRow struct {
	N     int      `json:"n"` // number in the file
	Cells []string `json:"c"` // one for each of Keys
}

// RowError says what is wrong with one row of an import.
type RowError struct {
	Row    int            `json:"row"`
	Column string         `json:"column,omitempty"` // title
	Key    string         `json:"key"`
	Args   map[string]any `json:"args,omitempty"`
}

// rowErrors collects errors up to a bound and counts the rest.
type rowErrors struct {
	kind Kind
	list []RowError
	n    int
}

// add notes an error; At of the field is the key of a column.
func (e *rowErrors) add(row int, f errs.Field) {
	e.note(RowError{Row: row, Column: titleOf(e.kind, f.At), Key: f.Key, Args: f.Args})
}

func (e *rowErrors) note(r RowError) {
	e.n++
	if len(e.list) < maxErrors {
		e.list = append(e.list, r)
	}
}

// addAll notes what a check found; it returns other failures.
func (e *rowErrors) addAll(row int, err error) error {
	if err == nil {
		return nil
	}
	bad, ok := errors.AsType[*errs.Error](err)
	if !ok || bad.Kind != errs.Invalid {
		return err
	}
	if len(bad.Fields) == 0 {
		e.note(RowError{Row: row, Key: bad.Key, Args: bad.Args})
	}
	for _, f := range bad.Fields {
		e.add(row, f)
	}
	return nil
}

// readTable reads a workbook. A formula is an error of its row: what it shows is not
// data. Other failures concern the file as a whole. progress hears of every row.
func readTable(kind Kind, file []byte, progress func(rows int)) (*table, *rowErrors, error) {
	sheet, err := document.Open(file)
	if err != nil {
		return nil, nil, err
	}
	defer sheet.Close()
	if !sheet.Next() {
		return nil, nil, errors.Join(sheet.Err(), errs.New(errs.Invalid, "org.import_empty"))
	}
	_, cells := sheet.Row()
	keys, err := header(kind, cells)
	if err != nil {
		return nil, nil, err
	}
	t := &table{Kind: kind, Keys: slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return k == "" })}
	bad := &rowErrors{kind: kind}
	for _, at := range sheet.Formulas() {
		if at.Column <= len(keys) && at.Column > 0 && keys[at.Column-1] != "" {
			bad.add(at.Row, errs.At(keys[at.Column-1], "org.formula"))
		}
	}
	for sheet.Next() {
		n, cells := sheet.Row()
		t.Rows = append(t.Rows, tableRow{N: n, Cells: project(keys, cells)})
		progress(len(t.Rows))
	}
	if sheet.Err() == nil && len(t.Rows) == 0 {
		return nil, nil, errs.New(errs.Invalid, "org.import_empty")
	}
	return t, bad, sheet.Err()
}

// project returns the cells of the columns that are read.
func project(keys, cells []string) []string {
	out := make([]string, 0, len(keys))
	for i, k := range keys {
		switch {
		case k == "":
		case i < len(cells):
			out = append(out, cells[i])
		default:
			out = append(out, "")
		}
	}
	return out
}

// cell returns what a row says in a column, and whether the file has that column.
func (t *table) cell(r *tableRow, key string) (string, bool) {
	i := slices.Index(t.Keys, key)
	if i < 0 {
		return "", false
	}
	return r.Cells[i], true
}

// values returns the different texts of a column that are not empty, each formed by
// form; for looking many up at once.
func (t *table) values(key string, form func(string) string) []string {
	seen := map[string]bool{"": true}
	var out []string
	for i := range t.Rows {
		text, _ := t.cell(&t.Rows[i], key)
		if text = form(text); !seen[text] {
			seen[text] = true
			out = append(out, text)
		}
	}
	return out
}
