// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

// insertSize is how many rows go into one statement of a bulk insert.
const insertSize = 1000

type regionRow struct {
	bun.BaseModel `bun:"table:org_region,alias:r"`

	Path       place.Path `bun:"path,pk"`
	ValidFrom  clock.Day  `bun:"valid_from,pk"`
	ValidTo    clock.Day  `bun:"valid_to"`
	Code       string     `bun:"code"`
	Parent     place.Path `bun:"parent"`
	Name       string     `bun:"name"`
	Depth      int        `bun:"depth"`
	Kind       RegionKind `bun:"kind"`
	Pseudo     bool       `bun:"pseudo"`
	Successors string     `bun:"successors"` // codes, by spaces
}

func toRegionRow(r Region) regionRow {
	return regionRow{Path: r.Path, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Code: r.Path.Code(), Parent: r.Path.Parent(),
		Name: r.Name, Depth: r.Path.Depth(), Kind: r.Kind, Pseudo: r.Pseudo, Successors: strings.Join(r.Successors, " ")}
}

func (r *regionRow) region() Region {
	return Region{Code: r.Code, Path: r.Path, Name: r.Name, Level: LevelAt(r.Path), Kind: r.Kind, Pseudo: r.Pseudo,
		ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Successors: strings.Fields(r.Successors)}
}

func regionsOf(rows []regionRow, err error) ([]Region, error) {
	out := make([]Region, len(rows))
	for i := range rows {
		out[i] = rows[i].region()
	}
	return out, err
}

// countRegions returns 0 or 1: whether there is any.
func countRegions(ctx context.Context, q db.Q) (int, error) {
	var paths []string
	err := q.NewSelect().Model((*regionRow)(nil)).Column("path").Limit(1).Scan(ctx, &paths)
	return len(paths), err
}

