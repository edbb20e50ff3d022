// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
)

//go:embed data
var data embed.FS

// Form is how a rule arrives at an amount.
type Form string

const (
	FormShare Form = "share" // Percent of the fine, at least Floor, at most Cap
	FormHeads Form = "heads" // PerHead[grade] for each concealed death, at most Cap
	FormFixed Form = "fixed" // Each, while one person has at most MonthlyCap for one type in a month
	FormBand  Form = "band"  // what the office sets between Floor and Cap
	FormAsk   Form = "ask"   // what the office sets by the text; the table knows no more than Floor
	FormNone  Form = "none"  // nothing
)

// Rule is what a table gives for one class. Amounts are whole yuan; 0 means that the
// table has no such number.
type Rule struct {
	Form       Form            `json:"form"`
	Percent    int64           `json:"percent,omitempty"`
	Floor      int64           `json:"floor,omitempty"`
	Cap        int64           `json:"cap,omitempty"`
	PerHead    map[Grade]int64 `json:"per_head,omitempty"`
	Each       int64           `json:"each,omitempty"`
	MonthlyCap int64           `json:"monthly_cap,omitempty"`
	Article    string          `json:"article,omitempty"` // "" where it is not known
}

// Insider is the uplift for people of the unit that they report. Cap is the most that an
// uplifted reward may be; 0: the cap of the class holds.
type Insider struct {
	Percent int64 `json:"percent"`
	Cap     int64 `json:"cap"`
}

// Words are a sentence in both languages.
type Words struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Table is one published set of reward rules. Gaps say what of it the program does not
// know, or decides without a text to go by.
type Table struct {
	ID        string         `json:"id"`
	Place     place.Path     `json:"place"`
	ValidFrom clock.Day      `json:"valid_from"`
	ValidTo   clock.Day      `json:"valid_to"` // the last day, or "" while no end is known
	Doc       string         `json:"doc"`
	Title     Words          `json:"title"`
	Rules     map[Class]Rule `json:"rules"`
	Insider   Insider        `json:"insider"`
	Gaps      []Words        `json:"gaps"`
}

// source names the table, and the article of r where it is known.
func (t Table) source(r Rule) string { return t.Doc + r.Article }

// holds reports whether t is valid on day in a place.
func (t Table) holds(at place.Path, on clock.Day) bool {
	return t.Place.Contains(at) && t.ValidFrom <= on && (t.ValidTo == "" || on <= t.ValidTo)
}

// Tables are the rules that ship with the program. They are published texts: the only real
// places in it.
var Tables = func() []Table {
	names, err := fs.Glob(data, "data/*.json")
	if err != nil {
		panic(err)
	}
	tables := make([]Table, len(names))
	for i, name := range names {
		if tables[i], err = readTable(name); err != nil {
			panic(fmt.Errorf("reward: %s: %w", path.Base(name), err))
		}
	}
	return tables
}()

func readTable(name string) (t Table, err error) {
	b, err := data.ReadFile(name)
	if err != nil {
		return t, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return t, d.Decode(&t)
}

// TableFor returns the table that holds in a place on a day: that of the most specific
// division, and among its tables the one that began last. It reports false before there was any.
func TableFor(tables []Table, at place.Path, on clock.Day) (best Table, ok bool) {
	for _, t := range tables {
		if t.holds(at, on) && (!ok || before(best, t)) {
			best, ok = t, true
		}
	}
	return best, ok
}

func before(a, b Table) bool {
	return cmp.Or(cmp.Compare(len(a.Place), len(b.Place)), cmp.Compare(a.ValidFrom, b.ValidFrom), cmp.Compare(a.ID, b.ID)) < 0
}

// TableByID returns one of tables.
func TableByID(tables []Table, id string) (Table, bool) {
	for _, t := range tables {
		if t.ID == id {
			return t, true
		}
	}
	return Table{}, false
}
