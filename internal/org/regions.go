// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// LoadRegions fills an empty table with the regions that come with the program and
// returns how many it added: 0 when there are some already.
func (s *Service) LoadRegions(ctx context.Context) (int, error) {
	if n, err := countRegions(ctx, s.DB.Read()); err != nil || n > 0 {
		return 0, err
	}
	all, err := shippedRegions()
	if err != nil {
		return 0, err
	}
	return len(all), s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return insertRegions(ctx, tx, all) })
}

// RegionAt returns the region at p as it stands today or, when it no longer does,
// as it last stood: old paths keep their names. NotFound for a path that never was.
func (s *Service) RegionAt(ctx context.Context, p place.Path) (*Region, error) {
	return s.RegionOn(ctx, p, s.today())
}

// RegionOn returns the region at p as it stood on day; failing that, its latest version.
func (s *Service) RegionOn(ctx context.Context, p place.Path, day clock.Day) (*Region, error) {
	at, err := versionsOn(ctx, s.DB.Read(), []place.Path{p}, day)
	if err != nil {
		return nil, err
	}
	r := at[p]
	if r == nil {
		return nil, errs.New(errs.NotFound, "org.region_not_found")
	}
	if r.Kind == Zone {
		r.Owns, err = ownedBy(ctx, s.DB.Read(), p)
	}
	return r, err
}

// RegionByCode returns the region that carries code today or, failing that, the last
// that did. A division's code may be filled up with zeros to 12 digits.
func (s *Service) RegionByCode(ctx context.Context, code string) (*Region, error) {
	at, err := s.RegionsMeant(ctx, s.DB.Read(), []string{code})
	if err != nil {
		return nil, err
	}
	if r := at[code]; r != nil {
		return s.RegionAt(ctx, r.Path)
	}
	return nil, errs.New(errs.NotFound, "org.region_not_found")
}

// RegionsMeant returns the regions that codes stand for, by code as written; unknown
// codes are left out.
func (s *Service) RegionsMeant(ctx context.Context, q db.Q, codes []string) (map[string]*Region, error) {
	var meant []string
	for _, code := range codes {
		meant = append(meant, codesMeant(code)...)
	}
	all, err := regionsByCode(ctx, q, meant)
	if err != nil {
		return nil, err
	}
	versions := map[string][]Region{}
	for _, r := range all {
		versions[r.Code] = append(versions[r.Code], r)
	}
	at := make(map[string]*Region, len(codes))
	for _, code := range codes {
		for _, m := range codesMeant(code) {
			if at[code] == nil {
				at[code] = pickOn(versions[m], s.today())
			}
		}
	}
	return at, nil
}

// versionsOn returns the version of each place that stands on day, or else its latest.
func versionsOn(ctx context.Context, q db.Q, paths []place.Path, day clock.Day) (map[place.Path]*Region, error) {
	all, err := regionVersions(ctx, q, paths)
	if err != nil {
		return nil, err
	}
	at := make(map[place.Path]*Region, len(paths))
	for same := range chunkByPath(all) {
		at[same[0].Path] = pickOn(same, day)
	}
	return at, nil
}

func chunkByPath(all []Region) func(func([]Region) bool) {
	return func(yield func([]Region) bool) {
		for start := 0; start < len(all); {
			end := start + 1
			for end < len(all) && all[end].Path == all[start].Path {
				end++
			}
			if !yield(all[start:end]) {
				return
			}
			start = end
		}
	}
}

// pickOn returns the version that stands on day, or else the last, of versions in
// order of time; nil of none.
func pickOn(versions []Region, day clock.Day) *Region {
	if len(versions) == 0 {
		return nil
	}
	if i := slices.IndexFunc(versions, func(r Region) bool { return r.On(day) }); i >= 0 {
		return &versions[i]
	}
	return &versions[len(versions)-1]
}

// PlaceName returns the full name of p from the province down, without rungs that
// say nothing (市辖区). NotFound for a path that never was.
func (s *Service) PlaceName(ctx context.Context, p place.Path) (string, error) {
	names, err := s.PlaceNames(ctx, []place.Path{p})
	if err != nil {
		return "", err
	}
	if names[p] == "" {
		return "", errs.New(errs.NotFound, "org.region_not_found")
	}
	return names[p], nil
}

// PlaceNames returns the full names of places; unknown ones are left out.
func (s *Service) PlaceNames(ctx context.Context, ps []place.Path) (map[place.Path]string, error) {
	return placeNames(ctx, s.DB.Read(), ps, s.today())
}

func placeNames(ctx context.Context, q db.Q, ps []place.Path, day clock.Day) (map[place.Path]string, error) {
	rungs := map[place.Path]bool{}
	for _, p := range ps {
		for _, rung := range p.Chain() {
			rungs[rung] = true
		}
	}
	paths := make([]place.Path, 0, len(rungs))
	for p := range rungs {
		paths = append(paths, p)
	}
	at, err := versionsOn(ctx, q, paths, day)
	if err != nil {
		return nil, err
	}
	names := make(map[place.Path]string, len(ps))
	for _, p := range ps {
		if at[p] != nil {
			names[p] = fullName(p, at)
		}
	}
	return names, nil
}

