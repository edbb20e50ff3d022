// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"anlan/internal/kernel/errs"
)

// LeafKind says what a leaf is about.
type LeafKind string

const (
	Received LeafKind = "received" // something was handed in
	Event    LeafKind = "event"    // something became of it
	Head     LeafKind = "head"     // the state of a record outside the log
	KeyLeaf  LeafKind = "key"      // the log will sign with another key
)

// Step is what became of something received.
type Step string

const (
	Accepted    Step = "accepted"
	Transferred Step = "transferred"
	Refused     Step = "refused" // with a reason class
	Extended    Step = "extended"
	Answered    Step = "answered"
	Objection   Step = "objection"
	Reexamined  Step = "reexamined"
	Closed      Step = "closed"
	Erased      Step = "erased" // the salts are gone: the commitments say nothing any more
)

// Steps are all of them.
var Steps = []Step{Accepted, Transferred, Refused, Extended, Answered, Objection, Reexamined, Closed, Erased}

// NotDue is the due class of a leaf after which nothing is awaited.
const NotDue = "none"

const (
	leafPrefix = "anlan/v1 "
	hourForm   = "2006-01-02T15Z"
	maxLeaf    = 200 // bytes of a leaf without a key
	maxKeyLeaf = 600 // bytes of a leaf that names a key
)

// Leaf is an entry of the log. Which fields count depends on its kind: Received has
// Commit, Hour, Class and Due; Event has Step, Of, Commit, Hour, Reason (of a refusal) and
// Due; Head has Class (what it binds: "statistics" or "ledger"), Of (how many leaves or
// ledger entries that covers) and Commit (its hash); KeyLeaf has NewKey and Sig. It never has a place, a person or an exact time.
type Leaf struct {
	Kind   LeafKind
	Commit Hash
	Hour   time.Time // cut to the hour, UTC
	Class  string
	Step   Step
	Of     int64 // of an event: index of its received leaf
	Reason string
	Due    string // what is awaited next; its clock starts at Hour
	NewKey string // vkey
	Sig    string // of the old key, base64
}

// Encode returns the one spelling of l.
func (l Leaf) Encode() []byte {
	var b bytes.Buffer
	b.WriteString(leafPrefix + string(l.Kind) + "\n")
	line := func(name string, value any) { fmt.Fprintf(&b, "%s %v\n", name, value) }
	switch l.Kind {
	case Received:
		line("commit", l.Commit)
		line("hour", l.Hour.UTC().Format(hourForm))
		line("class", l.Class)
		line("due", l.Due)
	case Event:
		line("step", l.Step)
		line("of", l.Of)
		line("commit", l.Commit)
		line("hour", l.Hour.UTC().Format(hourForm))
		if l.Reason != "" {
			line("reason", l.Reason)
		}
		line("due", l.Due)
	case Head:
		line("class", l.Class)
		line("of", l.Of)
		line("commit", l.Commit)
	case KeyLeaf:
		line("key", l.NewKey)
		line("sig", l.Sig)
	}
	return b.Bytes()
}

// ParseLeaf reads a leaf. It refuses every spelling but that of Encode.
func ParseLeaf(text []byte) (Leaf, error) {
	lines := strings.Split(string(text), "\n")
	kind, ok := strings.CutPrefix(lines[0], leafPrefix)
	if !ok || len(text) > maxKeyLeaf {
		return Leaf{}, errBadLeaf()
	}
	l := Leaf{Kind: LeafKind(kind)}
	for _, line := range lines[1:max(1, len(lines)-1)] {
		name, value, _ := strings.Cut(line, " ")
		if !l.set(name, value) {
			return Leaf{}, errBadLeaf()
		}
	}
	if !l.valid() || !bytes.Equal(l.Encode(), text) {
		return Leaf{}, errBadLeaf()
	}
	return l, nil
}

func errBadLeaf() error { return errs.New(errs.Invalid, "transparency.bad_leaf") }

func (l *Leaf) set(name, value string) bool {
	var err error
	ok := true
	switch name {
	case "commit":
		l.Commit, ok = parseHash(value)
	case "hour":
		l.Hour, err = time.Parse(hourForm, value)
	case "of":
		l.Of, err = strconv.ParseInt(value, 10, 64)
	case "class":
		l.Class = value
	case "step":
		l.Step = Step(value)
	case "reason":
		l.Reason = value
	case "due":
		l.Due = value
	case "key":
		l.NewKey = value
	case "sig":
		l.Sig = value
	default:
		return false
	}
	return ok && err == nil
}

// word is a class: few enough letters to carry no content.
var word = regexp.MustCompile(`^[a-z][a-z0-9-]{0,23}$`)

// valid reports whether l says what a leaf of its kind must, and no more than it may.
func (l Leaf) valid() bool {
	switch l.Kind {
	case Received:
		return word.MatchString(l.Class) && word.MatchString(l.Due) && len(l.Encode()) <= maxLeaf
	case Event:
		return l.Of >= 0 && l.knownStep() && word.MatchString(l.Due) && len(l.Encode()) <= maxLeaf
	case Head:
		return l.Of >= 0 && word.MatchString(l.Class) && len(l.Encode()) <= maxLeaf
	case KeyLeaf:
		_, err := ParseKey(l.NewKey)
		return err == nil && len(l.Encode()) <= maxKeyLeaf
	}
	return false
}

// knownStep reports whether the step is one of ours and has a reason class exactly when
// it is a refusal.
func (l Leaf) knownStep() bool {
	for _, s := range Steps {
		if s == l.Step {
			return (s == Refused) == (l.Reason != "") && (l.Reason == "" || word.MatchString(l.Reason))
		}
	}
	return false
}
