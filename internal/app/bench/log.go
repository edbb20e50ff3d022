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
	logPerSecond = 5_000.0
	logDelayMS   = 50.0
	logGap       = 1.5 // seconds from one checkpoint to the next: one is signed every second
	logLag       = 2.0 // seconds
)

// LogLoad is what is handed in to the transparency log.
type LogLoad struct {
	For     time.Duration
	Rate    int  // a second; 0: as many as go
	Running bool // the log gives places and signs meanwhile
}

// LogRun is what came of it.
type LogRun struct {
	Answers    []time.Duration // from when each was due to its durable answer
	Handing    time.Duration   // until the last answer
	Publishing time.Duration   // until the checkpoint that has them all
	Gaps       []time.Duration // from each checkpoint to the next
}

// Log measures how fast things that were handed in, each with its promise, get their places
// under a signed checkpoint, and how much that delays the answers.
func Log(ctx context.Context, o Options) (*Result, error) {
	r := &Result{Conditions: conditions(o.Scratch)}
	r.Conditions["load"] = fmt.Sprintf("64 writers for %d s, who share transactions as intake does; each answer durable and with a signed promise", o.Seconds)
	databases := []struct{ name, dsn string }{{"SQLite", ""}}
	if o.Postgres != "" {
		databases = append(databases, struct{ name, dsn string }{"PostgreSQL", o.Postgres})
	}
	for _, d := range databases {
		if err := o.log(ctx, r, d.name, d.dsn); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// log measures one database: at full speed, at the promised rate, and at that rate without
// the log, which is what answers cost by themselves.
func (o Options) log(ctx context.Context, r *Result, name, dsn string) error {
	dir := filepath.Join(o.Scratch, "log-"+name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	whole := time.Duration(o.Seconds) * time.Second
	measure := func(what string, l LogLoad) (LogRun, error) {
		fmt.Fprintln(o.Progress, name+what)
		run, err := o.Seed.Log(ctx, dir, dsn, l)
		slices.Sort(run.Answers)
		r.Rows = append(r.Rows, Row{Name: name + what, Figures: run.figures()})
		return run, err
	}
	flood, err := measure(", as many as go", LogLoad{For: whole, Running: true})
	if err != nil {
		return err
	}
	paced, err := measure(", 5,000/s", LogLoad{For: whole, Rate: logPerSecond, Running: true})
	if err != nil {
		return err
	}
	alone, err := measure(", 5,000/s, log at rest", LogLoad{For: whole, Rate: logPerSecond})
	if err != nil {
		return err
	}
	r.expect("entries/s under a checkpoint, "+name, flood.perSecond(), logPerSecond, false)
	r.expect("s between checkpoints meanwhile, median, "+name, flood.gap(), logGap, true)
	r.expect("s that the log is behind 5,000/s, "+name, (paced.Publishing - paced.Handing).Seconds(), logLag, true)
	r.expect("ms that the log delays p99 of answers, "+name, paced.percentile(99)-alone.percentile(99), logDelayMS, true)
	r.expect("ms that the log delays the slowest, "+name, paced.percentile(100)-alone.percentile(100), logDelayMS, true)
	return nil
}

func (l LogRun) figures() map[string]float64 {
	f := map[string]float64{"answers_per_second": round(float64(len(l.Answers)) / l.Handing.Seconds()),
		"p50_ms": l.percentile(50), "p99_ms": l.percentile(99), "max_ms": l.percentile(100)}
	if len(l.Gaps) > 0 {
		f["published_per_second"], f["checkpoints"] = round(l.perSecond()), float64(len(l.Gaps))
	}
	return f
}

func (l LogRun) perSecond() float64 { return float64(len(l.Answers)) / l.Publishing.Seconds() }

func (l LogRun) gap() float64 {
	if len(l.Gaps) == 0 {
		return l.Publishing.Seconds()
	}
	return slices.Sorted(slices.Values(l.Gaps))[len(l.Gaps)/2].Seconds()
}

func (l LogRun) percentile(p float64) float64 { t := tally{took: l.Answers}; return t.percentile(p) }
