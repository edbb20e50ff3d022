// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"slices"

	"anlan/internal/kernel/page"
	"anlan/internal/ledger"
)

const (
	drillPage  = 200 // entries looked at in one go
	drillPages = 10  // goes of one request; then the page is short and the list goes on
)

// Counted is an entry and what it adds to a figure.
type Counted struct {
	Entry  ledger.Entry
	Counts []Count
}

// Count is what an entry adds to one indicator.
type Count struct {
	Key, Dim string
	N        int64
}

// Entries opens a figure down to the ledger entries behind it, the newest first;
// dim, when it is not "", chooses one part of a split. Entries that others correct
// are left out, as they are in the figure. A page may be shorter than limit while
// there are more. The actor in ctx needs PermRead over the place or unit. Of a unit,
// entries that another unit took over from it are not shown.
func (s *Service) Entries(ctx context.Context, key string, sc Scope, days Days, dim, cursor string, limit int) (page.Of[Counted], error) {
	var out page.Of[Counted]
	if err := s.mayRead(ctx, sc); err != nil {
		return out, err
	}
	if err := days.check(); err != nil {
		return out, err
	}
	b, err := s.open(ctx, []string{key})
	if err != nil {
		return out, err
	}
	f, err := s.behind(ctx, b.all[key], b, sc, days)
	if err != nil {
		return out, err
	}
	for range drillPages {
		p, err := s.ledger.List(ctx, f, cursor, drillPage)
		if err != nil {
			return out, err
		}
		found, err := s.counted(ctx, b, key, p.Items, dim)
		if err != nil {
			return out, err
		}
		for _, c := range found {
			out.Items = append(out.Items, c)
			if len(out.Items) == limit {
				out.Next = ledger.CursorAt(c.Entry.Pos)
				return out, nil
			}
		}
		if out.Next, cursor = p.Next, p.Next; cursor == "" {
			return out, nil
		}
	}
	return out, nil
}

// behind returns the filter of the entries that may count.
func (s *Service) behind(ctx context.Context, in Indicator, b *book, sc Scope, days Days) (ledger.Filter, error) {
	f := ledger.Filter{Place: sc.Place, To: days.To.End()}
	if days.From != "" && len(b.stock) == 0 {
		f.From = days.From.Start()
	}
	for _, k := range in.needs() {
		for _, kind := range b.all[k].kinds() {
			if !slices.Contains(f.Kinds, kind) {
				f.Kinds = append(f.Kinds, kind)
			}
		}
	}
	if sc.Unit == "" {
		return f, nil
	}
	o, err := s.org.UnitObject(ctx, sc.Unit)
	f.UnitPath = o.UnitPath
	return f, err
}

// counted returns those of the entries that add something to the figure.
func (s *Service) counted(ctx context.Context, b *book, key string, entries []ledger.Entry, dim string) ([]Counted, error) {
	ids := make([]string, len(entries))
	for i := range entries {
		ids[i] = entries[i].ID
	}
	corrected, err := s.ledger.FirstCorrections(ctx, s.db.Read(), ids)
	if err != nil {
		return nil, err
	}
	var needed []Indicator
	for _, k := range b.all[key].needs() {
		needed = append(needed, b.all[k])
	}
	c := newCounter(needed)
	var out []Counted
	for i := range entries {
		if _, gone := corrected[entries[i].ID]; gone {
			continue
		}
		if counts := c.countsOf(&entries[i], dim); len(counts) > 0 {
			out = append(out, Counted{entries[i], counts})
		}
	}
	return out, nil
}

// countsOf returns what e adds to each indicator at its own place.
func (c *counter) countsOf(e *ledger.Entry, dim string) []Count {
	clear(c.cells)
	c.add(e, 1)
	var out []Count
	for _, ch := range c.result() {
		if ch.region == e.Place && ch.unit == "" && (dim == "" || ch.dim == dim) {
			out = append(out, Count{ch.indicator, ch.dim, ch.n})
		}
	}
	return out
}
