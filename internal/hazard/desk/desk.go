// SPDX-License-Identifier: Apache-2.0

// Package desk is what people see of hazards: lists, the inbox, one hazard with all that
// belongs to it, search, saved views and Excel exports. It decides nothing: the steps that
// it takes over HTTP are the parent's.
//
// filter.go says what a list shows and where its reader may look, list.go and inbox.go
// answer, detail.go shows one hazard and signal.go what it may repeat, search.go keeps the
// index, view.go the saved views, export.go and sheet.go the workbooks. store*.go alone speak
// SQL, http*.go alone speak HTTP.
package desk

import (
	"anlan/internal/hazard"
	"anlan/internal/kernel/memo"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/blob"
	"anlan/internal/platform/jobs"
)

// Config is what a Service is made of.
type Config struct {
	Hazards *hazard.Service
	Blobs   blob.Store  // keeps exported workbooks
	Queue   *jobs.Queue // makes them
}

// Service answers what waits for whom, and where hazards are found.
type Service struct {
	Config
	placeNames *memo.Memo[place.Path, string]
	unitNames  *memo.Memo[string, string]
}

// New returns a Service.
func New(cfg Config) *Service {
	now := cfg.Hazards.Now
	return &Service{Config: cfg, placeNames: memo.New[place.Path, string](now), unitNames: memo.New[string, string](now)}
}

// Jobs returns the package's background work.
func (s *Service) Jobs() []jobs.Worker {
	return []jobs.Worker{exportJob.Worker(s.runExport), jobs.Periodic("hazard.sweep_exports", sweepEvery, s.sweepExports)}
}

// Readers returns the package's readers of the ledger.
func (s *Service) Readers() []ledger.Reader { return []ledger.Reader{s.indexer()} }
