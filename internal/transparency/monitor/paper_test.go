// SPDX-License-Identifier: Apache-2.0

package monitor_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"anlan/internal/transparency"
	"anlan/internal/transparency/monitor"
)

const origin = "anlan.example/log"

var now = time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)

func seed(name string) []byte { sum := sha256.Sum256([]byte(name)); return sum[:] }

// paper is a log written by hand: honest, until a test changes its files. Its tiles come
// from sumdb's code, not ours.
type paper struct {
	leaves  [][]byte
	signed  time.Time
	signers []note.Signer
	files   map[string][]byte
}

func (p *paper) Get(_ context.Context, path string) ([]byte, error) {
	if data, ok := p.files[path]; ok {
		return data, nil
	}
	return nil, fmt.Errorf("%s: %w", path, monitor.ErrMissing)
}

func (p *paper) time() time.Time { return p.signed }

// newPaper returns a log of n received things, an answer to the first and the counts.
func newPaper(n int) *paper {
	p := &paper{signed: now}
	p.signers = []note.Signer{transparency.NewSigner(origin, seed("log")), transparency.NewCosigner(origin, seed("clock"), p.time),
		transparency.NewCosigner("w1.example", seed("w1"), p.time)}
	for i := range n {
		p.add(transparency.Leaf{Kind: transparency.Received, Commit: commit(i), Hour: now, Class: "tip", Due: "acceptance"})
	}
	p.add(transparency.Leaf{Kind: transparency.Event, Step: transparency.Accepted, Commit: commit(-1), Hour: now, Due: "verification"})
	st := p.statistics()
	p.add(transparency.Leaf{Kind: transparency.Head, Class: "statistics", Of: st.Size, Commit: st.Digest()})
	return p.build()
}

func commit(i int) transparency.Hash { return sha256.Sum256(fmt.Appendf(nil, "commitment %d", i)) }

func (p *paper) add(l transparency.Leaf) { p.leaves = append(p.leaves, l.Encode()) }

func (p *paper) statistics() transparency.Statistics {
	st := transparency.NewStatistics()
	for _, text := range p.leaves {
		l, _ := transparency.ParseLeaf(text)
		st.Add(l)
	}
	return st
}

// stored returns sumdb's stored hashes of the leaves.
func (p *paper) stored() tlog.HashReaderFunc {
	var all []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = all[x]
		}
		return out, nil
	})
	for i, leaf := range p.leaves {
		hashes, err := tlog.StoredHashes(int64(i), leaf, read)
		if err != nil {
			panic(err)
		}
		all = append(all, hashes...)
	}
	return read
}

// build writes all files anew.
func (p *paper) build() *paper {
	p.files = map[string][]byte{}
	size := int64(len(p.leaves))
	read := p.stored()
	for _, t := range tlog.NewTiles(8, 0, size) {
		data, err := tlog.ReadTileData(t, read)
		if err != nil {
			panic(err)
		}
		p.files[transparency.TileID{Level: t.L, N: t.N, Width: t.W}.Path()] = data
		if t.L == 0 {
			var bundle []byte
			for _, leaf := range p.leaves[t.N*256 : t.N*256+int64(t.W)] {
				bundle = transparency.AppendEntry(bundle, leaf)
			}
			p.files[transparency.TileID{Level: transparency.Entries, N: t.N, Width: t.W}.Path()] = bundle
		}
	}
	p.files["checkpoint"] = p.checkpoint(size)
	p.files["statistics"] = []byte(p.statistics().Text())
	p.files["keys"] = []byte(transparency.NewSigner(origin, seed("log")).String() + "\n")
	return p
}

func (p *paper) root(size int64) tlog.Hash {
	root, err := tlog.TreeHash(size, p.stored())
	if err != nil {
		panic(err)
	}
	return root
}

// checkpoint signs the first size leaves.
func (p *paper) checkpoint(size int64) []byte { return p.sign(origin, size, p.root(size)) }

func (p *paper) sign(origin string, size int64, root tlog.Hash) []byte {
	msg, err := note.Sign(&note.Note{Text: transparency.Checkpoint{Origin: origin, Size: size, Root: root}.Text()}, p.signers...)
	if err != nil {
		panic(err)
	}
	return msg
}

// proof returns the receipt of a leaf.
func (p *paper) proof(index int64) transparency.Proof {
	path, err := tlog.ProveRecord(int64(len(p.leaves)), index, p.stored())
	if err != nil {
		panic(err)
	}
	return transparency.Proof{Extra: p.leaves[index], Index: index, Path: path, Checkpoint: p.files["checkpoint"]}
}

func policy(t testing.TB) *transparency.Policy {
	t.Helper()
	text := fmt.Sprintf("log %s\nwitness clock %s\nwitness w1 %s\nquorum w1\n", transparency.NewSigner(origin, seed("log")),
		transparency.NewCosigner(origin, seed("clock"), nil), transparency.NewCosigner("w1.example", seed("w1"), nil))
	p, err := transparency.ParsePolicy([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// watch runs the monitor on p.
func watch(t testing.TB, p monitor.Source, change ...func(*monitor.Config)) monitor.Report {
	t.Helper()
	cfg := monitor.Config{Log: p, Policy: policy(t), Now: now.Add(time.Minute)}
	for _, c := range change {
		c(&cfg)
	}
	report, err := monitor.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// found returns the keys of the findings of one check.
func found(r monitor.Report, check int) []string {
	var keys []string
	for _, f := range r.Findings {
		if f.Check == check {
			keys = append(keys, f.Key)
		}
	}
	return keys
}
