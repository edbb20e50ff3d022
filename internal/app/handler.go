// SPDX-License-Identifier: Apache-2.0

package app

import (
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/auth"
	"anlan/internal/campaign"
	"anlan/internal/evidence"
	"anlan/internal/hazard"
	"anlan/internal/hazard/desk"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/org/roster"
	"anlan/internal/platform/httpapi"
	"anlan/internal/platform/obs"
	"anlan/internal/platform/realtime"
	"anlan/internal/platform/web"
	"anlan/internal/portal"
	"anlan/internal/rules"
	"anlan/internal/rules/taxonomy"
	"anlan/internal/stats"
	"anlan/internal/tip"
	tipdesk "anlan/internal/tip/desk"
	tipkeys "anlan/internal/tip/keys"
	pages "anlan/web"
)

// mount registers the operations of every domain.
func (a *App) mount(api huma.API) {
	ledger.Mount(api, a.Ledger, a.Org)
	org.Mount(api, a.Org)
	roster.Mount(api, a.Roster)
	rules.Mount(api, a.Rules)
	taxonomy.Mount(api)
	evidence.Mount(api, a.Evidence)
	auth.Mount(api, a.Auth)
	stats.Mount(api, a.Stats)
	campaign.Mount(api, a.Campaign)
	desk.Mount(api, a.Desk)
	hazard.Mount(api, a.Hazard)
	tipkeys.Mount(api, a.TipKeys)
	tip.Mount(api, a.Tip)
	tipdesk.Mount(api, a.TipDesk)
	portal.Mount(api, a.Portal)
}

const (
	checkTimeout = 2 * time.Second
	publicBurst  = 30 // public changes that one address may make at once
)

// health lists what the program cannot do without.
func (a *App) health() *obs.Health {
	h := obs.NewHealth(Version, a.Now)
	h.Add("database", checkTimeout, a.DB.Ping)
	h.Add("files", checkTimeout, a.Blobs.Ping)
	return h
}

// Handler returns everything that is served on the main address.
func (a *App) Handler(cfg Config, metrics *obs.Metrics, hub *realtime.Hub) (http.Handler, error) {
	mux := http.NewServeMux()
	api := httpapi.New(mux, Version)
	api.UseMiddleware(metrics.Operation)
	a.mount(api)
	health := a.health()
	mux.HandleFunc("GET /healthz", health.Live)
	mux.HandleFunc("GET /readyz", health.Ready)
	hub.Mount(mux, httpapi.Prefix+"/realtime")
	mux.Handle("GET /log/", a.Log.Handler())
	site, err := web.New(pages.Dist())
	if err != nil {
		return nil, err
	}
	mux.Handle("/", site)
	proxies, err := httpapi.ParseProxies(cfg.Proxies)
	if err != nil {
		return nil, err
	}
	served := apart(mux, a.Auth.Middleware(a.limit(cfg.Rate, proxies, mux)))
	return proxies.Forward(httpapi.Trace(httpapi.Recover(httpapi.Secure(httpapi.Clean(served))))), nil
}

// tipPath is where the public hands tips in.
const tipPath = httpapi.Prefix + "/public/tips"

// apart serves tips of the public without looking at who may be signed in. Nobody is turned
// away from them for coming too often: work grows with the rate instead.
func apart(tips, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == tipPath || strings.HasPrefix(r.URL.Path, tipPath+"/") {
			tips.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// limit bounds how often one address may change something without signing in, or
// try a query code.
func (a *App) limit(rate int, proxies httpapi.Proxies, next http.Handler) http.Handler {
	if rate == 0 {
		return next
	}
	limited := httpapi.Limit(a.Now, rate, max(publicBurst, rate/2), proxies.Key)(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if counted(r) {
			limited.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// counted reports whether a request is one that an attacker would repeat: a public
// change, an upload, or a guess at a query code.
func counted(r *http.Request) bool {
	path, ok := strings.CutPrefix(r.URL.Path, httpapi.Prefix)
	if !ok {
		return false
	}
	if r.Method == http.MethodPost {
		return strings.HasPrefix(path, "/public/") || strings.HasPrefix(path, "/evidence") || strings.HasPrefix(path, "/auth/")
	}
	return r.Method == http.MethodGet && strings.HasPrefix(path, "/public/hazards/")
}
