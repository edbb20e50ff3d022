// SPDX-License-Identifier: Apache-2.0

package document

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"anlan/internal/kernel/errs"
)

func write(t interface{ Fatal(...any) }, titles []string, rows ...[]any) []byte {
	columns := make([]Column, len(titles))
	for i, title := range titles {
		columns[i].Title = title
	}
	var b bytes.Buffer
	w, err := NewSheet(&b, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(file []byte) (rows [][]string, numbers []int, err error) {
	s, err := Open(file)
	if err != nil {
		return nil, nil, err
	}
	defer s.Close()
	for s.Next() {
		n, cells := s.Row()
		rows, numbers = append(rows, slices.Clone(cells)), append(numbers, n)
	}
	return rows, numbers, s.Err()
}

func TestGuard(t *testing.T) {
	for text, guarded := range map[string]string{
		"=1+1": "'=1+1", "+86": "'+86", "-1": "'-1", "@x": "'@x", "＝A1": "'＝A1", "－1": "'－1", "\t=1": "'\t=1", "  =1": "'  =1",
		"　＠": "'　＠", "正常": "正常", "a=b": "a=b", "'": "'", "": "", "1-2": "1-2", "'=1": "'=1",
	} {
		if got := Guard(text); got != guarded {
			t.Errorf("Guard(%q) = %q, want %q", text, got, guarded)
		}
	}
}

// TestRoundTrip writes texts and reads them back as they were, but for outer blanks.
func TestRoundTrip(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("安全 =+-@＝\"<>&'1aé\u200b")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(text, 3, 3), 1, 5).Draw(t, "rows")
		var in [][]any
		for _, row := range rows {
			in = append(in, []any{"x", row[0], row[1], row[2]})
		}
		got, _, err := read(write(t, []string{"甲", "乙", "丙", "丁"}, in...))
		if err != nil || len(got) != len(rows)+1 {
			t.Fatalf("read %q, error %v", got, err)
		}
		for i, row := range rows {
			for j, want := range row {
				cell := ""
				if j+1 < len(got[i+1]) {
					cell = got[i+1][j+1]
				}
				if want = strings.TrimSpace(want); looksLikeFormula(strings.TrimPrefix(want, "'")) {
					want = strings.TrimSpace(strings.TrimPrefix(want, "'"))
				}
				if cell != want {
					t.Fatalf("row %d: %q came back as %q", i, want, cell)
				}
			}
		}
	})
}

// TestNoFormulaIsWritten opens an export with another reader's eyes: every cell is a text.
func TestNoFormulaIsWritten(t *testing.T) {
	file := write(t, []string{"甲", "乙"}, []any{"=HYPERLINK(\"x\")", 12})
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	formula, err := f.GetCellFormula(sheet, "A2")
	value, _ := f.GetCellValue(sheet, "A2")
	number, _ := f.GetCellType(sheet, "B2")
	if err != nil || formula != "" || value != "'=HYPERLINK(\"x\")" || number == excelize.CellTypeInlineString {
		t.Errorf("formula %q, value %q, type of the number %v, error %v", formula, value, number, err)
	}
}

func TestRowNumbersAndFormulas(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]any{"A1": "名称", "B1": "数", "A2": "甲", "B2": 914403001922038216, "A7": "  乙  ", "C7": 1.5} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Sheet1", "B7", "=SUM(1,2)"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewSheet("第二张"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellFormula("第二张", "A1", "=1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	s, err := Open(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !slices.Equal(s.Formulas(), []Cell{{7, 2}}) {
		t.Errorf("formulas at %v", s.Formulas())
	}
	rows, numbers, err := read(b.Bytes())
	if err != nil || !slices.Equal(numbers, []int{1, 2, 7}) || rows[2][0] != "乙" || rows[1][1] != "914403001922038216" || rows[2][2] != "1.5" {
		t.Errorf("rows %q with numbers %v, error %v", rows, numbers, err)
	}
}