// insertRegions adds versions; those that are there already stay as they are.
func insertRegions(ctx context.Context, tx db.Tx, all []Region) error {
	for part := range slices.Chunk(all, insertSize) {
		rows := make([]regionRow, len(part))
		for i, r := range part {
			rows[i] = toRegionRow(r)
		}
		_, err := tx.NewInsert().Model(&rows).On("CONFLICT (path, valid_from) DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// saveRegion writes name, end and successors of one version.
func saveRegion(ctx context.Context, tx db.Tx, r Region) error {
	row := toRegionRow(r)
	_, err := tx.NewUpdate().Model(&row).Column("name", "valid_to", "successors").WherePK().Exec(ctx)
	return err
}

// regionVersions returns all versions of the places at paths, in order of time.
func regionVersions(ctx context.Context, q db.Q, paths []place.Path) ([]Region, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	var rows []regionRow
	err := q.NewSelect().Model(&rows).Where("path IN (?)", bun.List(paths)).OrderExpr("path, valid_from").Scan(ctx)
	return regionsOf(rows, err)
}

// regionsByCode returns all versions that carry one of the codes, in order of time.
func regionsByCode(ctx context.Context, q db.Q, codes []string) ([]Region, error) {
	var out []Region
	for part := range slices.Chunk(codes, insertSize) {
		var rows []regionRow
		err := q.NewSelect().Model(&rows).Where("code IN (?)", bun.List(part)).OrderExpr("code, valid_from").Scan(ctx)
		more, err := regionsOf(rows, err)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

func standing(q *bun.SelectQuery, day clock.Day) *bun.SelectQuery {
	return q.Where("valid_from <= ?", day).Where("(valid_to = '' OR valid_to >= ?)", day)
}

// childRegions returns the regions directly under parent that stand on day, after a path.
func childRegions(ctx context.Context, q db.Q, parent, after place.Path, day clock.Day, limit int) ([]Region, error) {
	var rows []regionRow
	sel := standing(q.NewSelect().Model(&rows).Where("parent = ?", parent), day)
	err := sel.Where("path > ?", after).OrderExpr("path").Limit(int64(limit)).Scan(ctx)
	return regionsOf(rows, err)
}

// subtreeRegions returns the regions at and under p that stand on day.
func subtreeRegions(ctx context.Context, q db.Q, p place.Path, day clock.Day) ([]Region, error) {
	var rows []regionRow
	sel := standing(db.Under(q.NewSelect().Model(&rows), "path", string(p)), day)
	err := sel.OrderExpr("path").Scan(ctx)
	return regionsOf(rows, err)
}

// searchRegions finds regions under a place whose name holds text, higher ones
// first. Villages are searched only within a county: there are 620,000 of them.
func searchRegions(ctx context.Context, q db.Q, under place.Path, text string, day clock.Day, limit int) ([]Region, error) {
	var rows []regionRow
	sel := standing(db.Under(q.NewSelect().Model(&rows), "path", string(under)), day)
	if under.Depth() < 3 {
		sel = sel.Where("depth < 5")
	}
	err := sel.Where("name LIKE ? ESCAPE '!'", infix(text)).Where("pseudo = FALSE").
		OrderExpr("depth, path").Limit(int64(limit)).Scan(ctx)
	return regionsOf(rows, err)
}

var likeWords = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// infix is the LIKE pattern, with escape '!', for texts that hold s.
func infix(s string) string { return "%" + likeWords.Replace(s) + "%" }

// townPaths returns the standing towns (and zones) by code.
func townPaths(ctx context.Context, q db.Q, day clock.Day) (map[string]place.Path, error) {
	var rows []regionRow
	sel := q.NewSelect().Model(&rows).Column("code", "path").Where("depth = 4")
	if err := standing(sel, day).Scan(ctx); err != nil {
		return nil, err
	}
	m := make(map[string]place.Path, len(rows))
	for _, r := range rows {
		m[r.Code] = r.Path
	}
	return m, nil
}

// villageNames returns the names of all villages that stand on day, by path.
func villageNames(ctx context.Context, q db.Q, day clock.Day) (map[place.Path]string, error) {
	var rows []regionRow
	sel := q.NewSelect().Model(&rows).Column("path", "name").Where("depth = 5")
	if err := standing(sel, day).Scan(ctx); err != nil {
		return nil, err
	}
	m := make(map[place.Path]string, len(rows))
	for _, r := range rows {
		m[r.Path] = r.Name
	}
	return m, nil
}

// renameVillages sets names without a new version: the list is another edition of
// the same statistics, not an act of renaming.
func renameVillages(ctx context.Context, tx db.Tx, changed []Region) error {
	for _, r := range changed {
		_, err := tx.NewUpdate().Model((*regionRow)(nil)).Set("name = ?", r.Name).
			Where("path = ?", r.Path).Where("valid_to = ''").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

type zoneRow struct {
	bun.BaseModel `bun:"table:org_zone_division,alias:z"`

	Zone     place.Path `bun:"zone,pk"`
	Division place.Path `bun:"division,pk"`
}

func insertOwned(ctx context.Context, tx db.Tx, zone place.Path, divisions []place.Path) error {
	if len(divisions) == 0 {
		return nil
	}
	rows := make([]zoneRow, len(divisions))
	for i, d := range divisions {
		rows[i] = zoneRow{Zone: zone, Division: d}
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, "org.division_owned")
	}
	return err
}

// ownedBy returns the divisions of a zone.
func ownedBy(ctx context.Context, q db.Q, zone place.Path) ([]place.Path, error) {
	var out []place.Path
	err := q.NewSelect().Model((*zoneRow)(nil)).Column("division").Where("zone = ?", zone).OrderExpr("division").Scan(ctx, &out)
	return out, err
}

// zonesOwning returns the zones that own one of the places, by place.
func zonesOwning(ctx context.Context, q db.Q, places []place.Path) (map[place.Path]place.Path, error) {
	var rows []zoneRow
	err := q.NewSelect().Model(&rows).Where("division IN (?)", bun.List(places)).Scan(ctx)
	m := make(map[place.Path]place.Path, len(rows))
	for _, r := range rows {
		m[r.Division] = r.Zone
	}
	return m, err
}

// replaceOwned moves what a zone owns from one place to its successor.
func replaceOwned(ctx context.Context, tx db.Tx, from, to place.Path) error {
	_, err := tx.NewUpdate().Model((*zoneRow)(nil)).Set("division = ?", to).Where("division = ?", from).Exec(ctx)
	return err
}

func deleteOwned(ctx context.Context, tx db.Tx, zone place.Path) error {
	_, err := tx.NewDelete().Model((*zoneRow)(nil)).Where("zone = ?", zone).Exec(ctx)
	return err
}
