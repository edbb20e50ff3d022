// SPDX-License-Identifier: Apache-2.0

// Package app wires the program together: the only package that knows them all.
//
// app.go builds the services, events.go lists who hears of what, handler.go puts them
// behind HTTP, serve.go runs them, cli*.go are the commands, keys.go and config.go
// what they are told; bench measures, demo fills an invented county.
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"anlan/internal/auth"
	"anlan/internal/campaign"
	"anlan/internal/evidence"
	"anlan/internal/hazard"
	"anlan/internal/hazard/desk"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/id"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/org/roster"
	"anlan/internal/platform/blob"
	"anlan/internal/platform/db"
	"anlan/internal/platform/jobs"
	"anlan/internal/platform/obs"
	"anlan/internal/platform/seal"
	"anlan/internal/portal"
	"anlan/internal/rules"
	"anlan/internal/stats"
	"anlan/internal/tip"
	tipdesk "anlan/internal/tip/desk"
	tipkeys "anlan/internal/tip/keys"
	"anlan/internal/tip/reward"
	"anlan/internal/transparency"
)

// App is the program's services on one database.
type App struct {
	Now      clock.Clock
	IDs      *id.Source
	DB       *db.DB
	Blobs    blob.Store
	Jobs     *jobs.Queue
	Ledger   *ledger.Ledger
	Org      *org.Service
	Roster   *roster.Service
	Rules    *rules.Service
	Evidence *evidence.Service
	Auth     *auth.Service
	Stats    *stats.Service
	Log      *transparency.Service
	Campaign *campaign.Service
	Hazard   *hazard.Service
	Desk     *desk.Service
	TipKeys  *tipkeys.Service
	Tip      *tip.Service
	TipDesk  *tipdesk.Service
	Portal   *portal.Service

	live    *live
	metrics atomic.Pointer[obs.Metrics] // once it serves
}

// Migrations lists the schemas of all domains.
func Migrations() []fs.FS {
	return []fs.FS{ledger.Migrations(), org.Migrations(), roster.Migrations(), rules.Migrations(), evidence.Migrations(), auth.Migrations(),
		stats.Migrations(), transparency.Migrations(), campaign.Migrations(), hazard.Migrations(), tipkeys.Migrations(),
		tip.Migrations(), reward.Migrations()}
}

// Open opens the stores that where names, brings the database up to date, seeds what
// ships with the program and builds the services. base is the address under which
// people reach the server.
func Open(ctx context.Context, where Storage, base string, now clock.Clock) (*App, error) {
	if err := os.MkdirAll(where.Data, 0o750); err != nil {
		return nil, err
	}
	keys, err := loadKeys(where.Data, where.Key)
	if err != nil {
		return nil, err
	}
	a := &App{Now: now, IDs: id.NewSource(now), live: &live{}}
	if a.DB, err = db.Open(ctx, where.dsn()); err != nil {
		return nil, err
	}
	if err := a.build(ctx, where, base, keys); err != nil {
		return nil, errors.Join(err, a.DB.Close())
	}
	return a, nil
}

func (a *App) build(ctx context.Context, where Storage, base string, keys keyring) error {
	if err := a.DB.Migrate(ctx, Migrations()...); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := jobs.Migrate(ctx, a.DB); err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	var err error
	if a.Blobs, err = blob.Open(ctx, where.blobURL()); err != nil {
		return err
	}
	if a.Jobs, err = jobs.New(jobs.Config{DB: a.DB, Now: a.Now, Observe: a.observeJob}); err != nil {
		return err
	}
	if a.Ledger, err = ledger.Open(ctx, a.DB, a.Now, a.IDs); err != nil {
		return err
	}
	a.lower(where, base, keys)
	if a.Log, err = a.openLog(where, base, keys); err != nil {
		return err
	}
	a.upper(where, base, keys)
	return a.seed(ctx)
}

