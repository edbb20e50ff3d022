// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"slices"
	"strings"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
)

// standing is somebody who wants to take a step, with what the actor alone does not tell.
type standing struct {
	by actor.Actor
	// under: works under somebody who rectified the hazard.
	under bool
	// member: belongs to the unit that rectifies, in whatever name they act now.
	member bool
}

// separated are the steps in which work is judged: who did the work never takes them.
var separated = []Action{Accept, Return, ApproveResume, RefuseResume}

// refusal returns why st may not take a on h now, or nil. The same answer refuses a step
// and is shown beside it.
func (h *Hazard) refusal(a Action, st standing, now time.Time) error {
	if _, err := h.next(a); err != nil {
		return err
	}
	// Who did the work is told so, not that a permission is lacking.
	if slices.Contains(separated, a) {
		if err := h.notSeparate(a, st); err != nil {
			return err
		}
	}
	if err := h.notTheirs(a, st.by); err != nil {
		return err
	}
	return h.notNow(a, now)
}

// notTheirs refuses who has no permission for a over h, or belongs to another party.
func (h *Hazard) notTheirs(a Action, by actor.Actor) error {
	info := actionInfo[a]
	switch info.Party {
	case Desk, Acceptor:
		if h.Internal && info.InUnit == "" {
			return errs.New(errs.Denied, "hazard.only_regulator")
		}
		if !h.deskMay(info, by) {
			return errs.New(errs.Denied, "hazard.only_desk")
		}
	case Receiver:
		if !belongs(by, h.Handler) || !holdsOutsideGroup(by, info.Perm) {
			return errs.New(errs.Denied, "hazard.only_receiver")
		}
	case Rectifier:
		if !h.rectifierMay(info, by) {
			return errs.New(errs.Denied, "hazard.only_unit")
		}
	case Timer:
		return errs.New(errs.Denied, "hazard.only_timer")
	}
	return nil
}

// deskMay: an internal hazard is its unit's own, every other one an office's that is set
// over the place or was handed the hazard.
func (h *Hazard) deskMay(info ActionInfo, by actor.Actor) bool {
	if h.Internal {
		return holdsInGroup(by, info.InUnit, h.Object())
	}
	return reaches(by, info.Perm, h.Object()) || belongs(by, h.Handler) && holdsOutsideGroup(by, info.Perm)
}

// rectifierMay: the unit itself, or an officer who writes down what a unit without an
// account did. That officer then counts among those who rectified.
func (h *Hazard) rectifierMay(info ActionInfo, by actor.Actor) bool {
	if holdsInGroup(by, info.InUnit, h.Object()) {
		return true
	}
	return !h.Internal && (reaches(by, info.Perm, h.Object()) || belongs(by, h.Handler) && holdsOutsideGroup(by, info.Perm))
}

// reaches reports whether by holds perm over o as an office does.
func reaches(by actor.Actor, perm string, o actor.Object) bool {
	return slices.ContainsFunc(by.Grants, func(g actor.Grant) bool {
		return g.Scope.Trunk != actor.Group && slices.Contains(g.Perms, perm) && g.Scope.Reaches(o)
	})
}

// holdsOutsideGroup reports whether by holds perm as an office somewhere.
func holdsOutsideGroup(by actor.Actor, perm string) bool {
	return slices.ContainsFunc(by.Grants, func(g actor.Grant) bool {
		return g.Scope.Trunk != actor.Group && slices.Contains(g.Perms, perm)
	})
}

// holdsInGroup reports whether by holds perm over o as its own unit, or one above it, does.
func holdsInGroup(by actor.Actor, perm string, o actor.Object) bool {
	return slices.ContainsFunc(by.Grants, func(g actor.Grant) bool {
		return g.Scope.Trunk == actor.Group && slices.Contains(g.Perms, perm) && g.Scope.Reaches(o)
	})
}

// belongs reports whether by acts for the unit or for a part of it.
func belongs(by actor.Actor, unit string) bool {
	return unit != "" && by.Unit == unit || belongsTo(by.UnitPath, unit)
}

// isOffice reports whether u can handle other people's hazards.
func isOffice(u *org.Unit) bool { return u.Kind == org.UnitOffice || u.Kind == org.UnitDepartment }

