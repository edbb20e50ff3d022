// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built(t *testing.T) http.Handler {
	t.Helper()
	file := func(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content)} }
	h, err := New(fstest.MapFS{
		".keep": file(""), ".vite/manifest.json": file("{}"),
		"index.html": file("public shell"), "index.html.br": file("br public"), "index.html.gz": file("gz public"),
		"console.html": file("console shell"), "icon.svg": file("<svg/>"),
		"assets/a-1.js": file("let a"), "assets/a-1.js.gz": file("gz a"), "assets/b.bin": file("0123456789"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ask(h http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAddresses(t *testing.T) {
	h := built(t)
	const html, js = "text/html; charset=utf-8", "text/javascript; charset=utf-8"
	for _, tt := range []struct {
		path   string
		status int
		body   string
		kind   string
		cache  string
	}{
		{"/", 200, "public shell", html, askEach},
		{"/report", 200, "public shell", html, askEach},
		{"/u/A7K2M9QX", 200, "public shell", html, askEach},
		{"/console", 200, "console shell", html, askEach},
		{"/console/hazards/01j", 200, "console shell", html, askEach},
		{"/console/figures/hazard.closed", 200, "console shell", html, askEach},
		{"/consoles", 200, "public shell", html, askEach},
		{"/console.html", 200, "console shell", html, askEach},
		{"/assets/a-1.js", 200, "let a", js, forever},
		{"/icon.svg", 200, "<svg/>", "image/svg+xml", askEach},
		{"/assets/b.bin", 200, "0123456789", "application/octet-stream", forever},
		{"/assets/gone-0.js", 404, "", "", ""},
		{"/assets/nothing", 404, "", "", ""},
		{"/old.js", 404, "", "", ""},
		{"/favicon.ico", 404, "", "", ""},
		{"/index.html.br", 404, "", "", ""},
		{"/.keep", 404, "", "", ""},
		{"/.vite/manifest.json", 404, "", "", ""},
		{"/../../etc/passwd.txt", 404, "", "", ""},
		{"/api/v1/x", 404, "", "", ""},
		{"/readyz", 404, "", "", ""},
	} {
		w := ask(h, "GET", tt.path)
		if w.Code != tt.status {
			t.Errorf("%s: %d, want %d", tt.path, w.Code, tt.status)
			continue
		}
		if tt.status == 404 {
			if strings.Contains(w.Header().Get("Content-Type"), "html") {
				t.Errorf("%s: a missing file was answered with HTML", tt.path)
			}
			continue
		}
		if w.Body.String() != tt.body || w.Header().Get("Content-Type") != tt.kind || w.Header().Get("Cache-Control") != tt.cache {
			t.Errorf("%s: %q, %v", tt.path, w.Body, w.Header())
		}
	}
}

func TestEncodings(t *testing.T) {
	h := built(t)
	for _, tt := range []struct{ path, accept, body, encoding string }{
		{"/", "gzip, deflate, br", "br public", "br"},
		{"/", "gzip", "gz public", "gzip"},
		{"/", "GZIP;q=0.5", "gz public", "gzip"},
		{"/", "br;q=0, gzip", "gz public", "gzip"},
		{"/", "br; q=0.0, gzip;q=0", "public shell", ""},
		{"/", "", "public shell", ""},
		{"/", "brotli", "public shell", ""},
		{"/assets/a-1.js", "br, gzip", "gz a", "gzip"},
		{"/icon.svg", "br, gzip", "<svg/>", ""},
	} {
		w := ask(h, "GET", tt.path, "Accept-Encoding", tt.accept)
		if w.Body.String() != tt.body || w.Header().Get("Content-Encoding") != tt.encoding {
			t.Errorf("%s, %q: %q in %q", tt.path, tt.accept, w.Body, w.Header().Get("Content-Encoding"))
		}
		if vary := w.Header().Get("Vary"); (vary != "") != (tt.path != "/icon.svg") {
			t.Errorf("%s: Vary %q", tt.path, vary)
		}
	}
}

func TestConditions(t *testing.T) {
	h := built(t)
	etag := ask(h, "GET", "/", "Accept-Encoding", "br").Header().Get("ETag")
	if w := ask(h, "GET", "/", "Accept-Encoding", "br", "If-None-Match", etag); w.Code != 304 || w.Body.Len() > 0 {
		t.Errorf("not changed: %d %q", w.Code, w.Body)
	}
	if w := ask(h, "GET", "/", "If-None-Match", etag); w.Code != 200 {
		t.Errorf("another encoding under the same tag: %d", w.Code)
	}
	if w := ask(h, "HEAD", "/", "Accept-Encoding", "br"); w.Code != 200 || w.Body.Len() > 0 || w.Header().Get("Content-Length") != "9" {
		t.Errorf("HEAD: %d, %q, length %q", w.Code, w.Body, w.Header().Get("Content-Length"))
	}
	if w := ask(h, "GET", "/assets/b.bin", "Range", "bytes=2-4"); w.Code != 206 || w.Body.String() != "234" {
		t.Errorf("a part: %d %q", w.Code, w.Body)
	}
	if w := ask(h, "GET", "/", "Range", "bytes=2-4", "Accept-Encoding", "br"); w.Code != 200 || w.Body.String() != "br public" {
		t.Errorf("a part of something compressed: %d %q", w.Code, w.Body)
	}
	if w := ask(h, "POST", "/"); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestNotBuilt(t *testing.T) {
	h, err := New(fstest.MapFS{".keep": &fstest.MapFile{}})
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(h, "GET", "/report"); w.Code != 503 || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}
