// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

// TestReceipt follows one thing from hand-in to a receipt that verifies offline.
func TestReceipt(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		f.step()
		taken := f.receive("tip")
		r := Receipt{Leaf: taken.Leaf, Promise: taken.Promise, Opening: &taken.Opening}
		v, err := Verify(f.Policy(), r, f.clock.Now())
		if err != nil || !v.Matches || v.Included || v.Promised.Due.Sub(v.Promised.Accepted) > time.Minute+time.Second {
			t.Fatalf("promise: %+v, %v", v, err)
		}
		if _, err := f.Proof(ctx, taken.Hash); errs.KeyOf(err) != "transparency.not_yet" {
			t.Fatalf("before its time: %v", err)
		}
		f.step()
		p, err := f.Proof(ctx, taken.Hash)
		if err != nil {
			t.Fatal(err)
		}
		r.Proof, r.Leaf = p.Encode(), nil
		v, err = Verify(f.Policy(), r, f.clock.Now())
		if err != nil || !v.Included || !v.Matches || v.Leaf.Class != "tip" || !v.Leaf.Hour.Equal(start.Truncate(time.Hour)) {
			t.Fatalf("proof: %+v, %v", v, err)
		}
		if _, err := f.Proof(ctx, Hash{1}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("nobody's leaf: %v", err)
		}
	})
}

// TestEvents places events behind what they are about, also in one batch, and erases.
func TestEvents(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var taken []Taken
		for range 40 {
			one := f.receive("tip")
			taken = append(taken, one)
			f.happen(Happening{Received: one.Hash, Step: Accepted, Due: "verification"})
			f.happen(Happening{Received: one.Hash, Step: Answered, Due: NotDue})
		}
		if err := f.tryHappen(Happening{Received: Hash{9}, Step: Accepted, Due: NotDue}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("event of nothing: %v", err)
		}
		if err := f.tryHappen(Happening{Received: taken[0].Hash, Step: Refused, Due: NotDue}); errs.KeyOf(err) != "transparency.bad_leaf" {
			t.Errorf("refusal without a reason: %v", err)
		}
		f.step()
		var at []int64
		steps := map[int64][]Step{}
		l, err := getLog(t.Context(), f.d.Read())
		if err != nil {
			t.Fatal(err)
		}
		err = NewTree(t.Context(), stored{f.d.Read()}, l.Size).Walk(0, func(i int64, text []byte) error {
			leaf, err := ParseLeaf(text)
			if leaf.Kind == Event {
				steps[leaf.Of] = append(steps[leaf.Of], leaf.Step)
			} else {
				at = append(at, i)
			}
			return err
		})
		if err != nil || len(at) != 40 {
			t.Fatalf("%d received, %v", len(at), err)
		}
		for _, i := range at {
			if !slices.Equal(steps[i], []Step{Accepted, Answered}) {
				t.Errorf("%d: %v", i, steps[i])
			}
		}
		f.erase(taken[3])
	})
}

// erase checks that erasing takes the salts and leaves the tree.
func (f *fixture) erase(taken Taken) {
	before := f.checkpoint()
	leaf, _ := ParseLeaf(taken.Leaf)
	if salt, err := f.Salt(f.t.Context(), taken.Hash, leaf.Commit); err != nil || salt != taken.Opening.Salt {
		f.t.Errorf("salt before: %v", err)
	}
	err := f.d.InTx(f.t.Context(), func(ctx context.Context, tx db.Tx) error { return f.EraseTx(ctx, tx, taken.Hash) })
	if err != nil {
		f.t.Fatal(err)
	}
	if _, err := f.Salt(f.t.Context(), taken.Hash, leaf.Commit); errs.KindOf(err) != errs.NotFound {
		f.t.Errorf("salt after: %v", err)
	}
	f.step()
	after := f.checkpoint()
	tree := NewTree(f.t.Context(), stored{f.d.Read()}, after.Size)
	if err := sameRoot(tree, before.Size, before.Root); err != nil || after.Size != before.Size+1 {
		f.t.Errorf("after erasing: %d leaves, %v", after.Size, err)
	}
	n, err := f.d.Read().NewSelect().Model((*saltRow)(nil)).Where("received = ?", taken.Hash.String()).Count(f.t.Context())
	if err != nil || n != 0 {
		f.t.Errorf("%d salts are left, %v", n, err)
	}
}

