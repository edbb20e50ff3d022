// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"anlan/internal/kernel/clock"
)

var shipped = NewCalendar(builtinYears()...)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, clock.Beijing)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestDue(t *testing.T) {
	tests := []struct {
		name        string
		start       string
		term        Term
		pauses      [][2]string
		want        clock.Day
		holiday     bool
		provisional bool
	}{
		{"one calendar day ends at midnight of the next", "2026-06-01 12:00", Term{1, CalendarDays}, nil, "2026-06-02", false, false},
		{"the start day does not count, however early", "2026-06-01 00:00", Term{1, WorkingDays}, nil, "2026-06-02", false, false},
		{"a minute before midnight is still that day", "2026-06-01 23:59", Term{1, WorkingDays}, nil, "2026-06-02", false, false},
		{"over a weekend", "2026-06-05 09:00", Term{1, WorkingDays}, nil, "2026-06-08", false, false},
		{"Dragon Boat Friday is off", "2026-06-18 09:00", Term{1, WorkingDays}, nil, "2026-06-22", false, false},
		{"a make-up Sunday counts", "2026-09-18 09:00", Term{1, WorkingDays}, nil, "2026-09-20", false, false},
		{"Spring Festival 2026 is nine days", "2026-02-13 17:00", Term{2, WorkingDays}, nil, "2026-02-24", false, false},
		{"a calendar term may end on a day off", "2026-09-28 09:00", Term{5, CalendarDays}, nil, "2026-10-03", true, false},
		{"31 December 2022 was off by the notice for 2023", "2022-12-30 09:00", Term{1, WorkingDays}, nil, "2023-01-03", false, false},
		{"into a year that is not announced", "2026-12-30 09:00", Term{2, WorkingDays}, nil, "2027-01-01", false, true},
		{"a calendar term needs no announcement", "2026-12-30 09:00", Term{5, CalendarDays}, nil, "2027-01-04", false, false},
		{"a pause within a day costs nothing", "2026-06-01 09:00", Term{3, CalendarDays}, [][2]string{{"2026-06-02 09:00", "2026-06-02 17:00"}}, "2026-06-04", false, false},
		{"Monday to Wednesday is two days", "2026-06-01 09:00", Term{3, CalendarDays}, [][2]string{{"2026-06-01 10:00", "2026-06-03 10:00"}}, "2026-06-06", true, false},
		{"shared days are left out once", "2026-06-01 09:00", Term{3, CalendarDays}, [][2]string{{"2026-06-01 10:00", "2026-06-03 10:00"}, {"2026-06-02 10:00", "2026-06-04 10:00"}}, "2026-06-07", true, false},
		{"a pause over a weekend costs a working term nothing", "2026-06-05 09:00", Term{1, WorkingDays}, [][2]string{{"2026-06-05 10:00", "2026-06-07 10:00"}}, "2026-06-08", false, false},
		{"a pause before the start costs nothing", "2026-06-05 09:00", Term{1, WorkingDays}, [][2]string{{"2026-06-01 10:00", "2026-06-04 10:00"}}, "2026-06-08", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var pauses []Pause
			for _, p := range tt.pauses {
				pauses = append(pauses, Pause{at(t, p[0]), at(t, p[1])})
			}
			d, err := shipped.Due(tt.term, at(t, tt.start), pauses...)
			if err != nil {
				t.Fatal(err)
			}
			if d.Last != tt.want || d.LastIsHoliday != tt.holiday || d.Provisional != tt.provisional {
				t.Errorf("last %s, holiday %t, provisional %t; want %s, %t, %t", d.Last, d.LastIsHoliday, d.Provisional,
					tt.want, tt.holiday, tt.provisional)
			}
			if end := d.At.In(clock.Beijing); end.Format("15:04") != "00:00" || clock.DayOf(end.Add(-1)) != d.Last {
				t.Errorf("ends at %s, want 24:00 of %s", end, d.Last)
			}
		})
	}
}

