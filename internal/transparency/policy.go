// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"anlan/internal/kernel/errs"
)

const (
	noQuorum  = "none"
	maxPolicy = 1 << 16 // bytes
	clockSkew = 5 * time.Minute
)

// Policy says whom a verifier believes (c2sp.org/tlog-policy).
type Policy struct {
	Logs      []Site
	Witnesses []Witness
	groups    map[string]group
	quorum    string
	text      []byte
}

// Site is a log and where it is served.
type Site struct {
	Key Key
	URL string // or ""
}

// Witness cosigns checkpoints after it has checked that they go on from the last one.
type Witness struct {
	Name string
	Key  Key
	URL  string // where it takes checkpoints, or ""
}

type group struct {
	least   int
	members []string
}

// ParsePolicy reads a policy file.
func ParsePolicy(text []byte) (*Policy, error) {
	p := &Policy{groups: map[string]group{}, text: slices.Clone(text)}
	if len(text) > maxPolicy || slices.ContainsFunc(text, func(c byte) bool { return c < ' ' && c != '\t' && c != '\n' || c == 0x7f }) {
		return nil, errs.New(errs.Invalid, "transparency.bad_policy", "line", 0)
	}
	for i, line := range strings.Split(string(text), "\n") {
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if !p.read(words) {
			return nil, errs.New(errs.Invalid, "transparency.bad_policy", "line", i+1)
		}
	}
	if p.quorum == "" {
		return nil, errs.New(errs.Invalid, "transparency.bad_policy", "line", 0)
	}
	return p, nil
}

func (p *Policy) read(words []string) bool {
	switch {
	case words[0] == "log" && (len(words) == 2 || len(words) == 3):
		return p.readLog(words[1], strings.Join(words[2:], ""))
	case words[0] == "witness" && (len(words) == 3 || len(words) == 4):
		return p.readWitness(words[1], words[2], strings.Join(words[3:], ""))
	case words[0] == "group" && len(words) >= 4:
		return p.readGroup(words[1], words[2], words[3:])
	case words[0] == "quorum" && len(words) == 2 && p.quorum == "":
		p.quorum = words[1]
		return p.quorum == noQuorum || p.defined(p.quorum)
	}
	return false
}

func (p *Policy) readLog(vkey, url string) bool {
	k, err := ParseKey(vkey)
	if err != nil || k.alg != algEd25519 || slices.ContainsFunc(p.Logs, func(s Site) bool { return s.Key.Same(k) }) {
		return false
	}
	p.Logs = append(p.Logs, Site{k, url})
	return true
}

func (p *Policy) readWitness(name, vkey, url string) bool {
	k, err := ParseKey(vkey)
	if err != nil || k.alg != algCosignature || name == noQuorum || p.defined(name) ||
		slices.ContainsFunc(p.Witnesses, func(w Witness) bool { return w.Key.Same(k) }) {
		return false
	}
	p.Witnesses = append(p.Witnesses, Witness{name, k, url})
	return true
}

func (p *Policy) readGroup(name, least string, members []string) bool {
	k, err := strconv.Atoi(least)
	switch least {
	case "any":
		k, err = 1, nil
	case "all":
		k, err = len(members), nil
	default:
		if strconv.Itoa(k) != least {
			return false
		}
	}
	if err != nil || k < 1 || k > len(members) || name == noQuorum || p.defined(name) {
		return false
	}
	for i, m := range members {
		if !p.defined(m) || slices.Contains(members[:i], m) || p.grouped(m) {
			return false
		}
	}
	p.groups[name] = group{k, members}
	return true
}

func (p *Policy) defined(name string) bool {
	_, isGroup := p.groups[name]
	return isGroup || slices.ContainsFunc(p.Witnesses, func(w Witness) bool { return w.Name == name })
}

// grouped reports whether a group has name as a member already: each may count once.
func (p *Policy) grouped(name string) bool {
	for _, g := range p.groups {
		if slices.Contains(g.members, name) {
			return true
		}
	}
	return false
}

// Digest is what a receipt prints of the policy.
func (p *Policy) Digest() Hash { return Hash(sha256.Sum256(p.text)) }

// Text returns the file that was parsed.
func (p *Policy) Text() []byte { return slices.Clone(p.text) }

// Alone reports whether the policy asks for no witness.
func (p *Policy) Alone() bool { return p.quorum == noQuorum }

