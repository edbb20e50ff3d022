// SPDX-License-Identifier: Apache-2.0

package archtest

import (
	"go/ast"
	"regexp"
	"testing"
)

// embedded returns the names of the unexported types of its own package that a struct
// embeds.
func embedded(st *ast.StructType) []*ast.Ident {
	var out []*ast.Ident
	for _, f := range st.Fields.List {
		e := f.Type
		if star, ok := e.(*ast.StarExpr); ok {
			e = star.X
		}
		if id, ok := e.(*ast.Ident); ok && len(f.Names) == 0 && !id.IsExported() {
			out = append(out, id)
		}
	}
	return out
}

// outside matches tags by which huma reads or writes a field.
var outside = regexp.MustCompile(`\b(json|query|path|header):`)

// tagged are the structs of a file that say how a field is called outside.
func tagged(s source) map[string]bool {
	out := map[string]bool{}
	ast.Inspect(s.file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if st, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range st.Fields.List {
				if f.Tag != nil && outside.MatchString(f.Tag.Value) {
					out[s.dir()+"."+spec.Name.Name] = true
				}
			}
		}
		return true
	})
	return out
}

// TestViewsAreSeen holds that what a view or an input embeds is exported: huma leaves the
// fields of others out of the API's document, though it reads and writes them.
func TestViewsAreSeen(t *testing.T) {
	all := map[string]bool{}
	for _, s := range sources(t) {
		for name := range tagged(s) {
			all[name] = true
		}
	}
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if st, ok := n.(*ast.StructType); ok {
				for _, id := range embedded(st) {
					if all[s.dir()+"."+id.Name] {
						t.Errorf("%s: export %s, or the API's document leaves its fields out", s.at(id), id.Name)
					}
				}
			}
			return true
		})
	}
}
