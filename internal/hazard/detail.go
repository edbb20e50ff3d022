// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"

	"anlan/internal/evidence"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
)

// Detail is everything about one hazard that its reader may see.
type Detail struct {
	*Hazard
	Parts
	Names    Names
	Clock    *Clock
	Steps    []Step
	Timeline []Moved // the report itself first
	Evidence []evidence.Evidence
	Similar  []Similar // hints for the triager while the hazard waits for triage
	Repeats  []*Hazard // hazards that were found to repeat this one
	Contact  bool      // a sealed contact or position is there to be revealed
	Usual    clock.Day // the last day of the usual term, proposed for an order
}

// Names are the names of what a hazard mentions by id.
type Names struct {
	Places map[place.Path]string
	Units  map[string]string
	People map[string]string
}

// Detail returns a hazard that the actor may see, with all that belongs to it; else NotFound.
func (s *Service) Detail(ctx context.Context, idOrNo string) (*Detail, error) {
	h, err := s.Hazard(ctx, idOrNo)
	if err != nil {
		return nil, err
	}
	d := &Detail{Hazard: h}
	q := s.DB.Read()
	if d.Parts, err = partsOf(ctx, q, h); err != nil {
		return nil, err
	}
	moves, err := historyOf(ctx, q, h.ID)
	if err != nil {
		return nil, err
	}
	d.Timeline = append([]Moved{h.reported()}, moves...)
	if d.Clock, err = s.ClockOf(ctx, h); err != nil {
		return nil, err
	}
	if d.Steps, err = s.StepsOf(ctx, h); err != nil {
		return nil, err
	}
	all, err := s.Evidence.Of(ctx, h.Subject())
	if err != nil {
		return nil, err
	}
	d.Evidence = all[h.Subject()]
	return d, s.complete(ctx, d)
}

// complete adds what others know: hints, names, the usual term.
func (s *Service) complete(ctx context.Context, d *Detail) error {
	var err error
	if d.Repeats, err = repeatsOf(ctx, s.DB.Read(), d.ID); err != nil {
		return err
	}
	if d.Contact, err = hasSealed(ctx, s.DB.Read(), d.ID); err != nil {
		return err
	}
	if d.Status == Reported && d.stepAllowed(Triage) {
		if d.Similar, err = s.similar(ctx, d); err != nil {
			return err
		}
	}
	if d.Status == Triaged || d.Status == Stopped {
		usual, err := s.Rules.Deadline(ctx, ruleRectify, d.Place, s.Now())
		if err != nil {
			return err
		}
		d.Usual = usual.Last
	}
	d.Names, err = s.namesOf(ctx, d)
	return err
}

func (d *Detail) stepAllowed(a Action) bool {
	for _, step := range d.Steps {
		if step.Action == a {
			return step.Allowed
		}
	}
	return false
}

// reported is the beginning of a timeline: the report.
func (h *Hazard) reported() Moved {
	return Moved{HazardID: h.ID, Version: 1, At: h.Created, Action: "report", To: Reported, Actor: h.Reporter, ActorUnit: h.FromUnit}
}

func (s *Service) namesOf(ctx context.Context, d *Detail) (Names, error) {
	units := []string{d.Unit, d.Handler, d.Before, d.OrderUnit, d.FromUnit}
	people := []string{d.Reporter}
	for _, m := range d.Timeline {
		units, people = append(units, m.ActorUnit), append(people, m.Actor)
	}
	if d.Order != nil {
		units, people = append(units, d.Order.OwnerUnit), append(people, d.Order.OwnerPerson)
	}
	places := []place.Path{d.Place}
	for _, r := range d.Similar {
		places = append(places, r.Place)
	}
	return s.Names(ctx, places, units, people)
}

// Names looks names up; empty ids are passed over.
func (s *Service) Names(ctx context.Context, places []place.Path, units, people []string) (Names, error) {
	var n Names
	var err error
	if n.Places, err = s.Org.PlaceNames(ctx, distinct(places)); err != nil {
		return n, err
	}
	if n.Units, err = s.Org.UnitNames(ctx, distinct(units)); err != nil {
		return n, err
	}
	n.People, err = s.Org.PersonNames(ctx, distinct(people))
	return n, err
}

// distinct returns the values that are not empty, each once.
func distinct[T ~string](all []T) []T {
	seen := make(map[T]bool, len(all))
	out := make([]T, 0, len(all))
	for _, v := range all {
		if v != "" && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}
