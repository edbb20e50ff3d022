// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type generationRow struct {
	bun.BaseModel `bun:"table:tipkey_generation,alias:g"`
	Generation
}

func generationsIn(rows []generationRow, err error) ([]Generation, error) {
	out := make([]Generation, len(rows))
	for i, r := range rows {
		out[i] = r.Generation
	}
	return out, err
}

// insertGeneration adds a generation with what its holders get.
func insertGeneration(ctx context.Context, tx db.Tx, g *Generation, all []Holding) error {
	_, err := tx.NewInsert().Model(&generationRow{Generation: *g}).Exec(ctx)
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "tipkey.ceremony_open")
	}
	if err != nil {
		return err
	}
	rows := make([]holdingRow, len(all))
	for i, h := range all {
		rows[i].Holding = h
	}
	_, err = tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

func generation(ctx context.Context, q db.Q, channelID string, n int) (*Generation, error) {
	var r generationRow
	err := q.NewSelect().Model(&r).Where("channel_id = ?", channelID).Where("generation = ?", n).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "tipkey.no_generation")
	}
	return &r.Generation, err
}

func generationsOf(ctx context.Context, q db.Q, channelID string) ([]Generation, error) {
	var rows []generationRow
	err := q.NewSelect().Model(&rows).Where("channel_id = ?", channelID).OrderExpr("generation DESC").Scan(ctx)
	return generationsIn(rows, err)
}

// heldByAnyone limits a query over tipkey_generation g to those that somebody holds.
const heldByAnyone = `EXISTS (SELECT 1 FROM tipkey_holding AS h
	WHERE h.channel_id = g.channel_id AND h.generation = g.generation AND h.revoked IS NULL)`

func currentOf(ctx context.Context, q db.Q, channelID string) (*Generation, error) {
	var r generationRow
	err := q.NewSelect().Model(&r).Where("channel_id = ?", channelID).Where("state = ?", Current).Where(heldByAnyone).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "tipkey.no_generation")
	}
	return &r.Generation, err
}

// allCurrent returns what phones seal to, of all channels.
func allCurrent(ctx context.Context, q db.Q) ([]Generation, error) {
	var rows []generationRow
	err := q.NewSelect().Model(&rows).Where("state = ?", Current).Where(heldByAnyone).Scan(ctx)
	return generationsIn(rows, err)
}

func expiredGenerations(ctx context.Context, q db.Q, now time.Time) ([]Generation, error) {
	var rows []generationRow
	err := q.NewSelect().Model(&rows).Where("state = ?", Pending).Where("expires <= ?", now).Scan(ctx)
	return generationsIn(rows, err)
}

// recipientUsed reports whether a recipient is a key of a channel, a person or a recovery.
func recipientUsed(ctx context.Context, q db.Q, recipient string) (bool, error) {
	for _, table := range []string{"tipkey_generation", "tipkey_person_key", "tipkey_recovery"} {
		used, err := q.NewSelect().Table(table).ColumnExpr("1").Where("recipient = ?", recipient).Exists(ctx)
		if used || err != nil {
			return used, err
		}
	}
	return false, nil
}

// confirmGeneration makes g the current one and the one before a former one.
func confirmGeneration(ctx context.Context, tx db.Tx, g *Generation) error {
	_, err := tx.NewUpdate().Model((*generationRow)(nil)).Set("state = ?", Former).
		Where("channel_id = ?", g.ChannelID).Where("state = ?", Current).Exec(ctx)
	if err != nil {
		return err
	}
	return changedOne(tx.NewUpdate().Model(&generationRow{Generation: *g}).
		Column("state", "confirmer", "confirmer_key", "confirmer_sig", "confirmed").
		WherePK().Where("state = ?", Pending).Exec(ctx))
}

// endGeneration moves g to a state in which nobody holds it any more.
func endGeneration(ctx context.Context, tx db.Tx, g *Generation, to State) error {
	err := changedOne(tx.NewUpdate().Model((*generationRow)(nil)).Set("state = ?", to).
		Where("channel_id = ?", g.ChannelID).Where("generation = ?", g.N).Where("state = ?", g.State).Exec(ctx))
	if err != nil {
		return err
	}
	g.State = to
	_, err = tx.NewDelete().Model((*holdingRow)(nil)).Where("channel_id = ?", g.ChannelID).Where("generation = ?", g.N).Exec(ctx)
	return err
}

// nextShareSet begins a new set of shares, unless somebody else did since g was read.
func nextShareSet(ctx context.Context, tx db.Tx, g *Generation, threshold int) error {
	err := changedOne(tx.NewUpdate().Model((*generationRow)(nil)).Set("share_set = ?", g.ShareSet+1).Set("threshold = ?", threshold).
		Where("channel_id = ?", g.ChannelID).Where("generation = ?", g.N).Where("share_set = ?", g.ShareSet).Exec(ctx))
	g.ShareSet, g.Threshold = g.ShareSet+1, threshold
	return err
}
