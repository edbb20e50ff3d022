// SPDX-License-Identifier: Apache-2.0

package document

import (
	"errors"
	"io"

	"github.com/xuri/excelize/v2"

	"anlan/internal/kernel/errs"
)

// Column is a column of a sheet to be written.
type Column struct {
	Title string
	Width float64 // in characters; 0: 16
}

const (
	defaultWidth = 16
	textFormat   = 49 // "@": a program must not turn codes into numbers
	helpSheet    = "填写说明"
)

// Writer writes a workbook of one sheet row by row; rows lie on disk until Close.
type Writer struct {
	out    io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	text   int // style of texts
	row    int
}

// NewSheet begins a workbook with a header. Nothing reaches w before Close.
func NewSheet(w io.Writer, columns []Column) (*Writer, error) {
	f := excelize.NewFile()
	stream, err := f.NewStreamWriter(f.GetSheetName(0))
	if err != nil {
		return nil, err
	}
	out := &Writer{out: w, file: f, stream: stream}
	return out, out.header(columns)
}

func (w *Writer) header(columns []Column) error {
	var err error
	if w.text, err = w.file.NewStyle(&excelize.Style{NumFmt: textFormat}); err != nil {
		return err
	}
	bold, err := w.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: textFormat})
	if err != nil {
		return err
	}
	titles := make([]any, len(columns))
	for i, c := range columns {
		width := c.Width
		if width == 0 {
			width = defaultWidth
		}
		err = errors.Join(err, w.stream.SetColWidth(i+1, i+1, width), w.stream.SetColStyle(i+1, i+1, w.text))
		titles[i] = excelize.Cell{StyleID: bold, Value: c.Title}
	}
	err = errors.Join(err, w.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	w.row = 1
	return errors.Join(err, w.stream.SetRow("A1", titles))
}

// Row adds a row. Texts are guarded; other values must be numbers or booleans. It
// returns a TooLarge error after MaxRows rows.
func (w *Writer) Row(values ...any) error {
	if w.row > MaxRows {
		return errs.New(errs.TooLarge, "document.too_many_rows", "max", MaxRows)
	}
	for i, v := range values {
		if text, ok := v.(string); ok {
			values[i] = excelize.Cell{StyleID: w.text, Value: Guard(text)}
		}
	}
	w.row++
	at, err := excelize.CoordinatesToCellName(1, w.row)
	if err != nil {
		return err
	}
	return w.stream.SetRow(at, values)
}

// Help adds a second sheet that explains the first, one row after the other.
func (w *Writer) Help(rows [][]string) error {
	if _, err := w.file.NewSheet(helpSheet); err != nil {
		return err
	}
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := w.file.SetSheetRow(helpSheet, at, &row); err != nil {
			return err
		}
	}
	return w.file.SetColWidth(helpSheet, "A", "C", 2*defaultWidth)
}

// Close writes the workbook out. Either Close or Discard a Writer, or it
// leaves files behind.
func (w *Writer) Close() error {
	err := w.stream.Flush()
	if err == nil {
		err = w.file.Write(w.out)
	}
	return errors.Join(err, w.file.Close())
}

// Discard gives up what was written. Nothing reaches w.
func (w *Writer) Discard() error { return errors.Join(w.stream.Flush(), w.file.Close()) }
