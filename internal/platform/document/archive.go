// SPDX-License-Identifier: Apache-2.0

package document

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"anlan/internal/kernel/errs"
)

const (
	maxParts    = 500       // files in a workbook
	maxInflated = 400 << 20 // bytes of all of them together
	maxFormulas = 1000      // positions of formulas that are kept
	workbook    = "xl/workbook.xml"
	relations   = "xl/_rels/workbook.xml.rels"
)

// Cell is a position in a sheet; both numbers begin with 1.
type Cell struct{ Row, Column int }

// archive is a workbook whose parts have been looked through.
type archive struct {
	zip      *zip.Reader
	formulas []Cell // of the first sheet
}

var errNotWorkbook = errs.New(errs.Unsupported, "document.not_xlsx")

// inspect unpacks every part once, into nothing, before a library may read it: it
// bounds what comes out whatever the directory claims, refuses document type
// declarations and finds the formulas of the first sheet.
func inspect(file []byte) (*archive, error) {
	if len(file) > MaxFile {
		return nil, errs.New(errs.TooLarge, "document.file_too_large", "max_mb", MaxFile>>20)
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil || len(z.File) == 0 {
		return nil, errNotWorkbook
	}
	if len(z.File) > maxParts {
		return nil, errs.New(errs.TooLarge, "document.bomb")
	}
	a := &archive{zip: z}
	first, err := a.firstSheet()
	if err != nil {
		return nil, err
	}
	left := int64(maxInflated)
	for _, part := range z.File {
		if !safeName(part.Name) {
			return nil, errNotWorkbook
		}
		n, err := a.look(part, left, part.Name == first)
		if err != nil {
			return nil, err
		}
		left -= n
	}
	return a, nil
}

func safeName(name string) bool {
	return !path.IsAbs(name) && !strings.Contains(name, "\\") && !slices.Contains(strings.Split(name, "/"), "..")
}

// look unpacks one part of at most left bytes and returns how many there were.
func (a *archive) look(part *zip.File, left int64, isSheet bool) (int64, error) {
	if part.UncompressedSize64 > uint64(left) {
		return 0, errs.New(errs.TooLarge, "document.bomb")
	}
	r, err := part.Open()
	if err != nil {
		return 0, errNotWorkbook
	}
	defer r.Close()
	counted := &counter{r: io.LimitReader(r, left+1)}
	err = scanTags(counted, func(tag []byte) error {
		if bytes.HasPrefix(tag, []byte("!DOCTYPE")) || bytes.HasPrefix(tag, []byte("!ENTITY")) {
			return errNotWorkbook
		}
		return nil
	}, a.noteFormulas(isSheet))
	if counted.n > left {
		return 0, errs.New(errs.TooLarge, "document.bomb")
	}
	if err != nil {
		return 0, errNotWorkbook
	}
	return counted.n, nil
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// scanTags calls each function with every tag in r, without its angle brackets, cut
// at the size of the buffer. It parses nothing: it is meant to be fast.
func scanTags(r io.Reader, fns ...func(tag []byte) error) error {
	b := bufio.NewReaderSize(r, 64<<10)
	for {
		if err := skipTo(b, '<'); err != nil {
			return endOK(err)
		}
		tag, err := b.ReadSlice('>')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return endOK(err)
		}
		for _, fn := range fns {
			if err := fn(tag); err != nil {
				return err
			}
		}
	}
}

func skipTo(b *bufio.Reader, delim byte) error {
	for {
		_, err := b.ReadSlice(delim)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

func endOK(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// noteFormulas returns a function for scanTags that keeps the cells with an <f>.
func (a *archive) noteFormulas(isSheet bool) func(tag []byte) error {
	var at Cell
	return func(tag []byte) error {
		if !isSheet || len(tag) == 0 {
			return nil
		}
		switch tagName(tag) {
		case "row":
			at = Cell{Row: at.Row + 1}
			if r, err := parseRef("A" + attribute(tag, "r")); err == nil {
				at.Row = r.Row
			}
		case "c":
			at.Column++
			if r, err := parseRef(attribute(tag, "r")); err == nil {
				at = r
			}
		case "f":
			if len(a.formulas) < maxFormulas {
				a.formulas = append(a.formulas, at)
			}
		}
		return nil
	}
}

// tagName returns the name of a start tag without its prefix: "c" of `x:c r="A1"`.
func tagName(tag []byte) string {
	end := bytes.IndexAny(tag, " \t\r\n/>")
	if end >= 0 {
		tag = tag[:end]
	}
	return string(tag[bytes.IndexByte(tag, ':')+1:])
}

func attribute(tag []byte, name string) string {
	_, rest, ok := bytes.Cut(tag, []byte(" "+name+`="`))
	if !ok {
		return ""
	}
	value, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(value)
}

// parseRef reads "AB12".
func parseRef(ref string) (Cell, error) {
	var c Cell
	for i := range len(ref) {
		switch b := ref[i]; {
		case b >= 'A' && b <= 'Z' && c.Row == 0 && c.Column < 1<<20:
			c.Column = c.Column*26 + int(b-'A') + 1
		case b >= '0' && b <= '9' && c.Column > 0 && c.Row < 1<<24:
			c.Row = c.Row*10 + int(b-'0')
		default:
			return Cell{}, errNotWorkbook
		}
	}
	if c.Row == 0 {
		return Cell{}, errNotWorkbook
	}
	return c, nil
}

// firstSheet returns the name of the part that holds the first sheet.
func (a *archive) firstSheet() (string, error) {
	var book struct {
		Sheets []struct {
			ID string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := errors.Join(a.read(workbook, &book), a.read(relations, &links)); err != nil || len(book.Sheets) == 0 {
		return "", errNotWorkbook
	}
	for _, l := range links.All {
		if l.ID == book.Sheets[0].ID {
			return strings.TrimPrefix(path.Join("xl", l.Target), "xl/xl/"), nil
		}
	}
	return "", errNotWorkbook
}

const maxIndex = 1 << 20 // bytes of the workbook's own lists

func (a *archive) read(name string, v any) error {
	f, err := a.zip.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return xml.NewDecoder(io.LimitReader(f, maxIndex)).Decode(v)
}
