// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"anlan/internal/platform/db"
)

// Files hold telephone numbers, so what is kept of them between check and commit is
// sealed. Pieces are numbered: first those of the file, then those of the table.

func partContext(importID string, n int) string {
	return "org_import_part:" + importID + ":" + strconv.Itoa(n)
}

// keep stores a file in pieces, one transaction each.
func (s *Service) keep(ctx context.Context, importID string, file []byte) error {
	n := 0
	for part := range slices.Chunk(file, partSize) {
		if err := s.keepPart(ctx, importID, n, part); err != nil {
			return err
		}
		n++
	}
	return nil
}

func (s *Service) keepPart(ctx context.Context, importID string, n int, body []byte) error {
	p := &partRow{Import: importID, N: n, Body: s.Org.Box.Seal(body, partContext(importID, n))}
	return s.Org.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return insertPart(ctx, tx, p) })
}

var errPartLost = errors.New("org: a piece of an import is missing")

// kept returns a file of the given length and the number of the piece after its last.
func (s *Service) kept(ctx context.Context, importID string, length int) ([]byte, int, error) {
	file := make([]byte, 0, length)
	n := 0
	for ; len(file) < length; n++ {
		part, err := s.part(ctx, importID, n)
		if err != nil {
			return nil, 0, err
		}
		file = append(file, part...)
	}
	return file, n, nil
}

func (s *Service) part(ctx context.Context, importID string, n int) ([]byte, error) {
	sealed, err := partOf(ctx, s.Org.DB.Read(), importID, n)
	if err != nil {
		return nil, err
	}
	if sealed == nil {
		return nil, errPartLost
	}
	return s.Org.Box.Open(sealed, partContext(importID, n))
}

// keepTable stores the rows in pieces from a number on, over those of a check that
// was broken off, and returns the number after the last.
func (s *Service) keepTable(ctx context.Context, importID string, from int, t *table) (int, error) {
	err := s.Org.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return deleteParts(ctx, tx, importID, from) })
	if err != nil {
		return 0, err
	}
	n := from
	for rows := range slices.Chunk(t.Rows, rowsPerPart) {
		body, err := json.Marshal(rows)
		if err != nil {
			return 0, err
		}
		if err := s.keepPart(ctx, importID, n, body); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// keptTable returns what keepTable stored.
func (s *Service) keptTable(ctx context.Context, row *importRow, shown Report) (*table, error) {
	t := &table{Kind: row.Kind, Keys: shown.Keys}
	for n := shown.From; n < shown.To; n++ {
		body, err := s.part(ctx, row.ID, n)
		if err != nil {
			return nil, err
		}
		var rows []tableRow
		if err := json.Unmarshal(body, &rows); err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, rows...)
	}
	return t, nil
}
