// SPDX-License-Identifier: Apache-2.0

package obs

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"anlan/internal/kernel/clock"
)

const (
	// freshFor is how long an answer is given again, so that many askers cost one look.
	freshFor = time.Second
	// askAgain is what a client is told to wait, in seconds.
	askAgain = "5"
)

var errStillRunning = errors.New("the last look has not come back")

// Health tells whether the program can do its work.
type Health struct {
	version string
	now     clock.Clock
	checks  []*check

	mu   sync.Mutex // one look at a time
	at   time.Time
	last report
}

type check struct {
	name    string
	timeout time.Duration
	ask     func(ctx context.Context) error
	busy    chan struct{} // holds one token while ask runs
	failing bool          // as of the last look
}

// report is the body of /readyz.
type report struct {
	Ready  bool              `json:"ready"`
	Checks map[string]string `json:"checks"`
}

// NewHealth returns a Health without checks: ready.
func NewHealth(version string, now clock.Clock) *Health { return &Health{version: version, now: now} }

// Add makes readiness depend on ask, which may take no longer than timeout. Call it
// before the handlers are served.
func (h *Health) Add(name string, timeout time.Duration, ask func(ctx context.Context) error) {
	h.checks = append(h.checks, &check{name: name, timeout: timeout, ask: ask, busy: make(chan struct{}, 1)})
}

// Live answers /healthz: the process runs. A restart would not help with anything else.
func (h *Health) Live(w http.ResponseWriter, r *http.Request) {
	write(w, r, http.StatusOK, map[string]string{"status": "ok", "version": h.version})
}

// Ready answers /readyz: 200, or 503 with the names of what fails; why it fails is in
// the log. It turns by itself when that works again.
func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	report := h.look(r.Context())
	if !report.Ready {
		w.Header().Set("Retry-After", askAgain)
		write(w, r, http.StatusServiceUnavailable, report)
		return
	}
	write(w, r, http.StatusOK, report)
}

func write(w http.ResponseWriter, r *http.Request, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		slog.DebugContext(r.Context(), "client went away", "err", err)
	}
}

func (h *Health) look(ctx context.Context) report {
	h.mu.Lock()
	defer h.mu.Unlock()
	if age := h.now().Sub(h.at); age >= 0 && age < freshFor {
		return h.last
	}
	ctx = context.WithoutCancel(ctx) // the answer is kept for others
	failed := make([]error, len(h.checks))
	var wg sync.WaitGroup
	for i, c := range h.checks {
		wg.Go(func() { failed[i] = c.run(ctx) })
	}
	wg.Wait()
	h.last = report{Ready: true, Checks: map[string]string{}}
	for i, c := range h.checks {
		h.last.Checks[c.name] = c.note(ctx, failed[i])
		h.last.Ready = h.last.Ready && failed[i] == nil
	}
	h.at = h.now()
	return h.last
}

// run asks, and does not wait for an answer that ignores its context.
func (c *check) run(ctx context.Context) error {
	select {
	case c.busy <- struct{}{}:
	default:
		return errStillRunning
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	answer := make(chan error, 1)
	go func() {
		defer cancel()
		err := c.ask(ctx)
		<-c.busy
		answer <- err
	}()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// note logs a change and returns the word for the report.
func (c *check) note(ctx context.Context, err error) string {
	if err != nil && !c.failing {
		slog.WarnContext(ctx, "not ready", "check", c.name, "err", err)
	}
	if err == nil && c.failing {
		slog.InfoContext(ctx, "ready again", "check", c.name)
	}
	c.failing = err != nil
	if c.failing {
		return "failing"
	}
	return "ok"
}
