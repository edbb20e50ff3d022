// SPDX-License-Identifier: Apache-2.0

package archtest

import (
	"flag"
	"fmt"
	"go/doc"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the list of packages into ARCHITECTURE.md")

const (
	mapFile  = "ARCHITECTURE.md"
	mapBegin = "<!-- packages: written by go test ./internal/archtest -update -->"
	mapEnd   = "<!-- end of packages -->"
)

// synopses returns the first sentence of each package's documentation.
func synopses(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		if _, ok := all[s.dir()]; !ok || s.file.Doc != nil {
			all[s.dir()] = new(doc.Package).Synopsis(s.file.Doc.Text())
		}
	}
	return all
}

// packageMap returns the list of packages, those that others stand on first.
func packageMap(t *testing.T) string {
	l, docs := readLadder(t), synopses(t)
	height := func(dir string) int {
		if rest, ok := strings.CutPrefix(dir, "internal/"); ok {
			domain, _, _ := strings.Cut(rest, "/")
			if layer := l.layerOf(domain); layer >= 0 {
				return layer
			}
		}
		return len(l.Layers)
	}
	dirs := slices.SortedFunc(maps.Keys(docs), func(a, b string) int {
		if d := height(a) - height(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	var b strings.Builder
	b.WriteString("| package | what it is |\n| --- | --- |\n")
	for _, dir := range dirs {
		if docs[dir] == "" {
			t.Errorf("%s: no package comment", dir)
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", dir, docs[dir])
	}
	return b.String()
}

func TestPackageMap(t *testing.T) {
	path := filepath.Join(root, mapFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), mapBegin)
	_, after, ok2 := strings.Cut(rest, mapEnd)
	if !ok || !ok2 {
		t.Fatalf("%s lacks the marks %q and %q", mapFile, mapBegin, mapEnd)
	}
	want := before + mapBegin + "\n" + packageMap(t) + mapEnd + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(text) {
		t.Errorf("the list of packages in %s is stale: run go test ./internal/archtest -update", mapFile)
	}
}
