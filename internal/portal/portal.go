// SPDX-License-Identifier: Apache-2.0

// Package portal has the pages that join domains: what one looks at first. It only reads.
//
// portal.go says what the first pages show, http.go speaks HTTP.
package portal

import (
	"context"

	"anlan/internal/campaign"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/stats"
)

// homeKeys are the three numbers of the public page: what was reported, what was
// closed, and the rate, over the campaign or, outside one, the year.
var homeKeys = []string{"hazard.reported", "hazard.closed", "hazard.rectification_rate"}

// Hotline is a telephone number for people in need.
type Hotline struct{ Number, Zh, En string }

// Hotlines are national numbers that hold in every region: emergencies first, then
// reports of violations (12350 work safety, 12345 government services, 96119 fire hazards).
var Hotlines = []Hotline{
	{"119", "火警", "Fire"}, {"110", "报警", "Police"}, {"120", "急救", "Ambulance"},
	{"12350", "安全生产举报", "Work-safety tip-offs"}, {"12345", "政务服务便民热线", "Government services"},
	{"96119", "火灾隐患举报", "Fire hazards"},
}

// Config is what a Service is made of.
type Config struct {
	Now      clock.Clock
	Org      *org.Service
	Stats    *stats.Service
	Campaign *campaign.Service
}

// Service joins what the first pages show.
type Service struct{ Config }

// New returns a Service.
func New(cfg Config) *Service { return &Service{cfg} }

// Front is the public front page of a place.
type Front struct {
	Place    place.Path
	Name     string
	Campaign *campaign.Campaign // nil when none was ever held
	Days     stats.Days         // over which the figures count
	Figures  []stats.Figure
}

// Front returns the front page of the place that the installation serves.
func (s *Service) Front(ctx context.Context) (*Front, error) {
	at, err := s.Org.Home(ctx)
	if err != nil {
		return nil, err
	}
	f := &Front{Place: at}
	if f.Name, err = s.Org.PlaceName(ctx, at); err != nil {
		return nil, err
	}
	today := clock.DayOf(s.Now())
	if f.Campaign, err = s.Campaign.Latest(ctx, at, today); err != nil {
		return nil, err
	}
	f.Days = daysOf(f.Campaign, today)
	f.Figures, err = s.Stats.Figures(ctx, homeKeys, stats.Scope{Place: at}, f.Days)
	return f, err
}

// daysOf is the running campaign up to today, or else this year.
func daysOf(c *campaign.Campaign, today clock.Day) stats.Days {
	if c != nil && c.Running(today) {
		return stats.Days{From: c.Starts, To: today}
	}
	return stats.Days{From: today[:4] + "-01-01", To: today}
}
