// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db/dbtest"
)

// wire is a connection to a server that a test can cut and mend.
type wire struct {
	to   string
	at   net.Listener
	mu   sync.Mutex
	cut  bool
	open []net.Conn
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{to: to, at: l}
	t.Cleanup(func() { l.Close(); w.set(true) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c)
		}
	}()
	return w
}

// carry copies both ways until one end or the wire breaks.
func (w *wire) carry(near net.Conn) {
	far, err := net.Dial("tcp", w.to)
	if err != nil || !w.keep(near, far) {
		near.Close()
		return
	}
	go func() { io.Copy(far, near); far.Close() }()
	io.Copy(near, far)
	near.Close()
}

func (w *wire) keep(ends ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		for _, c := range ends {
			c.Close()
		}
		return false
	}
	w.open = append(w.open, ends...)
	return true
}

// set cuts every connection, or lets new ones through again.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for _, c := range w.open {
		c.Close()
	}
	w.open = nil
}

// eventually waits for what another goroutine does by itself.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 300 {
		if is() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s: not within 15 seconds", what)
}

// started runs the whole program until the test ends and returns its address.
func started(t *testing.T, where Storage) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Addr: l.Addr().String(), Storage: where}
	l.Close()
	a, err := Open(t.Context(), where, cfg.baseURL(), clock.System)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, cfg, io.Discard) }()
	t.Cleanup(func() { cancel(); <-done; a.Close() })
	base := "http://" + cfg.Addr
	if code, _, body := get(t, base+"/readyz"); code != http.StatusOK {
		t.Fatalf("not ready: %d %s", code, body)
	}
	return base
}

// answer is what came back.
type answer struct {
	code  int
	retry string
	body  map[string]any
}

func post(t *testing.T, address, media string, body []byte, key string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", media)
	r.Header.Set("Idempotency-Key", key)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	a := answer{code: res.StatusCode, retry: res.Header.Get("Retry-After")}
	json.NewDecoder(res.Body).Decode(&a.body)
	return a
}

// honest expects a 503 that says when to come again, and a readiness that names check.
func honest(t *testing.T, base, check string, a answer) {
	t.Helper()
	if a.code != http.StatusServiceUnavailable || a.retry == "" || a.body["key"] != "unavailable" {
		t.Errorf("while it is away: %+v", a)
	}
	eventually(t, "readiness turns false", func() bool {
		code, header, body := get(t, base+"/readyz")
		return code == http.StatusServiceUnavailable && header.Get("Retry-After") != "" && strings.Contains(body, `"`+check+`":"failing"`)
	})
	if code, _, body := get(t, base+"/healthz"); code != http.StatusOK {
		t.Errorf("healthz: %d %s", code, body)
	}
}

func recovers(t *testing.T, base string) {
	t.Helper()
	eventually(t, "ready again", func() bool { code, _, _ := get(t, base+"/readyz"); return code == http.StatusOK })
}

// TestDatabaseAway cuts the wire to PostgreSQL under the running program and mends it. A
// report that got no answer is sent again under its key and exists once.
func TestDatabaseAway(t *testing.T) {
	dsn, err := url.Parse(dbtest.PostgresDSN(t))
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(t, dsn.Host)
	dsn.Host = w.at.Addr().String()
	base := started(t, Storage{Data: t.TempDir(), DB: dsn.String()})
	report := []byte(`{"words":"三号仓库东侧安全出口被纸箱堵塞","place":"cn/11/1101/110101/","class":"environment"}`)
	send := func() answer {
		return post(t, base+"/api/v1/public/hazards", "application/json", report, "outage-0123456789")
	}

	w.set(true)
	honest(t, base, "database", send())
	if code, header, body := get(t, base+"/api/v1/public/regions"); code != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
		t.Errorf("regions: %d %s", code, body)
	}
	w.set(false)
	recovers(t, base)
	first := send()
	if first.code != http.StatusCreated {
		t.Fatalf("after the return: %+v", first)
	}
	again := send()
	if again.code != http.StatusCreated || again.body["query_code"] != first.body["query_code"] {
		t.Errorf("again: %+v, first %+v", again, first)
	}
}

// s3Server starts a real S3 server over a directory, until the test ends.
func s3Server(t *testing.T, key, secret string) (addr string) {
	t.Helper()
	bin := os.Getenv("ANLAN_TEST_VERSITYGW")
	if bin == "" {
		bin = filepath.Join("..", "..", ".cache", "bin", "versitygw")
	}
	if _, err := exec.LookPath(bin); err != nil {
		if os.Getenv("ANLAN_TEST_ALL") != "" {
			t.Fatal(err)
		}
		t.Skip("no versitygw: see internal/platform/blob")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr = l.Addr().String()
	l.Close()
	data, meta := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(data, "files"), 0o750); err != nil {
		t.Fatal(err)
	}
	p := exec.Command(bin, "--port", addr, "--quiet", "posix", "--sidecar", meta, data)
	p.Env = []string{"ROOT_ACCESS_KEY=" + key, "ROOT_SECRET_KEY=" + secret, "HOME=" + meta}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill(); p.Wait() })
	eventually(t, "versitygw listens", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return addr
}

// TestFilesAway cuts the wire to S3 under the running program and mends it.
func TestFilesAway(t *testing.T) {
	w := newWire(t, s3Server(t, "anlan-test", "not-a-secret"))
	base := started(t, Storage{Data: t.TempDir(),
		Blob: "s3://anlan-test:not-a-secret@" + w.at.Addr().String() + "/files?tls=0&region=us-east-1"})
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 320, 240)), nil); err != nil {
		t.Fatal(err)
	}
	send := func() answer {
		return post(t, base+"/api/v1/evidence", "image/jpeg", photo.Bytes(), "outage-0123456789")
	}

	w.set(true)
	honest(t, base, "files", send())
	w.set(false)
	recovers(t, base)
	first := send()
	if first.code != http.StatusCreated || first.body["state"] != "ready" {
		t.Fatalf("after the return: %+v", first)
	}
	if again := send(); again.body["id"] != first.body["id"] {
		t.Errorf("again: %+v, first %+v", again, first)
	}
	if code, _, body := get(t, base+"/api/v1/evidence/"+first.body["id"].(string)+"/large?key="+first.body["key"].(string)); code != http.StatusOK {
		t.Errorf("the picture: %d %.200s", code, body)
	}
}
