// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"anlan/internal/app/bench"
	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db"
	"anlan/internal/platform/httpapi"
)

type openapiCmd struct{}

// Run prints the interface; it needs no database.
func (openapiCmd) Run(to streams) error {
	text, err := OpenAPI()
	if err != nil {
		return err
	}
	_, err = to.out.Write(text)
	return err
}

// OpenAPI returns the interface as OpenAPI 3.1 in YAML.
func OpenAPI() ([]byte, error) {
	api := httpapi.New(http.NewServeMux(), "1")
	a := &App{}
	a.mount(api)
	return api.OpenAPI().YAML()
}

type benchCmd struct {
	Name        string `arg:"" help:"start, intake, list, rollup, tips, log, crash or all." enum:"start,intake,list,rollup,tips,log,crash,all"`
	Seconds     int    `help:"Length of a load." default:"10"`
	Connections int    `help:"Keep-alive connections; with --photo 16 unless said otherwise." default:"0"`
	Rounds      int    `help:"Rounds of each crash test." default:"20"`
	Photo       string `help:"Send a photo of about this size with each report, such as 300KB."`
	Postgres    string `help:"Measure this PostgreSQL too, in a schema of its own." placeholder:"postgres://…"`
	Peers       bool   `help:"Build and measure the peers in the same run." default:"true" negatable:""`
	JSON        bool   `help:"Print JSON."`
	Scratch     string `help:"Directory on the disk to measure; a temporary one by default." type:"path"`
}

const (
	defaultConnections = 64
	photoConnections   = 16
	requestTimeout     = 10 * time.Second
)

// Run measures.
func (c *benchCmd) Run(ctx context.Context, to streams) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	photo, err := parseSize(c.Photo)
	if err != nil {
		return err
	}
	connections := c.Connections
	if connections == 0 {
		connections = defaultConnections
		if photo > 0 {
			connections = photoConnections
		}
	}
	return bench.Run(ctx, c.Name, bench.Options{Seconds: c.Seconds, Connections: connections, Rounds: c.Rounds,
		Photo: photo, Postgres: c.Postgres, Peers: c.Peers, JSON: c.JSON, Exe: exe, Out: to.out, Progress: to.err,
		Seed: benchSeeder{}, Scratch: c.Scratch, Timeout: requestTimeout})
}

func parseSize(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, unit := 0, ""
	if _, err := fmt.Sscanf(text, "%d%s", &n, &unit); err != nil && !errors.Is(err, io.EOF) && unit != "" {
		return 0, fmt.Errorf("%q is no size", text)
	}
	switch unit {
	case "", "B":
	case "KB":
		n *= 1000
	case "MB":
		n *= 1_000_000
	default:
		return 0, fmt.Errorf("%q is no size: use B, KB or MB", text)
	}
	return n, nil
}

type doctorCmd struct{ Storage }

// Run prints a line per check and fails when one does.
func (c *doctorCmd) Run(ctx context.Context, to streams) error {
	sick := false
	err := c.operate(ctx, func(ctx context.Context, a *App) error {
		for _, check := range a.checks(c.Storage) {
			finding, err := check.look(ctx)
			mark := "ok  "
			if err != nil {
				mark, finding, sick = "FAIL", err.Error(), true
			}
			fmt.Fprintf(to.out, "%s  %-10s %s\n", mark, check.name, finding)
		}
		return nil
	})
	if err == nil && sick {
		err = errors.New("something is wrong, see above")
	}
	return err
}

type check struct {
	name string
	look func(ctx context.Context) (string, error)
}

func (a *App) checks(where Storage) []check {
	return []check{
		{"database", func(ctx context.Context) (string, error) { return "answers", a.DB.Ping(ctx) }},
		{"rows", func(ctx context.Context) (string, error) { return db.Check(ctx, a.DB) }},
		{"files", func(ctx context.Context) (string, error) { return "can be written", a.Blobs.Ping(ctx) }},
		{"keys", func(context.Context) (string, error) { return checkKeys(where) }},
		{"ledger", a.checkLedger},
		{"calendar", a.checkCalendar},
		{"log", a.checkLog},
	}
}

// checkKeys warns of a master key that others on the machine can read.
func checkKeys(where Storage) (string, error) {
	if where.Key != "" {
		return "the master key comes from outside", nil
	}
	info, err := os.Stat(filepath.Join(where.Data, "keys", "master.key"))
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("others can read the master key: mode %o, want 600", info.Mode().Perm())
	}
	return "only the owner reads the master key", nil
}

func (a *App) checkLedger(ctx context.Context) (string, error) {
	var behind int64
	for _, r := range a.readers() {
		n, err := a.Ledger.Behind(ctx, r)
		if err != nil {
			return "", err
		}
		behind = max(behind, n)
	}
	return fmt.Sprintf("the slowest reader is %d entries behind", behind), nil
}

// checkCalendar warns when working-day clocks rest on a year without a holiday notice.
func (a *App) checkCalendar(ctx context.Context) (string, error) {
	year := a.Now().In(clock.Beijing).Year()
	y, err := a.Rules.YearOf(ctx, year)
	if err != nil {
		return "", err
	}
	if !y.Announced {
		return "", fmt.Errorf("the holidays of %d are not entered: working days count weekends only", year)
	}
	return fmt.Sprintf("the holidays of %d are known", year), nil
}
