// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var days = rapid.Custom(func(t *rapid.T) Day {
	return DayOf(time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "second"), 0))
})

func TestDayOf(t *testing.T) {
	for _, tt := range []struct {
		at   string
		want Day
	}{
		{"2027-05-31T15:59:59.999999Z", "2027-05-31"},
		{"2027-05-31T16:00:00Z", "2027-06-01"},
		{"2027-06-01T00:00:00+08:00", "2027-06-01"},
		{"2027-06-01T23:59:59+08:00", "2027-06-01"},
		{"2028-02-28T16:00:00Z", "2028-02-29"},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := DayOf(at); got != tt.want {
			t.Errorf("%s is in %s, want %s", tt.at, got, tt.want)
		}
	}
}

func TestDayLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := days.Draw(t, "day"), rapid.IntRange(-5000, 5000).Draw(t, "n")
		if !d.Valid() || DayOf(d.Start()) != d || DayOf(d.End()) != d.Add(1) {
			t.Fatalf("%s starts %s and ends %s", d, d.Start(), d.End())
		}
		if got := d.End().Sub(d.Start()); got != 24*time.Hour {
			t.Fatalf("%s lasts %s", d, got)
		}
		if DayOf(d.End().Add(-time.Microsecond)) != d {
			t.Fatalf("the last instant of %s is not in it", d)
		}
		if d.Add(n).Add(-n) != d || n > 0 && d.Add(n) <= d || n < 0 && d.Add(n) >= d {
			t.Fatalf("%s and %d days is %s", d, n, d.Add(n))
		}
		if want := time.Weekday(((int(d.Weekday())+n)%7 + 7) % 7); d.Add(n).Weekday() != want {
			t.Fatalf("%s is a %s, want %s", d.Add(n), d.Add(n).Weekday(), want)
		}
	})
}

func TestInvalidDays(t *testing.T) {
	for _, d := range []Day{"", "2027-02-29", "2027-6-1", "2027-06-31", "20270601", "2027-06-01T00:00:00Z", "六月一日"} {
		if d.Valid() || !d.Start().IsZero() {
			t.Errorf("%q is valid", d)
		}
	}
}

func TestCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).In(Beijing)
		cut := Cut(at)
		if cut.Location() != time.UTC || cut.Nanosecond()%1000 != 0 || at.Sub(cut) < 0 || at.Sub(cut) >= time.Microsecond || Cut(cut) != cut {
			t.Fatalf("%s cut is %s", at, cut)
		}
	})
	if now := System(); now != Cut(now) {
		t.Errorf("the system's time is not cut: %s", now)
	}
}

func TestManual(t *testing.T) {
	at := time.Date(2027, 6, 16, 8, 0, 0, 1999, Beijing)
	m := NewManual(at)
	if got := m.Now(); !got.Equal(Cut(at)) || got.Nanosecond() != 1000 {
		t.Errorf("stands at %s", got)
	}
	m.Advance(time.Hour)
	if got := m.Now().Sub(Cut(at)); got != time.Hour {
		t.Errorf("moved %s", got)
	}
	m.Set(at)
	if !m.Now().Equal(Cut(at)) {
		t.Errorf("set to %s", m.Now())
	}
}

func TestStopwatch(t *testing.T) {
	took := Stopwatch()
	time.Sleep(2 * time.Millisecond)
	if first := took(); first < 2*time.Millisecond || took() < first {
		t.Errorf("took %s, then %s", first, took())
	}
}
