// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
	"anlan/internal/transparency"
)

// Act takes one step with a tip on behalf of the actor in ctx and returns the tip after it.
// A step under a key that was used before is taken once and answered again. Errors: NotFound
// for a tip that the actor may not see, Conflict when it has moved on since m.Version or has
// no such step, Denied for a step that is somebody else's, Invalid when the step lacks
// something.
func (s *Service) Act(ctx context.Context, idOrNo string, m Move) (*Tip, error) {
	return s.take(ctx, idOrNo, m, nil)
}

// take is Act; also does more in the transaction of the step.
func (s *Service) take(ctx context.Context, idOrNo string, m Move, also alongside) (*Tip, error) {
	t, st, err := s.look(ctx, idOrNo)
	if err != nil {
		return nil, err
	}
	m.Key = stepKey(st.by, m.Key)
	if taken, err := stepTaken(ctx, s.DB.Read(), t.ID, m.Key); taken || err != nil {
		return t, err
	}
	err = s.act(ctx, st, t, &m, also)
	if errs.KindOf(err) == errs.Conflict && m.Key != "" { // perhaps by the first of two equal requests
		if taken, takenErr := stepTaken(ctx, s.DB.Read(), t.ID, m.Key); taken && takenErr == nil {
			return byID(ctx, s.DB.Read(), t.ID)
		}
	}
	return t, err
}

// alongside is what happens together with a step, before t is saved.
type alongside func(ctx context.Context, tx db.Tx, t *Tip) error

// act decides before the transaction and writes within it: t's version in the update is
// what makes the two one.
func (s *Service) act(ctx context.Context, st standing, t *Tip, m *Move, also alongside) error {
	now := s.Now()
	if _, ok := actionInfo[m.Action]; !ok {
		return errs.InvalidFields(errs.At("body.action", "field.not_a_choice"))
	}
	if m.Version != t.Version {
		return conflict(t)
	}
	if err := t.refusal(m.Action, st, now); err != nil {
		return err
	}
	if err := m.check(); err != nil {
		return err
	}
	if err := t.twoPeople(m, st.by); err != nil {
		return err
	}
	if err := s.resolve(ctx, st, t, m); err != nil {
		return err
	}
	moved, err := s.move(ctx, t, m, st.by, now)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return s.writeTx(ctx, tx, *t, t, m, moved, also) })
}

// twoPeople keeps anybody from laying a tip aside as unfounded alone: the officer finds,
// somebody else of the office who leads it concludes. And nobody gives a tip to themselves
// to read, but who leads.
func (t *Tip) twoPeople(m *Move, by actor.Actor) error {
	switch {
	case m.Action == Answer && !founded(m.Conclusion) && (by.ID == t.Assignee || !t.led(by)):
		return errs.New(errs.Denied, "tip.two_people")
	case m.Action == Assign && m.Person == by.ID && !t.led(by):
		return errs.New(errs.Denied, "tip.self_assigned")
	}
	return nil
}

// move applies the step and winds the clock.
func (s *Service) move(ctx context.Context, t *Tip, m *Move, by actor.Actor, now time.Time) (Moved, error) {
	was := t.Status
	moved, err := t.apply(m, by, now)
	if err != nil {
		return moved, err
	}
	switch {
	case m.Action == GrantExtension:
		err = s.extend(ctx, t)
	case m.Action == Transfer || t.Status != was && t.Status != Verifying:
		err = s.wind(ctx, t, moved.At)
	}
	moved.Office, moved.Due, moved.DueRule = t.Office, t.Due, t.DueRule
	return moved, err
}

// writeTx stores a step: the tip unless it moved on, its history, what the step brought, its
// leaf in the log and its ledger entry, all or nothing. read is the tip before it is saved,
// for a transaction that runs again.
func (s *Service) writeTx(ctx context.Context, tx db.Tx, read Tip, t *Tip, m *Move, moved Moved, also alongside) error {
	*t = read
	if also != nil {
		if err := also(ctx, tx, t); err != nil {
			return err
		}
	}
	if err := save(ctx, tx, t); err != nil {
		return err
	}
	moved.Version = t.Version
	if err := insertMoved(ctx, tx, &moved); err != nil {
		return err
	}
	if err := s.saveParts(ctx, tx, t, m, moved); err != nil {
		return err
	}
	if err := s.leafTx(ctx, tx, t, m); err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, moved.entry(t))
}

// saveParts stores what the step brought besides what t says itself.
func (s *Service) saveParts(ctx context.Context, tx db.Tx, t *Tip, m *Move, moved Moved) error {
	switch m.Action {
	case Transfer, HandOver:
		if err := saveEnvelope(ctx, tx, t.ID, m.Envelope); err != nil {
			return err
		}
	case Link:
		if err := saveHazardStatus(ctx, tx, t.ID, t.HazardStatus); err != nil {
			return err
		}
	case Erase:
		return eraseSealed(ctx, tx, t.ID)
	}
	if len(m.Sealed) == 0 {
		return nil
	}
	return s.replyTx(ctx, tx, t, string(m.Action), m.Sealed, moved.Actor, strconv.Itoa(moved.Version))
}

// published maps steps to those that the log publishes.
var published = map[Action]transparency.Step{Accept: transparency.Accepted, Transfer: transparency.Transferred, Refuse: transparency.Refused,
	GrantExtension: transparency.Extended, Answer: transparency.Answered, Object: transparency.Objection,
	Reexamine: transparency.Reexamined, Close: transparency.Closed}

// awaited are the words of the log for what an office owes, which monitors know. The term
// of an objection is the informant's: nobody owes anything.
var awaited = map[ClockKind]string{ClockAccept: "acceptance", ClockVerify: "verification", ClockReexamine: "review"}

// leafTx puts the step into the public log, if it is one of those that the log publishes.
func (s *Service) leafTx(ctx context.Context, tx db.Tx, t *Tip, m *Move) error {
	step, public := published[m.Action]
	if !public && m.Action != Erase {
		return nil
	}
	received, err := leafOf(t)
	if err != nil {
		return err
	}
	if m.Action == Erase {
		return s.Log.EraseTx(ctx, tx, received)
	}
	h := transparency.Happening{Received: received, Step: step, Due: transparency.NotDue}
	if m.Action == Refuse {
		h.Reason = strings.ReplaceAll(m.Reason, "_", "-")
	}
	if due, ok := awaited[t.DueKind]; ok {
		h.Due = due
		if m.Action == GrantExtension {
			h.Due = "extension"
		}
	}
	if len(m.Sealed) > 0 {
		h.Document = sha256.Sum256(m.Sealed)
	}
	_, err = s.Log.EventTx(ctx, tx, h)
	return err
}

// informantTx takes the informant's objection or withdrawal in the caller's transaction. A
// Conflict when there is nothing to object to, it is too late, or the tip was answered. A
// hazard that a withdrawn tip became goes on without it.
func (s *Service) informantTx(ctx context.Context, tx db.Tx, t *Tip, m *Move) error {
	now := s.Now()
	if _, err := t.Status.next(m.Action); err != nil {
		return err
	}
	if err := t.notNow(m.Action, now); err != nil {
		return err
	}
	if m.Action == Object {
		if err := s.resolveAbove(ctx, tx, t, m); err != nil {
			return err
		}
	}
	moved, err := s.move(ctx, t, m, actor.Actor{}, now)
	if err != nil {
		return err
	}
	return s.writeTx(ctx, tx, *t, t, m, moved, nil)
}

// stepKey makes of a client's key one that no other person's can equal.
func stepKey(by actor.Actor, key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(by.ID + "\n" + key))
	return hex.EncodeToString(sum[:16])
}
