// SPDX-License-Identifier: Apache-2.0

package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"testing"
)

const errsPath = module + "kernel/errs"

// use is one place in Go that names an error key.
type use struct {
	key  string
	at   string
	args []string // names of the values it gives; nil when that cannot be read
}

// keyArg tells which argument of a function is a key.
var keyArg = map[string]int{"New": 1, "Wrap": 2, "At": 1}

// keyFinder collects the keys of one package. A function that takes a key as a
// parameter and hands it on is followed to its callers.
type keyFinder struct {
	consts map[string]string // string constants of the package
	takers map[string]int    // functions of the package: index of the key among the parameters
	uses   []use
	opaque []string // places whose key cannot be read
}

// keyUses returns the places of the program that name an error key; a key that cannot be
// read from the source fails the test, because then nobody can promise a sentence.
func keyUses(t *testing.T) []use {
	t.Helper()
	packages := map[string][]source{}
	for _, s := range sources(t) {
		if !s.isTest() && s.domain() != "archtest" {
			packages[s.dir()] = append(packages[s.dir()], s)
		}
	}
	var all []use
	for _, files := range packages {
		f := &keyFinder{consts: map[string]string{}, takers: map[string]int{}}
		f.find(files)
		all = append(all, f.uses...)
		for _, at := range f.opaque {
			t.Errorf("%s: write the error key as a literal, so that its sentence can be checked", at)
		}
	}
	return all
}

// find looks through the package until no more functions turn up that take keys.
func (f *keyFinder) find(files []source) {
	for _, s := range files {
		f.readConsts(s)
	}
	for known := -1; known != len(f.takers); {
		known = len(f.takers)
		f.uses, f.opaque = nil, nil
		for _, s := range files {
			f.readFile(s)
		}
	}
}

func (f *keyFinder) readConsts(s source) {
	for _, d := range s.file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			for i, value := range v.Values {
				if text, ok := f.text(value); ok {
					f.consts[v.Names[i].Name] = text
				}
			}
		}
	}
}

// text returns the value of a constant expression of strings.
func (f *keyFinder) text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		s, ok := f.consts[e.Name]
		return s, ok
	}
	return "", false
}

// scope is a function, named or not, and where its parameters are.
type scope struct {
	name   string // what callers call it; "" for one without a name
	params map[string]int
}

func newScope(name string, t *ast.FuncType) scope {
	sc := scope{name, map[string]int{}}
	i := 0
	for _, field := range t.Params.List {
		for _, n := range field.Names {
			sc.params[n.Name] = i
			i++
		}
	}
	return sc
}

func (f *keyFinder) readFile(s source) {
	errsName := s.imported(errsPath)
	for _, d := range s.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			f.readBody(s, errsName, d, []scope{newScope(d.Name.Name, d.Type)})
		case *ast.GenDecl:
			f.readBody(s, errsName, d, nil)
		}
	}
}

// readBody goes through node; around are the functions that it lies in, the inmost last.
func (f *keyFinder) readBody(s source, errsName string, node ast.Node, around []scope) {
	named := map[*ast.FuncLit]string{} // add := func(…): called "add"
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, r := range n.Rhs {
				if lit, ok := r.(*ast.FuncLit); ok && i < len(n.Lhs) {
					if id, ok := n.Lhs[i].(*ast.Ident); ok {
						named[lit] = id.Name
					}
				}
			}
		case *ast.FuncLit:
			f.readBody(s, errsName, n.Body, append(around[:len(around):len(around)], newScope(named[n], n.Type)))
			return false
		case *ast.CallExpr:
			if at, ok := f.keyAt(n, errsName); ok && at < len(n.Args) {
				f.readKey(s, n, at, around)
			}
		case *ast.CompositeLit:
			f.readLiteral(s, n, errsName, around)
		}
		return true
	})
}

// keyAt tells whether call names a key, and as which argument.
func (f *keyFinder) keyAt(call *ast.CallExpr, errsName string) (int, bool) {
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok && errsName != "" && x.Name == errsName {
			at, ok := keyArg[fun.Sel.Name]
			return at, ok
		}
		at, ok := f.takers[fun.Sel.Name]
		return at, ok
	case *ast.Ident:
		at, ok := f.takers[fun.Name]
		return at, ok
	}
	return 0, false
}

func (f *keyFinder) readKey(s source, call *ast.CallExpr, at int, around []scope) {
	var args []string
	if !call.Ellipsis.IsValid() {
		args = []string{}
		for i := at + 1; i+1 < len(call.Args); i += 2 {
			name, ok := f.text(call.Args[i])
			if !ok {
				args = nil
				break
			}
			args = append(args, name)
		}
	}
	f.note(s, call.Args[at], args, around)
}

// readLiteral reads errs.Error{Key: …} and errs.Field{Key: …}.
func (f *keyFinder) readLiteral(s source, lit *ast.CompositeLit, errsName string, around []scope) {
	sel, ok := lit.Type.(*ast.SelectorExpr)
	if !ok || errsName == "" {
		return
	}
	if x, ok := sel.X.(*ast.Ident); !ok || x.Name != errsName {
		return
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if name, ok := kv.Key.(*ast.Ident); ok && name.Name == "Key" {
			f.note(s, kv.Value, nil, around)
		}
	}
}

// note records a key, or the function that takes it from its callers.
func (f *keyFinder) note(s source, e ast.Expr, args []string, around []scope) {
	if key, ok := f.text(e); ok {
		f.uses = append(f.uses, use{key, s.at(e).String(), args})
		return
	}
	if id, ok := e.(*ast.Ident); ok {
		for i := len(around) - 1; i >= 0; i-- {
			if at, ok := around[i].params[id.Name]; ok && around[i].name != "" {
				f.takers[around[i].name] = at
				return
			}
		}
	}
	if s.dir() != "internal/kernel/errs" && s.dir() != "internal/platform/httpapi" { // they carry keys, they make none
		f.opaque = append(f.opaque, fmt.Sprint(s.at(e)))
	}
}
