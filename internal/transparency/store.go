// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

// logRow is the state of the log: one row.
type logRow struct {
	bun.BaseModel `bun:"table:transparency_log,alias:l"`

	ID         int64     `bun:"id,pk"`
	Origin     string    `bun:"origin"`
	Epoch      int64     `bun:"epoch"`  // fencing token
	Holder     string    `bun:"holder"` // process that may write
	Lease      time.Time `bun:"lease"`
	Size       int64     `bun:"size"`        // leaves that have a place
	SignedSize int64     `bun:"signed_size"` // of the newest checkpoint signed
	SignedRoot []byte    `bun:"signed_root"`
	SignedAt   time.Time `bun:"signed_at"`
	Served     string    `bun:"served"` // the checkpoint that is served
	ServedSize int64     `bun:"served_size"`
	ServedAt   time.Time `bun:"served_at"`
	Agreed     bool      `bun:"agreed"` // enough witnesses cosigned it
}

// pendingRow is a leaf that waits for its place.
type pendingRow struct {
	bun.BaseModel `bun:"table:transparency_pending,alias:p"`

	Seq    int64     `bun:"seq,pk,autoincrement"`
	Kind   LeafKind  `bun:"kind"`
	Leaf   []byte    `bun:"leaf"`  // of an event without the index that it names
	About  string    `bun:"about"` // hash of the received leaf that it is or concerns, or ""
	Queued time.Time `bun:"queued"`
}

// entryRow is a second copy of each leaf, beside that in the bundles, by which it is found.
type entryRow struct {
	bun.BaseModel `bun:"table:transparency_entry,alias:e"`

	Idx  int64    `bun:"idx,pk"`
	Hash string   `bun:"hash"`
	Kind LeafKind `bun:"kind"`
	Word string   `bun:"word"`
	Leaf []byte   `bun:"leaf"`

	said Leaf // Leaf, read; of an entry that gets its place
}

func ensureLog(ctx context.Context, tx db.Tx, l *logRow) error {
	_, err := tx.NewInsert().Model(l).On("CONFLICT (id) DO NOTHING").Exec(ctx)
	return err
}

func getLog(ctx context.Context, q db.Q) (logRow, error) {
	var l logRow
	err := q.NewSelect().Model(&l).Where("id = 1").Scan(ctx)
	return l, err
}

// lockLog is getLog, and nobody else changes the row until the transaction ends.
func lockLog(ctx context.Context, tx db.Tx) (logRow, error) {
	var l logRow
	sel := tx.NewSelect().Model(&l).Where("id = 1")
	if db.IsPG(tx) {
		sel = sel.For("UPDATE")
	}
	err := sel.Scan(ctx)
	return l, err
}

func saveLog(ctx context.Context, tx db.Tx, l *logRow, columns ...string) error {
	_, err := tx.NewUpdate().Model(l).Column(columns...).WherePK().Exec(ctx)
	return err
}

const insertPending = "INSERT INTO transparency_pending (kind, leaf, about, queued) VALUES (?, ?, ?, ?)"

func addPending(ctx context.Context, tx db.Tx, rows []pendingRow) error {
	if db.IsPG(tx) {
		_, err := tx.NewInsert().Model(&rows).ExcludeColumn("seq").Returning("NULL").Exec(ctx)
		return err
	}
	st := db.Prepared(ctx, tx, insertPending)
	for i := range rows {
		r := &rows[i]
		if _, err := st.Exec(string(r.Kind), r.Leaf, r.About, r.Queued.UTC()); err != nil {
			return err
		}
	}
	return nil
}

func pending(ctx context.Context, q db.Q, limit int) ([]pendingRow, error) {
	var rows []pendingRow
	err := q.NewSelect().Model(&rows).OrderExpr("seq").Limit(int64(limit)).Scan(ctx)
	return rows, err
}

func removePending(ctx context.Context, tx db.Tx, seqs []int64) error {
	_, err := tx.NewDelete().Model((*pendingRow)(nil)).Where("seq IN (?)", bun.List(seqs)).Exec(ctx)
	return err
}

// waiting counts what waits, at most limit, and tells since when the first has; the zero
// time when nothing waits.
func waiting(ctx context.Context, q db.Q, limit int) (int, time.Time, error) {
	var rows []pendingRow
	err := q.NewSelect().Model(&rows).Column("queued").OrderExpr("seq").Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return 0, time.Time{}, err
	}
	n, err := q.NewSelect().TableExpr("(?) AS x", q.NewSelect().Model((*pendingRow)(nil)).ColumnExpr("1").Limit(int64(limit))).Count(ctx)
	return int(n), rows[0].Queued, err
}

const insertEntry = "INSERT INTO transparency_entry (idx, hash, kind, word, leaf) VALUES (?, ?, ?, ?, ?)"

func addEntries(ctx context.Context, tx db.Tx, rows []entryRow) error {
	if db.IsPG(tx) {
		_, err := tx.NewInsert().Model(&rows).Returning("NULL").Exec(ctx)
		return err
	}
	st := db.Prepared(ctx, tx, insertEntry)
	for i := range rows {
		r := &rows[i]
		if _, err := st.Exec(r.Idx, r.Hash, string(r.Kind), r.Word, r.Leaf); err != nil {
			return err
		}
	}
	return nil
}

// entryOf returns the entry with a leaf hash.
func entryOf(ctx context.Context, q db.Q, hash string) (entryRow, error) {
	var e entryRow
	err := q.NewSelect().Model(&e).Where("hash = ?", hash).Scan(ctx)
	return e, err
}

// indexes returns where leaves stand, by hash; those without a place are missing.
func indexes(ctx context.Context, q db.Q, found []string) (map[string]int64, error) {
	var rows []entryRow
	if len(found) == 0 {
		return map[string]int64{}, nil
	}
	err := q.NewSelect().Model(&rows).Column("idx", "hash").Where("hash IN (?)", bun.List(found)).Scan(ctx)
	at := make(map[string]int64, len(rows))
	for _, r := range rows {
		at[r.Hash] = r.Idx
	}
	return at, err
}

// entriesFrom returns up to limit entries from an index on.
func entriesFrom(ctx context.Context, q db.Q, from int64, limit int) ([]entryRow, error) {
	var rows []entryRow
	err := q.NewSelect().Model(&rows).Where("idx >= ?", from).OrderExpr("idx").Limit(int64(limit)).Scan(ctx)
	return rows, err
}
