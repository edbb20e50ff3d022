// SPDX-License-Identifier: Apache-2.0

package monitor_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"anlan/internal/kernel/errs"
	"anlan/internal/transparency"
	"anlan/internal/transparency/monitor"
)

func TestHonestLog(t *testing.T) {
	p := newPaper(300)
	r := watch(t, p)
	if len(r.Findings) > 0 || r.Size != 302 || r.Received["tip"] != 300 || r.Open != 300 {
		t.Errorf("%+v", r)
	}
	last := r.State
	p.add(transparency.Leaf{Kind: transparency.Received, Commit: commit(1000), Hour: now, Class: "tip", Due: "acceptance"})
	p.build()
	if r := watch(t, p, func(c *monitor.Config) { c.Last = last }); len(r.Findings) > 0 {
		t.Errorf("a leaf later: %+v", r.Findings)
	}
}

// liar is one way to cheat, and the finding by which the monitor names it.
type liar struct {
	name  string
	lie   func(p *paper, c *monitor.Config)
	check int
	key   string
}

const bundle0, tile0 = "tile/entries/000", "tile/0/000"

func flip(p *paper, path string, at int) {
	data := bytes.Clone(p.files[path])
	data[at] ^= 1
	p.files[path] = data
}

// last makes the run go on from a checkpoint of so many leaves of p as it is now.
func last(p *paper, c *monitor.Config, size int64) {
	c.Last.Checkpoint = string(p.checkpoint(size))
}

// replace changes leaf i of p and everything that follows from it.
func replace(p *paper, i int) {
	p.leaves[i] = transparency.Leaf{Kind: transparency.Received, Commit: commit(5000 + i), Hour: now, Class: "tip", Due: "acceptance"}.Encode()
	st := transparency.NewStatistics()
	for _, text := range p.leaves[:301] {
		l, _ := transparency.ParseLeaf(text)
		st.Add(l)
	}
	p.leaves[301] = transparency.Leaf{Kind: transparency.Head, Class: "statistics", Of: st.Size, Commit: st.Digest()}.Encode()
	p.build()
}

func append1(p *paper, l transparency.Leaf) { p.add(l); p.build() }

func resign(p *paper, at time.Time) { p.signed = at; p.build() }

var event = transparency.Leaf{Kind: transparency.Event, Step: transparency.Answered, Commit: commit(-7), Hour: now, Due: transparency.NotDue}

