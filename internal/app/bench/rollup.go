// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

const (
	rollupEntries   = 200_000
	rollupPerSecond = 50_000.0
)

// Rollup measures how fast ledger entries become counters.
func Rollup(ctx context.Context, o Options) (*Result, error) {
	r := &Result{Conditions: conditions(o.Scratch)}
	r.Conditions["load"] = fmt.Sprintf("%d hazard entries of 12 towns and 60 units over 60 days in order of time (phones up to 2 days late), all built-in indicators, one reader", rollupEntries)
	databases := []struct{ name, dsn string }{{"SQLite", ""}}
	if o.Postgres != "" {
		databases = append(databases, struct{ name, dsn string }{"PostgreSQL", o.Postgres})
	}
	for _, d := range databases {
		fmt.Fprintln(o.Progress, d.name)
		dir := filepath.Join(o.Scratch, "rollup-"+d.name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		took, err := o.Seed.Rollup(ctx, dir, d.dsn, rollupEntries)
		if err != nil {
			return nil, err
		}
		perSecond := rollupEntries / took.Seconds()
		r.Rows = append(r.Rows, Row{Name: d.name, Figures: map[string]float64{"entries_per_second": round(perSecond), "seconds": took.Seconds()}})
		if d.dsn == "" {
			r.expect("entries/s into counters, "+d.name, perSecond, rollupPerSecond, false)
		}
	}
	return r, nil
}