// TestGrows compares the tree at many sizes with a naive one, over two levels of tiles.
func TestGrows(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for i, n := range []int{1, 1, 253, 1, 1, 300, 40, 511, 7} {
			f.receiveMany(n)
			f.step()
			c := f.checkpoint()
			var leaves []Hash
			err := NewTree(t.Context(), stored{f.d.Read()}, c.Size).Walk(0, func(_ int64, text []byte) error {
				leaves = append(leaves, LeafHash(text))
				return nil
			})
			if err != nil || c.Root != naiveRoot(leaves) {
				t.Fatalf("round %d, size %d: %v", i, c.Size, err)
			}
		}
		if err := f.Audit(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestCompany lets leaves wait for others, but never beyond the promise.
func TestCompany(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d, func(c *Config) { c.Hold = 0 })
		f.receive("tip")
		f.step()
		if c := f.checkpoint(); c.Size != 0 {
			t.Errorf("a lonely leaf was placed at once")
		}
		f.clock.Advance(defaultHold)
		f.step()
		if c := f.checkpoint(); c.Size != 1 {
			t.Errorf("size %d after the hold", c.Size)
		}
		for range defaultCrowd {
			f.receive("tip")
		}
		f.step()
		if c := f.checkpoint(); c.Size != 1+defaultCrowd {
			t.Errorf("size %d with company", c.Size)
		}
	})
}

// TestFence lets a second process take over, and the first notice.
func TestFence(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.receive("tip")
		f.step()
		other, err := New(f.cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		led := func(err error) bool { return errs.KeyOf(err) == "transparency.led_elsewhere" }
		if err := other.Step(t.Context()); !led(err) {
			t.Fatalf("two write: %v", err)
		}
		f.clock.Advance(2 * leaseTime)
		if err := other.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.receive("tip")
		if _, err := f.Sequence(t.Context()); !led(err) {
			t.Errorf("the old one places: %v", err)
		}
		if err := f.saveSigned(t.Context(), Checkpoint{origin, 9, Hash{}}, f.clock.Now()); !led(err) {
			t.Errorf("the old one signs: %v", err)
		}
		if err := f.Step(t.Context()); !led(err) {
			t.Errorf("the old one goes on: %v", err)
		}
		if err := other.resign(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.step()
		if c := f.checkpoint(); c.Size != 2 {
			t.Errorf("size %d", c.Size)
		}
	})
}

// TestRestore starts on an older database: the log refuses to sign and to promise.
func TestRestore(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for range 3 {
			f.receive("tip")
		}
		f.step()
		f.exec("DELETE FROM transparency_entry WHERE idx >= 0")
		f.exec("DELETE FROM transparency_tile")
		f.exec("UPDATE transparency_log SET size = 0, signed_size = 0, signed_root = ?, holder = ''", EmptyRoot[:])
		restored, err := New(f.cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := restored.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		if errs.KeyOf(restored.mayPromise()) != "transparency.halted" {
			t.Error("it promises before it has looked")
		}
		f.clock.Advance(time.Hour)
		if err := restored.Step(t.Context()); errs.KeyOf(err) != "transparency.behind" {
			t.Fatalf("restored: %v", err)
		}
		if _, err := restored.Take(Submission{Class: "tip", Due: NotDue}); errs.KeyOf(err) != "transparency.halted" {
			t.Errorf("it promises: %v", err)
		}
	})
}

// TestRefork gives the places other leaves, as many as there were: a fork.
func TestRefork(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.receive("tip")
		f.step()
		f.exec("DELETE FROM transparency_entry WHERE idx >= 0")
		f.exec("DELETE FROM transparency_tile")
		f.exec("UPDATE transparency_log SET size = 0, signed_size = 0, signed_root = ?", EmptyRoot[:])
		f.receive("tip")
		if full, err := f.Sequence(t.Context()); full || err != nil {
			t.Fatal(full, err)
		}
		f.guarded.Store(false)
		if err := f.Publish(t.Context()); errs.KeyOf(err) != "transparency.fork" {
			t.Errorf("forked: %v", err)
		}
	})
}

