// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"strconv"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"

	"anlan/internal/kernel/clock"
)

// DayKind says how a notice of the State Council changes a day.
type DayKind string

const (
	Off  DayKind = "off"  // 放假: no work, whatever the weekday
	Work DayKind = "work" // 调休上班: a Saturday or Sunday on which people work
)

// SpecialDay is a day whose kind differs from its weekday's, or is named in a notice.
type SpecialDay struct {
	Day  clock.Day
	Kind DayKind
	Name string
}

// Year is one year's calendar. Days may lie in the last days of the year before:
// the notice for 2023 made 31 December 2022 a day off.
type Year struct {
	Year      int
	Announced bool // false: nobody has imported the notice, only weekends are known
	SourceDoc string
	Builtin   bool
	Version   int // 0 when it was never stored
	Days      []SpecialDay
}

// The years whose notices ship with the program.
const (
	firstBuiltin = 2015
	lastBuiltin  = 2026
)

// Calendar knows which days are working days.
type Calendar struct {
	special   map[clock.Day]DayKind
	announced map[int]bool
}

// NewCalendar joins years; where two notices name the same day, the later year's holds.
func NewCalendar(years ...Year) *Calendar {
	c := &Calendar{special: map[clock.Day]DayKind{}, announced: map[int]bool{}}
	from := map[clock.Day]int{}
	for _, y := range years {
		c.announced[y.Year] = c.announced[y.Year] || y.Announced
		for _, d := range y.Days {
			if y.Year >= from[d.Day] {
				c.special[d.Day], from[d.Day] = d.Kind, y.Year
			}
		}
	}
	return c
}

// Working reports whether people work on d: by the notice, or else from Monday to Friday.
func (c *Calendar) Working(d clock.Day) bool {
	if k, ok := c.special[d]; ok {
		return k == Work
	}
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday
}

// Announced reports whether the notice for the year of d is known. Without it
// only weekends are days off, and no statutory holiday is guessed.
func (c *Calendar) Announced(d clock.Day) bool { return c.announced[yearOf(d)] }

func yearOf(d clock.Day) int {
	n, _ := strconv.Atoi(string(d)[:min(4, len(d))])
	return n
}

// sourceEN is the English of a shipped calendar's source; "" for an imported one.
func (y Year) sourceEN() string {
	if !y.Builtin {
		return ""
	}
	return fmt.Sprintf("Notice of the General Office of the State Council on the holidays of %d", y.Year)
}

// builtinYears returns the calendars that ship with the program, by the State
// Council's yearly notices as collected in lunar-go.
func builtinYears() []Year {
	var years []Year
	for y := firstBuiltin; y <= lastBuiltin; y++ {
		year := Year{Year: y, Announced: true, Builtin: true, Version: 1,
			SourceDoc: "国务院办公厅关于" + strconv.Itoa(y) + "年部分节假日安排的通知"}
		for e := HolidayUtil.GetHolidaysByYear(y).Front(); e != nil; e = e.Next() {
			h := e.Value.(*HolidayUtil.Holiday)
			d := SpecialDay{Day: clock.Day(h.GetDay()), Kind: Off, Name: h.GetName()}
			if h.IsWork() {
				d.Kind = Work
			}
			year.Days = append(year.Days, d)
		}
		years = append(years, year)
	}
	return years
}
