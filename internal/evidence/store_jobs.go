// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

// pending returns files that are still to be stored and that nobody has claimed
// since free.
func pending(ctx context.Context, q db.Q, free time.Time, limit int) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*row)(nil)).Column("id").Where("state = ?", Received).
		Where("claimed IS NULL OR claimed < ?", free).OrderExpr("id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, err
}

// claim takes a pending file for this worker; false when another was faster.
func claim(ctx context.Context, tx db.Tx, id string, now, free time.Time) (bool, error) {
	res, err := tx.NewUpdate().Model((*row)(nil)).Set("claimed = ?", now).Where("id = ?", id).Where("state = ?", Received).
		Where("claimed IS NULL OR claimed < ?", free).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func unclaim(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.NewUpdate().Model((*row)(nil)).Set("claimed = NULL").Where("id = ?", id).Exec(ctx)
	return err
}

// saveStored marks a file as ready.
func saveStored(ctx context.Context, tx db.Tx, r *row) error {
	_, err := tx.NewUpdate().Model(r).Column("state", "stored_bytes", "stored_sha256").WherePK().
		Where("state = ?", Received).Exec(ctx)
	return err
}

func saveRefused(ctx context.Context, tx db.Tx, ids []string, key string) error {
	_, err := tx.NewUpdate().Model((*row)(nil)).Set("state = ?", Refused).Set("refusal = ?", key).
		Where("id IN (?)", bun.List(ids)).Where("state = ?", Received).Exec(ctx)
	return err
}

// lostPending returns files that have waited to be stored since before t.
func lostPending(ctx context.Context, q db.Q, t time.Time, limit int) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*row)(nil)).Column("id").Where("state = ?", Received).Where("created < ?", t).
		OrderExpr("id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, err
}

// deleteLoose removes files that were never attached and came before t, and returns
// which.
func deleteLoose(ctx context.Context, tx db.Tx, t time.Time, limit int) ([]string, error) {
	loose := tx.NewSelect().Model((*row)(nil)).Column("id").Where("subject = ''").Where("created < ?", t).
		OrderExpr("created").Limit(int64(limit))
	var ids []string
	_, err := tx.NewDelete().Model((*row)(nil)).Where("id IN (?)", db.SkipLocked(loose)).Where("subject = ''").
		Returning("id").Exec(ctx, &ids)
	return ids, err
}

// existing returns which of ids are files.
func existing(ctx context.Context, q db.Q, ids []string) ([]string, error) {
	var out []string
	err := q.NewSelect().Model((*row)(nil)).Column("id").Where("id IN (?)", bun.List(ids)).Scan(ctx, &out)
	return out, err
}
