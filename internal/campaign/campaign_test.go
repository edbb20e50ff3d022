// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"testing"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

func TestTemplates(t *testing.T) {
	c := Template2020.For(2020)
	c.Place = "cn/"
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if c.Number != 19 || c.Theme != "消除事故隐患，筑牢安全防线" || c.ConsultationDay != "2020-06-16" || c.TourEnds != "2020-12-31" {
		t.Errorf("the campaign of 2020 is %+v", c)
	}
	if c := Blank.For(2027); c.Number != 26 || c.Theme != "" || c.TourStarts != "" {
		t.Errorf("the blank campaign of 2027 is %+v", c)
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(c *Campaign)
		at    string // the field that is refused; "" none
	}{
		{"good", func(*Campaign) {}, ""},
		{"no tour", func(c *Campaign) { c.TourStarts, c.TourEnds = "", "" }, ""},
		{"before the first campaign", func(c *Campaign) { c.Year = 2001 }, "year"},
		{"no title", func(c *Campaign) { c.Title = " " }, "title"},
		{"no theme", func(c *Campaign) { c.Theme = "" }, "theme"},
		{"no place", func(c *Campaign) { c.Place = "" }, "place"},
		{"ends before it starts", func(c *Campaign) { c.Ends = "2020-05-01" }, "ends"},
		{"no such day", func(c *Campaign) { c.Ends = "2020-06-31" }, "ends"},
		{"consultation day outside", func(c *Campaign) { c.ConsultationDay = "2021-06-16" }, "consultation_day"},
		{"half a tour", func(c *Campaign) { c.TourEnds = "" }, "tour_ends"},
		{"tour before the month", func(c *Campaign) { c.TourStarts = "2020-01-01" }, "tour_ends"},
		{"unknown mode", func(c *Campaign) { c.Mode = "dream" }, "mode"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Template2020.For(2020)
			c.Place = "cn/"
			tt.spoil(c)
			err := c.Check()
			if tt.at == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			e, ok := err.(*errs.Error)
			if !ok || len(e.Fields) == 0 || e.Fields[0].At != tt.at {
				t.Errorf("Check = %v, want a refusal of %s", err, tt.at)
			}
		})
	}
}

func TestRunning(t *testing.T) {
	c := Template2020.For(2020)
	for day, want := range map[clock.Day]bool{"2020-05-31": false, "2020-06-01": true, "2020-06-30": true,
		"2020-12-31": true, "2021-01-01": false} {
		if got := c.Running(day); got != want {
			t.Errorf("Running(%s) = %v", day, got)
		}
	}
}
