// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"anlan/internal/app/demo"
	"anlan/internal/kernel/clock"
)

// fillDemo fills an empty installation with the invented county, on a clock of its
// own, and lets the readers catch up. One that has accounts is left alone.
func fillDemo(ctx context.Context, cfg Config, out io.Writer) error {
	now := clock.System()
	hands := clock.NewManual(now.Add(-demo.Past))
	a, err := Open(ctx, cfg.Storage, cfg.baseURL(), hands.Now)
	if err != nil {
		return err
	}
	needed, err := a.Auth.SetupNeeded(ctx)
	if err == nil && needed {
		fmt.Fprintln(out, "正在装入示范县（约半分钟）… filling the invented county, about half a minute")
		err = demo.Fill(ctx, demo.Services{Clock: hands, Org: a.Org, Auth: a.Auth, Evidence: a.Evidence,
			Campaign: a.Campaign, Hazard: a.Hazard, TipKeys: a.TipKeys, Tips: a.Tip}, now)
		if err == nil {
			err = a.catchUp(ctx)
		}
	}
	return errors.Join(err, a.Close())
}

// catchUp lets every reader see all entries.
func (a *App) catchUp(ctx context.Context) error {
	if err := a.Ledger.Settle(ctx); err != nil {
		return err
	}
	for _, r := range a.readers() {
		for {
			n, err := a.Ledger.Step(ctx, r)
			if err != nil {
				return fmt.Errorf("reader %s: %w", r.Name, err)
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}
