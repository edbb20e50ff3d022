// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type importRow struct {
	bun.BaseModel `bun:"table:org_import,alias:i"`

	ID        string    `bun:"id,pk"`
	Kind      Kind      `bun:"kind"`
	State     State     `bun:"state"`
	Actor     string    `bun:"actor"`
	ActorUnit string    `bun:"actor_unit"`
	Bytes     int64     `bun:"bytes"`
	Progress  int       `bun:"progress"`
	Report    string    `bun:"report"`  // JSON
	Failure   string    `bun:"failure"` // JSON, or ""
	Created   time.Time `bun:"created"`
	Changed   time.Time `bun:"changed"`
}

// partRow is a sealed piece of the file or of what was read from it.
type partRow struct {
	bun.BaseModel `bun:"table:org_import_part,alias:ip"`

	Import string `bun:"import_id,pk"`
	N      int    `bun:"n,pk"`
	Body   []byte `bun:"body"`
}

func insertImport(ctx context.Context, tx db.Tx, r *importRow) error {
	_, err := tx.NewInsert().Model(r).Exec(ctx)
	return err
}

func importByID(ctx context.Context, q db.Q, id string) (*importRow, error) {
	var r importRow
	err := q.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "org.import_not_found")
	}
	return &r, err
}

// saveImport writes r if the import is still in state from, and reports whether it was.
func saveImport(ctx context.Context, tx db.Tx, r *importRow, from State) (bool, error) {
	res, err := tx.NewUpdate().Model(r).Column("state", "progress", "report", "failure", "changed").
		WherePK().Where("state = ?", from).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func insertPart(ctx context.Context, tx db.Tx, p *partRow) error {
	_, err := tx.NewInsert().Model(p).Exec(ctx)
	return err
}

// partOf returns the nth piece; a nil body when there are no more.
func partOf(ctx context.Context, q db.Q, importID string, n int) ([]byte, error) {
	var p partRow
	err := q.NewSelect().Model(&p).Where("import_id = ?", importID).Where("n = ?", n).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, nil
	}
	return p.Body, err
}

// deleteParts deletes the pieces of an import from the given number on.
func deleteParts(ctx context.Context, tx db.Tx, importID string, from int) error {
	_, err := tx.NewDelete().Model((*partRow)(nil)).Where("import_id = ?", importID).Where("n >= ?", from).Exec(ctx)
	return err
}

// deleteImportsBefore forgets imports that nobody has touched since, with their pieces.
func deleteImportsBefore(ctx context.Context, tx db.Tx, t time.Time) error {
	old := tx.NewSelect().Model((*importRow)(nil)).Column("id").Where("changed < ?", t)
	if _, err := tx.NewDelete().Model((*partRow)(nil)).Where("import_id IN (?)", old).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewDelete().Model((*importRow)(nil)).Where("changed < ?", t).Exec(ctx)
	return err
}
