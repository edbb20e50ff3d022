// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

// row is how a Reward lies in its table.
type row struct {
	bun.BaseModel `bun:"table:reward_reward,alias:r"`

	ID          string     `bun:"id,pk"`
	TipID       string     `bun:"tip_id"`
	TipNo       string     `bun:"tip_no"`
	Class       Class      `bun:"class"`
	Kind        string     `bun:"kind"`
	Place       place.Path `bun:"place"`
	OfficeID    string     `bun:"office_id"`
	OfficePath  string     `bun:"office_path"`
	OfficePlace place.Path `bun:"office_place"`
	Concluded   clock.Day  `bun:"concluded"`
	Month       string     `bun:"month"`
	Informant   string     `bun:"informant"`
	Named       bool       `bun:"named"`
	ClaimHash   []byte     `bun:"claim_hash"`
	Status      Status     `bun:"status"`
	TableID     string     `bun:"table_id"`
	Findings    string     `bun:"findings"` // JSON
	Steps       string     `bun:"steps"`    // JSON
	Fen         int64      `bun:"fen"`
	PaidFen     int64      `bun:"paid_fen"`
	Year        int        `bun:"year"`
	Proposer    string     `bun:"proposer"`
	Approver    string     `bun:"approver"`
	Payer       string     `bun:"payer"`
	Reason      string     `bun:"reason"`
	FiledWith   string     `bun:"filed_with"`
	FiledNo     string     `bun:"filed_no"`
	Notified    time.Time  `bun:"notified,nullzero"`
	Announced   time.Time  `bun:"announced,nullzero"`
	Due         time.Time  `bun:"due,nullzero"`
	DueLast     clock.Day  `bun:"due_last"`
	DueRule     string     `bun:"due_rule"`
	Way         Way        `bun:"way"`
	ReceiptNo   string     `bun:"receipt_no"`
	BlindHash   []byte     `bun:"blind_hash"`
	Created     time.Time  `bun:"created"`
	Version     int        `bun:"version"`
}

func toRow(r *Reward) (*row, error) {
	findings, err := json.Marshal(r.Findings)
	if err != nil {
		return nil, err
	}
	steps, err := json.Marshal(r.Steps)
	return &row{ID: r.ID, TipID: r.TipID, TipNo: r.TipNo, Class: r.Class, Kind: r.Kind, Place: r.Place, OfficeID: r.OfficeID,
		OfficePath: r.OfficePath, OfficePlace: r.OfficePlace, Concluded: r.Concluded, Month: month(r.Concluded),
		Informant: r.Informant, Named: r.Named, ClaimHash: r.ClaimHash, Status: r.Status, TableID: r.TableID,
		Findings: string(findings), Steps: string(steps), Fen: r.Fen, PaidFen: r.PaidFen, Year: r.Year, Proposer: r.Proposer,
		Approver: r.Approver, Payer: r.Payer, Reason: r.Reason, FiledWith: r.FiledWith, FiledNo: r.FiledNo,
		Notified: r.Notified, Announced: r.Announced, Due: r.Due, DueLast: r.DueLast, DueRule: r.DueRule, Way: r.Way,
		ReceiptNo: r.ReceiptNo, BlindHash: r.BlindHash, Created: r.Created, Version: r.Version}, err
}

func (w *row) reward() (*Reward, error) {
	r := &Reward{ID: w.ID, TipID: w.TipID, TipNo: w.TipNo, Class: w.Class, Kind: w.Kind, Place: w.Place, OfficeID: w.OfficeID,
		OfficePath: w.OfficePath, OfficePlace: w.OfficePlace, Concluded: w.Concluded, Informant: w.Informant,
		Named: w.Named, ClaimHash: w.ClaimHash, Status: w.Status, TableID: w.TableID, Fen: w.Fen, PaidFen: w.PaidFen,
		Year: w.Year, Proposer: w.Proposer, Approver: w.Approver, Payer: w.Payer, Reason: w.Reason, FiledWith: w.FiledWith,
		FiledNo: w.FiledNo, Notified: w.Notified.UTC(), Announced: w.Announced.UTC(), Due: w.Due.UTC(), DueLast: w.DueLast,
		DueRule: w.DueRule, Way: w.Way, ReceiptNo: w.ReceiptNo, BlindHash: w.BlindHash, Created: w.Created.UTC(),
		Version: w.Version}
	if err := json.Unmarshal([]byte(w.Findings), &r.Findings); err != nil {
		return nil, err
	}
	return r, json.Unmarshal([]byte(w.Steps), &r.Steps)
}

