// SPDX-License-Identifier: Apache-2.0

// Package taxonomy holds the code lists of the trade: what kinds of accidents,
// hazards, inspections and industries there are. The lists lie as tab-separated
// files in lists/, one line per code with its Chinese and English name and the code
// above it; the first line of each says its names, its source and from when it holds.
//
// A stored code always goes with the name of its list, because lists are replaced
// by newer editions and history is not rewritten.
package taxonomy

import (
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"anlan/internal/kernel/clock"
)

// Names of the lists.
const (
	Accident     = "accident_2025" // GB 6441-2025
	Accident1986 = "accident_1986" // GB 6441-1986, for what was recorded before July 2026
	HazardFactor = "hazard_factor" // GB/T 13861-2022
	Inspection   = "inspection"    // base and site management
	Worker       = "worker"        // the four buttons on a worker's phone
	Industry     = "industry"      // GB/T 4754-2017, sections and divisions
	Line         = "line"          // supervisory tags
)

// Item is one code of a list.
type Item struct{ Code, ZH, EN, Parent string }

// List is a code list in its official order.
type List struct {
	Name, ZH, EN string
	Source       string
	Since        clock.Day
	Items        []Item

	at map[string]int
}

// Item returns the item with the given code.
func (l *List) Item(code string) (Item, bool) {
	i, ok := l.at[code]
	if !ok {
		return Item{}, false
	}
	return l.Items[i], true
}

// Of returns the list of that name; it panics for another name, because names are
// constants of this package.
func Of(name string) *List {
	l, ok := lists[name]
	if !ok {
		panic("taxonomy: no list " + name)
	}
	return l
}

// Has reports whether code is one of the list's.
func Has(list, code string) bool {
	_, ok := Of(list).Item(code)
	return ok
}

// All returns the lists by name.
func All() []*List {
	return slices.SortedFunc(maps.Values(lists), func(a, b *List) int { return strings.Compare(a.Name, b.Name) })
}

// Crossing says how a code of 1986 is told in 2025.
type Crossing struct {
	To     []string // codes of 2025; the first is proposed
	Change string   // "same", "renamed", "merged", or "split": then a person must choose
}

// Cross returns the way from an accident class of 1986 to those of 2025.
func Cross(code1986 string) (Crossing, bool) {
	c, ok := crossings[code1986]
	return c, ok
}

//go:embed lists
var files embed.FS

var (
	lists     = readLists(Accident, Accident1986, HazardFactor, Inspection, Worker, Industry, Line)
	crossings = readCrossings()
)

func readLists(names ...string) map[string]*List {
	m := map[string]*List{}
	for _, name := range names {
		m[name] = readList(name)
	}
	return m
}

func readCrossings() map[string]Crossing {
	m := map[string]Crossing{}
	_, rows := readFile("accident_crosswalk")
	for _, r := range rows {
		m[r[0]] = Crossing{To: strings.Split(r[1], ","), Change: r[2]}
	}
	return m
}

func readList(name string) *List {
	head, rows := readFile(name)
	l := &List{Name: name, ZH: head[0], EN: head[1], Source: head[2], Since: clock.Day(head[3]), at: map[string]int{}}
	for i, r := range rows {
		item := Item{Code: r[0], ZH: r[1], EN: r[2]}
		if len(r) > 3 {
			item.Parent = r[3]
		}
		l.Items, l.at[item.Code] = append(l.Items, item), i
	}
	return l
}

// readFile returns the parts of a file's first line and the cells of the others.
// The files are ours: a fault in one is found by the first test that starts.
func readFile(name string) (head []string, rows [][]string) {
	text, err := files.ReadFile(path.Join("lists", name+".tsv"))
	if err != nil {
		panic(err)
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
	for line := range strings.Lines(rest) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) < 3 {
			panic(fmt.Sprintf("taxonomy: %s: %q", name, line))
		}
		rows = append(rows, cells)
	}
	return strings.Split(first, " | "), rows
}
