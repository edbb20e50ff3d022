// SPDX-License-Identifier: Apache-2.0

package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// root is the repository as seen from this package.
const root = "../.."

// notOurs are folders that hold what was installed, built or run.
var notOurs = []string{".git", ".cache", "node_modules", "dist", "bin", "data", "test-results", "playwright-report"}

// source is one Go file of ours.
type source struct {
	name string // from the root, with slashes
	fset *token.FileSet
	file *ast.File
}

func (s source) dir() string           { return path.Dir(s.name) }
func (s source) isTest() bool          { return strings.HasSuffix(s.name, "_test.go") }
func (s source) under(dir string) bool { return strings.HasPrefix(s.name, dir+"/") }
func (s source) at(n ast.Node) token.Position {
	p := s.fset.Position(n.Pos())
	p.Filename = s.name
	return p
}

// domain returns the folder under internal/ that s lies in, or "".
func (s source) domain() string {
	rest, ok := strings.CutPrefix(s.name, "internal/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// imported returns the name under which s imports the package at path, or "".
func (s source) imported(path string) string {
	for _, spec := range s.file.Imports {
		if p, _ := strconv.Unquote(spec.Path.Value); p != path {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path[strings.LastIndexByte(path, '/')+1:]
	}
	return ""
}

// walk calls fn with the name, from the root, of every file of ours.
func walk(t *testing.T, fn func(name string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains(notOurs, d.Name()) {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() {
			name, err := filepath.Rel(root, file)
			if err != nil {
				return err
			}
			fn(filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var parsed struct {
	sync.Once
	all []source
}

// sources returns every Go file of the program, parsed once. The peers that
// benchmarks compare with are modules of their own and no part of it.
func sources(t *testing.T) []source {
	t.Helper()
	parsed.Do(func() {
		walk(t, func(name string) {
			if !strings.HasSuffix(name, ".go") || strings.HasPrefix(name, "bench/") {
				return
			}
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, filepath.Join(root, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Error(err)
				return
			}
			parsed.all = append(parsed.all, source{name, fset, f})
		})
	})
	return parsed.all
}
