// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"slices"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/tip"
)

// Sort is the order of a list.
type Sort string

const (
	Newest Sort = "newest" // the default
	ByDue  Sort = "due"    // what is due first; only tips for which the office's clock runs
)

// Filter says which tips a list shows. Its zero value shows those of the reader's office.
type Filter struct {
	Office      string // id of another office, below the reader's
	Below       bool   // those of all offices below the reader's
	Mine        bool   // those that the reader verifies
	Status      []tip.Status
	Open        bool // something is still to be done
	Late        bool // the office let its term pass
	Class       tip.Class
	Source      string
	Danger      bool
	Unread      bool // the informant wrote, and nobody has read it
	Quarantined bool // came in a flood
	Words       string
	Sort        Sort
}

func (f *Filter) check() error {
	bad := slices.ContainsFunc(f.Status, func(s tip.Status) bool { return !s.Valid() }) ||
		f.Class != "" && !slices.Contains(tip.Classes, f.Class) || f.Source != "" && !slices.Contains(tip.Sources, f.Source) ||
		f.Sort != "" && f.Sort != Newest && f.Sort != ByDue
	if bad {
		return errs.New(errs.Invalid, "tip.bad_filter")
	}
	return nil
}

// area is a part of the tips in which a list looks: all its conditions hold.
type area struct {
	office   string
	assignee string
	below    place.Path   // offices of places under this one, not of itself
	scopes   []place.Path // with below: places that the reader's permission reaches
	// kin are the topmost units of the groups that the reader is bound to: what is said of
	// these they never see.
	kin []string
	now time.Time
}

// area returns where by may look; false: nowhere.
func (f *Filter) area(by actor.Actor) (area, bool) {
	var scopes []place.Path
	for _, s := range by.Scopes(tip.PermRead) {
		if s.Trunk == actor.Territory {
			scopes = append(scopes, s.Place)
		}
	}
	switch {
	case len(scopes) == 0:
		return area{}, false
	case f.Mine:
		return area{office: by.Unit, assignee: by.ID}, true
	case f.Office != "" && f.Office != by.Unit:
		return area{office: f.Office, below: by.Home, scopes: scopes}, true
	case f.Below || by.Unit == "":
		return area{below: by.Home, scopes: scopes}, true
	}
	return area{office: by.Unit}, true
}
