// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

const (
	maxViews     = 50   // per person
	maxViewName  = 40   // characters
	maxViewQuery = 2000 // bytes
)

// SavedView is a list that a person wants to see again: the query string of its page.
type SavedView struct {
	ID      string    `bun:"id"`
	Person  string    `bun:"person_id"`
	Name    string    `bun:"name"`
	Query   string    `bun:"query"`
	Created time.Time `bun:"created"`
}

// SaveView keeps a view for the actor in ctx; Exhausted when they have too many.
func (s *Service) SaveView(ctx context.Context, name, query string) (*SavedView, error) {
	v := &SavedView{ID: s.Hazards.IDs.New(), Person: actor.From(ctx).ID, Name: strings.TrimSpace(name), Query: query, Created: s.Hazards.Now()}
	if err := checkViewName(v.Name); err != nil {
		return nil, err
	}
	if len(query) > maxViewQuery {
		return nil, errs.InvalidFields(errs.At("body.query", "field.too_long"))
	}
	return v, s.Hazards.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		mine, err := viewsOf(ctx, tx, v.Person)
		if err != nil {
			return err
		}
		if len(mine) >= maxViews {
			return errs.New(errs.Exhausted, "hazard.too_many_views", "max", maxViews)
		}
		return insertView(ctx, tx, v)
	})
}

func checkViewName(name string) error {
	if n := utf8.RuneCountInString(name); n < 1 || n > maxViewName {
		return errs.InvalidFields(errs.At("body.name", "hazard.bad_view", "max", maxViewName))
	}
	return nil
}

// RenameView gives a view of the actor another name; NotFound for anybody else's.
func (s *Service) RenameView(ctx context.Context, id, name string) error {
	name = strings.TrimSpace(name)
	if err := checkViewName(name); err != nil {
		return err
	}
	return s.Hazards.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return ofOneView(renameView(ctx, tx, id, actor.From(ctx).ID, name))
	})
}

// Views returns the actor's saved views, the oldest first.
func (s *Service) Views(ctx context.Context) ([]SavedView, error) {
	return viewsOf(ctx, s.Hazards.DB.Read(), actor.From(ctx).ID)
}

// DeleteView removes a view of the actor; NotFound for anybody else's.
func (s *Service) DeleteView(ctx context.Context, id string) error {
	return s.Hazards.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return ofOneView(deleteView(ctx, tx, id, actor.From(ctx).ID))
	})
}

// ofOneView turns a change of no view at all into NotFound.
func ofOneView(n int64, err error) error {
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "hazard.no_view")
	}
	return err
}
