// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"slices"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// noPrefix begins the number of a tip: 举报.
const noPrefix = "JB"

// standing is somebody who wants to see a tip or take a step, with what the actor alone
// does not tell.
type standing struct {
	by  actor.Actor
	kin org.Kin
	// judged: worked on the conclusion that is being re-examined.
	judged bool
}

// standingOf finds out what separates the actor of ctx from t.
func (s *Service) standingOf(ctx context.Context, q db.Q, t *Tip) (standing, error) {
	st := standing{by: actor.From(ctx)}
	if st.by.ID == "" {
		return st, nil
	}
	var err error
	if st.kin, err = s.Org.KinOf(ctx, q, st.by.ID); err != nil || t.Status != Reexamining {
		return st, err
	}
	st.judged, err = tookPart(ctx, q, t.ID, st.by.ID, t.Concluded)
	return st, err
}

// concerned reports whether st may be a subject of t: whoever works in the unit that the
// informant named, in its group, or under somebody who does. They see nothing of it.
func (t *Tip) concerned(kin org.Kin) bool {
	if t.Unit == "" {
		return false
	}
	return slices.Contains(kin.Units, t.Unit) || slices.Contains(kin.Roots, org.RootOf(t.UnitPath))
}

// readableBy reports whether st may see that t is there and where it stands: who works in
// the office that handles it or handled it first, and offices above. An enterprise never
// sees a tip, whatever it may do in its own group.
func (t *Tip) readableBy(st standing) bool {
	if t.concerned(st.kin) {
		return false
	}
	if t.over(st.by) && holdsAt(st.by, PermRead, t) {
		return true
	}
	return t.Concluded != "" && st.by.Unit == t.Concluded && holdsAsOffice(st.by, PermRead)
}

// over reports whether by acts for the office that handles t, or from a place above its.
func (t *Tip) over(by actor.Actor) bool { return by.Unit == t.Office || t.above(by) }

func (t *Tip) above(by actor.Actor) bool {
	return by.Unit != t.Office && by.Home != t.OfficePlace && by.Home.Contains(t.OfficePlace)
}

// holdsAt reports whether by holds perm over t's office, as an office does.
func holdsAt(by actor.Actor, perm string, t *Tip) bool {
	return slices.ContainsFunc(by.Grants, func(g actor.Grant) bool {
		return g.Scope.Trunk == actor.Territory && slices.Contains(g.Perms, perm) && g.Scope.Reaches(t.Object())
	})
}

// holdsAsOffice reports whether by holds perm somewhere, as an office does.
func holdsAsOffice(by actor.Actor, perm string) bool {
	return slices.ContainsFunc(by.Grants, func(g actor.Grant) bool {
		return g.Scope.Trunk == actor.Territory && slices.Contains(g.Perms, perm)
	})
}

// refusal returns why st may not take a on t now, or nil. The same answer refuses a step
// and is shown beside it.
func (t *Tip) refusal(a Action, st standing, now time.Time) error {
	if _, err := t.Status.next(a); err != nil {
		return err
	}
	if err := t.notSeparate(a, st); err != nil {
		return err
	}
	if err := t.notTheirs(actionInfo[a], st.by); err != nil {
		return err
	}
	return t.notNow(a, now)
}

// notSeparate keeps apart who asks and who grants, who concludes and who re-examines, who
// verifies and who calls a tip unfounded.
func (t *Tip) notSeparate(a Action, st standing) error {
	switch {
	case t.concerned(st.kin):
		return errs.New(errs.Denied, "tip.concerned")
	case t.decides(a) && t.Asker != "" && t.Asker == st.by.ID:
		return errs.New(errs.Denied, "tip.own_request")
	case a == Reexamine && (st.judged || slices.Contains(st.kin.Units, t.Concluded)):
		return errs.New(errs.Denied, "tip.own_conclusion")
	}
	return nil
}