// TestDamage changes one byte before the signature: nothing is signed.
func TestDamage(t *testing.T) {
	for name, query := range map[string]string{
		"bundle": "UPDATE transparency_tile SET data = (SELECT data FROM transparency_tile WHERE level = 0) WHERE level = -1",
		"tile":   "UPDATE transparency_tile SET data = (SELECT hash FROM spoilt) WHERE level = 0",
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				f.step()
				f.receive("tip")
				if _, err := f.Sequence(t.Context()); err != nil {
					t.Fatal(err)
				}
				f.exec("CREATE TABLE spoilt (hash " + bytesTypeOf(f) + ")")
				f.exec("INSERT INTO spoilt VALUES (?)", make([]byte, 32))
				f.exec(query)
				err := f.Publish(t.Context())
				if errs.KindOf(err) != errs.Internal || errs.KeyOf(err) == "" {
					t.Fatalf("signed what was damaged: %v", err)
				}
				if c := f.checkpoint(); c.Size != 0 {
					t.Errorf("size %d", c.Size)
				}
			})
		})
	}
}

// bytesTypeOf is the database's type of bytes.
func bytesTypeOf(f *fixture) string {
	if db.IsPG(f.d.Read()) {
		return "BYTEA"
	}
	return "BLOB"
}

// TestLedgerHeads binds the ledger and finds an entry that was changed by hand.
func TestLedgerHeads(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		record := func(n int) {
			err := f.d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
				for range n {
					if err := f.led.Record(ctx, tx, ledger.Entry{Kind: "a.happened.v1", Place: "cn/99/", Subject: "a:1"}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			f.settle()
			if _, err := f.led.Step(t.Context(), f.Reader()); err != nil {
				t.Fatal(err)
			}
			f.clock.Advance(2 * headEvery)
			f.step()
		}
		record(3)
		record(5)
		if err := f.CheckLedger(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.exec("UPDATE ledger_entry SET subject = 'a:2' WHERE seq = 5")
		err := f.CheckLedger(t.Context())
		if e, ok := errors.AsType[*errs.Error](err); !ok || e.Key != "transparency.ledger_changed" || e.Args["entries"] != int64(8) {
			t.Errorf("changed: %v", err)
		}
		f.exec("DELETE FROM ledger_entry WHERE seq > 3")
		if err := f.CheckLedger(t.Context()); errs.KeyOf(err) != "transparency.ledger_changed" {
			t.Errorf("shortened: %v", err)
		}
	})
}

func (f *fixture) settle() {
	f.t.Helper()
	if err := f.led.Settle(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

// TestRotate hands over to a new key: those who know the old one learn the new one.
func TestRotate(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.step()
		old := f.Policy()
		if err := f.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.step()
		msg, err := f.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if s, err := old.Open(msg, f.clock.Now()); err != nil || len(s.Keys) != 1 || s.Size != 2 {
			t.Errorf("by the old key: %+v, %v", s, err)
		}
		if s, err := f.Policy().Open(msg, f.clock.Now()); err != nil || len(s.Keys) != 2 {
			t.Errorf("by both: %+v, %v", s, err)
		}
		f.clock.Advance(overlap + time.Hour)
		f.step()
		if msg, err = f.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := old.Open(msg, f.clock.Now()); errs.KeyOf(err) != "transparency.unknown_key" {
			t.Errorf("the old key goes on: %v", err)
		}
		if _, err := f.Policy().Trust(msg, f.clock.Now()); err != nil {
			t.Error(err)
		}
	})
}

// TestIdle writes nothing while nothing waits, but for a checkpoint a minute.
func TestIdle(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.receive("tip")
		f.step()
		row := func() logRow {
			l, err := getLog(t.Context(), f.d.Read())
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		before := row()
		for range 55 {
			f.step()
		}
		if now := row(); now.Served != before.Served || !now.Lease.Equal(before.Lease) {
			t.Errorf("it wrote: %+v, before %+v", now, before)
		}
		for range 10 {
			f.step()
		}
		if now := row(); now.Served == before.Served || now.ServedSize != 1 || !now.SignedAt.Equal(before.SignedAt) {
			t.Errorf("after a minute: %+v", now)
		}
	})
}
