// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type sessionRow struct {
	bun.BaseModel `bun:"table:auth_session,alias:s"`
	Session
}

func sessionByHash(ctx context.Context, q db.Q, hash string) (Session, error) {
	var r sessionRow
	err := q.NewSelect().Model(&r).Where("token_hash = ?", hash).Scan(ctx)
	return r.Session, err
}

// sessionByID returns a session of a person, which may have ended meanwhile.
func sessionByID(ctx context.Context, q db.Q, personID, id string) (Session, error) {
	var r sessionRow
	err := q.NewSelect().Model(&r).Where("id = ?", id).Where("person_id = ?", personID).Scan(ctx)
	if db.IsNoRows(err) {
		return Session{}, errs.New(errs.Unauthenticated, "auth.sign_in")
	}
	return r.Session, err
}

func listSessions(ctx context.Context, q db.Q, personID string) ([]Session, error) {
	var rows []sessionRow
	err := q.NewSelect().Model(&rows).Where("person_id = ?", personID).OrderExpr("id DESC").Limit(maxSessions).Scan(ctx)
	out := make([]Session, len(rows))
	for i, r := range rows {
		out[i] = r.Session
	}
	return out, err
}

func insertSession(ctx context.Context, tx db.Tx, x *Session) error {
	_, err := tx.NewInsert().Model(&sessionRow{Session: *x}).Exec(ctx)
	return err
}

func saveSession(ctx context.Context, tx db.Tx, x *Session) error {
	_, err := tx.NewUpdate().Model(&sessionRow{Session: *x}).
		Column("token_hash", "unit_id", "idle_s", "idle_until", "last_seen", "expires", "confirmed").WherePK().Exec(ctx)
	return err
}

// seeSession notes that x was used, unless a later use was noted already.
func seeSession(ctx context.Context, tx db.Tx, x *Session) error {
	_, err := tx.NewUpdate().Model(&sessionRow{Session: *x}).Column("last_seen", "idle_until").
		WherePK().Where("last_seen < ?", x.LastSeen).Exec(ctx)
	return err
}

func confirmSession(ctx context.Context, tx db.Tx, personID, id string, now time.Time) error {
	_, err := tx.NewUpdate().Model((*sessionRow)(nil)).Set("confirmed = ?", now).
		Where("id = ?", id).Where("person_id = ?", personID).Exec(ctx)
	return err
}

// deleteSessions ends one session of a person, or all when id is "".
func deleteSessions(ctx context.Context, tx db.Tx, personID, id string) (int64, error) {
	del := tx.NewDelete().Model((*sessionRow)(nil)).Where("person_id = ?", personID)
	if id != "" {
		del = del.Where("id = ?", id)
	}
	res, err := del.Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func deleteOtherSessions(ctx context.Context, tx db.Tx, personID, keep string) error {
	_, err := tx.NewDelete().Model((*sessionRow)(nil)).Where("person_id = ?", personID).Where("id <> ?", keep).Exec(ctx)
	return err
}

func deleteSessionsBefore(ctx context.Context, tx db.Tx, personID string, created time.Time) error {
	_, err := tx.NewDelete().Model((*sessionRow)(nil)).Where("person_id = ?", personID).Where("created <= ?", created).Exec(ctx)
	return err
}

// pruneSessions ends the oldest sessions of a person beyond keep.
func pruneSessions(ctx context.Context, tx db.Tx, personID string, keep int64) error {
	newest := tx.NewSelect().Model((*sessionRow)(nil)).Column("id").Where("person_id = ?", personID).
		OrderExpr("id DESC").Limit(keep)
	_, err := tx.NewDelete().Model((*sessionRow)(nil)).Where("person_id = ?", personID).Where("id NOT IN (?)", newest).Exec(ctx)
	return err
}
