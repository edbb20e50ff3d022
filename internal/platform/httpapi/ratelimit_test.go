// SPDX-License-Identifier: Apache-2.0

package httpapi

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
)

func TestLimit(t *testing.T) {
	now := clock.NewManual(time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC))
	h := Limit(now.Now, 6, 3, Proxies(nil).Key)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	ask := func(from string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", Prefix+"/reports", nil)
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for i := range 3 {
		if w := ask("192.0.2.1:1000"); w.Code != 200 {
			t.Errorf("request %d of the burst: %d", i, w.Code)
		}
	}
	w := ask("192.0.2.1:2000")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "10" {
		t.Errorf("over the limit: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("Content-Type %q", ct)
	}
	if w := ask("192.0.2.2:1000"); w.Code != 200 {
		t.Errorf("another address: %d", w.Code)
	}
	for range 20 {
		ask("192.0.2.1:3000") // what is refused costs nothing
	}
	now.Advance(10 * time.Second)
	if w := ask("192.0.2.1:1000"); w.Code != 200 {
		t.Errorf("after the wait: %d", w.Code)
	}
}

func TestBucketsAreBounded(t *testing.T) {
	b := newBuckets(1, 1, 100)
	now := time.Unix(0, 0)
	for i := range 1000 {
		b.take(now, "busy")
		b.take(now, fmt.Sprint(i))
	}
	if len(b.of) != 100 || b.used.Len() != 100 {
		t.Errorf("%d buckets, %d in the list, want 100", len(b.of), b.used.Len())
	}
	if b.take(now, "busy") == 0 {
		t.Error("a caller that keeps calling was forgotten")
	}
}

func TestAddr(t *testing.T) {
	trusted, err := ParseProxies([]string{"127.0.0.1", "10.0.0.0/8", "fd00::/8"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ conn, forwarded, addr, key string }{
		{"203.0.113.5:1", "", "203.0.113.5", "203.0.113.5"},
		{"203.0.113.5:1", "198.51.100.1", "203.0.113.5", "203.0.113.5"}, // anybody can write that
		{"127.0.0.1:1", "198.51.100.1", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:1", "6.6.6.6, 198.51.100.1", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:1", "198.51.100.1, 10.1.2.3", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:1", "198.51.100.1, nonsense, 10.1.2.3", "10.1.2.3", "10.1.2.3"},
		{"127.0.0.1:1", "", "127.0.0.1", "127.0.0.1"},
		{"[::ffff:127.0.0.1]:1", "198.51.100.1", "198.51.100.1", "198.51.100.1"},
		{"[fd00::1]:1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"[2001:db8::1%eth0]:1", "", "2001:db8::1", "2001:db8::/64"},
		{"@", "198.51.100.1", "invalid IP", "invalid IP"}, // a Unix socket
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.conn
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if addr, key := trusted.Addr(r).String(), trusted.Key(r); addr != tt.addr || key != tt.key {
			t.Errorf("%s, %q: address %s, key %s, want %s, %s", tt.conn, tt.forwarded, addr, key, tt.addr, tt.key)
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "127.0.0.1:9"
	r.Header.Set("X-Forwarded-For", "198.51.100.1")
	trusted.Forward(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.RemoteAddr != "198.51.100.1:0" {
			t.Errorf("RemoteAddr is %s", r.RemoteAddr)
		}
	})).ServeHTTP(httptest.NewRecorder(), r)
	for _, bad := range []string{"", "localhost", "10.0.0.0/33"} {
		if _, err := ParseProxies([]string{bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
