// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"anlan/internal/kernel/errs"
)

func drawHash(t *rapid.T, name string) Hash {
	return Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, name))
}

var words = rapid.StringMatching(`[a-z][a-z0-9-]{0,23}`)

func drawLeaf(t *rapid.T) Leaf {
	l := Leaf{Kind: rapid.SampledFrom([]LeafKind{Received, Event, Head, KeyLeaf}).Draw(t, "kind"), Commit: drawHash(t, "commit"), Class: words.Draw(t, "class")}
	hour := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "hour"), 0).UTC().Truncate(time.Hour)
	of := rapid.Int64Range(0, 1<<40).Draw(t, "of")
	switch l.Kind {
	case Received:
		l.Hour, l.Due = hour, words.Draw(t, "due")
	case Event:
		l.Class, l.Hour, l.Due, l.Of, l.Step = "", hour, words.Draw(t, "due"), of, rapid.SampledFrom(Steps).Draw(t, "step")
		if l.Step == Refused {
			l.Reason = words.Draw(t, "reason")
		}
	case Head:
		l.Of = of
	case KeyLeaf:
		next, err := Announce(NewSigner(origin, testSeed(1)), NewSigner(origin, testSeed(2)).Key)
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	return l
}

// TestLeafRoundTrip holds that leaves come back as they went, and are small.
func TestLeafRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLeaf(t)
		text := l.Encode()
		back, err := ParseLeaf(text)
		if err != nil || back != l {
			t.Fatalf("%+v\n%s\n%+v, %v", l, text, back, err)
		}
		if l.Kind != KeyLeaf && len(text) > 200 {
			t.Errorf("%d bytes", len(text))
		}
	})
}

// TestProofs proves every leaf of random trees, and nothing else.
func TestProofs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 600).Draw(t, "size")
		index := rapid.IntRange(0, size-1).Draw(t, "index")
		var leaves []Hash
		var all []tlog.Hash
		read := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
			out := make([]tlog.Hash, len(at))
			for i, x := range at {
				out[i] = all[x]
			}
			return out, nil
		})
		for i := range size {
			h := LeafHash(fmt.Append(nil, i))
			more, err := tlog.StoredHashesForRecordHash(int64(i), h, read)
			if err != nil {
				t.Fatal(err)
			}
			leaves, all = append(leaves, h), append(all, more...)
		}
		path, err := tlog.ProveRecord(int64(size), int64(index), read)
		if err != nil {
			t.Fatal(err)
		}
		c := Checkpoint{origin, int64(size), naiveRoot(leaves)}
		p := Proof{Index: int64(index), Path: path}
		if err := p.includes(c, leaves[index]); err != nil {
			t.Fatal(err)
		}
		other := rapid.IntRange(0, size-1).Draw(t, "other")
		if other != index && p.includes(c, leaves[other]) == nil {
			t.Errorf("the proof of %d proves %d", index, other)
		}
		p.Index = int64(other)
		if other != index && p.includes(c, leaves[index]) == nil {
			t.Errorf("leaf %d is proved at %d", index, other)
		}
	})
}

// TestShuffle keeps every row once, and those about one thing in order.
func TestShuffle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		about := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "c"}), 0, 40).Draw(t, "about")
		var rows []pendingRow
		for i, a := range about {
			rows = append(rows, pendingRow{Seq: int64(i), About: a})
		}
		last := map[string]int64{}
		var seqs []int64
		for _, r := range shuffle(rows) {
			if before, ok := last[r.About]; ok && r.About != "" && before > r.Seq {
				t.Errorf("%q: %d before %d", r.About, before, r.Seq)
			}
			last[r.About] = r.Seq
			seqs = append(seqs, r.Seq)
		}
		slices.Sort(seqs)
		for i, s := range seqs {
			if s != int64(i) {
				t.Fatalf("rows %v", seqs)
			}
		}
		if len(seqs) != len(rows) {
			t.Errorf("%d of %d rows", len(seqs), len(rows))
		}
	})
}

// TestTilePaths holds tlog-tiles' example and that paths come back.
func TestTilePaths(t *testing.T) {
	if got := (TileID{0, 1234067, 256}).Path(); got != "tile/0/x001/x234/067" {
		t.Error(got)
	}
	rapid.Check(t, func(t *rapid.T) {
		id := TileID{rapid.IntRange(Entries, 63).Draw(t, "level"), rapid.Int64Range(0, 1<<40).Draw(t, "n"), rapid.IntRange(1, 256).Draw(t, "width")}
		if back, ok := ParseTilePath(id.Path()); !ok || back != id {
			t.Errorf("%s: %+v", id.Path(), back)
		}
	})
}

func testPolicy(quorum string) string {
	text := "log " + NewSigner(origin, testSeed(0)).String() + "\n"
	for i := 1; i <= 5; i++ {
		text += fmt.Sprintf("witness w%d %s\n", i, NewCosigner(fmt.Sprintf("w%d.example", i), testSeed(i), nil))
	}
	return text + quorum
}

