// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"anlan/internal/hazard"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
)

// cursor is where a page of a list ends.
type cursor struct {
	Seq int64      `json:"s"`
	Due *time.Time `json:"d,omitempty"` // when sorted by due
}

// List returns a page of the hazards that the actor may see, of which Words holds only the
// beginning.
func (s *Service) List(ctx context.Context, f Filter, at string, limit int) (page.Of[*hazard.Hazard], error) {
	var none page.Of[*hazard.Hazard]
	var after cursor
	if err := page.Decode(at, &after); err != nil {
		return none, err
	}
	areas, err := s.look(ctx, &f)
	if err != nil {
		return none, err
	}
	if _, ok := hazard.SeqOf(f.Words); ok {
		return s.byNumber(ctx, f.Words)
	}
	rows, err := s.merged(ctx, &f, areas, after, limit+1)
	if err != nil {
		return none, err
	}
	return page.Cut(rows, limit, func(h *hazard.Hazard) any { return key(&f, h) }), nil
}

func key(f *Filter, h *hazard.Hazard) cursor {
	if f.Sort == ByDue {
		return cursor{h.Seq, h.Due}
	}
	return cursor{Seq: h.Seq}
}

// look checks f and finds where it has to look.
func (s *Service) look(ctx context.Context, f *Filter) ([]area, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	if f.Unit != "" {
		u, err := s.Hazards.Org.Unit(ctx, f.Unit)
		if errs.KindOf(err) == errs.NotFound {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		f.unitPath = u.GroupPath
	}
	return f.areas(actor.From(ctx)), nil
}

// merged reads each area and returns the first limit hazards of all, each once.
func (s *Service) merged(ctx context.Context, f *Filter, areas []area, after cursor, limit int) ([]*hazard.Hazard, error) {
	var all []*hazard.Hazard
	for _, a := range areas {
		rows, err := list(ctx, s.Hazards.DB.Read(), f, a, after, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	if len(areas) > 1 {
		slices.SortFunc(all, func(a, b *hazard.Hazard) int { return order(f, a, b) })
		all = slices.CompactFunc(all, func(a, b *hazard.Hazard) bool { return a.Seq == b.Seq })
	}
	return all[:min(len(all), limit)], nil
}

func order(f *Filter, a, b *hazard.Hazard) int {
	if f.Sort == ByDue {
		return cmp.Or(a.Due.Compare(*b.Due), cmp.Compare(a.Seq, b.Seq))
	}
	return cmp.Compare(b.Seq, a.Seq)
}

// byNumber finds the one hazard with a number.
func (s *Service) byNumber(ctx context.Context, no string) (page.Of[*hazard.Hazard], error) {
	h, err := s.Hazards.Hazard(ctx, no)
	if errs.KindOf(err) == errs.NotFound {
		return page.Of[*hazard.Hazard]{}, nil
	}
	return page.Of[*hazard.Hazard]{Items: []*hazard.Hazard{h}}, err
}
