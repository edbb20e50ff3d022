// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"errors"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/tip"
)

// Detail is one tip with all that belongs to it, but nothing that it says.
type Detail struct {
	*tip.Tip
	Clock    *tip.Clock
	Steps    []tip.Step
	Timeline []tip.Moved
	Readings []tip.Reading
	Rank     tip.Rank
	Family   []*tip.Tip // those of one matter, the first to arrive first; itself alone when there are no others
	Alike    []*tip.Tip
	NotOpen  *errs.Error // why the asker may not open it; nil when they may
	Names    Names
}

// Names are the names of what tips mention by id.
type Names struct {
	Places map[place.Path]string
	Units  map[string]string
	People map[string]string
}

// Detail returns a tip that the actor may see; else NotFound.
func (s *Service) Detail(ctx context.Context, idOrNo string) (*Detail, error) {
	t, err := s.Tips.Tip(ctx, idOrNo)
	if err != nil {
		return nil, err
	}
	d := &Detail{Tip: t}
	if d.Clock, err = s.Tips.ClockOf(ctx, t); err != nil {
		return nil, err
	}
	if d.Steps, err = s.Tips.StepsOf(ctx, t); err != nil {
		return nil, err
	}
	if d.Timeline, err = s.Tips.Timeline(ctx, t); err != nil {
		return nil, err
	}
	if d.Readings, err = s.Tips.Readings(ctx, t); err != nil {
		return nil, err
	}
	if err := s.compare(ctx, d); err != nil {
		return nil, err
	}
	if err := s.mayOpen(ctx, d); err != nil {
		return nil, err
	}
	return d, s.nameDetail(ctx, d)
}

// compare finds the other tips of the matter, and those that may belong to it.
func (s *Service) compare(ctx context.Context, d *Detail) error {
	var err error
	if d.Rank, err = s.Tips.RankOf(ctx, d.Tip); err != nil {
		return err
	}
	if d.Family, err = s.Tips.Family(ctx, d.Rank.Master); err != nil {
		return err
	}
	d.Alike, err = s.alikeTo(ctx, d.Tip)
	return err
}

func (s *Service) mayOpen(ctx context.Context, d *Detail) error {
	err := s.Tips.MayOpen(ctx, d.Tip)
	if e, ok := errors.AsType[*errs.Error](err); ok {
		d.NotOpen = e
		return nil
	}
	return err
}

func (s *Service) nameDetail(ctx context.Context, d *Detail) error {
	all := append([]*tip.Tip{d.Tip}, append(d.Family, d.Alike...)...)
	people := make([]string, 0, len(d.Timeline)+len(d.Readings))
	units := []string{d.FirstOffice, d.Concluded}
	for _, m := range d.Timeline {
		people, units = append(people, m.Actor), append(units, m.ActorUnit, m.Office)
	}
	for _, r := range d.Readings {
		people = append(people, r.Person)
	}
	var err error
	d.Names, err = s.names(ctx, all, units, people)
	return err
}

// names returns the names of what tips mention. A new name is seen after at most memo.Term.
func (s *Service) names(ctx context.Context, ts []*tip.Tip, units, people []string) (Names, error) {
	var places []place.Path
	for _, t := range ts {
		places, units, people = append(places, t.Place), append(units, t.Unit, t.Office), append(people, t.Assignee)
	}
	var n Names
	var err error
	if n.Places, err = s.placeNames.All(ctx, distinct(places), s.Tips.Org.PlaceNames); err != nil {
		return n, err
	}
	if n.Units, err = s.unitNames.All(ctx, distinct(units), s.Tips.Org.UnitNames); err != nil {
		return n, err
	}
	n.People, err = s.personNames.All(ctx, distinct(people), s.Tips.Org.PersonNames)
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
