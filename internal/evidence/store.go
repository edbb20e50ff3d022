// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/platform/db"
)

// row is how a file lies in the table.
type row struct {
	bun.BaseModel `bun:"table:evidence_item,alias:i"`

	ID           string    `bun:"id,pk"`
	Kind         Kind      `bun:"kind"`
	Type         string    `bun:"type"`
	State        State     `bun:"state"`
	Refusal      string    `bun:"refusal"`
	Width        int       `bun:"width"`
	Height       int       `bun:"height"`
	DurationMS   int64     `bun:"duration_ms"`
	Bytes        int64     `bun:"bytes"`
	SHA256       string    `bun:"sha256"`
	StoredType   string    `bun:"stored_type"`
	StoredBytes  int64     `bun:"stored_bytes"`
	StoredSHA256 string    `bun:"stored_sha256"` // for the check against bit rot
	Hash         int64     `bun:"phash"`
	Origin       []byte    `bun:"origin"`
	Idem         string    `bun:"idem"`
	By           string    `bun:"uploaded_by"`
	Subject      string    `bun:"subject"`
	Purpose      string    `bun:"purpose"`
	Created      time.Time `bun:"created"`
	Attached     time.Time `bun:"attached,nullzero"`
	Claimed      time.Time `bun:"claimed,nullzero"` // by whoever is storing it
}

func (r *row) evidence() *Evidence {
	return &Evidence{ID: r.ID, Kind: r.Kind, Type: r.Type, State: r.State, Refusal: r.Refusal,
		Width: r.Width, Height: r.Height, Duration: time.Duration(r.DurationMS) * time.Millisecond,
		Bytes: r.Bytes, SHA256: r.SHA256, Subject: r.Subject, Purpose: r.Purpose, By: r.By,
		Created: r.Created.UTC(), Attached: r.Attached.UTC(), storedType: r.StoredType, hash: uint64(r.Hash), origin: r.Origin}
}

func evidences(rows []row) []Evidence {
	out := make([]Evidence, len(rows))
	for i := range rows {
		out[i] = *rows[i].evidence()
	}
	return out
}

// bandRow is one band of a photo's perceptual hash.
type bandRow struct {
	bun.BaseModel `bun:"table:evidence_band,alias:b"`

	Slot int64  `bun:"slot,pk"`
	Item string `bun:"item_id,pk"`
}

func insert(ctx context.Context, tx db.Tx, r *row) error {
	if _, err := tx.NewInsert().Model(r).Exec(ctx); err != nil || r.Kind != Photo {
		return err
	}
	var bands []bandRow
	for _, slot := range slots(uint64(r.Hash)) {
		bands = append(bands, bandRow{Slot: slot, Item: r.ID})
	}
	_, err := tx.NewInsert().Model(&bands).Exec(ctx)
	return err
}

func get(ctx context.Context, q db.Q, id string) (*Evidence, error) {
	var r row
	err := q.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.evidence(), err
}

func byIdem(ctx context.Context, q db.Q, idem string) (*Evidence, error) {
	var r row
	err := q.NewSelect().Model(&r).Where("idem = ?", idem).Where("idem <> ''"). // the index is a partial one
											Scan(ctx)
	return r.evidence(), err
}

func list(ctx context.Context, q db.Q, ids []string) ([]Evidence, error) {
	var rows []row
	err := q.NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	return evidences(rows), err
}

func bySubjects(ctx context.Context, q db.Q, subjects []string) ([]Evidence, error) {
	var rows []row
	err := q.NewSelect().Model(&rows).Where("subject IN (?)", bun.List(subjects)).Where("subject <> ''").
		OrderExpr("subject, attached, id").Scan(ctx)
	return evidences(rows), err
}

// attach ties loose files to a subject and returns how many were still loose.
func attach(ctx context.Context, tx db.Tx, ids []string, subject, purpose string, now time.Time) (int, error) {
	res, err := tx.NewUpdate().Model((*row)(nil)).Set("subject = ?", subject).Set("purpose = ?", purpose).
		Set("attached = ?", now).Where("id IN (?)", bun.List(ids)).Where("subject = ''").Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// near returns up to limit photos, the youngest first, that share a probed slot.
func near(ctx context.Context, q db.Q, slots []int64, limit int) ([]Evidence, error) {
	var rows []row
	shared := q.NewSelect().Model((*bandRow)(nil)).Column("item_id").Where("slot IN (?)", bun.List(slots))
	err := q.NewSelect().Model(&rows).Where("id IN (?)", shared).OrderExpr("id DESC").Limit(int64(limit)).Scan(ctx)
	return evidences(rows), err
}

// originReadRow is one reading of a sealed origin.
type originReadRow struct {
	bun.BaseModel `bun:"table:evidence_origin_read,alias:r"`

	ID     string    `bun:"id,pk"`
	Item   string    `bun:"item_id"`
	Actor  string    `bun:"actor"`
	Unit   string    `bun:"actor_unit"`
	Reason string    `bun:"reason"`
	At     time.Time `bun:"at"`
}

func insertOriginRead(ctx context.Context, tx db.Tx, r *originReadRow) error {
	_, err := tx.NewInsert().Model(r).Exec(ctx)
	return err
}
