// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"embed"
	"io/fs"

	"anlan/internal/hazard"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/memo"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/blob"
	"anlan/internal/platform/db"
	"anlan/internal/platform/seal"
	"anlan/internal/rules"
	"anlan/internal/transparency"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

// Config is what a Service is made of.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    clock.Clock
	IDs    *id.Source
	Box    *seal.Box // signs work and permits; it opens no tip
	Blobs  blob.Store
	Org    *org.Service
	Rules  *rules.Service
	Keys   Channels
	Holds  Holders
	Log    *transparency.Service
	Hazard *hazard.Service

	WorkBase int   // hashes that the work before a tip takes at most on a quiet day; 0: DefaultWork
	Quota    int64 // bytes of files that may wait for their tips; 0: DefaultQuota
}

// Service is what the rest of Anlan may ask of this package.
type Service struct {
	Config
	Rewards Rewards // asked for what a tip has earned; may be nil

	intake  *db.Batch[*arrival]
	filed   *db.Batch[*file]
	routes  *memo.Memo[question, *Route]
	toll    *toll
	brought *brought
	loose   loose
	guesses guesses
	walk    orphanWalk
	nobody  string // a mailbox that nobody can open
}

// New returns a Service. Close it before the database.
func New(cfg Config) *Service {
	s := &Service{Config: cfg, routes: memo.New[question, *Route](cfg.Now), toll: newToll(), nobody: nobody(),
		brought: &brought{of: map[[permitNonce]byte]*bringing{}}}
	s.intake = db.NewBatch(maxArrivals, intakeWorkers, s.arrive)
	s.filed = db.NewBatch(maxArrivals, intakeWorkers, s.insertFiled)
	return s
}

// Close finishes the tips that are under way.
func (s *Service) Close() { s.filed.Close(); s.intake.Close() }

// Tip returns a tip that the actor may see, by id or by number; else NotFound.
func (s *Service) Tip(ctx context.Context, idOrNo string) (*Tip, error) {
	t, _, err := s.look(ctx, idOrNo)
	return t, err
}

// look is Tip, with what is known of the one who looks.
func (s *Service) look(ctx context.Context, idOrNo string) (*Tip, standing, error) {
	q := s.DB.Read()
	t, err := byIDOrNo(ctx, q, idOrNo)
	if err != nil {
		return nil, standing{}, err
	}
	st, err := s.standingOf(ctx, q, t)
	if err == nil && !t.readableBy(st) {
		err = notFound()
	}
	return t, st, err
}

// Timeline returns the steps of a tip, the first one first.
func (s *Service) Timeline(ctx context.Context, t *Tip) ([]Moved, error) {
	return historyOf(ctx, s.DB.Read(), t.ID)
}
