// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"slices"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/kernel/quantity"
)

const (
	maxFigures = 50  // keys asked for at once
	maxDays    = 800 // of a series
	maxTop     = 100
)

// Figure is a number with its definition's key.
type Figure struct {
	Key   string
	Op    Op
	Unit  quantity.Unit
	N     int64            // of a flow, stock or sum
	Ratio quantity.Ratio   // of a ratio
	Dims  map[string]int64 // how N splits, of a flow or stock
	// Complete is false while an indicator that it needs is still being counted.
	Complete bool
}

// Days is a stretch of days, both ends included. An empty From is the beginning.
type Days struct{ From, To clock.Day }

func (d Days) check() error {
	switch {
	case d.From != "" && !d.From.Valid() || !d.To.Valid():
		return errs.New(errs.Invalid, "stats.bad_day")
	case d.From > d.To:
		return errs.New(errs.Invalid, "stats.ends_before_it_begins")
	}
	return nil
}

// Figure returns one figure of a place or unit. A stock is that of the end of the
// last day. It asks for no permission: it is for domains above, such as portal.
func (s *Service) Figure(ctx context.Context, key string, sc Scope, days Days) (Figure, error) {
	fs, err := s.Figures(ctx, []string{key}, sc, days)
	if err != nil {
		return Figure{}, err
	}
	return fs[0], nil
}

// Figures returns figures in the order of keys, like Figure.
func (s *Service) Figures(ctx context.Context, keys []string, sc Scope, days Days) ([]Figure, error) {
	if len(keys) > maxFigures {
		return nil, errs.New(errs.Invalid, "stats.too_many_keys", "max", maxFigures)
	}
	if err := days.check(); err != nil {
		return nil, err
	}
	book, err := s.open(ctx, keys)
	if err != nil {
		return nil, err
	}
	rows, err := book.read(ctx, s.db.Read(), selection{region: sc.Place, unit: sc.Unit, days: days})
	if err != nil {
		return nil, err
	}
	out := make([]Figure, len(keys))
	for i, k := range keys {
		out[i] = book.figure(k, rows)
	}
	return out, nil
}

// book is the indicators behind some figures.
type book struct {
	all         map[string]Indicator
	flow, stock []string // counted indicators that are needed
}

// open returns the book of keys. A key that there is not is NotFound.
func (s *Service) open(ctx context.Context, keys []string) (*book, error) {
	all, err := s.byKey(ctx)
	if err != nil {
		return nil, err
	}
	b := &book{all: all}
	for _, k := range keys {
		in, ok := all[k]
		if !ok {
			return nil, errs.New(errs.NotFound, "stats.no_indicator", "key", k)
		}
		for _, needed := range in.needs() {
			if all[needed].Op == Flow {
				b.flow = append(b.flow, needed)
			} else {
				b.stock = append(b.stock, needed)
			}
		}
	}
	return b, nil
}

// needs returns the counted indicators that in is made of.
func (in Indicator) needs() []string {
	if in.counted() {
		return []string{in.Key}
	}
	return slices.Concat(in.Num, in.Den)
}

// figure adds up rows for a key.
func (b *book) figure(key string, rows []sum) Figure {
	in := b.all[key]
	f := Figure{Key: key, Op: in.Op, Unit: in.Unit, Complete: true}
	for _, needed := range in.needs() {
		f.Complete = f.Complete && b.all[needed].Live
	}
	if in.counted() {
		f.Dims = map[string]int64{}
	}
	for _, r := range rows {
		if r.Indicator == key {
			f.N += r.N
			f.Dims[r.Dim] += r.N
		}
		if slices.Contains(in.Num, r.Indicator) {
			f.N += r.N
			f.Ratio.Num += r.N
		}
		if slices.Contains(in.Den, r.Indicator) {
			f.Ratio.Den += r.N
		}
	}
	if in.Op == Ratio {
		f.N = 0
	} else {
		f.Ratio = quantity.Ratio{}
	}
	return f
}

