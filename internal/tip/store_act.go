// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"time"

	"anlan/internal/platform/db"
)

// stepTaken reports whether a step with this key was taken before.
func stepTaken(ctx context.Context, q db.Q, tipID, key string) (bool, error) {
	if key == "" {
		return false, nil
	}
	return q.NewSelect().TableExpr("tip_history").Where("tip_id = ?", tipID).Where("step_key = ?", key).
		Where("step_key <> ''").Exists(ctx)
}

// lockedByID returns a tip that nobody else moves until the transaction ends.
func lockedByID(ctx context.Context, tx db.Tx, tipID string) (*Tip, error) {
	if db.IsPG(tx) {
		if _, err := tx.NewRaw(`SELECT 1 FROM tip_tip WHERE id = ? FOR UPDATE`, tipID).Exec(ctx); err != nil {
			return nil, err
		}
	}
	return byID(ctx, tx, tipID)
}

// tookPart reports whether a person took a step with a tip in the name of a unit.
func tookPart(ctx context.Context, q db.Q, tipID, personID, unitID string) (bool, error) {
	if unitID == "" {
		return false, nil
	}
	return q.NewSelect().TableExpr("tip_history").Where("tip_id = ?", tipID).Where("actor = ?", personID).
		Where("actor_unit = ?", unitID).Exists(ctx)
}

// hasMerged reports whether other tips were merged into one.
func hasMerged(ctx context.Context, q db.Q, tipID string) (bool, error) {
	return q.NewSelect().TableExpr("tip_tip").Where("master_id = ?", tipID).Where("master_id <> ''").Exists(ctx)
}

// family returns a tip and all that were merged into it, the first to arrive first.
func family(ctx context.Context, q db.Q, masterID string) ([]*Tip, error) {
	var ts []*Tip
	err := q.NewSelect().Model(&ts).ModelTableExpr(Table).Where("tip.id = ?", masterID).
		WhereOr("tip.master_id = ? AND tip.master_id <> ''", masterID).OrderExpr("tip.seq").Scan(ctx)
	return ts, err
}

func saveEnvelope(ctx context.Context, tx db.Tx, tipID string, envelope []byte) error {
	_, err := tx.NewRaw(`UPDATE tip_sealed SET envelope = ? WHERE tip_id = ?`, envelope, tipID).Exec(ctx)
	return err
}

// eraseSealed removes what a tip said and all that was written about it. Its files lose
// their owner: the sweeper removes their bytes. What stays is the row by which its
// informant learns of the erasure.
func eraseSealed(ctx context.Context, tx db.Tx, tipID string) error {
	for _, statement := range []string{
		`DELETE FROM tip_sealed WHERE tip_id = ?`,
		`DELETE FROM tip_message WHERE tip_id = ?`,
		`UPDATE tip_file SET tip_id = '' WHERE tip_id = ?`,
		`UPDATE tip_opening SET reason = '' WHERE tip_id = ?`,
		`UPDATE tip_history SET words = '' WHERE tip_id = ?`,
		`UPDATE tip_tip SET receipt = NULL, unread = 0 WHERE id = ?`,
	} {
		if _, err := tx.NewRaw(statement, tipID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// saveHazardStatus notes where the hazard stands that a tip became.
func saveHazardStatus(ctx context.Context, tx db.Tx, tipID, status string) error {
	_, err := tx.NewRaw(`UPDATE tip_tip SET hazard_status = ? WHERE id = ?`, status, tipID).Exec(ctx)
	return err
}

// saveHazardMoved is saveHazardStatus for every tip that became the hazard.
func saveHazardMoved(ctx context.Context, tx db.Tx, hazardID, status string) error {
	_, err := tx.NewRaw(`UPDATE tip_tip SET hazard_status = ? WHERE hazard_id = ? AND hazard_id <> ''`, status, hazardID).Exec(ctx)
	return err
}

// claimClosable takes up to limit tips for whose informants the time to object is over, or
// which were re-examined. Two workers that call it at once never share one.
func claimClosable(ctx context.Context, tx db.Tx, now time.Time, limit int) ([]*Tip, error) {
	var ts []*Tip
	err := db.SkipLocked(tx.NewSelect().Model(&ts).ModelTableExpr(Table).
		Where("tip.status = ? AND tip.due <= ?", Answered, now).WhereOr("tip.status = ?", Reexamined).
		OrderExpr("tip.seq").Limit(int64(limit))).Scan(ctx)
	return ts, err
}

// claimLate takes up to limit tips whose clock has run out and that nobody noted as late.
func claimLate(ctx context.Context, tx db.Tx, now time.Time, kind ClockKind, limit int) ([]*Tip, error) {
	var ts []*Tip
	err := db.SkipLocked(tx.NewSelect().Model(&ts).ModelTableExpr(Table).
		Where("tip.due_kind = ?", kind).Where("tip.due <= ?", now).Where("(tip.late_noted IS NULL OR tip.late_noted <> tip.due)").
		OrderExpr("tip.due").Limit(int64(limit))).Scan(ctx)
	return ts, err
}

// noteLate remembers that t was noted as late with the term that runs.
func noteLate(ctx context.Context, tx db.Tx, t *Tip) error {
	_, err := tx.NewRaw(`UPDATE tip_tip SET late_noted = due WHERE id = ?`, t.ID).Exec(ctx)
	return err
}