// regionKey is where a page of children ends.
type regionKey struct {
	Path place.Path `json:"p"`
}

// Children returns the regions directly under parent, today, in order of their codes.
func (s *Service) Children(ctx context.Context, parent place.Path, cursor string, limit int) (page.Of[Region], error) {
	var after regionKey
	if err := page.Decode(cursor, &after); err != nil {
		return page.Of[Region]{}, err
	}
	all, err := childRegions(ctx, s.DB.Read(), parent, after.Path, s.today(), limit+1)
	return page.Cut(all, limit, func(r Region) any { return regionKey{r.Path} }), err
}

// SearchRegions finds regions under a place by a part of their name, higher ones
// first. Villages are found when the place is a county or lower.
func (s *Service) SearchRegions(ctx context.Context, under place.Path, text string, limit int) ([]Region, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	return searchRegions(ctx, s.DB.Read(), under, text, s.today(), limit)
}

// AddRegion adds a division or a zone; the actor needs org.edit over the place
// above. A division's code must fit its path.
func (s *Service) AddRegion(ctx context.Context, r Region) error {
	if r.Kind == "" {
		r.Kind = Division
	}
	r.Name = strings.TrimSpace(r.Name)
	if err := r.Check(); err != nil {
		return err
	}
	if err := actor.From(ctx).Require(PermEdit, actor.Object{Place: r.Path.Parent()}); err != nil {
		return err
	}
	return s.Change(ctx, func(ctx context.Context, tx db.Tx) error { return s.addRegion(ctx, tx, r) })
}

func (s *Service) addRegion(ctx context.Context, tx db.Tx, r Region) error {
	day := max(r.ValidFrom, s.today())
	above, err := versionsOn(ctx, tx, []place.Path{r.Path.Parent()}, day)
	if err != nil {
		return err
	}
	if up := above[r.Path.Parent()]; up == nil || !up.On(day) {
		return errs.InvalidFields(errs.At("path", "org.no_region_above"))
	}
	same, err := regionsByCode(ctx, tx, []string{r.Path.Code()})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(same, func(o Region) bool { return o.ValidTo == "" || r.ValidFrom <= o.ValidTo }) {
		return errs.New(errs.Conflict, "org.region_exists", "code", r.Path.Code())
	}
	if err := s.checkOwned(ctx, tx, r); err != nil {
		return err
	}
	r.ValidTo, r.Successors = "", nil
	if err := insertRegions(ctx, tx, []Region{r}); err != nil {
		return err
	}
	if err := insertOwned(ctx, tx, r.Path, r.Owns); err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, r.entry(kindRegionAdded, r.ValidFrom))
}

// checkOwned refuses divisions that do not stand, or of which one lies in another.
func (s *Service) checkOwned(ctx context.Context, tx db.Tx, r Region) error {
	at, err := versionsOn(ctx, tx, r.Owns, s.today())
	if err != nil {
		return err
	}
	for i, p := range r.Owns {
		if at[p] == nil || !at[p].On(s.today()) || r.Kind != Zone || p.Contains(r.Path) {
			return errs.InvalidFields(errs.At("owns", "org.bad_owned"))
		}
		if slices.ContainsFunc(r.Owns[i+1:], func(o place.Path) bool { return o.Contains(p) || p.Contains(o) }) {
			return errs.InvalidFields(errs.At("owns", "org.bad_owned"))
		}
	}
	return nil
}

// AddZone adds a functional zone (开发区) under a prefecture, where it stands like a
// county, or under a county, like a town. It governs owns although they lie elsewhere.
func (s *Service) AddZone(ctx context.Context, under place.Path, name string, owns []place.Path) (*Region, error) {
	for n := 1; n <= maxZones; n++ {
		r := Region{Path: under.Child(zoneCode(under, n)), Name: name, Kind: Zone, ValidFrom: s.today(), Owns: owns}
		err := s.AddRegion(ctx, r)
		if errs.KeyOf(err) == "org.region_exists" {
			continue
		}
		if err != nil {
			return nil, err
		}
		return s.RegionAt(ctx, r.Path)
	}
	return nil, errs.New(errs.Exhausted, "org.too_many_zones", "max", maxZones)
}

const maxZones = 99 // under one place

func (r *Region) entry(k ledger.Kind[regionFacts], on clock.Day) ledger.Entry {
	e := k.Entry(regionFacts{Code: r.Path.Code(), Name: r.Name, Level: string(LevelAt(r.Path)), Kind: string(r.Kind),
		On: string(on), Successors: strings.Join(r.Successors, " ")})
	e.Place, e.Subject = r.Path, "region:"+r.Path.Code()
	return e
}
