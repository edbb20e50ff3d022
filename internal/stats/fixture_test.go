// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"testing"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

const (
	county = place.Path("cn/99/9901/990101/")
	town1  = place.Path("cn/99/9901/990101/990101001/")
	town2  = place.Path("cn/99/9901/990101/990101002/")
	other  = place.Path("cn/99/9901/990102/")
)

// units of the tests and where they stand: g1 is the head of u1 and u2.
var unitPaths = map[string]string{"g1": "g1/", "u1": "g1/u1/", "u2": "g1/u2/", "u3": "u3/"}

// fakeOrg knows unitPaths; every unit stands in the county.
type fakeOrg struct{}

func (fakeOrg) UnitObject(_ context.Context, id string) (actor.Object, error) {
	path, ok := unitPaths[id]
	if !ok {
		return actor.Object{}, errs.New(errs.NotFound, "org.no_unit")
	}
	return actor.Object{Place: county, UnitPath: path}, nil
}

func (fakeOrg) PlaceNames(_ context.Context, ps []place.Path) (map[place.Path]string, error) {
	m := map[place.Path]string{}
	for _, p := range ps {
		m[p] = "place " + p.Code()
	}
	return m, nil
}

func (fakeOrg) UnitNames(_ context.Context, ids []string) (map[string]string, error) {
	m := map[string]string{}
	for _, id := range ids {
		m[id] = "unit " + id
	}
	return m, nil
}

type fixture struct {
	*Service
	db     *db.DB
	ledger *ledger.Ledger
	clock  *clock.Manual
	ids    *id.Source
}

func each(t *testing.T, fn func(t *testing.T, f *fixture)) {
	t.Helper()
	dbtest.Each(t, []fs.FS{ledger.Migrations(), Migrations()}, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d)
		if err := f.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		fn(t, f)
	})
}

func newFixture(t testing.TB, d *db.DB) *fixture {
	t.Helper()
	m := clock.NewManual(time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC))
	ids := id.NewSource(m.Now)
	l, err := ledger.Open(t.Context(), d, m.Now, ids)
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{DB: d, Ledger: l, Now: m.Now, Org: fakeOrg{}, Home: func(context.Context) (place.Path, error) { return county, nil }})
	return &fixture{s, d, l, m, ids}
}

// record writes entries in one transaction.
func (f *fixture) record(t testing.TB, entries ...ledger.Entry) {
	t.Helper()
	if err := f.db.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return f.ledger.Record(ctx, tx, entries...) }); err != nil {
		t.Fatal(err)
	}
}

// step lets the reader handle all that waits.
func (f *fixture) step(t testing.TB) {
	t.Helper()
	if err := f.walk(t.Context(), f.Reader()); err != nil {
		t.Fatal(err)
	}
}

// walk steps r until nothing waits. PostgreSQL shows an entry to readers only when
// every older transaction of the whole server has ended, also those of other tests.
func (f *fixture) walk(ctx context.Context, r ledger.Reader) error {
	for range 10_000 {
		n, err := f.ledger.Step(ctx, r)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		at, err := f.ledger.Reached(ctx, f.db.Read(), r.Name)
		if err != nil {
			return err
		}
		left, err := f.ledger.Range(ctx, f.db.Read(), at, ledger.Pos{Tx: math.MaxInt64, Seq: math.MaxInt64}, 1)
		if err != nil || len(left) == 0 {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	return errors.New("entries wait for ever")
}
