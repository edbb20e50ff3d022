// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strings"
	"testing"

	"anlan/internal/kernel/errs"
)

// notice2027 is invented: the true one is not announced.
const notice2027 = `日期,类型,名称
2027-01-01,休,元旦
2027-01-02,休,元旦
2027-01-03,休,元旦
2027-02-05,休,春节
2027-02-06,休,春节
2027-02-07,休,春节
2027-02-08,休,春节
2027-02-20,班,春节
2027-05-01,放假,劳动节
2027-10-01,off,国庆节
2027-10-02,off,国庆节
2027-10-03,off,国庆节
2027-10-09,上班,国庆节
`

func TestParseNotice(t *testing.T) {
	days, bad := parseNotice(notice2027)
	if len(bad) > 0 || len(days) != 13 {
		t.Fatalf("%d days, refused %v", len(days), bad)
	}
	if bad := (Year{Year: 2027, Days: days}).check(); len(bad) > 0 {
		t.Error(bad)
	}
	tabs, bad := parseNotice(strings.ReplaceAll(notice2027, ",", "\t"))
	if len(bad) > 0 || len(tabs) != 13 {
		t.Errorf("by tabs: %d days, refused %v", len(tabs), bad)
	}
	json, bad := parseNotice(`[{"date":"2027-01-01","kind":"off","name":"元旦"},{"date":"2027-02-20","kind":"work","name":"春节"}]`)
	if len(bad) > 0 || len(json) != 2 || json[1].Kind != Work {
		t.Errorf("by JSON: %v, refused %v", json, bad)
	}
}

func TestBadNotices(t *testing.T) {
	for _, tt := range []struct{ name, change, to, key string }{
		{"no date", "2027-01-02,", "2027-02-30,", "rules.bad_day"},
		{"no kind", "2027-01-02,休", "2027-01-02,半天", "rules.bad_day_kind"},
		{"no name", "2027-01-02,休,元旦", "2027-01-02,休,", "rules.bad_day_name"},
		{"twice", "2027-01-02", "2027-01-01", "rules.day_twice"},
		{"another year", "2027-02-08", "2028-02-08", "rules.other_year"},
		{"a working day worked", "2027-02-20", "2027-02-19", "rules.works_anyway"},
		{"National Day left out", "2027-10-01", "2027-10-04", "rules.must_be_off"},
		{"broken quotes", "2027-01-02,休,元旦", `2027-01-02,休,"元旦`, "rules.unreadable"},
		{"nothing", notice2027, "", "rules.implausible_days"},
	} {
		days, bad := parseNotice(strings.Replace(notice2027, tt.change, tt.to, 1))
		if len(bad) == 0 {
			bad = Year{Year: 2027, Days: days}.check()
		}
		if !hasKey(bad, tt.key) {
			t.Errorf("%s: %v, want %s", tt.name, bad, tt.key)
		}
	}
}

func hasKey(fields []errs.Field, key string) bool {
	for _, f := range fields {
		if f.Key == key {
			return true
		}
	}
	return false
}

func FuzzParseNotice(f *testing.F) {
	f.Add(notice2027)
	f.Add(`[{"date":"2027-01-01","kind":"off","name":"元旦"}]`)
	f.Add("\ufeff2027-01-01\t休\t元旦")
	f.Add("[")
	f.Fuzz(func(t *testing.T, text string) {
		days, bad := parseNotice(text)
		if len(days) > maxNoticeDays {
			t.Fatalf("%d days", len(days))
		}
		for _, d := range days {
			if !d.Day.Valid() || d.Kind != Off && d.Kind != Work || d.Name == "" {
				t.Fatalf("read %+v", d)
			}
		}
		if len(bad) == 0 {
			Year{Year: 2027, Days: days}.check()
		}
	})
}

func FuzzParseClauses(f *testing.F) {
	f.Add("标准,条款,内容,关键词\nmem-10-2023,第十一条,存在粉尘爆炸危险,粉尘、除尘\n")
	f.Add("mem-10-2023\t第十一条(一)\t\"a\nb\"\t粉尘")
	f.Add("a,\"")
	f.Fuzz(func(t *testing.T, text string) {
		clauses, _ := parseClauses(text, "")
		for _, c := range clauses {
			if bad := c.check(""); len(bad) > 0 {
				t.Fatalf("read %+v: %v", c, bad)
			}
		}
	})
}
