// SPDX-License-Identifier: Apache-2.0

// Package campaign keeps the year's campaigns: 全国“安全生产月” in June and the
// travelling campaign “安全生产万里行” that follows it until December.
//
// campaign.go and template.go are the rules, service.go owns the transactions,
// current.go answers which campaign a thing belongs to, store.go alone speaks SQL,
// http.go alone speaks HTTP.
package campaign

import (
	"strings"
	"unicode/utf8"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// Permissions of this package.
const (
	PermRead = "campaign.read"
	PermEdit = "campaign.edit"
	PermJoin = "campaign.join" // let one's own unit take part
)

// Mode is how a campaign is held.
type Mode string

const (
	Online  Mode = "online"
	Offline Mode = "offline"
	Both    Mode = "both"
)

// Campaign is one year's campaign at one place. Lower places may hold their own,
// adapted to local conditions (因地制宜); a thing that happens belongs to the
// campaign of the lowest place that holds one on that day.
type Campaign struct {
	ID              string
	Slug            string // in the public address, unique
	Year            int
	Number          int // 届次: the 19th in 2020
	Title           string
	Theme           string // 主题
	Summary         string // a few plain sentences for the public page
	Place           place.Path
	Starts          clock.Day // first day of the month
	Ends            clock.Day // last day of the month, inclusive
	ConsultationDay clock.Day // 宣传咨询日; a date of the campaign, not a rule (domain facts §1.1)
	TourStarts      clock.Day // of the travelling campaign; "" when there is none
	TourEnds        clock.Day // inclusive
	TourBrand       string    // its local name: 龙江行, 燕赵行 …
	Mode            Mode
	Template        string
	Version         int
}

// Until is the last day on which something can belong to c.
func (c *Campaign) Until() clock.Day { return max(c.Ends, c.TourEnds) }

// Running reports whether c runs on day, the month or the tour.
func (c *Campaign) Running(day clock.Day) bool { return c.Starts <= day && day <= c.Until() }

const (
	maxTitle   = 80   // runes
	maxTheme   = 80   // runes
	maxSummary = 1000 // runes
	firstYear  = 2002 // the first 安全生产月
	lastYear   = 2100
)

// Check returns an Invalid error that names every field of c that is wrong.
func (c *Campaign) Check() error {
	var bad []errs.Field
	add := func(wrong bool, at, key string, args ...any) {
		if wrong {
			bad = append(bad, errs.At(at, key, args...))
		}
	}
	add(c.Year < firstYear || c.Year > lastYear, "year", "campaign.bad_year", "first", firstYear)
	add(!between(c.Title, 2, maxTitle), "title", "campaign.bad_title", "max", maxTitle)
	add(!between(c.Theme, 2, maxTheme), "theme", "campaign.bad_theme", "max", maxTheme)
	add(utf8.RuneCountInString(c.Summary) > maxSummary, "summary", "field.too_long", "max", maxSummary)
	add(!c.Place.Valid(), "place", "campaign.bad_place")
	add(!c.Starts.Valid() || !c.Ends.Valid() || c.Ends < c.Starts, "ends", "campaign.bad_period")
	add(!c.ConsultationDay.Valid() || c.ConsultationDay < c.Starts || c.ConsultationDay > c.Until(),
		"consultation_day", "campaign.bad_consultation_day")
	add(!c.tourValid(), "tour_ends", "campaign.bad_tour")
	add(c.Mode != Online && c.Mode != Offline && c.Mode != Both, "mode", "field.not_a_choice")
	return errs.InvalidFields(bad...)
}

func (c *Campaign) tourValid() bool {
	if c.TourStarts == "" && c.TourEnds == "" {
		return true
	}
	return c.TourStarts.Valid() && c.TourEnds.Valid() && c.TourStarts >= c.Starts && c.TourEnds >= c.TourStarts
}

func between(s string, least, most int) bool {
	n := utf8.RuneCountInString(strings.TrimSpace(s))
	return n >= least && n <= most
}
