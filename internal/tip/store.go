// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"strings"

	"anlan/internal/kernel/id"
	"anlan/internal/platform/db"
)

// Table is where tips lie, for the queries of tip/desk.
const Table = "tip_tip AS tip"

func one(ctx context.Context, q db.Q, where string, v any) (*Tip, error) {
	t := new(Tip)
	err := q.NewSelect().Model(t).ModelTableExpr(Table).Where(where, v).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, notFound()
	}
	return t, err
}

func byID(ctx context.Context, q db.Q, id string) (*Tip, error) {
	return one(ctx, q, "tip.id = ?", id)
}

func byIDOrNo(ctx context.Context, q db.Q, idOrNo string) (*Tip, error) {
	if id.Valid(idOrNo) {
		return byID(ctx, q, idOrNo)
	}
	return one(ctx, q, "tip.no = ?", strings.ToUpper(strings.TrimSpace(idOrNo)))
}

func byLookup(ctx context.Context, q db.Q, hash []byte) (*Tip, error) {
	return one(ctx, q, "tip.lookup_hash = ?", hash)
}

// moving are the columns that a step may change. opened, unread and hazard_status change
// between steps, by statements of their own.
var moving = []string{"channel_id", "generation", "office", "office_place", "class", "status", "assignee", "master_id", "hazard_id", "reason",
	"conclusion", "rewardable", "answered", "extension", "objections", "due_kind", "due", "due_rule", "due_from", "named", "asker", "escalated",
	"insufficient", "concluded_office", "hand_to", "erasure", "version"}

// save writes t back, unless somebody else moved it since it was read; then it is a
// Conflict. It raises t's version.
func save(ctx context.Context, tx db.Tx, t *Tip) error {
	was := t.Version
	t.Version++
	res, err := tx.NewUpdate().Model(t).ModelTableExpr("tip_tip").Column(moving...).
		Where("id = ?", t.ID).Where("version = ?", was).Exec(ctx)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return conflict(t)
	}
	return nil
}

func insertMoved(ctx context.Context, tx db.Tx, m *Moved) error {
	_, err := tx.NewInsert().Model(m).ModelTableExpr("tip_history").Exec(ctx)
	return err
}

// historyOf returns the steps of a tip, the first one first.
func historyOf(ctx context.Context, q db.Q, tipID string) ([]Moved, error) {
	var ms []Moved
	err := q.NewSelect().Model(&ms).ModelTableExpr("tip_history AS moved").Where("tip_id = ?", tipID).
		OrderExpr("version").Scan(ctx)
	return ms, err
}
