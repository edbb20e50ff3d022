// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/seal"
	"anlan/internal/rules"
	"anlan/internal/transparency"
)

// Receipt is what an informant gets for a tip. A repeat gets the first one's.
type Receipt struct {
	ID       string
	No       string
	Leaf     transparency.Hash
	Promise  string // signed note
	Opening  transparency.Opening
	Received time.Time // cut to the hour
	Terms    []Term
	Due      *Due
}

// Term is a time that the law or a rule of the place gives.
type Term struct {
	Key    string // of the rule
	Zh, En string
	N      int
	Kind   rules.TermKind
	RuleID string
	Source string
}

// Due is what comes next, and by when.
type Due struct {
	Clock  ClockKind
	Last   clock.Day
	RuleID string
	Source string
}

// termKeys are the rules that an informant is told.
var termKeys = []string{ruleAccept, ruleVerify, ruleExtension, ruleObjection, ruleReexamine, "tip.claim"}

// Terms returns the terms that hold at a place today.
func (s *Service) Terms(ctx context.Context, at place.Path) ([]Term, error) {
	today := clock.DayOf(s.Now())
	out := make([]Term, 0, len(termKeys))
	for _, key := range termKeys {
		v, err := s.Rules.Resolve(ctx, key, at, today)
		if err != nil {
			return nil, err
		}
		t, err := v.Term()
		if err != nil {
			return nil, err
		}
		title := rules.Named(key)
		out = append(out, Term{Key: key, Zh: title.ZH, En: title.EN, N: t.N, Kind: t.Kind, RuleID: v.RuleID, Source: v.SourceDoc})
	}
	return out, nil
}

// due returns what t waits for, or nil.
func (s *Service) due(ctx context.Context, t *Tip) (*Due, error) {
	if t.Due == nil {
		return nil, nil
	}
	d := &Due{Clock: t.DueKind, Last: clock.DayOf(t.Due.Add(-time.Second)), RuleID: t.DueRule}
	source, err := s.Rules.Source(ctx, t.DueRule)
	if errs.KindOf(err) == errs.NotFound {
		err = nil
	}
	d.Source = source
	return d, err
}

// kept is the part of a receipt that is stored. It lies under a key that is made of the
// lookup, of which the server keeps a hash only: the exact time in the promise and the salt
// are for whoever has the query code.
type kept struct {
	Salt     []byte `json:"salt"`
	Content  []byte `json:"content"`
	Evidence []byte `json:"evidence"`
	Promise  string `json:"promise"`
}

const keptContext = "tip.receipt"

func receiptBox(lookup []byte) *seal.Box {
	key, err := hkdf.Key(sha256.New, lookup, nil, "anlan/tip-receipt", seal.KeySize)
	if err != nil { // only for absurd lengths
		panic(err)
	}
	return seal.New(key)
}

func sealReceipt(lookup []byte, t transparency.Taken) []byte {
	b, err := json.Marshal(kept{t.Opening.Salt[:], t.Opening.Content[:], t.Opening.Evidence[:], string(t.Promise)})
	if err != nil { // a flat struct of ours
		panic(err)
	}
	return receiptBox(lookup).Seal(b, keptContext)
}

// openReceipt returns what was stored for t; false when it was erased.
func openReceipt(lookup []byte, t *Tip) (transparency.Opening, string, bool) {
	var k kept
	b, err := receiptBox(lookup).Open(t.Receipt, keptContext)
	if err != nil || json.Unmarshal(b, &k) != nil || len(k.Salt) != transparency.SaltSize || len(k.Content) != tlog.HashSize || len(k.Evidence) != tlog.HashSize {
		return transparency.Opening{}, "", false
	}
	o := transparency.Opening{Salt: [transparency.SaltSize]byte(k.Salt), Content: transparency.Hash(k.Content), Evidence: transparency.Hash(k.Evidence)}
	return o, k.Promise, true
}

// contentHash is what the log commits to of a tip: both sealed parts as they were sent.
func contentHash(envelope, content []byte) transparency.Hash {
	e, c := sha256.Sum256(envelope), sha256.Sum256(content)
	h := sha256.New()
	h.Write([]byte("anlan-tip/v1\n"))
	h.Write(e[:])
	h.Write(c[:])
	return transparency.Hash(h.Sum(nil))
}

// evidenceRoot is the RFC 6962 root over the SHA-256 of the sealed files in their order;
// zero for none.
func evidenceRoot(files []FileRef) transparency.Hash {
	if len(files) == 0 {
		return transparency.Hash{}
	}
	if len(files) == 1 {
		return tlog.RecordHash(files[0].SHA256)
	}
	left := 1
	for left*2 < len(files) {
		left *= 2
	}
	return tlog.NodeHash(evidenceRoot(files[:left]), evidenceRoot(files[left:]))
}
