// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

type tokenRow struct {
	bun.BaseModel `bun:"table:auth_token,alias:t"`
	Token

	PermText string `bun:"perms"` // separated by spaces
}

func (r *tokenRow) token() Token {
	r.Token.Perms = strings.Fields(r.PermText)
	return r.Token
}

func tokenByID(ctx context.Context, q db.Q, id string) (Token, error) {
	var r tokenRow
	err := q.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.token(), err
}

func listTokens(ctx context.Context, q db.Q, personID string) ([]Token, error) {
	var rows []tokenRow
	err := q.NewSelect().Model(&rows).Where("person_id = ?", personID).OrderExpr("id DESC").Limit(maxTokens).Scan(ctx)
	out := make([]Token, len(rows))
	for i := range rows {
		out[i] = rows[i].token()
	}
	return out, err
}

func countTokens(ctx context.Context, q db.Q, personID string) (int, error) {
	n, err := q.NewSelect().Model((*tokenRow)(nil)).Where("person_id = ?", personID).Count(ctx)
	return int(n), err
}

func insertToken(ctx context.Context, tx db.Tx, t Token) error {
	_, err := tx.NewInsert().Model(&tokenRow{Token: t, PermText: strings.Join(t.Perms, " ")}).Exec(ctx)
	return err
}

func useToken(ctx context.Context, tx db.Tx, id string, now time.Time) error {
	_, err := tx.NewUpdate().Model((*tokenRow)(nil)).Set("last_used = ?", now).Where("id = ?", id).Exec(ctx)
	return err
}

// deleteTokens ends one token of a person, or all when id is "".
func deleteTokens(ctx context.Context, tx db.Tx, personID, id string) (int64, error) {
	del := tx.NewDelete().Model((*tokenRow)(nil)).Where("person_id = ?", personID)
	if id != "" {
		del = del.Where("id = ?", id)
	}
	res, err := del.Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
