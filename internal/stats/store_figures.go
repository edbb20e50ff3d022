// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

// sum is a total of counters of one indicator.
type sum struct {
	Indicator string
	Region    place.Path
	Unit      string
	Dim       string
	Day       clock.Day
	N         int64
}

// selection says which counters are added up.
type selection struct {
	region  place.Path
	regions []place.Path // instead of region
	unit    string
	days    Days
	by      string // "day" or "region": a sum for each, not one for all
}

// read returns the sums that the book's indicators need: flows of the days, stocks
// of all days up to the last.
func (b *book) read(ctx context.Context, q db.Q, sel selection) ([]sum, error) {
	flows, err := sums(ctx, q, b.flow, sel)
	if err != nil {
		return nil, err
	}
	sel.days.From = ""
	stocks, err := sums(ctx, q, b.stock, sel)
	return append(flows, stocks...), err
}

func sums(ctx context.Context, q db.Q, keys []string, s selection) ([]sum, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	sel := q.NewSelect().TableExpr("stats_rollup").ColumnExpr("indicator, dim, CAST(SUM(n) AS BIGINT) AS n").
		GroupExpr("indicator, dim").
		Where("indicator IN (?)", bun.List(keys)).Where("unit = ?", s.unit).Where("day <= ?", s.days.To)
	if s.days.From != "" {
		sel = sel.Where("day >= ?", s.days.From)
	}
	if s.regions != nil {
		sel = sel.Where("region IN (?)", bun.List(s.regions))
	} else {
		sel = sel.Where("region = ?", s.region)
	}
	if s.by != "" {
		sel = sel.ColumnExpr("?", bun.Ident(s.by)).GroupExpr("?", bun.Ident(s.by))
	}
	var rows []sum
	err := sel.Scan(ctx, &rows)
	return rows, err
}

// childrenOf returns the regions directly under at for which one of the indicators
// has counters. It jumps from one child over all that lies below it to the next, so
// its time goes with the number of children and not with that of counters.
func childrenOf(ctx context.Context, q db.Q, keys []string, at place.Path) ([]place.Path, error) {
	var found []place.Path
	err := q.NewRaw(`
		WITH RECURSIVE child(indicator, region) AS (
			SELECT i.key, (SELECT min(r.region) FROM stats_rollup AS r
				WHERE r.indicator = i.key AND r.region > ? AND r.region < ?)
			FROM stats_indicator AS i WHERE i.key IN (?)
			UNION ALL
			SELECT c.indicator, (SELECT min(r.region) FROM stats_rollup AS r
				WHERE r.indicator = c.indicator AND r.region >= substr(c.region, 1, length(c.region) - 1) || '0' AND r.region < ?)
			FROM child AS c WHERE c.region IS NOT NULL
		)
		SELECT DISTINCT region FROM child WHERE region IS NOT NULL ORDER BY region`,
		at, db.PathEnd(string(at)), bun.List(keys), db.PathEnd(string(at))).Scan(ctx, &found)
	for i, p := range found { // a child whose counters were never other than 0 shows by what lies below it
		found[i] = p.At(at.Depth() + 1)
	}
	return slices.Compact(found), err
}

// topUnits returns the units at and below a place with the largest sums.
func topUnits(ctx context.Context, q db.Q, in Indicator, at place.Path, days Days, limit int) ([]sum, error) {
	sel := db.Under(q.NewSelect().TableExpr("stats_rollup"), "region", string(at)).
		ColumnExpr("indicator, unit, CAST(SUM(n) AS BIGINT) AS n").GroupExpr("indicator, unit").
		Where("indicator = ?", in.Key).Where("unit <> ''").Where("day <= ?", days.To).
		Having("SUM(n) > 0").OrderExpr("n DESC, unit").Limit(int64(limit))
	if days.From != "" && in.Op == Flow {
		sel = sel.Where("day >= ?", days.From)
	}
	var rows []sum
	err := sel.Scan(ctx, &rows)
	return rows, err
}
