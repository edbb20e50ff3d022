// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"slices"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// Act takes one step with a hazard on behalf of the actor in ctx and returns the hazard
// after it. A step under a key that was used before is taken once and answered again.
// Errors: NotFound for a hazard that the actor may not see, Conflict when it has moved on
// since m.Version or has no such step, Denied for a step that is somebody else's, Invalid
// when the step lacks something.
func (s *Service) Act(ctx context.Context, idOrNo string, m Move) (*Hazard, error) {
	by := actor.From(ctx)
	h, err := s.Hazard(ctx, idOrNo)
	if err != nil {
		return nil, err
	}
	m.Key = stepKey(by, m.Key)
	if taken, err := stepTaken(ctx, s.DB.Read(), h.ID, m.Key); taken || err != nil {
		return h, err
	}
	err = s.act(ctx, by, h, &m)
	if errs.KindOf(err) == errs.Conflict && m.Key != "" { // perhaps by the first of two equal requests
		if taken, takenErr := stepTaken(ctx, s.DB.Read(), h.ID, m.Key); taken && takenErr == nil {
			return s.find(ctx, s.DB.Read(), h.ID)
		}
	}
	return h, err
}

// act decides before the transaction and writes within it: h's version in the update is
// what makes the two one.
func (s *Service) act(ctx context.Context, by actor.Actor, h *Hazard, m *Move) error {
	now := s.Now()
	if _, ok := actionInfo[m.Action]; !ok {
		return errs.InvalidFields(errs.At("body.action", "field.not_a_choice"))
	}
	if m.Version != h.Version {
		return conflict(h)
	}
	st, err := s.standingOf(ctx, by, h)
	if err != nil {
		return err
	}
	if err := h.refusal(m.Action, st, now); err != nil {
		return err
	}
	if err := m.check(h, clock.DayOf(now)); err != nil {
		return err
	}
	wasUnitPath := h.UnitPath
	if err := s.resolve(ctx, h, m, now); err != nil {
		return err
	}
	moved, err := h.apply(m, by, now)
	if err != nil {
		return err
	}
	moved.WasUnitPath = wasUnitPath
	if err := s.setClocks(ctx, h, m, now); err != nil {
		return err
	}
	return s.write(ctx, h, m, moved)
}

// standingOf finds out what separates by from those who rectified h.
func (s *Service) standingOf(ctx context.Context, by actor.Actor, h *Hazard) (standing, error) {
	st := standing{by: by}
	if !slices.ContainsFunc(separated, func(a Action) bool { return len(steps[h.Status][a]) > 0 }) {
		return st, nil // nothing to judge: do not ask
	}
	for _, boss := range h.rectifierIDs() {
		under, err := s.Org.WorksUnder(ctx, s.DB.Read(), by.ID, boss)
		if err != nil {
			return st, err
		}
		st.under = st.under || under
	}
	if h.Unit == "" || by.ID == "" {
		return st, nil
	}
	_, err := s.Org.ActorOf(ctx, by.ID, h.Unit)
	st.member = err == nil
	if errs.KindOf(err) == errs.NotFound { // does not work there
		err = nil
	}
	return st, err
}

// resolve looks up what a step names, and puts its ids in place.
func (s *Service) resolve(ctx context.Context, h *Hazard, m *Move, now time.Time) error {
	switch m.Action {
	case Triage, Regrade:
		if m.Standard != "" || m.Clause != "" {
			if _, _, err := s.Rules.ClauseOn(ctx, m.Standard, m.Clause, clock.DayOf(now)); err != nil {
				return err
			}
		}
		if m.Unit != "" {
			return s.assign(ctx, h, m.Unit, "unit_id")
		}
	case MarkDuplicate:
		return s.resolveMaster(ctx, h, m)
	case Transfer:
		return s.resolveReceiver(ctx, h, m)
	case Order:
		p := m.Order
		p.HazardID, p.Version, p.At, p.OrderedBy = h.ID, h.Version+1, now, actor.From(ctx).ID
		if err := s.checkOwner(ctx, p); err != nil {
			return err
		}
		return s.assign(ctx, h, p.OwnerUnit, "order.owner_unit")
	case Plan:
		m.Governance.HazardID, m.Governance.By, m.Governance.At = h.ID, actor.From(ctx).ID, now
	case ReportMajor:
		m.Receipts.HazardID, m.Receipts.By, m.Receipts.At = h.ID, actor.From(ctx).ID, now
	}
	return nil
}

// assign makes h the matter of a unit: the one that rectifies. An internal hazard stays
// within its unit; any other within its county.
func (s *Service) assign(ctx context.Context, h *Hazard, unitID, at string) error {
	u, err := s.Org.Unit(ctx, unitID)
	if errs.KindOf(err) == errs.NotFound || err == nil && !u.Live() {
		return errs.InvalidFields(errs.At("body."+at, "hazard.no_unit"))
	}
	if err != nil {
		return err
	}
	near := h.County.Contains(u.Place) || u.Place.Contains(h.Place)
	if h.Internal {
		near = belongsTo(u.GroupPath, h.Handler)
	}
	if u.ID != h.Unit && !near {
		return errs.InvalidFields(errs.At("body."+at, "hazard.unit_elsewhere"))
	}
	h.Unit, h.UnitPath, h.Lines = u.ID, u.GroupPath, lineText(u.Lines)
	return nil
}

