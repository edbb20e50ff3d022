// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"time"

	"anlan/internal/platform/db"
)

// insertOpening adds a reading and counts it for the informant. Whoever reads has seen what
// the informant wrote.
func insertOpening(ctx context.Context, tx db.Tx, o *opening) error {
	if _, err := tx.NewInsert().Model(o).ModelTableExpr("tip_opening").Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewRaw(`UPDATE tip_tip SET opened = opened + 1, unread = 0 WHERE id = ?`, o.TipID).Exec(ctx)
	return err
}

// openedSince counts what a person opened since a time.
func openedSince(ctx context.Context, q db.Q, person string, since time.Time) (int64, error) {
	return q.NewSelect().TableExpr("tip_opening").Where("person = ?", person).Where("at > ?", since).Count(ctx)
}

// openedBy reports whether a person opened a tip's content since a time.
func openedBy(ctx context.Context, q db.Q, tipID, person string, since time.Time) (bool, error) {
	return q.NewSelect().TableExpr("tip_opening").Where("tip_id = ?", tipID).Where("person = ?", person).
		Where("what = ?", OpenContent).Where("at > ?", since).Exists(ctx)
}

func openingsOf(ctx context.Context, q db.Q, tipID string) ([]opening, error) {
	var all []opening
	err := q.NewSelect().Model(&all).ModelTableExpr("tip_opening AS opening").Where("tip_id = ?", tipID).OrderExpr("id DESC").
		Limit(maxOpenings).Scan(ctx)
	return all, err
}

// maxOpenings is how many openings of one tip are shown.
const maxOpenings = 200

func sealedOf(ctx context.Context, q db.Q, tipID string) (*sealedTip, error) {
	sealed := new(sealedTip)
	err := q.NewSelect().Model(sealed).ModelTableExpr("tip_sealed AS sealed_tip").Where("tip_id = ?", tipID).Scan(ctx)
	if db.IsNoRows(err) {
		err = notFound()
	}
	return sealed, err
}

func caseFiles(ctx context.Context, q db.Q, tipID string) ([]CaseFile, error) {
	fs := []CaseFile{}
	err := q.NewSelect().TableExpr("tip_file").Column("name", "size", "sha256").Where("tip_id = ?", tipID).Where("tip_id <> ''").
		OrderExpr("name").Scan(ctx, &fs)
	return fs, err
}

func caseMessages(ctx context.Context, q db.Q, tipID string) ([]CaseMessage, error) {
	ms := []CaseMessage{}
	err := q.NewSelect().TableExpr("tip_message").Column("id", "origin", "kind", "author", "sealed", "at").Where("tip_id = ?", tipID).
		OrderExpr("seq").Scan(ctx, &ms)
	return ms, err
}

// wrapped is the envelope of a tip.
type wrapped struct {
	Seq      int64  `bun:"seq"`
	ID       string `bun:"id"`
	Envelope []byte `bun:"envelope"`
}

// envelopesOf returns up to limit envelopes that are sealed to a generation, behind a
// sequence number.
func envelopesOf(ctx context.Context, q db.Q, channelID string, generation int, after int64, limit int) ([]wrapped, error) {
	ws := []wrapped{}
	err := q.NewSelect().TableExpr(Table).Join("JOIN tip_sealed AS sealed ON sealed.tip_id = tip.id").
		ColumnExpr("tip.seq, tip.id, sealed.envelope").Where("tip.channel_id = ?", channelID).Where("tip.generation = ?", generation).
		Where("tip.seq > ?", after).OrderExpr("tip.seq").Limit(int64(limit)).Scan(ctx, &ws)
	return ws, err
}

// sealedTo counts the tips whose envelopes are sealed to a generation.
func sealedTo(ctx context.Context, q db.Q, channelID string, generation int) (int64, error) {
	return q.NewSelect().TableExpr(Table).Join("JOIN tip_sealed AS sealed ON sealed.tip_id = tip.id").
		Where("tip.channel_id = ?", channelID).Where("tip.generation = ?", generation).Count(ctx)
}

// rewrap puts an envelope in the place of one that was sealed to another generation of the
// same channel, and reports whether it did. It raises the version, so that no step that has
// read the old generation writes it back.
func rewrap(ctx context.Context, tx db.Tx, channelID string, from, to int, w Rewrapped) (bool, error) {
	res, err := tx.NewRaw(`UPDATE tip_tip SET generation = ?, version = version + 1 WHERE id = ? AND channel_id = ? AND generation = ?`,
		to, w.TipID, channelID, from).Exec(ctx)
	if err != nil {
		return false, err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return false, nil
	}
	return true, saveEnvelope(ctx, tx, w.TipID, w.Envelope)
}
