// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// Payee is who is paid. It is sealed, and apart from the reward and from the tip.
type Payee struct {
	Name    string `json:"name"`
	IDNo    string `json:"id_no"`
	Bank    string `json:"bank"`    // "" over the counter
	Account string `json:"account"` // "" over the counter
}

var (
	goodIDNo    = regexp.MustCompile(`^[0-9A-Za-z()-]{6,30}$`)
	goodAccount = regexp.MustCompile(`^[0-9]{8,32}$`)
)

// check brings p into the form that is kept, or says what is wrong with it.
func (p *Payee) check(bank bool) error {
	p.Name, p.Bank = strings.TrimSpace(p.Name), strings.TrimSpace(p.Bank)
	p.IDNo, p.Account = strings.ReplaceAll(p.IDNo, " ", ""), strings.ReplaceAll(p.Account, " ", "")
	var fields []errs.Field
	refuse := func(bad bool, at, key string) {
		if bad {
			fields = append(fields, errs.At(at, key))
		}
	}
	refuse(!within(int64(len([]rune(p.Name))), 1, 60), "body.payee.name", "reward.bad_name")
	refuse(!goodIDNo.MatchString(p.IDNo), "body.payee.id_no", "reward.bad_id_no")
	refuse(bank && !within(int64(len([]rune(p.Bank))), 2, 100), "body.payee.bank", "reward.bad_bank")
	refuse(bank && !goodAccount.MatchString(p.Account), "body.payee.account", "reward.bad_account")
	return errs.InvalidFields(fields...)
}

// anonymous returns ctx without whoever may be signed in: an informant is nobody.
func anonymous(ctx context.Context) context.Context {
	return actor.With(ctx, actor.Actor{Channel: "h5"})
}

// ClaimByCode names the account to which the reward of a query code is paid. The answer is
// the same whether or not the code has a reward that can be claimed, and for a repeat.
func (s *Service) ClaimByCode(ctx context.Context, lookup []byte, p Payee) error {
	if err := p.check(true); err != nil {
		return err
	}
	sum := sha256.Sum256(lookup)
	return s.DB.InTx(anonymous(ctx), func(ctx context.Context, tx db.Tx) error {
		r, err := byClaim(ctx, tx, sum[:])
		if err != nil {
			return err
		}
		if r == nil || r.Status != Notified || s.claimable(r) != nil {
			return nil
		}
		return s.claim(ctx, tx, r, p)
	})
}

func (s *Service) claim(ctx context.Context, tx db.Tx, r *Reward, p Payee) error {
	from, err := r.to(Claim)
	if err != nil {
		return err
	}
	if err := s.keepPayee(ctx, tx, r, p); err != nil {
		return err
	}
	e := r.moved(from, Claim)
	e.Coarse = true
	return s.keep(ctx, tx, r, e)
}

// claimFor writes down the account that an informant gave the office.
func (s *Service) claimFor(ctx context.Context, tx db.Tx, r *Reward, a Act) error {
	if err := s.claimable(r); err != nil {
		return err
	}
	if err := a.Payee.check(true); err != nil {
		return err
	}
	return s.keepPayee(ctx, tx, r, a.Payee)
}

// sendBack lets the informant claim anew, because the account was wrong.
func (s *Service) sendBack(ctx context.Context, tx db.Tx, r *Reward, a Act) error {
	if err := s.reasoned(ctx, tx, r, a); err != nil {
		return err
	}
	if err := deletePayee(ctx, tx, r.ID); err != nil {
		return err
	}
	return s.wind(ctx, r)
}

// pay ends a reward: to the account that was claimed, or over the counter.
func (s *Service) pay(ctx context.Context, tx db.Tx, r *Reward, a Act) error {
	if err := wordy("body.receipt_no", a.ReceiptNo); err != nil {
		return err
	}
	r.Payer, r.PaidFen, r.ReceiptNo, r.Way = actor.From(ctx).ID, r.Fen, strings.TrimSpace(a.ReceiptNo), WayBank
	claimed, err := hasPayee(ctx, tx, r.ID)
	if err != nil || claimed {
		return err
	}
	r.Way = WayPerson
	return s.payInPerson(ctx, tx, r, a)
}

