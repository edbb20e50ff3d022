// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"anlan/internal/hazard"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
)

// deskWaits are the statuses in which an office has something to do; the others wait for
// the unit. What is overdue waits for both: the unit must rectify, the office must press.
var deskWaits = []hazard.Status{hazard.Reported, hazard.Transferred, hazard.Triaged, hazard.OnSpotFixed, hazard.Stopped,
	hazard.Extension, hazard.Overdue, hazard.Accepting, hazard.Accepted, hazard.ResumeReview}

// unitWaits are the statuses in which a unit has something to do about a hazard that an
// office handles; an internal one is its own business throughout.
var unitWaits = []hazard.Status{hazard.Triaged, hazard.OnSpotFixed, hazard.Ordered, hazard.Stopped, hazard.Rectifying,
	hazard.Overdue, hazard.Accepted}

// Waiting is a hazard that waits for somebody, with the clock and the steps they may take.
type Waiting struct {
	*hazard.Hazard
	Clock *hazard.Clock
	Steps []hazard.Step // those allowed
}

// WaitClock is how the time of something that waits stands.
type WaitClock string

const (
	Late  WaitClock = "late"  // over
	Today WaitClock = "today" // over at the end of today, Beijing time
	Later WaitClock = "later"
)

// WaitFilter narrows an inbox; its zero value narrows nothing.
type WaitFilter struct {
	Status hazard.Status
	Clock  WaitClock

	now, midnight time.Time
}

func (w *WaitFilter) check(now time.Time) error {
	w.now, w.midnight = now, clock.DayOf(now).End()
	if w.Status != "" && !w.Status.Valid() || w.Clock != "" && w.Clock != Late && w.Clock != Today && w.Clock != Later {
		return errs.New(errs.Invalid, "hazard.bad_filter")
	}
	return nil
}

// Inbox is what waits for the actor: immediate danger first, then what is due first.
type Inbox struct {
	Page   page.Of[Waiting]
	Names  Names
	Counts map[hazard.Status]int // of all that waits, by status
	Clocks map[WaitClock]int     // of all that waits, by clock
	More   bool                  // there is more than Counts says: counting stops at countMost
}

// countMost bounds the counting: a number above it is "999+" on every page.
const countMost = 1000

// post is one place where things wait: at the desk of an office, or at a unit and those
// below it.
type post struct {
	handler  string // id of an office
	unitPath string // of a unit
}

// posts returns the places at which things wait for by.
func posts(by actor.Actor) []post {
	var out []post
	for _, g := range by.Grants {
		switch {
		case g.Scope.Trunk != actor.Group && slices.ContainsFunc(g.Perms, isDeskPerm):
			for id := range strings.SplitSeq(strings.TrimSuffix(by.UnitPath, "/"), "/") {
				if p := (post{handler: id}); id != "" && !slices.Contains(out, p) {
					out = append(out, p)
				}
			}
		case g.Scope.Trunk == actor.Group && g.Scope.Unit != "" && slices.ContainsFunc(g.Perms, isUnitPerm):
			if p := (post{unitPath: g.Scope.Unit}); !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

func isDeskPerm(p string) bool {
	return slices.Contains([]string{hazard.PermTriage, hazard.PermOrder, hazard.PermAccept, hazard.PermClose, hazard.PermDecideExtension}, p)
}

func isUnitPerm(p string) bool {
	return p == hazard.PermRectify || p == hazard.PermOrder || p == hazard.PermAccept
}

// inboxKey is where a page of the inbox ends.
type inboxKey struct {
	Calm bool      `json:"c"` // behind all that is in danger
	Due  time.Time `json:"d"`
	Seq  int64     `json:"s"`
}

func inboxKeyOf(h *hazard.Hazard) inboxKey { return inboxKey{!inDanger(h), *h.Due, h.Seq} }

func inDanger(h *hazard.Hazard) bool { return h.Danger && h.Status == hazard.Reported }

func compareKeys(a, b inboxKey) int {
	if a.Calm != b.Calm {
		if b.Calm {
			return -1
		}
		return 1
	}
	return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Seq, b.Seq))
}

// Inbox returns a page of what waits for the actor in ctx, as far as w lets it. Hazards with which they may take
// no step are left out, so that a page may be shorter than limit.
func (s *Service) Inbox(ctx context.Context, w WaitFilter, at string, limit int) (*Inbox, error) {
	var after inboxKey
	if err := errors.Join(page.Decode(at, &after), w.check(s.Hazards.Now())); err != nil {
		return nil, err
	}
	in := &Inbox{Counts: map[hazard.Status]int{}, Clocks: map[WaitClock]int{}}
	var all []*hazard.Hazard
	for _, p := range posts(actor.From(ctx)) {
		rows, err := s.waitingAt(ctx, p, w, after, limit+1)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
		if at == "" {
			if err := s.count(ctx, p, w, in); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(all, func(a, b *hazard.Hazard) int { return compareKeys(inboxKeyOf(a), inboxKeyOf(b)) })
	all = slices.CompactFunc(all, func(a, b *hazard.Hazard) bool { return a.Seq == b.Seq })
	cut := page.Cut(all, limit, func(h *hazard.Hazard) any { return inboxKeyOf(h) })
	in.Page.Next = cut.Next
	return in, s.fill(ctx, in, cut.Items)
}

// waitingAt reads one post: what is in danger, and then the rest.
func (s *Service) waitingAt(ctx context.Context, p post, w WaitFilter, after inboxKey, limit int) ([]*hazard.Hazard, error) {
	q := s.Hazards.DB.Read()
	var out []*hazard.Hazard
	if !after.Calm {
		rows, err := waiting(ctx, q, p, w, true, after, limit)
		if err != nil || len(rows) == limit {
			return rows, err
		}
		out = rows
		after = inboxKey{}
	}
	rows, err := waiting(ctx, q, p, w, false, after, limit-len(out))
	return append(out, rows...), err
}

func (s *Service) count(ctx context.Context, p post, w WaitFilter, in *Inbox) error {
	counts, err := countWaiting(ctx, s.Hazards.DB.Read(), p, w, countMost)
	total := 0
	for _, c := range counts {
		in.Counts[c.Status] += c.N
		in.Clocks[Late] += c.Late
		in.Clocks[Today] += c.Today
		in.Clocks[Later] += c.N - c.Late - c.Today
		total += c.N
	}
	in.More = in.More || total >= countMost
	return err
}

// fill adds clocks, steps and names.
func (s *Service) fill(ctx context.Context, in *Inbox, hs []*hazard.Hazard) error {
	for _, h := range hs {
		w := Waiting{Hazard: h}
		steps, err := s.Hazards.StepsOf(ctx, h)
		if err != nil {
			return err
		}
		w.Steps = slices.DeleteFunc(steps, func(st hazard.Step) bool { return !st.Allowed })
		if len(w.Steps) == 0 {
			continue
		}
		if w.Clock, err = s.Hazards.ClockOf(ctx, h); err != nil {
			return err
		}
		in.Page.Items = append(in.Page.Items, w)
	}
	var err error
	in.Names, err = s.names(ctx, hs)
	return err
}