func TestHelp(t *testing.T) {
	var b bytes.Buffer
	w, err := NewSheet(&b, []Column{{Title: "名称", Width: 40}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Help([][]string{{"名称", "必填"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if rows, _, err := read(b.Bytes()); err != nil || len(rows) != 1 {
		t.Errorf("rows %q, error %v", rows, err)
	}
}

// repack writes file anew with each part changed by edit.
func repack(t testing.TB, file []byte, edit func(name string, body []byte) []byte, more map[string]string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	put := func(name string, body []byte) {
		w, err := out.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		put(f.Name, edit(f.Name, body))
	}
	for name, body := range more {
		put(name, []byte(body))
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func same(_ string, body []byte) []byte { return body }

func TestHostile(t *testing.T) {
	good := write(t, []string{"名称"}, []any{"甲"})
	inSheet := func(old, new string) []byte {
		return repack(t, good, func(name string, body []byte) []byte {
			if name == "xl/worksheets/sheet1.xml" {
				return bytes.Replace(body, []byte(old), []byte(new), 1)
			}
			return body
		}, nil)
	}
	many := map[string]string{}
	for i := range maxParts {
		many[fmt.Sprintf("x%d", i)] = ""
	}
	for _, tt := range []struct {
		name string
		file []byte
		kind errs.Kind
		key  string
	}{
		{"nothing", nil, errs.Unsupported, "document.not_xlsx"},
		{"text", []byte("名称,甲"), errs.Unsupported, "document.not_xlsx"},
		{"an old or encrypted workbook", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 600)), errs.Unsupported, "document.not_xlsx"},
		{"half a file", good[:len(good)/2], errs.Unsupported, "document.not_xlsx"},
		{"too large", make([]byte, MaxFile+1), errs.TooLarge, "document.file_too_large"},
		{"too many parts", repack(t, good, same, many), errs.TooLarge, "document.bomb"},
		{"a way out", repack(t, good, same, map[string]string{"../x": "x"}), errs.Unsupported, "document.not_xlsx"},
		{"an entity", inSheet("<worksheet", `<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet`), errs.Unsupported, "document.not_xlsx"},
		{"rows without end", inSheet(`<row r="2"`, `<row r="900000"`), errs.TooLarge, "document.too_many_rows"},
		{"no sheets", repack(t, good, func(name string, body []byte) []byte {
			if name == workbook {
				return []byte("<workbook/>")
			}
			return body
		}, nil), errs.Unsupported, "document.not_xlsx"},
	} {
		_, _, err := read(tt.file)
		if errs.KindOf(err) != tt.kind || errs.KeyOf(err) != tt.key {
			t.Errorf("%s: error %v, want %s", tt.name, err, tt.key)
		}
	}
}

// TestBomb unpacks to more than is allowed, and then claims to be small.
func TestBomb(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, size := range map[string]int{workbook: 0, relations: 0, "xl/x.xml": maxInflated + 1} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		zeros := make([]byte, 1<<20)
		for ; size > 0; size -= len(zeros) {
			if _, err := w.Write(zeros[:min(size, len(zeros))]); err != nil {
				t.Fatal(err)
			}
		}
		if name == workbook {
			io.WriteString(w, `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet r:id="a"/></sheets></workbook>`)
		}
		if name == relations {
			io.WriteString(w, `<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>`)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	bomb := b.Bytes()
	if _, _, err := read(bomb); errs.KeyOf(err) != "document.bomb" {
		t.Errorf("error %v, want document.bomb", err)
	}
	entry := bytes.LastIndex(bomb, []byte("xl/x.xml")) - 46 // in the directory
	copy(bomb[entry+24:], []byte{1, 0, 0, 0})               // its uncompressed size
	if _, _, err := read(bomb); errs.KindOf(err) != errs.TooLarge && errs.KindOf(err) != errs.Unsupported {
		t.Errorf("a lie about the size: error %v, want a refusal", err)
	}
}

func FuzzOpen(f *testing.F) {
	good := write(f, []string{"名称", "数"}, []any{"甲", 1}, []any{"=乙", 2.5})
	f.Add(good)
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, _, err := read(file); err != nil && errs.KindOf(err) != errs.Unsupported && errs.KindOf(err) != errs.TooLarge {
			t.Errorf("error %v without a meaning", err)
		}
	})
}

// FuzzSheet puts hostile text into the sheet of a sound workbook.
func FuzzSheet(f *testing.F) {
	good := write(f, []string{"名称", "数"}, []any{"甲", 1})
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>9</v></c><c r="B1"><f>1</f></c></row></sheetData></worksheet>`)
	f.Add(`<x:worksheet xmlns:x="a"><x:sheetData><x:row r="-1"><x:c r="ZZZZZZ1" s="-5" t="inlineStr"/></x:row></x:sheetData>`)
	f.Fuzz(func(t *testing.T, text string) {
		file := repack(t, good, func(name string, body []byte) []byte {
			if name == "xl/worksheets/sheet1.xml" {
				return []byte(text)
			}
			return body
		}, nil)
		if _, _, err := read(file); err != nil && errs.KindOf(err) != errs.Unsupported && errs.KindOf(err) != errs.TooLarge {
			t.Errorf("error %v without a meaning", err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var out bytes.Buffer
	w, err := NewSheet(&out, []Column{{Title: "名称"}, {Title: "代码"}, {Title: "地址"}})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 10_000 {
		if err := w.Row(fmt.Sprintf("示范企业%d", i), "91350100M000100Y43", "示范省清江县城关镇"); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if rows, _, err := read(out.Bytes()); err != nil || len(rows) != 10_001 {
			b.Fatal(len(rows), err)
		}
	}
}
