// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Statistics counts the leaves of a tree: the published figures. A leaf of kind Head and
// class "statistics" binds what they were.
type Statistics struct {
	Size     int64
	Received map[string]int64 // by class
	Events   map[Step]int64
}

// NewStatistics returns those of the empty tree.
func NewStatistics() Statistics {
	return Statistics{Received: map[string]int64{}, Events: map[Step]int64{}}
}

// Add counts the next leaf.
func (s *Statistics) Add(l Leaf) { s.add(l.Kind, l.Word(), 1) }

// Take takes back the last leaf, of a kind and a word.
func (s *Statistics) Take(kind LeafKind, word string) { s.add(kind, word, -1) }

// Clone returns a copy.
func (s Statistics) Clone() Statistics {
	return Statistics{s.Size, maps.Clone(s.Received), maps.Clone(s.Events)}
}

func (s *Statistics) add(kind LeafKind, word string, n int64) {
	s.Size += n
	switch kind {
	case Received:
		s.Received[word] += n
	case Event:
		s.Events[Step(word)] += n
	}
}

// Word is what statistics count l by.
func (l Leaf) Word() string {
	if l.Kind == Event {
		return string(l.Step)
	}
	return l.Class
}

// Text is the published form: one line per count, in order of names; a count of nothing
// has no line.
func (s Statistics) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "anlan-statistics/v1\nsize %d\n", s.Size)
	for _, class := range slices.Sorted(maps.Keys(s.Received)) {
		if s.Received[class] > 0 {
			fmt.Fprintf(&b, "received %s %d\n", class, s.Received[class])
		}
	}
	for _, step := range slices.Sorted(maps.Keys(s.Events)) {
		if s.Events[step] > 0 {
			fmt.Fprintf(&b, "event %s %d\n", step, s.Events[step])
		}
	}
	return b.String()
}

// Digest is what a head leaf binds.
func (s Statistics) Digest() Hash { return Hash(sha256.Sum256([]byte(s.Text()))) }
