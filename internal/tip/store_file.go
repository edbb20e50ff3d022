// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

// fileByName returns a file, or nil.
func fileByName(ctx context.Context, q db.Q, name string) (*file, error) {
	f := new(file)
	err := q.NewSelect().Model(f).ModelTableExpr("tip_file AS file").Where("name = ?", name).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, nil
	}
	return f, err
}

// filesNamed returns those files that there are, by name.
func filesNamed(ctx context.Context, q db.Q, names []string) (map[string]*file, error) {
	out := make(map[string]*file, len(names))
	if len(names) == 0 {
		return out, nil
	}
	var fs []*file
	sel := q.NewSelect().Model(&fs).ModelTableExpr("tip_file AS file").Where("name IN (?)", bun.List(names))
	if db.IsPG(q) {
		sel = sel.For("UPDATE") // the sweeper must not take one away now
	}
	err := sel.Scan(ctx)
	for _, f := range fs {
		out[f.Name] = f
	}
	return out, err
}

const insertFile = "INSERT INTO tip_file (name, tip_id, size, sha256, uploaded) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING"

func insertFiles(ctx context.Context, tx db.Tx, fs []*file) error {
	if db.IsPG(tx) {
		_, err := tx.NewInsert().Model(&fs).ModelTableExpr("tip_file").On("CONFLICT (name) DO NOTHING").Returning("NULL").Exec(ctx)
		return err
	}
	st := db.Prepared(ctx, tx, insertFile)
	for _, f := range fs {
		if _, err := st.Exec(f.Name, f.TipID, f.Size, f.SHA256, f.Uploaded.UTC()); err != nil {
			return err
		}
	}
	return nil
}

const takeFile = "UPDATE tip_file SET tip_id = ? WHERE name = ?"

// takeFiles gives files to tips: pairs of a file's name and a tip's id.
func takeFiles(ctx context.Context, tx db.Tx, taken [][2]string) error {
	if len(taken) == 0 {
		return nil
	}
	if db.IsPG(tx) {
		rows := make([]struct {
			Name  string `bun:"name"`
			TipID string `bun:"tip_id"`
		}, len(taken))
		for i, t := range taken {
			rows[i].Name, rows[i].TipID = t[0], t[1]
		}
		_, err := tx.NewUpdate().With("taken", tx.NewValues(&rows)).TableExpr("tip_file AS file").TableExpr("taken").
			Set("tip_id = taken.tip_id").Where("file.name = taken.name").Exec(ctx)
		return err
	}
	st := db.Prepared(ctx, tx, takeFile)
	for _, t := range taken {
		if _, err := st.Exec(t[1], t[0]); err != nil {
			return err
		}
	}
	return nil
}

// looseBytes sums up the files that wait for their tips.
func looseBytes(ctx context.Context, q db.Q) (int64, error) {
	var n int64
	err := q.NewSelect().TableExpr("tip_file").ColumnExpr("COALESCE(SUM(size), 0)").Where("tip_id = ''").Scan(ctx, &n)
	return n, err
}

// deleteLoose deletes files that wait since before, and returns their names.
func deleteLoose(ctx context.Context, tx db.Tx, before time.Time, limit int) ([]string, error) {
	var names []string
	old := db.SkipLocked(tx.NewSelect().TableExpr("tip_file").Column("name").Where("tip_id = ''").Where("uploaded < ?", before).Limit(int64(limit)))
	_, err := tx.NewDelete().TableExpr("tip_file").Where("name IN (?)", old).Returning("name").Exec(ctx, &names)
	return names, err
}

// existingFiles returns which of the names are known.
func existingFiles(ctx context.Context, q db.Q, names []string) ([]string, error) {
	var known []string
	err := q.NewSelect().TableExpr("tip_file").Column("name").Where("name IN (?)", bun.List(names)).Scan(ctx, &known)
	return known, err
}
