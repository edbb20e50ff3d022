// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"
	"unicode"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

// Standard is a document by which a hazard is judged to be major (重大事故隐患判定标准).
type Standard struct {
	ID        string // short and lasting, such as "mem-10-2023"
	Title     string
	DocNo     string
	Issuer    string
	Lines     []string  // supervisory tags of the units that it is about; none: all
	ValidFrom clock.Day // "" when it is not known
	ValidTo   clock.Day // last day, "" while it is in force
	Successor string    // id of the standard that took its place, or ""
	Confirmed bool      // false: the title or number still has to be checked against the original
	Builtin   bool
	Version   int
}

// HoldsOn reports whether the standard is in force on day.
func (s Standard) HoldsOn(day clock.Day) bool {
	return s.ValidFrom <= day && (s.ValidTo == "" || day <= s.ValidTo)
}

// Clause is one numbered place of a standard that a finding can cite.
type Clause struct {
	Standard string
	No       string // "第十一条", "第十一条（一）", "5.2.1"
	Text     string
	Keywords []string
	Hint     bool // Text is a short hint in our words, not the wording of the standard
}

const (
	maxClauseNo   = 40
	maxClauseText = 4000
	maxKeyword    = 20
	maxKeywords   = 20
	maxTitle      = 200
)

// clauseNo brings the number of a clause into one spelling: without blanks, with
// Chinese parentheses after Chinese numerals.
func clauseNo(text string) string {
	no := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	if strings.HasPrefix(no, "第") {
		no = strings.NewReplacer("(", "（", ")", "）").Replace(no)
	}
	return no
}

// check brings c into its stored spelling and returns what is wrong with it, as a
// field that stands at the given place.
func (c *Clause) check(at string) []errs.Field {
	c.No, c.Text = clauseNo(c.No), strings.TrimSpace(c.Text)
	c.Keywords = strings.Fields(strings.Join(c.Keywords, " "))
	tooLong := func(k string) bool { return len([]rune(k)) > maxKeyword }
	switch {
	case c.No == "" || len([]rune(c.No)) > maxClauseNo:
		return []errs.Field{errs.At(at, "rules.bad_clause_no", "max", maxClauseNo)}
	case c.Text == "" || len([]rune(c.Text)) > maxClauseText:
		return []errs.Field{errs.At(at, "rules.bad_clause_text", "max", maxClauseText)}
	case len(c.Keywords) > maxKeywords || slices.ContainsFunc(c.Keywords, tooLong):
		return []errs.Field{errs.At(at, "rules.bad_keywords", "max", maxKeywords, "length", maxKeyword)}
	}
	return nil
}

// check returns what is wrong with a standard that somebody wants to store.
func (s Standard) check() error {
	var fields []errs.Field
	refuse := func(bad bool, at, key string) {
		if bad {
			fields = append(fields, errs.At(at, key))
		}
	}
	refuse(!goodStandardID(s.ID), "path.id", "rules.bad_standard_id")
	refuse(s.Title == "" || len([]rune(s.Title)) > maxTitle, "body.title", "rules.bad_title")
	refuse(s.ValidFrom != "" && !s.ValidFrom.Valid(), "body.valid_from", "rules.bad_day")
	refuse(s.ValidTo != "" && !s.ValidTo.Valid(), "body.valid_to", "rules.bad_day")
	refuse(s.ValidTo != "" && s.ValidTo < s.ValidFrom, "body.valid_to", "rules.ends_before_it_begins")
	refuse(slices.ContainsFunc(s.Lines, notTag), "body.lines", "rules.bad_line")
	refuse(s.Confirmed && s.DocNo == "", "body.doc_no", "rules.doc_no_missing")
	return errs.InvalidFields(fields...)
}

func goodStandardID(id string) bool {
	return len(id) >= 3 && len(id) <= 40 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func notTag(line string) bool {
	return line == "" || len(line) > 40 || strings.Trim(line, "abcdefghijklmnopqrstuvwxyz_") != ""
}
