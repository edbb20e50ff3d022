// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"anlan/internal/hazard"
	"anlan/internal/kernel/clock"
	"anlan/internal/platform/document"
	"anlan/internal/rules/taxonomy"
)

// line is a hazard with what a row of the workbook says of it.
type line struct {
	*hazard.Hazard
	names    Names
	order    *hazard.RectificationPlan // or nil
	accepted *hazard.Moved             // its last acceptance, or nil
}

// sheet is the workbook, column by column: the ledger of hazards (问题隐患清单) as offices keep
// it (domain facts §1.7, §2.10). A contact is never in it.
var sheet = []struct {
	title string
	width float64
	value func(l *line) any
}{
	{"编号", 18, func(l *line) any { return l.No() }},
	{"上报时间", 18, func(l *line) any { return moment(&l.Created) }},
	{"来源", 12, func(l *line) any { return sources[l.Source] }},
	{"地区", 28, func(l *line) any { return l.names.Places[l.Place] }},
	{"单位", 28, func(l *line) any { return l.names.Units[l.Unit] }},
	{"监管行业", 16, func(l *line) any { return linesZh(l.LineList()) }},
	{"部位", 16, func(l *line) any { return l.Spot }},
	{"隐患描述", 50, func(l *line) any { return l.Words }},
	{"类别", 20, func(l *line) any { return zh(taxonomy.Worker, l.Class) }},
	{"事故类别", 16, func(l *line) any { return zh(l.AccidentBy, l.Accident) }},
	{"隐患级别", 10, func(l *line) any { return grades[l.Grade] }},
	{"判定标准", 16, func(l *line) any { return l.Standard }},
	{"条款", 12, func(l *line) any { return l.Clause }},
	{"状态", 14, func(l *line) any { return statuses[l.Status] }},
	{"承办单位", 28, func(l *line) any { return l.names.Units[l.Handler] }},
	{"责任单位", 28, ordered(func(l *line) any { return l.names.Units[l.order.OwnerUnit] })},
	{"责任人", 12, ordered(func(l *line) any { return l.owner() })},
	{"整改措施", 40, ordered(func(l *line) any { return l.order.Measures })},
	{"资金（元）", 12, ordered(func(l *line) any { return float64(l.order.Fen) / fenPerYuan })},
	{"资金来源", 16, ordered(func(l *line) any { return l.order.MoneySource })},
	{"整改期限", 12, func(l *line) any { return lastDay(l.Deadline) }},
	{"管控措施", 30, ordered(func(l *line) any { return l.order.Interim })},
	{"应急预案", 30, ordered(func(l *line) any { return l.order.Emergency })},
	{"文书号", 18, ordered(func(l *line) any { return l.order.Document })},
	{"验收人", 12, func(l *line) any { return l.acceptor() }},
	{"验收时间", 18, func(l *line) any { return l.acceptedAt() }},
	{"销号时间", 18, func(l *line) any { return moment(l.Closed) }},
	{"重新打开次数", 12, func(l *line) any { return l.Reopened }},
}

const fenPerYuan = 100

func columns() []document.Column {
	out := make([]document.Column, len(sheet))
	for i, c := range sheet {
		out[i] = document.Column{Title: c.title, Width: c.width}
	}
	return out
}

func (l *line) cells() []any {
	out := make([]any, len(sheet))
	for i, c := range sheet {
		out[i] = c.value(l)
	}
	return out
}

// ordered leaves a cell empty until something was ordered.
func ordered(value func(l *line) any) func(l *line) any {
	return func(l *line) any {
		if l.order == nil {
			return ""
		}
		return value(l)
	}
}

func (l *line) owner() string {
	if l.order.OwnerName != "" {
		return l.order.OwnerName
	}
	return l.names.People[l.order.OwnerPerson]
}

func (l *line) acceptor() string {
	if l.accepted == nil {
		return ""
	}
	return l.names.People[l.accepted.Actor]
}

func (l *line) acceptedAt() string {
	if l.accepted == nil {
		return ""
	}
	return moment(&l.accepted.At)
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(clock.Beijing).Format("2006-01-02 15:04")
}

func lastDay(t *time.Time) string {
	if t == nil {
		return ""
	}
	return string(clock.DayOf(t.Add(-time.Microsecond)))
}

var (
	sources = map[string]string{"public": "群众上报", "self": "自查", "inspection": "上级检查", "third_party": "第三方", "tip": "举报",
		"internal": "内部报告", "lesson": "事故举一反三", "monitoring": "监测预警"}
	grades   = map[hazard.Grade]string{hazard.General: "一般", hazard.Major: "重大"}
	statuses = func() map[hazard.Status]string {
		m := map[hazard.Status]string{}
		for _, s := range hazard.Statuses {
			m[s.Status] = s.Zh
		}
		return m
	}()
)

func zh(list, code string) string {
	if list == "" || code == "" {
		return ""
	}
	item, _ := taxonomy.Of(list).Item(code)
	return item.ZH
}

func linesZh(tags []string) string {
	out := make([]string, len(tags))
	for i, tag := range tags {
		out[i] = zh(taxonomy.Line, tag)
	}
	return strings.Join(out, "、")
}

// lines reads everything that the rows of some hazards say, in their order.
func (s *Service) lines(ctx context.Context, shown []*hazard.Hazard) ([]line, error) {
	whole, err := wholeOf(ctx, s.Hazards.DB.Read(), shown)
	if err != nil {
		return nil, err
	}
	orders, err := ordersOf(ctx, s.Hazards.DB.Read(), shown)
	if err != nil {
		return nil, err
	}
	accepted, err := acceptancesOf(ctx, s.Hazards.DB.Read(), shown)
	if err != nil {
		return nil, err
	}
	out := make([]line, 0, len(shown))
	var units, people []string
	for _, h := range shown {
		l := line{Hazard: whole[h.ID], order: orders[h.ID], accepted: accepted[h.ID]}
		if l.order != nil {
			units, people = append(units, l.order.OwnerUnit), append(people, l.order.OwnerPerson)
		}
		if l.accepted != nil {
			people = append(people, l.accepted.Actor)
		}
		out = append(out, l)
	}
	return out, s.nameLines(ctx, out, units, people)
}

func (s *Service) nameLines(ctx context.Context, ls []line, units, people []string) error {
	hs := make([]*hazard.Hazard, len(ls))
	for i, l := range ls {
		hs[i] = l.Hazard
	}
	places, own := mentioned(hs)
	names, err := s.lookUp(ctx, places, slices.Concat(units, own), people)
	for i := range ls {
		ls[i].names = names
	}
	return err
}