// lower builds the domains up to campaign.
func (a *App) lower(where Storage, base string, keys keyring) {
	a.Org = org.New(org.Config{DB: a.DB, Ledger: a.Ledger, Now: a.Now, IDs: a.IDs, Base: base,
		Box: seal.New(keys.derive("org"))})
	a.Roster = roster.New(roster.Config{Org: a.Org, Queue: a.Jobs})
	a.Rules = rules.New(rules.Config{DB: a.DB, Ledger: a.Ledger, Now: a.Now, IDs: a.IDs, Home: a.Org.Home})
	a.Evidence = evidence.New(evidence.Config{DB: a.DB, Ledger: a.Ledger, Now: a.Now, IDs: a.IDs, Blobs: a.Blobs,
		SpoolDir: filepath.Join(where.Data, "spool"), SealKey: keys.derive("evidence")})
	a.Auth = auth.New(auth.Config{DB: a.DB, Ledger: a.Ledger, Now: a.Now, IDs: a.IDs, Org: a.Org,
		Box: seal.New(keys.derive("auth")), BaseURL: base})
	a.Stats = stats.New(stats.Config{DB: a.DB, Ledger: a.Ledger, Now: a.Now, Org: a.Org, Home: a.Org.Home,
		Changed: a.live.numbersMoved})
	a.Campaign = campaign.New(campaign.Config{DB: a.DB, Ledger: a.Ledger, Now: a.Now, IDs: a.IDs, Org: a.Org, Stats: a.Stats})
}

// upper builds the domains from hazard on, and plugs them where lower ones ask upward.
func (a *App) upper(where Storage, base string, keys keyring) {
	a.Hazard = hazard.New(hazard.Config{DB: a.DB, Ledger: a.Ledger, Now: a.Now, IDs: a.IDs, Org: a.Org, Rules: a.Rules,
		Evidence: a.Evidence, Campaign: a.Campaign, Box: seal.New(keys.derive("hazard"))})
	a.Evidence.Viewer, a.Evidence.Locator = a.Hazard, a.Hazard
	a.TipKeys = tipkeys.New(tipkeys.Config{DB: a.DB, Ledger: a.Ledger, Now: a.Now, IDs: a.IDs, Org: a.Org, Origin: hostOf(base),
		Recent: func(ctx context.Context) error { return a.Auth.RequireRecent(ctx, recentForKeys) }})
	a.Tip = tip.New(tip.Config{DB: a.DB, Ledger: a.Ledger, Now: a.Now, IDs: a.IDs, Box: seal.New(keys.derive("tip")), Blobs: a.Blobs, Org: a.Org,
		Rules: a.Rules, Keys: channels{a.TipKeys}, Holds: a.TipKeys, Log: a.Log, Hazard: a.Hazard,
		WorkBase: where.TipWork, Quota: where.TipQuota << 20})
	a.TipKeys.Sealed = a.Tip.SealedTo
	a.TipDesk = tipdesk.New(tipdesk.Config{Tips: a.Tip, Stats: a.Stats})
	a.Desk = desk.New(desk.Config{Hazards: a.Hazard, Blobs: a.Blobs, Queue: a.Jobs})
	a.Portal = portal.New(portal.Config{Now: a.Now, Org: a.Org, Stats: a.Stats, Campaign: a.Campaign})
}

// recentForKeys is how fresh a proof of identity must be for acts with the keys of tips.
const recentForKeys = 15 * time.Minute

// observeJob counts a try of a job.
func (a *App) observeJob(kind string, took time.Duration, err error) {
	if m := a.metrics.Load(); m != nil {
		m.Job(kind, took, err)
	}
}

// seed stores what ships with the program and is not there yet.
func (a *App) seed(ctx context.Context) error {
	if _, err := a.Org.LoadRegions(ctx); err != nil {
		return fmt.Errorf("load regions: %w", err)
	}
	if err := a.Rules.Seed(ctx); err != nil {
		return fmt.Errorf("seed rules: %w", err)
	}
	if err := a.Stats.Seed(ctx); err != nil {
		return fmt.Errorf("seed indicators: %w", err)
	}
	if err := a.Log.Seed(ctx); err != nil {
		return fmt.Errorf("begin the log: %w", err)
	}
	return nil
}

// Close finishes what is under way and closes the stores.
func (a *App) Close() error {
	a.Tip.Close()
	a.Hazard.Close()
	return errors.Join(a.DB.Close(), a.Blobs.Close())
}
