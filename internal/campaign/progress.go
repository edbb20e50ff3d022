// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/stats"
)

// progressKeys are the figures of “排查整治进行时” in the order in which they are
// shown. All are sums over places: none names a unit or a person.
var progressKeys = []string{"hazard.reported", "hazard.closed", "hazard.rectification_rate", "hazard.overdue",
	"hazard.major", "hazard.fund", "campaign.joined"}

// Progress is how far a campaign has come, computed from the ledger.
type Progress struct {
	Figures []stats.Figure
	Regions []RegionProgress // the places directly below the campaign's
	Days    []DayProgress    // of the last four weeks, or of the campaign when it is shorter
}

// RegionProgress is the part of one place.
type RegionProgress struct {
	Place            place.Path
	Reported, Closed int64
}

// DayProgress is the part of one day.
type DayProgress struct {
	Day              clock.Day
	Reported, Closed int64
}

// shownDays is how many days the chart of a progress page has.
const shownDays = 28

// ProgressOf returns the progress of c up to today.
func (s *Service) ProgressOf(ctx context.Context, c *Campaign) (*Progress, error) {
	days := c.period(clock.DayOf(s.Now()))
	figures, err := s.Stats.Figures(ctx, progressKeys, stats.Scope{Place: c.Place}, days)
	if err != nil {
		return nil, err
	}
	p := &Progress{Figures: figures}
	if p.Regions, err = s.regions(ctx, c.Place, days); err != nil {
		return nil, err
	}
	p.Days, err = s.days(ctx, c.Place, stats.Days{From: max(days.From, days.To.Add(1-shownDays)), To: days.To})
	return p, err
}

// period is the part of the campaign that is over by today; before it starts, its first day.
func (c *Campaign) period(today clock.Day) stats.Days {
	return stats.Days{From: c.Starts, To: max(c.Starts, min(today, c.Until()))}
}

func (s *Service) regions(ctx context.Context, at place.Path, days stats.Days) ([]RegionProgress, error) {
	reported, err := s.Stats.ByRegion(ctx, "hazard.reported", at, days)
	if err != nil {
		return nil, err
	}
	closed, err := s.Stats.ByRegion(ctx, "hazard.closed", at, days)
	if err != nil {
		return nil, err
	}
	closedAt := map[place.Path]int64{}
	for _, p := range closed {
		closedAt[p.Region] = p.Figure.N
	}
	out := make([]RegionProgress, len(reported))
	for i, p := range reported {
		out[i] = RegionProgress{Place: p.Region, Reported: p.Figure.N, Closed: closedAt[p.Region]}
	}
	return out, nil
}

func (s *Service) days(ctx context.Context, at place.Path, days stats.Days) ([]DayProgress, error) {
	reported, err := s.Stats.ByDay(ctx, "hazard.reported", stats.Scope{Place: at}, days)
	if err != nil {
		return nil, err
	}
	closed, err := s.Stats.ByDay(ctx, "hazard.closed", stats.Scope{Place: at}, days)
	if err != nil {
		return nil, err
	}
	out := make([]DayProgress, len(reported))
	for i, p := range reported {
		out[i] = DayProgress{Day: p.Day, Reported: p.Figure.N, Closed: closed[i].Figure.N}
	}
	return out, nil
}
