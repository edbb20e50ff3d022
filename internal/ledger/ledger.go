// SPDX-License-Identifier: Apache-2.0

// Package ledger is the append-only record of everything that happens. Each
// change of state writes one entry in its own transaction; every number is
// computed from entries.
//
// ledger.go holds the entry and its typed kinds, service.go records, reader.go and
// ahead.go walk durable readers over the entries, audit.go lists them for people,
// store*.go alone speak SQL.
package ledger

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/kernel/quantity"
)

// Entry is one thing that happened. It holds no personal data and no words of a
// report: those stay with their domain.
type Entry struct {
	Pos        Pos
	ID         string
	Kind       string // "hazard.reported.v1"
	Campaign   string // id, or "" outside any campaign
	Place      place.Path
	Unit       string // id of the unit it concerns, or ""
	UnitPath   string // path of that unit in the group trunk, "id/id/"
	Actor      string // id of the person, or "" for the public and for jobs
	ActorUnit  string
	Channel    string // "web", "h5", "api", "cli", "job"
	Subject    string // "hazard:<id>"
	Happened   time.Time
	Recorded   time.Time
	Quantities []quantity.Quantity
	Facts      json.RawMessage // flat JSON object of public facts
	Corrects   string          // id of the entry that this one corrects, or ""
	Declared   bool            // reported by hand, of something done outside the system
	// Coarse asks Record to keep the hour only, and an id that says no time: for what an
	// informant does, whom an exact time might give away.
	Coarse bool
}

// Pos is where an entry stands in the order in which readers see entries.
type Pos struct {
	Tx  int64 `json:"t"` // PostgreSQL's transaction; 0 on SQLite
	Seq int64 `json:"s"`
}

// Fact returns one public fact as text, or "" when it is not there.
func (e Entry) Fact(name string) string {
	v, ok := e.FactMap()[name]
	if !ok || v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// FactMap returns the public facts; values are string, float64 or bool.
func (e Entry) FactMap() map[string]any {
	m := map[string]any{}
	if len(e.Facts) > 0 {
		if err := json.Unmarshal(e.Facts, &m); err != nil {
			return map[string]any{}
		}
	}
	return m
}

// Quantity returns how many of u the entry counts, 0 when it counts none.
func (e Entry) Quantity(u quantity.Unit) int64 {
	for _, q := range e.Quantities {
		if q.Unit == u {
			return q.N
		}
	}
	return 0
}

// Kind is a kind of entry whose facts have the type F, a flat struct with JSON tags.
type Kind[F any] struct{ name string }

// Define declares a kind, named "domain.happened.v1" in the past tense. It panics
// when F is not flat, because that is a mistake of ours that no input can cause.
func Define[F any](name string) Kind[F] {
	t := reflect.TypeFor[F]()
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("ledger: facts of %s must be a struct", name))
	}
	for f := range fields(t) {
		switch f.Type.Kind() {
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		default:
			panic(fmt.Sprintf("ledger: %s.%s is not flat", name, f.Name))
		}
	}
	if strings.Count(name, ".") != 2 {
		panic("ledger: a kind is named domain.happened.v1, not " + name)
	}
	return Kind[F]{name}
}

func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

// Name returns the name of the kind.
func (k Kind[F]) Name() string { return k.name }

// Entry returns an entry of this kind with the given facts; the caller adds place,
// unit, subject and quantities.
func (k Kind[F]) Entry(facts F) Entry {
	b, err := json.Marshal(facts)
	if err != nil { // Define has checked the type
		panic(err)
	}
	return Entry{Kind: k.name, Facts: b}
}

// Facts returns the facts of e, or an error when e is of another kind.
func (k Kind[F]) Facts(e Entry) (F, error) {
	var f F
	if e.Kind != k.name {
		return f, errs.New(errs.Internal, "ledger.other_kind", "want", k.name, "got", e.Kind)
	}
	return f, json.Unmarshal(e.Facts, &f)
}
