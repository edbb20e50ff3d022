// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"slices"
	"time"

	"anlan/internal/platform/db"
)

// arriving are the columns that every report sets.
var arriving = []string{"id", "code_hash", "place", "at_county", "at_town", "source", "channel", "class", "words", "found",
	"created", "handler_unit", "status", "due_kind", "due", "due_rule", "version"}

// seldom are the columns that many reports leave at their default. Where none of a batch
// sets one it is left out: at thousands of reports a second the database spends a good part
// of its time reading statements.
var seldom = []struct {
	column string
	set    func(h *Hazard) bool
}{
	{"campaign", func(h *Hazard) bool { return h.Campaign != "" }}, {"unit_id", func(h *Hazard) bool { return h.Unit != "" }},
	{"unit_path", func(h *Hazard) bool { return h.UnitPath != "" }}, {"lines", func(h *Hazard) bool { return h.Lines != "" }},
	{"spot", func(h *Hazard) bool { return h.Spot != "" }}, {"danger", func(h *Hazard) bool { return h.Danger }},
	{"photos", func(h *Hazard) bool { return h.Photos != 0 }}, {"found_doubt", func(h *Hazard) bool { return h.Doubt }},
	{"reporter_id", func(h *Hazard) bool { return h.Reporter != "" }}, {"reporter_unit", func(h *Hazard) bool { return h.FromUnit != "" }},
	{"internal", func(h *Hazard) bool { return h.Internal }},
}

func columnsOf(hs []*Hazard) []string {
	columns := slices.Clone(arriving)
	for _, s := range seldom {
		if slices.ContainsFunc(hs, s.set) {
			columns = append(columns, s.column)
		}
	}
	return columns
}

// insertHazards adds the reports whose query code is new and sets their Seq; that of the
// others, which repeat an earlier report, stays 0.
func insertHazards(ctx context.Context, tx db.Tx, as []*arrival) error {
	hs := make([]*Hazard, len(as))
	byID := make(map[string]*Hazard, len(as))
	for i, a := range as {
		a.h.Seq = 0 // the transaction may run again
		hs[i], byID[a.h.ID] = a.h, a.h
	}
	var added []struct {
		ID  string `bun:"id"`
		Seq int64  `bun:"seq"`
	}
	_, err := tx.NewInsert().Model(&hs).ModelTableExpr("hazard_hazard").Column(columnsOf(hs)...).
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
