// SPDX-License-Identifier: Apache-2.0

// Package bench measures the product as a whole process, next to its peers, and
// prints the conditions it measured under. It loads 127.0.0.1 only.
//
// bench.go runs and prints, load.go makes the load, process.go starts servers,
// peers.go builds the peers; each other file is one measurement.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Options are what every measurement is told.
type Options struct {
	Seconds     int           // how long a load lasts
	Connections int           // keep-alive connections
	Rounds      int           // of a crash test
	Photo       int           // bytes of a photo that goes with each report; 0 for none
	Postgres    string        // address of a PostgreSQL to measure too, or ""
	Peers       bool          // build and measure the peers in the same run
	JSON        bool          // print JSON instead of a table
	Exe         string        // the program to measure
	Out         io.Writer     // where the result goes
	Progress    io.Writer     // where progress goes
	Seed        Seeder        // fills a data directory
	Scratch     string        // an empty directory on the disk to measure
	Timeout     time.Duration // of one request
}

// Seeder fills databases without the server, so that there is something to measure.
type Seeder interface {
	// County makes the regions, an office and units; it returns the path of a town.
	County(ctx context.Context, data, dsn string) (town string, err error)
	// Tips makes the same with an office that can receive sealed tips.
	Tips(ctx context.Context, data, dsn string) (town string, err error)
	// TipCount counts the tips, and the leaves of tips in the log.
	TipCount(ctx context.Context, data, dsn string) (tips, leaves int, err error)
	// Hazards adds n hazards and lets the readers catch up; it returns a session
	// cookie of somebody who may see them all.
	Hazards(ctx context.Context, data, dsn string, n int) (cookie string, err error)
	// Vocabulary tells of how many places and how many faults the words of the added
	// hazards are made: how often two words meet decides what a search costs.
	Vocabulary() (places, faults int)
	// Rollup fills a ledger with n entries and returns how long counting them took.
	Rollup(ctx context.Context, data, dsn string, n int) (time.Duration, error)
	// Log hands things in to the transparency log of a new installation.
	Log(ctx context.Context, data, dsn string, l LogLoad) (LogRun, error)
}

// Row is one measured line.
type Row struct {
	Name    string             `json:"name"`
	Figures map[string]float64 `json:"figures"`
	Note    string             `json:"note,omitempty"`
}

// Target compares a figure with what was promised.
type Target struct {
	What string  `json:"what"`
	Want float64 `json:"want"`
	Got  float64 `json:"got"`
	Most bool    `json:"most"` // Want is an upper bound
	Met  bool    `json:"met"`
}

// Result is what one command prints.
type Result struct {
	Command    string            `json:"command"`
	Conditions map[string]string `json:"conditions"`
	Rows       []Row             `json:"rows"`
	Targets    []Target          `json:"targets"`
}

// Commands are the measurements by name.
var Commands = map[string]func(context.Context, Options) (*Result, error){
	"intake": Intake, "crash": Crash, "list": List, "rollup": Rollup, "start": Start, "tips": Tips, "log": Log,
}

// order is how "all" runs them.
var order = []string{"start", "intake", "list", "rollup", "tips", "log", "crash"}

// Run measures name, or everything for "all", and prints the results.
func Run(ctx context.Context, name string, o Options) error {
	names := []string{name}
	if name == "all" {
		names = order
	}
	for _, n := range names {
		measure, ok := Commands[n]
		if !ok {
			return fmt.Errorf("there is no benchmark %q; there are all, %s", n, strings.Join(order, ", "))
		}
		dir, err := os.MkdirTemp(o.Scratch, "anlan-bench-")
		if err != nil {
			return err
		}
		each := o
		each.Scratch = dir
		r, err := measure(ctx, each)
		os.RemoveAll(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", n, err)
		}
		r.Command = n
		if err := r.print(o); err != nil {
			return err
		}
	}
	return nil
}

func (r *Result) expect(what string, got, want float64, most bool) {
	met := got >= want
	if most {
		met = got <= want
	}
	r.Targets = append(r.Targets, Target{What: what, Want: want, Got: got, Most: most, Met: met})
}

func (r *Result) print(o Options) error {
	if o.JSON {
		return json.NewEncoder(o.Out).Encode(r)
	}
	fmt.Fprintf(o.Out, "\nanlan bench %s\n", r.Command)
	for _, k := range slices.Sorted(maps.Keys(r.Conditions)) {
		fmt.Fprintf(o.Out, "  %-14s %s\n", k, r.Conditions[k])
	}
	for _, row := range r.Rows {
		fmt.Fprintf(o.Out, "  %-34s", row.Name)
		for _, k := range slices.Sorted(maps.Keys(row.Figures)) {
			fmt.Fprintf(o.Out, " %s=%s", k, number(row.Figures[k]))
		}
		fmt.Fprintln(o.Out, " "+row.Note)
	}
	for _, t := range r.Targets {
		sign, verdict := "≥", "met"
		if t.Most {
			sign = "≤"
		}
		if !t.Met {
			verdict = "NOT MET"
		}
		fmt.Fprintf(o.Out, "  target %-48s %s %s %s: %s\n", t.What, number(t.Got), sign, number(t.Want), verdict)
	}
	return nil
}

func number(f float64) string {
	if f == float64(int64(f)) {
		return fmt.Sprintf("%d", int64(f))
	}
	return fmt.Sprintf("%.2f", f)
}

// conditions describes the machine and the disk under dir.
func conditions(dir string) map[string]string {
	c := map[string]string{
		"go": runtime.Version(), "cores": fmt.Sprint(runtime.NumCPU()), "platform": runtime.GOOS + "/" + runtime.GOARCH,
		"cpu": cpuModel(), "date": now().Format(time.DateTime),
	}
	if p50, err := fsyncP50(dir); err == nil {
		c["fsync p50"] = p50.Round(time.Microsecond).String()
	}
	return c
}

func cpuModel() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return "unknown"
}

// fsyncP50 is the middle of 200 appends of 4 KiB, each followed by fsync.
func fsyncP50(dir string) (time.Duration, error) {
	f, err := os.Create(filepath.Join(dir, "fsync"))
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	block := make([]byte, 4096)
	took := make([]time.Duration, 200)
	for i := range took {
		begin := now()
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		took[i] = now().Sub(begin)
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// now is the machine's clock: a benchmark measures real time.
func now() time.Time { return time.Now() }
