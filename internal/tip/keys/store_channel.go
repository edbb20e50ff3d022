// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type channelRow struct {
	bun.BaseModel `bun:"table:tipkey_channel,alias:c"`
	Channel
}

func insertChannel(ctx context.Context, tx db.Tx, c *Channel) error {
	_, err := tx.NewInsert().Model(&channelRow{Channel: *c}).Exec(ctx)
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "tipkey.channel_exists")
	}
	return err
}

func channelBy(ctx context.Context, q db.Q, id string) (*Channel, error) {
	var r channelRow
	err := q.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "tipkey.no_channel")
	}
	return &r.Channel, err
}

// lockChannel makes other transactions that lock the channel wait for this one.
func lockChannel(ctx context.Context, tx db.Tx, id string) error {
	if !db.IsPG(tx) { // SQLite has one writer
		return nil
	}
	_, err := tx.NewSelect().Model((*channelRow)(nil)).Column("id").Where("id = ?", id).For("UPDATE").Exec(ctx)
	return err
}

func listChannels(ctx context.Context, q db.Q, after string, limit int) ([]*Channel, error) {
	var rows []channelRow
	err := q.NewSelect().Model(&rows).Where("id > ?", after).OrderExpr("id").Limit(int64(limit)).Scan(ctx)
	out := make([]*Channel, len(rows))
	for i := range rows {
		out[i] = &rows[i].Channel
	}
	return out, err
}

func channelsOfUnits(ctx context.Context, q db.Q, units []string) ([]*Channel, error) {
	if len(units) == 0 {
		return nil, nil
	}
	var rows []channelRow
	err := q.NewSelect().Model(&rows).Where("unit_id IN (?)", bun.List(units)).OrderExpr("id").Scan(ctx)
	out := make([]*Channel, len(rows))
	for i := range rows {
		out[i] = &rows[i].Channel
	}
	return out, err
}

// changedOne is Conflict unless a statement changed exactly one row.
func changedOne(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n != 1 {
		return errs.New(errs.Conflict, "tipkey.changed")
	}
	return err
}
