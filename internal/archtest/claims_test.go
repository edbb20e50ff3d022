// SPDX-License-Identifier: Apache-2.0

package archtest

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// claims is where promises are made, each with the tests that show it.
const claims = "docs/threat-model.md"

// claimed matches a test in a document: `package.TestName`.
var claimed = regexp.MustCompile("`([a-z0-9/]+)\\.((?:Test|Fuzz)[A-Za-z0-9]+)`")

// TestClaims holds promises against the code: every test that is named exists.
func TestClaims(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, claims))
	if err != nil {
		t.Fatal(err)
	}
	written := testFunctions(t)
	named := claimed.FindAllStringSubmatch(string(text), -1)
	if len(named) == 0 {
		t.Errorf("%s names no test", claims)
	}
	for _, m := range named {
		if !written[m[1]+"."+m[2]] {
			t.Errorf("%s: there is no %s.%s", claims, m[1], m[2])
		}
	}
}

// testFunctions returns the tests of all packages below internal, as "package.TestName".
func testFunctions(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, s := range sources(t) {
		if !s.isTest() {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				found[strings.TrimPrefix(s.dir(), "internal/")+"."+f.Name.Name] = true
			}
		}
	}
	return found
}
