// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"fmt"
	"slices"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// fromSlack is how far the time in a statement may lie from the server's.
const fromSlack = 15 * time.Minute

// Sealing is what one holder gets: sealed to the key of theirs with the given id.
type Sealing struct {
	PersonID string
	KeyID    string
	Wrap     string // the key itself
	Share    string // one of the shares, of which a threshold gives the key back
}

// Proposal is a new key of a channel, made in the browser of one of its holders.
type Proposal struct {
	N         int // the next number
	From      time.Time
	Recipient string
	Text      string // the statement, which the server could write as well
	Signature string // the maker's, of Text
	Threshold int
	Holders   []Sealing
}

// Propose begins the ceremony of a channel's next key. The maker is one of the holders;
// another of them has CeremonyLife to confirm it.
func (s *Service) Propose(ctx context.Context, channelID string, p Proposal) (*Generation, error) {
	return changeV(ctx, s, func(ctx context.Context, tx db.Tx) (*Generation, error) {
		c, office, err := s.enterTx(ctx, tx, channelID)
		if err != nil {
			return nil, err
		}
		own, err := s.listedKey(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		if err := s.makeRoom(ctx, tx, c, office, p.N); err != nil {
			return nil, err
		}
		g, err := s.proposed(ctx, tx, c, own, p)
		if err != nil {
			return nil, err
		}
		if err := s.checkSealings(ctx, tx, office, p); err != nil {
			return nil, err
		}
		if err := insertGeneration(ctx, tx, g, holdingsFor(g, p.Holders)); err != nil {
			return nil, err
		}
		return g, s.Ledger.Record(ctx, tx, g.entry(kindProposed, len(p.Holders), office))
	})
}

// listedKey returns the actor's key if the list of signers names it for c: what others
// sign, no phone believes.
func (s *Service) listedKey(ctx context.Context, q db.Q, c *Channel) (*PersonKey, error) {
	own, err := myKey(ctx, q)
	if err != nil {
		return nil, err
	}
	return own, s.isListed(ctx, q, c, own.Signer)
}

func (s *Service) isListed(ctx context.Context, q db.Q, c *Channel, signer string) error {
	listed, err := s.listedSigners(ctx, q)
	if err == nil && !slices.Contains(listed, Signer{signer, c.ID}) {
		return errs.New(errs.Conflict, "tipkey.not_listed")
	}
	return err
}

// makeRoom checks the number and drops a proposal that nobody confirmed in time.
func (s *Service) makeRoom(ctx context.Context, tx db.Tx, c *Channel, office *org.Unit, n int) error {
	all, err := generationsOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].waiting(s.Now()) {
			return errs.New(errs.Conflict, "tipkey.ceremony_open")
		}
		if all[i].State == Pending {
			if err := s.drop(ctx, tx, &all[i], office, causeExpired); err != nil {
				return err
			}
		}
	}
	if n != nextOf(all) {
		return errs.New(errs.Conflict, "tipkey.stale_generation")
	}
	return nil
}

