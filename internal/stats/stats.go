// SPDX-License-Identifier: Apache-2.0

// Package stats computes every number that anybody sees. Indicators are data: they
// say which ledger entries count, and for what. A reader of the ledger keeps
// roll-ups of them per region, unit and day; pages read roll-ups and never count rows.
//
// stats.go says what an indicator is, builtin.go has those that ship with the
// program, count.go turns entries into changes of roll-ups and facts.go reads the
// facts of entries; reader.go follows the ledger, backfill.go brings a new indicator
// up to the reader, figures.go answers for numbers, drill.go opens a number down to
// its entries, changed.go tells the outside that numbers moved.
package stats

import (
	"slices"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/quantity"
)

// PermRead lets people see figures of their place or unit.
const PermRead = "stats.read"

// Op says how a figure comes from what was counted.
type Op string

const (
	Flow  Op = "flow"  // what happened in a stretch of days
	Stock Op = "stock" // what there is at the end of a day: all that came less all that went
	Ratio Op = "ratio" // the sum of the flows in Num against that of those in Den
	Sum   Op = "sum"   // the sum of the indicators in Num
)

// Indicator is the definition of a number.
type Indicator struct {
	Key    string
	ZH, EN string
	Unit   quantity.Unit // of the number; of Num and Den for a ratio
	Op     Op
	Parts  []Part   // of a flow or stock: each entry adds what every part that it matches says
	Num    []string // of a ratio or sum: keys of flows, of a sum also of stocks
	Den    []string // of a ratio
	// Entries that happened on these days count; an empty day sets no bound.
	ValidFrom, ValidTo clock.Day
	Builtin            bool
	Live               bool // false while it is being counted from the beginning
}

// Part is one way in which entries count for an indicator.
type Part struct {
	Kind  string              `json:"kind"`            // kind of the entries
	Where map[string][]string `json:"where,omitempty"` // fact: one of these texts; a missing fact is ""
	Sum   quantity.Unit       `json:"sum,omitempty"`   // add this quantity of the entry; "" counts entries
	Minus bool                `json:"minus,omitempty"` // take away instead
	Dim   string              `json:"dim,omitempty"`   // fact by whose value the number is split
	DimIs string              `json:"dim_is,omitempty"`
	// UnitFact names a fact that holds the path of the unit for which this part counts,
	// where that is not the entry's unit: what left a unit that it had before. An
	// entry without the fact counts for its own unit.
	UnitFact string `json:"unit_fact,omitempty"`
}

const (
	maxParts = 20
	maxKeys  = 20
	maxText  = 100 // characters of a name, a fact or its value
)

// counted reports whether the indicator has roll-ups of its own.
func (in Indicator) counted() bool { return in.Op == Flow || in.Op == Stock }

// kinds returns the kinds of entries that count for in.
func (in Indicator) kinds() []string {
	var out []string
	for _, p := range in.Parts {
		if !slices.Contains(out, p.Kind) {
			out = append(out, p.Kind)
		}
	}
	return out
}

// check returns what is wrong with an indicator that somebody wants to add; others
// are those that there are.
func (in Indicator) check(others map[string]Indicator) error {
	var fields []errs.Field
	refuse := func(bad bool, at, key string) {
		if bad {
			fields = append(fields, errs.At(at, key))
		}
	}
	refuse(!goodKey(in.Key), "body.key", "stats.bad_key")
	refuse(in.ZH == "" || len([]rune(in.ZH)) > maxText, "body.zh", "stats.bad_name")
	refuse(in.EN == "" || len([]rune(in.EN)) > maxText, "body.en", "stats.bad_name")
	refuse(!slices.Contains(quantity.Units, in.Unit), "body.unit", "stats.bad_unit")
	refuse(in.ValidFrom != "" && !in.ValidFrom.Valid(), "body.valid_from", "stats.bad_day")
	refuse(in.ValidTo != "" && !in.ValidTo.Valid(), "body.valid_to", "stats.bad_day")
	switch in.Op {
	case Flow, Stock:
		refuse(len(in.Parts) == 0 || len(in.Parts) > maxParts || slices.ContainsFunc(in.Parts, Part.bad), "body.parts", "stats.bad_parts")
		refuse(len(in.Num)+len(in.Den) > 0, "body.num", "stats.not_derived")
		refuse(slices.ContainsFunc(in.Parts, in.otherUnit), "body.parts", "stats.other_unit")
	case Ratio, Sum:
		refuse(len(in.Parts) > 0, "body.parts", "stats.derived")
		refuse(!in.goodKeys(in.Num, others), "body.num", "stats.bad_of")
		refuse((in.Op == Ratio) != (len(in.Den) > 0) || len(in.Den) > 0 && !in.goodKeys(in.Den, others), "body.den", "stats.bad_of")
	default:
		refuse(true, "body.op", "field.not_a_choice")
	}
	return errs.InvalidFields(fields...)
}

func (p Part) bad() bool {
	long := func(s string) bool { return len([]rune(s)) > maxText }
	if p.Kind == "" || long(p.Kind) || long(p.Dim) || long(p.DimIs) || long(p.UnitFact) || len(p.Where) > maxParts {
		return true
	}
	for fact, values := range p.Where {
		if fact == "" || long(fact) || len(values) == 0 || len(values) > maxParts || slices.ContainsFunc(values, long) {
			return true
		}
	}
	return p.Dim != "" && p.DimIs != ""
}

// otherUnit reports whether p counts something else than in.Unit.
func (in Indicator) otherUnit(p Part) bool { return p.Sum != "" && p.Sum != in.Unit }

// goodKeys reports whether keys name counted indicators of the same unit; a ratio
// compares flows.
func (in Indicator) goodKeys(keys []string, others map[string]Indicator) bool {
	if len(keys) == 0 || len(keys) > maxKeys {
		return false
	}
	for _, k := range keys {
		o, ok := others[k]
		if !ok || !o.counted() || o.Unit != in.Unit || in.Op == Ratio && o.Op != Flow {
			return false
		}
	}
	return true
}

func goodKey(key string) bool {
	if len(key) < 3 || len(key) > 60 {
		return false
	}
	for i, r := range key {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r != '.' && r != '_' && !(r >= '0' && r <= '9')) {
			return false
		}
	}
	return true
}
