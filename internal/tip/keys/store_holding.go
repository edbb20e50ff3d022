// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

type holdingRow struct {
	bun.BaseModel `bun:"table:tipkey_holding,alias:h"`
	Holding
}

func holdingsIn(rows []holdingRow, err error) ([]Holding, error) {
	out := make([]Holding, len(rows))
	for i, r := range rows {
		out[i] = r.Holding
	}
	return out, err
}

// holdingsOf returns what is held of a generation, or of all when n is 0.
func holdingsOf(ctx context.Context, q db.Q, channelID string, n int) ([]Holding, error) {
	var rows []holdingRow
	sel := q.NewSelect().Model(&rows).Where("channel_id = ?", channelID).OrderExpr("generation DESC, person_id")
	if n != 0 {
		sel = sel.Where("generation = ?", n)
	}
	err := sel.Scan(ctx)
	return holdingsIn(rows, err)
}

// liveHoldings returns what a person holds or, for "", what is held in a unit.
func liveHoldings(ctx context.Context, q db.Q, personID, unitID string) ([]Holding, error) {
	var rows []holdingRow
	sel := q.NewSelect().Model(&rows).Where("h.revoked IS NULL").OrderExpr("h.channel_id, h.generation, h.person_id")
	if personID != "" {
		sel = sel.Where("h.person_id = ?", personID)
	} else {
		sel = sel.Where("h.channel_id IN (SELECT id FROM tipkey_channel WHERE unit_id = ?)", unitID)
	}
	err := sel.Scan(ctx)
	return holdingsIn(rows, err)
}

// holdersAnywhere returns everybody who holds any key.
func holdersAnywhere(ctx context.Context, q db.Q) ([]string, error) {
	var out []string
	err := q.NewRaw(`SELECT person_id FROM tipkey_holding WHERE revoked IS NULL
		UNION SELECT person_id FROM tipkey_directory_wrap WHERE revoked IS NULL ORDER BY person_id`).Scan(ctx, &out)
	return out, err
}

// putHolding adds what a person holds, or writes it over what they held.
func putHolding(ctx context.Context, tx db.Tx, h *Holding) error {
	_, err := tx.NewInsert().Model(&holdingRow{Holding: *h}).On("CONFLICT (channel_id, generation, person_id) DO UPDATE").
		Set("key_id = EXCLUDED.key_id, wrap = EXCLUDED.wrap, share_key = EXCLUDED.share_key, share = EXCLUDED.share").
		Set("share_set = EXCLUDED.share_set, made = EXCLUDED.made, made_by = EXCLUDED.made_by, revoked = NULL").Exec(ctx)
	return err
}

// saveShare gives a holder their share of g's set.
func saveShare(ctx context.Context, tx db.Tx, g *Generation, h Sealing) error {
	return changedOne(tx.NewUpdate().Model((*holdingRow)(nil)).Set("share = ?", h.Share).Set("share_key = ?", h.KeyID).
		Set("share_set = ?", g.ShareSet).Set("revoked = NULL").
		Where("channel_id = ?", g.ChannelID).Where("generation = ?", g.N).Where("person_id = ?", h.PersonID).Exec(ctx))
}

func revokeHolding(ctx context.Context, tx db.Tx, h *Holding, now time.Time) error {
	_, err := tx.NewUpdate().Model((*holdingRow)(nil)).Set("revoked = ?", now).Where("channel_id = ?", h.ChannelID).
		Where("generation = ?", h.N).Where("person_id = ?", h.PersonID).Where("revoked IS NULL").Exec(ctx)
	return err
}
