// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/tip"
)

// cursor is where a page of a list ends.
type cursor struct {
	Seq int64      `json:"s"`
	Due *time.Time `json:"d,omitempty"` // when sorted by due
}

// List returns a page of the tips that the actor may see, of no unit that they are bound to.
// Denied for those who see tips nowhere.
func (s *Service) List(ctx context.Context, f Filter, at string, limit int) (page.Of[*tip.Tip], error) {
	var none page.Of[*tip.Tip]
	var after cursor
	if err := page.Decode(at, &after); err != nil {
		return none, err
	}
	if err := f.check(); err != nil {
		return none, err
	}
	by := actor.From(ctx)
	a, ok := f.area(by)
	if !ok {
		return none, errs.New(errs.Denied, "auth.denied", "perm", tip.PermRead)
	}
	if f.Words != "" {
		return s.byNumber(ctx, f.Words)
	}
	kin, err := s.Tips.Org.KinOf(ctx, s.Tips.DB.Read(), by.ID)
	if err != nil {
		return none, err
	}
	a.kin, a.now = kin.Roots, s.Tips.Now()
	rows, err := list(ctx, s.Tips.DB.Read(), &f, a, after, limit+1)
	if err != nil {
		return none, err
	}
	return page.Cut(rows, limit, func(t *tip.Tip) any { return key(&f, t) }), nil
}

func key(f *Filter, t *tip.Tip) cursor {
	if f.Sort == ByDue {
		return cursor{t.Seq, t.Due}
	}
	return cursor{Seq: t.Seq}
}

// byNumber finds the one tip with a number.
func (s *Service) byNumber(ctx context.Context, no string) (page.Of[*tip.Tip], error) {
	t, err := s.Tips.Tip(ctx, no)
	if errs.KindOf(err) == errs.NotFound {
		return page.Of[*tip.Tip]{}, nil
	}
	return page.Of[*tip.Tip]{Items: []*tip.Tip{t}}, err
}