// decides reports whether a answers a request of somebody else.
func (t *Tip) decides(a Action) bool {
	return slices.Contains([]Action{GrantExtension, DenyExtension, Erase}, a)
}

// notTheirs refuses who has no permission for a step over t, or belongs to another party.
func (t *Tip) notTheirs(info ActionInfo, by actor.Actor) error {
	switch info.Party {
	case Desk:
		if !t.atDesk(info.Action, by) || !holdsAt(by, info.Perm, t) {
			return errs.New(errs.Denied, "tip.only_desk")
		}
	case Officer:
		if !t.officer(by) || !holdsAt(by, info.Perm, t) {
			return errs.New(errs.Denied, "tip.only_officer")
		}
	case Superior:
		if !t.above(by) || !holdsAt(by, info.Perm, t) {
			return errs.New(errs.Denied, "tip.only_superior")
		}
	case Approver:
		if !t.over(by) || !holdsAt(by, info.Perm, t) {
			return errs.New(errs.Denied, "tip.only_approver")
		}
	case FirstOffice:
		if t.Concluded == "" || by.Unit != t.Concluded || !holdsAsOffice(by, info.Perm) {
			return errs.New(errs.Denied, "tip.only_first_office")
		}
	case Informant:
		return errs.New(errs.Denied, "tip.only_informant")
	}
	return nil
}

// atDesk reports whether by acts for the office that handles t. Where no office above was
// set up that could re-examine, whoever acts from above does it.
func (t *Tip) atDesk(a Action, by actor.Actor) bool {
	return by.Unit == t.Office || a == Reexamine && t.Office == t.Concluded && t.above(by)
}

// officer reports whether by has t in hand: it was assigned to them, or they lead the
// office.
func (t *Tip) officer(by actor.Actor) bool {
	return by.Unit == t.Office && (by.ID != "" && by.ID == t.Assignee || t.led(by))
}

func (t *Tip) led(by actor.Actor) bool { return by.Unit == t.Office && holdsAt(by, PermApprove, t) }

// notNow holds the conditions that do not depend on the person.
func (t *Tip) notNow(a Action, now time.Time) error {
	over := t.Due != nil && !now.Before(*t.Due)
	switch {
	case a == AskExtension && t.Extension != "":
		return errs.New(errs.Conflict, "tip.extension_once")
	case a == AskExtension && over:
		return errs.New(errs.Conflict, "tip.extension_late")
	case (a == GrantExtension || a == DenyExtension) && t.Extension != extensionAsked:
		return errs.New(errs.Conflict, "tip.no_extension_asked")
	case a == EscalateDeaths && t.Escalated:
		return errs.New(errs.Conflict, "tip.escalated_already")
	case a == Link && t.Hazard != "":
		return errs.New(errs.Conflict, "tip.linked_already")
	case a == HandOver && t.HandTo == "":
		return errs.New(errs.Conflict, "tip.handed_over")
	case a == Close && t.Status == Answered && !over:
		return errs.New(errs.Conflict, "tip.objection_runs")
	case a == Urge && !t.Late(now):
		return errs.New(errs.Conflict, "tip.not_late")
	case a == Object && t.Objections > 0:
		return errs.New(errs.Conflict, "tip.objected_once")
	case a == Object && over:
		return errs.New(errs.Conflict, "tip.objection_late")
	case a == AskErase && t.Erasure != "":
		return errs.New(errs.Conflict, "tip.erasure_asked")
	case a == Erase && t.Erasure != erasureAsked:
		return errs.New(errs.Conflict, "tip.no_erasure_asked")
	}
	return nil
}

// informantMay returns the steps that the informant may take now.
func (t *Tip) informantMay(now time.Time) []Action {
	var out []Action
	for _, a := range actionsFrom(t.Status) {
		if actionInfo[a].Party == Informant && t.notNow(a, now) == nil {
			out = append(out, a)
		}
	}
	return out
}
