// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/hazard"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

const exports = "hazard_export AS export"

func insertExport(ctx context.Context, tx db.Tx, e *Export) error {
	_, err := tx.NewInsert().Model(e).ModelTableExpr("hazard_export").Exec(ctx)
	return err
}

func saveExport(ctx context.Context, tx db.Tx, e *Export) error {
	_, err := tx.NewUpdate().Model(e).ModelTableExpr("hazard_export").Column("state", "done", "total", "file").
		Where("id = ?", e.ID).Exec(ctx)
	return err
}

func deleteExport(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.NewRaw(`DELETE FROM hazard_export WHERE id = ?`, id).Exec(ctx)
	return err
}

func exportByID(ctx context.Context, q db.Q, id string) (*Export, error) {
	e := new(Export)
	err := q.NewSelect().Model(e).ModelTableExpr(exports).Where("id = ?", id).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "hazard.no_export")
	}
	return e, err
}

// unfinished reports whether an export of the person, begun since a time, is not done.
func unfinished(ctx context.Context, q db.Q, person string, since time.Time) (bool, error) {
	return q.NewSelect().TableExpr(exports).Where("person_id = ?", person).Where("created > ?", since).
		Where("state IN (?)", bun.List([]ExportState{Waits, Runs})).Exists(ctx)
}

func exportsBefore(ctx context.Context, q db.Q, before time.Time, limit int) ([]Export, error) {
	var es []Export
	err := q.NewSelect().Model(&es).ModelTableExpr(exports).Where("created < ?", before).OrderExpr("id").Limit(int64(limit)).Scan(ctx)
	return es, err
}

func countRows(ctx context.Context, q db.Q, f *Filter, a area, most int) (int, error) {
	some := narrow(where(q.NewSelect().ModelTableExpr(hazard.Table).ColumnExpr("1"), f, a), f).Limit(int64(most))
	all := *f
	all.Sort = ""
	n, err := q.NewSelect().TableExpr("(?) AS s", inOrder(some, &all, cursor{})).Count(ctx)
	return int(n), err
}

func idsOf(hs []*hazard.Hazard) []string {
	ids := make([]string, len(hs))
	for i, h := range hs {
		ids[i] = h.ID
	}
	return ids
}

// wholeOf returns hazards with all their words, by id.
func wholeOf(ctx context.Context, q db.Q, shown []*hazard.Hazard) (map[string]*hazard.Hazard, error) {
	var hs []*hazard.Hazard
	err := listOf(ctx, q, &hs, hazard.Table, "hazard.id", shown, "hazard.seq")
	out := make(map[string]*hazard.Hazard, len(hs))
	for _, h := range hs {
		out[h.ID] = h
	}
	return out, err
}

// ordersOf returns the last order of each hazard that has one, by hazard.
func ordersOf(ctx context.Context, q db.Q, shown []*hazard.Hazard) (map[string]*hazard.RectificationPlan, error) {
	var ps []*hazard.RectificationPlan
	err := listOf(ctx, q, &ps, "hazard_order AS rectification_plan", "rectification_plan.hazard_id", shown, "rectification_plan.version")
	out := make(map[string]*hazard.RectificationPlan, len(ps))
	for _, p := range ps {
		out[p.HazardID] = p
	}
	return out, err
}

// acceptancesOf returns the last acceptance of each hazard that has one, by hazard.
func acceptancesOf(ctx context.Context, q db.Q, shown []*hazard.Hazard) (map[string]*hazard.Moved, error) {
	var ms []*hazard.Moved
	if len(shown) == 0 {
		return nil, nil
	}
	err := q.NewSelect().Model(&ms).ModelTableExpr("hazard_history AS moved").Where("moved.hazard_id IN (?)", bun.List(idsOf(shown))).
		Where("moved.action = ?", hazard.Accept).OrderExpr("moved.version").Scan(ctx)
	out := make(map[string]*hazard.Moved, len(ms))
	for _, m := range ms {
		out[m.HazardID] = m
	}
	return out, err
}

func listOf(ctx context.Context, q db.Q, into any, from, column string, shown []*hazard.Hazard, order string) error {
	if len(shown) == 0 {
		return nil
	}
	return q.NewSelect().Model(into).ModelTableExpr(from).Where("? IN (?)", bun.Ident(column), bun.List(idsOf(shown))).
		OrderExpr(order).Scan(ctx)
}
