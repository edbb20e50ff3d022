// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// uploadRow is a file that comes in pieces.
type uploadRow struct {
	bun.BaseModel `bun:"table:evidence_upload,alias:u"`

	ID       string    `bun:"id,pk"`
	Type     string    `bun:"type"`
	Bytes    int64     `bun:"bytes"`
	Received int64     `bun:"received"`
	Idem     string    `bun:"idem"`
	By       string    `bun:"uploaded_by"`
	Created  time.Time `bun:"created"`
	Touched  time.Time `bun:"touched"`
	Done     bool      `bun:"done"`
}

func insertUpload(ctx context.Context, tx db.Tx, u *uploadRow) error {
	_, err := tx.NewInsert().Model(u).Exec(ctx)
	return err
}

func getUpload(ctx context.Context, q db.Q, id string) (*uploadRow, error) {
	u := &uploadRow{}
	err := q.NewSelect().Model(u).Where("id = ?", id).Scan(ctx)
	return u, err
}

func uploadByIdem(ctx context.Context, q db.Q, idem string) (*uploadRow, error) {
	u := &uploadRow{}
	err := q.NewSelect().Model(u).Where("idem = ?", idem).Where("idem <> ''").Scan(ctx)
	return u, err
}

// saveUpload writes u back; another process that took the same chunk, or finished
// the upload, makes it a Conflict.
func saveUpload(ctx context.Context, tx db.Tx, u *uploadRow) error {
	res, err := tx.NewUpdate().Model(u).Column("received", "touched", "done").WherePK().
		Where("received <= ?", u.Received).Where("NOT done").Exec(ctx)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return errs.New(errs.Conflict, "evidence.bad_offset", "offset", u.Received)
	}
	return nil
}

// spooledBytes returns how much unfinished uploads have brought so far.
func spooledBytes(ctx context.Context, q db.Q) (int64, error) {
	var n int64
	err := q.NewSelect().Model((*uploadRow)(nil)).ColumnExpr("COALESCE(SUM(received), 0)").Where("NOT done").Scan(ctx, &n)
	return n, err
}

// staleUploads returns uploads that nothing was heard of since before t.
func staleUploads(ctx context.Context, q db.Q, t time.Time, limit int) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*uploadRow)(nil)).Column("id").Where("touched < ?", t).
		OrderExpr("touched").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, err
}

func deleteUploads(ctx context.Context, tx db.Tx, ids []string) error {
	_, err := tx.NewDelete().Model((*uploadRow)(nil)).Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return err
}

// existingUploads returns which of ids are unfinished uploads, or files still to be stored.
func existingUploads(ctx context.Context, q db.Q, ids []string) ([]string, error) {
	var open, pending []string
	err := q.NewSelect().Model((*uploadRow)(nil)).Column("id").Where("id IN (?)", bun.List(ids)).Where("NOT done").Scan(ctx, &open)
	if err != nil {
		return nil, err
	}
	err = q.NewSelect().Model((*row)(nil)).Column("id").Where("id IN (?)", bun.List(ids)).Where("state = ?", Received).Scan(ctx, &pending)
	return append(open, pending...), err
}
