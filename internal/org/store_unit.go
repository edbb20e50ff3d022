// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
	"anlan/internal/platform/search"
)

const unitSearch = "org_unit_search"

type unitRow struct {
	bun.BaseModel `bun:"table:org_unit,alias:u"`

	Seq       int64      `bun:"seq,autoincrement"`
	ID        string     `bun:"id,pk"`
	Code      string     `bun:"code"`
	Name      string     `bun:"name"`
	Kind      UnitKind   `bun:"kind"`
	USCC      string     `bun:"uscc"`
	Industry  string     `bun:"industry"`
	Lines     string     `bun:"lines"` // " coal mine ", so that " coal " finds it
	Place     place.Path `bun:"place"`
	Address   string     `bun:"address"`
	ParentID  string     `bun:"parent_id,nullzero"`
	GroupPath string     `bun:"group_path"`
	Opened    clock.Day  `bun:"opened"`
	Closed    clock.Day  `bun:"closed"`
	Created   time.Time  `bun:"created"`
	Version   int        `bun:"version"`
}

func toUnitRow(u *Unit) unitRow {
	return unitRow{ID: u.ID, Code: u.Code, Name: u.Name, Kind: u.Kind, USCC: u.USCC, Industry: u.Industry, Lines: lineText(u.Lines),
		Place: u.Place, Address: u.Address, ParentID: u.ParentID, GroupPath: u.GroupPath, Opened: u.Opened, Closed: u.Closed,
		Created: u.Created, Version: u.Version}
}

func lineText(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return " " + strings.Join(lines, " ") + " "
}

func (r *unitRow) unit() *Unit {
	return &Unit{ID: r.ID, Code: r.Code, Name: r.Name, Kind: r.Kind, USCC: r.USCC, Industry: r.Industry, Lines: strings.Fields(r.Lines),
		Place: r.Place, Address: r.Address, ParentID: r.ParentID, GroupPath: r.GroupPath, Opened: r.Opened, Closed: r.Closed,
		Created: r.Created.UTC(), Version: r.Version}
}

func unitsOf(rows []unitRow, err error) ([]*Unit, error) {
	out := make([]*Unit, len(rows))
	for i := range rows {
		out[i] = rows[i].unit()
	}
	return out, err
}

// insertUnits adds units and makes them findable.
func insertUnits(ctx context.Context, tx db.Tx, units []*Unit) error {
	for part := range slices.Chunk(units, insertSize) {
		rows := make([]unitRow, len(part))
		for i, u := range part {
			rows[i] = toUnitRow(u)
		}
		_, err := tx.NewInsert().Model(&rows).ExcludeColumn("seq").Returning("seq, id").Exec(ctx)
		if err != nil {
			return unitConflict(err)
		}
		if err := indexUnits(ctx, tx, rows, part); err != nil {
			return err
		}
	}
	return nil
}

// upsertUnits adds the units of version 1 and writes the others over what is there,
// unless someone else changed one since it was read.
func upsertUnits(ctx context.Context, tx db.Tx, units []*Unit) error {
	for part := range slices.Chunk(units, insertSize) {
		rows := make([]unitRow, len(part))
		for i, u := range part {
			rows[i] = toUnitRow(u)
		}
		q := tx.NewInsert().Model(&rows).ExcludeColumn("seq").On("CONFLICT (id) DO UPDATE").Returning("seq, id")
		for _, column := range []string{"name", "kind", "uscc", "industry", "lines", "place", "address", "parent_id", "opened", "version"} {
			q = q.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
		}
		if _, err := q.Where("u.version = EXCLUDED.version - 1").Exec(ctx); err != nil {
			return unitConflict(err)
		}
		if len(rows) != len(part) || slices.ContainsFunc(rows, func(r unitRow) bool { return r.Seq == 0 }) {
			return errs.New(errs.Conflict, "org.import_changed")
		}
		if err := indexUnits(ctx, tx, rows, part); err != nil {
			return err
		}
	}
	return nil
}

// indexUnits makes units findable; rows carry their numbers, in whatever order.
func indexUnits(ctx context.Context, tx db.Tx, rows []unitRow, units []*Unit) error {
	seqs := make(map[string]int64, len(rows))
	for _, r := range rows {
		seqs[r.ID] = r.Seq
	}
	texts := make([]search.Text, len(units))
	for i, u := range units {
		texts[i] = search.Text{Seq: seqs[u.ID], All: u.Name + " " + u.USCC + " " + u.Code}
	}
	return search.Put(ctx, tx, unitSearch, texts...)
}

func unitConflict(err error) error {
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "org.uscc_taken")
	}
	return err
}

// saveUnit writes u back, unless someone else changed it since it was read.
func saveUnit(ctx context.Context, tx db.Tx, u *Unit) error {
	row := toUnitRow(u)
	row.Version++
	res, err := tx.NewUpdate().Model(&row).ExcludeColumn("seq", "id", "code", "created").
		WherePK().Where("version = ?", u.Version).Exec(ctx)
	if err != nil {
		return unitConflict(err)
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return errs.New(errs.Conflict, "org.changed")
	}
	u.Version++
	var seq int64
	if err := tx.NewSelect().Model(&row).Column("seq").WherePK().Scan(ctx, &seq); err != nil {
		return err
	}
	row.Seq = seq
	return indexUnits(ctx, tx, []unitRow{row}, []*Unit{u})
}

func unitByID(ctx context.Context, q db.Q, id string) (*Unit, error) {
	return oneUnit(ctx, q, "id", id)
}

func oneUnit(ctx context.Context, q db.Q, column, value string) (*Unit, error) {
	var row unitRow
	err := q.NewSelect().Model(&row).Where("? = ?", bun.Ident(column), value).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "org.unit_not_found")
	}
	return row.unit(), err
}

