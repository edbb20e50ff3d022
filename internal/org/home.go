// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

// Home returns the place that this installation serves: that of its highest live
// safety office, the first founded among equals; the nation while there is none.
func (s *Service) Home(ctx context.Context) (place.Path, error) {
	p, err := highestOffice(ctx, s.DB.Read())
	if db.IsNoRows(err) {
		return place.Nation, nil
	}
	return p, err
}

// UnitObject returns where a unit stands, for permissions; NotFound when there is none.
func (s *Service) UnitObject(ctx context.Context, id string) (actor.Object, error) {
	u, err := s.Unit(ctx, id)
	if err != nil {
		return actor.Object{}, err
	}
	return u.Object(), nil
}