var liars = []liar{
	{"fork", func(p *paper, c *monitor.Config) { last(p, c, 200); replace(p, 7) }, monitor.Consistency, "transparency.fork"},
	{"rollback", func(p *paper, c *monitor.Config) { last(p, c, 302); p.leaves = p.leaves[:250]; p.build() }, monitor.Consistency, "transparency.rollback"},
	{"same size, other root", func(p *paper, c *monitor.Config) { last(p, c, 302); replace(p, 7) }, monitor.Consistency, "transparency.other_root"},
	{"split view", func(p *paper, c *monitor.Config) { c.Seen = [][]byte{p.checkpoint(200)}; replace(p, 7) }, monitor.Views, "transparency.fork"},
	{"witness saw another tree", func(p *paper, c *monitor.Config) {
		other := p.checkpoint(302)
		c.Policy, _ = transparency.ParsePolicy(bytes.Replace(c.Policy.Text(), []byte("\nquorum"), []byte(" https://w1.example\nquorum"), 1))
		c.Witness = func(context.Context, string, string) ([]byte, error) { return other, nil }
		replace(p, 7)
	}, monitor.Views, "transparency.fork"},
	{"hidden from us", func(p *paper, c *monitor.Config) {
		c.Seen = [][]byte{p.checkpoint(302)}
		p.leaves = p.leaves[:250]
		p.build()
	}, monitor.Views, "transparency.rollback"},
	{"dropped after a promise", func(p *paper, c *monitor.Config) { c.Promises = [][]byte{promise(p, commit(77), now.Add(time.Second))} }, monitor.Promises, "transparency.promise_broken"},
	{"byte of a bundle", func(p *paper, _ *monitor.Config) { flip(p, bundle0, 500) }, monitor.Hashes, "transparency.bundle_altered"},
	{"bundle cut", func(p *paper, _ *monitor.Config) { p.files[bundle0] = p.files[bundle0][:3000] }, monitor.Hashes, "transparency.bundle_altered"},
	{"byte of a tile", func(p *paper, _ *monitor.Config) { flip(p, tile0, 40) }, monitor.Hashes, "transparency.bundle_altered"},
	{"byte of an upper tile", func(p *paper, _ *monitor.Config) { flip(p, "tile/1/000.p/1", 0) }, monitor.Hashes, "transparency.tile_altered"},
	{"byte of a partial tile", func(p *paper, _ *monitor.Config) { flip(p, "tile/0/001.p/46", 9) }, monitor.Hashes, "transparency.bundle_altered"},
	{"tile missing", func(p *paper, _ *monitor.Config) { delete(p.files, tile0) }, monitor.Hashes, "transparency.tile_missing"},
	{"other root signed", func(p *paper, _ *monitor.Config) { p.files["checkpoint"] = p.sign(origin, 302, commit(3)) }, monitor.Hashes, "transparency.root_differs"},
	{"stale", func(p *paper, _ *monitor.Config) { resign(p, now.Add(-time.Hour)) }, monitor.Freshness, "transparency.stale"},
	{"other origin", func(p *paper, _ *monitor.Config) {
		p.signers = []note.Signer{transparency.NewSigner("other.example/log", seed("log")), transparency.NewSigner(origin, seed("log"))}
		p.files["checkpoint"] = p.sign("other.example/log", 302, p.root(302))
	}, monitor.Signature, "transparency.wrong_origin"},
	{"unknown key", func(p *paper, _ *monitor.Config) {
		p.signers = []note.Signer{transparency.NewSigner(origin, seed("thief"))}
		p.build()
	}, monitor.Signature, "transparency.unknown_key"},
	{"bad signature of a known key", func(p *paper, _ *monitor.Config) {
		p.files["checkpoint"] = bytes.Replace(p.files["checkpoint"], []byte("\n302\n"), []byte("\n303\n"), 1)
	}, monitor.Signature, "transparency.bad_signature"},
	{"17 signatures", func(p *paper, _ *monitor.Config) {
		for i := range 14 {
			p.signers = append(p.signers, transparency.NewSigner(fmt.Sprintf("s%d.example", i), seed("s")))
		}
		p.build()
	}, monitor.Signature, "transparency.too_many_signatures"},
	{"second spelling of base64", func(p *paper, _ *monitor.Config) {
		p.files["checkpoint"] = bytes.Replace(p.files["checkpoint"], []byte("=\n\n"), []byte("\n\n"), 1)
	}, monitor.Signature, "transparency.bad_signature"},
	{"second spelling of a signature", func(p *paper, _ *monitor.Config) { respell(p) }, monitor.Signature, "transparency.bad_note"},
	{"leading zero, signed", func(p *paper, _ *monitor.Config) { p.signText(fmt.Sprintf("%s\n0302\n%s\n", origin, p.root(302))) }, monitor.Signature, "transparency.bad_checkpoint"},
	{"extension line, signed", func(p *paper, _ *monitor.Config) { p.signText(fmt.Sprintf("%s\n302\n%s\nmore\n", origin, p.root(302))) }, monitor.Signature, "transparency.bad_checkpoint"},
	{"control character", func(p *paper, _ *monitor.Config) {
		p.files["checkpoint"] = bytes.Replace(p.files["checkpoint"], []byte("302"), []byte("302\x01"), 1)
	}, monitor.Signature, "transparency.bad_note"},
	{"witness at time 0", func(p *paper, _ *monitor.Config) { resign(p, time.Unix(0, 0)) }, monitor.Signature, "transparency.bad_witness_time"},
	{"witness in the future", func(p *paper, _ *monitor.Config) { resign(p, now.Add(time.Hour)) }, monitor.Signature, "transparency.bad_witness_time"},
	{"no quorum", func(p *paper, _ *monitor.Config) { p.signers = p.signers[:2]; p.build() }, monitor.Views, "transparency.no_quorum"},
	{"event forward", func(p *paper, _ *monitor.Config) { e := event; e.Of = 302; append1(p, e) }, monitor.Grammar, "transparency.event_forward"},
	{"event about an event", func(p *paper, _ *monitor.Config) { e := event; e.Of = 300; append1(p, e) }, monitor.Grammar, "transparency.event_target"},
	{"salt reuse", func(p *paper, _ *monitor.Config) { e := event; e.Commit = commit(3); append1(p, e) }, monitor.Grammar, "transparency.salt_reuse"},
	{"not a leaf", func(p *paper, _ *monitor.Config) { p.leaves = append(p.leaves, []byte("words of a tip")); p.build() }, monitor.Grammar, "transparency.bad_leaf"},
	{"dated back", func(p *paper, _ *monitor.Config) { e := event; e.Hour = now.Add(-48 * time.Hour); append1(p, e) }, monitor.Grammar, "transparency.back_dated"},
	{"dated ahead", func(p *paper, _ *monitor.Config) { e := event; e.Hour = now.Add(48 * time.Hour); append1(p, e) }, monitor.Grammar, "transparency.dated_ahead"},
	{"unanswered", func(p *paper, c *monitor.Config) { c.Now = now.Add(20 * 24 * time.Hour); resign(p, c.Now) }, monitor.Clocks, "transparency.overdue"},
	{"invented clock", func(p *paper, _ *monitor.Config) { e := event; e.Due = "some-day"; append1(p, e) }, monitor.Clocks, "transparency.unknown_due"},
	{"figures", func(p *paper, _ *monitor.Config) {
		p.files["statistics"] = bytes.Replace(p.files["statistics"], []byte("tip 300"), []byte("tip 299"), 1)
	}, monitor.Figures, "transparency.figures_differ"},
	{"figures bound", func(p *paper, _ *monitor.Config) {
		append1(p, transparency.Leaf{Kind: transparency.Head, Class: "statistics", Of: 100, Commit: commit(4)})
	}, monitor.Figures, "transparency.figures_differ"},
	{"key announced by a thief", func(p *paper, _ *monitor.Config) {
		l, _ := transparency.Announce(transparency.NewSigner(origin, seed("thief")), transparency.NewSigner(origin, seed("next")).Key)
		append1(p, l)
	}, monitor.Keys, "transparency.key_unannounced"},
	{"key shown, not announced", func(p *paper, _ *monitor.Config) {
		p.files["keys"] = append(p.files["keys"], transparency.NewSigner(origin, seed("next")).String()+"\n"...)
	}, monitor.Keys, "transparency.key_unannounced"},
}

