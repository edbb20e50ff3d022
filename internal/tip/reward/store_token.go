// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type keyRow struct {
	bun.BaseModel `bun:"table:reward_key,alias:k"`

	ID       string    `bun:"id,pk"`
	OfficeID string    `bun:"office_id"`
	Year     int       `bun:"year"`
	Fen      int64     `bun:"fen"`
	Public   []byte    `bun:"public"`
	Sealed   []byte    `bun:"sealed"` // PKCS #1, in the box
	Expires  clock.Day `bun:"expires"`
	Issued   int64     `bun:"issued"`
	Spent    int64     `bun:"spent"`
}

func (w *keyRow) key() Key {
	return Key{ID: w.ID, OfficeID: w.OfficeID, Year: w.Year, Fen: w.Fen, Public: w.Public, Expires: w.Expires,
		Issued: w.Issued, Spent: w.Spent}
}

// insertKeys stores keys that are not there yet and returns how many those were.
func insertKeys(ctx context.Context, tx db.Tx, rows []*keyRow) (int64, error) {
	res, err := tx.NewInsert().Model(&rows).On("CONFLICT (office_id, year, fen) DO NOTHING").Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// keysOf returns an office's keys of a year, the largest denomination first.
func keysOf(ctx context.Context, q db.Q, officeID string, year int) ([]keyRow, error) {
	var rows []keyRow
	err := q.NewSelect().Model(&rows).Where("office_id = ?", officeID).Where("year = ?", year).OrderExpr("fen DESC").Scan(ctx)
	return rows, err
}

func keyByID(ctx context.Context, q db.Q, id string) (*keyRow, error) {
	var w keyRow
	err := q.NewSelect().Model(&w).Where("id = ?", id).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.Invalid, "reward.bad_token")
	}
	return &w, err
}

func countIssued(ctx context.Context, tx db.Tx, officeID string, year int, fen int64) error {
	_, err := tx.NewUpdate().Model((*keyRow)(nil)).Set("issued = issued + 1").
		Where("office_id = ?", officeID).Where("year = ?", year).Where("fen = ?", fen).Exec(ctx)
	return err
}

type spentRow struct {
	bun.BaseModel `bun:"table:reward_spent,alias:s"`

	Hash  []byte `bun:"hash,pk"`
	KeyID string `bun:"key_id"`
}

// insertSpent marks the message with this hash as paid; a second time breaks uniqueness.
func insertSpent(ctx context.Context, tx db.Tx, hash []byte, keyID string) error {
	if _, err := tx.NewInsert().Model(&spentRow{Hash: hash, KeyID: keyID}).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewUpdate().Model((*keyRow)(nil)).Set("spent = spent + 1").Where("id = ?", keyID).Exec(ctx)
	return err
}
