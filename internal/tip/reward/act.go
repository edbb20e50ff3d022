// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// Act is one step by an officer. Which of the fields are needed depends on the action.
type Act struct {
	Action    Action
	Version   int
	Reason    string    // return, announce, extend, send_back, waive
	FiledWith string    // file: the authority above
	FiledNo   string    // file: the number of the filing
	Until     clock.Day // extend: the new last day
	ReceiptNo string    // pay: of the bank or of the signed slip
	Lookup    []byte    // pay in person: of the query code
	Witnesses []string  // pay in person: two people
	Payee     Payee     // claim: an account; pay in person: who took the money
}

// ruleClaim is the key of the rule for how long a reward can be claimed.
const ruleClaim = "tip.claim"

// longestClaim is the most days after the notice that an extension may reach.
const longestClaim = 365

// acts are what the steps do beyond moving the status.
var acts = map[Action]func(s *Service, ctx context.Context, tx db.Tx, r *Reward, a Act) error{
	Approve:  (*Service).approve,
	Return:   (*Service).reasoned,
	File:     (*Service).file,
	Notify:   (*Service).notify,
	Announce: (*Service).announce,
	Extend:   (*Service).extend,
	Claim:    (*Service).claimFor,
	SendBack: (*Service).sendBack,
	Pay:      (*Service).pay,
	Waive:    (*Service).waive,
}

// Act moves a reward one step on behalf of the actor in ctx.
func (s *Service) Act(ctx context.Context, id string, a Act) (*Reward, error) {
	if a.Action == Notify {
		if err := s.keysFor(ctx, id); err != nil {
			return nil, err
		}
	}
	return db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (*Reward, error) {
		r, err := s.actedOn(ctx, tx, id, a)
		if err != nil {
			return nil, err
		}
		from, err := r.to(a.Action)
		if err != nil {
			return nil, err
		}
		if err := acts[a.Action](s, ctx, tx, r, a); err != nil {
			return nil, err
		}
		return r, s.keep(ctx, tx, r, r.moved(from, a.Action))
	})
}

// keep saves r after a step and records it.
func (s *Service) keep(ctx context.Context, tx db.Tx, r *Reward, e ledger.Entry) error {
	if err := save(ctx, tx, r); err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, e)
}

// actedOn returns the reward that the actor may take step a of. Whoever pays over the
// counter sees it by the informant's code alone.
func (s *Service) actedOn(ctx context.Context, q db.Q, id string, a Act) (*Reward, error) {
	by, perm := actor.From(ctx), needs[a.Action]
	if perm == "" {
		return nil, errs.New(errs.Invalid, "reward.unknown_action")
	}
	if err := requireAny(by, perm); err != nil {
		return nil, err
	}
	r, err := get(ctx, q, id)
	if err != nil {
		return nil, err
	}
	byCode := a.Action == Pay && by.May(PermPay, r.Object()) && r.opens(a.Lookup)
	switch {
	case !sees(by, r) && !byCode:
		return nil, errs.New(errs.NotFound, "reward.not_found")
	case a.Version != r.Version:
		return nil, errs.New(errs.Conflict, "reward.changed")
	}
	if err := by.Require(perm, r.Object()); err != nil {
		return nil, err
	}
	return r, r.mayTake(a.Action, by.ID)
}

// opens reports whether lookup is that of the query code of r's tip.
func (r *Reward) opens(lookup []byte) bool {
	sum := sha256.Sum256(lookup)
	return len(r.ClaimHash) > 0 && subtle.ConstantTimeCompare(sum[:], r.ClaimHash) == 1
}

// wordy refuses text that is missing or too long.
func wordy(at, text string) error {
	if n := len([]rune(strings.TrimSpace(text))); n < 2 || n > maxWords {
		return errs.InvalidFields(errs.At(at, "reward.words_missing", "max", maxWords))
	}
	return nil
}