func insert(ctx context.Context, tx db.Tx, r *Reward) error {
	w, err := toRow(r)
	if err != nil {
		return err
	}
	_, err = tx.NewInsert().Model(w).Exec(ctx)
	return err
}

// save writes r back, unless someone else changed it since it was read.
func save(ctx context.Context, tx db.Tx, r *Reward) error {
	w, err := toRow(r)
	if err != nil {
		return err
	}
	w.Version++
	res, err := tx.NewUpdate().Model(w).ExcludeColumn("id", "tip_id", "created").WherePK().Where("version = ?", r.Version).Exec(ctx)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return errs.New(errs.Conflict, "reward.changed")
	}
	r.Version++
	return nil
}

func get(ctx context.Context, q db.Q, id string) (*Reward, error) {
	r, err := one(ctx, q, "id = ?", id)
	if err == nil && r == nil {
		err = errs.New(errs.NotFound, "reward.not_found")
	}
	return r, err
}

// ofTip returns the reward of a tip that was not returned, nil when there is none.
func ofTip(ctx context.Context, q db.Q, tipID string) (*Reward, error) {
	return one(ctx, q, "tip_id = ?", tipID)
}

// byClaim returns the reward that a query code can claim, nil when there is none.
func byClaim(ctx context.Context, q db.Q, hash []byte) (*Reward, error) {
	return one(ctx, q, "claim_hash = ?", hash)
}

// one returns the reward that was not returned, or else any with the id, nil when none is there.
func one(ctx context.Context, q db.Q, where string, arg any) (*Reward, error) {
	var w row
	sel := q.NewSelect().Model(&w).Where(where, arg)
	if where != "id = ?" {
		sel = sel.Where("status <> ?", Returned)
	}
	err := sel.Scan(ctx)
	if db.IsNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return w.reward()
}

// filter is what a list shows.
type filter struct {
	status    Status
	after     string
	full, pay []actor.Scope // where all is seen, and where only what is to be paid
}

func list(ctx context.Context, q db.Q, f filter, limit int) ([]*Reward, error) {
	var rows []row
	sel := q.NewSelect().Model(&rows).WhereGroup(" AND ", func(g *bun.SelectQuery) *bun.SelectQuery {
		g = g.Where("1 = 0")
		for _, sc := range f.full {
			g = orUnder(g, sc)
		}
		for _, sc := range f.pay {
			g = orUnder(g, sc, Claimed, Paid)
		}
		return g
	}).OrderExpr("r.id DESC").Limit(int64(limit))
	if f.status != "" {
		sel = sel.Where("r.status = ?", f.status)
	}
	if f.after != "" {
		sel = sel.Where("r.id < ?", f.after)
	}
	if err := sel.Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]*Reward, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].reward(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// orUnder adds what lies in a territory, of some statuses when they are given.
func orUnder(g *bun.SelectQuery, sc actor.Scope, statuses ...Status) *bun.SelectQuery {
	if sc.Trunk != actor.Territory {
		return g
	}
	return g.WhereGroup(" OR ", func(h *bun.SelectQuery) *bun.SelectQuery {
		if h = db.Under(h, "r.office_place", string(sc.Place)); len(statuses) > 0 {
			h = h.Where("r.status IN (?)", bun.List(statuses))
		}
		return h
	})
}

// grantedIn returns what the informant of c was granted for the same type in the month, apart
// from the reward except. While nothing is approved yet, proposals count too.
func grantedIn(ctx context.Context, q db.Q, c Case, except string) (fen int64, err error) {
	if c.Informant == "" {
		return 0, nil
	}
	left := []Status{Returned, Waived}
	if except != "" {
		left = append(left, Proposed)
	}
	err = q.NewSelect().Model((*row)(nil)).ColumnExpr("coalesce(sum(fen), 0)").
		Where("informant = ?", c.Informant).Where("month = ?", month(c.Concluded)).Where("class = ?", c.Class).
		Where("kind = ?", c.Kind).Where("id <> ?", except).Where("status NOT IN (?)", bun.List(left)).Scan(ctx, &fen)
	return fen, err
}
