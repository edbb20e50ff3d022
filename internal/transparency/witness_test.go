// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	merkle "github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

// neighbour is a witness as c2sp.org/tlog-witness wants it. It checks proofs with code that
// is not ours.
type neighbour struct {
	mu     sync.Mutex
	policy *Policy // of the log
	signer Signer
	size   int64
	root   Hash
	sick   func() (int, []byte, error) // answers instead, when not nil
	asked  int
}

func (n *neighbour) AddCheckpoint(_ context.Context, url string, body []byte) (int, []byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked++
	if n.sick != nil {
		return n.sick()
	}
	head, msg, _ := strings.Cut(string(body), "\n\n")
	lines := strings.Split(head, "\n")
	old, ok := ParseSize(strings.TrimPrefix(lines[0], "old "))
	s, err := n.policy.Open([]byte(msg), n.signer.now())
	if !ok || err != nil || url != "https://w.example/add-checkpoint" {
		return 403, nil, nil
	}
	if old != n.size || (old == s.Size && s.Root != n.root) {
		return 409, fmt.Appendf(nil, "%d\n", n.size), nil
	}
	var path [][]byte
	for _, line := range lines[1:] {
		h, err := base64.StdEncoding.DecodeString(line)
		if err != nil {
			return 400, nil, nil
		}
		path = append(path, h)
	}
	if old > 0 {
		if err := merkle.VerifyConsistency(rfc6962.DefaultHasher, uint64(old), uint64(s.Size), path, n.root[:], s.Root[:]); err != nil {
			return 422, nil, nil
		}
	}
	n.size, n.root = s.Size, s.Root
	signed, err := signNote(s.Text(), n.signer)
	if err != nil {
		return 500, nil, err
	}
	_, answer, _ := strings.Cut(string(signed), "\n\n")
	return 200, []byte(answer), nil
}

// witnessed returns a log that a neighbour must cosign.
func witnessed(t *testing.T, d *db.DB) (*fixture, *neighbour) {
	t.Helper()
	n := &neighbour{root: EmptyRoot}
	f := newFixture(t, d, func(c *Config) {
		n.signer = NewCosigner("w.example", testSeed(77), c.Now)
		c.Ask = n
		c.Policy = fmt.Sprintf("witness w %s https://w.example/\nquorum w\n", n.signer)
	})
	n.policy = f.Policy()
	return f, n
}

func TestWitness(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		f, n := witnessed(t, d)
		for _, count := range []int{3, 0, 300, 1} {
			if count > 0 {
				f.receiveMany(count)
			}
			f.step()
			if c := f.checkpoint(); c.Size != n.size || c.Witnesses["w"].IsZero() {
				t.Errorf("size %d, the witness has seen %d: %+v", c.Size, n.size, c.Witnesses)
			}
		}
		f.exec("DELETE FROM transparency_witness") // the witness remembers
		f.receiveMany(2)
		f.step()
		if c := f.checkpoint(); c.Size != 306 {
			t.Errorf("size %d", c.Size)
		}
	})
}

// TestWitnessAway goes on without the witness: nothing is refused, but nobody gets a proof
// that a verifier would not believe.
func TestWitnessAway(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		f, n := witnessed(t, d)
		f.step()
		for name, sick := range map[string]func() (int, []byte, error){
			"away":          func() (int, []byte, error) { return 0, nil, errors.New("no route") },
			"confused":      func() (int, []byte, error) { return 500, nil, nil },
			"does not sign": func() (int, []byte, error) { return 200, []byte("— w.example AAAA\n"), nil },
			"signs wrongly": func() (int, []byte, error) {
				other, _ := signNote("another\n", n.signer)
				_, lines, _ := strings.Cut(string(other), "\n\n")
				return 200, []byte(lines), nil
			},
		} {
			n.sick = sick
			taken := f.receive("tip")
			f.step()
			if c := f.checkpoint(); c.Size != n.size {
				t.Errorf("%s: size %d is served with no quorum", name, c.Size)
			}
			if _, err := f.Proof(t.Context(), taken.Hash); errs.KeyOf(err) != "transparency.not_yet" {
				t.Errorf("%s: %v", name, err)
			}
			n.sick = nil
			f.step()
			if _, err := f.Proof(t.Context(), taken.Hash); err != nil {
				t.Errorf("after it was %s: %v", name, err)
			}
		}
		n.sick = func() (int, []byte, error) { return 0, nil, errors.New("no route") }
		f.receive("tip")
		f.clock.Advance(2 * patience)
		f.step()
		msg, err := f.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Policy().Trust(msg, f.clock.Now()); errs.KeyOf(err) != "transparency.no_quorum" {
			t.Errorf("after long: %v", err)
		}
	})
}

// TestWitnessKnowsMore refuses to sign what a witness has seen another story of, also
// before the first signature after a restore, and without the file that remembers.
func TestWitnessKnowsMore(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		f, n := witnessed(t, d)
		f.receiveMany(5)
		f.step()
		n.size, n.root = 9, Hash{9}
		f.receive("tip")
		f.clock.Advance(time.Second)
		if err := f.Step(t.Context()); errs.KeyOf(err) != "transparency.behind" {
			t.Errorf("it has seen more: %v", err)
		}
		n.size, n.root = 5, Hash{9}
		if err := f.Step(t.Context()); errs.KeyOf(err) != "transparency.witness_refused" {
			t.Errorf("it has seen another tree: %v", err)
		}
		n.size, n.root = 9, Hash{9}
		f.cfg.Memory = ""
		f.guarded.Store(false)
		if err := f.Step(t.Context()); errs.KeyOf(err) != "transparency.behind" {
			t.Errorf("after a restore: %v", err)
		}
		if errs.KeyOf(f.mayPromise()) != "transparency.halted" {
			t.Error("it goes on promising")
		}
	})
}

// TestSlowWitness answers while a witness hangs.
func TestSlowWitness(t *testing.T) {
	f, n := witnessed(t, dbtest.Open(t, dbtest.SQLiteDSN(t), schemas...))
	f.step()
	release, hangs := make(chan struct{}), make(chan struct{})
	n.sick = func() (int, []byte, error) { close(hangs); <-release; return 0, nil, errors.New("late") }
	f.receive("tip")
	done := make(chan error, 1)
	go func() { done <- f.Step(context.Background()) }()
	<-hangs
	took := clock.Stopwatch()
	f.receive("tip")
	if took() > time.Second {
		t.Errorf("an answer took %v", took())
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
