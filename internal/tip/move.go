// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
)

const (
	minNote = 2 // characters
	maxNote = 2000
)

// States of an extension and of an erasure.
const (
	extensionAsked   = "asked"
	extensionGranted = "granted"
	extensionDenied  = "denied"
	erasureAsked     = "asked"
	erasureDone      = "done"
)

// Move is one step that somebody asks for, with what it must bring (ActionInfo.Needs).
type Move struct {
	Action  Action
	Version int    // of the tip as the person saw it
	Key     string // idempotency key, or ""

	Words        string   // about the handling, nothing of the tip's content; kept in the history
	Reason       string   // class of a refusal, of Reasons
	Sealed       []byte   // message to the informant
	Channel      string   // that a transfer or a hand-over goes to
	Generation   int      // of its key that Envelope is sealed to
	Envelope     []byte   // the case key, re-wrapped
	Master       string   // id or number of the tip that this one repeats
	Insufficient bool     // merged: it said too little to count in the order of reports
	Person       string   // id of the officer who verifies
	Conclusion   string   // of Conclusions
	Contents     []string // what the sealed answer says it has: all of Contents
	Rewardable   bool
	Hazard       string // id or number of a hazard that there is already

	fresh  bool     // Hazard is made together with the step
	to     *Channel // of Channel, or where an objection goes; looked up
	office office   // that an objection goes to, looked up
}

// check refuses a move that lacks what its action needs. It looks at the move alone; what
// needs a look elsewhere is checked by the service.
func (m *Move) check() error {
	m.Words = strings.TrimSpace(m.Words)
	var bad []errs.Field
	if utf8.RuneCountInString(m.Words) > maxNote {
		bad = append(bad, errs.At("body.words", "field.too_long"))
	}
	for _, need := range actionInfo[m.Action].Needs {
		bad = append(bad, m.lacks(need)...)
	}
	return errs.InvalidFields(bad...)
}

// lacks returns what is wrong with a field that the action needs.
func (m *Move) lacks(need string) []errs.Field {
	switch need {
	case "sealed":
		return checkPadded("body.sealed", m.Sealed, maxMessage)
	case "envelope":
		return checkEnvelope("body.envelope", m.Envelope)
	case "words":
		return unless(utf8.RuneCountInString(m.Words) >= minNote, "words", "tip.needs_words")
	case "reason":
		return unless(slices.Contains(Reasons, m.Reason), need, "tip.needs_reason")
	case "channel_id":
		return unless(m.Channel != "", need, "tip.needs_channel")
	case "master":
		return unless(m.Master != "", need, "tip.needs_master")
	case "person":
		return unless(m.Person != "", "person_id", "tip.needs_person")
	case "conclusion":
		return unless(slices.Contains(Conclusions, m.Conclusion), need, "tip.needs_conclusion")
	case "contents":
		return unless(m.complete(), need, "tip.needs_contents")
	case "hazard":
		return unless(m.fresh || m.Hazard != "", need, "tip.needs_hazard")
	}
	return nil
}

func unless(ok bool, at, key string) []errs.Field {
	if ok {
		return nil
	}
	return []errs.Field{errs.At("body."+at, key)}
}

func (m *Move) complete() bool {
	return !slices.ContainsFunc(Contents, func(c string) bool { return !slices.Contains(m.Contents, c) })
}

// founded reports whether a conclusion confirms what the informant said.
func founded(conclusion string) bool {
	return conclusion == "verified" || conclusion == "partly_verified"
}

// apply takes the step that has been checked and returns what it leaves in the history.
// Clocks are wound afterwards, by the service.
func (t *Tip) apply(m *Move, by actor.Actor, now time.Time) (Moved, error) {
	to, err := t.Status.next(m.Action)
	if err != nil {
		return Moved{}, err
	}
	moved := Moved{TipID: t.ID, At: now, Action: m.Action, From: t.Status, To: to, Actor: by.ID, ActorUnit: by.Unit, Words: m.Words,
		Reason: m.Reason, Late: t.Late(now), Key: m.Key}
	if actionInfo[m.Action].Party == Informant {
		moved.At = now.Truncate(time.Hour)
	}
	t.Status = to
	t.change(m, by, now)
	return moved, nil
}

// change sets what the step says about t besides its status.
func (t *Tip) change(m *Move, by actor.Actor, now time.Time) {
	switch m.Action {
	case Refuse:
		t.Reason, t.Assignee = m.Reason, ""
	case Transfer:
		t.Assignee, t.Reason = "", ""
		t.Office, t.OfficePlace, t.Channel, t.Generation = m.to.Office, m.to.Place, m.to.ID, m.Generation
	case Merge:
		t.Master, t.Insufficient = m.Master, m.Insufficient
	case Assign:
		t.Assignee = m.Person
	case AskExtension:
		t.Extension, t.Asker = extensionAsked, by.ID
	case GrantExtension:
		t.Extension, t.Asker = extensionGranted, ""
	case DenyExtension:
		t.Extension, t.Asker = extensionDenied, ""
	case EscalateDeaths:
		t.Escalated = true
	case Link:
		if !m.fresh {
			t.Hazard = m.Hazard
		}
	case Answer, Reexamine:
		t.Conclusion, t.Rewardable, t.Answered = m.Conclusion, m.Rewardable, &now
		if t.Extension == extensionAsked { // answered in time, without it
			t.Extension, t.Asker = extensionDenied, ""
		}
	case Object:
		t.object(m)
	case HandOver:
		t.Channel, t.Generation, t.HandTo = m.to.ID, m.Generation, ""
	case AskErase:
		t.Erasure, t.Asker = erasureAsked, by.ID
	case Erase:
		t.Erasure, t.Asker = erasureDone, ""
	}
}

// object gives t to the office above. The envelope is still sealed to the key of the one
// whose conclusion is doubted, until that one hands it over.
func (t *Tip) object(m *Move) {
	t.Objections++
	t.Concluded, t.Assignee = t.Office, ""
	t.Office, t.OfficePlace = m.office.unit, m.office.place
	if m.to != nil && m.to.ID != t.Channel {
		t.HandTo = m.to.ID
	}
}