// proposed makes the generation of p, if its statement says what it must.
func (s *Service) proposed(ctx context.Context, q db.Q, c *Channel, own *PersonKey, p Proposal) (*Generation, error) {
	now := s.Now()
	if off := p.From.Sub(now); off.Abs() > fromSlack {
		return nil, errs.InvalidFields(errs.At("from", "tipkey.bad_from"))
	}
	if kindOf(p.Recipient) != c.Kind() {
		return nil, errs.InvalidFields(errs.At("recipient", "tipkey.bad_recipient"))
	}
	if used, err := recipientUsed(ctx, q, p.Recipient); used || err != nil {
		return nil, orElse(err, errs.New(errs.Conflict, "tipkey.recipient_used"))
	}
	origin, err := s.origin(ctx, q)
	if err != nil {
		return nil, err
	}
	text := statement{origin, c.ID, c.OfficeName, p.N, c.Kind(), p.Recipient, p.From}.text()
	if p.Text != text {
		return nil, errs.InvalidFields(errs.At("statement", "tipkey.statement_differs"))
	}
	if !verifies(text, own.Signer, p.Signature) {
		return nil, errs.InvalidFields(errs.At("signature", "tipkey.bad_signature"))
	}
	return &Generation{ChannelID: c.ID, N: p.N, State: Pending, Kind: c.Kind(), Recipient: p.Recipient, Threshold: p.Threshold, ShareSet: 1,
		Text: text, Maker: own.PersonID, MakerKey: own.ID, MakerSig: p.Signature, Made: now, Expires: now.Add(CeremonyLife)}, nil
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// checkSealings sees that every holder of a proposal got both, and the maker is one.
func (s *Service) checkSealings(ctx context.Context, q db.Q, office *org.Unit, p Proposal) error {
	if err := s.checkHolders(ctx, q, office, "holders", p.Holders, p.Threshold); err != nil {
		return err
	}
	for i, h := range p.Holders {
		if err := checkSealed(fmt.Sprintf("holders[%d].wrap", i), h.Wrap, byPersonKey); err != nil {
			return err
		}
	}
	me := actor.From(ctx).ID
	if !slices.ContainsFunc(p.Holders, func(h Sealing) bool { return h.PersonID == me }) {
		return errs.InvalidFields(errs.At("holders", "tipkey.maker_holds"))
	}
	return nil
}

// checkHolders refuses too few people, the same twice, people who may not hold keys, keys
// that are not theirs and shares that are not sealed.
func (s *Service) checkHolders(ctx context.Context, q db.Q, office *org.Unit, field string, all []Sealing, threshold int) error {
	if len(all) < leastHolders || len(all) > MaxHolders {
		return errs.InvalidFields(errs.At(field, "tipkey.bad_holders", "least", leastHolders, "max", MaxHolders))
	}
	if threshold < leastHolders || threshold > len(all) {
		return errs.InvalidFields(errs.At("threshold", "tipkey.bad_threshold", "least", leastHolders, "max", len(all)))
	}
	people := make([]string, len(all))
	for i, h := range all {
		people[i] = h.PersonID
	}
	own, err := currentKeys(ctx, q, people)
	if err != nil {
		return err
	}
	for i, h := range all {
		where := fmt.Sprintf("%s[%d]", field, i)
		if slices.Contains(people[:i], h.PersonID) {
			return errs.InvalidFields(errs.At(where, "tipkey.holder_twice"))
		}
		if err := s.checkHolder(ctx, office, where, h, own[h.PersonID]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) checkHolder(ctx context.Context, office *org.Unit, where string, h Sealing, own PersonKey) error {
	may, err := s.personMayHold(ctx, h.PersonID, office)
	if err != nil {
		return err
	}
	if !may {
		return errs.InvalidFields(errs.At(where, "tipkey.may_not_hold"))
	}
	if own.ID == "" || own.ID != h.KeyID {
		return errs.InvalidFields(errs.At(where, "tipkey.not_their_key"))
	}
	return checkSealed(where+".share", h.Share, byPersonKey)
}

func holdingsFor(g *Generation, all []Sealing) []Holding {
	out := make([]Holding, len(all))
	for i, h := range all {
		out[i] = Holding{ChannelID: g.ChannelID, N: g.N, PersonID: h.PersonID, KeyID: h.KeyID, Wrap: h.Wrap, ShareKey: h.KeyID,
			Share: h.Share, ShareSet: g.ShareSet, Made: g.Made, MadeBy: g.Maker}
	}
	return out
}

// Confirm ends the ceremony of a key: another holder, whose browser has opened the key and
// compared it with the statement, signs the same statement. From now on phones seal to
// it; the key before stays good to open what is sealed to it.
func (s *Service) Confirm(ctx context.Context, channelID string, n int, signature string) (*Generation, error) {
	return changeV(ctx, s, func(ctx context.Context, tx db.Tx) (*Generation, error) {
		c, office, err := s.enterTx(ctx, tx, channelID)
		if err != nil {
			return nil, err
		}
		g, err := s.waitingFor(ctx, tx, c.ID, n)
		if err != nil {
			return nil, err
		}
		own, err := s.second(ctx, tx, c, office, g)
		if err != nil {
			return nil, err
		}
		if !verifies(g.Text, own.Signer, signature) {
			return nil, errs.InvalidFields(errs.At("signature", "tipkey.bad_signature"))
		}
		g.State, g.Confirmer, g.ConfirmerKey, g.ConfirmerSig, g.Confirmed = Current, own.PersonID, own.ID, signature, s.Now()
		if err := confirmGeneration(ctx, tx, g); err != nil {
			return nil, err
		}
		all, err := holdingsOf(ctx, tx, c.ID, n)
		if err != nil {
			return nil, err
		}
		return g, s.Ledger.Record(ctx, tx, g.entry(kindConfirmed, len(all), office))
	})
}

// waitingFor returns a generation that waits for its second person.
func (s *Service) waitingFor(ctx context.Context, q db.Q, channelID string, n int) (*Generation, error) {
	g, err := generation(ctx, q, channelID, n)
	if err != nil {
		return nil, err
	}
	switch {
	case g.State != Pending:
		return nil, errs.New(errs.Conflict, "tipkey.stale_generation")
	case !g.waiting(s.Now()):
		return nil, errs.New(errs.Conflict, "tipkey.ceremony_expired")
	}
	return g, nil
}

// second returns the listed key of the actor, who may confirm g: one of its holders, not
// its maker, while the maker too may still hold keys under the key that signed.
func (s *Service) second(ctx context.Context, q db.Q, c *Channel, office *org.Unit, g *Generation) (*PersonKey, error) {
	if actor.From(ctx).ID == g.Maker {
		return nil, errs.New(errs.Denied, "tipkey.same_person")
	}
	if _, err := held(ctx, q, g); err != nil {
		return nil, err
	}
	may, err := s.personMayHold(ctx, g.Maker, office)
	if err != nil {
		return nil, err
	}
	maker, err := currentKeys(ctx, q, []string{g.Maker})
	if err != nil {
		return nil, err
	}
	if !may || maker[g.Maker].ID != g.MakerKey {
		return nil, errs.New(errs.Conflict, "tipkey.maker_left")
	}
	own, err := s.listedKey(ctx, q, c)
	if err != nil {
		return nil, err
	}
	return own, s.isListed(ctx, q, c, maker[g.Maker].Signer)
}

// Stop ends a ceremony that is under way without a new key.
func (s *Service) Stop(ctx context.Context, channelID string, n int) error {
	return s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		c, office, err := s.enterTx(ctx, tx, channelID)
		if err != nil {
			return err
		}
		g, err := generation(ctx, tx, c.ID, n)
		if err != nil {
			return err
		}
		if g.State != Pending {
			return errs.New(errs.Conflict, "tipkey.stale_generation")
		}
		return s.drop(ctx, tx, g, office, causeStopped)
	})
}

// drop ends a pending generation; what was sealed of it goes.
func (s *Service) drop(ctx context.Context, tx db.Tx, g *Generation, office *org.Unit, cause string) error {
	if err := endGeneration(ctx, tx, g, Dropped); err != nil {
		return err
	}
	e := kindDropped.Entry(holdingFacts{Generation: g.N, Cause: cause})
	return s.Ledger.Record(ctx, tx, at(e, "channel:"+g.ChannelID, office))
}

// Retire ends a former generation to which nothing is sealed any more: what people hold of
// it goes for good.
func (s *Service) Retire(ctx context.Context, channelID string, n int) error {
	return s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		c, office, err := s.enterTx(ctx, tx, channelID)
		if err != nil {
			return err
		}
		g, err := generation(ctx, tx, c.ID, n)
		if err != nil {
			return err
		}
		if g.State != Former {
			return errs.New(errs.Conflict, "tipkey.stale_generation")
		}
		if err := s.nothingSealed(ctx, tx, g); err != nil {
			return err
		}
		all, err := holdingsOf(ctx, tx, c.ID, n)
		if err != nil {
			return err
		}
		if err := endGeneration(ctx, tx, g, Retired); err != nil {
			return err
		}
		return s.Ledger.Record(ctx, tx, g.entry(kindRetired, len(all), office))
	})
}

func (s *Service) nothingSealed(ctx context.Context, q db.Q, g *Generation) error {
	n, err := s.Sealed(ctx, q, g.ChannelID, g.N)
	if err == nil && n > 0 {
		return errs.New(errs.Conflict, "tipkey.still_sealed", "n", n)
	}
	return err
}
