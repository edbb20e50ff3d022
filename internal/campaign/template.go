// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"fmt"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

// Template is a pattern from which a year's campaign is made. Days are written
// "06-16" and fall in the campaign's year.
type Template struct {
	Key             string
	TitleForm       string // with the year
	Starts, Ends    string
	ConsultationDay string
	TourStarts      string
	TourEnds        string
	Mode            Mode
	Parts           []Part // what the campaign asks for
}

// Part is one of the parts that a template asks the levels to carry out.
type Part struct{ Key, Zh, En string }

// Template2020 is the campaign that the product was commissioned from: the
// national notice of 2020, online first because of the epidemic. Blank has the
// anchors that hold every year and leaves the rest to the office.
var (
	Template2020 = Template{
		Key: "national-2020", TitleForm: "%d年全国“安全生产月”和“安全生产万里行”活动",
		Starts: "06-01", Ends: "06-30", ConsultationDay: "06-16", TourStarts: "06-01", TourEnds: "12-31", Mode: Both,
		Parts: []Part{
			{"study", "学习宣传", "Study"},
			{"rectify", "排查整治进行时", "Investigate and rectify, now"},
			{"classroom", "“安全生产大家谈”云课堂", "Cloud classroom"},
			{"consultation", "“6·16”网上宣传咨询日", "Consultation day, online"},
			{"entries", "安全宣传“五进”", "Five entries"},
			{"tour", "安全生产万里行", "Travelling campaign"},
			{"supervision", "公众监督与曝光", "Public supervision"},
			{"publicity", "社会宣传", "Publicity everywhere"},
		},
	}
	Blank = Template{
		Key: "blank", TitleForm: "%d年“安全生产月”活动",
		Starts: "06-01", Ends: "06-30", ConsultationDay: "06-16", Mode: Both,
	}
)

// Templates lists the templates in the order in which they are offered.
var Templates = []Template{Template2020, Blank}

// themes are the national themes by year, as published in each year's notice of
// the State Council Work Safety Commission (国务院安委会). A year that is not here
// has its theme entered by the office.
var themes = map[int]string{
	2014: "强化红线意识，促进安全发展",
	2015: "加强安全法治，保障安全生产",
	2016: "强化安全发展观念，提升全民安全素质",
	2017: "全面落实企业安全生产主体责任",
	2018: "生命至上、安全发展",
	2019: "防风险、除隐患、遏事故",
	2020: "消除事故隐患，筑牢安全防线",
	2021: "落实安全责任，推动安全发展",
	2022: "遵守安全生产法 当好第一责任人",
	2023: "人人讲安全、个个会应急",
	2024: "人人讲安全、个个会应急——畅通生命通道",
	2025: "人人讲安全、个个会应急——查找身边安全隐患",
}

// ThemeOf returns the national theme of year, or "" when it is not known.
func ThemeOf(year int) string { return themes[year] }

// NumberOf returns which campaign in the national count year holds: 2002 was the first.
func NumberOf(year int) int { return year - firstYear + 1 }

// TemplateByKey returns a template, or NotFound.
func TemplateByKey(key string) (Template, error) {
	for _, t := range Templates {
		if t.Key == key {
			return t, nil
		}
	}
	return Template{}, errs.New(errs.NotFound, "campaign.no_template")
}

// For returns the campaign that t makes of year; place, id and slug are still empty,
// and so is the theme of a year whose theme is not known.
func (t Template) For(year int) *Campaign {
	day := func(md string) clock.Day {
		if md == "" {
			return ""
		}
		return clock.Day(fmt.Sprintf("%04d-%s", year, md))
	}
	return &Campaign{
		Year: year, Number: NumberOf(year), Title: fmt.Sprintf(t.TitleForm, year), Theme: ThemeOf(year),
		Starts: day(t.Starts), Ends: day(t.Ends), ConsultationDay: day(t.ConsultationDay),
		TourStarts: day(t.TourStarts), TourEnds: day(t.TourEnds), Mode: t.Mode, Template: t.Key,
	}
}
