// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db/dbtest"
)

func benchHouse(b *testing.B) house {
	b.Helper()
	h := open(b, dbtest.Open(b, dbtest.SQLiteDSN(b), ledger.Migrations(), org.Migrations(), Migrations()))
	h.user(b, h.office(b, county, "清江县安委办"), "zhang.san", "office_clerk")
	return h
}

// BenchmarkMiddleware measures what finding the actor adds to a request.
func BenchmarkMiddleware(b *testing.B) {
	h := benchHouse(b)
	handler := h.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	session := h.signedIn(b, "zhang.san").cookie
	for name, cookie := range map[string]string{"visitor": "", "session": session} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				r := httptest.NewRequest("GET", "/api/v1/me", nil)
				if cookie != "" {
					r.AddCookie(&http.Cookie{Name: cookieName, Value: cookie})
				}
				w := httptest.NewRecorder()
				for pb.Next() {
					handler.ServeHTTP(w, r)
				}
			})
		})
	}
}

// BenchmarkLook measures the request that finds the cache empty.
func BenchmarkLook(b *testing.B) {
	h := benchHouse(b)
	session := h.signedIn(b, "zhang.san").cookie
	for b.Loop() {
		h.cache.drop("nobody")
		clear(h.cache.by)
		if who, err := h.identify(b.Context(), session); err != nil || who.by.Public() {
			b.Fatal(who, err)
		}
	}
}

// BenchmarkSignIn signs in at the real cost, as many at once as there are slots.
func BenchmarkSignIn(b *testing.B) {
	h := benchHouse(b)
	h.hasher = newHasher(defaultCost)
	h.signedIn(b, "zhang.san") // its hash is made anew
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			h.signedIn(b, "zhang.san")
		}
	})
}
