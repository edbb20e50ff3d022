// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"

	"anlan/internal/hazard"
	"anlan/internal/kernel/place"
)

// Names are the names of what a hazard mentions by id.
type Names struct {
	Places map[place.Path]string
	Units  map[string]string
	People map[string]string
}

// names returns the names of what hazards mention in a list. A new name is seen there
// after at most memo.Term.
func (s *Service) names(ctx context.Context, hs []*hazard.Hazard) (Names, error) {
	places, units := mentioned(hs)
	var n Names
	var err error
	if n.Places, err = s.placeNames.All(ctx, distinct(places), s.Hazards.Org.PlaceNames); err != nil {
		return n, err
	}
	n.Units, err = s.unitNames.All(ctx, distinct(units), s.Hazards.Org.UnitNames)
	return n, err
}

func mentioned(hs []*hazard.Hazard) (places []place.Path, units []string) {
	for _, h := range hs {
		places, units = append(places, h.Place), append(units, h.Unit, h.Handler)
	}
	return places, units
}

// lookUp looks names up; empty ids are passed over.
func (s *Service) lookUp(ctx context.Context, places []place.Path, units, people []string) (Names, error) {
	var n Names
	var err error
	if n.Places, err = s.Hazards.Org.PlaceNames(ctx, distinct(places)); err != nil {
		return n, err
	}
	if n.Units, err = s.Hazards.Org.UnitNames(ctx, distinct(units)); err != nil {
		return n, err
	}
	n.People, err = s.Hazards.Org.PersonNames(ctx, distinct(people))
	return n, err
}

// distinct returns the values that are not empty, each once.
func distinct[T ~string](all []T) []T {
	seen := make(map[T]bool, len(all))
	out := make([]T, 0, len(all))
	for _, v := range all {
		if v != "" && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}
