// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

// current returns the version of code that stands today, for a change by the actor.
func (s *Service) current(ctx context.Context, tx db.Tx, code string) (*Region, error) {
	all, err := regionsByCode(ctx, tx, []string{code})
	if err != nil {
		return nil, err
	}
	r := pickOn(all, s.today())
	if r == nil {
		return nil, errs.New(errs.NotFound, "org.region_not_found")
	}
	if err := actor.From(ctx).Require(PermEdit, actor.Object{Place: r.Path.Parent()}); err != nil {
		return nil, err
	}
	if !r.On(s.today()) || r.ValidTo != "" {
		return nil, errs.New(errs.Conflict, "org.region_ended", "code", code)
	}
	return r, nil
}

// RenameRegion gives a region another name from a day on, at the latest today; the
// old name stays with the days before. The actor needs org.edit over the place above.
func (s *Service) RenameRegion(ctx context.Context, code, name string, from clock.Day) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		old, err := s.current(ctx, tx, code)
		if err != nil {
			return err
		}
		renamed := *old
		renamed.Name, renamed.ValidFrom = strings.TrimSpace(name), from
		if err := renamed.Check(); err != nil {
			return err
		}
		if !from.Valid() || from > s.today() || from <= old.ValidFrom {
			return errs.InvalidFields(errs.At("valid_from", "org.bad_change_day"))
		}
		old.ValidTo = from.Add(-1)
		if err := saveRegion(ctx, tx, *old); err != nil {
			return err
		}
		if err := insertRegions(ctx, tx, []Region{renamed}); err != nil {
			return err
		}
		return s.Ledger.Record(ctx, tx, renamed.entry(kindRegionRenamed, from))
	})
}

// EndRegion ends a region and all below it after the day last, at the latest today,
// and names the regions that take its place (撤县设区, 合并). With one successor
// the units, grants and zones there move to their counterparts under it: the place
// of the same name, or else the lowest place above that has one. With several, a
// person decides, unit by unit. Old paths stay resolvable by RegionAt and Successor.
func (s *Service) EndRegion(ctx context.Context, code string, last clock.Day, successors []string) error {
	return s.Change(ctx, func(ctx context.Context, tx db.Tx) error {
		r, err := s.current(ctx, tx, code)
		if err != nil {
			return err
		}
		if !last.Valid() || last > s.today() || last < r.ValidFrom {
			return errs.InvalidFields(errs.At("valid_to", "org.bad_change_day"))
		}
		heirs, err := s.heirs(ctx, tx, r, successors)
		if err != nil {
			return err
		}
		below, err := subtreeRegions(ctx, tx, r.Path, s.today())
		if err != nil {
			return err
		}
		if err := s.endAll(ctx, tx, below, heirs, last); err != nil {
			return err
		}
		r.Successors = successors
		return s.Ledger.Record(ctx, tx, r.entry(kindRegionEnded, last))
	})
}

// heirs returns the named successors of r, which must stand and lie outside it.
func (s *Service) heirs(ctx context.Context, tx db.Tx, r *Region, codes []string) ([]Region, error) {
	all, err := regionsByCode(ctx, tx, codes)
	if err != nil {
		return nil, err
	}
	var out []Region
	for _, code := range codes {
		i := slices.IndexFunc(all, func(h Region) bool { return h.Code == code && h.On(s.today()) })
		if i < 0 || r.Path.Contains(all[i].Path) {
			return nil, errs.InvalidFields(errs.At("successors", "org.bad_successor", "code", code))
		}
		out = append(out, all[i])
	}
	return out, nil
}

func (s *Service) endAll(ctx context.Context, tx db.Tx, below, heirs []Region, last clock.Day) error {
	counterparts, err := s.counterparts(ctx, tx, below, heirs)
	if err != nil {
		return err
	}
	for i, r := range below {
		r.ValidTo, r.Successors = last, nil
		if i == 0 { // the region itself
			for _, h := range heirs {
				r.Successors = append(r.Successors, h.Code)
			}
		} else if to, ok := counterparts[r.Path]; ok {
			r.Successors = []string{to.Code()}
		}
		if err := saveRegion(ctx, tx, r); err != nil {
			return err
		}
	}
	if len(heirs) != 1 {
		return nil
	}
	return s.moveHolders(ctx, tx, below, counterparts)
}

// counterparts finds, for a single heir, the places of the same name under it.
func (s *Service) counterparts(ctx context.Context, tx db.Tx, below, heirs []Region) (map[place.Path]place.Path, error) {
	if len(heirs) != 1 {
		return nil, nil
	}
	at := map[place.Path]place.Path{below[0].Path: heirs[0].Path}
	there, err := subtreeRegions(ctx, tx, heirs[0].Path, s.today())
	if err != nil {
		return nil, err
	}
	named := make(map[place.Path]place.Path, len(there)) // "parent/name/" → path
	for _, r := range there {
		named[r.Path.Parent().Child(r.Name)] = r.Path
	}
	for _, r := range below[1:] {
		if up, ok := at[r.Path.Parent()]; ok {
			if to, ok := named[up.Child(r.Name)]; ok {
				at[r.Path] = to
			}
		}
	}
	return at, nil
}

// moveHolders moves what sits at ended places to the lowest counterpart at or above.
func (s *Service) moveHolders(ctx context.Context, tx db.Tx, below []Region, at map[place.Path]place.Path) error {
	for _, r := range below {
		to := r.Path
		for at[to] == "" {
			to = to.Parent()
		}
		to = at[to]
		if err := s.moveUnits(ctx, tx, r.Path, to); err != nil {
			return err
		}
		if err := moveGrants(ctx, tx, r.Path, to); err != nil {
			return err
		}
		if r.Kind == Zone {
			if err := deleteOwned(ctx, tx, r.Path); err != nil {
				return err
			}
		}
		if err := replaceOwned(ctx, tx, r.Path, to); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) moveUnits(ctx context.Context, tx db.Tx, from, to place.Path) error {
	units, err := unitsAt(ctx, tx, from)
	if err != nil || len(units) == 0 {
		return err
	}
	if err := replacePlace(ctx, tx, from, to); err != nil {
		return err
	}
	for part := range slices.Chunk(units, insertSize) {
		if err := s.Ledger.Record(ctx, tx, relocated(part, to)...); err != nil {
			return err
		}
	}
	return nil
}

// Successor returns the regions that stand on day where p once was: p itself while
// it stands, else its successors and theirs, else those of the place above it.
// NotFound when nothing took its place.
func (s *Service) Successor(ctx context.Context, p place.Path, day clock.Day) ([]Region, error) {
	var out []Region
	seen := map[place.Path]bool{}
	if err := s.successors(ctx, p, day, seen, &out); err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, errs.New(errs.NotFound, "org.no_successor")
	}
	return out, nil
}

func (s *Service) successors(ctx context.Context, p place.Path, day clock.Day, seen map[place.Path]bool, out *[]Region) error {
	if p == "" || seen[p] {
		return nil
	}
	seen[p] = true
	r, err := s.RegionOn(ctx, p, day)
	if err != nil {
		return err
	}
	if r.On(day) {
		*out = append(*out, *r)
		return nil
	}
	if len(r.Successors) == 0 {
		return s.successors(ctx, p.Parent(), day, seen, out)
	}
	heirs, err := regionsByCode(ctx, s.DB.Read(), r.Successors)
	if err != nil {
		return err
	}
	for _, h := range heirs {
		if err := s.successors(ctx, h.Path, day, seen, out); err != nil {
			return err
		}
	}
	return nil
}