func TestDueRefusesNoTerm(t *testing.T) {
	for _, term := range []Term{{}, {0, WorkingDays}, {-1, CalendarDays}, {1, "lunar"}} {
		if _, err := shipped.Due(term, at(t, "2026-06-01 12:00")); err == nil {
			t.Errorf("%v was accepted", term)
		}
	}
}

func TestEndlessPauseIsRefused(t *testing.T) {
	start := at(t, "2026-06-01 12:00")
	if _, err := shipped.Due(Term{1, CalendarDays}, start, Pause{start, start.AddDate(200, 0, 0)}); err == nil {
		t.Error("a pause of 200 years was accepted")
	}
}

// draws of a start in 2015 to 2027, a term, and pauses around it.
var (
	anyStart = rapid.Custom(func(t *rapid.T) time.Time {
		first := clock.Day("2015-01-01").Start()
		return first.Add(time.Duration(rapid.Int64Range(0, 13*365*24*60).Draw(t, "minutes")) * time.Minute)
	})
	anyTerm = rapid.Custom(func(t *rapid.T) Term {
		return Term{rapid.IntRange(1, 60).Draw(t, "n"), rapid.SampledFrom([]TermKind{WorkingDays, CalendarDays}).Draw(t, "kind")}
	})
)

func anyPauses(t *rapid.T, start time.Time) []Pause {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Pause {
		from := start.Add(time.Duration(rapid.IntRange(-100, 1000).Draw(t, "from")) * time.Hour)
		return Pause{from, from.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "hours")) * time.Hour)}
	}), 0, 3).Draw(t, "pauses")
}

func due(t *rapid.T, term Term, start time.Time, pauses ...Pause) Deadline {
	d, err := shipped.Due(term, start, pauses...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// naive recounts a deadline from the year's own list of days, without Calendar.
func naive(term Term, start time.Time, pauses []Pause) clock.Day {
	kinds := map[clock.Day]DayKind{}
	for _, y := range builtinYears() {
		for _, d := range y.Days {
			kinds[d.Day] = d.Kind
		}
	}
	day := clock.DayOf(start)
	for n := 0; n < term.N; {
		day = day.Add(1)
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		works := kinds[day] == Work || !weekend && kinds[day] != Off
		out := false
		for _, p := range pauses {
			out = out || day > clock.DayOf(p.From) && day <= clock.DayOf(p.To)
		}
		if !out && (term.Kind == CalendarDays || works) {
			n++
		}
	}
	return day
}

func TestDueProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start, term := anyStart.Draw(t, "start"), anyTerm.Draw(t, "term")
		pauses := anyPauses(t, start)
		d := due(t, term, start, pauses...)

		if want := naive(term, start, pauses); d.Last != want {
			t.Fatalf("last day %s, by recount %s", d.Last, want)
		}
		if d.Last <= clock.DayOf(start) {
			t.Fatal("the day of the start counted")
		}
		if longer := due(t, Term{term.N + 1, term.Kind}, start, pauses...); longer.Last <= d.Last {
			t.Fatal("a longer term does not end later")
		}
		later := start.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "later")) * time.Hour)
		if due(t, term, later, pauses...).Last < d.Last {
			t.Fatal("a later start ends earlier")
		}
		if due(t, Term{term.N, WorkingDays}, start, pauses...).Last < due(t, Term{term.N, CalendarDays}, start, pauses...).Last {
			t.Fatal("working days end before calendar days")
		}
		if d.Last < due(t, term, start).Last {
			t.Fatal("pauses shorten")
		}
		if term.Kind == WorkingDays && d.LastIsHoliday {
			t.Fatal("a working term ends on a day off")
		}
	})
}

func TestDueIsAdditive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start, term := anyStart.Draw(t, "start"), anyTerm.Draw(t, "term")
		pauses := anyPauses(t, start)
		more := rapid.IntRange(1, 30).Draw(t, "more")
		first := due(t, term, start, pauses...)
		both := due(t, Term{term.N + more, term.Kind}, start, pauses...)
		then := due(t, Term{more, term.Kind}, first.Last.Start(), pauses...)
		if then.Last != both.Last {
			t.Fatalf("%d then %d days end on %s, %d days on %s", term.N, more, then.Last, term.N+more, both.Last)
		}
	})
}
