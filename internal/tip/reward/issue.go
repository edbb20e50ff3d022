// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"strconv"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/quantity"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

func yearOf(d clock.Day) int {
	n, err := strconv.Atoi(string(d)[:len("2006")])
	if err != nil { // days come from clock
		panic(err)
	}
	return n
}

// keyYear is the year whose keys sign the tokens of r: that of the notice.
func (r *Reward) keyYear() int { return yearOf(clock.DayOf(r.Notified)) }

func keyContext(k *keyRow) string { return "reward_key.sealed/" + k.ID }

// keysFor makes the keys that a notice of today needs, when the office has none of the year.
func (s *Service) keysFor(ctx context.Context, rewardID string) error {
	r, err := s.actedOnNotify(ctx, rewardID)
	if err != nil {
		return err
	}
	year := yearOf(s.today())
	known, err := keysOf(ctx, s.DB.Read(), r.OfficeID, year)
	if err != nil || len(known) == len(Denominations) {
		return err
	}
	office, err := s.Org.Unit(ctx, r.OfficeID)
	if err != nil {
		return err
	}
	return s.makeKeys(ctx, office, year)
}

// actedOnNotify is who may give notice of what; the step itself checks once more.
func (s *Service) actedOnNotify(ctx context.Context, id string) (*Reward, error) {
	r, err := s.seen(ctx, s.DB.Read(), id)
	if err != nil {
		return nil, err
	}
	return r, actor.From(ctx).Require(PermPropose, r.Object())
}

// makeKeys makes the keys of a year, all of them, so that no key stands for one reward.
func (s *Service) makeKeys(ctx context.Context, office *org.Unit, year int) error {
	rows := make([]*keyRow, len(Denominations))
	for i, fen := range Denominations {
		private, err := s.NewKey()
		if err != nil {
			return err
		}
		public, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
		if err != nil {
			return err
		}
		rows[i] = &keyRow{ID: s.IDs.New(), OfficeID: office.ID, Year: year, Fen: fen, Public: public,
			Expires: clock.Day(fmt.Sprintf("%04d-12-31", year+tokenYears))}
		rows[i].Sealed = s.Box.Seal(x509.MarshalPKCS1PrivateKey(private), keyContext(rows[i]))
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		made, err := insertKeys(ctx, tx, rows)
		if err != nil || made == 0 {
			return err
		}
		e := kindKeysMade.Entry(yearFacts{year})
		e.Place, e.Unit, e.UnitPath, e.Subject = office.Place, office.ID, office.GroupPath, "unit:"+office.ID
		return s.Ledger.Record(ctx, tx, e)
	})
}

// Keys returns an office's keys of a year, for everybody: all see the same.
func (s *Service) Keys(ctx context.Context, officeID string, year int) ([]Key, error) {
	rows, err := keysOf(ctx, s.DB.Read(), officeID, year)
	out := make([]Key, len(rows))
	for i := range rows {
		out[i] = rows[i].key()
	}
	return out, err
}

// Issued are the signatures for what was blinded, in the same order.
type Issued struct {
	Signatures [][]byte
	Crowd      int64 // how many other tokens of the rarest denomination here are not spent: among so many is this one hidden
}

// IssueTokens signs blinded messages for the reward of a query code, one for each of its
// pieces. The same request gets the same answer; another one, when it was answered before, is
// a Conflict. A code without a reward that can be claimed is NotFound.
func (s *Service) IssueTokens(ctx context.Context, lookup []byte, blinded [][]byte) (*Issued, error) {
	ctx = anonymous(ctx)
	hash, request := sha256.Sum256(lookup), sha256.Sum256(bytes.Join(blinded, nil))
	r, err := byClaim(ctx, s.DB.Read(), hash[:])
	if err != nil {
		return nil, err
	}
	again := r != nil && r.Status == Tokens
	if r == nil || !again && (r.Status != Notified || s.claimable(r) != nil) {
		return nil, errs.New(errs.NotFound, "reward.no_claim")
	}
	if again && !bytes.Equal(r.BlindHash, request[:]) {
		return nil, errs.New(errs.Conflict, "reward.tokens_issued")
	}
	out, err := s.sign(ctx, r, blinded)
	if err != nil || again {
		return out, err
	}
	r.BlindHash = request[:]
	return out, s.settle(ctx, r)
}

