// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/httpapi"
)

// cookieName is also in the API's description. The proof that somebody signed in
// with a browser before goes to the operations of sign-in only.
const (
	cookieName = "anlan_session"
	proofName  = "anlan_device"
	proofPath  = httpapi.Prefix + "/auth"
)

// Middleware finds out who makes a request, by the session cookie or by a Bearer
// token, and puts them into the context. A browser on another site cannot make it
// act: unsafe requests that come from there are refused, whoever they come from.
// Requests with a Bearer token carry nothing that a browser adds by itself, so they
// may come from anywhere, and their cookie is not looked at.
func (s *Service) Middleware(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	if origin := originOf(s.baseURL); origin != "" {
		if err := guard.AddTrustedOrigin(origin); err != nil { // originOf has made it well-formed
			panic(err)
		}
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httpapi.WriteProblem(w, r, errs.New(errs.Denied, "auth.cross_origin"))
	}))
	byCookie := guard.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie(cookieName); err == nil && c.Value != "" && tokenID(c.Value) == "" {
			s.serveAs(w, r, next, c.Value, false)
			return
		}
		next.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if scheme, secret, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
			s.serveAs(w, r, next, secret, true)
			return
		}
		byCookie.ServeHTTP(w, r)
	})
}

// serveAs serves r as whoever secret stands for. A cookie that is over makes a
// visitor of its owner; a program is told that its token is over.
func (s *Service) serveAs(w http.ResponseWriter, r *http.Request, next http.Handler, secret string, bearer bool) {
	var who identity
	var err error
	if !bearer || tokenID(secret) != "" { // a session's secret works as a cookie only
		who, err = s.identify(r.Context(), secret)
	}
	switch {
	case err != nil:
		httpapi.WriteProblem(w, r, err)
	case who.by.Public() && bearer:
		httpapi.WriteProblem(w, r, errs.New(errs.Unauthenticated, "auth.bad_token"))
	case who.by.Public() || who.mustChange && openToAll(r):
		next.ServeHTTP(w, r)
	case who.mustChange && !slices.Contains(beforeChange, r.Method+" "+r.URL.Path):
		httpapi.WriteProblem(w, r, errs.New(errs.Denied, "auth.must_change_password"))
	default:
		who.by.Request = actor.From(r.Context()).Request
		next.ServeHTTP(w, r.WithContext(actor.With(r.Context(), who.by)))
	}
}

// beforeChange are the operations for people who have not changed their one-time
// password yet.
var beforeChange = []string{
	"GET " + httpapi.Prefix + "/me", "POST " + httpapi.Prefix + "/me/password", "POST " + httpapi.Prefix + "/auth/sign-out",
}

// openToAll reports whether r asks for what every visitor gets: pages, their parts,
// and public operations. Who has a one-time password gets it as a visitor.
func openToAll(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, httpapi.Prefix+"/public/")
}

// originOf returns "scheme://host" of an address, or "".
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// hostOf cuts the port off a remote address.
func hostOf(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return host
}
