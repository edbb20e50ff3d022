// SPDX-License-Identifier: Apache-2.0

package archtest

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "anlan/internal/"

// ladder is layers.json. A package may import packages of lower layers and its own
// sub-packages, nothing beside or above it.
type ladder struct {
	Layers  [][]string `json:"layers"`
	OnlyApp []string   `json:"onlyApp"` // packages that nobody but app may import
}

func readLadder(t *testing.T) ladder {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "layers.json"))
	if err != nil {
		t.Fatal(err)
	}
	var l ladder
	if err := json.Unmarshal(b, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

// layerOf returns the layer of a domain, or -1.
func (l ladder) layerOf(domain string) int {
	return slices.IndexFunc(l.Layers, func(names []string) bool { return slices.Contains(names, domain) })
}

// refusal says why a file of the domain from may not import the domain to, or "".
func (l ladder) refusal(from, to string) string {
	switch {
	case from == to:
		return ""
	case l.layerOf(to) < 0:
		return to + " is in no layer: add it to layers.json"
	case l.layerOf(to) >= l.layerOf(from):
		return from + " may not use " + to + ": imports only point down the ladder"
	case from != "app" && slices.Contains(l.OnlyApp, to):
		return "only app may use " + to
	}
	return ""
}

// reserved says which files of a domain may use a library; none when the pattern is empty.
var reserved = map[string]string{
	"github.com/uptrace/bun":           "store*.go",
	"github.com/danielgtaylor/huma/v2": "http*.go",
	"net/http":                         "http*.go",
	"github.com/riverqueue/river":      "",
	"github.com/centrifugal":           "",
	"github.com/jackc/pgx/v5":          "",
	"modernc.org/sqlite":               "",
	"github.com/prometheus":            "",
}

// freeOfFiles are the domains whose file names say nothing about layers.
var freeOfFiles = []string{"kernel", "platform", "app"}

func misplaced(file, imp string) string {
	for lib, pattern := range reserved {
		if imp != lib && !strings.HasPrefix(imp, lib+"/") {
			continue
		}
		if ok, _ := path.Match(pattern, path.Base(file)); !ok {
			if pattern == "" {
				return imp + " is wrapped by a package of platform: use that"
			}
			return "only " + pattern + " may use " + imp
		}
	}
	return ""
}

func TestImports(t *testing.T) {
	l := readLadder(t)
	for _, s := range sources(t) {
		from := s.domain()
		if s.isTest() || from == "" || from == "archtest" {
			continue
		}
		if l.layerOf(from) < 0 {
			t.Errorf("%s: %s is in no layer: add it to layers.json", s.name, from)
			continue
		}
		for _, spec := range s.file.Imports {
			imp, _ := strconv.Unquote(spec.Path.Value)
			if rest, ok := strings.CutPrefix(imp, module); ok {
				to, _, _ := strings.Cut(rest, "/")
				if why := l.refusal(from, to); why != "" {
					t.Errorf("%s: %s", s.at(spec), why)
				}
			}
			if slices.Contains(freeOfFiles, from) {
				continue
			}
			if why := misplaced(s.name, imp); why != "" {
				t.Errorf("%s: %s", s.at(spec), why)
			}
		}
	}
}

// TestKernelIsBare keeps the kernel on the standard library.
func TestKernelIsBare(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || s.domain() != "kernel" {
			continue
		}
		for _, spec := range s.file.Imports {
			imp, _ := strconv.Unquote(spec.Path.Value)
			first, _, _ := strings.Cut(imp, "/")
			if strings.Contains(first, ".") {
				t.Errorf("%s: the kernel uses the standard library only, not %s", s.at(spec), imp)
			}
		}
	}
}

// TestRefusals breaks each rule on purpose.
func TestRefusals(t *testing.T) {
	l := readLadder(t)
	for _, tt := range []struct {
		from, to string
		allowed  bool
	}{
		{"hazard", "org", true}, {"hazard", "hazard", true}, {"app", "tip", true}, {"campaign", "stats", true},
		{"stats", "hazard", false}, {"hazard", "quiz", false}, {"kernel", "platform", false},
		{"portal", "tip", false}, {"hazard", "nowhere", false}, {"ledger", "org", false},
	} {
		if got := l.refusal(tt.from, tt.to) == ""; got != tt.allowed {
			t.Errorf("%s imports %s: allowed %t, want %t", tt.from, tt.to, got, tt.allowed)
		}
	}
	for _, tt := range []struct {
		file, imp string
		allowed   bool
	}{
		{"internal/hazard/store.go", "github.com/uptrace/bun", true},
		{"internal/hazard/store_list.go", "github.com/uptrace/bun/dialect", true},
		{"internal/hazard/http_public.go", "net/http", true},
		{"internal/hazard/service.go", "net/http", false},
		{"internal/hazard/service.go", "net/http/httptest", false},
		{"internal/hazard/http.go", "github.com/uptrace/bun", false},
		{"internal/hazard/jobs.go", "github.com/riverqueue/river", false},
		{"internal/hazard/service.go", "github.com/uptrace/bunny", true},
	} {
		if got := misplaced(tt.file, tt.imp) == ""; got != tt.allowed {
			t.Errorf("%s imports %s: allowed %t, want %t", tt.file, tt.imp, got, tt.allowed)
		}
	}
}
