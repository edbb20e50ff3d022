// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

// countRow is how many entries of a kind and a word there are. The sum over all rows is the
// size of the log.
type countRow struct {
	bun.BaseModel `bun:"table:transparency_count,alias:c"`

	Kind LeafKind `bun:"kind,pk"`
	Word string   `bun:"word,pk"`
	N    int64    `bun:"n"`
}

func addCounts(ctx context.Context, tx db.Tx, rows []countRow) error {
	_, err := tx.NewInsert().Model(&rows).On("CONFLICT (kind, word) DO UPDATE").Set("n = c.n + excluded.n").Returning("NULL").Exec(ctx)
	return err
}

func allCounts(ctx context.Context, q db.Q) ([]countRow, error) {
	var rows []countRow
	err := q.NewSelect().Model(&rows).Scan(ctx)
	return rows, err
}

// countsBetween counts the entries from an index on, before another.
func countsBetween(ctx context.Context, q db.Q, from, before int64) ([]countRow, error) {
	var rows []countRow
	err := q.NewSelect().TableExpr("transparency_entry").ColumnExpr("kind, word, count(*) AS n").
		Where("idx >= ?", from).Where("idx < ?", before).GroupExpr("kind, word").Scan(ctx, &rows)
	return rows, err
}

// openRow is a received leaf after which something is awaited.
type openRow struct {
	bun.BaseModel `bun:"table:transparency_open,alias:o"`

	Idx   int64     `bun:"idx,pk"`
	Due   string    `bun:"due"`
	Since time.Time `bun:"since"`
}

const saveOpenSQL = "INSERT INTO transparency_open (idx, due, since) VALUES (?, ?, ?) ON CONFLICT (idx) DO UPDATE SET due = excluded.due, since = excluded.since"

func saveOpen(ctx context.Context, tx db.Tx, rows []openRow) error {
	if len(rows) == 0 {
		return nil
	}
	if db.IsPG(tx) {
		_, err := tx.NewInsert().Model(&rows).On("CONFLICT (idx) DO UPDATE").Set("due = excluded.due").Set("since = excluded.since").
			Returning("NULL").Exec(ctx)
		return err
	}
	st := db.Prepared(ctx, tx, saveOpenSQL)
	for i := range rows {
		if _, err := st.Exec(rows[i].Idx, rows[i].Due, rows[i].Since.UTC()); err != nil {
			return err
		}
	}
	return nil
}

func removeOpen(ctx context.Context, tx db.Tx, indexes []int64) error {
	if len(indexes) == 0 {
		return nil
	}
	_, err := tx.NewDelete().Model((*openRow)(nil)).Where("idx IN (?)", bun.List(indexes)).Exec(ctx)
	return err
}

// countOpen counts what is awaited of a due class since before a time; of every class and
// time with "".
func countOpen(ctx context.Context, q db.Q, due string, before time.Time) (int64, error) {
	sel := q.NewSelect().Model((*openRow)(nil))
	if due != "" {
		sel = sel.Where("due = ?", due).Where("since < ?", before)
	}
	n, err := sel.Count(ctx)
	return int64(n), err
}
