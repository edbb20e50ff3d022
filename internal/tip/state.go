// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"slices"
	"strings"

	"anlan/internal/kernel/errs"
)

// Status is where a tip stands in its life (应急〔2023〕106号; 安监总财〔2018〕19号 Art. 10).
type Status string

const (
	Received    Status = "received"
	Refused     Status = "refused"
	Merged      Status = "merged"
	Accepted    Status = "accepted"
	Verifying   Status = "verifying"
	Answered    Status = "answered"
	Reexamining Status = "reexamining"
	Reexamined  Status = "reexamined"
	Withdrawn   Status = "withdrawn"
	Closed      Status = "closed"
)

// Action is a step that somebody takes.
type Action string

const (
	Accept         Action = "accept"
	Refuse         Action = "refuse"
	Transfer       Action = "transfer"
	Merge          Action = "merge"
	Assign         Action = "assign"
	AskExtension   Action = "ask_extension"
	GrantExtension Action = "grant_extension"
	DenyExtension  Action = "deny_extension"
	EscalateDeaths Action = "escalate_deaths"
	Link           Action = "link_hazard"
	Answer         Action = "answer"
	Object         Action = "object"
	Reexamine      Action = "reexamine"
	Close          Action = "close"
	Withdraw       Action = "withdraw"
	Urge           Action = "urge"
	HandOver       Action = "hand_over"
	AskErase       Action = "ask_erase"
	Erase          Action = "erase"
)

// StatusInfo describes a status for pages and diagrams.
type StatusInfo struct {
	Status Status
	Zh, En string
}

// Statuses lists every status in the order of a tip's life.
var Statuses = []StatusInfo{
	{Received, "已收到", "Received"}, {Refused, "不予受理", "Not taken up"}, {Merged, "并案", "Merged"},
	{Accepted, "已受理", "Taken up"}, {Verifying, "核查中", "Being verified"}, {Answered, "已答复", "Answered"},
	{Reexamining, "复核中", "Being re-examined"}, {Reexamined, "已复核", "Re-examined"},
	{Withdrawn, "已撤回", "Withdrawn"}, {Closed, "已办结", "Closed"},
}

// Party is who a step falls to.
type Party string

const (
	Desk        Party = "desk"         // the office that handles the tip
	Officer     Party = "officer"      // the person it was assigned to, or the office's lead
	Superior    Party = "superior"     // an office set over the one that handles it
	Approver    Party = "approver"     // who may approve in the office that handles it or in one above
	FirstOffice Party = "first_office" // whose conclusion is being re-examined
	Informant   Party = "informant"    // whoever holds the query code
	Timer       Party = "timer"
)

// ActionInfo describes an action: who takes it, by which permission, what it must bring.
type ActionInfo struct {
	Action Action
	Zh, En string
	Party  Party
	Perm   string
	Needs  []string
}

// Actions lists every action.
var Actions = []ActionInfo{
	{Accept, "受理", "Take up", Desk, PermHandle, nil},
	{Refuse, "不予受理", "Do not take up", Desk, PermHandle, []string{"reason", "sealed"}},
	{Transfer, "移送", "Transfer", Desk, PermHandle, []string{"channel_id", "envelope", "words"}},
	{Merge, "并案", "Merge", Desk, PermHandle, []string{"master"}},
	{Assign, "交办", "Assign", Desk, PermHandle, []string{"person"}},
	{AskExtension, "申请延期", "Ask for an extension", Officer, PermHandle, []string{"words"}},
	{GrantExtension, "批准延期", "Grant the extension", Superior, PermApprove, nil},
	{DenyExtension, "不批准延期", "Deny the extension", Superior, PermApprove, []string{"words"}},
	{EscalateDeaths, "报请县级政府核查", "Refer to the county government", Officer, PermHandle, []string{"words"}},
	{Link, "转为隐患", "Make it a hazard", Officer, PermHandle, []string{"hazard"}},
	{Answer, "答复举报人", "Answer the informant", Officer, PermHandle, []string{"conclusion", "contents", "sealed"}},
	{Object, "提出异议", "Object", Informant, "", []string{"sealed"}},
	{HandOver, "移交复核", "Hand over for re-examination", FirstOffice, PermHandle, []string{"channel_id", "envelope"}},
	{Reexamine, "作出复核结论", "Conclude the re-examination", Desk, PermApprove, []string{"conclusion", "contents", "sealed"}},
	{Close, "办结", "Close", Desk, PermHandle, nil},
	{Withdraw, "撤回", "Withdraw", Informant, "", nil},
	{Urge, "督办", "Urge", Superior, PermApprove, []string{"words"}},
	{AskErase, "申请依法删除", "Ask for erasure by law", Desk, PermHandle, []string{"words"}},
	{Erase, "依法删除", "Erase by law", Approver, PermApprove, []string{"words"}},
}

