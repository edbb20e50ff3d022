// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type standardRow struct {
	bun.BaseModel `bun:"table:rules_standard,alias:s"`

	ID        string    `bun:"id,pk"`
	Title     string    `bun:"title"`
	DocNo     string    `bun:"doc_no"`
	Issuer    string    `bun:"issuer"`
	Lines     string    `bun:"lines"` // " coal mine ", so that each tag stands between blanks
	ValidFrom clock.Day `bun:"valid_from"`
	ValidTo   clock.Day `bun:"valid_to"`
	Successor string    `bun:"successor"`
	Confirmed bool      `bun:"confirmed"`
	Builtin   bool      `bun:"builtin"`
	Version   int       `bun:"version"`
}

type clauseRow struct {
	bun.BaseModel `bun:"table:rules_clause,alias:c"`

	Standard string `bun:"standard,pk"`
	No       string `bun:"no,pk"`
	Ord      int    `bun:"ord"`
	Text     string `bun:"text"`
	Keywords string `bun:"keywords"`
	Hint     bool   `bun:"hint"`
}

func toStandardRow(s Standard) *standardRow {
	return &standardRow{ID: s.ID, Title: s.Title, DocNo: s.DocNo, Issuer: s.Issuer, Lines: padded(s.Lines),
		ValidFrom: s.ValidFrom, ValidTo: s.ValidTo, Successor: s.Successor, Confirmed: s.Confirmed,
		Builtin: s.Builtin, Version: s.Version}
}

func (r standardRow) standard() Standard {
	return Standard{ID: r.ID, Title: r.Title, DocNo: r.DocNo, Issuer: r.Issuer, Lines: strings.Fields(r.Lines),
		ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Successor: r.Successor, Confirmed: r.Confirmed,
		Builtin: r.Builtin, Version: r.Version}
}

func (r clauseRow) clause() Clause {
	return Clause{Standard: r.Standard, No: r.No, Text: r.Text, Keywords: strings.Fields(r.Keywords), Hint: r.Hint}
}

func padded(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return " " + strings.Join(words, " ") + " "
}

func listStandards(ctx context.Context, q db.Q, f StandardFilter, after string, limit int) ([]Standard, error) {
	var rows []standardRow
	sel := q.NewSelect().Model(&rows).Where("id > ?", after).OrderExpr("id").Limit(int64(limit))
	if f.Line != "" {
		sel = sel.Where("(lines = '' OR lines LIKE ? ESCAPE '!')", "% "+literal(f.Line)+" %")
	}
	if f.On != "" {
		sel = sel.Where("valid_from <= ?", f.On).Where("(valid_to = '' OR valid_to >= ?)", f.On)
	}
	if f.Q != "" {
		like := "%" + literal(f.Q) + "%"
		sel = sel.Where("(title LIKE ? ESCAPE '!' OR doc_no LIKE ? ESCAPE '!')", like, like)
	}
	if err := sel.Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]Standard, len(rows))
	for i, r := range rows {
		out[i] = r.standard()
	}
	return out, nil
}

// literal takes the meaning of a pattern from LIKE's special characters.
func literal(text string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text)
}

func getStandard(ctx context.Context, q db.Q, id string) (Standard, error) {
	var row standardRow
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	if db.IsNoRows(err) {
		return Standard{}, errs.New(errs.NotFound, "rules.standard_not_found")
	}
	return row.standard(), err
}

func clausesOf(ctx context.Context, q db.Q, standard string) ([]Clause, error) {
	var rows []clauseRow
	err := q.NewSelect().Model(&rows).Where("standard = ?", standard).OrderExpr("ord, no").Scan(ctx)
	out := make([]Clause, len(rows))
	for i, r := range rows {
		out[i] = r.clause()
	}
	return out, err
}

func getClause(ctx context.Context, q db.Q, standard, no string) (Clause, error) {
	var row clauseRow
	err := q.NewSelect().Model(&row).Where("standard = ?", standard).Where("no = ?", no).Scan(ctx)
	return row.clause(), err
}

// saveStandard adds s (Version 0) or writes it back, unless somebody changed it
// since it was read.
func saveStandard(ctx context.Context, tx db.Tx, s Standard) error {
	read := s.Version
	s.Version++
	if read == 0 {
		_, err := tx.NewInsert().Model(toStandardRow(s)).Exec(ctx)
		if db.IsUnique(err) {
			return errs.New(errs.Conflict, "rules.standard_exists", "standard", s.ID)
		}
		return err
	}
	res, err := tx.NewUpdate().Model(toStandardRow(s)).ExcludeColumn("builtin").WherePK().Where("version = ?", read).Exec(ctx)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return errs.New(errs.Conflict, "rules.changed")
	}
	return nil
}

// saveClauses adds clauses behind those that are there, each in the place of one
// with the same number.
func saveClauses(ctx context.Context, tx db.Tx, clauses []Clause) error {
	if len(clauses) == 0 {
		return nil
	}
	var last int
	if err := tx.NewRaw(`SELECT COALESCE(max(ord), 0) FROM rules_clause`).Scan(ctx, &last); err != nil {
		return err
	}
	rows := make([]clauseRow, len(clauses))
	for i, c := range clauses {
		rows[i] = clauseRow{Standard: c.Standard, No: c.No, Ord: last + 1 + i, Text: c.Text, Keywords: padded(c.Keywords), Hint: c.Hint}
	}
	_, err := tx.NewInsert().Model(&rows).On("CONFLICT (standard, no) DO UPDATE").
		Set("text = EXCLUDED.text").Set("keywords = EXCLUDED.keywords").Set("hint = EXCLUDED.hint").Exec(ctx)
	return err
}

// addStandards stores the built-in standards and hints that are not there yet.
func addStandards(ctx context.Context, tx db.Tx, standards []Standard, clauses []Clause) error {
	rows := make([]*standardRow, len(standards))
	for i, s := range standards {
		s.Builtin, s.Version = true, 1
		rows[i] = toStandardRow(s)
	}
	if _, err := tx.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return err
	}
	hints := make([]clauseRow, len(clauses))
	for i, c := range clauses {
		hints[i] = clauseRow{Standard: c.Standard, No: c.No, Ord: i, Text: c.Text, Keywords: padded(c.Keywords), Hint: true}
	}
	_, err := tx.NewInsert().Model(&hints).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}
