// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// TableFor returns the table of a place on a day.
func (s *Service) TableFor(at place.Path, on clock.Day) (Table, error) {
	t, ok := TableFor(Tables, at, on)
	if !ok {
		return Table{}, errs.New(errs.NotFound, "reward.no_table", "day", on)
	}
	return t, nil
}

// Preview computes what a tip would earn by the findings, and stores nothing.
func (s *Service) Preview(ctx context.Context, tipID string, f Findings) (Outcome, error) {
	c, _, err := s.ownCase(ctx, s.DB.Read(), tipID)
	if err != nil {
		return Outcome{}, err
	}
	return s.compute(ctx, s.DB.Read(), c, f, "")
}

// Propose stores a proposal with its computation. A tip has one reward, unless the one
// before was returned. It is Invalid while the office has something to decide, and a Conflict
// when nothing is owed.
func (s *Service) Propose(ctx context.Context, tipID string, f Findings) (*Reward, error) {
	return db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (*Reward, error) {
		c, office, err := s.ownCase(ctx, tx, tipID)
		if err != nil {
			return nil, err
		}
		out, err := s.compute(ctx, tx, c, f, "")
		if err != nil {
			return nil, err
		}
		if err := out.owed(); err != nil {
			return nil, err
		}
		r := s.proposal(c, office, f, out)
		r.Proposer = actor.From(ctx).ID
		if err := insert(ctx, tx, r); db.IsUnique(err) {
			return nil, errs.New(errs.Conflict, "reward.exists")
		} else if err != nil {
			return nil, err
		}
		return r, s.Ledger.Record(ctx, tx, r.about(kindProposed.Entry(proposedFacts{string(r.Class), r.TableID})))
	})
}

// ownCase returns the case of a tip that the actor may propose a reward for, and the office
// that received it.
func (s *Service) ownCase(ctx context.Context, q db.Q, tipID string) (Case, *org.Unit, error) {
	by := actor.From(ctx)
	if err := requireAny(by, PermPropose); err != nil {
		return Case{}, nil, err
	}
	c, err := s.Cases.RewardCase(ctx, q, tipID)
	if err != nil {
		return Case{}, nil, err
	}
	office, err := s.Org.UnitTx(ctx, q, c.OfficeID)
	if err != nil {
		return Case{}, nil, err
	}
	if !by.May(PermPropose, office.Object()) {
		return Case{}, nil, errs.New(errs.NotFound, "reward.no_tip")
	}
	return c, office, nil
}

// compute computes by the table of the case's place on the day of its conclusion. except is
// the reward that does not count among those of the month.
func (s *Service) compute(ctx context.Context, q db.Q, c Case, f Findings, except string) (Outcome, error) {
	t, err := s.TableFor(c.Place, c.Concluded)
	if err != nil {
		return Outcome{}, err
	}
	granted, err := grantedIn(ctx, q, c, except)
	if err != nil {
		return Outcome{}, err
	}
	f.Insider = f.Insider || c.Insider
	return Compute(t, Facts{Class: c.Class, Verified: c.Verified, Fines: c.Fines, Grade: c.Grade, Deaths: c.Deaths,
		Named: c.Named, Coded: len(c.ClaimHash) > 0, Rank: c.Rank, GrantedFen: granted, Findings: f})
}

// owed refuses an outcome that cannot be proposed.
func (o Outcome) owed() error {
	var fields []errs.Field
	for _, what := range o.Asks {
		if what == askFinesBy {
			fields = append(fields, errs.At("body.fines_by", "reward.step_ask_fines"))
		} else {
			fields = append(fields, errs.At("body.set_fen", "reward.step_ask_set"))
		}
	}
	if len(fields) == 0 && o.Fen == 0 {
		return errs.New(errs.Conflict, "reward.nothing_owed")
	}
	return errs.InvalidFields(fields...)
}

func (s *Service) proposal(c Case, office *org.Unit, f Findings, out Outcome) *Reward {
	return &Reward{ID: s.IDs.New(), TipID: c.TipID, TipNo: c.TipNo, Class: c.Class, Kind: c.Kind, Place: c.Place,
		OfficeID: office.ID, OfficePath: office.GroupPath, OfficePlace: office.Place, Concluded: c.Concluded,
		Informant: c.Informant, Named: c.Named, ClaimHash: c.ClaimHash, Status: Proposed, TableID: out.TableID,
		Findings: f, Steps: out.Steps, Fen: out.Fen, Created: s.Now(), Version: 1}
}