func (p *paper) signText(text string) {
	msg, err := note.Sign(&note.Note{Text: text}, p.signers...)
	if err != nil {
		panic(err)
	}
	p.files["checkpoint"] = msg
}

// respell gives the last signature's base64 other unused bits.
func respell(p *paper) {
	msg := string(p.files["checkpoint"])
	i := strings.LastIndex(msg, "=")
	for msg[i] == '=' {
		i--
	}
	p.files["checkpoint"] = []byte(msg[:i] + string(msg[i]+1) + msg[i+1:])
}

func promise(p *paper, leaf transparency.Hash, due time.Time) []byte {
	text := fmt.Sprintf("tip-promise/v1\n%s\n%s\naccepted %s\ndue %s\n", origin, leaf, now.Format(time.RFC3339), due.Format(time.RFC3339))
	msg, err := note.Sign(&note.Note{Text: text}, p.signers[0])
	if err != nil {
		panic(err)
	}
	return msg
}

// TestLiars lets the monitor find every lie, by its name and under its check.
func TestLiars(t *testing.T) {
	for _, l := range liars {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			p := newPaper(300)
			r := watch(t, p, func(c *monitor.Config) { l.lie(p, c) })
			if !slices.Contains(found(r, l.check), l.key) {
				t.Errorf("want %s under check %d, found %+v", l.key, l.check, r.Findings)
			}
		})
	}
}

