// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"maps"
	"slices"
	"strings"

	"anlan/internal/kernel/clock"
)

// Kind is the form of a key's value.
type Kind string

const (
	KindTerm   Kind = "term"    // {"n":1,"kind":"working"}
	KindNumber Kind = "number"  // 5
	KindList   Kind = "list"    // [7,3,1]: whole numbers
	KindBool   Kind = "boolean" // true
)

// Key describes one thing that rules can set.
type Key struct {
	Name     string
	ZH, EN   string
	Kind     Kind
	Min, Max float64 // bounds of a number, of a term's days and of a list's items
	Unit     string  // of a number: "percent", "bit", "metre", "ms"
	Reason   bool    // switching it on needs a written reason (Rule.Note)
	defaults []standing
}

// standing is a national default and the day from which it holds.
type standing struct {
	from   clock.Day
	value  string
	source string
}

// Sources of the defaults. Where no national text sets a number, the program
// proposes one and says so; a division overrides it with a rule of its own.
const (
	srcProposal = "安澜默认值（建议值，国家层面未统一规定，可由各地规则覆盖）"
	srcOrder16  = "《安全生产事故隐患排查治理暂行规定》（原国家安全监管总局令第16号）"
	srcCoal     = "《煤矿安全生产条例》第三十五条"
	srcReward   = "《安全生产领域举报奖励办法》（安监总财〔2018〕19号）"
	srcTips     = "《安全生产举报处理规定》（应急〔2023〕106号）"
	srcApps     = "《政务移动互联网应用程序规范化管理办法》（国办函〔2026〕12号）"
	since       = clock.Day("2015-01-01") // the first year whose calendar ships with the program
)

// sourcesEN is the English of the sources above.
var sourcesEN = map[string]string{
	srcProposal: "Anlan's default (a proposal: no national rule sets it; local rules override it)",
	srcOrder16:  "Interim Provisions on Identifying and Eliminating Hidden Dangers of Work-Safety Accidents (former SAWS Order No. 16)",
	srcCoal:     "Regulations on Coal Mine Safety, Article 35",
	srcReward:   "Measures for Rewarding Tip-offs on Work Safety (安监总财〔2018〕19号)",
	srcTips:     "Provisions on Handling Work-Safety Tip-offs (应急〔2023〕106号)",
	srcApps:     "Measures for the Standardised Administration of Government Mobile Applications (国办函〔2026〕12号)",
}

func term(name, zh, en, value, source string) Key {
	return Key{Name: name, ZH: zh, EN: en, Kind: KindTerm, Min: 1, Max: 3650, defaults: []standing{{since, value, source}}}
}

func days(name, zh, en, value string) Key {
	return Key{Name: name, ZH: zh, EN: en, Kind: KindList, Min: 0, Max: 365, defaults: []standing{{since, value, srcProposal}}}
}

func number(name, zh, en, unit, value string, most float64) Key {
	return Key{Name: name, ZH: zh, EN: en, Kind: KindNumber, Max: most, Unit: unit, defaults: []standing{{since, value, srcProposal}}}
}

// staff is a feature that formalism is made of: off for government staff unless a
// rule with a written reason turns it on.
func staff(name, zh, en string) Key {
	return Key{Name: name, ZH: zh, EN: en, Kind: KindBool, Reason: true, defaults: []standing{{since, "false", srcApps}}}
}

var keys = named(
	term("hazard.triage", "隐患研判时限", "Time to triage a report", `{"n":1,"kind":"working"}`, srcProposal),
	term("hazard.transfer_receipt", "移送签收时限", "Time to accept a transferred hazard", `{"n":2,"kind":"working"}`, srcProposal),
	term("hazard.rectify_default", "一般隐患整改期限（默认）", "Usual time to rectify a general hazard", `{"n":15,"kind":"calendar"}`, srcProposal),
	term("hazard.rectify_max", "整改期限上限", "Longest time that an order may give", `{"n":365,"kind":"calendar"}`, srcProposal),
	term("hazard.accept", "整改验收时限", "Time to accept or return a rectification", `{"n":5,"kind":"working"}`, srcProposal),
	term("hazard.resume_review", "复工审查时限", "Time to review an application to resume work", `{"n":10,"kind":"calendar"}`, srcOrder16),
	term("hazard.resume_review_coal", "煤矿复工复产验收时限", "Time to review an application to resume work in a coal mine", `{"n":20,"kind":"calendar"}`, srcCoal),
	days("hazard.reminders", "到期前提醒（天）", "Reminders, days before the deadline", `[1,3,7]`),
	days("hazard.escalation", "逾期后升级（天）", "Escalation, days after the deadline", `[0,3,7,15,30]`),
	number("hazard.recheck_share", "销号后抽查比例", "Share of closed hazards to check again", "percent", "5", 100),
	number("hazard.photo_distance", "照片相似阈值（64位感知哈希相差位数）", "Similar photos: bits of 64 that may differ in the perceptual hash", "bit", "6", 64),

	term("tip.accept", "举报受理时限", "Time to decide on taking up a tip-off", `{"n":5,"kind":"working"}`, srcProposal),
	term("tip.verify", "举报核查办结时限", "Time to verify a tip-off", `{"n":60,"kind":"calendar"}`, srcReward),
	term("tip.verify_extension", "举报核查延长时限", "Extension for verifying a tip-off", `{"n":30,"kind":"calendar"}`, srcReward),
	term("tip.objection", "举报人提出异议时限", "Time to object to a conclusion", `{"n":10,"kind":"calendar"}`, srcTips),
	term("tip.reexamine", "异议复核时限", "Time to re-examine an objection", `{"n":30,"kind":"calendar"}`, srcTips),
	term("tip.claim", "领取奖金时限", "Time to claim a reward", `{"n":60,"kind":"calendar"}`, srcReward),

	number("activity.radius", "现场活动定位允许偏差", "How far a position may be from the place of an activity", "metre", "200", 5000),
	number("quiz.item_time_min", "竞赛单题最短作答时间", "Shortest plausible time for a quiz answer", "ms", "800", 60000),

	staff("staff.check_in", "对工作人员打卡签到", "Check-ins by government staff"),
	staff("staff.points", "对工作人员积分", "Points for government staff"),
	staff("staff.ranking", "对工作人员个人排名", "Personal rankings of government staff"),
	staff("staff.learning_time", "对工作人员通报学习时长", "Learning-time reports on government staff"),
	staff("staff.forced_photo", "要求工作人员上传工作照片或轨迹", "Photos or tracks demanded of government staff"),
)

func named(list ...Key) map[string]Key {
	m := make(map[string]Key, len(list))
	for _, k := range list {
		m[k.Name] = k
	}
	return m
}

// Keys returns every key, by name.
func Keys() []Key {
	return slices.SortedFunc(maps.Values(keys), func(a, b Key) int { return strings.Compare(a.Name, b.Name) })
}

// Named returns the key with a name; the zero Key when there is none.
func Named(name string) Key { return keys[name] }
