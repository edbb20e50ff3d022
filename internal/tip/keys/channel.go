// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"slices"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// OpenChannel makes the office in whose name the actor acts a receiver of tips. Nobody
// can send it one before its first key is confirmed.
func (s *Service) OpenChannel(ctx context.Context, hybrid bool) (*Channel, error) {
	if err := anywhere(ctx); err != nil {
		return nil, err
	}
	return db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (*Channel, error) {
		office, err := s.Org.UnitTx(ctx, tx, actor.From(ctx).Unit)
		if err != nil {
			return nil, err
		}
		if !mayHold(actor.From(ctx), office) {
			return nil, errs.New(errs.Denied, "tipkey.not_an_office")
		}
		c := &Channel{ID: s.IDs.New(), UnitID: office.ID, Hybrid: hybrid, Opened: s.Now()}
		if err := insertChannel(ctx, tx, c); err != nil {
			return nil, err
		}
		c.OfficeName, c.Place = oneLine(office.Name), office.Place
		return c, s.Ledger.Record(ctx, tx, at(kindOpened.Entry(channelFacts{Kind: string(c.Kind())}), "channel:"+c.ID, office))
	})
}

// Channels lists the channels whose offices lie where the actor may hold keys, the own
// one and those below, in the order of opening.
func (s *Service) Channels(ctx context.Context, cursor string, limit int) (page.Of[*Channel], error) {
	scopes, err := org.ScopesOf(ctx, PermHold)
	if err != nil {
		return page.Of[*Channel]{}, err
	}
	var after string
	if err := page.Decode(cursor, &after); err != nil {
		return page.Of[*Channel]{}, err
	}
	var seen []*Channel
	for len(seen) <= limit {
		part, err := s.channelsAfter(ctx, after)
		if err != nil {
			return page.Of[*Channel]{}, err
		}
		for _, c := range part {
			if c.reached(scopes) {
				seen = append(seen, c)
			}
		}
		if len(part) < page.MaxLimit {
			break
		}
		after = part[len(part)-1].ID
	}
	seen = seen[:min(len(seen), limit+1)]
	return page.Cut(seen, limit, func(c *Channel) any { return c.ID }), nil
}

func (c *Channel) reached(scopes []actor.Scope) bool {
	return slices.ContainsFunc(scopes, func(sc actor.Scope) bool { return sc.Reaches(actor.Object{Place: c.Place}) })
}

// channelsAfter returns the next channels, with their offices.
func (s *Service) channelsAfter(ctx context.Context, after string) ([]*Channel, error) {
	all, err := listChannels(ctx, s.DB.Read(), after, page.MaxLimit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.UnitID
	}
	units, err := s.Org.UnitsBy(ctx, s.DB.Read(), org.UnitByID, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		for _, u := range units {
			if u.ID == c.UnitID {
				c.OfficeName, c.Place = oneLine(u.Name), u.Place
			}
		}
	}
	return all, nil
}

// Keyed is a channel with all that its holders see of it.
type Keyed struct {
	Channel
	Origin      string
	Next        int // number of the next generation
	Generations []Generation
	Holdings    []Holding     // without what is sealed
	Sealed      map[int]int64 // how much is sealed to each generation
}

// Keyed returns a channel to those who may hold its keys.
func (s *Service) Keyed(ctx context.Context, channelID string) (*Keyed, error) {
	q := s.DB.Read()
	c, _, err := s.enter(ctx, q, channelID)
	if err != nil {
		return nil, err
	}
	k := &Keyed{Channel: *c}
	if k.Origin, err = s.origin(ctx, q); err != nil {
		return nil, err
	}
	if k.Generations, err = s.Generations(ctx, q, c.ID); err != nil {
		return nil, err
	}
	k.Next = nextOf(k.Generations)
	if k.Sealed, err = s.sealedTo(ctx, q, k.Generations); err != nil {
		return nil, err
	}
	if k.Holdings, err = holdingsOf(ctx, q, c.ID, 0); err != nil {
		return nil, err
	}
	for i := range k.Holdings {
		k.Holdings[i].Wrap, k.Holdings[i].Share = "", ""
	}
	return k, nil
}

// sealedTo counts what is sealed to generations that are open.
func (s *Service) sealedTo(ctx context.Context, q db.Q, all []Generation) (map[int]int64, error) {
	out := map[int]int64{}
	for _, g := range all {
		if !g.open() {
			continue
		}
		n, err := s.Sealed(ctx, q, g.ChannelID, g.N)
		if err != nil {
			return nil, err
		}
		out[g.N] = n
	}
	return out, nil
}

func nextOf(all []Generation) int {
	next := 1
	for _, g := range all {
		next = max(next, g.N+1)
	}
	return next
}
