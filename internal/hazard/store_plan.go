// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

// saveParts stores the plan, order or receipts that a step brought.
func saveParts(ctx context.Context, tx db.Tx, m *Move) error {
	switch {
	case m.Action == Order:
		_, err := tx.NewInsert().Model(m.Order).ModelTableExpr("hazard_order").Exec(ctx)
		return err
	case m.Action == Plan:
		return replace(ctx, tx, m.Governance, "hazard_governance", m.Governance.HazardID)
	case m.Action == ReportMajor:
		return replace(ctx, tx, m.Receipts, "hazard_receipts", m.Receipts.HazardID)
	}
	return nil
}

// replace puts row in the place of what a hazard has in table.
func replace(ctx context.Context, tx db.Tx, row any, table, hazardID string) error {
	if _, err := tx.NewRaw(`DELETE FROM ? WHERE hazard_id = ?`, bun.Ident(table), hazardID).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewInsert().Model(row).ModelTableExpr(table).Exec(ctx)
	return err
}

// Parts are what belongs to a hazard besides its row; each is nil until it was written.
type Parts struct {
	Order      *RectificationPlan // of the last order
	Governance *GovernancePlan
	Receipts   *Receipts
}

func partsOf(ctx context.Context, q db.Q, h *Hazard) (Parts, error) {
	var p Parts
	order := new(RectificationPlan)
	err := q.NewSelect().Model(order).ModelTableExpr("hazard_order AS rectification_plan").Where("hazard_id = ?", h.ID).
		OrderExpr("version DESC").Limit(1).Scan(ctx)
	if err == nil {
		p.Order = order
	} else if !db.IsNoRows(err) {
		return p, err
	}
	if h.HasPlan {
		p.Governance = new(GovernancePlan)
		err := q.NewSelect().Model(p.Governance).ModelTableExpr("hazard_governance AS governance_plan").Where("hazard_id = ?", h.ID).Scan(ctx)
		if err != nil {
			return p, err
		}
	}
	if h.HasReceipts {
		p.Receipts = new(Receipts)
		err := q.NewSelect().Model(p.Receipts).ModelTableExpr("hazard_receipts AS receipts").Where("hazard_id = ?", h.ID).Scan(ctx)
		if err != nil {
			return p, err
		}
	}
	return p, nil
}
