// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
)

// ScopesOf returns where the actor of ctx holds perm, without scopes that lie in
// another; Unauthenticated for the public, Denied for those who hold it nowhere.
func ScopesOf(ctx context.Context, perm string) ([]actor.Scope, error) {
	by := actor.From(ctx)
	all := by.Scopes(perm)
	if len(all) == 0 {
		return nil, by.Require(perm, actor.Object{})
	}
	return slices.DeleteFunc(slices.Clone(all), func(s actor.Scope) bool {
		return slices.ContainsFunc(all, func(o actor.Scope) bool { return o != s && covers(o, s) })
	}), nil
}

// covers reports whether everything in s lies in o too.
func covers(o, s actor.Scope) bool {
	switch o.Trunk {
	case actor.Territory:
		return s.Trunk != actor.Group && o.Place.Contains(s.Place)
	case actor.Line:
		return s.Trunk == actor.Line && o.Line == s.Line && o.Place.Contains(s.Place)
	case actor.Group:
		return s.Trunk == actor.Group && o.Reaches(actor.Object{UnitPath: s.Unit})
	}
	return false
}

// visible returns a NotFound error with key for an object that the actor may not see.
func visible(ctx context.Context, perm string, o actor.Object, key string) error {
	err := actor.From(ctx).Require(perm, o)
	if errs.KindOf(err) == errs.Denied {
		return errs.New(errs.NotFound, key)
	}
	return err
}
