// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

// TestShippedYears compares each shipped year with the law: 11 days off (13 since
// 2025), one more in 2015 for the anniversary of the victory, every make-up day a
// weekend, and about 250 working days.
func TestShippedYears(t *testing.T) {
	for _, y := range builtinYears() {
		if bad := y.check(); len(bad) > 0 {
			t.Errorf("%d: %v", y.Year, bad)
		}
		v := toYearView(y)
		if v.Off < 26 || v.Off > 34 || v.Work < 4 || v.Work > 9 {
			t.Errorf("%d: %d days off, %d make-up days", y.Year, v.Off, v.Work)
		}
		byLaw := 11
		if y.Year >= 2025 {
			byLaw = 13
		}
		if y.Year == 2015 {
			byLaw = 12
		}
		weekdays := 0
		plain := NewCalendar()
		for d := clock.Day(v.Days[0].Day[:4] + "-01-01"); yearOf(d) == y.Year; d = d.Add(1) {
			if plain.Working(d) {
				weekdays++
			}
		}
		// Days off on a statutory weekend and days moved over New Year shift the count a little.
		if got := weekdays - v.Working; got < byLaw-3 || got > byLaw+2 {
			t.Errorf("%d: %d working days lost, the law gives %d", y.Year, got, byLaw)
		}
	}
}

func TestWorking(t *testing.T) {
	for _, tt := range []struct {
		day  clock.Day
		want bool
	}{
		{"2026-01-01", false}, {"2026-01-04", true}, {"2026-02-14", true}, {"2026-02-23", false}, {"2026-09-20", true},
		{"2026-10-10", true}, {"2026-10-11", false}, {"2020-01-31", false}, {"2025-01-26", true}, {"2027-01-01", true},
		{"2027-05-02", false},
	} {
		if got := shipped.Working(tt.day); got != tt.want {
			t.Errorf("%s: working %t, want %t", tt.day, got, tt.want)
		}
	}
	if shipped.Announced("2027-01-01") || !shipped.Announced("2026-12-31") {
		t.Error("2026 is announced, 2027 is not")
	}
}

// TestLaterNoticeWins lets the notice for 2027 take a day at the end of 2026.
func TestLaterNoticeWins(t *testing.T) {
	y := Year{Year: 2027, Announced: true, Days: []SpecialDay{{"2026-12-31", Off, "元旦"}}}
	for _, c := range []*Calendar{NewCalendar(append(builtinYears(), y)...), NewCalendar(append([]Year{y}, builtinYears()...)...)} {
		if c.Working("2026-12-31") {
			t.Error("31 December 2026 is a working day")
		}
	}
}

func TestImportYear(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		n := Notice{Year: 2027, Text: notice2027, SourceDoc: "通知"}
		if _, err := f.ImportYear(actor.With(t.Context(), editor(town)), n); errs.KindOf(err) != errs.Denied {
			t.Errorf("by a town: %v", err)
		}
		ctx := actor.With(t.Context(), editor(county))
		dry := n
		dry.DryRun = true
		if y, err := f.ImportYear(ctx, dry); err != nil || len(y.Days) != 13 {
			t.Errorf("dry run: %+v %v", y, err)
		}
		start := at(t, "2026-12-30 09:00")
		if d, err := f.Deadline(ctx, "hazard.transfer_receipt", county, start); err != nil || d.Last != "2027-01-01" || !d.Provisional {
			t.Errorf("before the notice: %+v %v", d, err)
		}
		if _, err := f.ImportYear(ctx, n); err != nil {
			t.Fatal(err)
		}
		if d, err := f.Deadline(ctx, "hazard.transfer_receipt", county, start); err != nil || d.Last != "2027-01-04" || d.Provisional {
			t.Errorf("after the notice: %+v %v", d, err)
		}
		if _, err := f.ImportYear(ctx, n); errs.KindOf(err) != errs.Conflict {
			t.Errorf("over a calendar that was not looked at: %v", err)
		}
		n.Version, n.Text = 1, notice2027+"2027-10-10,班,国庆节\n"
		if y, err := f.ImportYear(ctx, n); err != nil || y.Version != 2 {
			t.Errorf("corrected: %+v %v", y, err)
		}
		if c, err := f.Calendar(ctx); err != nil || !c.Working("2027-10-10") {
			t.Errorf("the make-up day is missing (%v)", err)
		}
	})
}
