// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"regexp"
	"slices"

	"anlan/internal/kernel/errs"
)

var tableID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{2,59}$`)

const maxYuan = 100_000_000 // the most that any number of a table may be

// Check returns all that is wrong with t as a set of rules to compute by.
func (t Table) Check() error {
	var fields []errs.Field
	refuse := func(bad bool, at, key string, args ...any) {
		if bad {
			fields = append(fields, errs.At(at, key, args...))
		}
	}
	refuse(!tableID.MatchString(t.ID), "body.id", "reward.table_id")
	refuse(!t.Place.Valid(), "body.place", "reward.table_place")
	refuse(!t.ValidFrom.Valid(), "body.valid_from", "reward.table_day")
	refuse(t.ValidTo != "" && (!t.ValidTo.Valid() || t.ValidTo < t.ValidFrom), "body.valid_to", "reward.table_day")
	refuse(t.Doc == "" || len([]rune(t.Doc)) > maxWords, "body.doc", "reward.table_source")
	for _, w := range append([]Words{t.Title}, t.Gaps...) {
		refuse(!w.whole(), "body.title", "reward.table_words")
	}
	refuse(len(t.Rules) != len(Classes), "body.rules", "reward.table_classes")
	for _, c := range Classes {
		r, ok := t.Rules[c]
		refuse(!ok || !r.sound(), "body.rules."+string(c), "reward.table_rule")
	}
	refuse(!within(t.Insider.Percent, 0, 100) || !within(t.Insider.Cap, 0, maxYuan), "body.insider", "reward.table_rule")
	return errs.InvalidFields(fields...)
}

func within(n, least, most int64) bool { return n >= least && n <= most }

// whole reports whether w has both languages.
func (w Words) whole() bool {
	return w.Zh != "" && w.En != "" && len([]rune(w.Zh)) <= maxWords && len([]rune(w.En)) <= maxWords
}

// sound reports whether r has the numbers that its form needs, and plausible ones.
func (r Rule) sound() bool {
	for _, n := range []int64{r.Floor, r.Cap, r.Each, r.MonthlyCap} {
		if !within(n, 0, maxYuan) {
			return false
		}
	}
	switch r.Form {
	case FormShare:
		return within(r.Percent, 1, 100) && r.Cap >= max(r.Floor, 1)
	case FormHeads:
		return r.Cap > 0 && r.headsSound()
	case FormFixed:
		return r.Each > 0 && (r.MonthlyCap == 0 || r.MonthlyCap >= r.Each)
	case FormBand:
		return r.Floor > 0 && r.Cap >= r.Floor
	case FormAsk:
		return r.Cap == 0 || r.Cap >= r.Floor
	case FormNone:
		return true
	}
	return false
}

// headsSound reports whether each grade that r names is one, and pays something.
func (r Rule) headsSound() bool {
	for g, n := range r.PerHead {
		if !slices.Contains(Grades, g) || !within(n, 1, maxYuan) {
			return false
		}
	}
	return len(r.PerHead) > 0
}