var actionInfo = func() map[Action]ActionInfo {
	m := make(map[Action]ActionInfo, len(Actions))
	for _, a := range Actions {
		m[a.Action] = a
	}
	return m
}()

// Reasons for not taking a tip up, which the log publishes as a class.
var Reasons = []string{"not_our_field", "no_facts", "already_concluded", "in_court", "petition", "not_safety"}

// Contents that an answer must have by 应急〔2023〕106号: the conclusion, how it was found in
// short, what was decided, and whether it meets the conditions of a reward.
var Contents = []string{"conclusion", "findings", "decision", "reward"}

// Conclusions of a verification.
var Conclusions = []string{"verified", "partly_verified", "not_verified", "cannot_verify"}

// steps is the whole life cycle: what is not written here cannot happen.
var steps = map[Status]map[Action]Status{
	Received: {Accept: Accepted, Refuse: Refused, Transfer: Received, Merge: Merged, Assign: Received, Withdraw: Withdrawn, Urge: Received},
	Accepted: {Assign: Verifying, Transfer: Received, Merge: Merged, Withdraw: Withdrawn, Urge: Accepted},
	Verifying: {Assign: Verifying, AskExtension: Verifying, GrantExtension: Verifying, DenyExtension: Verifying,
		EscalateDeaths: Verifying, Link: Verifying, Answer: Answered, Merge: Merged, Withdraw: Withdrawn, Urge: Verifying},
	Answered:    {Object: Reexamining, Close: Closed},
	Reexamining: {HandOver: Reexamining, Assign: Reexamining, Link: Reexamining, Reexamine: Reexamined, Urge: Reexamining},
	Reexamined:  {Close: Closed},
	Refused:     {Object: Reexamining, AskErase: Refused, Erase: Refused},
	Merged:      {AskErase: Merged, Erase: Merged},
	Withdrawn:   {AskErase: Withdrawn, Erase: Withdrawn},
	Closed:      {AskErase: Closed, Erase: Closed},
}

// Final reports whether nothing waits for the office in s.
func (s Status) Final() bool {
	return s == Closed || s == Refused || s == Merged || s == Withdrawn
}

// Valid reports whether s is a status.
func (s Status) Valid() bool {
	return slices.ContainsFunc(Statuses, func(i StatusInfo) bool { return i.Status == s })
}

// next returns the status that a leads to from s. It is a Conflict when there is no such step.
func (s Status) next(a Action) (Status, error) {
	to, ok := steps[s][a]
	if !ok {
		return s, errs.New(errs.Conflict, "tip.bad_step", "status", s, "action", a)
	}
	return to, nil
}

// actionsFrom returns the steps that there are from s, in the order of Actions.
func actionsFrom(s Status) []Action {
	var out []Action
	for _, a := range Actions {
		if _, ok := steps[s][a.Action]; ok {
			out = append(out, a.Action)
		}
	}
	return out
}

// Diagram returns the life cycle as a Mermaid state diagram. Steps that leave a tip where
// it is are left out.
func Diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range Statuses {
		b.WriteString("    " + string(s.Status) + ": " + s.Zh + " " + s.En + "\n")
	}
	b.WriteString("    [*] --> received\n")
	for _, s := range Statuses {
		for _, a := range actionsFrom(s.Status) {
			if to := steps[s.Status][a]; to != s.Status {
				b.WriteString("    " + string(s.Status) + " --> " + string(to) + ": " + actionInfo[a].Zh + "\n")
			}
		}
		if s.Status.Final() {
			b.WriteString("    " + string(s.Status) + " --> [*]\n")
		}
	}
	return b.String()
}
