// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"fmt"
	"slices"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// Mine is what the actor holds of one generation.
type Mine struct {
	Generation
	Holding Holding
}

// Mine returns what the actor holds of a channel's keys, the newest first. What was
// withdrawn is shown again, to a person with power here, only when nobody else is left
// who holds that key: no tip is lost because everybody left.
func (s *Service) Mine(ctx context.Context, channelID string) ([]Mine, error) {
	if err := s.recent(ctx); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	c, _, err := s.enter(ctx, q, channelID)
	if err != nil {
		return nil, err
	}
	generations, err := s.Generations(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	holdings, err := holdingsOf(ctx, q, c.ID, 0)
	if err != nil {
		return nil, err
	}
	var out []Mine
	for _, g := range generations {
		if !g.open() && !g.waiting(s.Now()) {
			continue
		}
		if h := mineOf(holdings, g.N, actor.From(ctx).ID); h != nil {
			out = append(out, Mine{g, *h})
		}
	}
	return out, nil
}

// mineOf returns a person's holding of generation n if it counts, or nil.
func mineOf(all []Holding, n int, personID string) *Holding {
	var mine *Holding
	live := false
	for i, h := range all {
		if h.N != n {
			continue
		}
		live = live || h.live()
		if h.PersonID == personID {
			mine = &all[i]
		}
	}
	if mine != nil && (mine.live() || !live) {
		return mine
	}
	return nil
}

// HandOver is a key sealed to one more person, with new shares for everybody: shares of
// one set fit together, and only they.
type HandOver struct {
	N         int
	PersonID  string
	KeyID     string
	Wrap      string
	Threshold int
	ShareSet  int       // the set that the new shares replace
	Shares    []Sealing // for all who hold the key from now on, the giver too, and for no others
}

// HandOver lets a person hold a key, or hold it under a new key of their own. Whoever
// gives it holds it, or has recovered it.
func (s *Service) HandOver(ctx context.Context, channelID string, in HandOver) error {
	return s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		c, office, err := s.enterTx(ctx, tx, channelID)
		if err != nil {
			return err
		}
		g, err := generation(ctx, tx, c.ID, in.N)
		if err != nil {
			return err
		}
		if !g.open() || g.ShareSet != in.ShareSet {
			return errs.New(errs.Conflict, "tipkey.stale_generation")
		}
		cause, err := s.mayHandOver(ctx, tx, g)
		if err != nil {
			return err
		}
		if err := s.checkHandOver(ctx, tx, g, office, in); err != nil {
			return err
		}
		if err := s.putShares(ctx, tx, g, in); err != nil {
			return err
		}
		e := kindHandedOver.Entry(holdingFacts{Generation: g.N, Cause: cause})
		return s.Ledger.Record(ctx, tx, at(e, "person:"+in.PersonID, office))
	})
}

// mayHandOver returns why the actor has the key: held or recovered.
func (s *Service) mayHandOver(ctx context.Context, q db.Q, g *Generation) (string, error) {
	all, err := holdingsOf(ctx, q, g.ChannelID, g.N)
	if err != nil {
		return "", err
	}
	if mineOf(all, g.N, actor.From(ctx).ID) != nil {
		return causeHandOver, nil
	}
	fetched, err := hasRecovered(ctx, q, g, actor.From(ctx).ID, s.Now())
	if err != nil {
		return "", err
	}
	if !fetched {
		return "", errs.New(errs.Denied, "tipkey.not_holder")
	}
	return causeRecovery, nil
}

// checkHandOver sees that the person gets the key, and exactly the holders get shares.
func (s *Service) checkHandOver(ctx context.Context, q db.Q, g *Generation, office *org.Unit, in HandOver) error {
	all, err := holdingsOf(ctx, q, g.ChannelID, g.N)
	if err != nil {
		return err
	}
	after := []string{in.PersonID}
	giver := mineOf(all, g.N, actor.From(ctx).ID)
	for i, h := range all {
		if (h.live() || &all[i] == giver) && h.PersonID != in.PersonID {
			after = append(after, h.PersonID)
		}
	}
	if !samePeople(after, in.Shares) {
		return errs.InvalidFields(errs.At("shares", "tipkey.share_for_each"))
	}
	if err := s.checkHolders(ctx, q, office, "shares", in.Shares, in.Threshold); err != nil {
		return err
	}
	i := slices.IndexFunc(in.Shares, func(h Sealing) bool { return h.PersonID == in.PersonID })
	if in.Shares[i].KeyID != in.KeyID {
		return errs.InvalidFields(errs.At(fmt.Sprintf("shares[%d]", i), "tipkey.not_their_key"))
	}
	return checkSealed("wrap", in.Wrap, byPersonKey)
}

func samePeople(people []string, all []Sealing) bool {
	got := make([]string, len(all))
	for i, h := range all {
		got[i] = h.PersonID
	}
	slices.Sort(people)
	slices.Sort(got)
	return slices.Equal(people, got)
}

// putShares writes the next set of shares and the person's wrap.
func (s *Service) putShares(ctx context.Context, tx db.Tx, g *Generation, in HandOver) error {
	if err := nextShareSet(ctx, tx, g, in.Threshold); err != nil {
		return err
	}
	for _, h := range in.Shares {
		if h.PersonID == in.PersonID {
			continue
		}
		if err := saveShare(ctx, tx, g, h); err != nil {
			return err
		}
	}
	i := slices.IndexFunc(in.Shares, func(h Sealing) bool { return h.PersonID == in.PersonID })
	return putHolding(ctx, tx, &Holding{ChannelID: g.ChannelID, N: g.N, PersonID: in.PersonID, KeyID: in.KeyID, Wrap: in.Wrap,
		ShareKey: in.KeyID, Share: in.Shares[i].Share, ShareSet: g.ShareSet, Made: s.Now(), MadeBy: actor.From(ctx).ID})
}

// GiveUp ends what the actor holds of all keys of a channel; enough others must remain.
// Nobody can take away what another person holds: that ends with their power.
func (s *Service) GiveUp(ctx context.Context, channelID, personID string) error {
	return s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		c, office, err := s.enterTx(ctx, tx, channelID)
		if err != nil {
			return err
		}
		if personID != actor.From(ctx).ID {
			return errs.New(errs.Denied, "tipkey.not_yours")
		}
		all, err := holdingsOf(ctx, tx, c.ID, 0)
		if err != nil {
			return err
		}
		mine := slices.DeleteFunc(slices.Clone(all), func(h Holding) bool { return h.PersonID != personID || !h.live() })
		if len(mine) == 0 {
			return errs.New(errs.Denied, "tipkey.not_holder")
		}
		if err := enoughRemain(ctx, tx, all, mine); err != nil {
			return err
		}
		return s.withdraw(ctx, tx, office, causeGivenUp, mine...)
	})
}

// enoughRemain refuses when a key would be left with fewer people than give it back.
func enoughRemain(ctx context.Context, q db.Q, all, mine []Holding) error {
	for _, h := range mine {
		g, err := generation(ctx, q, h.ChannelID, h.N)
		if err != nil {
			return err
		}
		rest := 0
		for _, o := range all {
			if o.N == h.N && o.live() && o.PersonID != h.PersonID && o.ShareSet == g.ShareSet {
				rest++
			}
		}
		if rest < g.Threshold {
			return errs.New(errs.Conflict, "tipkey.too_few_remain", "need", g.Threshold)
		}
	}
	return nil
}
