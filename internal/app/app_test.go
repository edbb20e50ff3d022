// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"anlan/internal/auth"
	"anlan/internal/campaign"
	"anlan/internal/evidence"
	"anlan/internal/hazard"
	"anlan/internal/kernel/clock"
	"anlan/internal/org"
	"anlan/internal/org/roster"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/rules"
	"anlan/internal/stats"
	"anlan/internal/tip"
	tipkeys "anlan/internal/tip/keys"
	"anlan/internal/tip/reward"
	"anlan/internal/transparency"
)

func TestOpenAPI(t *testing.T) {
	want, err := os.ReadFile("../../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("api/openapi.yaml is stale: run make api")
	}
}

// TestHelp keeps a question from starting a server.
func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"serve", "--help"}, {"bench", "--help"}} {
		var out, problems bytes.Buffer
		if code := Main(args, &out, &problems); code != 0 || !strings.Contains(out.String(), "Usage:") || problems.Len() > 0 {
			t.Errorf("%v: %d %q %q", args, code, out.String(), problems.String())
		}
	}
	var out, problems bytes.Buffer
	if code := Main([]string{"nonsense"}, &out, &problems); code != 2 || problems.Len() == 0 {
		t.Errorf("nonsense: %d %q", code, problems.String())
	}
}

// TestKinds keeps two domains from writing entries of one name.
func TestKinds(t *testing.T) {
	all := slices.Concat(org.Kinds(), roster.Kinds(), rules.Kinds(), evidence.Kinds(), auth.Kinds(), stats.Kinds(), transparency.Kinds(), campaign.Kinds(), hazard.Kinds(), tipkeys.Kinds(), tip.Kinds(), reward.Kinds())
	slices.Sort(all)
	if n := len(slices.Compact(slices.Clone(all))); n != len(all) {
		t.Errorf("%d kinds have names of others: %v", len(all)-n, all)
	}
}

// output is a buffer that a server writes while a test reads.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) { o.mu.Lock(); defer o.mu.Unlock(); return o.b.Write(p) }
func (o *output) String() string              { o.mu.Lock(); defer o.mu.Unlock(); return o.b.String() }

// serve starts the whole program on an empty database and returns its address and
// what it printed. It ends with the test.
func serve(t *testing.T, dsn string) (base string, out *output) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	cfg := Config{Addr: addr, Rate: 60, Storage: Storage{Data: t.TempDir(), DB: dsn}}
	a, err := Open(t.Context(), cfg.Storage, cfg.baseURL(), clock.System)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out = &output{}
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, cfg, out) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return "http://" + addr, out
}

func get(t *testing.T, url string) (int, http.Header, string) {
	t.Helper()
	for try := 0; ; try++ {
		res, err := http.Get(url)
		if err != nil {
			if try == 100 {
				t.Fatal(err)
			}
			time.Sleep(50 * time.Millisecond)
			continue
		}
		var b bytes.Buffer
		b.ReadFrom(res.Body)
		res.Body.Close()
		return res.StatusCode, res.Header, b.String()
	}
}

// TestServe starts the program and founds an office as the first administrator does.
func TestServe(t *testing.T) {
	dbtest.EachDSN(t, func(t *testing.T, dsn string) {
		if !strings.HasPrefix(dsn, "postgres") {
			dsn = ""
		}
		base, out := serve(t, dsn)
		if code, _, body := get(t, base+"/readyz"); code != http.StatusOK {
			t.Fatalf("readyz: %d %s", code, body)
		}
		code, header, body := get(t, base+"/api/v1/nowhere")
		if code != http.StatusNotFound || !strings.Contains(body, `"not_found"`) || header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("an unknown address: %d %v %s", code, header, body)
		}
		if code, _, body := get(t, base+"/api/v1/hazards"); code != http.StatusUnauthorized {
			t.Errorf("hazards for the public: %d %s", code, body)
		}
		found(t, base, setupCode(t, out.String()))
		if _, _, body := get(t, base+"/api/v1/setup"); !strings.Contains(body, `"needed":false`) {
			t.Errorf("set-up is still open: %s", body)
		}
	})
}

func setupCode(t *testing.T, printed string) string {
	t.Helper()
	_, rest, ok := strings.Cut(printed, "one-time code ")
	if !ok {
		t.Fatalf("no code was printed: %q", printed)
	}
	return strings.Fields(rest)[0]
}

// found founds an office at a county of the shipped divisions, and tries to again.
func found(t *testing.T, base, code string) {
	t.Helper()
	founder := func(login, name string) map[string]string {
		return map[string]string{"login": login, "name": name, "password": "澜-" + name + "-长长的口令2026"}
	}
	body, err := json.Marshal(map[string]any{"code": code, "region_code": "110101", "office_name": "示范安委办",
		"system": founder("sysadm", "许系统"), "security": founder("secadm", "秦安全"), "audit": founder("audadm", "沈审计")})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{http.StatusNoContent, http.StatusNotFound} {
		res, err := http.Post(base+"/api/v1/setup", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		var answer bytes.Buffer
		answer.ReadFrom(res.Body)
		res.Body.Close()
		if res.StatusCode != want {
			t.Fatalf("set-up: %d %s, want %d", res.StatusCode, answer.String(), want)
		}
	}
}

// TestBusyMetricsAddress: a server that cannot have an address says so and ends.
func TestBusyMetricsAddress(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cfg := Config{Addr: "127.0.0.1:0", Metrics: taken.Addr().String(), Storage: Storage{Data: t.TempDir()}}
	a, err := Open(t.Context(), cfg.Storage, "", clock.System)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	done := make(chan error, 1)
	go func() { done <- a.Serve(t.Context(), cfg, &output{}) }()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), taken.Addr().String()) {
			t.Errorf("it ends with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Error("it hangs")
	}
}
