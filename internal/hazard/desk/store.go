// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"

	"anlan/internal/hazard"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
	"anlan/internal/platform/search"
)

const (
	table       = "hazard_search"
	countyDepth = 3 // of a place.Path
	townDepth   = 4
	shownWords  = 121 // characters of a report that a list reads: one more than it shows
)

// shown are the columns that a list needs, the words apart.
var shown = []string{"seq", "id", "status", "grade", "class", "spot", "danger", "photos", "source", "channel", "place", "unit_id",
	"lines", "handler_unit", "internal", "campaign", "created", "due", "due_kind", "deadline", "closed", "reopened", "version"}

// list returns up to limit hazards of an area behind a cursor.
func list(ctx context.Context, q db.Q, f *Filter, a area, after cursor, limit int) ([]*hazard.Hazard, error) {
	var hs []*hazard.Hazard
	err := listQuery(q, &hs, f, a, after).Limit(int64(limit)).Scan(ctx)
	return hs, err
}

func listQuery(q db.Q, into *[]*hazard.Hazard, f *Filter, a area, after cursor) *bun.SelectQuery {
	sel := q.NewSelect().Model(into).ModelTableExpr(hazard.Table).ColumnExpr("substr(hazard.words, 1, ?) AS words", shownWords)
	for _, c := range shown {
		sel = sel.ColumnExpr("hazard.?", bun.Ident(c))
	}
	return inOrder(narrow(where(sel, f, a), f), f, after)
}

// unindexed names a column so that SQLite does not choose its index: without statistics it
// takes any equality for rare. PostgreSQL knows how frequent values are.
func unindexed(q *bun.SelectQuery, column string) bun.Safe {
	if q.Dialect().Name() == dialect.PG {
		return bun.Safe("hazard." + column)
	}
	return bun.Safe("+hazard." + column)
}

// where limits q to an area. A county or a town is an equality, so that an index gives the
// hazards in the order of the list.
func where(q *bun.SelectQuery, f *Filter, a area) *bun.SelectQuery {
	if a.reporter != "" {
		q = q.Where("hazard.reporter_id = ?", a.reporter).Where("hazard.reporter_id <> ''")
	}
	if a.handler != "" {
		q = q.Where("hazard.handler_unit = ?", a.handler)
	}
	if a.unitPath != "" {
		q = db.Under(q, "hazard.unit_path", a.unitPath).Where("hazard.unit_path <> ''")
	}
	if a.place != "" {
		q = inPlace(q, f, a)
	}
	if a.line != "" {
		q = q.Where("hazard.lines LIKE ?", "%,"+a.line+",%")
	}
	return q
}

// inPlace limits q to the place of an area. Where something narrower leads the query (a unit;
// for a county also a status, the due time or words), the place only filters.
func inPlace(q *bun.SelectQuery, f *Filter, a area) *bun.SelectQuery {
	p, county, town := a.place, bun.Safe("hazard.at_county"), bun.Safe("hazard.at_town")
	if a.unitPath != "" {
		town = unindexed(q, "at_town")
	}
	if a.unitPath != "" || len(f.Status) == 1 || f.Sort == ByDue || f.Words != "" {
		county = unindexed(q, "at_county")
	}
	switch d := p.Depth(); {
	case d < countyDepth:
		if p == place.Nation {
			return q
		}
		return q.Where("? >= ?", unindexed(q, "place"), p).Where("? < ?", unindexed(q, "place"), db.PathEnd(string(p)))
	case d == countyDepth:
		return q.Where("? = ?", county, p)
	case d == townDepth:
		return q.Where("? = ?", town, p)
	default:
		return db.Under(q.Where("? = ?", town, p.At(townDepth)), "hazard.place", string(p))
	}
}

// narrow limits q to what the filter asks for within an area.
func narrow(q *bun.SelectQuery, f *Filter) *bun.SelectQuery {
	switch len(f.Status) {
	case 0:
		if f.Open {
			q = q.Where("? NOT IN ('closed', 'rejected', 'duplicate')", unindexed(q, "status"))
		}
	case 1:
		q = q.Where("hazard.status = ?", f.Status[0])
	default:
		q = q.Where("? IN (?)", unindexed(q, "status"), bun.List(f.Status))
	}
	for _, c := range []struct{ column, value string }{
		{"grade", string(f.Grade)}, {"class", f.Class}, {"source", f.Source}, {"campaign", f.Campaign},
	} {
		if c.value != "" {
			q = q.Where("hazard.? = ?", bun.Ident(c.column), c.value)
		}
	}
	if len(f.IDs) > 0 {
		q = q.Where("hazard.id IN (?)", bun.List(f.IDs))
	}
	if f.Line != "" {
		q = q.Where("hazard.lines LIKE ?", "%,"+f.Line+",%")
	}
	if f.Danger {
		q = q.Where("hazard.danger")
	}
	if f.From != "" {
		q = q.Where("hazard.created >= ?", f.From.Start())
	}
	if f.To != "" {
		q = q.Where("hazard.created < ?", f.To.End())
	}
	return q
}

// inOrder adds the order, the cursor and, when words are searched, the index of words: hits
// then come newest first, and the search stops when a page is full.
func inOrder(q *bun.SelectQuery, f *Filter, after cursor) *bun.SelectQuery {
	switch {
	case f.Words != "":
		q = search.Match(q, table, "hazard.seq", f.Words).OrderExpr("found.rowid DESC")
		if after.Seq > 0 {
			q = q.Where("found.rowid < ?", after.Seq)
		}
	case f.Sort == ByDue:
		q = q.Where("hazard.due IS NOT NULL").OrderExpr("hazard.due, hazard.seq")
		if after.Due != nil {
			q = q.Where("(hazard.due, hazard.seq) > (?, ?)", *after.Due, after.Seq)
		}
	default:
		q = q.OrderExpr("hazard.seq DESC")
		if after.Seq > 0 {
			q = q.Where("hazard.seq < ?", after.Seq)
		}
	}
	return q
}

// findable returns of hazards what can be searched.
func findable(ctx context.Context, q db.Q, ids []string) ([]*hazard.Hazard, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var hs []*hazard.Hazard
	err := q.NewSelect().Model(&hs).ModelTableExpr(hazard.Table).Column("seq", "words", "spot", "unit_id").
		Where("hazard.id IN (?)", bun.List(ids)).Scan(ctx)
	return hs, err
}