func (s *Service) checkOwner(ctx context.Context, p *RectificationPlan) error {
	if p.OwnerPerson == "" {
		return nil
	}
	names, err := s.Org.PersonNames(ctx, []string{p.OwnerPerson})
	if err == nil && names[p.OwnerPerson] == "" {
		return errs.InvalidFields(errs.At("body.order.owner_person", "hazard.needs_person"))
	}
	return err
}

// resolveMaster finds the hazard that h repeats. It must be visible, and none that itself
// repeats another: chains would hide where the work is done.
func (s *Service) resolveMaster(ctx context.Context, h *Hazard, m *Move) error {
	master, err := s.Hazard(ctx, m.Master)
	if errs.KindOf(err) == errs.NotFound {
		return errs.InvalidFields(errs.At("body.master", "hazard.needs_master"))
	}
	if err != nil {
		return err
	}
	if master.ID == h.ID || master.Status == Duplicate || master.Status == Rejected {
		return errs.InvalidFields(errs.At("body.master", "hazard.bad_master"))
	}
	m.Master = master.ID
	return nil
}

// resolveReceiver finds the office that a transfer goes to. What leaves a unit goes to the
// office that answers for the place, unless another is named.
func (s *Service) resolveReceiver(ctx context.Context, h *Hazard, m *Move) error {
	if m.ToUnit == "" {
		office, err := s.Org.OfficeFor(ctx, h.Place)
		if err != nil {
			return err
		}
		m.ToUnit = office.ID
	}
	u, err := s.Org.Unit(ctx, m.ToUnit)
	if errs.KindOf(err) == errs.NotFound || err == nil && (!u.Live() || !isOffice(u) || u.ID == h.Handler) {
		return errs.InvalidFields(errs.At("body.to_unit", "hazard.needs_receiver"))
	}
	return err
}

// setClocks sets the deadline that a step gives, and winds the clock of the new status.
func (s *Service) setClocks(ctx context.Context, h *Hazard, m *Move, now time.Time) error {
	var err error
	switch m.Action {
	case Order:
		err = s.setDeadline(ctx, h, m.Order.Deadline, "order.deadline", now)
	case RequestExtension:
		err = s.mayRun(ctx, h, m.Until, now)
	case GrantExtension:
		if m.Until == "" {
			m.Until = h.ExtensionUntil
		}
		h.ExtensionUntil = ""
		err = s.setDeadline(ctx, h, m.Until, "until", now)
	case Return, RefuseResume:
		if h.Status == Rectifying {
			err = s.setDeadline(ctx, h, m.Until, "until", now)
		}
	case Reopen:
		if h.Status == Rectifying {
			err = s.renewDeadline(ctx, h, m, now)
		}
	}
	if err != nil {
		return err
	}
	return s.wind(ctx, h, now)
}

// mayRun refuses a day that no extension could give.
func (s *Service) mayRun(ctx context.Context, h *Hazard, until clock.Day, now time.Time) error {
	trial := *h
	return s.setDeadline(ctx, &trial, until, "until", now)
}

// renewDeadline gives a reopened hazard the day in the step, or else the usual term.
func (s *Service) renewDeadline(ctx context.Context, h *Hazard, m *Move, now time.Time) error {
	if m.Until != "" {
		return s.setDeadline(ctx, h, m.Until, "until", now)
	}
	d, err := s.Rules.Deadline(ctx, ruleRectify, h.Place, now)
	if err != nil {
		return err
	}
	h.Deadline, h.DeadlineRule = &d.At, d.RuleID
	return nil
}

// write stores the step: the hazard unless it moved on, its history, its parts, its
// evidence and its ledger entry, all or nothing.
func (s *Service) write(ctx context.Context, h *Hazard, m *Move, moved Moved) error {
	read := h.Version
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		h.Version = read // the transaction may run again
		if err := save(ctx, tx, h); err != nil {
			return err
		}
		moved.Version, moved.Due, moved.DueRule = h.Version, h.Due, h.DueRule
		if err := insertMoved(ctx, tx, []Moved{moved}); err != nil {
			return err
		}
		if err := saveParts(ctx, tx, m); err != nil {
			return err
		}
		if err := s.attach(ctx, tx, h, m); err != nil {
			return err
		}
		return s.Ledger.Record(ctx, tx, moved.entry(h))
	})
}

// purposes name what the pictures of a step are for.
var purposes = map[Action]string{FixOnSpot: "rectified", Submit: "rectified", Accept: "accepted", Return: "accepted",
	Plan: "plan", ReportMajor: "receipt", RequestExtension: "plan", Order: "order", Reopen: "reopened"}

func (s *Service) attach(ctx context.Context, tx db.Tx, h *Hazard, m *Move) error {
	for _, part := range []struct {
		purpose string
		refs    []evidence.Ref
	}{{"report", m.Before}, {purposes[m.Action], m.After}} {
		if len(part.refs) == 0 {
			continue
		}
		if part.purpose == "" {
			return errs.InvalidFields(errs.At("body.after", "hazard.no_evidence_here"))
		}
		if err := s.Evidence.AttachTx(ctx, tx, h.exhibit(), part.purpose, part.refs); err != nil {
			return err
		}
	}
	return nil
}
