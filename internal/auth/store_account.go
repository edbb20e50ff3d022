// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type accountRow struct {
	bun.BaseModel `bun:"table:auth_account,alias:a"`
	Account
}

func account(ctx context.Context, q db.Q, personID string) (Account, error) {
	var r accountRow
	err := q.NewSelect().Model(&r).Where("person_id = ?", personID).Scan(ctx)
	return r.Account, err
}

func accountByLogin(ctx context.Context, q db.Q, login string) (Account, error) {
	var r accountRow
	err := q.NewSelect().Model(&r).Where("login = ?", login).Scan(ctx)
	return r.Account, err
}

func insertAccount(ctx context.Context, tx db.Tx, acc *Account) error {
	_, err := tx.NewInsert().Model(&accountRow{Account: *acc}).Exec(ctx)
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "auth.login_taken")
	}
	return err
}

// saveAccount writes acc back, unless someone else changed it since it was read.
func saveAccount(ctx context.Context, tx db.Tx, acc *Account) error {
	next := accountRow{Account: *acc}
	next.Version++
	res, err := tx.NewUpdate().Model(&next).
		Column("hash", "must_change", "initial_until", "disabled", "totp", "totp_pending", "version").
		WherePK().Where("version = ?", acc.Version).Exec(ctx)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return errs.New(errs.Conflict, "auth.changed")
	}
	acc.Version++
	return nil
}

// enterAccount notes a sign-in at acc, and its hash made anew. When the password was
// changed or the account closed meanwhile, the credentials are no longer good.
func enterAccount(ctx context.Context, tx db.Tx, acc *Account, hash string, now time.Time) error {
	res, err := tx.NewUpdate().Model((*accountRow)(nil)).
		Set("hash = ?", hash).Set("place = ?", acc.Place).Set("unit_path = ?", acc.UnitPath).Set("last_sign_in = ?", now).
		Where("person_id = ?", acc.Person).Where("hash = ?", acc.Hash).Where("NOT disabled").Exec(ctx)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return errs.New(errs.Unauthenticated, "auth.bad_credentials")
	}
	return nil
}

func saveLocale(ctx context.Context, tx db.Tx, personID, locale string) error {
	_, err := tx.NewUpdate().Model((*accountRow)(nil)).Set("locale = ?", locale).Where("person_id = ?", personID).Exec(ctx)
	return err
}

// useStep marks a step of the second factor as used; false when it, or a later
// one, was used before.
func useStep(ctx context.Context, tx db.Tx, personID string, step int64) (bool, error) {
	res, err := tx.NewUpdate().Model((*accountRow)(nil)).Set("totp_step = ?", step).
		Where("person_id = ?", personID).Where("totp_step < ?", step).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

type recoveryRow struct {
	bun.BaseModel `bun:"table:auth_recovery,alias:r"`

	Person string    `bun:"person_id,pk"`
	Hash   string    `bun:"hash,pk"`
	Used   time.Time `bun:"used,nullzero"`
}

func replaceRecovery(ctx context.Context, tx db.Tx, personID string, hashes []string) error {
	_, err := tx.NewDelete().Model((*recoveryRow)(nil)).Where("person_id = ?", personID).Exec(ctx)
	if err != nil || len(hashes) == 0 {
		return err
	}
	rows := make([]recoveryRow, len(hashes))
	for i, h := range hashes {
		rows[i] = recoveryRow{Person: personID, Hash: h}
	}
	_, err = tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// useRecovery uses up a recovery code; false when there is no such code left.
func useRecovery(ctx context.Context, tx db.Tx, personID, hash string, now time.Time) (bool, error) {
	res, err := tx.NewUpdate().Model((*recoveryRow)(nil)).Set("used = ?", now).
		Where("person_id = ?", personID).Where("hash = ?", hash).Where("used IS NULL").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func countRecovery(ctx context.Context, q db.Q, personID string) (int, error) {
	n, err := q.NewSelect().Model((*recoveryRow)(nil)).Where("person_id = ?", personID).Where("used IS NULL").Count(ctx)
	return int(n), err
}

// listAccounts returns up to limit+1 accounts after a login, within scopes.
func listAccounts(ctx context.Context, q db.Q, prefix, after string, scopes []actor.Scope, limit int) ([]Account, error) {
	var rows []accountRow
	sel := q.NewSelect().Model(&rows).Where("login > ?", after).OrderExpr("login").Limit(int64(limit)+1).
		WhereGroup(" AND ", within(scopes))
	if prefix != "" {
		sel = sel.Where("login >= ?", prefix).Where("login < ?", prefix+"\U0010FFFF")
	}
	if err := sel.Scan(ctx); err != nil {
		return nil, err
	}
	accs := make([]Account, len(rows))
	for i, r := range rows {
		accs[i] = r.Account
	}
	return accs, nil
}

// within limits a query to rows whose place or unit_path lies in one of scopes. A
// line reaches units by their tags, and an account has none.
func within(scopes []actor.Scope) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("1 = 0")
		for _, s := range scopes {
			column, path := "place", string(s.Place)
			switch s.Trunk {
			case actor.Line:
				continue
			case actor.Group:
				column, path = "unit_path", s.Unit
			}
			q = q.WhereGroup(" OR ", func(q *bun.SelectQuery) *bun.SelectQuery { return db.Under(q, column, path) })
		}
		return q
	}
}