// sign signs with the key of each piece. It is outside the transaction, because it takes long;
// nothing is handed out unless settle succeeds.
func (s *Service) sign(ctx context.Context, r *Reward, blinded [][]byte) (*Issued, error) {
	pieces := Pieces(r.Fen)
	if len(pieces) == 0 || len(pieces) != len(blinded) || len(pieces) > mostPieces {
		return nil, errs.New(errs.Invalid, "reward.bad_pieces", "n", len(pieces))
	}
	keys, err := keysOf(ctx, s.DB.Read(), r.OfficeID, r.keyYear())
	if err != nil {
		return nil, err
	}
	out := &Issued{Crowd: -1}
	for i, fen := range pieces {
		k := keyFor(keys, fen)
		if k == nil {
			return nil, errs.New(errs.Internal, "internal")
		}
		private, err := s.Box.Open(k.Sealed, keyContext(k))
		if err != nil {
			return nil, err
		}
		signature, err := signBlinded(private, blinded[i])
		if err != nil {
			return nil, err
		}
		out.Signatures = append(out.Signatures, signature)
		if others := k.Issued - k.Spent; out.Crowd < 0 || others < out.Crowd {
			out.Crowd = others
		}
	}
	return out, nil
}

func keyFor(keys []keyRow, fen int64) *keyRow {
	for i := range keys {
		if keys[i].Fen == fen {
			return &keys[i]
		}
	}
	return nil
}

// settle ends r as far as its tip is concerned, and gives what no token pays back to the budget.
func (s *Service) settle(ctx context.Context, r *Reward) error {
	pieces := Pieces(r.Fen)
	r.Way, r.PaidFen = WayToken, sum(pieces)
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		from, err := r.to(Issue)
		if err != nil {
			return err
		}
		if err := release(ctx, tx, r.OfficeID, r.Year, r.Fen-r.PaidFen); err != nil {
			return err
		}
		for _, fen := range pieces {
			if err := countIssued(ctx, tx, r.OfficeID, r.keyYear(), fen); err != nil {
				return err
			}
		}
		e := r.moved(from, Issue)
		e.Coarse = true
		return s.keep(ctx, tx, r, e)
	})
}

// Spending is tokens that were handed to a cashier.
type Spending struct {
	Tokens    []Token
	Witnesses []string
}

// Spend pays tokens out, all or none, and returns what they come to. The actor pays for the
// office of every key and has no other part in rewards there: with tokens nobody can tell
// whose proposal it was. A token is paid once.
func (s *Service) Spend(ctx context.Context, sp Spending) (int64, error) {
	if err := requireAny(actor.From(ctx), PermPay); err != nil {
		return 0, err
	}
	if len(sp.Tokens) == 0 || len(sp.Tokens) > mostPieces {
		return 0, errs.New(errs.Invalid, "reward.bad_pieces", "n", mostPieces)
	}
	if err := s.witnessed(ctx, sp.Witnesses); err != nil {
		return 0, err
	}
	return db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (total int64, err error) {
		for _, t := range sp.Tokens {
			fen, err := s.spend(ctx, tx, t)
			if err != nil {
				return 0, err
			}
			total += fen
		}
		return total, nil
	})
}

func (s *Service) spend(ctx context.Context, tx db.Tx, t Token) (int64, error) {
	row, err := keyByID(ctx, tx, t.KeyID)
	if err != nil {
		return 0, err
	}
	k := row.key()
	office, err := s.Org.UnitTx(ctx, tx, k.OfficeID)
	if err != nil {
		return 0, err
	}
	if err := mayCash(actor.From(ctx), office.Object()); err != nil {
		return 0, err
	}
	if s.today() > k.Expires {
		return 0, errs.New(errs.Conflict, "reward.token_expired", "last_day", k.Expires)
	}
	if err := k.verify(t); err != nil {
		return 0, err
	}
	hash := sha256.Sum256(t.Message)
	if err := insertSpent(ctx, tx, hash[:], k.ID); db.IsUnique(err) {
		return 0, errs.New(errs.Conflict, "reward.token_spent")
	} else if err != nil {
		return 0, err
	}
	e := kindTokenPaid.Entry(yearFacts{k.Year})
	e.Place, e.Unit, e.UnitPath, e.Subject = office.Place, office.ID, office.GroupPath, "unit:"+office.ID
	e.Quantities, e.Coarse = []quantity.Quantity{quantity.Of(k.Fen, quantity.Fen)}, true
	return k.Fen, s.Ledger.Record(ctx, tx, e)
}

// mayCash refuses who does not pay at o, or proposes or approves there too.
func mayCash(by actor.Actor, o actor.Object) error {
	if err := by.Require(PermPay, o); err != nil {
		return err
	}
	if by.May(PermPropose, o) || by.May(PermApprove, o) {
		return errs.New(errs.Denied, "reward.cashier_only")
	}
	return nil
}
