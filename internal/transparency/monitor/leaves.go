// SPDX-License-Identifier: Apache-2.0

package monitor

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"anlan/internal/transparency"
)

const (
	// mayWait is how much earlier a leaf may be dated than one before it: the log shuffles
	// leaves within a minute or so, and times are cut to the hour.
	mayWait     = time.Hour
	maxFindings = 20 // of one key; the rest are counted by the report only
)

// leaves reads the entries of the tree one after the other.
type leaves struct {
	*run
	kinds   []byte // of each leaf: number of its kind and word
	words   []counted
	numbers map[counted]byte
	open    map[int64]awaited
	commits map[uint64]bool
	latest  time.Time
	wanted  map[transparency.Hash]transparency.Promise
	now     transparency.Statistics
	figures string // as published
	matched bool   // the published ones were those of some size
	found   map[string]int
}

// counted is what statistics count a leaf by.
type counted struct {
	kind transparency.LeafKind
	word string
}

// awaited is what a received leaf waits for.
type awaited struct {
	since time.Time
	due   string
}

func newLeaves(r *run) *leaves {
	l := &leaves{run: r, numbers: map[counted]byte{}, open: map[int64]awaited{}, commits: map[uint64]bool{},
		wanted: map[transparency.Hash]transparency.Promise{}, now: transparency.NewStatistics(), found: map[string]int{}}
	for _, msg := range r.Promises {
		p, err := r.believed().OpenPromise(msg)
		if err != nil {
			r.find(Promises, err)
			continue
		}
		l.wanted[p.Leaf] = p
	}
	return l
}

// note adds a finding, unless there are many of its kind.
func (l *leaves) note(check int, key string, args ...any) {
	if l.found[key]++; l.found[key] <= maxFindings {
		l.add(check, key, args...)
	}
}

// read checks one leaf.
func (l *leaves) read(index int64, text []byte) error {
	l.compareFigures()
	delete(l.wanted, transparency.LeafHash(text))
	leaf, err := transparency.ParseLeaf(text)
	if err != nil {
		l.note(Grammar, "transparency.bad_leaf", "index", index)
	}
	switch leaf.Kind {
	case transparency.Received:
		l.dated(index, leaf)
		l.salted(index, leaf)
		l.await(index, leaf)
		l.report.Received[leaf.Class]++
	case transparency.Event:
		l.dated(index, leaf)
		l.salted(index, leaf)
		l.event(index, leaf)
	case transparency.Head:
		l.head(index, leaf)
	case transparency.KeyLeaf:
		l.key(leaf)
	}
	l.count(leaf)
	return nil
}

// dated refuses leaves that are dated back behind those before them, or ahead.
func (l *leaves) dated(index int64, leaf transparency.Leaf) {
	switch {
	case leaf.Hour.Before(l.latest.Add(-mayWait)):
		l.note(Grammar, "transparency.back_dated", "index", index)
	case leaf.Hour.After(l.Now.Add(mayWait)):
		l.note(Grammar, "transparency.dated_ahead", "index", index)
	case leaf.Hour.After(l.latest):
		l.latest = leaf.Hour
	}
}

// salted refuses a commitment that was there before: two with one salt and one content.
func (l *leaves) salted(index int64, leaf transparency.Leaf) {
	short := binary.BigEndian.Uint64(leaf.Commit[:])
	if l.commits[short] {
		l.note(Grammar, "transparency.salt_reuse", "index", index)
	}
	l.commits[short] = true
}

// event checks that an event is about something received before it.
func (l *leaves) event(index int64, leaf transparency.Leaf) {
	if leaf.Of >= index {
		l.note(Grammar, "transparency.event_forward", "index", index, "of", leaf.Of)
		return
	}
	if l.words[l.kinds[leaf.Of]].kind != transparency.Received {
		l.note(Grammar, "transparency.event_target", "index", index, "of", leaf.Of)
		return
	}
	l.await(leaf.Of, leaf)
}

func (l *leaves) await(received int64, leaf transparency.Leaf) {
	if leaf.Due == transparency.NotDue {
		delete(l.open, received)
		return
	}
	l.open[received] = awaited{leaf.Hour, leaf.Due}
}

// count numbers what the leaf is counted by, for going back.
func (l *leaves) count(leaf transparency.Leaf) {
	c := counted{leaf.Kind, leaf.Word()}
	n, ok := l.numbers[c]
	if !ok {
		if len(l.words) > 254 { // a log with so many words is none of ours
			c, n = l.words[0], 0
		} else {
			n = byte(len(l.words))
			l.words, l.numbers[c] = append(l.words, c), n
		}
	}
	l.kinds = append(l.kinds, n)
	l.now.Add(leaf)
}

// head compares the counts that a leaf binds with those of the leaves before.
func (l *leaves) head(index int64, leaf transparency.Leaf) {
	if leaf.Class != "statistics" {
		return
	}
	if leaf.Of > index {
		l.note(Figures, "transparency.figures_differ", "size", leaf.Of)
		return
	}
	then := l.now.Clone()
	for _, n := range l.kinds[leaf.Of:index] {
		then.Take(l.words[n].kind, l.words[n].word)
	}
	if then.Digest() != leaf.Commit {
		l.note(Figures, "transparency.figures_differ", "size", leaf.Of)
	}
}

func (l *leaves) key(leaf transparency.Leaf) {
	next, err := leaf.Successor(l.believed().LogKeys())
	if err != nil {
		l.find(Keys, err)
		return
	}
	if !slices.ContainsFunc(l.keys, next.Same) {
		l.keys = append(l.keys, next)
	}
}

// compareFigures compares the published counts once the tree has their size.
func (l *leaves) compareFigures() {
	if size, ok := l.figuresSize(); ok && size == l.now.Size {
		l.matched = l.now.Text() == l.figures
	}
}

func (l *leaves) figuresSize() (int64, bool) {
	lines := strings.SplitN(l.figures, "\n", 3)
	if len(lines) < 3 {
		return 0, false
	}
	return transparency.ParseSize(strings.TrimPrefix(lines[1], "size "))
}

// finish is what can be said only after the last leaf.
func (l *leaves) finish() {
	l.compareFigures()
	if !l.matched {
		size, _ := l.figuresSize()
		l.note(Figures, "transparency.figures_differ", "size", size)
	}
	for _, p := range l.wanted {
		if l.Now.After(p.Due) {
			l.note(Promises, "transparency.promise_broken", "leaf", p.Leaf.String(), "due", p.Due)
		}
	}
	for _, index := range l.sortedOpen() {
		l.clock(index, l.open[index])
	}
	l.report.Open = len(l.open)
}

func (l *leaves) sortedOpen() []int64 {
	indexes := make([]int64, 0, len(l.open))
	for i := range l.open {
		indexes = append(indexes, i)
	}
	slices.Sort(indexes)
	return indexes
}

func (l *leaves) clock(index int64, a awaited) {
	lasts, ok := l.Due[a.due]
	if !ok {
		l.note(Clocks, "transparency.unknown_due", "due", a.due)
		return
	}
	if end := transparency.Ends(a.since, lasts); l.Now.After(end) {
		l.report.Overdue[a.due]++
		l.note(Clocks, "transparency.overdue", "index", index, "due", a.due, "days", int(l.Now.Sub(end).Hours()/24))
	}
}
