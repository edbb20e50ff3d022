// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"

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
