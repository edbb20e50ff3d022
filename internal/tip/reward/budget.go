// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// Budget is what an office may grant in a year. What is approved counts as used; what is
// waived, or left over by tokens, comes back.
type Budget struct {
	OfficeID string
	Year     int
	Fen      int64
	Used     int64
	Warn     int64 // percent used from which the office is warned
	Warned   bool
	Version  int // 0 before one was set
}

// Left returns what may still be granted.
func (b *Budget) Left() int64 { return b.Fen - b.Used }

// Low reports whether as much is used as the office wanted to be warned of.
func (b *Budget) Low() bool { return b.Fen > 0 && b.Used*100 >= b.Fen*b.Warn }

const (
	maxBudget = 100_000_000_00 // fen
	usualWarn = 80             // percent
)

// BudgetOf returns an office's budget of a year; one that nobody has set is empty, of version 0.
func (s *Service) BudgetOf(ctx context.Context, officeID string, year int) (*Budget, error) {
	if _, err := s.budgetOffice(ctx, s.DB.Read(), officeID, PermApprove, PermPropose); err != nil {
		return nil, err
	}
	b, err := budgetOf(ctx, s.DB.Read(), officeID, year)
	if err == nil && b == nil {
		b = &Budget{OfficeID: officeID, Year: year, Warn: usualWarn}
	}
	return b, err
}

// budgetOffice returns an office for which the actor holds one of perms.
func (s *Service) budgetOffice(ctx context.Context, q db.Q, officeID string, perms ...string) (*org.Unit, error) {
	by := actor.From(ctx)
	if err := requireAny(by, perms...); err != nil {
		return nil, err
	}
	office, err := s.Org.UnitTx(ctx, q, officeID)
	if err != nil {
		return nil, err
	}
	for _, perm := range perms {
		if by.May(perm, office.Object()) {
			return office, nil
		}
	}
	return nil, errs.New(errs.NotFound, "org.unit_not_found")
}

// SetBudget sets what an office may grant in a year, never less than is used already.
// b.Version is that of the budget before, 0 for the first.
func (s *Service) SetBudget(ctx context.Context, b *Budget) (*Budget, error) {
	if b.Fen < 0 || b.Fen > maxBudget || b.Warn < 1 || b.Warn > 100 || b.Year < 2018 || b.Year > yearOf(s.today())+1 {
		return nil, errs.InvalidFields(errs.At("body.fen", "reward.bad_budget", "max", int64(maxBudget/fenPerYuan)))
	}
	return db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (*Budget, error) {
		office, err := s.budgetOffice(ctx, tx, b.OfficeID, PermApprove)
		if err != nil {
			return nil, err
		}
		old, err := budgetOf(ctx, tx, b.OfficeID, b.Year)
		if err != nil {
			return nil, err
		}
		if old != nil {
			b.Used = old.Used
		}
		b.Warned = b.Low()
		if err := saveBudget(ctx, tx, b); err != nil {
			return nil, err
		}
		return b, s.Ledger.Record(ctx, tx, b.about(kindBudgetSet, office, b.Fen))
	})
}

// about is an entry on b that counts fen.
func (b *Budget) about(k ledger.Kind[budgetFacts], office *org.Unit, fen int64) ledger.Entry {
	e := k.Entry(budgetFacts{b.Year, int(b.Warn)})
	e.Place, e.Unit, e.UnitPath, e.Subject = office.Place, office.ID, office.GroupPath, "unit:"+office.ID
	e.Quantities = []quantity.Quantity{quantity.Of(fen, quantity.Fen)}
	return e
}

// reserve sets r's money aside in the budget of its year, or refuses when there is not
// enough. The office is warned once when the budget runs low.
func (s *Service) reserve(ctx context.Context, tx db.Tx, r *Reward) error {
	taken, err := take(ctx, tx, r.OfficeID, r.Year, r.Fen)
	if err != nil {
		return err
	}
	b, err := budgetOf(ctx, tx, r.OfficeID, r.Year)
	switch {
	case err != nil:
		return err
	case b == nil:
		return errs.New(errs.Conflict, "reward.no_budget", "year", r.Year)
	case !taken:
		return errs.New(errs.Conflict, "reward.over_budget", "year", r.Year, "left", b.Left()/fenPerYuan)
	case !b.Low() || b.Warned:
		return nil
	}
	if err := markWarned(ctx, tx, b); err != nil {
		return err
	}
	office, err := s.Org.UnitTx(ctx, tx, r.OfficeID)
	if err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, b.about(kindBudgetLow, office, b.Left()))
}
