// SPDX-License-Identifier: Apache-2.0

// Package rules holds what the law and the office prescribe, with the days from
// and to which it holds: dated rules per division, the clocks that run by them,
// the State Council's calendar, and the standards by which a hazard is major.
//
// rules.go has the types and the choice among rules, keys.go every key that
// there is, value.go the form of values, calendar.go and deadline.go the clocks,
// notice.go reads a calendar, standard.go and clauses.go the standards;
// service*.go is what others may ask, cache.go keeps the few rules in memory.
// Code lists (accident classes, industries …) are in rules/taxonomy.
package rules

import (
	"cmp"
	"encoding/json"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// Permissions of this package.
const (
	PermRead = "rules.read"
	PermEdit = "rules.edit"
)

// Rule is a value that holds in a place and all below it, from one day to
// another. It is never rewritten, because decisions name it: a new value is a new
// rule, and only the last day of a rule may be set.
type Rule struct {
	ID        string     `bun:"id,pk"`
	Key       string     `bun:"key"`
	Place     place.Path `bun:"place"`
	ValidFrom clock.Day  `bun:"valid_from"`
	ValidTo   clock.Day  `bun:"valid_to"` // the last day, or "" while no end is known
	Value     string     `bun:"value"`    // JSON, of the form its key prescribes
	SourceDoc string     `bun:"source_doc"`
	Note      string     `bun:"note"`
	Builtin   bool       `bun:"builtin"` // ships with the program as the national default
	CreatedBy string     `bun:"created_by"`
	Created   time.Time  `bun:"created"`
	Version   int        `bun:"version"`
}

// HoldsOn reports whether r is valid on day.
func (r Rule) HoldsOn(day clock.Day) bool {
	return r.ValidFrom <= day && (r.ValidTo == "" || day <= r.ValidTo)
}

// sourceEN is the English of a national default's source; "" for a rule of people's own.
func (r Rule) sourceEN() string {
	if !r.Builtin {
		return ""
	}
	return sourcesEN[r.SourceDoc]
}

// Value is a rule's value as it was resolved; a decision stores RuleID.
type Value struct {
	RuleID, Key string
	Raw         json.RawMessage
	SourceDoc   string
	Place       place.Path // where the rule was made
	ValidFrom   clock.Day
}

func (r Rule) resolved() Value {
	return Value{RuleID: r.ID, Key: r.Key, Raw: json.RawMessage(r.Value), SourceDoc: r.SourceDoc,
		Place: r.Place, ValidFrom: r.ValidFrom}
}

// Term returns the value of a key of kind KindTerm.
func (v Value) Term() (Term, error) { return read[Term](v, KindTerm) }

// Number returns the value of a key of kind KindNumber.
func (v Value) Number() (float64, error) { return read[float64](v, KindNumber) }

// List returns the value of a key of kind KindList, in rising order.
func (v Value) List() ([]int, error) { return read[[]int](v, KindList) }

// Bool returns the value of a key of kind KindBool.
func (v Value) Bool() (bool, error) { return read[bool](v, KindBool) }

func read[T any](v Value, kind Kind) (T, error) {
	var out T
	if keys[v.Key].Kind != kind {
		return out, errs.New(errs.Internal, "rules.other_kind", "key", v.Key, "kind", kind)
	}
	return out, json.Unmarshal(v.Raw, &out)
}

// pick returns the rule that applies at a place on a day: that of the most
// specific division, among its rules the one that began last, and among those the
// one that was written last.
func pick(rules []Rule, at place.Path, on clock.Day) (Rule, bool) {
	var best Rule
	for _, r := range rules {
		if r.Place.Contains(at) && r.HoldsOn(on) && (best.ID == "" || before(best, r) < 0) {
			best = r
		}
	}
	return best, best.ID != ""
}

func before(a, b Rule) int {
	return cmp.Or(cmp.Compare(len(a.Place), len(b.Place)), cmp.Compare(a.ValidFrom, b.ValidFrom), cmp.Compare(a.ID, b.ID))
}

const (
	maxSource = 200 // characters
	maxNote   = 500
)

// check brings the value of a rule that somebody wants to add into its stored
// spelling, or returns all that is wrong with it.
func (r *Rule) check() error {
	def, ok := keys[r.Key]
	if !ok {
		return errs.New(errs.Invalid, "rules.unknown_key", "key", r.Key)
	}
	var fields []errs.Field
	refuse := func(bad bool, at, key string, args ...any) {
		if bad {
			fields = append(fields, errs.At(at, key, args...))
		}
	}
	refuse(!r.Place.Valid(), "body.place", "rules.bad_place")
	refuse(!r.ValidFrom.Valid(), "body.valid_from", "rules.bad_day")
	refuse(r.ValidTo != "" && !r.ValidTo.Valid(), "body.valid_to", "rules.bad_day")
	refuse(r.ValidTo != "" && r.ValidTo < r.ValidFrom, "body.valid_to", "rules.ends_before_it_begins")
	refuse(r.SourceDoc == "", "body.source_doc", "rules.source_missing")
	refuse(len([]rune(r.SourceDoc)) > maxSource, "body.source_doc", "field.too_long")
	refuse(len([]rune(r.Note)) > maxNote, "body.note", "field.too_long")
	text, bad := def.canonical(json.RawMessage(r.Value))
	fields = append(fields, bad...)
	r.Value = text
	refuse(def.Reason && r.Value == "true" && r.Note == "", "body.note", "rules.reason_missing")
	return errs.InvalidFields(fields...)
}
