// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"anlan/internal/kernel/errs"
)

// Sheet is the first sheet of a workbook, read row by row.
type Sheet struct {
	file     *excelize.File
	rows     *excelize.Rows
	formulas []Cell
	n        int
	cells    []string
	err      error
}

// Open looks through a workbook (.xlsx) and begins to read its first sheet. It
// returns an Unsupported or TooLarge error for what is no workbook or an overly large
// one. Close the Sheet.
func Open(file []byte) (s *Sheet, err error) {
	a, err := inspect(file)
	if err != nil {
		return nil, err
	}
	defer recovered(&err) // the library was not made for hostile files
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxInflated})
	if err != nil {
		return nil, errNotWorkbook
	}
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		f.Close()
		return nil, errNotWorkbook
	}
	return &Sheet{file: f, rows: rows, formulas: a.formulas}, nil
}

func recovered(err *error) {
	if p := recover(); p != nil {
		*err = damaged(fmt.Errorf("panic while reading a workbook: %v", p))
	}
}

// Next goes to the next row that holds anything; it is false at the end and after an error.
func (s *Sheet) Next() bool {
	for s.err == nil {
		more, err := s.step()
		if err != nil || !more {
			s.err = err
			return false
		}
		if s.n > MaxRows+1 {
			s.err = errs.New(errs.TooLarge, "document.too_many_rows", "max", MaxRows)
			return false
		}
		if slices.ContainsFunc(s.cells, func(c string) bool { return c != "" }) {
			return true
		}
	}
	return false
}

func (s *Sheet) step() (more bool, err error) {
	defer recovered(&err)
	if !s.rows.Next() {
		return false, damaged(s.rows.Error())
	}
	s.n++
	if s.cells, err = s.rows.Columns(); err != nil {
		return false, damaged(err)
	}
	s.cells = s.cells[:min(len(s.cells), MaxColumns)]
	for i, c := range s.cells {
		c = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(c, "\x00", ""), ""))
		s.cells[i] = strings.TrimSpace(unguard(c))
	}
	return true, nil
}

// damaged gives the library's complaints about a sheet their meaning.
func damaged(err error) error {
	if err == nil {
		return nil
	}
	return errs.Wrap(err, errs.Unsupported, "document.not_xlsx")
}

// Row returns the number of the row, which begins with 1, and its cells, trimmed. Cells at the end
// that are empty may be missing.
func (s *Sheet) Row() (n int, cells []string) { return s.n, s.cells }

// Formulas returns the positions of cells that hold a formula, at most 1,000: what
// they show depends on the program that opened the file last, so it is not data.
func (s *Sheet) Formulas() []Cell { return s.formulas }

// Err returns what stopped Next before the end, or nil.
func (s *Sheet) Err() error { return s.err }

// Close lets go of the file.
func (s *Sheet) Close() { s.rows.Close(); s.file.Close() }
