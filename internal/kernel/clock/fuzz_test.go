// SPDX-License-Identifier: Apache-2.0

package clock

import "testing"

// FuzzDay holds that a valid day begins on itself and ends where the next begins.
func FuzzDay(f *testing.F) {
	for _, text := range []string{"2026-11-24", "1991-09-15", "0001-01-01", "9999-12-31", "2026-02-30", "2026-1-1", "２０２６-11-24", "", "2026-11-24\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := Day(text)
		if !d.Valid() || d.Start().Year() > 9990 || d.Start().Year() < 2 {
			return
		}
		if DayOf(d.Start()) != d || d.Add(1).Start() != d.End() || d.Add(1).Add(-1) != d {
			t.Errorf("%q begins %v and ends %v", text, d.Start(), d.End())
		}
	})
}
