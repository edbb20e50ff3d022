// SPDX-License-Identifier: Apache-2.0

package realtime

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	client "github.com/centrifugal/centrifuge-go"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/httpapi"
)

const path = "/api/v1/realtime"

// each runs fn on a hub in process and on one that has Redis behind it.
func each(t *testing.T, fn func(t *testing.T, redis string)) {
	t.Run("process", func(t *testing.T) { fn(t, "") })
	t.Run("redis", func(t *testing.T) { fn(t, startRedis(t)) })
}

// startRedis runs a redis-server until the test ends and returns its address.
func startRedis(t *testing.T) string {
	t.Helper()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("ANLAN_TEST_ALL") != "" {
			t.Fatal("redis-server is not installed")
		}
		t.Skip("redis-server is not installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	cmd := exec.Command(bin, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 100 {
		if c, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			c.Close()
			return "redis://127.0.0.1:" + port
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("redis-server does not answer")
	return ""
}

// start serves a hub to whom the header X-Test-Person names.
func start(t *testing.T, cfg Config) (*Hub, *httptest.Server) {
	t.Helper()
	h, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Start(); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	h.Mount(mux, path)
	srv := httptest.NewServer(httpapi.Trace(httpapi.Secure(httpapi.Recover(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := actor.Actor{ID: r.Header.Get("X-Test-Person")}
		mux.ServeHTTP(w, r.WithContext(actor.With(r.Context(), a)))
	})))))
	t.Cleanup(func() {
		srv.CloseClientConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := h.Stop(ctx); err != nil {
			t.Error(err)
		}
		srv.Close()
	})
	return h, srv
}

func wsURL(srv *httptest.Server) string { return "ws" + strings.TrimPrefix(srv.URL, "http") + path }

// page is a browser's page that listens.
type page struct {
	*client.Client
	got  chan string
	subs chan string // "yes", "recovered" or the refusal
}

func open(t *testing.T, srv *httptest.Server, person, channel string) *page {
	t.Helper()
	p := &page{got: make(chan string, 200), subs: make(chan string, 10)}
	p.Client = client.NewJsonClient(wsURL(srv), client.Config{
		Header: http.Header{"X-Test-Person": {person}}, MinReconnectDelay: 10 * time.Millisecond, Proxy: direct})
	t.Cleanup(p.Close)
	sub, err := p.NewSubscription(channel)
	if err != nil {
		t.Fatal(err)
	}
	sub.OnPublication(func(e client.PublicationEvent) { p.got <- string(e.Data) })
	sub.OnSubscribed(func(e client.SubscribedEvent) {
		if e.Recovered {
			p.subs <- "recovered"
		} else {
			p.subs <- "yes"
		}
	})
	sub.OnUnsubscribed(func(e client.UnsubscribedEvent) { p.subs <- fmt.Sprint(e.Code) })
	if err := sub.Subscribe(); err != nil {
		t.Fatal(err)
	}
	if err := p.Connect(); err != nil {
		t.Fatal(err)
	}
	return p
}

func direct(*http.Request) (*url.URL, error) { return nil, nil }

func expect(t *testing.T, from chan string, want string) {
	t.Helper()
	select {
	case got := <-from:
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("waited too long for %q", want)
	}
}

func publish(t *testing.T, h *Hub, channel string, payload any) {
	t.Helper()
	if err := h.Publish(channel, payload); err != nil {
		t.Fatal(err)
	}
}

func TestMessagesArrive(t *testing.T) {
	each(t, func(t *testing.T, redis string) {
		h, srv := start(t, Config{Redis: redis})
		p := open(t, srv, "", "public:home")
		expect(t, p.subs, "yes")
		publish(t, h, "public:home", map[string]any{"reported": 301, "words": "消防"})
		expect(t, p.got, `{"reported":301,"words":"消防"}`)
		publish(t, h, "public:elsewhere", 1)
		publish(t, h, "public:home", 2)
		expect(t, p.got, "2")
		if n := h.Listeners(); n != 1 {
			t.Errorf("%d listeners, want 1", n)
		}
		if err := h.Publish("public:home", func() {}); err == nil {
			t.Error("what is no JSON was published")
		}
	})
}

// TestRecovery misses messages while the connection is lost, and has them afterwards.
func TestRecovery(t *testing.T) {
	each(t, func(t *testing.T, redis string) {
		h, srv := start(t, Config{Redis: redis})
		p := open(t, srv, "", "public:home")
		expect(t, p.subs, "yes")
		publish(t, h, "public:home", 1)
		expect(t, p.got, "1")
		if err := p.Disconnect(); err != nil {
			t.Fatal(err)
		}
		for n := 2; n <= 6; n++ {
			publish(t, h, "public:home", n)
		}
		if err := p.Connect(); err != nil {
			t.Fatal(err)
		}
		expect(t, p.subs, "recovered")
		for n := 2; n <= 6; n++ {
			expect(t, p.got, fmt.Sprint(n))
		}
	})
}

