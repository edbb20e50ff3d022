// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Version is set by the build.
var Version = "dev"

// cli is the command line. A flag wins over its environment variable, which wins
// over the default.
type cli struct {
	Serve   serveCmd   `cmd:"" help:"Serve pages, interface and live updates."`
	Migrate migrateCmd `cmd:"" help:"Bring the database up to date and stop."`
	User    userCmd    `cmd:"" help:"Accounts."`
	Import  importCmd  `cmd:"" help:"Bring data in."`
	Export  exportCmd  `cmd:"" help:"Take data out."`
	Bench   benchCmd   `cmd:"" help:"Measure, and print the conditions."`
	Doctor  doctorCmd  `cmd:"" help:"Look for what is wrong with an installation."`
	Log     logCmd     `cmd:"" help:"The transparency log of this server."`
	Verify  verifyCmd  `cmd:"" help:"Check a receipt without any network."`
	Monitor monitorCmd `cmd:"" help:"Check the transparency log of any server from outside."`
	OpenAPI openapiCmd `cmd:"" name:"openapi" help:"Print the interface as OpenAPI 3.1 in YAML."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// streams is where a command writes.
type streams struct{ out, err io.Writer }

// Main runs the command line and returns the exit status.
func Main(args []string, stdout, stderr io.Writer) int {
	var c cli
	to := streams{stdout, stderr}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	code, exited := 0, false // kong goes on after help unless told
	parser, err := kong.New(&c, kong.Name("anlan"), kong.Writers(stdout, stderr),
		kong.Description("Anlan 安澜: work-safety campaigns and hazard governance."),
		kong.Exit(func(status int) { code, exited = status, true }), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(to))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	k, err := parser.Parse(args)
	if exited { // help was printed
		return code
	}
	if err != nil {
		parser.FatalIfErrorf(err)
		return 2
	}
	if err := k.Run(); err != nil {
		fmt.Fprintln(stderr, "anlan:", err)
		return 1
	}
	return code
}

type versionCmd struct{}

func (versionCmd) Run(s streams) error {
	_, err := fmt.Fprintln(s.out, Version)
	return err
}
