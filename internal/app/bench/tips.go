// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// What tips must show (docs/guide/operators.md has the reasons).
const (
	tipsPerSecond   = 200.0
	tipsP99         = 500.0 // ms
	tipFile         = 300 << 10
	tipWork         = 1000 // hashes at most for one tip, here: the phones share the machine
	smallPerSecond  = 1000
	proofP50        = 1500.0 // ms
	proofP99        = 2500.0
	proofEvery      = 25 // tips, of which one fetches its proof
	honestPerSecond = 10
	floodTimes      = 64
	floodWorse      = 3.0
	tipCrashRounds  = 5
	tipConnections  = 64
)

// Tips measures how fast sealed tips are taken in, what a receipt with its proof takes, how
// an honest informant fares in a flood, and what a killed server loses.
func Tips(ctx context.Context, o Options) (*Result, error) {
	r := &Result{Conditions: conditions(o.Scratch)}
	r.Conditions["load"] = fmt.Sprintf("whole tips (challenge, work, permit, file, tip), sealed before; %d connections, %d s each; work of at most %d hashes on a quiet day; each tip from another address",
		tipConnections, o.Seconds, tipWork)
	for _, d := range o.databases() {
		if err := o.tipsOn(ctx, d, r); err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return r, nil
}

// database is one that is measured.
type database struct{ name, dsn string }

func (o Options) databases() []database {
	all := []database{{"SQLite FULL", ""}}
	if o.Postgres != "" {
		all = append(all, database{"PostgreSQL", o.Postgres})
	}
	return all
}

func (o Options) tipsOn(ctx context.Context, d database, r *Result) error {
	dir := filepath.Join(o.Scratch, "tips-"+d.name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	town, err := o.Seed.Tips(ctx, dir, d.dsn)
	if err != nil {
		return err
	}
	p, err := o.anlan(ctx, dir, d.dsn, tipFlags()...)
	if err != nil {
		return err
	}
	defer func() { p.kill() }()
	run := &tipRun{o: o, name: d.name, r: r, p: p, town: town}
	for _, step := range []func(context.Context) error{run.learn, run.whole, run.small, run.flood} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("%w\n%.2000s", err, p.log)
		}
	}
	p, err = run.crash(ctx, dir, d.dsn)
	return err
}

// tipFlags let every tip come from an address of its own, and keep the phones' work small.
func tipFlags() []string {
	return []string{"--proxies", "127.0.0.1", "--tip-work", fmt.Sprint(tipWork), "--base", "https://bench.anlan.example"}
}

// tipRun is one server under measurement.
type tipRun struct {
	o      Options
	name   string
	r      *Result
	p      *process
	town   string
	sealed *sealedTip
}

// learn asks whom to seal to, and seals.
func (t *tipRun) learn(context.Context) error {
	var err error
	t.sealed, err = sealTip(t.p.addr, t.town)
	return err
}

// whole measures tips with a file, as fast as they go.
func (t *tipRun) whole(ctx context.Context) error {
	fmt.Fprintln(t.o.Progress, t.name+": sealed tips with a file")
	warm := t.fleet(tipConnections, 0, true)
	if _, err := warm.run(ctx, warmUp); err != nil {
		return err
	}
	cpu := t.p.cpu()
	f := t.fleet(tipConnections, 0, true)
	got, err := f.run(ctx, t.o.length())
	if err != nil {
		return err
	}
	row := got.figures()
	row["server_cores"], row["resident_mb"] = (t.p.cpu()-cpu)/got.elapsed.Seconds(), t.p.resident()
	t.r.Rows = append(t.r.Rows, Row{Name: t.name + ", file of 300 KB", Figures: row, Note: got.first})
	t.r.expect("tips/s with a file, "+t.name, got.perSecond(), tipsPerSecond, false)
	t.r.expect("p99 ms of a whole tip with a file, "+t.name, got.percentile(99), tipsP99, true)
	t.r.expect("tips refused, "+t.name, float64(got.refused), 0, true)
	return nil
}

// small measures small tips at a fixed rate, and how long a proof takes to be had.
func (t *tipRun) small(ctx context.Context) error {
	fmt.Fprintln(t.o.Progress, t.name+": small tips at a fixed rate, with proofs")
	f := t.fleet(tipConnections, smallPerSecond, false)
	proofs := &prover{addr: t.p.addr, every: proofEvery}
	f.received = proofs.follow
	got, err := f.run(ctx, t.o.length())
	if err := errors.Join(err, proofs.wait()); err != nil {
		return err
	}
	row := got.figures()
	row["proofs"], row["proof_p50_ms"], row["proof_p99_ms"] = float64(len(proofs.took)), proofs.percentile(50), proofs.percentile(99)
	t.r.Rows = append(t.r.Rows, Row{Name: fmt.Sprintf("%s, small tips, %d/s asked", t.name, smallPerSecond), Figures: row, Note: got.first})
	t.r.expect("small tips/s, "+t.name, got.perSecond(), smallPerSecond*0.98, false)
	t.r.expect("p50 ms until the proof, "+t.name, proofs.percentile(50), proofP50, true)
	t.r.expect("p99 ms until the proof, "+t.name, proofs.percentile(99), proofP99, true)
	return nil
}

// flood measures an honest informant alone, and among many times as many others.
func (t *tipRun) flood(ctx context.Context) error {
	fmt.Fprintln(t.o.Progress, t.name+": an honest informant in a flood")
	honest := t.fleet(1, honestPerSecond, false)
	quiet, err := honest.run(ctx, t.o.length())
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	crowd := t.fleet(tipConnections, floodTimes*honestPerSecond, false)
	var flooded *tally
	var floodErr error
	wg.Go(func() { flooded, floodErr = crowd.run(ctx, t.o.length()) })
	honest = t.fleet(1, honestPerSecond, false)
	amid, err := honest.run(ctx, t.o.length())
	wg.Wait()
	if err := errors.Join(err, floodErr); err != nil {
		return err
	}
	t.r.Rows = append(t.r.Rows, Row{Name: t.name + ", honest, quiet", Figures: quiet.figures(), Note: quiet.first},
		Row{Name: t.name + ", honest, amid a flood", Figures: amid.figures(), Note: amid.first},
		Row{Name: t.name + ", the flood", Figures: flooded.figures(), Note: flooded.first})
	t.r.expect("times the quiet p99 amid a flood, "+t.name, amid.percentile(99)/quiet.percentile(99), floodWorse, true)
	t.r.expect("honest tips refused amid a flood, "+t.name, float64(amid.refused), 0, true)
	return nil
}

func (o Options) length() time.Duration { return time.Duration(o.Seconds) * time.Second }

// prover fetches the proofs of some receipts, as phones do.
type prover struct {
	addr  string
	every int

	mu   sync.Mutex
	n    int
	took []time.Duration
	errs []error
	wg   sync.WaitGroup
}

// follow fetches the proof of a leaf that was asked for at begin, if it is its turn.
func (p *prover) follow(begin time.Time, leaf string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.n++; p.n%p.every == 0 {
		p.wg.Go(func() { p.fetch(begin, leaf) })
	}
}

func (p *prover) fetch(begin time.Time, leaf string) {
	err := awaitProof(p.addr, leaf)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.took = append(p.took, now().Sub(begin))
	if err != nil {
		p.errs = append(p.errs, err)
	}
}

func (p *prover) wait() error {
	p.wg.Wait()
	slices.Sort(p.took)
	return errors.Join(p.errs...)
}

func (p *prover) percentile(of float64) float64 { return (&tally{took: p.took}).percentile(of) }
