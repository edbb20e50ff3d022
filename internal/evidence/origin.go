// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

const (
	minReason = 2 // characters
	maxReason = 200
)

// Origin opens where a file says it comes from, for somebody who holds PermOrigin
// at its subject. The reading is in the ledger; the reason, which may name people,
// stays in a table of this package. A file that says nothing of it is NotFound.
func (s *Service) Origin(ctx context.Context, id, reason string) (Origin, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < minReason || n > maxReason {
		return Origin{}, errs.New(errs.Invalid, "evidence.reason_needed", "min", minReason, "max", maxReason)
	}
	e, err := s.view(ctx, id, "")
	if err != nil {
		return Origin{}, err
	}
	at, err := s.locate(ctx, e)
	if err != nil {
		return Origin{}, err
	}
	if err := actor.From(ctx).Require(PermOrigin, at); err != nil {
		return Origin{}, err
	}
	if e.origin == nil {
		return Origin{}, errs.New(errs.NotFound, "evidence.no_origin")
	}
	o, err := s.unsealed(e)
	if err != nil {
		return Origin{}, err
	}
	if err := s.noteReading(ctx, e, at, reason); err != nil { // no reading without its trace
		return Origin{}, err
	}
	return o, nil
}

func (s *Service) locate(ctx context.Context, e *Evidence) (actor.Object, error) {
	if s.Locator == nil {
		return actor.Object{}, errs.New(errs.NotFound, "evidence.not_found")
	}
	return s.Locator.Locate(ctx, e.Subject)
}

func (s *Service) unsealed(e *Evidence) (o Origin, err error) {
	plain, err := s.box.Open(e.origin, originContext(e.ID))
	if err != nil {
		return Origin{}, errs.Wrap(err, errs.Conflict, "evidence.origin_unreadable")
	}
	return o, json.Unmarshal(plain, &o)
}

func (s *Service) noteReading(ctx context.Context, e *Evidence, at actor.Object, reason string) error {
	by := actor.From(ctx)
	entry := kindOriginRead.Entry(originReadFacts{Evidence: e.ID})
	entry.Subject, entry.Place, entry.UnitPath = e.Subject, at.Place, at.UnitPath
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		r := &originReadRow{ID: s.IDs.New(), Item: e.ID, Actor: by.ID, Unit: by.Unit, Reason: reason, At: s.Now()}
		if err := insertOriginRead(ctx, tx, r); err != nil {
			return err
		}
		return s.Ledger.Record(ctx, tx, entry)
	})
}
