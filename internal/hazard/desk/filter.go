// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"slices"
	"strings"

	"anlan/internal/hazard"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// Sort is the order of a list.
type Sort string

const (
	Newest Sort = "newest" // the default
	ByDue  Sort = "due"    // what is due first; only hazards for which a clock runs
)

// maxIDs bounds what one may pick row by row.
const maxIDs = 1000

// Filter says which hazards a list shows. Its zero value shows all that the reader may see.
type Filter struct {
	Place    place.Path
	Unit     string // id
	Status   []hazard.Status
	Open     bool // something is still to be done
	Grade    hazard.Grade
	Class    string
	Source   string
	Line     string // supervisory tag of the unit
	Campaign string
	Handler  string // id of the office that handles it
	Overdue  bool   // the deadline of rectification is over
	Danger   bool
	Mine     bool // reported by the reader of the list
	From, To clock.Day
	Words    string   // found in the words of the report, or a number
	IDs      []string // nothing but these, at most maxIDs; nil: all
	Sort     Sort

	unitPath string // of Unit, looked up
}

// check refuses a filter that no page of ours asks for.
func (f *Filter) check() error {
	f.Words = strings.TrimSpace(f.Words)
	if f.Overdue && len(f.Status) == 0 {
		f.Status = []hazard.Status{hazard.Overdue}
	}
	bad := slices.ContainsFunc(f.Status, func(s hazard.Status) bool { return !s.Valid() }) ||
		f.Place != "" && !f.Place.Valid() || f.From != "" && !f.From.Valid() || f.To != "" && !f.To.Valid() ||
		len(f.IDs) > maxIDs ||
		f.Sort != "" && f.Sort != Newest && f.Sort != ByDue || f.Sort == ByDue && f.Words != ""
	if bad {
		return errs.New(errs.Invalid, "hazard.bad_filter")
	}
	return nil
}

// area is a part of the hazards in which a list looks: all its conditions hold.
type area struct {
	place    place.Path
	line     string
	unitPath string
	handler  string
	reporter string
}

// areas returns where by may look, cut down to what f asks for: the parts of a list that
// are read one by one and merged, so that each is served by an index. None: nothing.
func (f *Filter) areas(by actor.Actor) []area {
	if f.Mine {
		return f.cut(area{reporter: by.ID})
	}
	scopes := by.Scopes(hazard.PermRead)
	if f.Handler != "" && f.Handler == by.Unit && slices.ContainsFunc(scopes, isOffices) {
		return f.cut(area{handler: f.Handler}) // also what was transferred from elsewhere
	}
	var out []area
	for _, s := range scopes {
		if !slices.ContainsFunc(scopes, func(o actor.Scope) bool { return o != s && covers(o, s) }) {
			out = append(out, f.cut(area{place: s.Place, line: s.Line, unitPath: s.Unit})...)
		}
	}
	if len(scopes) == 0 && by.ID != "" { // may read only what they reported themselves
		return f.cut(area{reporter: by.ID})
	}
	return out
}

func isOffices(s actor.Scope) bool { return s.Trunk != actor.Group }

// covers reports whether everything in s lies in o too.
func covers(o, s actor.Scope) bool {
	switch o.Trunk {
	case actor.Territory:
		return s.Trunk != actor.Group && o.Place.Contains(s.Place)
	case actor.Line:
		return s.Trunk == actor.Line && o.Line == s.Line && o.Place.Contains(s.Place)
	}
	return s.Trunk == actor.Group && o.Unit != "" && strings.HasPrefix(s.Unit, o.Unit)
}

// cut narrows a to f's place, unit and handler; nothing is left when they do not meet.
func (f *Filter) cut(a area) []area {
	switch {
	case f.Place == "" || f.Place.Contains(a.place):
	case a.place == "" || a.place.Contains(f.Place):
		a.place = f.Place
	default:
		return nil
	}
	switch {
	case f.unitPath == "" || a.unitPath != "" && strings.HasPrefix(a.unitPath, f.unitPath):
	case a.unitPath == "" || strings.HasPrefix(f.unitPath, a.unitPath):
		a.unitPath = f.unitPath
	default:
		return nil
	}
	if f.Handler != "" {
		a.handler = f.Handler
	}
	return []area{a}
}
