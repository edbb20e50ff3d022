// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"slices"
	"strings"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
)

// cell is one counter: of an indicator, for a region and all below it (Unit ""),
// for a unit and all below it in its group (Region ""), or for one unit at its place.
type cell struct {
	indicator string
	region    place.Path
	unit      string
	dim       string
	day       clock.Day
}

// counter adds entries up in memory.
type counter struct {
	cells map[cell]int64
	rules map[string]*kindRules // by kind of entry
	days  map[int64]clock.Day   // by day number: a day's name is made once
}

// kindRules is what entries of one kind count for.
type kindRules struct {
	facts   []string // the facts that any rule looks at
	values  []string
	present []bool
	rules   []rule
}

// rule is a Part with its facts as indexes into kindRules.facts.
type rule struct {
	in       *Indicator
	part     *Part
	where    []condition
	dim      int // -1: none
	unitFact int
}

type condition struct {
	fact int
	in   []string
}

// newCounter returns a counter for the counted ones among indicators.
func newCounter(indicators []Indicator) *counter {
	c := &counter{cells: map[cell]int64{}, rules: map[string]*kindRules{}, days: map[int64]clock.Day{}}
	for i := range indicators {
		for j := range indicators[i].Parts {
			c.addRule(&indicators[i], &indicators[i].Parts[j])
		}
	}
	for _, k := range c.rules {
		k.values, k.present = make([]string, len(k.facts)), make([]bool, len(k.facts))
	}
	return c
}

func (c *counter) addRule(in *Indicator, p *Part) {
	k := c.rules[p.Kind]
	if k == nil {
		k = &kindRules{}
		c.rules[p.Kind] = k
	}
	r := rule{in: in, part: p, dim: k.fact(p.Dim), unitFact: k.fact(p.UnitFact)}
	for fact, values := range p.Where {
		r.where = append(r.where, condition{k.fact(fact), values})
	}
	k.rules = append(k.rules, r)
}

func (k *kindRules) fact(name string) int {
	if name == "" {
		return -1
	}
	if i := slices.Index(k.facts, name); i >= 0 {
		return i
	}
	k.facts = append(k.facts, name)
	return len(k.facts) - 1
}

// add counts e times times: once, or minus once to take it back.
func (c *counter) add(e *ledger.Entry, times int64) {
	k := c.rules[e.Kind]
	if k == nil {
		return
	}
	if len(k.facts) > 0 {
		readFacts(e.Facts, k.facts, k.values, k.present)
	}
	day := c.dayOf(e.Happened)
	for i := range k.rules {
		r := &k.rules[i]
		if n := times * r.worth(k, e, day); n != 0 {
			c.spread(r, k, e, day, n)
		}
	}
}

// worth returns what e adds by r, 0 when r is not about it.
func (r *rule) worth(k *kindRules, e *ledger.Entry, day clock.Day) int64 {
	if day < r.in.ValidFrom || r.in.ValidTo != "" && day > r.in.ValidTo {
		return 0
	}
	for _, w := range r.where {
		if !slices.Contains(w.in, k.values[w.fact]) {
			return 0
		}
	}
	n := int64(1)
	if r.part.Sum != "" {
		n = e.Quantity(r.part.Sum)
	}
	if r.part.Minus {
		return -n
	}
	return n
}

// spread adds n to every counter that e belongs to.
func (c *counter) spread(r *rule, k *kindRules, e *ledger.Entry, day clock.Day, n int64) {
	at := cell{indicator: r.in.Key, dim: r.part.DimIs, day: day}
	if r.dim >= 0 {
		at.dim = k.values[r.dim]
	}
	unit, path := e.Unit, e.UnitPath
	if r.unitFact >= 0 && k.present[r.unitFact] {
		path = k.values[r.unitFact]
		unit = lastOf(path)
	}
	for i := range len(e.Place) {
		if e.Place[i] == '/' {
			at.region = e.Place[:i+1]
			c.cells[at] += n
		}
	}
	if unit == "" {
		return
	}
	at.unit, at.region = unit, e.Place
	c.cells[at] += n
	at.region = ""
	own := true // until the path has named the unit itself
	for id := range strings.SplitSeq(path, "/") {
		if id != "" {
			at.unit = id
			c.cells[at] += n
			own = own && id != unit
		}
	}
	if own {
		at.unit = unit
		c.cells[at] += n
	}
}

func lastOf(path string) string {
	path = strings.TrimSuffix(path, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}

func (c *counter) dayOf(t time.Time) clock.Day {
	const day = 24 * 60 * 60
	n := t.Unix() + 8*60*60 // Beijing
	if n >= 0 {
		n /= day
	} else {
		n = (n - day + 1) / day
	}
	d, ok := c.days[n]
	if !ok {
		d = clock.DayOf(t)
		c.days[n] = d
	}
	return d
}

// result returns the counters that changed, in the order of the table's key, so
// that neighbours are written together.
func (c *counter) result() []change {
	out := make([]change, 0, len(c.cells))
	for at, n := range c.cells {
		if n != 0 {
			out = append(out, change{at, n})
		}
	}
	slices.SortFunc(out, func(a, b change) int { return a.compare(b) })
	return out
}

// change is what is added to one counter.
type change struct {
	cell
	n int64
}

func (a change) compare(b change) int {
	for _, c := range [...]int{strings.Compare(a.indicator, b.indicator), strings.Compare(string(a.region), string(b.region)),
		strings.Compare(a.unit, b.unit), strings.Compare(a.dim, b.dim), strings.Compare(string(a.day), string(b.day))} {
		if c != 0 {
			return c
		}
	}
	return 0
}