// notSeparate keeps the judge apart from the judged (domain facts §2.2): who rectified, or
// works under somebody who did, or belongs to the rectifying unit never judges. Within a
// unit that found and fixed a general hazard itself, somebody else of it may. The reporter
// alone is no sufficient acceptor.
func (h *Hazard) notSeparate(a Action, st standing) error {
	switch {
	case slices.Contains(h.rectifierIDs(), st.by.ID):
		return errs.New(errs.Denied, "hazard.own_rectification")
	case st.under:
		return errs.New(errs.Denied, "hazard.under_rectifier")
	case !h.Internal && (st.member || h.UnitPath != "" && strings.HasPrefix(st.by.UnitPath, h.UnitPath)):
		return errs.New(errs.Denied, "hazard.rectifying_unit")
	case h.Internal && h.Grade == Major:
		return errs.New(errs.Denied, "hazard.only_regulator")
	case (a == Accept || a == ApproveResume) && h.Reporter != "" && h.Reporter == st.by.ID:
		return errs.New(errs.Denied, "hazard.reporter_accepts")
	case !h.Internal && h.OrderUnit != "" && !h.orderedAtOrBelow(st.by):
		return errs.New(errs.Denied, "hazard.other_office")
	}
	return nil
}

// orderedAtOrBelow reports whether by belongs to the office that ordered, or to one above it
// in the division tree or in its own trunk.
func (h *Hazard) orderedAtOrBelow(by actor.Actor) bool {
	if by.Unit == h.OrderUnit || h.OrderPath != "" && strings.HasPrefix(by.UnitPath, h.OrderPath) {
		return true
	}
	above := by.Home != h.OrderPlace && by.Home.Contains(h.OrderPlace)
	return above || by.UnitPath != "" && strings.HasPrefix(h.OrderPath, by.UnitPath)
}

// notNow holds the conditions that do not depend on the person.
func (h *Hazard) notNow(a Action, now time.Time) error {
	switch a {
	case FixOnSpot:
		if h.Grade == Major {
			return errs.New(errs.Conflict, "hazard.major_on_the_spot")
		}
	case Stop:
		if h.Grade != Major {
			return errs.New(errs.Conflict, "hazard.stop_general")
		}
	case Start:
		if !h.HasOrder {
			return errs.New(errs.Conflict, "hazard.order_first")
		}
	case Order:
		if h.Status == Stopped && h.HasOrder {
			return errs.New(errs.Conflict, "hazard.ordered_already")
		}
	case Plan, ReportMajor:
		if h.Grade != Major {
			return errs.New(errs.Conflict, "hazard.only_major")
		}
	case Transfer:
		if !h.Internal && h.Status != Reported && h.Status != Triaged {
			return errs.New(errs.Conflict, "hazard.transfer_late")
		}
	case RequestExtension:
		if h.Deadline != nil && !now.Before(*h.Deadline) {
			return errs.New(errs.Conflict, "hazard.extension_late")
		}
	case Submit:
		return h.unready()
	case Close:
		if h.needsReview() {
			return errs.New(errs.Conflict, "hazard.review_first")
		}
	case ApplyResume:
		if !h.needsReview() {
			return errs.New(errs.Conflict, "hazard.never_stopped")
		}
	}
	return nil
}

func (h *Hazard) needsReview() bool { return h.WasStopped && !h.Resumed }

// unready says what a major hazard still lacks before its rectification may end:
// the governance plan (令第16号) and both reports (安全生产法 Art. 41).
func (h *Hazard) unready() error {
	if h.Grade != Major {
		return nil
	}
	if !h.HasPlan {
		return errs.New(errs.Conflict, "hazard.plan_missing")
	}
	if !h.HasReceipts {
		return errs.New(errs.Conflict, "hazard.receipts_missing")
	}
	return nil
}

// readableBy reports whether by may see h: within their scope, their own report, or one
// that their office handles or ordered.
func (h *Hazard) readableBy(by actor.Actor) bool {
	if by.May(PermRead, h.Object()) || by.ID != "" && h.Reporter == by.ID {
		return true
	}
	return holdsOutsideGroup(by, PermRead) && (belongs(by, h.Handler) || belongs(by, h.Before) || belongs(by, h.OrderUnit))
}

// belongsTo reports whether a path of the group trunk runs through unit.
func belongsTo(path, unit string) bool {
	return unit != "" && slices.Contains(strings.Split(path, "/"), unit)
}
