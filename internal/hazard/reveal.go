// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"encoding/json"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// Revealed is what was sealed about a reporter.
type Revealed struct {
	Contact  *Contact
	Position *Position
}

// HasSealed reports whether a contact or a position came with h.
func (s *Service) HasSealed(ctx context.Context, h *Hazard) (bool, error) {
	return hasSealed(ctx, s.DB.Read(), h.ID)
}

// Reveal opens the sealed contact and position of a report for a reason, and records in the
// ledger that it was done. It needs person.reveal over the hazard.
func (s *Service) Reveal(ctx context.Context, idOrNo, reason string) (*Revealed, error) {
	h, err := s.Hazard(ctx, idOrNo)
	if err != nil {
		return nil, err
	}
	if err := actor.From(ctx).Require(PermReveal, h.Object()); err != nil {
		return nil, err
	}
	if !within(reason, 2, maxWords) {
		return nil, errs.InvalidFields(errs.At("body.reason", "hazard.needs_words"))
	}
	return s.reveal(ctx, h, reason)
}

// reveal opens what was sealed with h. Nobody reads it without a trace: the reason and the
// ledger entry are written first, in a transaction that must succeed.
func (s *Service) reveal(ctx context.Context, h *Hazard, reason string) (*Revealed, error) {
	seals, err := sealedOf(ctx, s.DB.Read(), h.ID)
	if err != nil {
		return nil, err
	}
	by := actor.From(ctx)
	err = s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, sealed := range seals {
			look := look{ID: s.IDs.New(), HazardID: h.ID, What: sealed.What, Actor: by.ID, Reason: reason, At: s.Now()}
			if err := insertLook(ctx, tx, &look); err != nil {
				return err
			}
			if err := s.Ledger.Record(ctx, tx, h.about(kindRevealed.Entry(revealedFacts{What: sealed.What}))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.open(seals)
}

func (s *Service) open(seals []sealed) (*Revealed, error) {
	out := &Revealed{}
	for _, sealed := range seals {
		plain, err := s.Box.Open(sealed.Box, sealContext(sealed.What, sealed.HazardID))
		if err != nil {
			return nil, err
		}
		var into any = &out.Contact
		if sealed.What == sealedPosition {
			into = &out.Position
		}
		if err := json.Unmarshal(plain, into); err != nil {
			return nil, err
		}
	}
	return out, nil
}
