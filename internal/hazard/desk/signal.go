// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"anlan/internal/hazard"
)

const (
	similarWithin = 30 * 24 * time.Hour
	similarLooked = 200  // candidates compared
	similarShown  = 5    // hints given
	similarLeast  = 0.35 // share of common pairs of characters; below it two texts merely share the trade's words
)

// Similar is a hint that a report may repeat another: a signal to the triager, who decides.
type Similar struct {
	*hazard.Hazard
	Words float64 // share of common pairs of characters, 0 to 1
	Photo bool    // a photo of one looks like one of the other
}

// similar returns earlier reports of the same unit, or else place, from the last days, that
// say nearly the same or show nearly the same picture, the likeliest first.
func (s *Service) similar(ctx context.Context, d *Detail) ([]Similar, error) {
	near, err := recent(ctx, s.Hazards.DB.Read(), d.Hazard, d.Created.Add(-similarWithin), similarLooked)
	if err != nil {
		return nil, err
	}
	alike, err := s.alikePhotos(ctx, d)
	if err != nil {
		return nil, err
	}
	mine := pairsOf(d.Hazard.Words + d.Spot)
	var out []Similar
	for _, h := range near {
		hint := Similar{Hazard: h, Words: overlap(mine, pairsOf(h.Words+h.Spot)), Photo: alike[h.Subject()]}
		if hint.Photo || hint.Words >= similarLeast {
			out = append(out, hint)
		}
	}
	slices.SortStableFunc(out, func(a, b Similar) int { return cmp.Compare(b.weight(), a.weight()) })
	return out[:min(len(out), similarShown)], nil
}

func (s Similar) weight() float64 {
	if s.Photo {
		return s.Words + 1
	}
	return s.Words
}

// pairsOf returns the pairs of neighbouring letters in a text.
func pairsOf(text string) map[[2]rune]bool {
	out := map[[2]rune]bool{}
	var last rune
	for _, r := range strings.ToLower(text) {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			last = 0
			continue
		}
		if last != 0 {
			out[[2]rune{last, r}] = true
		}
		last = r
	}
	return out
}

// overlap is the Jaccard index of two sets.
func overlap(a, b map[[2]rune]bool) float64 {
	common := 0
	for p := range a {
		if b[p] {
			common++
		}
	}
	all := len(a) + len(b) - common
	if all == 0 {
		return 0
	}
	return float64(common) / float64(all)
}

// alikePhotos returns the subjects whose photos look like one of d's.
func (s *Service) alikePhotos(ctx context.Context, d *Detail) (map[string]bool, error) {
	out := map[string]bool{}
	for _, e := range d.Evidence {
		matches, err := s.Hazards.Evidence.Similar(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range matches {
			out[m.Subject] = true
		}
	}
	return out, nil
}
