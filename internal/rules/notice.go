// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

const (
	maxNoticeText = 64 << 10 // bytes
	maxNoticeDays = 80
	maxDayName    = 20 // characters
)

// dayKinds are the words for a kind of day that people write.
var dayKinds = map[string]DayKind{
	"off": Off, "休": Off, "放假": Off, "work": Work, "班": Work, "上班": Work, "调休上班": Work,
}

// parseNotice reads a year's calendar from text: CSV or tab-separated lines
// "date,kind,name", with or without a heading, or a JSON array of objects with
// these members. A date is 2027-01-01; a kind is off (休, 放假) or work (班, 上班).
// It returns what can be read, and each row that cannot as a field.
func parseNotice(text string) ([]SpecialDay, []errs.Field) {
	if len(text) > maxNoticeText {
		return nil, []errs.Field{errs.At("body.text", "field.too_long")}
	}
	rows, err := noticeRows(text)
	if err != nil {
		return nil, []errs.Field{errs.At("body.text", "rules.unreadable")}
	}
	if len(rows) > maxNoticeDays {
		return nil, []errs.Field{errs.At("body.text", "rules.too_many_rows", "max", maxNoticeDays)}
	}
	var days []SpecialDay
	var fields []errs.Field
	for _, r := range rows {
		kind, ok := dayKinds[strings.ToLower(r.kind)]
		name := []rune(r.name)
		switch {
		case !clock.Day(r.day).Valid():
			fields = append(fields, errs.At(rowAt(r.line), "rules.bad_day"))
		case !ok:
			fields = append(fields, errs.At(rowAt(r.line), "rules.bad_day_kind"))
		case len(name) == 0 || len(name) > maxDayName:
			fields = append(fields, errs.At(rowAt(r.line), "rules.bad_day_name", "max", maxDayName))
		default:
			days = append(days, SpecialDay{Day: clock.Day(r.day), Kind: kind, Name: r.name})
		}
	}
	slices.SortFunc(days, func(a, b SpecialDay) int { return cmp.Compare(a.Day, b.Day) })
	return days, fields
}

type noticeRow struct {
	line            int
	day, kind, name string
}

func noticeRows(text string) ([]noticeRow, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		return noticeJSON(text)
	}
	records, err := tableRows(text)
	if err != nil {
		return nil, err
	}
	var rows []noticeRow
	for _, r := range records {
		if r.line == 1 && !clock.Day(r.at(0)).Valid() && dayKinds[strings.ToLower(r.at(1))] == "" { // a heading
			continue
		}
		rows = append(rows, noticeRow{r.line, r.at(0), r.at(1), r.at(2)})
	}
	return rows, nil
}

func noticeJSON(text string) ([]noticeRow, error) {
	var list []struct{ Date, Kind, Name string }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, err
	}
	rows := make([]noticeRow, len(list))
	for i, d := range list {
		rows[i] = noticeRow{i + 1, strings.TrimSpace(d.Date), strings.TrimSpace(d.Kind), strings.TrimSpace(d.Name)}
	}
	return rows, nil
}

func rowAt(line int) string { return fmt.Sprintf("row %d", line) }

// check returns what is implausible in the calendar of a year.
func (y Year) check() []errs.Field {
	var fields []errs.Field
	first, last := clock.Day(fmt.Sprintf("%04d-12-20", y.Year-1)), clock.Day(fmt.Sprintf("%04d-12-31", y.Year))
	weekends := NewCalendar()
	kind := map[clock.Day]DayKind{}
	off := 0
	for _, d := range y.Days {
		at := "day " + string(d.Day)
		switch {
		case d.Day < first || d.Day > last:
			fields = append(fields, errs.At(at, "rules.other_year", "year", y.Year))
		case kind[d.Day] != "":
			fields = append(fields, errs.At(at, "rules.day_twice"))
		case d.Kind == Work && weekends.Working(d.Day):
			fields = append(fields, errs.At(at, "rules.works_anyway"))
		}
		if kind[d.Day] = d.Kind; d.Kind == Off {
			off++
		}
	}
	for _, md := range []string{"01-01", "05-01", "10-01", "10-02", "10-03"} { // days off by law since 1949, in every year
		day := clock.Day(fmt.Sprintf("%04d-%s", y.Year, md))
		if kind[day] != Off {
			fields = append(fields, errs.At("day "+string(day), "rules.must_be_off"))
		}
	}
	if off < 11 || off > 45 { // the law gives 11 days, with weekends at most about 33
		fields = append(fields, errs.At("body.text", "rules.implausible_days", "off", off))
	}
	return fields
}
