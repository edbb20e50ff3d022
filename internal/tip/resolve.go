// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"cmp"
	"context"
	"slices"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// office is who handles a tip.
type office struct {
	unit  string
	place place.Path
}

// resolve looks up what a step names, and puts its ids in place.
func (s *Service) resolve(ctx context.Context, st standing, t *Tip, m *Move) error {
	switch m.Action {
	case Transfer:
		return s.resolveChannel(ctx, t, m)
	case HandOver:
		if m.Channel != t.HandTo {
			return errs.InvalidFields(errs.At("body.channel_id", "tip.needs_channel"))
		}
		return s.resolveChannel(ctx, t, m)
	case Merge:
		return s.resolveMaster(ctx, t, m)
	case Assign:
		return s.resolveOfficer(ctx, t, m)
	case Link:
		if !m.fresh {
			return s.resolveHazard(ctx, t, m)
		}
	}
	return nil
}

// resolveChannel finds where a tip goes, whose key its envelope must be sealed to now. What
// names a unit never goes to an office of its group.
func (s *Service) resolveChannel(ctx context.Context, t *Tip, m *Move) error {
	q := s.DB.Read()
	c, err := s.Keys.Channel(ctx, q, m.Channel)
	if errs.KindOf(err) == errs.NotFound || err == nil && c.ID == t.Channel {
		return errs.InvalidFields(errs.At("body.channel_id", "tip.needs_channel"))
	}
	if err != nil {
		return err
	}
	if c.Generation != m.Generation {
		return errStale()
	}
	party, err := s.parties(ctx, q, t, []Channel{*c})
	if err != nil {
		return err
	}
	if party(c) {
		return errs.InvalidFields(errs.At("body.channel_id", "tip.channel_concerned"))
	}
	m.to = c
	return nil
}

// parties returns a test of whether a channel may be a party to what t says.
func (s *Service) parties(ctx context.Context, q db.Q, t *Tip, all []Channel) (func(*Channel) bool, error) {
	if t.Unit == "" {
		return func(*Channel) bool { return false }, nil
	}
	u, err := s.Org.UnitTx(ctx, q, t.Unit)
	if err != nil {
		return nil, err
	}
	own, err := s.ownPeople(ctx, q, u, all)
	return func(c *Channel) bool { return c.party(u, own) }, err
}

// resolveMaster finds the tip that t repeats: of the same office, and none that itself
// repeats another.
func (s *Service) resolveMaster(ctx context.Context, t *Tip, m *Move) error {
	bad := errs.InvalidFields(errs.At("body.master", "tip.bad_master"))
	master, err := s.Tip(ctx, m.Master)
	if errs.KindOf(err) == errs.NotFound {
		return bad
	}
	if err != nil {
		return err
	}
	if master.ID == t.ID || master.Office != t.Office || master.Status == Merged || master.Status == Withdrawn || master.Erasure == erasureDone {
		return bad
	}
	if followed, err := hasMerged(ctx, s.DB.Read(), t.ID); err != nil || followed {
		return cmp.Or(err, errs.InvalidFields(errs.At("body.master", "tip.is_master")))
	}
	m.Master = master.ID
	return nil
}

// resolveOfficer finds out whether the person may verify t: somebody of the office who may
// handle and open it, and is no party to it.
func (s *Service) resolveOfficer(ctx context.Context, t *Tip, m *Move) error {
	bad := errs.InvalidFields(errs.At("body.person_id", "tip.needs_person"))
	a, err := s.Org.ActorOf(ctx, m.Person, t.Office)
	if errs.KindOf(err) == errs.NotFound {
		return bad
	}
	if err != nil {
		return err
	}
	if a.Unit != t.Office || !holdsAt(a, PermHandle, t) || !holdsAt(a, PermOpen, t) {
		return bad
	}
	kin, err := s.Org.KinOf(ctx, s.DB.Read(), m.Person)
	if err != nil {
		return err
	}
	took, err := tookPart(ctx, s.DB.Read(), t.ID, m.Person, t.Concluded)
	if err != nil {
		return err
	}
	if t.concerned(kin) || took {
		return errs.InvalidFields(errs.At("body.person_id", "tip.officer_concerned"))
	}
	return nil
}

// resolveHazard finds a hazard that there is already.
func (s *Service) resolveHazard(ctx context.Context, t *Tip, m *Move) error {
	h, err := s.Hazard.Hazard(ctx, m.Hazard)
	if errs.KindOf(err) == errs.NotFound {
		return errs.InvalidFields(errs.At("body.hazard", "tip.needs_hazard"))
	}
	if err != nil {
		return err
	}
	m.Hazard, t.HazardStatus = h.ID, string(h.Status)
	return nil
}

// resolveAbove finds the office that re-examines what t's office concluded: the nearest
// above it that has a key and is no party; without one, the safety office above.
func (s *Service) resolveAbove(ctx context.Context, q db.Q, t *Tip, m *Move) error {
	rungs, err := s.Org.Rungs(ctx, q, t.OfficePlace)
	if err != nil {
		return err
	}
	rungs = slices.DeleteFunc(rungs, t.OfficePlace.Contains)
	all, err := s.Keys.ChannelsAt(ctx, q, rungs)
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b Channel) int {
		return cmp.Compare(slices.Index(rungs, a.Place), slices.Index(rungs, b.Place))
	})
	party, err := s.parties(ctx, q, t, all)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(c Channel) bool { return c.Office != t.Office && !party(&c) }); i >= 0 {
		m.to, m.office = &all[i], office{all[i].Office, all[i].Place}
		return nil
	}
	return s.resolveKeyless(ctx, t, m, rungs)
}

// resolveKeyless gives a re-examination to an office that cannot open what is sealed yet;
// where none is set up at all it stays, and whoever may approve above concludes it.
func (s *Service) resolveKeyless(ctx context.Context, t *Tip, m *Move, rungs []place.Path) error {
	m.office = office{t.Office, t.OfficePlace}
	if len(rungs) == 0 {
		return nil
	}
	u, err := s.Org.OfficeFor(ctx, rungs[0])
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	if err == nil && (t.Unit == "" || org.RootOf(u.GroupPath) != org.RootOf(t.UnitPath)) {
		m.office = office{u.ID, u.Place}
	}
	return err
}
