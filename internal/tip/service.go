// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"embed"
	"io/fs"

	"anlan/internal/hazard"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/id"
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
	Box    *seal.Box // signs permits and makes decoys; it opens no tip
	Blobs  blob.Store
	Org    *org.Service
	Rules  *rules.Service
	Keys   Channels
	Log    *transparency.Service
	Hazard *hazard.Service
}

// Service is what the rest of Anlan may ask of this package.
type Service struct{ Config }

// New returns a Service.
func New(cfg Config) *Service { return &Service{cfg} }

// Tip returns a tip that the actor may see, by id or by number; else NotFound.
func (s *Service) Tip(ctx context.Context, idOrNo string) (*Tip, error) {
	t, err := byIDOrNo(ctx, s.DB.Read(), idOrNo)
	if err != nil {
		return nil, err
	}
	if !t.readableBy(actor.From(ctx)) {
		return nil, notFound()
	}
	return t, nil
}

// Timeline returns the steps of a tip, the first one first.
func (s *Service) Timeline(ctx context.Context, t *Tip) ([]Moved, error) {
	return historyOf(ctx, s.DB.Read(), t.ID)
}
