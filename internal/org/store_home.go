// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"

	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

func highestOffice(ctx context.Context, q db.Q) (place.Path, error) {
	var p place.Path
	err := q.NewSelect().TableExpr("org_unit").Column("place").Where("kind = ?", UnitOffice).Where("closed = ''").
		OrderExpr("length(place), seq").Limit(1).Scan(ctx, &p)
	return p, err
}
