// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"slices"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// Status is where a reward stands.
type Status string

const (
	Proposed Status = "proposed"
	Returned Status = "returned" // not approved; another proposal may follow
	Approved Status = "approved" // the money is set aside
	Filed    Status = "filed"    // with the authority above
	Notified Status = "notified" // the informant can claim
	Claimed  Status = "claimed"  // an account was named
	Tokens   Status = "tokens"   // claimed without a name: paid as far as the tip is concerned
	Paid     Status = "paid"
	Waived   Status = "waived" // not claimed in time
)

// Action is a step of a reward.
type Action string

const (
	Approve  Action = "approve"
	Return   Action = "return"
	File     Action = "file"
	Notify   Action = "notify"
	Announce Action = "announce" // the informant was not reached: in a limited scope
	Extend   Action = "extend"
	Claim    Action = "claim" // an account, named by the informant
	Issue    Action = "issue" // by the informant: tokens
	SendBack Action = "send_back"
	Pay      Action = "pay"
	Waive    Action = "waive"
)

// steps is the whole life. What is not written here cannot happen.
var steps = map[Status]map[Action]Status{
	Proposed: {Approve: Approved, Return: Returned},
	Approved: {File: Filed},
	Filed:    {Notify: Notified},
	Notified: {Announce: Notified, Extend: Notified, Claim: Claimed, Issue: Tokens, Pay: Paid, Waive: Waived},
	Claimed:  {Pay: Paid, SendBack: Notified},
}

// needs is the permission of each action of an officer. An informant claims, and is issued
// tokens, by the query code instead.
var needs = map[Action]string{
	Approve: PermApprove, Return: PermApprove, Extend: PermApprove, Waive: PermApprove,
	File: PermPropose, Notify: PermPropose, Announce: PermPropose, Claim: PermPropose,
	Pay: PermPay, SendBack: PermPay,
}

// Way is how a reward was paid.
type Way string

const (
	WayBank   Way = "bank"
	WayPerson Way = "person" // over the counter, before two witnesses
	WayToken  Way = "token"
)

// Reward is what an informant is owed for one tip, and how far it has come.
type Reward struct {
	ID          string
	TipID       string
	TipNo       string
	Class       Class
	Kind        string     // type of a general hazard
	Place       place.Path // whose rules hold
	OfficeID    string     // who received the tip, rewards it
	OfficePath  string
	OfficePlace place.Path
	Concluded   clock.Day
	Informant   string // a mark that is equal for the same person, or ""
	Named       bool
	ClaimHash   []byte // SHA-256 of the lookup of the query code; nil without one
	Status      Status
	TableID     string
	Findings    Findings
	Steps       []Step
	Fen         int64
	PaidFen     int64 // less than Fen when tokens left a remainder
	Year        int   // whose budget it comes from, 0 before the approval
	Proposer    string
	Approver    string
	Payer       string
	Reason      string // of the last return, extension, announcement or waiver
	FiledWith   string
	FiledNo     string
	Notified    time.Time
	Announced   time.Time
	Due         time.Time // until when it can be claimed; zero before the notice
	DueLast     clock.Day
	DueRule     string
	Way         Way
	ReceiptNo   string
	BlindHash   []byte // of the request that was answered with tokens
	Created     time.Time
	Version     int
}

// Object is what permissions over r are about: the office's own place.
func (r *Reward) Object() actor.Object {
	return actor.Object{Place: r.OfficePlace, UnitPath: r.OfficePath}
}

// to moves r by a, or says that this is not possible where it stands.
func (r *Reward) to(a Action) (from Status, err error) {
	next, ok := steps[r.Status][a]
	if !ok {
		return r.Status, errs.New(errs.Conflict, "reward.bad_step", "status", r.Status, "action", a)
	}
	from, r.Status = r.Status, next
	return from, nil
}

// mayTake refuses who took a part in r that no one person combines with a: who proposes
// does not approve, and who pays did neither.
func (r *Reward) mayTake(a Action, person string) error {
	switch {
	case a == Approve && person == r.Proposer:
		return errs.New(errs.Denied, "reward.own_proposal")
	case a == Pay && slices.Contains([]string{r.Proposer, r.Approver}, person):
		return errs.New(errs.Denied, "reward.own_payment")
	}
	return nil
}
