// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"

	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
	"anlan/internal/tip"
)

// shown are the columns that a list needs.
var shown = []string{"seq", "id", "no", "office", "office_place", "place", "class", "unit_id", "unit_path", "source", "danger", "named",
	"quarantined", "received", "status", "assignee", "master_id", "hazard_id", "hazard_status", "conclusion", "extension", "objections",
	"due_kind", "due", "opened", "unread", "escalated", "erasure", "version"}

// list returns up to limit tips of an area behind a cursor.
func list(ctx context.Context, q db.Q, f *Filter, a area, after cursor, limit int) ([]*tip.Tip, error) {
	var ts []*tip.Tip
	sel := q.NewSelect().Model(&ts).ModelTableExpr(tip.Table)
	for _, c := range shown {
		sel = sel.ColumnExpr("tip.?", bun.Ident(c))
	}
	sel, err := where(ctx, q, sel, a)
	if err != nil {
		return nil, err
	}
	return ts, inOrder(narrow(sel, f, a.now), f, after).Limit(int64(limit)).Scan(ctx)
}

// few is how many tips of offices below are sorted without a thought.
const few = 2000

// where limits sel to an area, and keeps from its reader what concerns their own.
func where(ctx context.Context, q db.Q, sel *bun.SelectQuery, a area) (*bun.SelectQuery, error) {
	if a.office != "" {
		sel = sel.Where("tip.office = ?", a.office)
	}
	if a.assignee != "" {
		sel = sel.Where("tip.assignee = ?", a.assignee)
	}
	for _, root := range a.kin {
		sel = sel.Where("tip.unit_path NOT LIKE ?", root+"/%")
	}
	if a.below == "" {
		return sel, nil
	}
	column := bun.Safe("tip.office_place")
	if a.office != "" {
		column = unindexed(q)
	} else if many, err := crowded(ctx, q, a.below); err != nil {
		return nil, err
	} else if many { // then a page is full soon in the order of arrival
		column = unindexed(q)
	}
	sel = sel.Where("? > ?", column, a.below).Where("? < ?", column, db.PathEnd(string(a.below)))
	return sel.WhereGroup(" AND ", func(sel *bun.SelectQuery) *bun.SelectQuery {
		for _, p := range a.scopes {
			sel = sel.WhereGroup(" OR ", func(sel *bun.SelectQuery) *bun.SelectQuery {
				return sel.Where("? >= ?", unindexed(q), p).Where("? < ?", unindexed(q), db.PathEnd(string(p)))
			})
		}
		return sel
	}), nil
}

// unindexed names the place of the office so that SQLite does not choose its index.
// PostgreSQL knows how frequent values are.
func unindexed(q db.Q) bun.Safe {
	if q.Dialect().Name() == dialect.PG {
		return "tip.office_place"
	}
	return "+tip.office_place"
}

// crowded reports whether offices below a place have more than few tips.
func crowded(ctx context.Context, q db.Q, p place.Path) (bool, error) {
	n, err := q.NewSelect().TableExpr("(?) AS first_ones", q.NewSelect().TableExpr("tip_tip").ColumnExpr("1").
		Where("office_place > ?", p).Where("office_place < ?", db.PathEnd(string(p))).Limit(few+1)).Count(ctx)
	return n > few, err
}

// narrow limits sel to what the filter asks for within an area.
func narrow(sel *bun.SelectQuery, f *Filter, now time.Time) *bun.SelectQuery {
	if len(f.Status) > 0 {
		sel = sel.Where("tip.status IN (?)", bun.List(f.Status))
	}
	if f.Open {
		sel = sel.Where("tip.status NOT IN (?)", bun.List([]tip.Status{tip.Closed, tip.Refused, tip.Merged, tip.Withdrawn}))
	}
	if f.Late {
		sel = sel.Where("tip.due <= ?", now)
	}
	if f.Late || f.Sort == ByDue {
		sel = sel.Where("tip.due_kind IN (?)", bun.List(tip.LateKinds))
	}
	for _, c := range []struct{ column, value string }{{"class", string(f.Class)}, {"source", f.Source}} {
		if c.value != "" {
			sel = sel.Where("tip.? = ?", bun.Ident(c.column), c.value)
		}
	}
	for _, c := range []struct {
		condition string
		on        bool
	}{{"tip.danger", f.Danger}, {"tip.quarantined", f.Quarantined}, {"tip.unread > 0", f.Unread}} {
		if c.on {
			sel = sel.Where(c.condition)
		}
	}
	return sel
}

// inOrder adds the order and the cursor.
func inOrder(sel *bun.SelectQuery, f *Filter, after cursor) *bun.SelectQuery {
	if f.Sort == ByDue {
		sel = sel.Where("tip.due IS NOT NULL").OrderExpr("tip.due, tip.seq")
		if after.Due != nil {
			sel = sel.Where("(tip.due, tip.seq) > (?, ?)", *after.Due, after.Seq)
		}
		return sel
	}
	sel = sel.OrderExpr("tip.seq DESC")
	if after.Seq > 0 {
		sel = sel.Where("tip.seq < ?", after.Seq)
	}
	return sel
}

// alike returns up to limit tips that came since a time and concern the same unit, or the
// same class at the same place, the newest first.
func alike(ctx context.Context, q db.Q, h Hint, a area, limit int) ([]*tip.Tip, error) {
	var ts []*tip.Tip
	sel := q.NewSelect().Model(&ts).ModelTableExpr(tip.Table)
	for _, c := range shown {
		sel = sel.ColumnExpr("tip.?", bun.Ident(c))
	}
	sel, err := where(ctx, q, sel, a)
	if err != nil {
		return nil, err
	}
	return ts, sel.Where("tip.received >= ?", h.Since).Where("tip.id <> ?", h.not).WhereGroup(" AND ", func(sel *bun.SelectQuery) *bun.SelectQuery {
		sel = sel.Where("tip.place = ? AND tip.class = ?", h.Place, h.Class)
		if h.Unit != "" {
			sel = sel.WhereOr("tip.unit_id = ? AND tip.unit_id <> ''", h.Unit)
		}
		return sel
	}).OrderExpr("tip.seq DESC").Limit(int64(limit)).Scan(ctx)
}
