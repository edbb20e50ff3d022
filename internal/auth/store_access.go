// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/actor"
	"anlan/internal/platform/db"
)

type failureRow struct {
	bun.BaseModel `bun:"table:auth_failure,alias:f"`

	Key         string    `bun:"guess_key,pk"`
	Failures    int       `bun:"failures"`
	Last        time.Time `bun:"last"`
	LockedUntil time.Time `bun:"locked_until,nullzero"`
}

// claimGuess counts a guess and returns how many there were in a row; no rows when
// the key is locked. One statement, so that guesses made at once all count.
func claimGuess(ctx context.Context, tx db.Tx, key string, now time.Time) (int, error) {
	var n int
	err := tx.NewRaw(`INSERT INTO auth_failure (guess_key, failures, last) VALUES (?, 1, ?)
		ON CONFLICT (guess_key) DO UPDATE SET last = EXCLUDED.last,
			failures = CASE WHEN auth_failure.last < ? THEN 1 ELSE auth_failure.failures + 1 END
		WHERE auth_failure.locked_until IS NULL OR auth_failure.locked_until <= EXCLUDED.last
		RETURNING failures`, key, now, now.Add(-forgetAfter)).Scan(ctx, &n)
	return n, err
}

func lockUntil(ctx context.Context, tx db.Tx, key string, until time.Time) error {
	_, err := tx.NewUpdate().Model((*failureRow)(nil)).Set("locked_until = ?", until).Where("guess_key = ?", key).Exec(ctx)
	return err
}

func lockedUntil(ctx context.Context, q db.Q, key string) (time.Time, error) {
	var r failureRow
	err := q.NewSelect().Model(&r).Where("guess_key = ?", key).Scan(ctx)
	return r.LockedUntil, err
}

// giveBack takes back a guess that was claimed, and the lock it may have brought.
func giveBack(ctx context.Context, tx db.Tx, key string) error {
	_, err := tx.NewUpdate().Model((*failureRow)(nil)).Set("failures = failures - 1").Set("locked_until = NULL").
		Where("guess_key = ?", key).Exec(ctx)
	return err
}

func deleteFailures(ctx context.Context, tx db.Tx, key string) error {
	_, err := tx.NewDelete().Model((*failureRow)(nil)).Where("guess_key = ?", key).Exec(ctx)
	return err
}

// deleteAllFailures forgets those of a login, wherever they were made.
func deleteAllFailures(ctx context.Context, tx db.Tx, login string) error {
	_, err := tx.NewDelete().Model((*failureRow)(nil)).
		Where("guess_key = ? OR guess_key >= ? AND guess_key < ?", login, login+"/", db.PathEnd(login+"/")).Exec(ctx)
	return err
}

// locks returns until when each of keys is locked; those that are not, are missing.
func locks(ctx context.Context, q db.Q, keys []string, now time.Time) (map[string]time.Time, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []failureRow
	err := q.NewSelect().Model(&rows).Where("guess_key IN (?)", bun.List(keys)).Where("locked_until > ?", now).Scan(ctx)
	out := make(map[string]time.Time, len(rows))
	for _, r := range rows {
		out[r.Key] = r.LockedUntil.UTC()
	}
	return out, err
}

type accessRow struct {
	bun.BaseModel `bun:"table:auth_access,alias:x"`
	Access
}

func insertAccess(ctx context.Context, tx db.Tx, a Access) error {
	_, err := tx.NewInsert().Model(&accessRow{Access: a}).Exec(ctx)
	return err
}

// listAccess returns up to f.Limit+1 lines older than before, the newest first,
// about people within scopes or about nobody.
func listAccess(ctx context.Context, q db.Q, f AccessFilter, loginHash, before string, scopes []actor.Scope) ([]Access, error) {
	var rows []accessRow
	sel := q.NewSelect().Model(&rows).OrderExpr("id DESC").Limit(int64(f.Limit)+1).
		WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("person_id = ''").WhereGroup(" OR ", within(scopes))
		})
	for column, value := range map[string]string{"person_id": f.Person, "login_hash": loginHash, "outcome": string(f.Outcome)} {
		if value != "" {
			sel = sel.Where("? = ?", bun.Ident(column), value)
		}
	}
	if before != "" {
		sel = sel.Where("id < ?", before)
	}
	if !f.From.IsZero() {
		sel = sel.Where("at >= ?", f.From)
	}
	if !f.To.IsZero() {
		sel = sel.Where("at < ?", f.To)
	}
	if err := sel.Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]Access, len(rows))
	for i, r := range rows {
		out[i] = r.Access
	}
	return out, nil
}

// sweep deletes what is over, at most limit rows of each kind.
func sweep(ctx context.Context, tx db.Tx, now time.Time, limit int64) error {
	over := []*bun.SelectQuery{
		tx.NewSelect().Model((*sessionRow)(nil)).Column("id").Where("expires <= ? OR idle_until <= ?", now, now),
		tx.NewSelect().Model((*tokenRow)(nil)).Column("id").Where("expires <= ?", now),
		tx.NewSelect().Model((*accessRow)(nil)).Column("id").Where("at < ?", now.Add(-keepAccess)),
	}
	for i, table := range []string{"auth_session", "auth_token", "auth_access"} {
		del := tx.NewDelete().Table(table).Where("id IN (?)", over[i].Limit(limit))
		if _, err := del.Exec(ctx); err != nil {
			return err
		}
	}
	forgotten := tx.NewSelect().Model((*failureRow)(nil)).Column("guess_key").Where("last < ?", now.Add(-forgetAfter))
	_, err := tx.NewDelete().Model((*failureRow)(nil)).Where("guess_key IN (?)", forgotten.Limit(limit)).Exec(ctx)
	return err
}