func (s *Service) approve(ctx context.Context, tx db.Tx, r *Reward, _ Act) error {
	by := actor.From(ctx)
	if under, err := s.Org.WorksUnder(ctx, tx, by.ID, r.Proposer); err != nil || under {
		if err == nil {
			err = errs.New(errs.Denied, "reward.under_proposer")
		}
		return err
	}
	r.Approver, r.Year = by.ID, yearOf(s.today())
	if err := s.reserve(ctx, tx, r); err != nil { // first: approvals of one office now follow one another
		return err
	}
	return s.stillOwed(ctx, tx, r)
}

// stillOwed refuses r when what it rests on has changed since it was proposed.
func (s *Service) stillOwed(ctx context.Context, tx db.Tx, r *Reward) error {
	c, err := s.Cases.RewardCase(ctx, tx, r.TipID)
	if err != nil {
		return err
	}
	out, err := s.compute(ctx, tx, c, r.Findings, r.ID)
	if err != nil {
		return err
	}
	if out.TableID != r.TableID || out.Fen < r.Fen {
		return errs.New(errs.Conflict, "reward.facts_changed")
	}
	return nil
}

func (s *Service) reasoned(_ context.Context, _ db.Tx, r *Reward, a Act) error {
	r.Reason = strings.TrimSpace(a.Reason)
	return wordy("body.reason", a.Reason)
}

func (s *Service) file(_ context.Context, _ db.Tx, r *Reward, a Act) error {
	r.FiledWith, r.FiledNo = strings.TrimSpace(a.FiledWith), strings.TrimSpace(a.FiledNo)
	if err := wordy("body.filed_with", a.FiledWith); err != nil {
		return err
	}
	return wordy("body.filed_no", a.FiledNo)
}

// notify starts the term in which the reward can be claimed.
func (s *Service) notify(ctx context.Context, _ db.Tx, r *Reward, _ Act) error {
	r.Notified = s.Now()
	return s.wind(ctx, r)
}

// announce takes the place of a notice that did not arrive, so the term begins anew.
func (s *Service) announce(ctx context.Context, tx db.Tx, r *Reward, a Act) error {
	if !r.Announced.IsZero() {
		return errs.New(errs.Conflict, "reward.announced_already")
	}
	r.Announced = s.Now()
	if err := s.reasoned(ctx, tx, r, a); err != nil {
		return err
	}
	return s.wind(ctx, r)
}

func (s *Service) wind(ctx context.Context, r *Reward) error {
	d, err := s.Rules.Deadline(ctx, ruleClaim, r.Place, s.Now())
	r.Due, r.DueLast, r.DueRule = d.At, d.Last, d.RuleID
	return err
}

// extend sets a later last day, for a reason; the rule no longer sets it.
func (s *Service) extend(ctx context.Context, tx db.Tx, r *Reward, a Act) error {
	most := clock.DayOf(r.Notified).Add(longestClaim)
	if !a.Until.Valid() || a.Until <= r.DueLast || a.Until < s.today() || a.Until > most {
		return errs.InvalidFields(errs.At("body.until", "reward.bad_until", "after", r.DueLast, "most", most))
	}
	r.Due, r.DueLast, r.DueRule = a.Until.End(), a.Until, ""
	return s.reasoned(ctx, tx, r, a)
}

// waive gives back the money of a reward that nobody claimed in time.
func (s *Service) waive(ctx context.Context, tx db.Tx, r *Reward, a Act) error {
	if s.claimable(r) == nil {
		return errs.New(errs.Conflict, "reward.claim_running", "last_day", r.DueLast)
	}
	if err := s.reasoned(ctx, tx, r, a); err != nil {
		return err
	}
	return release(ctx, tx, r.OfficeID, r.Year, r.Fen)
}

// claimable refuses a claim after its last day.
func (s *Service) claimable(r *Reward) error {
	if !s.Now().Before(r.Due) {
		return errs.New(errs.Conflict, "reward.claim_over", "last_day", r.DueLast)
	}
	return nil
}
