// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	startSeconds = 1.0
	startMB      = 80.0
	startRounds  = 5
	idleFor      = 5 * time.Second
)

// Start measures how soon the server answers on a full data directory, and what it
// holds when idle.
func Start(ctx context.Context, o Options) (*Result, error) {
	dir := filepath.Join(o.Scratch, "start")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	fmt.Fprintln(o.Progress, "filling SQLite")
	if _, err := o.Seed.Hazards(ctx, dir, "", listHazards); err != nil {
		return nil, err
	}
	r := &Result{Conditions: conditions(o.Scratch)}
	r.Conditions["load"] = fmt.Sprintf("%d hazards in the data directory, %d starts, idle for %s", listHazards, startRounds, idleFor)
	ready := make([]float64, startRounds)
	var resident, idle float64
	for i := range ready {
		p, err := o.anlan(ctx, dir, "")
		if err != nil {
			return nil, err
		}
		ready[i] = p.ready.Seconds()
		if i == startRounds-1 {
			time.Sleep(idleFor) // what the start needed is given back by then
			cpu := p.cpu()
			time.Sleep(idleFor)
			resident, idle = p.resident(), (p.cpu()-cpu)/idleFor.Seconds()*100
		}
		if err := p.stop(); err != nil {
			return nil, fmt.Errorf("stop: %w\n%.2000s", err, p.log)
		}
	}
	slices.Sort(ready)
	r.Rows = []Row{{Name: "anlan serve", Figures: map[string]float64{
		"ready_s_median": ready[startRounds/2], "ready_s_slowest": ready[startRounds-1],
		"resident_mb_idle": resident, "idle_cpu_percent": idle}}}
	r.expect("seconds until it answers, median", ready[startRounds/2], startSeconds, true)
	r.expect("MB resident when idle", resident, startMB, true)
	return r, nil
}
