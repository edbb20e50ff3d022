// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

type standardSaved struct {
	Standard  string `json:"standard"`
	Change    string `json:"change"` // "added", "changed"
	ValidFrom string `json:"valid_from"`
	ValidTo   string `json:"valid_to"`
	Confirmed bool   `json:"confirmed"`
}

type clausesAdded struct {
	Standard string `json:"standard"`
	Clauses  int    `json:"clauses"`
}

var (
	kindStandard = ledger.Define[standardSaved]("rules.standard_saved.v1")
	kindClauses  = ledger.Define[clausesAdded]("rules.clauses_added.v1")
)

// StandardFilter says which standards a list shows.
type StandardFilter struct {
	Line string    // those about units with this supervisory tag, and those about all
	On   clock.Day // those in force that day; "" for all
	Q    string    // part of the title or the document number
}

// Standards returns standards by id.
func (s *Service) Standards(ctx context.Context, f StandardFilter, cursor string, limit int) (page.Of[Standard], error) {
	var after string
	if err := page.Decode(cursor, &after); err != nil {
		return page.Of[Standard]{}, err
	}
	list, err := listStandards(ctx, s.db.Read(), f, after, limit+1)
	if err != nil {
		return page.Of[Standard]{}, err
	}
	return page.Cut(list, limit, func(s Standard) any { return s.ID }), nil
}

// Standard returns a standard with its clauses in their order.
func (s *Service) Standard(ctx context.Context, id string) (Standard, []Clause, error) {
	std, err := getStandard(ctx, s.db.Read(), id)
	if err != nil {
		return Standard{}, nil, err
	}
	clauses, err := clausesOf(ctx, s.db.Read(), id)
	return std, clauses, err
}

// ClauseOn returns the clause of a standard that a finding of that day may cite.
// It is Invalid when there is no such standard or clause, or when the standard
// was not in force that day.
func (s *Service) ClauseOn(ctx context.Context, standardID, no string, day clock.Day) (Standard, Clause, error) {
	std, err := getStandard(ctx, s.db.Read(), standardID)
	if errs.KindOf(err) == errs.NotFound {
		return Standard{}, Clause{}, errs.New(errs.Invalid, "rules.no_such_standard", "standard", standardID)
	}
	if err != nil {
		return Standard{}, Clause{}, err
	}
	if !std.HoldsOn(day) {
		return Standard{}, Clause{}, errs.New(errs.Invalid, "rules.not_in_force", "title", std.Title, "day", day)
	}
	c, err := getClause(ctx, s.db.Read(), standardID, clauseNo(no))
	if db.IsNoRows(err) {
		return Standard{}, Clause{}, errs.New(errs.Invalid, "rules.no_such_clause", "title", std.Title, "no", no)
	}
	return std, c, err
}

// SaveStandard adds a standard (Version 0) or changes it, on behalf of the actor in ctx.
func (s *Service) SaveStandard(ctx context.Context, std Standard) (Standard, error) {
	home, err := s.mayEditShared(ctx)
	if err != nil {
		return Standard{}, err
	}
	if err := std.check(); err != nil {
		return Standard{}, err
	}
	change := "changed"
	if std.Version == 0 {
		change = "added"
	}
	e := kindStandard.Entry(standardSaved{std.ID, change, string(std.ValidFrom), string(std.ValidTo), std.Confirmed})
	e.Place, e.Subject = home, "standard:"+std.ID
	err = s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := saveStandard(ctx, tx, std); err != nil {
			return err
		}
		return s.ledger.Record(ctx, tx, e)
	})
	std.Version++
	return std, err
}

// AddClauses adds clauses to a standard, or replaces those with the same number,
// on behalf of the actor in ctx.
func (s *Service) AddClauses(ctx context.Context, standardID string, clauses []Clause) error {
	var fields []errs.Field
	for i := range clauses {
		clauses[i].Standard = standardID
		fields = append(fields, clauses[i].check(rowAt(i+1))...)
	}
	if err := errs.InvalidFields(fields...); err != nil {
		return err
	}
	return s.storeClauses(ctx, clauses)
}

// ImportClauses adds the clauses of a pasted table (parseClauses), all of them or
// none, and returns them. With a standard, the table is about that one only. A dry run stores nothing.
func (s *Service) ImportClauses(ctx context.Context, text, standard string, dryRun bool) ([]Clause, error) {
	if _, err := s.mayEditShared(ctx); err != nil {
		return nil, err
	}
	clauses, fields := parseClauses(text, standard)
	for _, id := range standardsOf(clauses) {
		if _, err := getStandard(ctx, s.db.Read(), id); errs.KindOf(err) == errs.NotFound {
			fields = append(fields, errs.At("standard "+id, "rules.no_such_standard", "standard", id))
		} else if err != nil {
			return nil, err
		}
	}
	if err := errs.InvalidFields(fields...); err != nil || dryRun {
		return clauses, err
	}
	return clauses, s.storeClauses(ctx, clauses)
}

func (s *Service) storeClauses(ctx context.Context, clauses []Clause) error {
	home, err := s.mayEditShared(ctx)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, c := range clauses {
		counts[c.Standard]++
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, id := range standardsOf(clauses) {
			if _, err := getStandard(ctx, tx, id); err != nil {
				return err
			}
			e := kindClauses.Entry(clausesAdded{id, counts[id]})
			e.Place, e.Subject = home, "standard:"+id
			if err := s.ledger.Record(ctx, tx, e); err != nil {
				return err
			}
		}
		return saveClauses(ctx, tx, clauses)
	})
}

// standardsOf returns the standards that clauses belong to, each once.
func standardsOf(clauses []Clause) []string {
	var ids []string
	seen := map[string]bool{}
	for _, c := range clauses {
		if !seen[c.Standard] {
			seen[c.Standard] = true
			ids = append(ids, c.Standard)
		}
	}
	return ids
}