// TestReceipts lets the verifier refuse every bad receipt, by its name.
func TestReceipts(t *testing.T) {
	good := newPaper(300)
	for name, tt := range map[string]struct {
		lie func(p *paper, r *transparency.Receipt)
		key string
	}{
		"good": {func(*paper, *transparency.Receipt) {}, ""},
		"promise only": {func(p *paper, r *transparency.Receipt) {
			r.Proof, r.Leaf = nil, p.leaves[5]
			r.Promise = promise(p, transparency.LeafHash(r.Leaf), now.Add(time.Hour))
		}, ""},
		"promise overdue": {func(p *paper, r *transparency.Receipt) {
			r.Proof, r.Leaf = nil, p.leaves[5]
			r.Promise = promise(p, transparency.LeafHash(r.Leaf), now)
		}, "transparency.promise_overdue"},
		"promise of another": {func(p *paper, r *transparency.Receipt) { r.Promise = promise(p, commit(1), now) }, "transparency.promise_of_other"},
		"nothing":            {func(p *paper, r *transparency.Receipt) { r.Proof, r.Leaf = nil, p.leaves[5] }, "transparency.empty_receipt"},
		"another index":      {func(p *paper, r *transparency.Receipt) { x := p.proof(5); x.Index = 6; r.Proof = x.Encode() }, "transparency.not_included"},
		"index beyond":       {func(p *paper, r *transparency.Receipt) { x := p.proof(5); x.Index = 302; r.Proof = x.Encode() }, "transparency.not_included"},
		"another leaf":       {func(p *paper, r *transparency.Receipt) { x := p.proof(5); x.Extra = p.leaves[6]; r.Proof = x.Encode() }, "transparency.not_included"},
		"too long": {func(p *paper, r *transparency.Receipt) {
			x := p.proof(5)
			x.Path = make([]transparency.Hash, 64)
			r.Proof = x.Encode()
		}, "transparency.proof_too_long"},
		"leading zero": {func(p *paper, r *transparency.Receipt) {
			r.Proof = bytes.Replace(r.Proof, []byte("index 5"), []byte("index 05"), 1)
		}, "transparency.bad_proof"},
		"no checkpoint": {func(p *paper, r *transparency.Receipt) { r.Proof, _, _ = bytes.Cut(r.Proof, []byte("\n\n")) }, "transparency.bad_proof"},
		"not a leaf":    {func(p *paper, r *transparency.Receipt) { r.Leaf = []byte("words") }, "transparency.bad_leaf"},
		"other content": {func(p *paper, r *transparency.Receipt) { r.Opening = &transparency.Opening{} }, "transparency.other_content"},
	} {
		r := transparency.Receipt{Proof: good.proof(5).Encode()}
		tt.lie(good, &r)
		if _, err := transparency.Verify(policy(t), r, now.Add(time.Minute)); errs.KeyOf(err) != tt.key {
			t.Errorf("%s: %v, want %s", name, err, tt.key)
		}
	}
	for _, l := range liars { // what is wrong with a checkpoint is wrong in a receipt
		if l.check != monitor.Signature && l.key != "transparency.no_quorum" {
			continue
		}
		p := newPaper(300)
		l.lie(p, &monitor.Config{})
		x := good.proof(5)
		x.Checkpoint = p.files["checkpoint"]
		if _, err := transparency.Verify(policy(t), transparency.Receipt{Proof: x.Encode()}, now.Add(time.Minute)); errs.KeyOf(err) != l.key {
			t.Errorf("%s in a receipt: %v, want %s", l.name, err, l.key)
		}
	}
	x := good.proof(5) // forks and other roots leave no path
	x.Checkpoint = good.sign(origin, 302, commit(3))
	if _, err := transparency.Verify(policy(t), transparency.Receipt{Proof: x.Encode()}, now); errs.KeyOf(err) != "transparency.not_included" {
		t.Errorf("other root: %v", err)
	}
}

// TestUnreachable is no finding: nobody can tell who is at fault.
func TestUnreachable(t *testing.T) {
	_, err := monitor.Run(t.Context(), monitor.Config{Log: &paper{}, Policy: policy(t), Now: now})
	if !errors.Is(err, monitor.ErrMissing) {
		t.Errorf("%v", err)
	}
}

// TestRotationSeen follows a log that hands over to a new key, also when the monitor slept
// until the old one had gone.
func TestRotationSeen(t *testing.T) {
	p := newPaper(3)
	old := transparency.NewSigner(origin, seed("log"))
	for _, k := range []transparency.Key{transparency.NewSigner(origin, seed("next")).Key, transparency.NewCosigner(origin, seed("next clock"), nil).Key} {
		l, err := transparency.Announce(old, k)
		if err != nil {
			t.Fatal(err)
		}
		p.add(l)
	}
	p.signers[0], p.signers[1] = transparency.NewSigner(origin, seed("next")), transparency.NewCosigner(origin, seed("next clock"), p.time)
	p.build()
	p.files["keys"] = append(p.files["keys"], transparency.NewSigner(origin, seed("next")).String()+"\n"...)
	r := watch(t, p)
	if len(r.Findings) > 0 || len(r.State.Keys) != 2 {
		t.Errorf("%+v", r)
	}
}
