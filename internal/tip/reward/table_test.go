// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"testing"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
)

// TestTableFor finds the most specific division, then the latest that holds.
func TestTableFor(t *testing.T) {
	for _, tt := range []struct {
		at   place.Path
		on   clock.Day
		want string
	}{
		{"cn/99/9901/990101/", "2026-11-24", "national-2018"},
		{"cn/", "2018-01-04", "national-2018"},
		{"cn/", "2018-01-03", ""},
		{"cn/37/3702/370202/", "2021-12-31", "national-2018"},
		{"cn/37/3702/370202/", "2022-01-01", "shandong-2021"},
		{"cn/37/", "2025-12-24", "shandong-2021"},
		{"cn/37/", "2025-12-25", "shandong-2025"},
		{"cn/35/3502/350203/", "2026-11-24", "xiamen-2021"},
		{"cn/35/", "2026-11-24", "national-2018"},
		{"cn/35/35021/", "2026-11-24", "national-2018"},
		{"cn/32/3212/321202/321202001/", "2026-11-24", "taizhou-2020"},
		{"cn/44/4403/440309/", "2026-11-24", "longhua-2022"},
		{"cn/44/4403/440305/", "2026-11-24", "national-2018"},
		{"", "2026-11-24", ""},
	} {
		got, ok := TableFor(Tables, tt.at, tt.on)
		if got.ID != tt.want || ok != (tt.want != "") {
			t.Errorf("%s on %s: %q, want %q", tt.at, tt.on, got.ID, tt.want)
		}
	}
}

// TestLatestTable takes the later of two that a place made.
func TestLatestTable(t *testing.T) {
	older := Table{ID: "b", Place: "cn/99/", ValidFrom: "2020-01-01"}
	newer := Table{ID: "a", Place: "cn/99/", ValidFrom: "2024-01-01"}
	for _, tables := range [][]Table{{older, newer}, {newer, older}} {
		if got, _ := TableFor(tables, "cn/99/9901/", "2026-01-01"); got.ID != "a" {
			t.Errorf("got %s", got.ID)
		}
		if got, _ := TableFor(tables, "cn/99/9901/", "2023-12-31"); got.ID != "b" {
			t.Errorf("before: %s", got.ID)
		}
	}
}

// TestSpecificTable takes the division's own, also when the nation's is later.
func TestSpecificTable(t *testing.T) {
	tables := []Table{{ID: "own", Place: "cn/99/", ValidFrom: "2020-01-01"}, {ID: "nation", Place: "cn/", ValidFrom: "2024-01-01"}}
	if got, _ := TableFor(tables, "cn/99/9901/", "2026-01-01"); got.ID != "own" {
		t.Errorf("got %s", got.ID)
	}
}

// TestShippedTables holds that what ships is whole, and says what it does not know.
func TestShippedTables(t *testing.T) {
	if len(Tables) != 6 {
		t.Fatalf("%d tables", len(Tables))
	}
	seen := map[string]bool{}
	for _, table := range Tables {
		if err := table.Check(); err != nil || seen[table.ID] {
			t.Errorf("%s: %v", table.ID, err)
		}
		seen[table.ID] = true
		if len(table.Gaps) == 0 {
			t.Errorf("%s claims to know everything", table.ID)
		}
	}
}

// TestTableCheck breaks a good table on purpose.
func TestTableCheck(t *testing.T) {
	for name, spoil := range map[string]func(*Table){
		"no id":               func(t *Table) { t.ID = "" },
		"an id with blanks":   func(t *Table) { t.ID = "a b" },
		"no place":            func(t *Table) { t.Place = "99" },
		"no day":              func(t *Table) { t.ValidFrom = "2026" },
		"ends before":         func(t *Table) { t.ValidTo = "2025-12-31" },
		"no source":           func(t *Table) { t.Doc = "" },
		"one language":        func(t *Table) { t.Title.En = "" },
		"half a gap":          func(t *Table) { t.Gaps = []Words{{Zh: "不知道"}} },
		"a class missing":     func(t *Table) { delete(t.Rules, Illegal) },
		"a class too many":    func(t *Table) { t.Rules["gossip"] = Rule{Form: FormNone} },
		"no form":             func(t *Table) { t.Rules[Illegal] = Rule{} },
		"no percent":          func(t *Table) { t.Rules[Illegal] = Rule{Form: FormShare, Cap: 1} },
		"above the whole":     func(t *Table) { t.Rules[Illegal] = Rule{Form: FormShare, Percent: 101, Cap: 1} },
		"a cap below a floor": func(t *Table) { t.Rules[Illegal] = Rule{Form: FormShare, Percent: 10, Floor: 2, Cap: 1} },
		"no cap":              func(t *Table) { t.Rules[Illegal] = Rule{Form: FormShare, Percent: 10} },
		"heads of no grade": func(t *Table) {
			t.Rules[ConcealedAccident] = Rule{Form: FormHeads, PerHead: map[Grade]int64{"x": 1}, Cap: 1}
		},
		"nothing each":      func(t *Table) { t.Rules[GeneralHazard] = Rule{Form: FormFixed} },
		"a bottomless band": func(t *Table) { t.Rules[GeneralHazard] = Rule{Form: FormBand, Cap: 5} },
		"less than nothing": func(t *Table) { t.Rules[GeneralHazard] = Rule{Form: FormAsk, Floor: -5} },
		"a negative uplift": func(t *Table) { t.Insider.Percent = -1 },
	} {
		table, _ := TableByID(Tables, "national-2018")
		rules := map[Class]Rule{}
		for c, r := range table.Rules {
			rules[c] = r
		}
		table.Rules, table.ValidFrom = rules, "2026-01-01"
		if err := table.Check(); err != nil {
			t.Fatal(err)
		}
		if spoil(&table); table.Check() == nil {
			t.Errorf("%s: passes", name)
		}
	}
}
