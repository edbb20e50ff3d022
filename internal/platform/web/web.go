// SPDX-License-Identifier: Apache-2.0

// Package web serves the built pages from memory: each file as it was compressed at
// build time, assets with hashed names for ever, and for every address that a page of
// ours may have the shell of that page.
//
// web.go decides what an address shows, file.go sends it.
package web

import (
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
)

// notPages are the first parts of addresses that belong to other handlers. What they
// do not answer is missing, never a page.
var notPages = []string{"api", "connection", "healthz", "readyz", "metrics", "log"}

const publicShell = "index.html"

// site is everything that can be served, by its name in dist.
type site map[string]*file

// New returns a handler for the pages in dist. It answers GET and HEAD.
func New(dist fs.FS) (http.Handler, error) {
	s, err := load(dist)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "405 不支持这种操作 Method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if s[publicShell] == nil {
		w.Header().Set("Retry-After", "60")
		http.Error(w, "网页尚未构建，请运行 make build。\nThe pages are not built yet: run make build.", http.StatusServiceUnavailable)
		return
	}
	name := s.find(r.URL.Path)
	if name == "" {
		w.Header().Set("Cache-Control", "no-cache")
		http.Error(w, "404 没有找到 Not found", http.StatusNotFound)
		return
	}
	s[name].serve(w, r)
}

// find returns the name of the file that an address shows, or "". An address that looks
// like a file's is never answered with the public page: a browser that asks for a script
// of an older build must see that it is gone. Pages of the console name figures, and
// those have dots ("console/figures/hazard.closed").
func (s site) find(address string) string {
	name := strings.TrimPrefix(path.Clean("/"+address), "/")
	if s[name] != nil {
		return name
	}
	first, _, _ := strings.Cut(name, "/")
	if first == "assets" || slices.Contains(notPages, first) {
		return ""
	}
	if shell := first + ".html"; s[shell] != nil {
		return shell
	}
	if path.Ext(name) != "" {
		return ""
	}
	return publicShell
}
