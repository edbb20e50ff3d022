// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"slices"
	"strings"

	"anlan/internal/kernel/errs"
)

// Status is where a hazard stands in its life.
type Status string

const (
	Reported     Status = "reported"
	Rejected     Status = "rejected"
	Duplicate    Status = "duplicate"
	Transferred  Status = "transferred"
	Triaged      Status = "triaged"
	OnSpotFixed  Status = "on_spot_fixed"
	Ordered      Status = "ordered"
	Stopped      Status = "stopped"
	Rectifying   Status = "rectifying"
	Extension    Status = "extension"
	Overdue      Status = "overdue"
	Accepting    Status = "accepting"
	Accepted     Status = "accepted"
	ResumeReview Status = "resume_review"
	Closed       Status = "closed"
)

// Action is a step that somebody takes.
type Action string

const (
	Triage           Action = "triage"
	Reject           Action = "reject"
	MarkDuplicate    Action = "mark_duplicate"
	Transfer         Action = "transfer"
	Receive          Action = "receive"
	SendBack         Action = "send_back"
	FixOnSpot        Action = "fix_on_spot"
	Order            Action = "order"
	Stop             Action = "stop"
	Start            Action = "start"
	Plan             Action = "plan"
	ReportMajor      Action = "report_major"
	Regrade          Action = "regrade"
	RequestExtension Action = "request_extension"
	GrantExtension   Action = "grant_extension"
	RefuseExtension  Action = "refuse_extension"
	Lapse            Action = "lapse" // by the timer
	Submit           Action = "submit"
	Accept           Action = "accept"
	Return           Action = "return"
	Close            Action = "close"
	ApplyResume      Action = "apply_resume"
	ApproveResume    Action = "approve_resume"
	RefuseResume     Action = "refuse_resume"
	Reopen           Action = "reopen"
)

// StatusInfo describes a status for pages and diagrams.
type StatusInfo struct {
	Status Status
	Zh, En string
}

// Statuses lists every status in the order of a hazard's life.
var Statuses = []StatusInfo{
	{Reported, "已上报", "Reported"}, {Rejected, "不予受理", "Rejected"}, {Duplicate, "重复", "Duplicate"},
	{Transferred, "已移送", "Transferred"}, {Triaged, "已研判", "Triaged"}, {OnSpotFixed, "立即整改", "Fixed on the spot"},
	{Ordered, "责令限期整改", "Ordered"}, {Stopped, "停产停业", "Work stopped"}, {Rectifying, "整改中", "Rectifying"},
	{Extension, "申请延期", "Extension requested"}, {Overdue, "逾期", "Overdue"}, {Accepting, "待验收", "Awaiting acceptance"},
	{Accepted, "验收合格", "Accepted"}, {ResumeReview, "复工审查", "Resume review"}, {Closed, "已销号", "Closed"},
}

// Party is who a step falls to.
type Party string

const (
	Desk      Party = "desk"     // the office that handles the hazard; inside a unit, its management
	Receiver  Party = "receiver" // the office that a transfer went to
	Rectifier Party = "unit"     // the unit that rectifies, or an officer who records for it
	Acceptor  Party = "acceptor" // of the ordering office or one above, never who rectified
	Timer     Party = "timer"
)

// ActionInfo describes an action: who takes it, by which permission, what it must bring.
type ActionInfo struct {
	Action Action
	Zh, En string
	Party  Party
	Perm   string   // of an office
	InUnit string   // of the unit's own management, for internal hazards; "" when it is no step of theirs
	Needs  []string // fields of the step
}

// Actions lists every action.
var Actions = []ActionInfo{
	{Triage, "研判", "Triage", Desk, PermTriage, PermOrder, []string{"grade", "class"}},
	{Reject, "不予受理", "Reject", Desk, PermTriage, PermOrder, []string{"reason", "words"}},
	{MarkDuplicate, "标为重复", "Mark as duplicate", Desk, PermTriage, PermOrder, []string{"master"}},
	{Transfer, "移送", "Transfer", Desk, PermTransfer, PermOrder, []string{"words"}},
	{Receive, "签收", "Accept the transfer", Receiver, PermTriage, "", nil},
	{SendBack, "退回移送", "Send back", Receiver, PermTriage, "", []string{"words"}},
	{FixOnSpot, "立即整改", "Fix on the spot", Rectifier, PermFix, PermFix, []string{"words", "before", "after"}},
	{Order, "责令限期整改", "Order rectification", Desk, PermOrder, PermOrder, []string{"order"}},
	{Stop, "责令停产停业、撤人", "Stop work", Desk, PermOrder, "", []string{"words"}},
	{Start, "开始整改", "Start rectifying", Rectifier, PermFix, PermRectify, nil},
	{Plan, "填报治理方案", "Write the governance plan", Rectifier, PermFix, PermRectify, []string{"governance"}},
	{ReportMajor, "登记双报告回执", "Record both report receipts", Rectifier, PermFix, PermRectify, []string{"receipts"}},
	{Regrade, "调整级别", "Change the grade", Desk, PermTriage, PermOrder, []string{"grade", "words"}},
	{RequestExtension, "申请延期", "Request an extension", Rectifier, PermFix, PermRectify, []string{"words", "interim", "until"}},
	{GrantExtension, "同意延期", "Grant the extension", Desk, PermDecideExtension, PermOrder, nil},
	{RefuseExtension, "不同意延期", "Refuse the extension", Desk, PermDecideExtension, PermOrder, []string{"words"}},
	{Lapse, "到期未完成", "Deadline passed", Timer, "", "", nil},
	{Submit, "提请验收", "Submit for acceptance", Rectifier, PermFix, PermRectify, []string{"words", "after"}},
	{Accept, "验收合格", "Accept", Acceptor, PermAccept, PermAccept, []string{"words"}},
	{Return, "验收不合格退回", "Return", Acceptor, PermAccept, PermAccept, []string{"words", "until"}},
	{Close, "销号", "Close", Desk, PermClose, PermAccept, nil},
	{ApplyResume, "申请复工", "Apply to resume work", Rectifier, PermFix, PermRectify, []string{"words"}},
	{ApproveResume, "同意复工并销号", "Approve and close", Acceptor, PermClose, "", []string{"words"}},
	{RefuseResume, "不同意复工", "Refuse to resume", Acceptor, PermClose, "", []string{"words", "until"}},
	{Reopen, "重新打开", "Reopen", Desk, PermReopen, PermAccept, []string{"reason", "words"}},
}

