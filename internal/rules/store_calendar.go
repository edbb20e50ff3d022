// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type yearRow struct {
	bun.BaseModel `bun:"table:rules_year,alias:y"`

	Year      int    `bun:"year,pk"`
	SourceDoc string `bun:"source_doc"`
	Builtin   bool   `bun:"builtin"`
	Version   int    `bun:"version"`
}

type dayRow struct {
	bun.BaseModel `bun:"table:rules_day,alias:d"`

	Year int       `bun:"year,pk"`
	Day  clock.Day `bun:"day,pk"`
	Kind DayKind   `bun:"kind"`
	Name string    `bun:"name"`
}

func allYears(ctx context.Context, q db.Q) ([]Year, error) {
	var rows []yearRow
	if err := q.NewSelect().Model(&rows).OrderExpr("year").Scan(ctx); err != nil {
		return nil, err
	}
	var days []dayRow
	if err := q.NewSelect().Model(&days).OrderExpr("year, day").Scan(ctx); err != nil {
		return nil, err
	}
	years := make([]Year, len(rows))
	at := map[int]int{}
	for i, r := range rows {
		years[i] = Year{Year: r.Year, Announced: true, SourceDoc: r.SourceDoc, Builtin: r.Builtin, Version: r.Version}
		at[r.Year] = i
	}
	for _, d := range days {
		if i, ok := at[d.Year]; ok { // always: a day is written with its year
			years[i].Days = append(years[i].Days, SpecialDay{Day: d.Day, Kind: d.Kind, Name: d.Name})
		}
	}
	return years, nil
}

// addYears stores the built-in calendars that are not there yet.
func addYears(ctx context.Context, tx db.Tx, years []Year) error {
	for _, y := range years {
		res, err := tx.NewInsert().Model(&yearRow{Year: y.Year, SourceDoc: y.SourceDoc, Builtin: y.Builtin, Version: y.Version}).
			On("CONFLICT DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 0 {
			continue
		}
		if err := insertDays(ctx, tx, y); err != nil {
			return err
		}
	}
	return nil
}

// saveYear puts y in the place of what is stored at version y.Version (0: nothing yet).
func saveYear(ctx context.Context, tx db.Tx, y Year) error {
	row := &yearRow{Year: y.Year, SourceDoc: y.SourceDoc, Version: y.Version + 1}
	var changed int64
	if y.Version == 0 {
		res, err := tx.NewInsert().Model(row).On("CONFLICT DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
		changed, _ = res.RowsAffected()
	} else {
		res, err := tx.NewUpdate().Model(row).WherePK().Where("version = ?", y.Version).Exec(ctx)
		if err != nil {
			return err
		}
		changed, _ = res.RowsAffected()
	}
	if changed == 0 {
		return errs.New(errs.Conflict, "rules.changed")
	}
	if _, err := tx.NewDelete().Model((*dayRow)(nil)).Where("year = ?", y.Year).Exec(ctx); err != nil {
		return err
	}
	return insertDays(ctx, tx, y)
}

func insertDays(ctx context.Context, tx db.Tx, y Year) error {
	rows := make([]dayRow, len(y.Days))
	for i, d := range y.Days {
		rows[i] = dayRow{Year: y.Year, Day: d.Day, Kind: d.Kind, Name: d.Name}
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}
