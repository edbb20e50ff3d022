// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

// maxErrors is how many errors of an import are told; the rest are only counted.
const maxErrors = 1000

// Imported counts what an import did.
type Imported struct{ New, Changed, Same int }

// ImportVillages adds the villages of a CSV file whose header names the columns
// code (12 digits) and name; other columns are ignored. All rows are taken, or none:
// then the error names each bad row as "row 7". The actor needs org.import over the nation.
func (s *Service) ImportVillages(ctx context.Context, r io.Reader) (Imported, error) {
	if err := actor.From(ctx).Require(PermImport, actor.Object{Place: place.Nation}); err != nil {
		return Imported{}, err
	}
	towns, err := townPaths(ctx, s.DB.Read(), s.today())
	if err != nil {
		return Imported{}, err
	}
	villages, err := readVillages(r, towns)
	if err != nil {
		return Imported{}, err
	}
	return db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (Imported, error) { return s.putVillages(ctx, tx, villages) })
}

func (s *Service) putVillages(ctx context.Context, tx db.Tx, villages []Region) (Imported, error) {
	names, err := villageNames(ctx, tx, s.today())
	if err != nil {
		return Imported{}, err
	}
	var added, changed []Region
	for _, v := range villages {
		switch name, ok := names[v.Path]; {
		case !ok:
			added = append(added, v)
		case name != v.Name:
			changed = append(changed, v)
		}
	}
	if err := insertRegions(ctx, tx, added); err != nil {
		return Imported{}, err
	}
	if err := renameVillages(ctx, tx, changed); err != nil {
		return Imported{}, err
	}
	n := Imported{New: len(added), Changed: len(changed), Same: len(villages) - len(added) - len(changed)}
	e := kindImported.Entry(importFacts{Kind: "villages", New: n.New, Changed: n.Changed})
	e.Place = place.Nation
	return n, s.Ledger.Record(ctx, tx, e)
}

// readVillages reads the file and finds the town of each village.
func readVillages(r io.Reader, towns map[string]place.Path) ([]Region, error) {
	in := csv.NewReader(r)
	in.ReuseRecord, in.FieldsPerRecord = true, -1
	codeAt, nameAt, err := villageColumns(in)
	if err != nil {
		return nil, err
	}
	var villages []Region
	var bad []errs.Field
	seen := map[place.Path]bool{}
	for row := 2; len(bad) < maxErrors; row++ {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errs.Wrap(err, errs.Invalid, "org.bad_csv", "row", row)
		}
		v, wrong := village(cells, codeAt, nameAt, towns)
		if wrong.Key == "" && seen[v.Path] {
			wrong = errs.At("", "org.row_twice")
		}
		if wrong.Key != "" {
			wrong.At = "row " + strconv.Itoa(row)
			bad = append(bad, wrong)
			continue
		}
		seen[v.Path] = true
		villages = append(villages, v)
	}
	return villages, errs.InvalidFields(bad...)
}

func villageColumns(in *csv.Reader) (codeAt, nameAt int, err error) {
	head, err := in.Read()
	if err != nil {
		return 0, 0, errs.Wrap(err, errs.Invalid, "org.bad_csv", "row", 1)
	}
	for i := range head {
		head[i] = strings.ToLower(strings.Trim(head[i], "\ufeff\" "))
	}
	codeAt, nameAt = slices.Index(head, "code"), slices.Index(head, "name")
	if codeAt < 0 || nameAt < 0 {
		return 0, 0, errs.New(errs.Invalid, "org.village_columns")
	}
	return codeAt, nameAt, nil
}

// village reads one row; wrong says what is wrong with it.
func village(cells []string, codeAt, nameAt int, towns map[string]place.Path) (v Region, wrong errs.Field) {
	if len(cells) <= max(codeAt, nameAt) {
		return Region{}, errs.At("", "org.row_short")
	}
	code, name := strings.TrimSpace(cells[codeAt]), strings.Clone(strings.TrimSpace(cells[nameAt]))
	if len(code) != codeDigits[5] || strings.Trim(code, digits) != "" {
		return Region{}, errs.At("", "org.bad_village_code")
	}
	town, ok := towns[code[:codeDigits[4]]]
	if !ok {
		return Region{}, errs.At("", "org.no_town")
	}
	v = Region{Code: code, Path: town.Child(strings.Clone(code)), Name: name, Kind: Division}
	if v.check() != nil {
		return Region{}, errs.At("", "org.bad_row_name")
	}
	return v, errs.Field{}
}
