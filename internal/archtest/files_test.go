// SPDX-License-Identifier: Apache-2.0

package archtest

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

const (
	licence  = "SPDX-License-Identifier: Apache-2.0"
	maxLines = 400
)

// longOnPurpose are source files that may be longer than maxLines.
var longOnPurpose = []string{}

// sourceKinds are the endings of files that carry a licence line and keep short.
var sourceKinds = []string{".go", ".ts", ".vue", ".css", ".sh", ".mjs"}

// isGenerated reports whether a tool says in the first lines that it wrote the file.
func isGenerated(head []byte) bool {
	return bytes.Contains(head, []byte("Code generated")) || bytes.Contains(head, []byte("auto-generated"))
}

func TestSourceFiles(t *testing.T) {
	walk(t, func(name string) {
		if !slices.Contains(sourceKinds, filepath.Ext(name)) {
			return
		}
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Error(err)
			return
		}
		head := b[:min(len(b), 200)]
		if isGenerated(head) {
			return
		}
		if !bytes.Contains(head, []byte(licence)) {
			t.Errorf("%s: no line %q at the top", name, licence)
		}
		if n := bytes.Count(b, []byte("\n")); n > maxLines && !slices.Contains(longOnPurpose, name) {
			t.Errorf("%s has %d lines, more than %d: split it by noun", name, n, maxLines)
		}
	})
}