// Point is one figure of a series: of a day, a region or a unit.
type Point struct {
	Day    clock.Day
	Region place.Path
	Unit   string
	Figure Figure
}

// ByDay returns a figure for each of the days, of which there may be 800 at most.
func (s *Service) ByDay(ctx context.Context, key string, sc Scope, days Days) ([]Point, error) {
	if err := days.check(); err != nil {
		return nil, err
	}
	if days.From == "" || days.From.Add(maxDays) <= days.To {
		return nil, errs.New(errs.Invalid, "stats.too_many_days", "max", maxDays)
	}
	b, err := s.open(ctx, []string{key})
	if err != nil {
		return nil, err
	}
	rows, err := b.read(ctx, s.db.Read(), selection{region: sc.Place, unit: sc.Unit, days: days, by: "day"})
	if err != nil {
		return nil, err
	}
	in := map[clock.Day][]sum{}
	var before []sum // of stocks, what there was when the days began
	for _, r := range rows {
		switch {
		case r.Day >= days.From:
			in[r.Day] = append(in[r.Day], r)
		case b.all[r.Indicator].Op == Stock:
			before = append(before, r)
		}
	}
	var out []Point
	for d := days.From; d <= days.To; d = d.Add(1) {
		out = append(out, Point{Day: d, Figure: b.figure(key, slices.Concat(before, in[d]))})
		for _, r := range in[d] {
			if b.all[r.Indicator].Op == Stock {
				before = append(before, r)
			}
		}
		before = merged(before)
	}
	return out, nil
}

// merged joins sums of the same indicator and dim, so that a stock's past stays short.
func merged(rows []sum) []sum {
	type id struct{ indicator, dim string }
	at := map[id]int{}
	out := rows[:0:0]
	for _, r := range rows {
		k := id{r.Indicator, r.Dim}
		if i, ok := at[k]; ok {
			out[i].N += r.N
			continue
		}
		at[k] = len(out)
		out = append(out, sum{Indicator: r.Indicator, Dim: r.Dim, N: r.N})
	}
	return out
}

// ByRegion returns a figure for each region directly below a place where anything
// was ever counted, in the order of the tree.
func (s *Service) ByRegion(ctx context.Context, key string, at place.Path, days Days) ([]Point, error) {
	if err := days.check(); err != nil {
		return nil, err
	}
	b, err := s.open(ctx, []string{key})
	if err != nil {
		return nil, err
	}
	children, err := childrenOf(ctx, s.db.Read(), b.all[key].needs(), at)
	if err != nil || len(children) == 0 {
		return nil, err
	}
	rows, err := b.read(ctx, s.db.Read(), selection{regions: children, days: days, by: "region"})
	if err != nil {
		return nil, err
	}
	of := map[place.Path][]sum{}
	for _, r := range rows {
		of[r.Region] = append(of[r.Region], r)
	}
	out := make([]Point, len(children))
	for i, c := range children {
		out[i] = Point{Region: c, Figure: b.figure(key, of[c])}
	}
	return out, nil
}

// TopUnits returns the units at a place and below with the largest figures, at most
// limit of them. Units, never people: nobody ranks people here.
func (s *Service) TopUnits(ctx context.Context, key string, at place.Path, days Days, limit int) ([]Point, error) {
	if err := days.check(); err != nil {
		return nil, err
	}
	b, err := s.open(ctx, []string{key})
	if err != nil {
		return nil, err
	}
	if !b.all[key].counted() {
		return nil, errs.New(errs.Invalid, "stats.not_counted", "key", key)
	}
	units, err := topUnits(ctx, s.db.Read(), b.all[key], at, days, min(limit, maxTop))
	if err != nil {
		return nil, err
	}
	out := make([]Point, len(units))
	for i, u := range units {
		out[i] = Point{Unit: u.Unit, Figure: b.figure(key, []sum{u})}
	}
	return out, nil
}
