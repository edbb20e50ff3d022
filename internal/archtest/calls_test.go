// SPDX-License-Identifier: Apache-2.0

package archtest

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// ban forbids functions of a package everywhere but in some folders. Tests are free.
type ban struct {
	pkg   string
	funcs []string
	in    []string // folders where they are allowed
	why   string
}

var bans = []ban{
	{"time", []string{"Now", "Since", "Until"}, []string{"internal/kernel/clock", "cmd", "internal/app/bench"},
		"inject a clock.Clock, or measure with clock.Stopwatch"},
	{"github.com/danielgtaylor/huma/v2", []string{"Register", "AutoRegister", "Get", "Post", "Put", "Patch", "Delete"},
		[]string{"internal/platform/httpapi"}, "huma shows unknown errors to the client: use httpapi.Handle"},
	{"fmt", []string{"Print", "Println", "Printf"}, []string{"cmd", "internal/app"}, "log with slog"},
	{"log", []string{"Print", "Println", "Printf", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf"}, nil, "log with slog"},
}

// packageName returns the name that the package at path declares.
func packageName(s source, b ban) string {
	name := s.imported(b.pkg)
	if name == "v2" { // the last part of a module path is its version
		parts := strings.Split(b.pkg, "/")
		return parts[len(parts)-2]
	}
	return name
}

func TestBannedCalls(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		for _, b := range bans {
			name := packageName(s, b)
			if name == "" || slices.ContainsFunc(b.in, s.under) {
				continue
			}
			ast.Inspect(s.file, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == name && slices.Contains(b.funcs, sel.Sel.Name) {
					t.Errorf("%s: no %s.%s here: %s", s.at(n), name, sel.Sel.Name, b.why)
				}
				return true
			})
		}
	}
}
