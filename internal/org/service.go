// SPDX-License-Identifier: Apache-2.0

// Package org knows the places, the units and the people: the division tree with
// its history, functional zones, every body that takes part, three command trees
// over the same bodies, who works where, and who may do what.
//
// region.go, unit.go, person.go, roles.go, uscc.go and industry.go hold types and
// rules; regions.go, units.go, people.go and grants.go are the service's parts, bulk*.go
// what roster writes many with; store_*.go alone speak SQL, http_*.go alone speak HTTP.
package org

import (
	"context"
	"embed"
	"io/fs"
	"sync/atomic"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/id"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/seal"
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
	Box    *seal.Box // seals telephone numbers
	Base   string    // address under which people reach the server, for QR codes
}

// Service is what the rest of Anlan may ask of this package.
type Service struct {
	Config
	powers atomic.Uint64
}

// New returns a Service.
func New(cfg Config) *Service { return &Service{Config: cfg} }

// Powers returns a number that grows before a change of what somebody may do is
// answered: whoever remembers an answer of ActorOf asks again when it has grown. It
// knows of changes by this process; of others the ledger tells.
func (s *Service) Powers() uint64 { return s.powers.Load() }

// Change runs fn in a transaction that may change what somebody may do.
func (s *Service) Change(ctx context.Context, fn func(ctx context.Context, tx db.Tx) error) error {
	defer s.powers.Add(1) // also after an error: the commit may have happened
	return s.DB.InTx(ctx, fn)
}

func (s *Service) today() clock.Day { return clock.DayOf(s.Now()) }
