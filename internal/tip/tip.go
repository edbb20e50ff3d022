// SPDX-License-Identifier: Apache-2.0

// Package tip takes tip-offs in: what somebody tells the authority under seal, named or
// not, and what becomes of it. The server keeps ciphertext and the few open fields that
// routing needs; package tip/keys says who can open it.
//
// tip.go holds the words, state.go the life cycle as a table, channel.go where a tip goes,
// work.go and files.go what comes before one, intake.go how it is taken in, follow.go and
// mailbox.go what its informant sees. move.go has what a step must bring, rights.go who may
// take it, act.go takes it, steps.go tells which there are, clock.go the terms, link.go the
// hazard that it becomes, opening.go who read it, rewrap.go envelopes under another key,
// jobs.go the timer. store*.go alone speak SQL, http*.go alone speak HTTP.
package tip

import (
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// Permissions of this package.
const (
	PermReceive = "tip.receive" // type in what was said by telephone or letter
	PermRead    = "tip.read"    // see the queue, without any content
	PermOpen    = "tip.open"    // open what is sealed, giving a reason
	PermHandle  = "tip.handle"  // decide, verify, answer
	PermApprove = "tip.approve" // as the superior: extensions, re-examinations, late cases
)

// Class is what a tip is about, by the lists of the reward rules (安监总财〔2018〕19号, Art. 2-6).
type Class string

const (
	MajorHazard       Class = "major_hazard"       // 重大事故隐患
	Illegal           Class = "illegal"            // 安全生产违法行为
	ConcealedAccident Class = "concealed_accident" // 瞒报、谎报事故
	GeneralHazard     Class = "general_hazard"     // 一般事故隐患
	Retaliation       Class = "retaliation"        // 打击报复举报人
	Other             Class = "other"
)

// Classes lists every class.
var Classes = []Class{MajorHazard, Illegal, ConcealedAccident, GeneralHazard, Retaliation, Other}

// Sources are the ways on which a tip comes: the page, or an operator who types in what
// reached the office by telephone (12350, 12345, 119, 96119), letter, visit or mail.
var Sources = []string{"web", "12350", "12345", "119", "96119", "letter", "visit", "mail"}

// Tip is one tip-off as the server knows it. What it says is elsewhere, and sealed.
type Tip struct {
	Seq         int64      `bun:"seq,pk,autoincrement"` // order of arrival: the first sufficient one has the claim
	ID          string     `bun:"id"`                   // random: it says no time
	No          string     `bun:"no"`
	LookupHash  []byte     `bun:"lookup_hash"` // SHA-256 of what the query code is looked up by
	Channel     string     `bun:"channel_id"`
	Generation  int        `bun:"generation"` // of the channel's key that the envelope is sealed to
	Office      string     `bun:"office"`     // unit that handles it now
	OfficePlace place.Path `bun:"office_place"`
	FirstOffice string     `bun:"first_office"` // unit that it first came to: who takes it up pays
	Place       place.Path `bun:"place"`
	Class       Class      `bun:"class"`
	Unit        string     `bun:"unit_id"` // that the informant named in the open, or ""
	UnitPath    string     `bun:"unit_path"`
	Source      string     `bun:"source"`
	Danger      bool       `bun:"danger"`
	Named       bool       `bun:"named"`       // the sealed part says who
	Quarantined bool       `bun:"quarantined"` // came in a flood: handled in a lane of its own, never dropped
	Received    time.Time  `bun:"received"`    // cut to the hour

	CaseRecipient    string `bun:"case_recipient"`
	MailboxRecipient string `bun:"mailbox_recipient"`
	Leaf             string `bun:"leaf"`    // hash of its leaf in the transparency log
	Receipt          []byte `bun:"receipt"` // what the informant got, sealed so that only the query code opens it; nil once erased

	Status     Status     `bun:"status"`
	Assignee   string     `bun:"assignee"` // person who verifies
	Master     string     `bun:"master_id"`
	Hazard     string     `bun:"hazard_id"` // the hazard that it became
	Reason     string     `bun:"reason"`    // class of a refusal
	Conclusion string     `bun:"conclusion"`
	Rewardable bool       `bun:"rewardable"`
	Answered   *time.Time `bun:"answered"`
	Extension  string     `bun:"extension"` // "", "asked", "granted" or "denied": once only
	Objections int        `bun:"objections"`
	DueKind    ClockKind  `bun:"due_kind"`
	Due        *time.Time `bun:"due"`
	DueRule    string     `bun:"due_rule"`
	Opened     int        `bun:"opened"`
	Unread     int        `bun:"unread"` // messages of the informant that no officer has opened
	Version    int        `bun:"version"`

	DueFrom      *time.Time `bun:"due_from"`         // what the running term counts from; nil: the arrival
	Asker        string     `bun:"asker"`            // person whose request is being decided: an extension or an erasure
	Escalated    bool       `bun:"escalated"`        // referred to the county government because people died
	Insufficient bool       `bun:"insufficient"`     // merged, and said too little to count in the order of reports
	Concluded    string     `bun:"concluded_office"` // unit whose conclusion was objected to
	HandTo       string     `bun:"hand_to"`          // channel that the envelope is still to be re-wrapped for
	HazardStatus string     `bun:"hazard_status"`    // of Hazard, as it last moved
	Erasure      string     `bun:"erasure"`          // "", "asked" or "done"
}

const subjectPrefix = "tip:"

// Subject names t in the ledger.
func (t *Tip) Subject() string { return subjectPrefix + t.ID }

// Object is what permissions on t are asked about. It lies where its office is set, so that
// an office reads what it handles and its superiors what is below them; never by the unit
// that is named in it.
func (t *Tip) Object() actor.Object { return actor.Object{Place: t.OfficePlace} }

// Moved is one step in the history of a tip. Steps of the informant have their hour only.
type Moved struct {
	TipID     string     `bun:"tip_id"`
	Version   int        `bun:"version"`
	At        time.Time  `bun:"at"`
	Action    Action     `bun:"action"`
	From      Status     `bun:"from_status"`
	To        Status     `bun:"to_status"`
	Actor     string     `bun:"actor"`
	ActorUnit string     `bun:"actor_unit"`
	Office    string     `bun:"office"` // that handled it after the step
	Words     string     `bun:"words"`  // of the office about its handling; nothing of the tip's content
	Reason    string     `bun:"reason"`
	Due       *time.Time `bun:"due"`
	DueRule   string     `bun:"due_rule"`
	Late      bool       `bun:"late"` // the clock that was running had run out
	Key       string     `bun:"step_key"`
}

func notFound() error { return errs.New(errs.NotFound, "tip.not_found") }

func conflict(t *Tip) error {
	return errs.New(errs.Conflict, "tip.changed", "version", t.Version)
}
