// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// What sub-packages read and write many with, in few statements. They ask who may.

// UnitKey is what a unit can be found by.
type UnitKey string

const (
	UnitByID   UnitKey = "id"
	UnitByCode UnitKey = "code"
	UnitByUSCC UnitKey = "uscc"
	UnitByName UnitKey = "name"
)

// UnitsBy returns the units, closed ones too, whose key has one of the values.
func (s *Service) UnitsBy(ctx context.Context, q db.Q, key UnitKey, values []string) ([]*Unit, error) {
	return unitsBy(ctx, q, string(key), values)
}

// UnitChange is a unit as it was and as it will be.
type UnitChange struct {
	Old    *Unit // nil: the unit is new; its id, code and group path are settled
	New    *Unit
	Fields []string // ChangedFields of both
	Moved  bool     // to another unit above
}

// PutUnitsTx writes changes in the caller's transaction, with their ledger entries. New
// units above stand before those below them. Conflict when somebody else changed a unit
// since it was read.
func (s *Service) PutUnitsTx(ctx context.Context, tx db.Tx, all []UnitChange) error {
	units := make([]*Unit, len(all))
	var entries []ledger.Entry
	for i, c := range all {
		units[i] = c.New
		if c.Old == nil {
			entries = append(entries, c.New.entry(kindUnitAdded))
			continue
		}
		c.New.Version = c.Old.Version + 1
		entries = append(entries, changeEntries(c.Old, c.New, c.Fields)...)
	}
	if err := upsertUnits(ctx, tx, units); err != nil {
		return err
	}
	for _, c := range all {
		if c.Old != nil && c.Moved {
			if err := s.regroup(ctx, tx, c.New.ID); err != nil {
				return err
			}
		}
	}
	return s.recordMany(ctx, tx, entries)
}

// regroup rewrites the paths at and below a unit after its unit above has changed.
func (s *Service) regroup(ctx context.Context, tx db.Tx, unitID string) error {
	u, err := unitByID(ctx, tx, unitID)
	if err != nil {
		return err
	}
	path := u.ID + "/"
	if u.ParentID != "" {
		up, err := unitByID(ctx, tx, u.ParentID)
		if err != nil {
			return err
		}
		if slices.Contains(Ancestors(up.GroupPath), u.ID) {
			return errs.New(errs.Conflict, "org.group_cycle")
		}
		path = up.GroupPath + path
	}
	return moveGroup(ctx, tx, u.GroupPath, path)
}

func (s *Service) recordMany(ctx context.Context, tx db.Tx, entries []ledger.Entry) error {
	for part := range slices.Chunk(entries, insertSize) {
		if err := s.Ledger.Record(ctx, tx, part...); err != nil {
			return err
		}
	}
	return nil
}

// Towns returns the paths of the standing towns and zones of that rank, by code.
func (s *Service) Towns(ctx context.Context) (map[string]place.Path, error) {
	return townPaths(ctx, s.DB.Read(), s.today())
}

// PutVillagesTx adds villages that are not there and gives the others the names of the
// list: it is another edition of the same statistics, not an act of renaming.
func (s *Service) PutVillagesTx(ctx context.Context, tx db.Tx, all []Region) (added, changed int, err error) {
	names, err := villageNames(ctx, tx, s.today())
	if err != nil {
		return 0, 0, err
	}
	var fresh, renamed []Region
	for _, v := range all {
		switch name, ok := names[v.Path]; {
		case !ok:
			fresh = append(fresh, v)
		case name != v.Name:
			renamed = append(renamed, v)
		}
	}
	if err := insertRegions(ctx, tx, fresh); err != nil {
		return 0, 0, err
	}
	return len(fresh), len(renamed), renameVillages(ctx, tx, renamed)
}
