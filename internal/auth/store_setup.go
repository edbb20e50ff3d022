// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

// setupRow is the one code of a fresh installation.
type setupRow struct {
	bun.BaseModel `bun:"table:auth_setup,alias:u"`

	ID   int    `bun:"id,pk"`
	Hash string `bun:"code_hash"`
}

const setupID = 1

func anyAccount(ctx context.Context, q db.Q) (bool, error) {
	return q.NewSelect().Model((*accountRow)(nil)).Exists(ctx)
}

func setupHash(ctx context.Context, q db.Q) (string, error) {
	var r setupRow
	err := q.NewSelect().Model(&r).Where("id = ?", setupID).Scan(ctx)
	return r.Hash, err
}

func saveSetup(ctx context.Context, tx db.Tx, hash string) error {
	_, err := tx.NewInsert().Model(&setupRow{ID: setupID, Hash: hash}).
		On("CONFLICT (id) DO UPDATE").Set("code_hash = EXCLUDED.code_hash").Exec(ctx)
	return err
}

// useSetup uses the code up; false when it is used up already.
func useSetup(ctx context.Context, tx db.Tx, hash string) (bool, error) {
	res, err := tx.NewDelete().Model((*setupRow)(nil)).Where("id = ?", setupID).Where("code_hash = ?", hash).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