// payInPerson is by the code, to a person with valid papers, before two witnesses.
func (s *Service) payInPerson(ctx context.Context, tx db.Tx, r *Reward, a Act) error {
	if err := s.claimable(r); err != nil {
		return err
	}
	if !r.opens(a.Lookup) {
		return errs.InvalidFields(errs.At("body.lookup", "reward.wrong_code"))
	}
	if err := s.witnessed(ctx, a.Witnesses); err != nil {
		return err
	}
	if err := a.Payee.check(false); err != nil {
		return err
	}
	if err := insertWitnesses(ctx, tx, r.ID, a.Witnesses); err != nil {
		return err
	}
	return s.keepPayee(ctx, tx, r, a.Payee)
}

// witnessed refuses anything but two different known people who are not the payer.
func (s *Service) witnessed(ctx context.Context, ids []string) error {
	names, err := s.Org.PersonNames(ctx, ids)
	if err != nil {
		return err
	}
	if len(ids) != 2 || len(names) != 2 || slices.Contains(ids, actor.From(ctx).ID) {
		return errs.InvalidFields(errs.At("body.witness_ids", "reward.two_witnesses"))
	}
	return nil
}

// AtCounter returns the reward of a query code that can be paid out now, to a cashier. Any
// other code is NotFound.
func (s *Service) AtCounter(ctx context.Context, lookup []byte) (*Reward, error) {
	by := actor.From(ctx)
	if err := requireAny(by, PermPay); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(lookup)
	r, err := byClaim(ctx, s.DB.Read(), sum[:])
	if err != nil {
		return nil, err
	}
	if r == nil || r.Status != Notified || s.claimable(r) != nil || !by.May(PermPay, r.Object()) {
		return nil, errs.New(errs.NotFound, "reward.no_claim")
	}
	return r, nil
}

func payeeContext(rewardID string) string { return "reward_payee.sealed/" + rewardID }

func (s *Service) keepPayee(ctx context.Context, tx db.Tx, r *Reward, p Payee) error {
	plain, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return insertPayee(ctx, tx, &payeeRow{RewardID: r.ID, Sealed: s.Box.Seal(plain, payeeContext(r.ID))})
}

// ReadPayee opens the payee data of a reward for a reason. Nobody reads them without a
// trace: the reason and the ledger entry are written first.
func (s *Service) ReadPayee(ctx context.Context, id, reason string) (*Payee, error) {
	if err := wordy("body.reason", reason); err != nil {
		return nil, err
	}
	sealed, err := db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) ([]byte, error) {
		r, err := s.seen(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		by := actor.From(ctx)
		if err := by.Require(PermPay, r.Object()); err != nil {
			return nil, err
		}
		sealed, err := payeeOf(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		look := &Look{ID: s.IDs.New(), RewardID: id, Actor: by.ID, Reason: strings.TrimSpace(reason), At: s.Now()}
		if err := insertLook(ctx, tx, look); err != nil {
			return nil, err
		}
		return sealed, s.Ledger.Record(ctx, tx, r.about(kindPayeeRead.Entry(readFacts{})))
	})
	if err != nil {
		return nil, err
	}
	plain, err := s.Box.Open(sealed, payeeContext(id))
	if err != nil {
		return nil, err
	}
	p := &Payee{}
	return p, json.Unmarshal(plain, p)
}

// Looks lists who read the payee data of a reward and why, to those who approve.
func (s *Service) Looks(ctx context.Context, id string) ([]Look, error) {
	r, err := s.seen(ctx, s.DB.Read(), id)
	if err != nil {
		return nil, err
	}
	if err := actor.From(ctx).Require(PermApprove, r.Object()); err != nil {
		return nil, err
	}
	return looksOf(ctx, s.DB.Read(), id)
}