// TestQuorum evaluates groups within groups.
func TestQuorum(t *testing.T) {
	p, err := ParsePolicy([]byte(testPolicy("group two 2 w1 w2 w3\ngroup one any w4 w5\ngroup both all two one\nquorum both\n")))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		cosigned []int
		met      bool
	}{{nil, false}, {[]int{1, 2}, false}, {[]int{1, 4}, false}, {[]int{1, 2, 4}, true}, {[]int{2, 3, 5}, true}, {[]int{4, 5, 1}, false}, {[]int{1, 2, 3, 4, 5}, true}} {
		signers := []Signer{NewSigner(origin, testSeed(0))}
		for _, i := range tt.cosigned {
			signers = append(signers, NewCosigner(fmt.Sprintf("w%d.example", i), testSeed(i), func() time.Time { return start }))
		}
		msg, err := signNote(Checkpoint{origin, 0, EmptyRoot}.Text(), signers...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Trust(msg, start); (err == nil) != tt.met || (err != nil && errs.KeyOf(err) != "transparency.no_quorum") {
			t.Errorf("%v: %v", tt.cosigned, err)
		}
	}
}

func TestBadPolicies(t *testing.T) {
	log := "log " + NewSigner(origin, testSeed(0)).String() + "\n"
	witness := "witness a " + NewCosigner("a", testSeed(1), nil).String() + "\n"
	for name, text := range map[string]string{
		"empty": "", "no quorum": log, "two quorums": log + "quorum none\nquorum none\n", "unknown name": log + "quorum w\n",
		"log twice": log + log + "quorum none\n", "witness twice": witness + witness + "quorum none\n",
		"a log's key for a witness": "witness a " + NewSigner("a", testSeed(1)).String() + "\nquorum a\n",
		"a witness called none":     "witness none " + NewCosigner("a", testSeed(1), nil).String() + "\nquorum none\n",
		"too high":                  witness + "group g 2 a\nquorum g\n", "zero": witness + "group g 0 a\nquorum g\n", "second spelling": witness + "group g 01 a\nquorum g\n",
		"member twice": witness + "group g any a a\nquorum g\n", "in two groups": witness + "group g any a\ngroup h any a g\nquorum h\n",
		"used before defined": "quorum a\n" + witness, "control character": log + "quorum none\r\n", "word": "quorums none\n",
	} {
		if _, err := ParsePolicy([]byte(text)); errs.KeyOf(err) != "transparency.bad_policy" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseLeaf(f *testing.F) {
	l := Leaf{Kind: Received, Hour: start.Truncate(time.Hour), Class: "tip", Due: NotDue}
	f.Add(l.Encode())
	l.Kind, l.Class, l.Step, l.Reason = Event, "", Refused, "not-ours"
	f.Add(l.Encode())
	f.Fuzz(func(t *testing.T, text []byte) {
		if l, err := ParseLeaf(text); err == nil && !bytes.Equal(l.Encode(), text) {
			t.Errorf("%q is read as %q", text, l.Encode())
		}
	})
}

func FuzzParseProof(f *testing.F) {
	f.Add(Proof{Extra: []byte("x"), Index: 7, Path: make([]Hash, 3), Checkpoint: []byte("a\n")}.Encode())
	f.Add(Proof{}.Encode())
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, err := ParseProof(text); err == nil && (!bytes.Equal(p.Encode(), text) || len(p.Path) > maxPath) {
			t.Errorf("%q", text)
		}
	})
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte(testPolicy("group g 2 w1 w2 w3\nquorum g\n")))
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, err := ParsePolicy(text); err == nil {
			p.Quorum(Signed{})
		}
	})
}

// FuzzOpen holds that nobody makes a checkpoint that opens with another text than was
// signed.
func FuzzOpen(f *testing.F) {
	p, err := ParsePolicy([]byte(testPolicy("quorum none\n")))
	if err != nil {
		f.Fatal(err)
	}
	good := Checkpoint{origin, 302, sha256.Sum256(nil)}
	msg, err := signNote(good.Text(), NewSigner(origin, testSeed(0)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(msg)
	f.Fuzz(func(t *testing.T, text []byte) {
		if s, err := p.Open(text, start); err == nil && s.Checkpoint != good {
			t.Errorf("%q", text)
		}
		p.OpenPromise(text)
	})
}

func FuzzParseTilePath(f *testing.F) {
	f.Add("tile/0/x001/x234/067.p/8")
	f.Add("tile/entries/000")
	f.Fuzz(func(t *testing.T, path string) {
		if id, ok := ParseTilePath(path); ok && (id.Path() != path || id.Width < 1 || id.Width > 256) {
			t.Errorf("%q", path)
		}
	})
}

func FuzzSplitBundle(f *testing.F) {
	f.Add(AppendEntry(AppendEntry(nil, []byte("a")), nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		leaves, ok := SplitBundle(data)
		var back []byte
		for _, leaf := range leaves {
			back = AppendEntry(back, leaf)
		}
		if ok && !bytes.Equal(back, data) {
			t.Errorf("%x", data)
		}
	})
}