func TestWhoMayListen(t *testing.T) {
	cfg := Config{MayListen: func(_ context.Context, a actor.Actor, channel string) error {
		if channel == "broken" {
			return errors.New("database away")
		}
		if a.Public() {
			return errs.New(errs.Unauthenticated, "auth.sign_in")
		}
		if channel != "person:"+a.ID {
			return errs.New(errs.NotFound, "not_found")
		}
		return nil
	}}
	h, srv := start(t, cfg)
	own := open(t, srv, "zhang", "person:zhang")
	expect(t, own.subs, "yes")
	denied := fmt.Sprint(103)
	expect(t, open(t, srv, "li", "person:zhang").subs, denied)
	expect(t, open(t, srv, "", "person:zhang").subs, denied)
	expect(t, open(t, srv, "", "public:home").subs, "yes")
	publish(t, h, "person:zhang", "hello")
	expect(t, own.got, `"hello"`)
	lone, srv2 := start(t, Config{})
	expect(t, open(t, srv2, "zhang", "person:zhang").subs, denied)
	publish(t, lone, "person:zhang", 1)
}

func TestClientsOnlyListen(t *testing.T) {
	_, srv := start(t, Config{})
	p := open(t, srv, "zhang", "public:home")
	expect(t, p.subs, "yes")
	if _, err := p.Publish(t.Context(), "public:home", []byte(`"forged"`)); err == nil {
		t.Error("a client published")
	}
	if _, err := p.Presence(t.Context(), "public:home"); err == nil {
		t.Error("a client saw who is there")
	}
	if _, err := p.RPC(t.Context(), "x", nil); err == nil {
		t.Error("a client called something")
	}
}

func TestSignedOutIsDisconnected(t *testing.T) {
	h, srv := start(t, Config{MayListen: func(context.Context, actor.Actor, string) error { return nil }})
	p := open(t, srv, "zhang", "person:zhang")
	expect(t, p.subs, "yes")
	lost := make(chan string, 5)
	p.OnConnecting(func(e client.ConnectingEvent) { lost <- "lost" })
	if err := h.Disconnect("zhang"); err != nil {
		t.Fatal(err)
	}
	expect(t, lost, "lost")
}

// TestTwoProcesses publishes in one and listens in the other.
func TestTwoProcesses(t *testing.T) {
	redis := startRedis(t)
	a, _ := start(t, Config{Redis: redis})
	_, srv := start(t, Config{Redis: redis, MayListen: func(context.Context, actor.Actor, string) error { return nil }})
	p := open(t, srv, "zhang", "public:home")
	expect(t, p.subs, "yes")
	publish(t, a, "public:home", 7)
	expect(t, p.got, "7")
	lost := make(chan string, 5)
	p.OnConnecting(func(e client.ConnectingEvent) { lost <- "lost" })
	if err := a.Disconnect("zhang"); err != nil {
		t.Fatal(err)
	}
	expect(t, lost, "lost")
}

func TestOtherHostsAreRefused(t *testing.T) {
	_, srv := start(t, Config{})
	r, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}, "Origin": {"https://evil.example"}}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d, want 403", resp.StatusCode)
	}
}

// TestServerSentEvents is for networks that let no WebSocket through.
func TestServerSentEvents(t *testing.T) {
	h, srv := start(t, Config{})
	connect := url.QueryEscape(`{"id":1,"connect":{}}` + "\n" + `{"id":2,"subscribe":{"channel":"public:home"}}`)
	resp, err := http.Get(srv.URL + path + "/sse?cf_connect=" + connect)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := make(chan string, 20)
	go func() {
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			if data, ok := strings.CutPrefix(s.Text(), "data: "); ok {
				for line := range strings.SplitSeq(data, "\n") {
					lines <- line
				}
			}
		}
	}()
	for subscribed := false; !subscribed; {
		select {
		case line := <-lines:
			subscribed = strings.Contains(line, `"subscribe"`)
		case <-time.After(5 * time.Second):
			t.Fatal("not subscribed")
		}
	}
	publish(t, h, "public:home", map[string]int{"n": 1})
	select {
	case line := <-lines:
		if !json.Valid([]byte(line)) || !strings.Contains(line, `{"n":1}`) {
			t.Errorf("got %s", line)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("no message")
	}
}
