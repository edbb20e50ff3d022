// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

type grantRow struct {
	bun.BaseModel `bun:"table:org_grant,alias:g"`

	ID       string     `bun:"id,pk"`
	PersonID string     `bun:"person_id"`
	UnitID   string     `bun:"unit_id"`
	Role     string     `bun:"role"`
	Place    place.Path `bun:"place"` // "" for roles of the group trunk
	Line     string     `bun:"line"`  // "" but for roles of a line
	Granted  time.Time  `bun:"granted"`
}

func (r *grantRow) grant() Grant {
	return Grant{ID: r.ID, PersonID: r.PersonID, UnitID: r.UnitID, Role: r.Role, Place: r.Place, Line: r.Line, Granted: r.Granted.UTC()}
}

func insertGrant(ctx context.Context, tx db.Tx, g *Grant) error {
	row := grantRow{ID: g.ID, PersonID: g.PersonID, UnitID: g.UnitID, Role: g.Role, Place: g.Place, Line: g.Line, Granted: g.Granted}
	_, err := tx.NewInsert().Model(&row).Exec(ctx)
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "org.granted_already")
	}
	return err
}

func deleteGrant(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.NewDelete().Model((*grantRow)(nil)).Where("id = ?", id).Exec(ctx)
	return err
}

func grantByID(ctx context.Context, q db.Q, id string) (Grant, error) {
	var row grantRow
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	if db.IsNoRows(err) {
		return Grant{}, errs.New(errs.NotFound, "org.grant_not_found")
	}
	return row.grant(), err
}

// grantsBy returns the grants of a person, of a unit, or of the one in the other;
// "" leaves a condition out.
func grantsBy(ctx context.Context, q db.Q, personID, unitID string, limit int) ([]Grant, error) {
	var rows []grantRow
	sel := q.NewSelect().Model(&rows).OrderExpr("id").Limit(int64(limit))
	if personID != "" {
		sel = sel.Where("person_id = ?", personID)
	}
	if unitID != "" {
		sel = sel.Where("unit_id = ?", unitID)
	}
	err := sel.Scan(ctx)
	out := make([]Grant, len(rows))
	for i := range rows {
		out[i] = rows[i].grant()
	}
	return out, err
}

// holders counts the people who hold a role anywhere.
func holders(ctx context.Context, q db.Q, role string) (int, error) {
	var n int
	err := q.NewSelect().Model((*grantRow)(nil)).ColumnExpr("count(DISTINCT person_id)").Where("role = ?", role).Scan(ctx, &n)
	return n, err
}

// moveGrants moves what was granted at a place to another, where it is not granted yet.
func moveGrants(ctx context.Context, tx db.Tx, from, to place.Path) error {
	_, err := tx.NewDelete().Model((*grantRow)(nil)).Where("place = ?", from).Where(`EXISTS (SELECT 1 FROM org_grant AS o
		WHERE o.person_id = g.person_id AND o.unit_id = g.unit_id AND o.role = g.role AND o.line = g.line AND o.place = ?)`, to).Exec(ctx)
	if err != nil {
		return err
	}
	_, err = tx.NewUpdate().Model((*grantRow)(nil)).Set("place = ?", to).Where("place = ?", from).Exec(ctx)
	return err
}

// acting is the unit in whose name a person acts.
type acting struct {
	UnitID    string     `bun:"unit_id"`
	Place     place.Path `bun:"place"`
	GroupPath string     `bun:"group_path"`
}

// actingFor returns the live unit in whose name a person acts on day: the given one
// when they work there or, for "", their main one.
func actingFor(ctx context.Context, q db.Q, personID, unitID string, day clock.Day) (acting, error) {
	var a acting
	sel := q.NewSelect().TableExpr("org_membership AS m").Join("JOIN org_unit AS u ON u.id = m.unit_id").
		ColumnExpr("m.unit_id, u.place, u.group_path").Where("m.person_id = ?", personID).Where("u.closed = ''")
	if unitID == "" {
		sel = sel.Where("m.main = TRUE")
	} else {
		sel = sel.Where("m.unit_id = ?", unitID)
	}
	return a, membersOn(sel, day).Limit(1).Scan(ctx, &a)
}

// granted is a grant with one of the divisions that its place owns, if it is a zone.
type granted struct {
	Role     string     `bun:"role"`
	Place    place.Path `bun:"place"`
	Line     string     `bun:"line"`
	Division place.Path `bun:"division"`
}

// grantedTo returns what a person may do in the name of a unit.
func grantedTo(ctx context.Context, q db.Q, personID, unitID string) ([]granted, error) {
	var out []granted
	err := q.NewSelect().TableExpr("org_grant AS g").Join("LEFT JOIN org_zone_division AS z ON z.zone = g.place").
		ColumnExpr("g.role, g.place, g.line, COALESCE(z.division, '') AS division").
		Where("g.person_id = ?", personID).Where("g.unit_id = ?", unitID).OrderExpr("g.id, division").Scan(ctx, &out)
	return out, err
}

// isHeadOf reports whether a person leads one of the units on day.
func isHeadOf(ctx context.Context, q db.Q, personID string, unitIDs []string, day clock.Day) (bool, error) {
	sel := q.NewSelect().TableExpr("org_membership AS m").ColumnExpr("m.id").Where("m.person_id = ?", personID).
		Where("m.head = TRUE").Where("m.unit_id IN (?)", bun.List(unitIDs))
	return membersOn(sel, day).Exists(ctx)
}

// headsOf returns everybody who leads one of the units on day.
func headsOf(ctx context.Context, q db.Q, unitIDs []string, day clock.Day) ([]string, error) {
	var out []string
	sel := q.NewSelect().TableExpr("org_membership AS m").ColumnExpr("m.person_id").Where("m.head = TRUE").
		Where("m.unit_id IN (?)", bun.List(unitIDs))
	err := membersOn(sel, day).Scan(ctx, &out)
	return out, err
}

// managersAbove returns everybody above a person in the chains of managers on day.
func managersAbove(ctx context.Context, q db.Q, personID string, day clock.Day) ([]string, error) {
	var out []string
	err := q.NewRaw(`WITH RECURSIVE above (unit_id, person_id, step) AS (
			SELECT m.unit_id, m.manager_id, 1 FROM org_membership AS m
			WHERE m.person_id = ? AND m.starts <= ? AND (m.ends = '' OR m.ends >= ?) AND m.manager_id IS NOT NULL
		UNION
			SELECT m.unit_id, m.manager_id, above.step + 1 FROM org_membership AS m
			JOIN above ON m.unit_id = above.unit_id AND m.person_id = above.person_id
			WHERE above.step < ? AND m.starts <= ? AND (m.ends = '' OR m.ends >= ?) AND m.manager_id IS NOT NULL
		) SELECT DISTINCT person_id FROM above`,
		personID, day, day, maxChain, day, day).Scan(ctx, &out)
	return out, err
}

// maxChain bounds a chain of managers, in case somebody closes it to a ring.
const maxChain = 20
