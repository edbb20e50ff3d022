// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"context"
	"errors"
	"io"

	"anlan/internal/kernel/page"
	"anlan/internal/org"
	"anlan/internal/platform/document"
)

// Template writes an empty workbook of a layout with a sheet that explains it.
func (s *Service) Template(kind Kind, w io.Writer) error {
	sheet, err := document.NewSheet(w, sheetColumns(kind))
	if err != nil {
		return err
	}
	help := [][]string{{"列", "说明"}}
	for _, c := range layouts[kind] {
		help = append(help, []string{c.title, c.help})
	}
	return errors.Join(sheet.Help(help), sheet.Close())
}

// ExportUnits writes the units that the actor may read, in the layout of the import.
// More than document.MaxRows are a TooLarge error: narrow the filter.
func (s *Service) ExportUnits(ctx context.Context, f org.UnitFilter, w io.Writer) error {
	return export(w, Units, func(cursor string) (page.Of[*org.Unit], error) {
		return s.Org.Units(ctx, f, cursor, page.MaxLimit)
	}, func(units []*org.Unit) ([][]any, error) {
		codes, err := s.parentCodes(ctx, units)
		rows := make([][]any, len(units))
		for i, u := range units {
			rows[i] = []any{u.Code, u.Name, kindNames[u.Kind], u.USCC, u.Industry, lineList(u.Lines), u.Place.Code(), u.PlaceName,
				u.Address, codes[u.ParentID], string(u.Opened)}
		}
		return rows, err
	})
}

func lineList(lines []string) string {
	text := ""
	for i, l := range lines {
		if i > 0 {
			text += "、"
		}
		text += lineNames[l]
	}
	return text
}

func (s *Service) parentCodes(ctx context.Context, units []*org.Unit) (map[string]string, error) {
	var ids []string
	for _, u := range units {
		if u.ParentID != "" {
			ids = append(ids, u.ParentID)
		}
	}
	above, err := s.Org.UnitsBy(ctx, s.Org.DB.Read(), org.UnitByID, ids)
	codes := make(map[string]string, len(above))
	for _, u := range above {
		codes[u.ID] = u.Code
	}
	return codes, err
}

// ExportPeople writes the people that the actor may read, in the layout of the import.
// Telephone numbers stay masked; an import leaves masked ones alone.
func (s *Service) ExportPeople(ctx context.Context, f org.PersonFilter, w io.Writer) error {
	return export(w, People, func(cursor string) (page.Of[org.Listed], error) {
		return s.Org.People(ctx, f, cursor, page.MaxLimit)
	}, func(people []org.Listed) ([][]any, error) {
		rows := make([][]any, len(people))
		for i, p := range people {
			rows[i] = []any{p.Name, p.Phone, p.UnitCode, "", p.UnitName, p.Title, map[bool]string{true: "是", false: "否"}[p.Head]}
		}
		return rows, nil
	})
}

// export writes page after page.
func export[T any](w io.Writer, kind Kind, next func(cursor string) (page.Of[T], error), rows func([]T) ([][]any, error)) error {
	sheet, err := document.NewSheet(w, sheetColumns(kind))
	if err != nil {
		return err
	}
	cursor := ""
	for err == nil {
		var p page.Of[T]
		if p, err = next(cursor); err == nil {
			err = writeRows(sheet, p.Items, rows)
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	if err != nil {
		return errors.Join(err, sheet.Discard())
	}
	return sheet.Close()
}

func writeRows[T any](sheet *document.Writer, items []T, form func([]T) ([][]any, error)) error {
	rows, err := form(items)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := sheet.Row(row...); err != nil {
			return err
		}
	}
	return nil
}