// unitsBy returns the units whose column (id, code, uscc, name) has one of the values.
func unitsBy(ctx context.Context, q db.Q, column string, values []string) ([]*Unit, error) {
	var out []*Unit
	for part := range slices.Chunk(values, insertSize) {
		var rows []unitRow
		err := q.NewSelect().Model(&rows).Where("? IN (?)", bun.Ident(column), bun.List(part)).Scan(ctx)
		more, err := unitsOf(rows, err)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// unitsAt returns the units exactly at p.
func unitsAt(ctx context.Context, q db.Q, p place.Path) ([]*Unit, error) {
	var rows []unitRow
	err := q.NewSelect().Model(&rows).Where("place = ?", p).OrderExpr("id").Scan(ctx)
	return unitsOf(rows, err)
}

func replacePlace(ctx context.Context, tx db.Tx, from, to place.Path) error {
	_, err := tx.NewUpdate().Model((*unitRow)(nil)).Set("place = ?", to).Set("version = version + 1").
		Where("place = ?", from).Exec(ctx)
	return err
}

// moveGroup puts the subtree at a group path under another path.
func moveGroup(ctx context.Context, tx db.Tx, from, to string) error {
	_, err := tx.NewUpdate().Model((*unitRow)(nil)).Set("group_path = ? || substr(group_path, ?)", to, len(from)+1).
		Where("group_path >= ?", from).Where("group_path < ?", db.PathEnd(from)).Exec(ctx)
	return err
}

// deepest returns how many levels the deepest path of a subtree has.
func deepest(ctx context.Context, q db.Q, path string) (int, error) {
	var longest string
	err := db.Under(q.NewSelect().Model((*unitRow)(nil)).Column("group_path"), "group_path", path).
		OrderExpr("length(group_path) DESC").Limit(1).Scan(ctx, &longest)
	return GroupDepth(longest), err
}

// UnitFilter says which units a list shows; the zero value shows all live ones.
type UnitFilter struct {
	Place    place.Path // at or below it
	Kind     UnitKind
	Line     string
	Industry string // "C" or "C26"
	Parent   string // id of the unit above in the group trunk
	Words    string // parts of the name, the code or the USCC
	Closed   bool   // closed ones instead of live ones
}

type unitKey struct {
	Place place.Path `json:"p"`
	ID    string     `json:"i"`
	Seq   int64      `json:"s"`
}

// listUnits returns units within scopes after a key: in the order of the division
// tree or, for a wide search, the newest first.
func listUnits(ctx context.Context, q db.Q, f UnitFilter, scopes []actor.Scope, after unitKey, limit int) ([]unitRow, error) {
	var rows []unitRow
	sel := within(filterUnits(q.NewSelect().Model(&rows), f), scopes).Limit(int64(limit))
	if hasWords(f.Words) && !narrow(f.Place, scopes) {
		sel = search.Match(sel, unitSearch, "u.seq", f.Words).OrderExpr("found.rowid DESC")
		if after.Seq > 0 {
			sel = sel.Where("found.rowid < ?", after.Seq)
		}
		return rows, sel.Scan(ctx)
	}
	for _, word := range wordsOf(f.Words) {
		sel = sel.Where("(lower(u.name) LIKE ? ESCAPE '!' OR lower(u.uscc) LIKE ? ESCAPE '!' OR lower(u.code) LIKE ? ESCAPE '!')", word, word, word)
	}
	if after.ID != "" {
		sel = sel.Where("(u.place, u.id) > (?, ?)", after.Place, after.ID)
	}
	return rows, sel.OrderExpr("u.place, u.id").Scan(ctx)
}

func filterUnits(sel *bun.SelectQuery, f UnitFilter) *bun.SelectQuery {
	if f.Place != "" && f.Place != place.Nation {
		sel = db.Under(sel, "u.place", string(f.Place))
	}
	if f.Kind != "" {
		sel = sel.Where("u.kind = ?", f.Kind)
	}
	if f.Line != "" {
		sel = sel.Where("u.lines LIKE ? ESCAPE '!'", infix(" "+f.Line+" "))
	}
	if f.Industry != "" {
		sel = sel.Where("u.industry LIKE ? ESCAPE '!'", likeWords.Replace(f.Industry)+"%")
	}
	if f.Parent != "" {
		sel = sel.Where("u.parent_id = ?", f.Parent)
	}
	if f.Closed {
		return sel.Where("u.closed <> ''")
	}
	return sel.Where("u.closed = ''")
}

// officesAt returns the live offices at the places, the first registered first.
func officesAt(ctx context.Context, q db.Q, places []place.Path) ([]*Unit, error) {
	var rows []unitRow
	err := q.NewSelect().Model(&rows).Where("place IN (?)", bun.List(places)).
		Where("kind = 'office'").Where("closed = ''").OrderExpr("id").Scan(ctx)
	return unitsOf(rows, err)
}

type named struct {
	ID   string `bun:"id"`
	Name string `bun:"name"`
}

// namesOf returns the names of units or people by id.
func namesOf(ctx context.Context, q db.Q, model any, ids []string) (map[string]string, error) {
	m := make(map[string]string, len(ids))
	for part := range slices.Chunk(ids, insertSize) {
		var rows []named
		err := q.NewSelect().Model(model).Column("id", "name").Where("id IN (?)", bun.List(part)).Scan(ctx, &rows)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			m[r.ID] = r.Name
		}
	}
	return m, nil
}

func unitNames(ctx context.Context, q db.Q, ids []string) (map[string]string, error) {
	return namesOf(ctx, q, (*unitRow)(nil), ids)
}
