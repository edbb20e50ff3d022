// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"

	"anlan/internal/platform/db"
)

// Kin are the units that somebody is bound to.
type Kin struct {
	Units []string // in which they work today
	// Roots are the topmost units, in the group trunk, above those in which they or anybody
	// who directs them work: through managers, or as head of a unit at or above theirs.
	Roots []string
}

// KinOf returns the units that a person is bound to today, whatever power they act by.
func (s *Service) KinOf(ctx context.Context, q db.Q, personID string) (Kin, error) {
	own, units, err := s.worksIn(ctx, q, personID)
	if err != nil || len(own) == 0 {
		return Kin{}, err
	}
	var k Kin
	var above []string
	for _, m := range own {
		k.Units = append(k.Units, m.UnitID)
		above = append(above, Ancestors(units[m.UnitID].GroupPath)...)
	}
	bosses, err := s.directing(ctx, q, personID, above)
	if err != nil {
		return k, err
	}
	if len(bosses) > 0 {
		_, theirs, err := s.worksIn(ctx, q, bosses...)
		if err != nil {
			return k, err
		}
		for _, u := range theirs {
			k.Roots = append(k.Roots, RootOf(u.GroupPath))
		}
	}
	for _, u := range units {
		k.Roots = append(k.Roots, RootOf(u.GroupPath))
	}
	slices.Sort(k.Roots)
	k.Roots = slices.Compact(k.Roots)
	return k, nil
}

// worksIn returns what people hold today, and the units.
func (s *Service) worksIn(ctx context.Context, q db.Q, personIDs ...string) ([]Membership, map[string]*Unit, error) {
	all, err := s.Memberships(ctx, q, personIDs)
	if err != nil {
		return nil, nil, err
	}
	units, err := s.personUnits(ctx, q, all)
	return all, units, err
}

// directing returns everybody who directs a person: managers, and heads of units.
func (s *Service) directing(ctx context.Context, q db.Q, personID string, unitIDs []string) ([]string, error) {
	bosses, err := managersAbove(ctx, q, personID, s.today())
	if err != nil {
		return nil, err
	}
	heads, err := headsOf(ctx, q, unitIDs, s.today())
	return append(bosses, heads...), err
}

// RootOf returns the id of the topmost unit of a path in the group trunk.
func RootOf(path string) string { return Ancestors(path)[0] }
