// SPDX-License-Identifier: Apache-2.0

// Package roster brings units, people and villages in from files, and units and people
// out into the same layout: preview, errors row by row, all of a file or nothing.
//
// columns.go is the layout; imports.go, parts.go and jobs.go take a file through check and
// commit; table.go reads it, plan.go, units.go, parents.go and people.go find out what its
// rows mean; villages.go reads lists of villages, exports.go writes. store.go alone speaks
// SQL, http.go alone speaks HTTP.
package roster

import (
	"embed"
	"io/fs"

	"anlan/internal/kernel/clock"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/jobs"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

// Config is what a Service is made of.
type Config struct {
	Org   *org.Service
	Queue *jobs.Queue // reads and writes files; nil: that is done at once, by the caller
}

// Service takes files in and writes them.
type Service struct{ Config }

// New returns a Service.
func New(cfg Config) *Service { return &Service{cfg} }

func (s *Service) today() clock.Day { return clock.DayOf(s.Org.Now()) }

// importFacts tell how much a file brought.
type importFacts struct {
	Kind    string `json:"kind"`
	New     int    `json:"new"`
	Changed int    `json:"changed"`
}

var kindImported = ledger.Define[importFacts]("org.imported.v1")

// Kinds lists the kinds of ledger entries that this package writes.
func Kinds() []string { return []string{kindImported.Name()} }
