// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"strings"
	"time"

	"anlan/internal/platform/db"
)

// arriving are the columns that a report sets.
var arriving = []string{"id", "code_hash", "place", "at_county", "at_town", "campaign", "unit_id", "unit_path", "lines",
	"source", "channel", "class", "words", "spot", "danger", "photos", "found", "found_doubt", "created", "reporter_id",
	"reporter_unit", "internal", "handler_unit", "status", "due_kind", "due", "due_rule", "version"}

// arrivingValues are those of h, in the order of arriving.
func arrivingValues(h *Hazard) []any {
	var due any
	if h.Due != nil {
		due = h.Due.UTC()
	}
	return []any{h.ID, h.CodeHash, string(h.Place), string(h.County), string(h.Town), h.Campaign, h.Unit, h.UnitPath, h.Lines,
		h.Source, h.Channel, h.Class, h.Words, h.Spot, h.Danger, h.Photos, h.Found.UTC(), h.Doubt, h.Created.UTC(), h.Reporter,
		h.FromUnit, h.Internal, h.Handler, string(h.Status), string(h.DueKind), due, h.DueRule, h.Version}
}

var insertArriving = "INSERT INTO hazard_hazard (" + strings.Join(arriving, ", ") + ") VALUES (?" +
	strings.Repeat(", ?", len(arriving)-1) + ") ON CONFLICT (code_hash) DO NOTHING"

// insertHazards adds the reports whose query code is new and sets their Seq; that of the
// others, which repeat an earlier report, stays 0.
func insertHazards(ctx context.Context, tx db.Tx, as []*arrival) error {
	for _, a := range as {
		a.h.Seq = 0 // the transaction may run again
	}
	if db.IsPG(tx) {
		return insertTogether(ctx, tx, as)
	}
	insert := db.Prepared(ctx, tx, insertArriving)
	for _, a := range as {
		res, err := insert.Exec(arrivingValues(a.h)...)
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 1 {
			a.h.Seq, _ = res.LastInsertId()
		}
	}
	return nil
}

// insertTogether is insertHazards in one statement.
func insertTogether(ctx context.Context, tx db.Tx, as []*arrival) error {
	hs := make([]*Hazard, len(as))
	byID := make(map[string]*Hazard, len(as))
	for i, a := range as {
		hs[i], byID[a.h.ID] = a.h, a.h
	}
	var added []struct {
		ID  string `bun:"id"`
		Seq int64  `bun:"seq"`
	}
	_, err := tx.NewInsert().Model(&hs).ModelTableExpr("hazard_hazard").Column(arriving...).
		On("CONFLICT (code_hash) DO NOTHING").Returning("id, seq").Exec(ctx, &added)
	for _, a := range added {
		byID[a.ID].Seq = a.Seq
	}
	return err
}

// sealed is something personal that came with a report.
type sealed struct {
	HazardID string `bun:"hazard_id"`
	What     string `bun:"what"`
	Box      []byte `bun:"box"`
}

func insertSealed(ctx context.Context, tx db.Tx, seals []sealed) error {
	if len(seals) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&seals).ModelTableExpr("hazard_sealed").Exec(ctx)
	return err
}

func sealedOf(ctx context.Context, q db.Q, hazardID string) ([]sealed, error) {
	var seals []sealed
	err := q.NewSelect().Model(&seals).ModelTableExpr("hazard_sealed AS sealed").Where("hazard_id = ?", hazardID).
		OrderExpr("what").Scan(ctx)
	return seals, err
}

func hasSealed(ctx context.Context, q db.Q, hazardID string) (bool, error) {
	return q.NewSelect().TableExpr("hazard_sealed").Where("hazard_id = ?", hazardID).Exists(ctx)
}

// look is one reading of something sealed. Its reason stays here: it may name people.
type look struct {
	ID       string    `bun:"id"`
	HazardID string    `bun:"hazard_id"`
	What     string    `bun:"what"`
	Actor    string    `bun:"actor"`
	Reason   string    `bun:"reason"`
	At       time.Time `bun:"at"`
}

func insertLook(ctx context.Context, tx db.Tx, l *look) error {
	_, err := tx.NewInsert().Model(l).ModelTableExpr("hazard_look").Exec(ctx)
	return err
}
