// SPDX-License-Identifier: Apache-2.0

package stats

import "anlan/internal/kernel/quantity"

// Kinds of entries that built-in indicators count. stats stands below the domains
// that write them, so it knows them by name only.
const (
	reported = "hazard.reported.v1"
	moved    = "hazard.moved.v1"
)

func to(status ...string) map[string][]string { return map[string][]string{"to": status} }

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
	{Key: "campaign.joined", ZH: "参加活动的单位", EN: "Units that take part", Unit: quantity.Firms, Op: Flow,
		Parts: []Part{{Kind: "campaign.joined.v1", Sum: quantity.Firms}}},
}
