// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

// arriving are the columns of a tip that comes in.
var arriving = []string{"id", "no", "lookup_hash", "channel_id", "generation", "office", "office_place", "first_office", "place", "class",
	"unit_id", "unit_path", "source", "danger", "named", "quarantined", "received", "case_recipient", "mailbox_recipient", "leaf",
	"receipt", "status", "assignee", "master_id", "hazard_id", "reason", "conclusion", "rewardable", "answered", "extension",
	"objections", "due_kind", "due", "due_rule", "opened", "unread", "version"}

// arrivingValues are those of t, in the order of arriving.
func arrivingValues(t *Tip) []any {
	var due any
	if t.Due != nil {
		due = t.Due.UTC()
	}
	return []any{t.ID, t.No, t.LookupHash, t.Channel, t.Generation, t.Office, string(t.OfficePlace), t.FirstOffice, string(t.Place),
		string(t.Class), t.Unit, t.UnitPath, t.Source, t.Danger, t.Named, t.Quarantined, t.Received.UTC(), t.CaseRecipient,
		t.MailboxRecipient, t.Leaf, t.Receipt, string(t.Status), "", "", "", "", "", false, nil, "", 0, string(t.DueKind), due,
		t.DueRule, 0, 0, t.Version}
}

var insertArriving = "INSERT INTO tip_tip (" + strings.Join(arriving, ", ") + ") VALUES (?" +
	strings.Repeat(", ?", len(arriving)-1) + ") ON CONFLICT (lookup_hash) DO NOTHING"

// insertTips adds the tips whose lookup is new and sets their Seq; that of the others stays 0.
func insertTips(ctx context.Context, tx db.Tx, ts []*Tip) error {
	for _, t := range ts {
		t.Seq = 0 // the transaction may run again
	}
	if len(ts) == 0 {
		return nil
	}
	if db.IsPG(tx) {
		return insertTogether(ctx, tx, ts)
	}
	insert := db.Prepared(ctx, tx, insertArriving)
	for _, t := range ts {
		res, err := insert.Exec(arrivingValues(t)...)
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 1 {
			t.Seq, _ = res.LastInsertId()
		}
	}
	return nil
}

func insertTogether(ctx context.Context, tx db.Tx, ts []*Tip) error {
	byID := make(map[string]*Tip, len(ts))
	for _, t := range ts {
		byID[t.ID] = t
	}
	var added []struct {
		ID  string `bun:"id"`
		Seq int64  `bun:"seq"`
	}
	_, err := tx.NewInsert().Model(&ts).ModelTableExpr("tip_tip").Column(arriving...).
		On("CONFLICT (lookup_hash) DO NOTHING").Returning("id, seq").Exec(ctx, &added)
	for _, a := range added {
		byID[a.ID].Seq = a.Seq
	}
	return err
}

// sealedTip is what a tip says, and the key to it, both sealed.
type sealedTip struct {
	TipID    string `bun:"tip_id"`
	Envelope []byte `bun:"envelope"`
	Content  []byte `bun:"content"`
}

const insertSealedTip = "INSERT INTO tip_sealed (tip_id, envelope, content) VALUES (?, ?, ?)"

func insertSealed(ctx context.Context, tx db.Tx, all []sealedTip) error {
	if db.IsPG(tx) {
		_, err := tx.NewInsert().Model(&all).ModelTableExpr("tip_sealed").Returning("NULL").Exec(ctx)
		return err
	}
	insert := db.Prepared(ctx, tx, insertSealedTip)
	for i := range all {
		if _, err := insert.Exec(all[i].TipID, all[i].Envelope, all[i].Content); err != nil {
			return err
		}
	}
	return nil
}

// use is a permit that is spent for something, named by its hash.
type use struct {
	Nonce []byte    `bun:"nonce"`
	Used  []byte    `bun:"used"`
	Until time.Time `bun:"until"`
}

const insertUse = "INSERT INTO tip_permit (nonce, used, until) VALUES (?, ?, ?) ON CONFLICT (nonce) DO NOTHING"

// spend spends permits and returns what those permits are spent for that were spent
// already, by nonce.
func spend(ctx context.Context, tx db.Tx, uses []use) (map[string][]byte, error) {
	if len(uses) == 0 {
		return nil, nil
	}
	if db.IsPG(tx) {
		_, err := tx.NewInsert().Model(&uses).ModelTableExpr("tip_permit").On("CONFLICT (nonce) DO NOTHING").Returning("NULL").Exec(ctx)
		if err != nil {
			return nil, err
		}
		return spentFor(ctx, tx, uses)
	}
	insert := db.Prepared(ctx, tx, insertUse)
	var before []use
	for _, u := range uses {
		res, err := insert.Exec(u.Nonce, u.Used, u.Until.UTC())
		if err != nil {
			return nil, err
		}
		if n, _ := res.RowsAffected(); n == 0 {
			before = append(before, u)
		}
	}
	return spentFor(ctx, tx, before)
}

func spentFor(ctx context.Context, q db.Q, uses []use) (map[string][]byte, error) {
	out := make(map[string][]byte, len(uses))
	if len(uses) == 0 {
		return out, nil
	}
	nonces := make([][]byte, len(uses))
	for i, u := range uses {
		nonces[i] = u.Nonce
	}
	var rows []use
	err := q.NewSelect().Model(&rows).ModelTableExpr("tip_permit AS use").Column("nonce", "used").
		Where("nonce IN (?)", bun.List(nonces)).Scan(ctx)
	for _, r := range rows {
		out[string(r.Nonce)] = r.Used
	}
	return out, err
}

// deletePermits forgets permits that are over by now.
func deletePermits(ctx context.Context, tx db.Tx, now time.Time) error {
	_, err := tx.NewDelete().TableExpr("tip_permit").Where("until < ?", now).Exec(ctx)
	return err
}
