// SPDX-License-Identifier: Apache-2.0

package httpapi

import (
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// named is an API whose schemas carry the names of their packages, since every
// domain has its own view, list and body.
type named struct {
	huma.API
	owner string // package of the operation that is being registered, "Hazard"
}

// name names a schema: types of a package after it, types without a name after the
// operation's package.
func (n *named) name(t reflect.Type, hint string) string {
	base := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	owner := n.owner
	if t.Name() != "" && t.PkgPath() != "" {
		owner = title(t.PkgPath())
	}
	if strings.HasPrefix(base, owner) || owner == "Httpapi" {
		return base
	}
	return owner + base
}

func title(pkg string) string {
	name := path.Base(pkg)
	return strings.ToUpper(name[:1]) + name[1:]
}

// registrar returns what to register operations of package owner with.
func registrar(api huma.API, owner reflect.Type) huma.API {
	n, ok := api.(*named)
	if !ok {
		return api
	}
	if owner.PkgPath() != "" {
		n.owner = title(owner.PkgPath())
	}
	return n.API
}
