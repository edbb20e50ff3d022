// SPDX-License-Identifier: Apache-2.0

// Package actor carries who is acting, and where they may act, through a call.
package actor

import (
	"context"
	"slices"
	"strings"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// Trunk is one of the three command trees over the same units.
type Trunk string

const (
	Territory Trunk = "territory" // 属地: an office over a place and all below it
	Line      Trunk = "line"      // 行业条线: a department over the units of its industry at a place
	Group     Trunk = "group"     // 集团: a unit over itself and the units below it
)

// Scope is where a grant reaches.
type Scope struct {
	Trunk Trunk
	Place place.Path // Territory and Line: the place and all below it
	Line  string     // Line: the supervisory tag that the object must carry
	Unit  string     // Group: path of the unit, "id/id/"; it and all below it
}

// Object is what an action is about, as far as permissions are concerned.
type Object struct {
	Place    place.Path
	Lines    []string // supervisory tags of the unit it concerns
	UnitPath string   // path of that unit in the group trunk, "id/id/"
}

// Reaches reports whether o lies in s.
func (s Scope) Reaches(o Object) bool {
	switch s.Trunk {
	case Territory:
		return s.Place.Contains(o.Place)
	case Line:
		return s.Place.Contains(o.Place) && slices.Contains(o.Lines, s.Line)
	case Group:
		return s.Unit != "" && strings.HasPrefix(o.UnitPath, s.Unit)
	}
	return false
}

// Grant is a set of permissions that holds in a scope.
type Grant struct {
	Role  string
	Scope Scope
	Perms []string // "hazard.triage", …
}

// Actor is the person, token or job behind a call. The zero Actor is the public:
// it may do only what an operation lets everybody do.
type Actor struct {
	ID       string // person
	Unit     string // id of the unit in whose name they act
	UnitPath string // its path in the group trunk
	Home     place.Path
	Grants   []Grant
	Session  string // id of the session or token, for the audit trail
	Channel  string // "web", "h5", "api", "cli", "job"
	Request  string // id of the request, for the log
}

// Public reports whether nobody is signed in.
func (a Actor) Public() bool { return a.ID == "" }

// May reports whether a holds perm over o.
func (a Actor) May(perm string, o Object) bool {
	for _, g := range a.Grants {
		if slices.Contains(g.Perms, perm) && g.Scope.Reaches(o) {
			return true
		}
	}
	return false
}

// Require returns an Unauthenticated error for the public, and a Denied error
// unless a holds perm over o.
func (a Actor) Require(perm string, o Object) error {
	if a.Public() {
		return errs.New(errs.Unauthenticated, "auth.sign_in")
	}
	if a.May(perm, o) {
		return nil
	}
	return errs.New(errs.Denied, "auth.denied", "perm", perm)
}

// Scopes returns where a holds perm: the filter of every list.
func (a Actor) Scopes(perm string) []Scope {
	var out []Scope
	for _, g := range a.Grants {
		if slices.Contains(g.Perms, perm) && !slices.Contains(out, g.Scope) {
			out = append(out, g.Scope)
		}
	}
	return out
}

type key struct{}

// With returns a context in which From finds a.
func With(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, key{}, a) }

// From returns the actor of ctx; without one, the public.
func From(ctx context.Context) Actor { a, _ := ctx.Value(key{}).(Actor); return a }
