// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type budgetRow struct {
	bun.BaseModel `bun:"table:reward_budget,alias:b"`

	OfficeID string `bun:"office_id,pk"`
	Year     int    `bun:"year,pk"`
	Fen      int64  `bun:"fen"`
	Used     int64  `bun:"used"`
	Warn     int64  `bun:"warn"`
	Warned   bool   `bun:"warned"`
	Version  int    `bun:"version"`
}

// budgetOf returns a budget, nil when there is none.
func budgetOf(ctx context.Context, q db.Q, officeID string, year int) (*Budget, error) {
	var w budgetRow
	err := q.NewSelect().Model(&w).Where("office_id = ?", officeID).Where("year = ?", year).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, nil
	}
	return &Budget{w.OfficeID, w.Year, w.Fen, w.Used, w.Warn, w.Warned, w.Version}, err
}

// saveBudget writes what people set of b; what is used moves by take and release alone.
func saveBudget(ctx context.Context, tx db.Tx, b *Budget) error {
	if b.Version == 0 {
		w := &budgetRow{OfficeID: b.OfficeID, Year: b.Year, Fen: b.Fen, Warn: b.Warn, Version: 1}
		if _, err := tx.NewInsert().Model(w).Exec(ctx); db.IsUnique(err) {
			return errs.New(errs.Conflict, "reward.changed")
		} else if err != nil {
			return err
		}
		b.Version = 1
		return nil
	}
	res, err := budgetRows(tx, b.OfficeID, b.Year).Set("fen = ?", b.Fen).Set("warn = ?", b.Warn).Set("warned = ?", b.Warned).
		Set("version = version + 1").Where("version = ?", b.Version).Where("used <= ?", b.Fen).Exec(ctx)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 && b.Used > b.Fen {
		return errs.New(errs.Conflict, "reward.below_used", "used", b.Used/fenPerYuan)
	} else if n == 0 {
		return errs.New(errs.Conflict, "reward.changed")
	}
	b.Version++
	return nil
}

func budgetRows(tx db.Tx, officeID string, year int) *bun.UpdateQuery {
	return tx.NewUpdate().Model((*budgetRow)(nil)).Where("office_id = ?", officeID).Where("year = ?", year)
}

// take uses fen of a budget and reports whether there was as much.
func take(ctx context.Context, tx db.Tx, officeID string, year int, fen int64) (bool, error) {
	res, err := budgetRows(tx, officeID, year).Set("used = used + ?", fen).Where("used + ? <= fen", fen).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// release gives fen back to a budget.
func release(ctx context.Context, tx db.Tx, officeID string, year int, fen int64) error {
	_, err := budgetRows(tx, officeID, year).Set("used = used - ?", fen).Exec(ctx)
	return err
}

func markWarned(ctx context.Context, tx db.Tx, b *Budget) error {
	_, err := budgetRows(tx, b.OfficeID, b.Year).Set("warned = ?", true).Exec(ctx)
	return err
}
