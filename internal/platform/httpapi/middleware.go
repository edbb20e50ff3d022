// SPDX-License-Identifier: Apache-2.0

package httpapi

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
)

// contentPolicy allows what the pages of this house do and nothing else. Attributes may
// carry style, because Vue writes them; style elements and scripts come from files only.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; " +
	"img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; " +
	"font-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// Trace gives each request an id: the client's own X-Request-Id when it has the form of
// one, else a new one. It is answered in the same header, stands in the actor of the
// context, in the log and in every problem document.
func Trace(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !isRequestID(id) {
			id = rand.Text()[:16]
		}
		w.Header().Set("X-Request-Id", id)
		a := actor.From(r.Context())
		a.Request = id
		next.ServeHTTP(w, r.WithContext(actor.With(r.Context(), a)))
	})
}

func isRequestID(s string) bool {
	return len(s) >= 8 && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_')
	})
}

// secure are the headers that tell a browser what our pages never do. All answers share
// them, so nobody may change the values of one.
var secure = http.Header{
	"Content-Security-Policy":      {contentPolicy},
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"same-origin"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"},
}

// Secure sets those headers, and that answers of the API are not to be kept; a handler
// whose answer may be cached says so itself.
func Secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), secure)
		if strings.HasPrefix(r.URL.Path, "/api/") {
			w.Header().Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// begun notes whether an answer has begun.
type begun struct {
	http.ResponseWriter
	yes bool
}

func (b *begun) WriteHeader(code int)        { b.yes = true; b.ResponseWriter.WriteHeader(code) }
func (b *begun) Write(p []byte) (int, error) { b.yes = true; return b.ResponseWriter.Write(p) }
func (b *begun) Unwrap() http.ResponseWriter { return b.ResponseWriter }

// Recover turns a panic into a 500 problem, and logs where it came from. When the
// answer has begun the connection is cut, so that nobody takes half of it for all.
func Recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := &begun{ResponseWriter: w}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			slog.ErrorContext(r.Context(), "panic in a handler", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			if b.yes {
				panic(http.ErrAbortHandler)
			}
			WriteProblem(w, r, errs.New(errs.Internal, "internal"))
		}()
		next.ServeHTTP(b, r)
	})
}

// fallback answers what no operation does: 405 with the methods there are for a path
// that has some, else 404.
func fallback(mux *http.ServeMux, own string) http.Handler {
	methods := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var allowed []string
		for _, m := range methods {
			probe := r.Clone(r.Context())
			probe.Method = m
			if _, pattern := mux.Handler(probe); pattern != own {
				allowed = append(allowed, m)
			}
		}
		if len(allowed) == 0 {
			WriteProblem(w, r, errs.New(errs.NotFound, "not_found"))
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		writeProblem(w, r, &Problem{Status: http.StatusMethodNotAllowed, Title: http.StatusText(http.StatusMethodNotAllowed),
			Key: "method_not_allowed", Trace: actor.From(r.Context()).Request})
	})
}
