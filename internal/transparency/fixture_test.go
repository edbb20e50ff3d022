// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/id"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/seal"
)

const origin = "anlan.example/log"

var start = time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)

func testSeed(generation int) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "seed %d", generation))
	return sum[:]
}

type fixture struct {
	*Service
	t     testing.TB
	d     *db.DB
	clock *clock.Manual
	led   *ledger.Ledger
}

var schemas = []fs.FS{ledger.Migrations(), Migrations()}

// newFixture returns a log on d that never waits for company.
func newFixture(t testing.TB, d *db.DB, change ...func(*Config)) *fixture {
	t.Helper()
	m := clock.NewManual(start)
	ids := id.NewSource(m.Now)
	led, err := ledger.Open(t.Context(), d, m.Now, ids)
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{DB: d, Ledger: led, Now: m.Now, IDs: ids, Box: seal.New(bytes.Repeat([]byte{7}, seal.KeySize)), Seed: testSeed,
		Origin: origin, URL: "https://anlan.example", Memory: filepath.Join(t.TempDir(), "log.newest"), Hold: -1}
	for _, c := range change {
		c(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &fixture{s, t, d, m, led}
}

// each runs fn on both databases.
func each(t *testing.T, fn func(t *testing.T, f *fixture)) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { fn(t, newFixture(t, d)) })
}

func (f *fixture) receive(class string) Taken {
	f.t.Helper()
	return f.receiveAll(Submission{Class: class, Due: "acceptance", Content: sha256.Sum256([]byte("invented tip"))})[0]
}

// receiveMany is receive, n times in one transaction.
func (f *fixture) receiveMany(n int) []Taken {
	f.t.Helper()
	return f.receiveAll(slices.Repeat([]Submission{{Class: "tip", Due: "acceptance"}}, n)...)
}

func (f *fixture) receiveAll(in ...Submission) []Taken {
	f.t.Helper()
	taken := make([]Taken, len(in))
	for i := range in {
		var err error
		if taken[i], err = f.Take(in[i]); err != nil {
			f.t.Fatal(err)
		}
	}
	if err := f.d.InTx(f.t.Context(), func(ctx context.Context, tx db.Tx) error { return f.ReceivedTx(ctx, tx, taken...) }); err != nil {
		f.t.Fatal(err)
	}
	return taken
}

func (f *fixture) happen(h Happening) {
	f.t.Helper()
	if err := f.tryHappen(h); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) tryHappen(h Happening) error {
	return f.d.InTx(f.t.Context(), func(ctx context.Context, tx db.Tx) error {
		_, err := f.EventTx(ctx, tx, h)
		return err
	})
}

// step lets a second go by.
func (f *fixture) step() {
	f.t.Helper()
	f.clock.Advance(time.Second)
	if err := f.Step(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

// exec changes the database by hand.
func (f *fixture) exec(query string, args ...any) {
	f.t.Helper()
	err := f.d.InTx(f.t.Context(), func(ctx context.Context, tx db.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) checkpoint() Signed {
	f.t.Helper()
	msg, err := f.Checkpoint(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	s, err := f.Policy().Trust(msg, f.clock.Now())
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}
