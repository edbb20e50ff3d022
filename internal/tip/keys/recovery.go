// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// Ask begins the recovery of a key: the actor, who may hold it and lacks it, asks the
// holders to seal their shares to a recipient made for this alone. It lasts CeremonyLife.
func (s *Service) Ask(ctx context.Context, channelID string, n int, reason, recipient string) (*Recovery, error) {
	reason = strings.TrimSpace(reason)
	if count := utf8.RuneCountInString(reason); count < 2 || count > maxReason {
		return nil, errs.InvalidFields(errs.At("reason", "tipkey.bad_reason", "max", maxReason))
	}
	if kindOf(recipient) == "" {
		return nil, errs.InvalidFields(errs.At("recipient", "tipkey.bad_recipient"))
	}
	return changeV(ctx, s, func(ctx context.Context, tx db.Tx) (*Recovery, error) {
		c, office, err := s.enterTx(ctx, tx, channelID)
		if err != nil {
			return nil, err
		}
		g, err := generation(ctx, tx, c.ID, n)
		if err != nil {
			return nil, err
		}
		if !g.open() {
			return nil, errs.New(errs.Conflict, "tipkey.stale_generation")
		}
		if err := s.mayAsk(ctx, tx, g, recipient); err != nil {
			return nil, err
		}
		r := &Recovery{ID: s.IDs.New(), ChannelID: c.ID, N: n, ShareSet: g.ShareSet, Threshold: g.Threshold, Asker: actor.From(ctx).ID,
			Reason: reason, Recipient: recipient, Asked: s.Now(), Expires: s.Now().Add(CeremonyLife)}
		if err := insertRecovery(ctx, tx, r); err != nil {
			return nil, err
		}
		return r, s.Ledger.Record(ctx, tx, r.entry(kindAsked, office))
	})
}

// mayAsk refuses a second recovery of the same person, one that too few could help with,
// and a recipient that is not made for it.
func (s *Service) mayAsk(ctx context.Context, q db.Q, g *Generation, recipient string) error {
	open, err := recoveriesOf(ctx, q, g.ChannelID, s.Now())
	if err != nil {
		return err
	}
	me := actor.From(ctx).ID
	if slices.ContainsFunc(open, func(r Recovery) bool { return r.Asker == me && r.N == g.N && r.ShareSet == g.ShareSet }) {
		return errs.New(errs.Conflict, "tipkey.recovery_open")
	}
	if used, err := recipientUsed(ctx, q, recipient); used || err != nil {
		return orElse(err, errs.New(errs.Conflict, "tipkey.recipient_used"))
	}
	all, err := holdingsOf(ctx, q, g.ChannelID, g.N)
	if err != nil {
		return err
	}
	others := 0
	for _, h := range all {
		if h.live() && h.ShareSet == g.ShareSet && h.PersonID != me {
			others++
		}
	}
	if others < g.Threshold {
		return errs.New(errs.Conflict, "tipkey.too_few_shares", "have", others, "need", g.Threshold)
	}
	return nil
}

// Recoveries lists the recoveries of a channel that are under way, and who has given a
// share, to those who may hold its keys.
func (s *Service) Recoveries(ctx context.Context, channelID string) ([]Recovery, error) {
	q := s.DB.Read()
	c, _, err := s.enter(ctx, q, channelID)
	if err != nil {
		return nil, err
	}
	all, err := recoveriesOf(ctx, q, c.ID, s.Now())
	for i := range all {
		for j := range all[i].Given {
			all[i].Given[j].Share = ""
		}
	}
	return all, err
}

// Give adds the actor's share to a recovery that another person asked for.
func (s *Service) Give(ctx context.Context, channelID, recoveryID, share string) error {
	return s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		r, g, office, err := s.recovery(ctx, tx, channelID, recoveryID)
		if err != nil {
			return err
		}
		me := actor.From(ctx).ID
		if r.Asker == me {
			return errs.New(errs.Denied, "tipkey.same_person")
		}
		h, err := held(ctx, tx, g)
		if err != nil {
			return err
		}
		if h.ShareSet != r.ShareSet {
			return errs.New(errs.Conflict, "tipkey.stale_generation")
		}
		if err := checkSealed("share", share, byPersonKey, byHybridKey); err != nil {
			return err
		}
		given := Given{RecoveryID: r.ID, PersonID: me, Share: share, At: s.Now()}
		if err := insertGiven(ctx, tx, &given); err != nil {
			return err
		}
		r.Given = append(r.Given, given)
		return s.Ledger.Record(ctx, tx, r.entry(kindGiven, office))
	})
}

// Shares gives the asker of a recovery the shares, once there are enough.
func (s *Service) Shares(ctx context.Context, channelID, recoveryID string) ([]Given, error) {
	return changeV(ctx, s, func(ctx context.Context, tx db.Tx) ([]Given, error) {
		r, _, office, err := s.recovery(ctx, tx, channelID, recoveryID)
		if err != nil {
			return nil, err
		}
		if r.Asker != actor.From(ctx).ID {
			return nil, errs.New(errs.Denied, "tipkey.not_yours")
		}
		if !r.complete() {
			return nil, errs.New(errs.Conflict, "tipkey.shares_missing", "have", len(r.Given), "need", r.Threshold)
		}
		if err := fetchRecovery(ctx, tx, r.ID, s.Now()); err != nil {
			return nil, err
		}
		return r.Given, s.Ledger.Record(ctx, tx, r.entry(kindRecovered, office))
	})
}

// recovery returns one that is under way, with its generation as it was asked about.
func (s *Service) recovery(ctx context.Context, q db.Q, channelID, id string) (*Recovery, *Generation, *org.Unit, error) {
	c, office, err := s.enter(ctx, q, channelID)
	if err != nil {
		return nil, nil, nil, err
	}
	r, err := recoveryBy(ctx, q, c.ID, id)
	if err != nil {
		return nil, nil, nil, err
	}
	g, err := generation(ctx, q, c.ID, r.N)
	switch {
	case err != nil:
		return nil, nil, nil, err
	case !s.Now().Before(r.Expires):
		return nil, nil, nil, errs.New(errs.Conflict, "tipkey.recovery_expired")
	case !g.open() || g.ShareSet != r.ShareSet:
		return nil, nil, nil, errs.New(errs.Conflict, "tipkey.stale_generation")
	}
	return r, g, office, nil
}
