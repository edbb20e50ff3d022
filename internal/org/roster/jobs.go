// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/platform/db"
	"anlan/internal/platform/jobs"
)

// Kinds of work on an import.
const (
	workCheck  = "org.import_check"
	workCommit = "org.import_commit"
)

type workArgs struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

var work = jobs.Define[workArgs]("org.work", jobs.Options{Queue: jobs.Heavy, Timeout: 30 * time.Minute, Unique: true})

// Jobs returns the package's background work.
func (s *Service) Jobs() []jobs.Worker { return []jobs.Worker{work.Worker(s.work)} }

// run leaves work to a job, or does it at once where no jobs run: on the command line.
func (s *Service) run(ctx context.Context, kind, id string) error {
	args := workArgs{kind, id}
	if s.Queue == nil || actor.From(ctx).Channel == "cli" {
		return s.work(ctx, args)
	}
	return s.Org.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return work.Enter(ctx, tx, s.Queue, args) })
}

// work may be called again after an error or a crash: what is done stays done.
func (s *Service) work(ctx context.Context, args workArgs) error {
	switch args.Kind {
	case workCheck:
		return s.check(ctx, args.ID)
	case workCommit:
		return s.commit(ctx, args.ID)
	}
	return fmt.Errorf("org: unknown work %q", args.Kind)
}
