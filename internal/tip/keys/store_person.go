// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type personKeyRow struct {
	bun.BaseModel `bun:"table:tipkey_person_key,alias:pk"`
	PersonKey
}

func insertPersonKey(ctx context.Context, tx db.Tx, k *PersonKey) error {
	_, err := tx.NewInsert().Model(&personKeyRow{PersonKey: *k}).Exec(ctx)
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "tipkey.key_used")
	}
	return err
}

// resealPersonKey writes the same key under another passphrase.
func resealPersonKey(ctx context.Context, tx db.Tx, k *PersonKey) error {
	return changedOne(tx.NewUpdate().Model((*personKeyRow)(nil)).Set("sealed = ?", k.Sealed).Set("version = ?", k.Version).
		Where("id = ?", k.ID).Where("version = ?", k.Version-1).Exec(ctx))
}

func replacePersonKey(ctx context.Context, tx db.Tx, id string, now time.Time) error {
	return changedOne(tx.NewUpdate().Model((*personKeyRow)(nil)).Set("replaced = ?", now).
		Where("id = ?", id).Where("replaced IS NULL").Exec(ctx))
}

// personKeys returns a person's keys, the newest first.
func personKeys(ctx context.Context, q db.Q, personID string) ([]PersonKey, error) {
	var rows []personKeyRow
	err := q.NewSelect().Model(&rows).Where("person_id = ?", personID).OrderExpr("id DESC").Scan(ctx)
	return ownKeys(rows), err
}

// keysOfPeople returns the current keys of people.
func keysOfPeople(ctx context.Context, q db.Q, people []string) ([]PersonKey, error) {
	if len(people) == 0 {
		return nil, nil
	}
	var rows []personKeyRow
	err := q.NewSelect().Model(&rows).Where("person_id IN (?)", bun.List(people)).Where("replaced IS NULL").Scan(ctx)
	return ownKeys(rows), err
}

func ownKeys(rows []personKeyRow) []PersonKey {
	out := make([]PersonKey, len(rows))
	for i, r := range rows {
		out[i] = r.PersonKey
	}
	return out
}

// keyOfSigner returns the key with a public signing key, or nil.
func keyOfSigner(ctx context.Context, q db.Q, signer string) (*PersonKey, error) {
	var r personKeyRow
	err := q.NewSelect().Model(&r).Where("signer = ?", signer).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, nil
	}
	return &r.PersonKey, err
}

// signersByID returns the public signing keys of the person keys with the given ids.
func signersByID(ctx context.Context, q db.Q, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []personKeyRow
	err := q.NewSelect().Model(&rows).Column("id", "signer").Where("id IN (?)", bun.List(ids)).Scan(ctx)
	for _, r := range rows {
		out[r.ID] = r.Signer
	}
	return out, err
}

// signersInUse returns who signed the keys that phones seal to.
func signersInUse(ctx context.Context, q db.Q) ([]Signer, error) {
	var rows []struct {
		Key     string `bun:"signer"`
		Channel string `bun:"channel_id"`
	}
	err := q.NewSelect().TableExpr("tipkey_generation AS g").
		Join("JOIN tipkey_person_key AS k ON k.id = g.maker_key OR k.id = g.confirmer_key").
		ColumnExpr("k.signer, g.channel_id").Where("g.state = ?", Current).OrderExpr("g.channel_id, k.signer").Scan(ctx, &rows)
	out := make([]Signer, len(rows))
	for i, r := range rows {
		out[i] = Signer(r)
	}
	return out, err
}
