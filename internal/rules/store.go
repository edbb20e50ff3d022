// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

type ruleRow struct {
	bun.BaseModel `bun:"table:rules_rule,alias:r"`
	Rule
}

// allRules returns every rule there is: some hundreds in a province.
func allRules(ctx context.Context, q db.Q) ([]Rule, error) {
	var rows []ruleRow
	err := q.NewSelect().Model(&rows).OrderExpr("id").Scan(ctx)
	return plain(rows), err
}

func plain(rows []ruleRow) []Rule {
	out := make([]Rule, len(rows))
	for i, r := range rows {
		out[i] = r.Rule
		out[i].Created = r.Created.UTC()
	}
	return out
}

// Filter says which rules a list shows.
type Filter struct {
	Key    string
	Place  place.Path   // rules that apply there or below; "" for all
	On     clock.Day    // rules valid that day; "" for all
	scopes []place.Path // rules that apply in one of these places or below
}

type ruleCursor struct {
	Key  string    `json:"k"`
	From clock.Day `json:"f"`
	ID   string    `json:"i"`
}

// listRules returns rules by key, the newest first.
func listRules(ctx context.Context, q db.Q, f Filter, after ruleCursor, limit int) ([]Rule, error) {
	var rows []ruleRow
	sel := q.NewSelect().Model(&rows).OrderExpr("key, valid_from DESC, id").Limit(int64(limit))
	if f.Key != "" {
		sel = sel.Where("key = ?", f.Key)
	}
	if f.On != "" {
		sel = sel.Where("valid_from <= ?", f.On).Where("(valid_to = '' OR valid_to >= ?)", f.On)
	}
	if f.Place != "" {
		sel = sel.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery { return touching(q, f.Place) })
	}
	sel = sel.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		for _, p := range f.scopes {
			q = touching(q, p)
		}
		return q
	})
	if after.ID != "" {
		sel = sel.Where("(key > ? OR key = ? AND (valid_from < ? OR valid_from = ? AND id > ?))",
			after.Key, after.Key, after.From, after.From, after.ID)
	}
	err := sel.Scan(ctx)
	return plain(rows), err
}

// touching adds to q the rules made above p, at p and below it.
func touching(q *bun.SelectQuery, p place.Path) *bun.SelectQuery {
	return q.WhereOr("place IN (?)", bun.List(p.Chain())).
		WhereOr("place >= ? AND place < ?", p, db.PathEnd(string(p)))
}

func getRule(ctx context.Context, q db.Q, id string) (Rule, error) {
	var row ruleRow
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	if db.IsNoRows(err) {
		return Rule{}, errs.New(errs.NotFound, "rules.not_found")
	}
	return row.Rule, err
}

func insertRule(ctx context.Context, tx db.Tx, r Rule) error {
	_, err := tx.NewInsert().Model(&ruleRow{Rule: r}).Exec(ctx)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, "rules.exists", "key", r.Key, "from", r.ValidFrom)
	}
	return err
}

// addDefaults stores the national defaults that are not there yet.
func addDefaults(ctx context.Context, tx db.Tx, rules []Rule) error {
	rows := make([]ruleRow, len(rules))
	for i, r := range rules {
		rows[i].Rule = r
	}
	_, err := tx.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// endRule sets the last day of the rule, unless somebody changed it since it was read.
func endRule(ctx context.Context, tx db.Tx, r Rule) error {
	res, err := tx.NewUpdate().Model((*ruleRow)(nil)).Set("valid_to = ?", r.ValidTo).Set("version = version + 1").
		Where("id = ?", r.ID).Where("version = ?", r.Version).Exec(ctx)
	if db.IsUnique(err) { // taken back, replaced, and now to hold again
		return errs.New(errs.Conflict, "rules.exists", "key", r.Key, "from", r.ValidFrom)
	}
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return errs.New(errs.Conflict, "rules.changed")
	}
	return nil
}

// generation counts the changes of rules and calendars, so that other processes
// notice them.
func generation(ctx context.Context, q db.Q) (int64, error) {
	var n int64
	err := q.NewRaw(`SELECT n FROM rules_generation WHERE id = 1`).Scan(ctx, &n)
	return n, err
}

func nextGeneration(ctx context.Context, tx db.Tx) error {
	_, err := tx.NewRaw(`UPDATE rules_generation SET n = n + 1 WHERE id = 1`).Exec(ctx)
	return err
}
