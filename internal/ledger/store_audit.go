// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/actor"
	"anlan/internal/platform/db"
)

func list(ctx context.Context, q db.Q, f Filter, before *Pos, limit int) ([]Entry, error) {
	var rows []row
	sel := filtered(q.NewSelect().Model(&rows), f).Limit(int64(limit))
	if db.IsPG(q) {
		sel = sel.OrderExpr("tx DESC, seq DESC")
		if before != nil {
			sel = sel.Where("(tx, seq) < (?, ?)", before.Tx, before.Seq)
		}
	} else {
		sel = sel.OrderExpr("seq DESC")
		if before != nil {
			sel = sel.Where("seq < ?", before.Seq)
		}
	}
	if err := sel.Scan(ctx); err != nil {
		return nil, err
	}
	return entries(rows)
}

func filtered(sel *bun.SelectQuery, f Filter) *bun.SelectQuery {
	if f.Place != "" {
		sel = db.Under(sel, "place", string(f.Place))
	}
	if len(f.Kinds) > 0 {
		sel = sel.Where("kind IN (?)", bun.List(f.Kinds))
	}
	if f.Unit != "" {
		sel = sel.Where("unit_id = ?", f.Unit)
	}
	if f.UnitPath != "" {
		sel = db.Under(sel, "unit_path", f.UnitPath)
	}
	if f.Subject != "" {
		sel = sel.Where("subject = ?", f.Subject)
	}
	if f.Actor != "" {
		sel = sel.Where("actor = ?", f.Actor).Where("actor <> ''") // the index is a partial one
	}
	if !f.From.IsZero() {
		sel = sel.Where("happened >= ?", f.From)
	}
	if !f.To.IsZero() {
		sel = sel.Where("happened < ?", f.To)
	}
	if f.Within == nil {
		return sel
	}
	return sel.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("1 = 0")
		for _, s := range f.Within {
			q = within(q, s)
		}
		return q
	})
}

// within adds to q the entries that lie in s.
func within(q *bun.SelectQuery, s actor.Scope) *bun.SelectQuery {
	switch {
	case s.Trunk == actor.Territory && s.Place != "":
		return q.WhereOr("place >= ? AND place < ?", s.Place, db.PathEnd(string(s.Place)))
	case s.Trunk == actor.Group && s.Unit != "":
		return q.WhereOr("unit_path >= ? AND unit_path < ?", s.Unit, db.PathEnd(s.Unit))
	}
	return q
}

func byIDs(ctx context.Context, q db.Q, ids []string) ([]Entry, error) {
	var rows []row
	if err := q.NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, err
	}
	return entries(rows)
}

func firstCorrections(ctx context.Context, q db.Q, ids []string) (map[string]Pos, error) {
	var rows []row
	err := q.NewSelect().Model(&rows).Column("corrects", "tx", "seq").
		Where("corrects IN (?)", bun.List(ids)).Where("corrects <> ''").Scan(ctx)
	first := make(map[string]Pos, len(rows))
	for _, r := range rows {
		at := Pos{r.Tx, r.Seq}
		if seen, ok := first[r.Corrects]; !ok || at.Before(seen) {
			first[r.Corrects] = at
		}
	}
	return first, err
}

func lockCursor(ctx context.Context, tx db.Tx, reader string) (Pos, error) {
	var c cursorRow
	sel := tx.NewSelect().Model(&c).Where("reader = ?", reader)
	if db.IsPG(tx) {
		sel = sel.For("UPDATE")
	}
	err := sel.Scan(ctx)
	return Pos{c.Tx, c.Seq}, err
}

func between(ctx context.Context, q db.Q, after, upto Pos, limit int) ([]Entry, error) {
	var rows []row
	sel := q.NewSelect().Model(&rows).Limit(int64(limit))
	if db.IsPG(q) {
		sel = sel.Where("(tx, seq) > (?, ?)", after.Tx, after.Seq).Where("(tx, seq) <= (?, ?)", upto.Tx, upto.Seq).
			OrderExpr("tx, seq")
	} else {
		sel = sel.Where("seq > ?", after.Seq).Where("seq <= ?", upto.Seq).OrderExpr("seq")
	}
	if err := sel.Scan(ctx); err != nil {
		return nil, err
	}
	return entries(rows)
}
