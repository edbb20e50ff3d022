// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"anlan/internal/app/demo"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/org"
	"anlan/internal/platform/obs"
	"anlan/internal/platform/realtime"
)

const (
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute
	shutdownTimeout   = 15 * time.Second

	// gcPercent lets the heap, which is small, grow to a few times its live size: collecting
	// at every few megabytes costs a busy server a tenth of its time. GOGC overrules it.
	gcPercent = 400
)

type serveCmd struct{ Config }

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, to streams) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return err
	}
	slog.SetDefault(obs.NewLogger(to.err, level))
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if c.Demo {
		if err := fillDemo(ctx, c.Config, to.out); err != nil {
			return fmt.Errorf("fill the demo: %w", err)
		}
	}
	a, err := Open(ctx, c.Storage, c.baseURL(), clock.System)
	if err != nil {
		return err
	}
	defer a.Close()
	slog.Info("configuration", "config", c.Config)
	return a.Serve(ctx, c.Config, to.out)
}

// Serve runs readers, jobs and the listeners until ctx ends, then finishes what is
// under way. What an operator must see at once goes to out.
func (a *App) Serve(ctx context.Context, cfg Config, out io.Writer) error {
	metrics := obs.NewMetrics(Version)
	hub, err := realtime.New(realtime.Config{Redis: cfg.Redis, MayListen: mayListen, Registry: metrics.Registry()})
	if err != nil {
		return err
	}
	if err := hub.Start(); err != nil {
		return err
	}
	a.live.plug(hub, a.Org.Home)
	handler, err := a.Handler(cfg, metrics, hub)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx) // whatever ends this ends what goes on behind it
	stopped, err := a.background(ctx, metrics)
	if err != nil {
		stop()
		return errors.Join(err, l.Close())
	}
	defer func() { stop(); <-stopped }()
	stopMetrics, err := serveMetrics(cfg.Metrics, metrics)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer stopMetrics()
	if err := a.greet(ctx, cfg, l.Addr().String(), out); err != nil {
		return errors.Join(err, l.Close())
	}
	go debug.FreeOSMemory() // what starting took and serving does not need
	return serveUntil(ctx, l, handler, hub)
}

// background starts what goes on behind the pages; the channel is closed when it has ended.
func (a *App) background(ctx context.Context, metrics *obs.Metrics) (<-chan struct{}, error) {
	metrics.DB(a.DB)
	metrics.Gauges("anlan_ledger_lag", "Entries that a reader of the ledger has not seen, at most 100,000.", "reader", a.lags)
	metrics.Gauges("anlan_jobs_waiting", "Jobs that wait for their turn.", "queue", a.Jobs.Waiting)
	metrics.Gauges("anlan_tip_files_waiting_bytes", "Bytes of sealed files that wait for their tips.", "of", a.waitingFiles)
	a.metrics.Store(metrics)
	a.Jobs.Register(a.workers()...)
	if err := a.Jobs.Start(ctx); err != nil {
		return nil, err
	}
	readers := a.Ledger.Start(ctx, a.readers()...)
	var running sync.WaitGroup
	running.Go(func() { a.Stats.Follow(ctx) })
	running.Go(func() { a.Log.Run(ctx) })
	done := make(chan struct{})
	go func() {
		defer close(done)
		<-ctx.Done()
		a.Jobs.Stop(context.Background())
		<-readers
		running.Wait()
	}()
	return done, nil
}

func (a *App) lags(ctx context.Context) (map[string]int64, error) {
	lags, err := a.Ledger.Lags(ctx)
	out := make(map[string]int64, len(lags))
	for name, l := range lags {
		out[name] = l.Behind
	}
	return out, err
}

func (a *App) waitingFiles(ctx context.Context) (map[string]int64, error) {
	n, err := a.Tip.LooseBytes(ctx)
	return map[string]int64{"waiting": n, "quota": a.Tip.RoomBytes()}, err
}

func serveMetrics(addr string, metrics *obs.Metrics) (stop func(), err error) {
	if addr == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics.Handler())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: readHeaderTimeout}
	go server.Serve(l)
	return func() { server.Close() }, nil
}

// serveUntil serves l until ctx ends, and then lets requests finish.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler, hub *realtime.Hub) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug)}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	// Streams of live updates never end by themselves: end them first.
	return errors.Join(hub.Stop(ending), server.Shutdown(ending))
}

// greet prints where to go, and on an empty installation the code for set-up.
func (a *App) greet(ctx context.Context, cfg Config, addr string, out io.Writer) error {
	fmt.Fprintf(out, "\n  公众页面 public pages   http://%s/\n  工作台   console        http://%s/console\n", addr, addr)
	if cfg.Demo {
		return demo.PrintAccounts(out)
	}
	needed, err := a.Auth.SetupNeeded(ctx)
	if err != nil || !needed {
		return err
	}
	code, err := a.Auth.SetupCode(actor.With(ctx, org.Operator()))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\n  首次使用：打开 http://%s/console/setup ，设置码（仅用一次）%s\n"+
		"  First start: open that page; one-time code %s\n\n", addr, code, code)
	return err
}
