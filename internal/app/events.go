// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/jobs"
)

// readers are all who follow the ledger: the one page that shows every hidden path
// between domains.
func (a *App) readers() []ledger.Reader {
	return append(a.Desk.Readers(), // makes reports findable
		a.Stats.Reader(), // counts
		a.Auth.Reader(),  // forgets who may do what when a grant changes
	)
}

// workers are all background jobs.
func (a *App) workers() []jobs.Worker {
	return append(a.Desk.Jobs(),
		orgWork.Worker(func(ctx context.Context, args orgArgs) error { return a.Org.Work(ctx, args.Kind, args.ID) }),
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
		jobs.Periodic("auth.sweep", jobs.Every(10*time.Minute), a.Auth.Sweep),
	)
}

type orgArgs struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// orgWork does what org leaves for later: reading and committing imports.
var orgWork = jobs.Define[orgArgs]("org.work", jobs.Options{Queue: jobs.Heavy, Timeout: 30 * time.Minute, Unique: true})

// orgRunner is org's Runner: its long work becomes jobs, or is done at once by the
// command line, where no jobs run.
type orgRunner struct{ *App }

func (r orgRunner) Run(ctx context.Context, kind, id string) error {
	if actor.From(ctx).Channel == "cli" {
		return r.Org.Work(ctx, kind, id)
	}
	return r.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return orgWork.Enter(ctx, tx, r.Jobs, orgArgs{Kind: kind, ID: id})
	})
}
