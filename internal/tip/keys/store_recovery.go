// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type recoveryRow struct {
	bun.BaseModel `bun:"table:tipkey_recovery,alias:r"`
	Recovery
}

type givenRow struct {
	bun.BaseModel `bun:"table:tipkey_recovery_share,alias:s"`
	Given
}

func insertRecovery(ctx context.Context, tx db.Tx, r *Recovery) error {
	_, err := tx.NewInsert().Model(&recoveryRow{Recovery: *r}).Exec(ctx)
	return err
}

func insertGiven(ctx context.Context, tx db.Tx, g *Given) error {
	_, err := tx.NewInsert().Model(&givenRow{Given: *g}).Exec(ctx)
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "tipkey.share_given")
	}
	return err
}

func recoveryBy(ctx context.Context, q db.Q, channelID, id string) (*Recovery, error) {
	var r recoveryRow
	err := q.NewSelect().Model(&r).Where("id = ?", id).Where("channel_id = ?", channelID).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "tipkey.no_recovery")
	}
	if err != nil {
		return nil, err
	}
	all := []Recovery{r.Recovery}
	return &all[0], fillGiven(ctx, q, all)
}

// recoveriesOf returns the recoveries of a channel that are not over, the newest first.
func recoveriesOf(ctx context.Context, q db.Q, channelID string, now time.Time) ([]Recovery, error) {
	var rows []recoveryRow
	err := q.NewSelect().Model(&rows).Where("channel_id = ?", channelID).Where("expires > ?", now).OrderExpr("id DESC").Scan(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Recovery, len(rows))
	for i, r := range rows {
		out[i] = r.Recovery
	}
	return out, fillGiven(ctx, q, out)
}

func fillGiven(ctx context.Context, q db.Q, all []Recovery) error {
	if len(all) == 0 {
		return nil
	}
	byID := map[string]*Recovery{}
	ids := make([]string, len(all))
	for i := range all {
		ids[i], byID[all[i].ID] = all[i].ID, &all[i]
	}
	var rows []givenRow
	err := q.NewSelect().Model(&rows).Where("recovery_id IN (?)", bun.List(ids)).OrderExpr("given, person_id").Scan(ctx)
	for _, r := range rows {
		byID[r.RecoveryID].Given = append(byID[r.RecoveryID].Given, r.Given)
	}
	return err
}

func fetchRecovery(ctx context.Context, tx db.Tx, id string, now time.Time) error {
	_, err := tx.NewUpdate().Model((*recoveryRow)(nil)).Set("fetched = ?", now).Where("id = ?", id).Exec(ctx)
	return err
}

// hasRecovered reports whether a person has the key of g from a recovery that is not over.
func hasRecovered(ctx context.Context, q db.Q, g *Generation, personID string, now time.Time) (bool, error) {
	return q.NewSelect().Model((*recoveryRow)(nil)).ColumnExpr("1").Where("channel_id = ?", g.ChannelID).Where("generation = ?", g.N).
		Where("asker = ?", personID).Where("share_set = ?", g.ShareSet).Where("fetched IS NOT NULL").Where("expires > ?", now).Exists(ctx)
}

// deleteGiven deletes the shares of recoveries that are over.
func deleteGiven(ctx context.Context, tx db.Tx, now time.Time) error {
	_, err := tx.NewDelete().Model((*givenRow)(nil)).
		Where("recovery_id IN (SELECT id FROM tipkey_recovery WHERE expires <= ?)", now).Exec(ctx)
	return err
}
