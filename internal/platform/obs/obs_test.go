// SPDX-License-Identifier: Apache-2.0

package obs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/httpapi"
)

func TestLogHidesPrivateThings(t *testing.T) {
	var out bytes.Buffer
	log := NewLogger(&out, slog.LevelInfo)
	ctx := actor.With(t.Context(), actor.Actor{Request: "req-12345"})
	log.InfoContext(ctx, "signed in", "phone", "13800138000", "Password", "hunter2", "session_token", "t0ps3cret",
		"words", "消防通道堵塞", "place", "cn/99/", "n", 7,
		"err", errors.New("connect postgres://anlan:pa55@db.example/anlan: refused for 13912345678, 11010519491231002X"),
		slog.Group("contact", "name", "张三"), slog.Group("from", "mobile", "x13700000000"))
	log.DebugContext(ctx, "not this")
	log.With("secret_key", "abc123def").WithGroup("g").Info("plain", "trace", "kept")
	text := out.String()
	for _, private := range []string{"13800138000", "hunter2", "t0ps3cret", "消防通道", "pa55", "13912345678", "19491231",
		"13700000000", "abc123def", "not this"} {
		if strings.Contains(text, private) {
			t.Errorf("the log holds %q: %s", private, text)
		}
	}
	for _, public := range []string{`"place":"cn/99/"`, `"n":7`, `"trace":"req-12345"`, "db.example", `"trace":"kept"`} {
		if !strings.Contains(text, public) {
			t.Errorf("the log lacks %s: %s", public, text)
		}
	}
	for line := range strings.Lines(text) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
}

func TestMetrics(t *testing.T) {
	m := NewMetrics("v9.9.9")
	mux := http.NewServeMux()
	api := httpapi.New(mux, "test")
	api.UseMiddleware(m.Operation)
	httpapi.HandlePublic(api, huma.Operation{OperationID: "test-get", Method: "GET", Path: "/things"},
		func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	httpapi.Handle(api, huma.Operation{OperationID: "test-mine", Method: "GET", Path: "/mine"},
		func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	for _, path := range []string{"/things", "/things", "/mine"} {
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", httpapi.Prefix+path, nil))
	}
	m.Job("evidence.process", 30*time.Millisecond, nil)
	m.Job("evidence.process", 30*time.Millisecond, errors.New("no"))
	m.DB(dbtest.Open(t, dbtest.SQLiteDSN(t)))
	m.Gauges("anlan_ledger_behind", "Entries not yet read.", "reader", func(context.Context) (map[string]int64, error) {
		return map[string]int64{"stats": 12}, nil
	})
	m.Gauges("anlan_broken", "Fails.", "x", func(context.Context) (map[string]int64, error) { return nil, errors.New("away") })
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text := w.Body.String()
	for _, line := range []string{
		`anlan_http_seconds_count{operation="test-get",status="204"} 2`,
		`anlan_http_seconds_count{operation="test-mine",status="401"} 1`,
		`anlan_job_seconds_count{kind="evidence.process",outcome="failed"} 1`,
		`anlan_ledger_behind{reader="stats"} 12`, `anlan_build_info{version="v9.9.9"} 1`,
		`go_sql_open_connections{db_name="write"}`, `go_sql_open_connections{db_name="read"}`, "go_goroutines",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("%d, no %s in:\n%s", w.Code, line, text)
		}
	}
}

func TestHealth(t *testing.T) {
	now := clock.NewManual(time.Unix(0, 0))
	h := NewHealth("v1", now.Now)
	var down error
	asked, hang := 0, make(chan struct{})
	var hangs atomic.Bool
	h.Add("database", time.Second, func(context.Context) error { asked++; return down })
	h.Add("files", 500*time.Millisecond, func(context.Context) error {
		if hangs.Load() {
			<-hang
		}
		return nil
	})
	ask := func() (*httptest.ResponseRecorder, report) {
		now.Advance(2 * time.Second)
		w := httptest.NewRecorder()
		h.Ready(w, httptest.NewRequest("GET", "/readyz", nil))
		var r report
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		return w, r
	}
	if w, r := ask(); w.Code != 200 || !r.Ready || r.Checks["database"] != "ok" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	down = errors.New("dial tcp 10.1.2.3: refused")
	w, r := ask()
	if w.Code != 503 || r.Ready || r.Checks["database"] != "failing" || r.Checks["files"] != "ok" || w.Header().Get("Retry-After") == "" {
		t.Errorf("database away: %d %s", w.Code, w.Body)
	}
	if strings.Contains(w.Body.String(), "10.1.2.3") {
		t.Errorf("the cause is told: %s", w.Body)
	}
	down = nil
	if w, _ := ask(); w.Code != 200 {
		t.Errorf("back again: %d %s", w.Code, w.Body)
	}
	before := asked
	for range 5 {
		h.Ready(httptest.NewRecorder(), httptest.NewRequest("GET", "/readyz", nil))
	}
	if asked != before {
		t.Errorf("asked %d times within a second", asked-before)
	}
	hangs.Store(true)
	for range 2 { // the second time it has not even come back
		if w, r := ask(); w.Code != 503 || r.Checks["files"] != "failing" {
			t.Errorf("hanging: %d %s", w.Code, w.Body)
		}
	}
	hangs.Store(false)
	close(hang)
	for code := 503; code != 200; {
		time.Sleep(5 * time.Millisecond)
		w, _ = ask()
		code = w.Code
	}
	w = httptest.NewRecorder()
	h.Live(w, httptest.NewRequest("GET", "/healthz", nil))
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"v1"`) {
		t.Errorf("healthz: %d %s", w.Code, w.Body)
	}
}
