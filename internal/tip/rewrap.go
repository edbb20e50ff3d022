// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"fmt"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/quantity"
	"anlan/internal/platform/db"
)

// maxRewrapped is how many envelopes one request may bring.
const maxRewrapped = 100

// Wrapped is the envelope of a tip: its case key, sealed to a channel's key.
type Wrapped struct {
	TipID    string
	Envelope []byte
}

// Rewrapped is an envelope that a holder's browser sealed anew.
type Rewrapped = Wrapped

// holder refuses who does not hold a generation of a channel's key.
func (s *Service) holder(ctx context.Context, channelID string, generation int) error {
	if by := actor.From(ctx); by.Public() || !s.Holds.MayOpen(ctx, by, channelID, generation) {
		return errs.New(errs.Denied, "tip.no_key")
	}
	return nil
}

// Envelopes returns a page of the envelopes that are sealed to a generation, to those who
// hold it. An envelope opens nothing by itself: what it is the key to is handed out for a
// reason only.
func (s *Service) Envelopes(ctx context.Context, channelID string, generation int, cursor string, limit int) (page.Of[Wrapped], error) {
	var none page.Of[Wrapped]
	if err := s.holder(ctx, channelID, generation); err != nil {
		return none, err
	}
	var after int64
	if err := page.Decode(cursor, &after); err != nil {
		return none, err
	}
	rows, err := envelopesOf(ctx, s.DB.Read(), channelID, generation, after, limit+1)
	if err != nil {
		return none, err
	}
	cut := page.Cut(rows, limit, func(w wrapped) any { return w.Seq })
	out := page.Of[Wrapped]{Items: make([]Wrapped, len(cut.Items)), Next: cut.Next}
	for i, w := range cut.Items {
		out.Items[i] = Wrapped{w.ID, w.Envelope}
	}
	return out, nil
}

// Envelope returns the envelope of one tip, for its transfer or its hand-over, to those of
// the office who hold its key.
func (s *Service) Envelope(ctx context.Context, idOrNo string) (*Wrapped, error) {
	t, st, err := s.look(ctx, idOrNo)
	if err != nil {
		return nil, err
	}
	if !st.by.May(PermHandle, t.Object()) && st.by.Unit != t.Concluded {
		return nil, errs.New(errs.Denied, "tip.only_desk")
	}
	if err := s.holder(ctx, t.Channel, t.Generation); err != nil {
		return nil, err
	}
	sealed, err := sealedOf(ctx, s.DB.Read(), t.ID)
	return &Wrapped{t.ID, sealed.Envelope}, err
}

// Rewrap takes envelopes that a holder of the old generation sealed to the current one of the
// same channel, and returns how many it put in place. One whose tip has moved on is passed
// over, so a batch may be sent again.
func (s *Service) Rewrap(ctx context.Context, channelID string, from, to int, all []Rewrapped) (int, error) {
	if err := s.holder(ctx, channelID, from); err != nil {
		return 0, err
	}
	if err := checkRewrapped(all); err != nil {
		return 0, err
	}
	c, err := s.Keys.Channel(ctx, s.DB.Read(), channelID)
	if err != nil {
		return 0, err
	}
	if c.Generation != to || from >= to {
		return 0, errStale()
	}
	return db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (int, error) { return s.rewrapTx(ctx, tx, c, from, all) })
}

func (s *Service) rewrapTx(ctx context.Context, tx db.Tx, c *Channel, from int, all []Rewrapped) (int, error) {
	done := 0
	for _, w := range all {
		ok, err := rewrap(ctx, tx, c.ID, from, c.Generation, w)
		if err != nil {
			return 0, err
		}
		if ok {
			done++
		}
	}
	if done == 0 {
		return 0, nil
	}
	e := kindRewrapped.Entry(rewrappedFacts{From: from, To: c.Generation})
	e.Place, e.Unit, e.Subject = c.Place, c.Office, "channel:"+c.ID
	e.Quantities = []quantity.Quantity{quantity.Of(int64(done), quantity.Items)}
	return done, s.Ledger.Record(ctx, tx, e)
}

func checkRewrapped(all []Rewrapped) error {
	if len(all) == 0 || len(all) > maxRewrapped {
		return errs.InvalidFields(errs.At("body.envelopes", "tip.batch_size", "max", maxRewrapped))
	}
	for i, w := range all {
		if bad := checkEnvelope(fmt.Sprintf("body.envelopes[%d].envelope", i), w.Envelope); bad != nil {
			return errs.InvalidFields(bad...)
		}
	}
	return nil
}

// SealedTo counts the tips that are sealed to a generation of a channel's key. Once it is
// none, a former generation may be retired.
func (s *Service) SealedTo(ctx context.Context, q db.Q, channelID string, generation int) (int64, error) {
	return sealedTo(ctx, q, channelID, generation)
}
