// SPDX-License-Identifier: Apache-2.0

package roster

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
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// maxErrors is how many errors of an import are told; the rest are only counted.
const maxErrors = 1000

// How many digits the codes of villages and of their towns have.
const villageDigits, townDigits = 12, 9

// Imported counts what an import did.
type Imported struct{ New, Changed, Same int }

// ImportVillages adds the villages of a CSV file whose header names the columns
// code (12 digits) and name; other columns are ignored. All rows are taken, or none:
// then the error names each bad row as "row 7". The actor needs org.import over the nation.
func (s *Service) ImportVillages(ctx context.Context, r io.Reader) (Imported, error) {
	if err := actor.From(ctx).Require(org.PermImport, actor.Object{Place: place.Nation}); err != nil {
		return Imported{}, err
	}
	towns, err := s.Org.Towns(ctx)
	if err != nil {
		return Imported{}, err
	}
	villages, err := readVillages(r, towns)
	if err != nil {
		return Imported{}, err
	}
	return db.InTxV(ctx, s.Org.DB, func(ctx context.Context, tx db.Tx) (Imported, error) { return s.putVillages(ctx, tx, villages) })
}

func (s *Service) putVillages(ctx context.Context, tx db.Tx, villages []org.Region) (Imported, error) {
	added, changed, err := s.Org.PutVillagesTx(ctx, tx, villages)
	if err != nil {
		return Imported{}, err
	}
	n := Imported{New: added, Changed: changed, Same: len(villages) - added - changed}
	e := kindImported.Entry(importFacts{Kind: "villages", New: n.New, Changed: n.Changed})
	e.Place = place.Nation
	return n, s.Org.Ledger.Record(ctx, tx, e)
}

// readVillages reads the file and finds the town of each village.
func readVillages(r io.Reader, towns map[string]place.Path) ([]org.Region, error) {
	in := csv.NewReader(r)
	in.ReuseRecord, in.FieldsPerRecord = true, -1
	codeAt, nameAt, err := villageColumns(in)
	if err != nil {
		return nil, err
	}
	var villages []org.Region
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
func village(cells []string, codeAt, nameAt int, towns map[string]place.Path) (v org.Region, wrong errs.Field) {
	if len(cells) <= max(codeAt, nameAt) {
		return org.Region{}, errs.At("", "org.row_short")
	}
	code, name := strings.TrimSpace(cells[codeAt]), strings.Clone(strings.TrimSpace(cells[nameAt]))
	if len(code) != villageDigits || strings.Trim(code, "0123456789") != "" {
		return org.Region{}, errs.At("", "org.bad_village_code")
	}
	town, ok := towns[code[:townDigits]]
	if !ok {
		return org.Region{}, errs.At("", "org.no_town")
	}
	v = org.Region{Code: code, Path: town.Child(strings.Clone(code)), Name: name, Kind: org.Division}
	if v.Check() != nil {
		return org.Region{}, errs.At("", "org.bad_row_name")
	}
	return v, errs.Field{}
}
