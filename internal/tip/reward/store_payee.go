// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type payeeRow struct {
	bun.BaseModel `bun:"table:reward_payee,alias:p"`

	RewardID string `bun:"reward_id,pk"`
	Sealed   []byte `bun:"sealed"`
}

func insertPayee(ctx context.Context, tx db.Tx, p *payeeRow) error {
	_, err := tx.NewInsert().Model(p).Exec(ctx)
	return err
}

func deletePayee(ctx context.Context, tx db.Tx, rewardID string) error {
	_, err := tx.NewDelete().Model((*payeeRow)(nil)).Where("reward_id = ?", rewardID).Exec(ctx)
	return err
}

func hasPayee(ctx context.Context, q db.Q, rewardID string) (bool, error) {
	return q.NewSelect().Model((*payeeRow)(nil)).Where("reward_id = ?", rewardID).Exists(ctx)
}

func payeeOf(ctx context.Context, q db.Q, rewardID string) ([]byte, error) {
	var p payeeRow
	err := q.NewSelect().Model(&p).Where("reward_id = ?", rewardID).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "reward.no_payee")
	}
	return p.Sealed, err
}

// Look is one reading of payee data.
type Look struct {
	bun.BaseModel `bun:"table:reward_look,alias:l"`

	ID       string    `bun:"id,pk"`
	RewardID string    `bun:"reward_id"`
	Actor    string    `bun:"actor"`
	Reason   string    `bun:"reason"`
	At       time.Time `bun:"at"`
}

func insertLook(ctx context.Context, tx db.Tx, l *Look) error {
	_, err := tx.NewInsert().Model(l).Exec(ctx)
	return err
}

// looksOf returns the last 200 readings, the latest first.
func looksOf(ctx context.Context, q db.Q, rewardID string) ([]Look, error) {
	var ls []Look
	err := q.NewSelect().Model(&ls).Where("reward_id = ?", rewardID).OrderExpr("id DESC").Limit(200).Scan(ctx)
	return ls, err
}

type witnessRow struct {
	bun.BaseModel `bun:"table:reward_witness,alias:w"`

	RewardID string `bun:"reward_id,pk"`
	PersonID string `bun:"person_id,pk"`
}

func insertWitnesses(ctx context.Context, tx db.Tx, rewardID string, people []string) error {
	rows := make([]witnessRow, len(people))
	for i, p := range people {
		rows[i] = witnessRow{RewardID: rewardID, PersonID: p}
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

func witnessesOf(ctx context.Context, q db.Q, rewardID string) ([]string, error) {
	people := []string{}
	err := q.NewSelect().Model((*witnessRow)(nil)).Column("person_id").Where("reward_id = ?", rewardID).
		OrderExpr("person_id").Scan(ctx, &people)
	return people, err
}
