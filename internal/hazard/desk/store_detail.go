// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"time"

	"anlan/internal/hazard"
	"anlan/internal/platform/db"
)

// recent returns the newest open or lately closed hazards of a unit, or of a town or county
// when the unit is not known, except one.
func recent(ctx context.Context, q db.Q, h *hazard.Hazard, since time.Time, limit int) ([]*hazard.Hazard, error) {
	var hs []*hazard.Hazard
	sel := q.NewSelect().Model(&hs).ModelTableExpr(hazard.Table).Column("seq", "id", "words", "spot", "status", "created", "place").
		Where("hazard.seq <> ?", h.Seq).Where("hazard.created >= ?", since).OrderExpr("hazard.seq DESC").Limit(int64(limit))
	switch {
	case h.UnitPath != "":
		sel = sel.Where("hazard.unit_path = ?", h.UnitPath).Where("hazard.unit_path <> ''")
	case h.Town != "":
		sel = sel.Where("hazard.at_town = ?", h.Town)
	default:
		sel = sel.Where("hazard.at_county = ?", h.County)
	}
	err := sel.Scan(ctx)
	return hs, err
}

// repeatsOf returns the hazards that were found to repeat one, at most maxRepeats.
func repeatsOf(ctx context.Context, q db.Q, hazardID string) ([]*hazard.Hazard, error) {
	const maxRepeats = 50
	var hs []*hazard.Hazard
	err := q.NewSelect().Model(&hs).ModelTableExpr(hazard.Table).Where("hazard.master_id = ?", hazardID).Where("hazard.master_id <> ''").
		OrderExpr("hazard.seq").Limit(maxRepeats).Scan(ctx)
	return hs, err
}
