// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"

	"anlan/internal/evidence"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/seal"
)

// How reports that come at once share their transaction. On PostgreSQL one worker can
// prepare while another waits for the disk; SQLite has one writer anyway.
const (
	maxArrivals   = 256
	intakeWorkers = 2
)

// arrival is one report on its way into the database.
type arrival struct {
	h         *Hazard
	by        actor.Actor
	entry     ledger.Entry // made before the writer's turn: its time is everybody's
	code      string
	placeName string
	refs      []evidence.Ref
	seals     []sealed
	first     *Hazard // the report that this one repeats, or nil
}

func (a *arrival) sealIn(box *seal.Box, r *Report) error {
	add := func(what string, v any) {
		a.seals = append(a.seals, sealed{HazardID: a.h.ID, What: what, Box: box.Seal(mustJSON(v), sealContext(what, a.h.ID))})
	}
	if r.Contact != nil && (r.Contact.Name != "" || r.Contact.Phone != "") {
		add(sealedContact, r.Contact)
	}
	if r.Position != nil {
		add(sealedPosition, r.Position)
	}
	return nil
}

func (a *arrival) receipt() *Receipt {
	h := a.h
	if a.first != nil {
		h = a.first
	}
	return &Receipt{ID: h.ID, No: h.No(), Code: a.code, Status: Reported, PlaceName: a.placeName}
}

// take stores a together with what else arrives now. A report with evidence goes alone:
// evidence that cannot be attached refuses it, and must not refuse its neighbours.
func (s *Service) take(ctx context.Context, a *arrival) error {
	if len(a.refs) == 0 {
		return s.intake.Submit(ctx, a)
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := s.insertArrivals(ctx, tx, []*arrival{a}); err != nil || a.first != nil {
			return err
		}
		return s.Evidence.AttachTx(ctx, tx, a.h.exhibit(), "report", a.refs)
	})
}

// arrive stores many reports in one transaction.
func (s *Service) arrive(ctx context.Context, as []*arrival) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return s.insertArrivals(ctx, tx, as) })
}

// insertArrivals adds the reports that are new, with their ledger entries. Of those that
// repeat an earlier one it finds the first. The history of a hazard begins with its first
// step: the report itself is the row.
func (s *Service) insertArrivals(ctx context.Context, tx db.Tx, as []*arrival) error {
	if err := insertHazards(ctx, tx, as); err != nil {
		return err
	}
	var entries []ledger.Entry
	var seals []sealed
	for _, a := range as {
		a.first = nil
		if a.h.Seq == 0 {
			first, err := byCode(ctx, tx, a.h.CodeHash)
			if err != nil {
				return err
			}
			a.first = first
			continue
		}
		entries = append(entries, a.entry)
		seals = append(seals, a.seals...)
	}
	if err := insertSealed(ctx, tx, seals); err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, entries...)
}

// reported is the ledger entry of h's arrival.
func reported(h *Hazard) ledger.Entry {
	e := kindReported.Entry(reportedFacts{Source: h.Source, Class: h.Class, Channel: h.Channel, Danger: h.Danger,
		Internal: h.Internal, Lines: spaced(h.Lines)})
	e.Actor, e.ActorUnit, e.Channel = h.Reporter, h.FromUnit, h.Channel
	e.Quantities = []quantity.Quantity{quantity.Of(1, quantity.Items)}
	e.Happened = h.Created
	return h.about(e)
}