var actionInfo = func() map[Action]ActionInfo {
	m := make(map[Action]ActionInfo, len(Actions))
	for _, a := range Actions {
		m[a.Action] = a
	}
	return m
}()

// steps is the whole life cycle: what is not written here cannot happen. Where a step may
// lead to two statuses, next decides between them.
var steps = map[Status]map[Action][]Status{
	Reported:    {Triage: {Triaged}, Reject: {Rejected}, MarkDuplicate: {Duplicate}, Transfer: {Transferred}},
	Transferred: {Receive: {Reported}, SendBack: {Reported}},
	Triaged: {FixOnSpot: {OnSpotFixed}, Order: {Ordered}, Stop: {Stopped}, Regrade: {Triaged}, Transfer: {Transferred},
		MarkDuplicate: {Duplicate}},
	OnSpotFixed: {Submit: {Accepting}},
	Ordered: {Start: {Rectifying}, Stop: {Stopped}, Regrade: {Ordered}, Plan: {Ordered}, ReportMajor: {Ordered},
		Transfer: {Transferred}, Lapse: {Overdue}},
	Stopped: {Order: {Ordered}, Start: {Rectifying}, Regrade: {Stopped}, Plan: {Stopped}, ReportMajor: {Stopped}},
	Rectifying: {RequestExtension: {Extension}, Submit: {Accepting}, Stop: {Stopped}, Regrade: {Rectifying},
		Plan: {Rectifying}, ReportMajor: {Rectifying}, Transfer: {Transferred}, Lapse: {Overdue}},
	Extension: {GrantExtension: {Rectifying}, RefuseExtension: {Rectifying}},
	Overdue: {Submit: {Accepting}, Stop: {Stopped}, Regrade: {Overdue}, Plan: {Overdue}, ReportMajor: {Overdue},
		Transfer: {Transferred}},
	Accepting:    {Accept: {Accepted}, Return: {Rectifying, Triaged}},
	Accepted:     {Close: {Closed}, ApplyResume: {ResumeReview}},
	ResumeReview: {ApproveResume: {Closed}, RefuseResume: {Rectifying}},
	Closed:       {Reopen: {Rectifying, Triaged}},
}

// Final reports whether nothing waits for anybody in s; a closed hazard may still be reopened.
func (s Status) Final() bool { return s == Closed || s == Rejected || s == Duplicate }

// Valid reports whether s is a status.
func (s Status) Valid() bool {
	return slices.ContainsFunc(Statuses, func(i StatusInfo) bool { return i.Status == s })
}

// Leads reports whether a can take a hazard from s to to.
func (s Status) Leads(a Action, to Status) bool { return slices.Contains(steps[s][a], to) }

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

// next returns the status that a leads to from where h stands. It is a Conflict when there
// is no such step.
func (h *Hazard) next(a Action) (Status, error) {
	to := steps[h.Status][a]
	switch len(to) {
	case 0:
		return h.Status, errs.New(errs.Conflict, "hazard.bad_step", "status", h.Status, "action", a)
	case 1:
		return to[0], nil
	}
	if h.HasOrder { // reopened or returned: the order stands, go on rectifying
		return Rectifying, nil
	}
	return Triaged, nil // fixed on the spot without an order: decide anew
}

// Diagram returns the life cycle as a Mermaid state diagram. Steps that leave a hazard
// where it is are left out.
func Diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range Statuses {
		b.WriteString("    " + string(s.Status) + ": " + s.Zh + " " + s.En + "\n")
	}
	b.WriteString("    [*] --> reported\n")
	for _, s := range Statuses {
		for _, a := range actionsFrom(s.Status) {
			for _, to := range steps[s.Status][a] {
				if to != s.Status {
					b.WriteString("    " + string(s.Status) + " --> " + string(to) + ": " + actionInfo[a].Zh + "\n")
				}
			}
		}
		if s.Status.Final() {
			b.WriteString("    " + string(s.Status) + " --> [*]\n")
		}
	}
	return b.String()
}
