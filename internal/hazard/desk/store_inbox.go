// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"

	"github.com/uptrace/bun"

	"anlan/internal/hazard"
	"anlan/internal/platform/db"
)

// waiting returns up to limit hazards that wait at a post behind a key, in order of due: those
// in immediate danger, or the others.
func waiting(ctx context.Context, q db.Q, p post, w WaitFilter, danger bool, after inboxKey, limit int) ([]*hazard.Hazard, error) {
	var hs []*hazard.Hazard
	sel := among(at(q.NewSelect().Model(&hs).ModelTableExpr(hazard.Table).ExcludeColumn("words"), p), w).
		ColumnExpr("substr(hazard.words, 1, ?) AS words", shownWords).OrderExpr("hazard.due, hazard.seq").Limit(int64(limit))
	if danger {
		sel = sel.Where("hazard.danger AND hazard.status = 'reported'")
	} else {
		sel = sel.Where("NOT (hazard.danger AND hazard.status = 'reported')")
	}
	if after.Seq > 0 {
		sel = sel.Where("(hazard.due, hazard.seq) > (?, ?)", after.Due, after.Seq)
	}
	err := sel.Scan(ctx)
	return hs, err
}

// at limits q to what waits at a post.
func at(q *bun.SelectQuery, p post) *bun.SelectQuery {
	q = q.Where("hazard.due IS NOT NULL")
	if p.handler != "" {
		return q.Where("hazard.handler_unit = ?", p.handler).Where("hazard.status IN (?)", bun.List(deskWaits))
	}
	return db.Under(q, "hazard.unit_path", p.unitPath).Where("hazard.unit_path <> ''").
		Where("(hazard.internal OR hazard.status IN (?))", bun.List(unitWaits))
}

// among limits q to what the reader of an inbox chose.
func among(q *bun.SelectQuery, w WaitFilter) *bun.SelectQuery {
	if w.Status != "" {
		q = q.Where("hazard.status = ?", w.Status)
	}
	switch w.Clock {
	case Late:
		q = q.Where("hazard.due <= ?", w.now)
	case Today:
		q = q.Where("hazard.due > ?", w.now).Where("hazard.due <= ?", w.midnight)
	case Later:
		q = q.Where("hazard.due > ?", w.midnight)
	}
	return q
}

type waitCount struct {
	Status hazard.Status `bun:"status"`
	N      int           `bun:"n"`
	Late   int           `bun:"late"`  // of n
	Today  int           `bun:"today"` // of n
}

// countWaiting counts what waits at a post by status and clock, up to most in all.
func countWaiting(ctx context.Context, q db.Q, p post, w WaitFilter, most int) ([]waitCount, error) {
	var out []waitCount
	some := at(q.NewSelect().ModelTableExpr(hazard.Table).ColumnExpr("hazard.status, hazard.due"), p).Limit(int64(most))
	err := q.NewSelect().TableExpr("(?) AS s", some).ColumnExpr("status, count(*) AS n").
		ColumnExpr("sum(CASE WHEN due <= ? THEN 1 ELSE 0 END) AS late", w.now).
		ColumnExpr("sum(CASE WHEN due > ? AND due <= ? THEN 1 ELSE 0 END) AS today", w.now, w.midnight).
		GroupExpr("status").Scan(ctx, &out)
	return out, err
}
