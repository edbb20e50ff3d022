// SPDX-License-Identifier: Apache-2.0

package org

import (
	"slices"
	"strings"
	"unicode"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
	"anlan/internal/platform/search"
)

// within limits a query over org_unit u to what lies in one of the scopes.
func within(sel *bun.SelectQuery, scopes []actor.Scope) *bun.SelectQuery {
	if slices.ContainsFunc(scopes, func(s actor.Scope) bool { return s.Trunk == actor.Territory && s.Place == place.Nation }) {
		return sel
	}
	return sel.WhereGroup(" AND ", func(sel *bun.SelectQuery) *bun.SelectQuery {
		for _, s := range scopes {
			sel = sel.WhereGroup(" OR ", func(sel *bun.SelectQuery) *bun.SelectQuery { return reached(sel, s) })
		}
		return sel
	})
}

func reached(sel *bun.SelectQuery, s actor.Scope) *bun.SelectQuery {
	switch s.Trunk {
	case actor.Territory:
		return db.Under(sel, "u.place", string(s.Place))
	case actor.Line:
		return db.Under(sel, "u.place", string(s.Place)).Where("u.lines LIKE ? ESCAPE '!'", infix(" "+s.Line+" "))
	case actor.Group:
		return db.Under(sel, "u.group_path", s.Unit)
	}
	return sel.Where("1 = 0")
}

// narrow reports whether a list shows no more than a few counties or groups. There
// it is faster to look at every name than to look up who of all the hits in the whole
// country lies within.
func narrow(at place.Path, scopes []actor.Scope) bool {
	return !slices.ContainsFunc(scopes, func(s actor.Scope) bool {
		return s.Trunk != actor.Group && max(s.Place.Depth(), at.Depth()) < countyDepth
	})
}

const countyDepth = 3

func hasWords(words string) bool { return strings.TrimSpace(words) != "" }

// wordsOf returns a LIKE pattern, with escape '!', for every word of a search; words
// without a letter or digit make one that nothing is like.
func wordsOf(words string) []string {
	if !hasWords(words) {
		return nil
	}
	parts := strings.FieldsFunc(search.Fold(words), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
	if len(parts) == 0 {
		return []string{"!!"}
	}
	for i, part := range parts {
		parts[i] = infix(part)
	}
	return parts
}
