// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"time"

	"anlan/internal/platform/db"
)

// Table is where hazards lie, for the queries of hazard/desk.
const Table = "hazard_hazard AS hazard"

func one(ctx context.Context, q db.Q, where string, v any) (*Hazard, error) {
	h := new(Hazard)
	err := q.NewSelect().Model(h).ModelTableExpr(Table).Where(where, v).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, notFound()
	}
	return h, err
}

func byID(ctx context.Context, q db.Q, id string) (*Hazard, error) {
	return one(ctx, q, "hazard.id = ?", id)
}

func bySeq(ctx context.Context, q db.Q, seq int64) (*Hazard, error) {
	return one(ctx, q, "hazard.seq = ?", seq)
}

func byCode(ctx context.Context, q db.Q, hash []byte) (*Hazard, error) {
	return one(ctx, q, "hazard.code_hash = ?", hash)
}

// moving are the columns that a step may change.
var moving = []string{"unit_id", "unit_path", "lines", "class", "internal", "handler_unit", "handler_before", "was_internal",
	"status", "grade", "accident", "accident_list", "factor", "inspection", "standard", "clause", "master_id", "due_kind",
	"due", "due_rule", "deadline", "deadline_rule", "extension_until", "order_unit", "order_path", "order_place", "has_order",
	"has_plan", "has_receipts", "was_stopped", "resumed", "rectifiers", "reopened", "closed", "version"}

// save writes h back, unless somebody else moved it since it was read; then it is a
// Conflict. It raises h's version.
func save(ctx context.Context, tx db.Tx, h *Hazard) error {
	was := h.Version
	h.Version++
	res, err := tx.NewUpdate().Model(h).ModelTableExpr("hazard_hazard").Column(moving...).
		Where("id = ?", h.ID).Where("version = ?", was).Exec(ctx)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return conflict(h)
	}
	return nil
}

// insertMoved appends steps to the history.
func insertMoved(ctx context.Context, tx db.Tx, ms []Moved) error {
	if len(ms) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&ms).ModelTableExpr("hazard_history").Exec(ctx)
	return err
}

// historyOf returns the steps of a hazard, the first one first.
func historyOf(ctx context.Context, q db.Q, hazardID string) ([]Moved, error) {
	var ms []Moved
	err := q.NewSelect().Model(&ms).ModelTableExpr("hazard_history AS moved").Where("hazard_id = ?", hazardID).
		OrderExpr("version").Scan(ctx)
	return ms, err
}

// stepTaken reports whether a step with this key was taken before.
func stepTaken(ctx context.Context, q db.Q, hazardID, key string) (bool, error) {
	if key == "" {
		return false, nil
	}
	return q.NewSelect().TableExpr("hazard_history").Where("hazard_id = ?", hazardID).Where("step_key = ?", key).
		Where("step_key <> ''").Exists(ctx)
}

// claimLapsed takes up to limit hazards whose deadline is over and nobody has noticed. Two
// workers that call it at once never share one.
func claimLapsed(ctx context.Context, tx db.Tx, now time.Time, limit int) ([]*Hazard, error) {
	var hs []*Hazard
	err := db.SkipLocked(tx.NewSelect().Model(&hs).ModelTableExpr(Table).
		Where("hazard.status IN ('ordered', 'rectifying')").Where("hazard.deadline <= ?", now).
		OrderExpr("hazard.deadline").Limit(int64(limit))).Scan(ctx)
	return hs, err
}
