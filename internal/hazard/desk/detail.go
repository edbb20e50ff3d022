// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"

	"anlan/internal/evidence"
	"anlan/internal/hazard"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
)

// Detail is everything about one hazard that its reader may see.
type Detail struct {
	*hazard.Hazard
	hazard.Parts
	Names    Names
	Clock    *hazard.Clock
	Steps    []hazard.Step
	Timeline []hazard.Moved // the report itself first
	Evidence []evidence.Evidence
	Similar  []Similar        // hints for the triager while the hazard waits for triage
	Repeats  []*hazard.Hazard // hazards that were found to repeat this one
	Contact  bool             // a sealed contact or position is there to be revealed
	Usual    clock.Day        // the last day of the usual term, proposed for an order
}

// Detail returns a hazard that the actor may see, with all that belongs to it; else NotFound.
func (s *Service) Detail(ctx context.Context, idOrNo string) (*Detail, error) {
	h, err := s.Hazards.Hazard(ctx, idOrNo)
	if err != nil {
		return nil, err
	}
	d := &Detail{Hazard: h}
	if d.Parts, err = s.Hazards.Parts(ctx, h); err != nil {
		return nil, err
	}
	if d.Timeline, err = s.Hazards.Timeline(ctx, h); err != nil {
		return nil, err
	}
	if d.Clock, err = s.Hazards.ClockOf(ctx, h); err != nil {
		return nil, err
	}
	if d.Steps, err = s.Hazards.StepsOf(ctx, h); err != nil {
		return nil, err
	}
	all, err := s.Hazards.Evidence.Of(ctx, h.Subject())
	if err != nil {
		return nil, err
	}
	d.Evidence = all[h.Subject()]
	return d, s.complete(ctx, d)
}

// complete adds what others know: hints, names, the usual term.
func (s *Service) complete(ctx context.Context, d *Detail) error {
	var err error
	if d.Repeats, err = repeatsOf(ctx, s.Hazards.DB.Read(), d.ID); err != nil {
		return err
	}
	if d.Contact, err = s.Hazards.HasSealed(ctx, d.Hazard); err != nil {
		return err
	}
	if d.Status == hazard.Reported && d.stepAllowed(hazard.Triage) {
		if d.Similar, err = s.similar(ctx, d); err != nil {
			return err
		}
	}
	if d.Status == hazard.Triaged || d.Status == hazard.Stopped {
		if d.Usual, err = s.Hazards.UsualDeadline(ctx, d.Hazard); err != nil {
			return err
		}
	}
	d.Names, err = s.namesOf(ctx, d)
	return err
}

func (d *Detail) stepAllowed(a hazard.Action) bool {
	for _, step := range d.Steps {
		if step.Action == a {
			return step.Allowed
		}
	}
	return false
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
	return s.lookUp(ctx, places, units, people)
}
