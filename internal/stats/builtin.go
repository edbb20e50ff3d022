// SPDX-License-Identifier: Apache-2.0

package stats

import "anlan/internal/kernel/quantity"

// Kinds of entries that built-in indicators count. stats stands below the domains
// that write them, so it knows them by name only.
const (
	reported = "hazard.reported.v1"
	moved    = "hazard.moved.v1"
	tipCame  = "tip.received.v1"
	tipMoved = "tip.moved.v1"
)

func to(status ...string) map[string][]string { return map[string][]string{"to": status} }

func step(action string) map[string][]string { return map[string][]string{"action": {action}} }

// wasUnit is the fact in which a move that gives a hazard to another unit names the
// unit that it had before.
const wasUnit = "was_unit_path"

// builtin are the indicators that ship with the program. A change of one must get a
// new key, because its roll-ups are not counted anew.
var builtin = []Indicator{
	{Key: "hazard.reported", ZH: "上报隐患（按来源）", EN: "Hazards reported, by source", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: reported, Dim: "source"}}},
	{Key: "hazard.reported_class", ZH: "上报隐患（按类别）", EN: "Hazards reported, by class", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: reported, Dim: "class"}}},
	{Key: "hazard.status", ZH: "隐患现状（按状态）", EN: "Hazards, by status", Unit: quantity.Items, Op: Stock,
		Parts: []Part{
			{Kind: reported, DimIs: "reported"},
			{Kind: moved, Dim: "to"},
			{Kind: moved, Dim: "from", Minus: true, UnitFact: wasUnit},
		}},
	{Key: "hazard.closed", ZH: "销号隐患（按级别）", EN: "Hazards closed, by grade", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: moved, Where: to("closed"), Dim: "grade"}}},
	{Key: "hazard.reopened", ZH: "重新打开的隐患", EN: "Hazards reopened", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: moved, Where: map[string][]string{"action": {"reopen"}}, Dim: "grade"}}},
	// A hazard counts each time that its rectification is required anew, and no
	// longer when it goes to another office before it is rectified.
	{Key: "hazard.ordered", ZH: "责令整改隐患（按级别）", EN: "Hazards ordered to be rectified, by grade", Unit: quantity.Items, Op: Flow,
		Parts: []Part{
			{Kind: moved, Where: map[string][]string{"from": {"triaged"}, "to": {"ordered", "stopped"}}, Dim: "grade"},
			{Kind: moved, Where: map[string][]string{"action": {"reopen"}, "to": {"rectifying"}}, Dim: "grade"},
			{Kind: moved, Where: map[string][]string{"action": {"transfer"}, "from": {"ordered", "stopped", "rectifying", "overdue"}}, Minus: true, Dim: "grade"},
		}},
	{Key: "hazard.fixed_on_spot", ZH: "立即整改隐患", EN: "Hazards fixed on the spot", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: moved, Where: to("on_spot_fixed"), Dim: "grade"}}},
	{Key: "hazard.rectification_rate", ZH: "整改率", EN: "Rectification rate", Unit: quantity.Items, Op: Ratio,
		Num: []string{"hazard.closed"}, Den: []string{"hazard.ordered", "hazard.fixed_on_spot"}},
	{Key: "hazard.overdue", ZH: "逾期隐患（按级别）", EN: "Hazards that became overdue, by grade", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: moved, Where: to("overdue"), Dim: "grade"}}},
	{Key: "hazard.major", ZH: "判定为重大的隐患", EN: "Hazards judged to be major", Unit: quantity.Items, Op: Flow,
		Parts: []Part{
			{Kind: moved, Where: map[string][]string{"action": {"triage", "regrade"}, "grade": {"major"}, "was_grade": {"", "general"}}},
			{Kind: moved, Where: map[string][]string{"action": {"triage", "regrade"}, "grade": {"general"}, "was_grade": {"major"}}, Minus: true},
		}},
	{Key: "hazard.fund", ZH: "落实治理资金", EN: "Money set aside for rectification", Unit: quantity.Fen, Op: Flow,
		Parts: []Part{{Kind: moved, Where: map[string][]string{"action": {"order"}}, Sum: quantity.Fen}}},
	// Of tip-offs nothing but their number is counted, never a unit.
	{Key: "tip.received", ZH: "收到举报（按来源）", EN: "Tip-offs received, by source", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: tipCame, Dim: "source"}}},
	{Key: "tip.received_class", ZH: "收到举报（按类别）", EN: "Tip-offs received, by class", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: tipCame, Dim: "class"}}},
	{Key: "tip.accepted", ZH: "受理举报（按类别）", EN: "Tip-offs taken up, by class", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: tipMoved, Where: step("accept"), Dim: "class"}}},
	{Key: "tip.refused", ZH: "不予受理举报（按理由）", EN: "Tip-offs not taken up, by reason", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: tipMoved, Where: step("refuse"), Dim: "reason"}}},
	{Key: "tip.answered", ZH: "答复举报（按结论）", EN: "Tip-offs answered, by conclusion", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: tipMoved, Where: step("answer"), Dim: "conclusion"}}},
	{Key: "tip.answered_in_time", ZH: "按期答复举报", EN: "Tip-offs answered in time", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: tipMoved, Where: map[string][]string{"action": {"answer"}, "late": {"false"}}}}},
	{Key: "tip.in_time_rate", ZH: "按期答复率", EN: "Share answered in time", Unit: quantity.Items, Op: Ratio,
		Num: []string{"tip.answered_in_time"}, Den: []string{"tip.answered"}},
	{Key: "tip.verified", ZH: "查实举报（按类别）", EN: "Tip-offs found true, by class", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: tipMoved, Where: map[string][]string{"action": {"answer"}, "conclusion": {"verified", "partly_verified"}}, Dim: "class"}}},
	{Key: "tip.reexamined", ZH: "复核举报（按结论）", EN: "Tip-offs re-examined, by conclusion", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: tipMoved, Where: step("reexamine"), Dim: "conclusion"}}},
	{Key: "tip.late", ZH: "办理逾期举报（按环节）", EN: "Tip-offs handled late, by term", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: "tip.became_late.v1", Dim: "clock"}}},
	{Key: "tip.rewarded", ZH: "奖励举报（按类别）", EN: "Tip-offs rewarded, by class", Unit: quantity.Items, Op: Flow,
		Parts: []Part{{Kind: "reward.moved.v1", Where: to("paid", "tokens"), Dim: "class"}}},
	{Key: "campaign.joined", ZH: "参加活动的单位", EN: "Units that take part", Unit: quantity.Firms, Op: Flow,
		Parts: []Part{{Kind: "campaign.joined.v1", Sum: quantity.Firms}}},
}