// Signed is a checkpoint and who signed it.
type Signed struct {
	Checkpoint
	Keys      []Key                // of the log
	Witnesses map[string]time.Time // name to when it cosigned
}

// Latest is when it was cosigned last; the zero time when nobody told.
func (s Signed) Latest() time.Time {
	var last time.Time
	for _, t := range s.Witnesses {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// Open reads a checkpoint that a log of the policy has signed. It does not ask for the
// quorum.
func (p *Policy) Open(msg []byte, now time.Time) (Signed, error) {
	keys := p.LogKeys()
	for _, w := range p.Witnesses {
		keys = append(keys, w.Key)
	}
	n, err := openNote(msg, keys)
	if err != nil {
		return Signed{}, err
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Signed{}, err
	}
	s := Signed{Checkpoint: c, Witnesses: map[string]time.Time{}}
	for _, sig := range n.Sigs {
		if err := p.attribute(&s, sig, now); err != nil {
			return Signed{}, err
		}
	}
	if len(s.Keys) == 0 {
		if slices.ContainsFunc(p.Logs, func(l Site) bool { return l.Key.Name() == c.Origin }) {
			return Signed{}, errs.New(errs.Invalid, "transparency.unknown_key")
		}
		return Signed{}, errs.New(errs.Invalid, "transparency.wrong_origin", "origin", c.Origin)
	}
	return s, nil
}

// attribute notes whose signature sig is.
func (p *Policy) attribute(s *Signed, sig note.Signature, now time.Time) error {
	for _, l := range p.Logs {
		if l.Key.Name() == sig.Name && l.Key.KeyHash() == sig.Hash && sig.Name == s.Origin {
			s.Keys = append(s.Keys, l.Key)
		}
	}
	for _, w := range p.Witnesses {
		if w.Key.Name() != sig.Name || w.Key.KeyHash() != sig.Hash {
			continue
		}
		at := stampOf(sig)
		if at <= 0 || at > now.Add(clockSkew).Unix() {
			return errs.New(errs.Invalid, "transparency.bad_witness_time", "witness", w.Name)
		}
		s.Witnesses[w.Name] = time.Unix(at, 0).UTC()
	}
	return nil
}

// Trust is Open, and asks for the quorum.
func (p *Policy) Trust(msg []byte, now time.Time) (Signed, error) {
	s, err := p.Open(msg, now)
	if err != nil {
		return s, err
	}
	return s, p.Quorum(s)
}

// Quorum reports whether enough witnesses have cosigned.
func (p *Policy) Quorum(s Signed) error {
	if p.Alone() || p.met(p.quorum, s) {
		return nil
	}
	return errs.New(errs.Invalid, "transparency.no_quorum", "n", len(s.Witnesses))
}

func (p *Policy) met(name string, s Signed) bool {
	g, ok := p.groups[name]
	if !ok {
		_, cosigned := s.Witnesses[name]
		return cosigned
	}
	n := 0
	for _, m := range g.members {
		if p.met(m, s) {
			n++
		}
	}
	return n >= g.least
}

// Believe returns a copy of the policy that also believes keys of a log, and of its clock,
// that were announced. A clock never counts for the quorum.
func (p *Policy) Believe(keys ...Key) *Policy {
	q := *p
	q.Logs, q.Witnesses = slices.Clone(p.Logs), slices.Clone(p.Witnesses)
	for _, k := range keys {
		if k.alg == algEd25519 && !slices.ContainsFunc(q.Logs, func(s Site) bool { return s.Key.Same(k) }) {
			q.Logs = append(q.Logs, Site{Key: k})
		}
		if k.alg == algCosignature && !slices.ContainsFunc(q.Witnesses, func(w Witness) bool { return w.Key.Same(k) }) {
			q.Witnesses = append(q.Witnesses, Witness{Name: "announced " + k.Fingerprint(), Key: k})
		}
	}
	return &q
}

// Knows reports whether k is one of the policy's logs.
func (p *Policy) Knows(k Key) bool {
	return slices.ContainsFunc(p.Logs, func(s Site) bool { return s.Key.Same(k) && s.Key.Name() == k.Name() })
}

// LogKeys returns the keys of the policy's logs.
func (p *Policy) LogKeys() []Key {
	keys := make([]Key, len(p.Logs))
	for i, l := range p.Logs {
		keys[i] = l.Key
	}
	return keys
}
