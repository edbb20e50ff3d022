// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"embed"
	"io/fs"
	"strings"

	"anlan/internal/campaign"
	"anlan/internal/evidence"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/memo"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/platform/seal"
	"anlan/internal/rules"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema, that of hazard/desk included.
func Migrations() fs.FS { return migrations }

// Config is what a Service is made of.
type Config struct {
	DB       *db.DB
	Ledger   *ledger.Ledger
	Now      clock.Clock
	IDs      *id.Source
	Box      *seal.Box // seals contacts and positions, and derives query codes
	Org      *org.Service
	Rules    *rules.Service
	Evidence *evidence.Service
	Campaign *campaign.Service
}

// Service is what the rest of Anlan may ask of this package.
type Service struct {
	Config
	intake *db.Batch[*arrival]
	places *memo.Memo[place.Path, placeInfo]
	units  *memo.Memo[string, *org.Unit] // by QR code
}

// New returns a Service. Close it before the database.
func New(cfg Config) *Service {
	s := &Service{Config: cfg, places: memo.New[place.Path, placeInfo](cfg.Now), units: memo.New[string, *org.Unit](cfg.Now)}
	s.intake = db.NewBatch(maxArrivals, intakeWorkers, s.arrive)
	return s
}

// Close finishes the reports that are under way.
func (s *Service) Close() { s.intake.Close() }

// Hazard returns a hazard that the actor may see, by id or by number; else NotFound.
func (s *Service) Hazard(ctx context.Context, idOrNo string) (*Hazard, error) {
	h, err := s.find(ctx, s.DB.Read(), idOrNo)
	if err != nil {
		return nil, err
	}
	if !h.readableBy(actor.From(ctx)) {
		return nil, notFound()
	}
	return h, nil
}

// find returns a hazard without asking who looks.
func (s *Service) find(ctx context.Context, q db.Q, idOrNo string) (*Hazard, error) {
	if seq, ok := SeqOf(idOrNo); ok {
		h, err := bySeq(ctx, q, seq)
		if err == nil && !strings.EqualFold(h.No(), strings.TrimSpace(idOrNo)) {
			return nil, notFound() // right serial, wrong day: mistyped
		}
		return h, err
	}
	return byID(ctx, q, idOrNo)
}

// Parts returns the order, the governance plan and the receipts of h.
func (s *Service) Parts(ctx context.Context, h *Hazard) (Parts, error) {
	return partsOf(ctx, s.DB.Read(), h)
}

// Timeline returns what happened to h, the report first.
func (s *Service) Timeline(ctx context.Context, h *Hazard) ([]Moved, error) {
	moves, err := historyOf(ctx, s.DB.Read(), h.ID)
	reported := Moved{HazardID: h.ID, Version: 1, At: h.Created, Action: reportAction, To: Reported, Actor: h.Reporter, ActorUnit: h.FromUnit}
	return append([]Moved{reported}, moves...), err
}

// reportAction stands in a timeline for the report, which is no step.
const reportAction Action = "report"

func notFound() error { return errs.New(errs.NotFound, "hazard.not_found") }

// MayView returns nil when the actor may see the hazard that subject names
// ("hazard:<id>"); else NotFound. It is how evidence asks who may look at it.
func (s *Service) MayView(ctx context.Context, subject string) error {
	hazardID, ok := strings.CutPrefix(subject, subjectPrefix)
	if !ok {
		return notFound()
	}
	_, err := s.Hazard(ctx, hazardID)
	return err
}

// Locate returns where the hazard that subject names lies, for the permissions of others.
func (s *Service) Locate(ctx context.Context, subject string) (actor.Object, error) {
	hazardID, ok := strings.CutPrefix(subject, subjectPrefix)
	if !ok {
		return actor.Object{}, notFound()
	}
	h, err := byID(ctx, s.DB.Read(), hazardID)
	if err != nil {
		return actor.Object{}, err
	}
	return h.Object(), nil
}
