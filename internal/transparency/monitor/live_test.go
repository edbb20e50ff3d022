// SPDX-License-Identifier: Apache-2.0

package monitor_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/seal"
	"anlan/internal/transparency"
	"anlan/internal/transparency/monitor"
)

// live is a log in a database, served over HTTP.
type live struct {
	*transparency.Service
	t     testing.TB
	d     *db.DB
	clock *clock.Manual
	web   monitor.Web
	last  monitor.State
	taken []transparency.Taken
}

// newLive returns a log of 300 things, of which the first was answered, that a monitor has
// seen once and found good.
func newLive(t *testing.T, d *db.DB) *live {
	t.Helper()
	m := clock.NewManual(now)
	ids := id.NewSource(m.Now)
	led, err := ledger.Open(t.Context(), d, m.Now, ids)
	if err != nil {
		t.Fatal(err)
	}
	s, err := transparency.New(transparency.Config{DB: d, Ledger: led, Now: m.Now, IDs: ids, Box: seal.New(bytes.Repeat([]byte{7}, seal.KeySize)),
		Seed: func(n int) []byte { return seed(fmt.Sprint(n)) }, Origin: origin, Memory: filepath.Join(t.TempDir(), "newest"), Hold: -1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	l := &live{Service: s, t: t, d: d, clock: m, web: monitor.NewWeb(server.URL)}
	l.receive(300)
	l.step()
	l.happen(l.taken[0].Hash)
	if err := s.BindStatistics(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.step()
	if r := l.watch(); len(r.Findings) > 0 || r.Size != 302 {
		t.Fatalf("before anything was done by hand: %+v", r)
	}
	return l
}

func (l *live) receive(n int) {
	l.t.Helper()
	taken := make([]transparency.Taken, n)
	for i := range taken {
		var err error
		if taken[i], err = l.Take(transparency.Submission{Class: "tip", Due: "acceptance"}); err != nil {
			l.t.Fatal(err)
		}
	}
	l.taken = append(l.taken, taken...)
	if err := l.d.InTx(l.t.Context(), func(ctx context.Context, tx db.Tx) error { return l.ReceivedTx(ctx, tx, taken...) }); err != nil {
		l.t.Fatal(err)
	}
}

func (l *live) happen(received transparency.Hash) {
	l.t.Helper()
	err := l.d.InTx(l.t.Context(), func(ctx context.Context, tx db.Tx) error {
		_, err := l.EventTx(ctx, tx, transparency.Happening{Received: received, Step: transparency.Accepted, Due: "verification"})
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *live) step() {
	l.clock.Advance(20 * time.Second) // the counts are asked for anew
	if err := l.Step(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

// watch runs a monitor that knows the keys of the beginning.
func (l *live) watch() monitor.Report {
	l.t.Helper()
	cfg := monitor.Config{Log: l.web, Policy: l.Policy(), Last: l.last, Now: l.clock.Now()}
	for _, t := range l.taken {
		cfg.Promises = append(cfg.Promises, t.Promise)
	}
	r, err := monitor.Run(l.t.Context(), cfg)
	if err != nil {
		l.t.Fatal(err)
	}
	l.last = r.State
	return r
}

func (l *live) exec(query string, args ...any) {
	l.t.Helper()
	err := l.d.InTx(l.t.Context(), func(ctx context.Context, tx db.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *live) tile(level, n int) []byte {
	l.t.Helper()
	var data []byte
	if err := l.d.Read().NewRaw("SELECT data FROM transparency_tile WHERE level = ? AND n = ?", level, n).Scan(l.t.Context(), &data); err != nil {
		l.t.Fatal(err)
	}
	return data
}

func (l *live) saveTile(level, n int, data []byte) {
	l.exec("UPDATE transparency_tile SET data = ? WHERE level = ? AND n = ?", data, level, n)
}

// hand is something done to the database by hand.
type hand struct {
	name string
	do   func(l *live)
	keys []string // one of which the monitor finds
}

var byHand = []hand{
	{"a tip is removed before it is placed", func(l *live) {
		l.receive(1)
		l.exec("DELETE FROM transparency_pending")
		l.clock.Advance(2 * time.Minute)
		l.step()
	}, []string{"transparency.promise_broken"}},
	{"a tip is held back", func(l *live) {
		l.receive(1)
		l.exec("UPDATE transparency_pending SET kind = 'held'")
		l.clock.Advance(2 * time.Minute)
		l.step()
	}, []string{"transparency.promise_broken"}},
	{"an entry is removed from its bundle", func(l *live) {
		leaves, _ := transparency.SplitBundle(l.tile(-1, 0))
		var data []byte
		for i, leaf := range leaves {
			if i != 17 {
				data = transparency.AppendEntry(data, leaf)
			}
		}
		l.saveTile(-1, 0, data)
	}, []string{"transparency.bundle_altered", "transparency.unreadable"}},
	{"an entry is dated back", func(l *live) {
		l.saveTile(-1, 0, bytes.Replace(l.tile(-1, 0), []byte("2026-11-24T08Z"), []byte("2026-11-23T08Z"), 1))
	}, []string{"transparency.bundle_altered"}},
	{"an entry is changed with its hash", func(l *live) {
		leaves, _ := transparency.SplitBundle(l.tile(-1, 0))
		leaves[3] = bytes.Replace(leaves[3], []byte("class tip"), []byte("class tap"), 1)
		var data []byte
		for _, leaf := range leaves {
			data = transparency.AppendEntry(data, leaf)
		}
		l.saveTile(-1, 0, data)
		hash, tile := transparency.LeafHash(leaves[3]), l.tile(0, 0)
		copy(tile[3*32:], hash[:])
		l.saveTile(0, 0, tile)
	}, []string{"transparency.tile_altered"}},
	{"and with every hash above", func(l *live) {
		tile := l.tile(0, 0)
		tile[0] ^= 1
		l.saveTile(0, 0, tile)
		root := transparency.TileRoot(transparency.SplitTile(tile))
		l.saveTile(1, 0, root[:])
	}, []string{"transparency.bundle_altered", "transparency.root_differs"}},
	{"a tile is removed", func(l *live) { l.exec("DELETE FROM transparency_tile WHERE level = 0 AND n = 1") }, []string{"transparency.tile_missing"}},
	{"the checkpoint is changed", func(l *live) {
		l.exec("UPDATE transparency_log SET served = replace(served, ?, ?)", "\n302\n", "\n301\n")
	}, []string{"transparency.bad_signature"}},
	{"an old checkpoint is served", func(l *live) {
		msg, err := l.Checkpoint(l.t.Context())
		if err != nil {
			l.t.Fatal(err)
		}
		l.receive(1)
		l.step()
		l.watch()
		l.exec("UPDATE transparency_log SET served = ?, served_size = 302", string(msg))
	}, []string{"transparency.rollback"}},
	{"an entry is taken out of the counts", func(l *live) {
		l.exec("UPDATE transparency_count SET n = n - 1 WHERE kind = 'received'")
		l.clock.Advance(time.Minute)
	}, []string{"transparency.figures_differ"}},
	{"an event is put in about an event", func(l *live) {
		leaf := transparency.Leaf{Kind: transparency.Event, Step: transparency.Closed, Commit: commit(8), Hour: l.clock.Now().Truncate(time.Hour), Due: transparency.NotDue}
		var about string
		if err := l.d.Read().NewRaw("SELECT hash FROM transparency_entry WHERE kind = 'event'").Scan(l.t.Context(), &about); err != nil {
			l.t.Fatal(err)
		}
		l.exec("INSERT INTO transparency_pending (kind, leaf, about, queued) VALUES ('event', ?, ?, ?)", leaf.Encode(), about, l.clock.Now())
		l.step()
	}, []string{"transparency.event_target"}},
	{"an event is repeated", func(l *live) {
		leaves, _ := transparency.SplitBundle(l.tile(-1, 1))
		l.exec("INSERT INTO transparency_pending (kind, leaf, about, queued) VALUES ('event', ?, ?, ?)", again(leaves), l.taken[1].Hash.String(), l.clock.Now())
		l.step()
	}, []string{"transparency.salt_reuse"}},
	{"another process is let write nothing", func(l *live) {
		l.exec("UPDATE transparency_log SET holder = 'nobody', epoch = epoch + 1, lease = ?", now.Add(1000*time.Hour))
		l.receive(1)
		l.clock.Advance(time.Hour)
		l.Step(l.t.Context())
	}, []string{"transparency.stale", "transparency.promise_broken"}},
	{"nothing is answered", func(l *live) {
		l.clock.Advance(16 * 24 * time.Hour)
		l.step()
	}, []string{"transparency.overdue"}},
}

// again returns the event among leaves.
func again(leaves [][]byte) []byte {
	for _, text := range leaves {
		if l, _ := transparency.ParseLeaf(text); l.Kind == transparency.Event {
			l.Of = 0
			return l.Encode()
		}
	}
	return nil
}

// TestByHand edits the database in every way we could think of, and lets a monitor, which
// sees only what is served, find each.
func TestByHand(t *testing.T) {
	for _, h := range byHand {
		t.Run(h.name, func(t *testing.T) {
			dbtest.Each(t, []fs.FS{ledger.Migrations(), transparency.Migrations()}, func(t *testing.T, d *db.DB) {
				l := newLive(t, d)
				h.do(l)
				r := l.watch()
				for _, f := range r.Findings {
					if slices.Contains(h.keys, f.Key) {
						return
					}
				}
				t.Errorf("want one of %v, found %+v", h.keys, r.Findings)
			})
		})
	}
}

// TestServed fetches a receipt over HTTP and verifies it.
func TestServed(t *testing.T) {
	dbtest.Each(t, []fs.FS{ledger.Migrations(), transparency.Migrations()}, func(t *testing.T, d *db.DB) {
		l := newLive(t, d)
		text, err := l.web.Get(t.Context(), "policy")
		if err != nil {
			t.Fatal(err)
		}
		p, err := transparency.ParsePolicy(text)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := l.web.Get(t.Context(), "proof/"+hex.EncodeToString(l.taken[9].Hash[:]))
		if err != nil {
			t.Fatal(err)
		}
		v, err := transparency.Verify(p, transparency.Receipt{Proof: proof, Promise: l.taken[9].Promise, Opening: &l.taken[9].Opening}, l.clock.Now())
		if err != nil || !v.Included || !v.Matches {
			t.Errorf("%+v, %v", v, err)
		}
		for _, path := range []string{"tile/0/001.p/47", "tile/0/002", "tile/0/1", "tile/1/001", "tile/entries/001.p/200", "proof/00", "tile/0/x000/000", "other"} {
			if _, err := l.web.Get(t.Context(), path); err == nil {
				t.Errorf("%s is served", path)
			}
		}
		if _, err := transparency.Verify(p, transparency.Receipt{Proof: proof, Opening: &transparency.Opening{Content: sha256.Sum256(nil)}}, l.clock.Now()); errs.KeyOf(err) != "transparency.other_content" {
			t.Errorf("%v", err)
		}
	})
}
