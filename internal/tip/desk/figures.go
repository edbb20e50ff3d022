// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"fmt"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/stats"
)

// Keys of the indicators that are published.
const (
	figAccepted = "tip.accepted"
	figAnswered = "tip.answered"
	figInTime   = "tip.answered_in_time"
	figVerified = "tip.verified"
	figRewarded = "tip.rewarded"
)

var published = []string{figAccepted, figAnswered, figInTime, figVerified, figRewarded}

// leastShown is the smallest number of tips that is told to the public. Fewer might be known
// by name in a small place.
const leastShown = 10

// Told is a published number.
type Told struct {
	Key    string
	N      int64
	Hidden bool // it lies between 1 and 9, or would tell another that does
}

// Published returns the numbers of a year, of the whole place that the installation serves: to
// publish parts of it beside the whole would give small parts away.
func (s *Service) Published(ctx context.Context, year int) (place.Path, []Told, error) {
	home, err := s.Tips.Org.Home(ctx)
	if err != nil {
		return "", nil, err
	}
	days := stats.Days{From: clock.Day(fmt.Sprintf("%04d-01-01", year)), To: clock.Day(fmt.Sprintf("%04d-12-31", year))}
	if today := clock.DayOf(s.Tips.Now()); !days.From.Valid() || days.From > today {
		return "", nil, errs.New(errs.Invalid, "tip.bad_year")
	}
	figures, err := s.Stats.Figures(ctx, published, stats.Scope{Place: home}, days)
	if err != nil {
		return "", nil, err
	}
	told := make([]Told, len(figures))
	for i, f := range figures {
		told[i] = Told{Key: f.Key, N: f.N}
	}
	return home, hideSmall(told), nil
}

// wholes are figures and what they are part of: the rest is a number too.
var wholes = map[string]string{figInTime: figAnswered, figVerified: figAnswered, figAnswered: figAccepted, figRewarded: figVerified}

// hideSmall hides the numbers from 1 to 9, and parts whose rest is such a number.
func hideSmall(all []Told) []Told {
	n := map[string]int64{}
	for _, t := range all {
		n[t.Key] = t.N
	}
	out := make([]Told, len(all))
	for i, t := range all {
		whole, part := wholes[t.Key]
		if small(t.N) || part && small(n[whole]-t.N) {
			t.N, t.Hidden = 0, true
		}
		out[i] = t
	}
	return out
}

func small(n int64) bool { return n > 0 && n < leastShown }
