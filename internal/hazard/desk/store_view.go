// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"

	"anlan/internal/platform/db"
)

func viewsOf(ctx context.Context, q db.Q, person string) ([]SavedView, error) {
	var vs []SavedView
	err := q.NewSelect().Model(&vs).ModelTableExpr("hazard_view AS saved_view").Where("person_id = ?", person).OrderExpr("id").
		Limit(maxViews).Scan(ctx)
	return vs, err
}

func insertView(ctx context.Context, tx db.Tx, v *SavedView) error {
	_, err := tx.NewInsert().Model(v).ModelTableExpr("hazard_view").Exec(ctx)
	return err
}

// renameView renames a person's view and returns how many that were: 0 or 1.
func renameView(ctx context.Context, tx db.Tx, id, person, name string) (int64, error) {
	res, err := tx.NewRaw(`UPDATE hazard_view SET name = ? WHERE id = ? AND person_id = ?`, name, id, person).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// deleteView removes a person's view and returns how many that were: 0 or 1.
func deleteView(ctx context.Context, tx db.Tx, id, person string) (int64, error) {
	res, err := tx.NewRaw(`DELETE FROM hazard_view WHERE id = ? AND person_id = ?`, id, person).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
