// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// tileRow is a tile, or with level Entries a bundle, as wide as the tree has it. Narrower
// ones are its beginning.
type tileRow struct {
	bun.BaseModel `bun:"table:transparency_tile,alias:t"`

	Level int64  `bun:"level,pk"`
	N     int64  `bun:"n,pk"`
	Data  []byte `bun:"data"`
}

func getTile(ctx context.Context, q db.Q, level int, n int64) ([]byte, error) {
	var t tileRow
	err := q.NewSelect().Model(&t).Where("level = ? AND n = ?", level, n).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "transparency.no_tile")
	}
	return t.Data, err
}

const saveTileSQL = "INSERT INTO transparency_tile (level, n, data) VALUES (?, ?, ?) ON CONFLICT (level, n) DO UPDATE SET data = excluded.data"

func saveTile(ctx context.Context, tx db.Tx, level int, n int64, data []byte) error {
	if db.IsPG(tx) {
		_, err := tx.NewRaw(saveTileSQL, level, n, data).Exec(ctx)
		return err
	}
	_, err := db.Prepared(ctx, tx, saveTileSQL).Exec(level, n, data)
	return err
}

// stored reads tiles from the database, as they are served.
type stored struct{ q db.Q }

// Tile returns a tile of exactly the width asked for.
func (s stored) Tile(ctx context.Context, t TileID) ([]byte, error) {
	data, err := getTile(ctx, s.q, t.Level, t.N)
	if err != nil {
		return nil, err
	}
	return cutTile(t, data)
}
