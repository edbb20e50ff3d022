// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

// saltRow is the sealed salt of a commitment, until it is erased.
type saltRow struct {
	bun.BaseModel `bun:"table:transparency_salt,alias:s"`

	Commitment string `bun:"commitment,pk"`
	Received   string `bun:"received,pk"` // hash of the received leaf whose erasure erases it
	Sealed     []byte `bun:"sealed"`
}

const insertSalt = "INSERT INTO transparency_salt (commitment, received, sealed) VALUES (?, ?, ?)"

func addSalts(ctx context.Context, tx db.Tx, rows []saltRow) error {
	if db.IsPG(tx) {
		_, err := tx.NewInsert().Model(&rows).Returning("NULL").Exec(ctx)
		return err
	}
	st := db.Prepared(ctx, tx, insertSalt)
	for i := range rows {
		if _, err := st.Exec(rows[i].Commitment, rows[i].Received, rows[i].Sealed); err != nil {
			return err
		}
	}
	return nil
}

// isPromised reports whether something was received under a leaf hash and not erased since.
func isPromised(ctx context.Context, q db.Q, received string) (bool, error) {
	return q.NewSelect().Model((*saltRow)(nil)).Where("received = ?", received).Exists(ctx)
}

func getSalt(ctx context.Context, q db.Q, received, commitment string) (saltRow, error) {
	var s saltRow
	err := q.NewSelect().Model(&s).Where("received = ? AND commitment = ?", received, commitment).Scan(ctx)
	return s, err
}

// eraseSalts forgets every salt that belongs to a received leaf and returns how many.
func eraseSalts(ctx context.Context, tx db.Tx, received string) (int64, error) {
	res, err := tx.NewDelete().Model((*saltRow)(nil)).Where("received = ?", received).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// keyRow is a generation of the log's keys; the private ones are derived.
type keyRow struct {
	bun.BaseModel `bun:"table:transparency_key,alias:k"`

	Generation int64     `bun:"generation,pk"`
	VKey       string    `bun:"vkey"`
	ClockVKey  string    `bun:"clock_vkey"`
	Made       time.Time `bun:"made"`
}

func addKey(ctx context.Context, tx db.Tx, k *keyRow) error {
	_, err := tx.NewInsert().Model(k).On("CONFLICT (generation) DO NOTHING").Exec(ctx)
	return err
}

func keyRows(ctx context.Context, q db.Q) ([]keyRow, error) {
	var rows []keyRow
	err := q.NewSelect().Model(&rows).OrderExpr("generation").Scan(ctx)
	return rows, err
}

// witnessRow is what a witness is known to have seen of the log.
type witnessRow struct {
	bun.BaseModel `bun:"table:transparency_witness,alias:w"`

	Name string `bun:"name,pk"`
	Size int64  `bun:"size"`
}

func witnessSizes(ctx context.Context, q db.Q) (map[string]int64, error) {
	var rows []witnessRow
	err := q.NewSelect().Model(&rows).Scan(ctx)
	sizes := make(map[string]int64, len(rows))
	for _, r := range rows {
		sizes[r.Name] = r.Size
	}
	return sizes, err
}

func saveWitness(ctx context.Context, tx db.Tx, w *witnessRow) error {
	_, err := tx.NewInsert().Model(w).On("CONFLICT (name) DO UPDATE").Set("size = excluded.size").Exec(ctx)
	return err
}

// headRow is how far the ledger is bound.
type headRow struct {
	bun.BaseModel `bun:"table:transparency_head,alias:h"`

	ID      int64     `bun:"id,pk"`
	Entries int64     `bun:"entries"` // of the ledger, chained
	Chain   []byte    `bun:"chain"`
	Headed  time.Time `bun:"headed"` // when the last head leaf was queued
}

func getHead(ctx context.Context, q db.Q) (headRow, error) {
	h := headRow{ID: 1, Chain: make([]byte, 32)}
	err := q.NewSelect().Model(&h).WherePK().Scan(ctx)
	if db.IsNoRows(err) {
		err = nil
	}
	return h, err
}

func saveHead(ctx context.Context, tx db.Tx, h *headRow) error {
	_, err := tx.NewInsert().Model(h).On("CONFLICT (id) DO UPDATE").Set("entries = excluded.entries").
		Set("chain = excluded.chain").Set("headed = excluded.headed").Exec(ctx)
	return err
}
