// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
)

// cacheFor is how long another process's change may go unseen.
const cacheFor = 5 * time.Second

// cached holds the campaigns that are not over, because every report asks for them.
type cached struct {
	until time.Time
	day   clock.Day
	all   []*Campaign
}

// Current returns the campaign that something at p on the given day belongs to:
// that of the lowest place at or above p that runs one; nil when there is none.
func (s *Service) Current(ctx context.Context, p place.Path, day clock.Day) (*Campaign, error) {
	running, err := s.running(ctx, day)
	if err != nil {
		return nil, err
	}
	var best *Campaign
	for _, c := range running {
		if c.Place.Contains(p) && (best == nil || c.Place.Depth() > best.Place.Depth()) {
			best = c
		}
	}
	return best, nil
}

// Latest returns the campaign to show at p: the one running on day, or else the
// last that ran there; nil when there never was one.
func (s *Service) Latest(ctx context.Context, p place.Path, day clock.Day) (*Campaign, error) {
	if c, err := s.Current(ctx, p, day); c != nil || err != nil {
		return c, err
	}
	return latestAbove(ctx, s.DB.Read(), p)
}

func (s *Service) running(ctx context.Context, day clock.Day) ([]*Campaign, error) {
	now := s.Now()
	s.cacheMu.Lock()
	defer s.cacheMu.Unlock()
	if now.Before(s.cache.until) && s.cache.day == day {
		return s.cache.all, nil
	}
	all, err := runningOn(ctx, s.DB.Read(), day)
	if err != nil {
		return nil, err
	}
	s.cache = cached{until: now.Add(cacheFor), day: day, all: all}
	return all, nil
}

func (s *Service) forget() {
	s.cacheMu.Lock()
	defer s.cacheMu.Unlock()
	s.cache = cached{}
}
