// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"slices"
	"time"

	"anlan/internal/ledger"
	"anlan/internal/platform/jobs"
)

// readers are all who follow the ledger: the one page that shows every hidden path
// between domains.
func (a *App) readers() []ledger.Reader {
	return append(a.Desk.Readers(), // makes reports findable
		a.Stats.Reader(),   // counts
		a.Auth.Reader(),    // forgets who may do what when a grant changes
		a.Log.Reader(),     // chains, so that the public log binds the ledger
		a.Tip.Reader(),     // tells tips where the hazards stand that they became
		a.TipKeys.Reader(), // withdraws the keys of people who leave
	)
}

// workers are all background jobs.
func (a *App) workers() []jobs.Worker {
	return append(slices.Concat(a.Desk.Jobs(), a.Roster.Jobs(), a.Tip.Jobs()),
		jobs.Periodic("hazard.overdue", jobs.Every(time.Minute), func(ctx context.Context) error {
			_, err := a.Hazard.Overdue(ctx)
			return err
		}),
		jobs.Periodic("evidence.process", jobs.Every(10*time.Second), func(ctx context.Context) error {
			_, err := a.Evidence.ProcessPending(ctx)
			return err
		}),
		jobs.Periodic("evidence.sweep", jobs.Every(time.Hour), func(ctx context.Context) error {
			_, err := a.Evidence.Sweep(ctx)
			return err
		}),
		jobs.Periodic("tipkeys.sweep", jobs.Every(time.Hour), a.TipKeys.Sweep),
		jobs.Periodic("auth.sweep", jobs.Every(10*time.Minute), a.Auth.Sweep),
		jobs.Periodic("transparency.statistics", jobs.Daily(0, 5), a.Log.BindStatistics),
	)
}
