// SPDX-License-Identifier: Apache-2.0

package org

import (
	"bytes"
	"context"
	"io/fs"
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
	"anlan/internal/platform/seal"
)

// Places of the invented province.
const (
	province = place.Path("cn/99/")
	city     = place.Path("cn/99/9901/")
	county   = place.Path("cn/99/9901/990101/")
	town     = place.Path("cn/99/9901/990101/990101001/")
	county2  = place.Path("cn/99/9901/990102/")
	town2    = place.Path("cn/99/9901/990102/990102001/")
)

var invented = []Region{
	{Path: province, Name: "示范省"}, {Path: city, Name: "市辖区", Pseudo: true}, {Path: county, Name: "清江县"},
	{Path: town, Name: "城关镇"}, {Path: county2, Name: "云岭县"}, {Path: town2, Name: "城关镇"},
}

var testTime = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Beijing)

// world is a service over the invented province, on a clock that stands still.
type world struct {
	*Service
	clock *clock.Manual
	ctx   context.Context // of the operator
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	dbtest.Each(t, []fs.FS{ledger.Migrations(), Migrations()}, func(t *testing.T, d *db.DB) { fn(t, open(t, d)) })
}

// open returns a world on an empty database.
func open(t testing.TB, d *db.DB) world {
	t.Helper()
	w := serviceOn(t, d)
	nation := Region{Path: place.Nation, Name: nationName, Kind: Division}
	err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return insertRegions(ctx, tx, []Region{nation}) })
	w.must(t, err)
	for _, r := range invented {
		w.must(t, w.AddRegion(w.ctx, r))
	}
	return w
}

func serviceOn(t testing.TB, d *db.DB) world {
	t.Helper()
	now := clock.NewManual(testTime)
	ids := id.NewSource(now.Now)
	l, err := ledger.Open(t.Context(), d, now.Now, ids)
	if err != nil {
		t.Fatal(err)
	}
	box := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	s := New(Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Box: box, Base: "https://example.org"})
	return world{s, now, actor.With(t.Context(), Operator())}
}

func (w world) must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// unit adds an enterprise of that name, changed by edit when it is not nil.
func (w world) unit(t testing.TB, p place.Path, name string, edit func(*Unit)) *Unit {
	t.Helper()
	u := &Unit{Name: name, Kind: UnitEnterprise, Place: p}
	if edit != nil {
		edit(u)
	}
	w.must(t, w.AddUnit(w.ctx, u))
	return u
}

func (w world) office(t testing.TB, p place.Path, name string) *Unit {
	return w.unit(t, p, name, func(u *Unit) { u.Kind = UnitOffice })
}

// person adds a person who works in u, with roles there.
func (w world) person(t testing.TB, u *Unit, name string, roles ...string) *Person {
	t.Helper()
	p := &Person{Name: name}
	w.must(t, w.AddPerson(w.ctx, p, Membership{UnitID: u.ID}))
	for _, r := range roles {
		w.must(t, w.GrantRole(w.ctx, &Grant{PersonID: p.ID, UnitID: u.ID, Role: r, Line: lineFor(r)}))
	}
	return p
}

func lineFor(role string) string {
	if roleByName[role].Trunk == actor.Line {
		return "hazchem"
	}
	return ""
}

// as returns a context in which p acts in their main unit.
func (w world) as(t testing.TB, p *Person) context.Context {
	t.Helper()
	a, err := w.ActorOf(t.Context(), p.ID, "")
	w.must(t, err)
	return actor.With(t.Context(), a)
}

// kinds returns how often each kind of entry was recorded. PostgreSQL shows entries
// only when no older transaction of any test is under way, so it may have to wait.
func (w world) kinds(t testing.TB) map[string]int {
	t.Helper()
	n, seen, all := map[string]int{}, 0, 0
	w.must(t, w.DB.Read().NewRaw("SELECT count(*) FROM ledger_entry").Scan(t.Context(), &all))
	r := ledger.Reader{Name: "test-" + w.IDs.New(), Batch: 10_000, Handle: ledger.Each(func(_ context.Context, _ db.Tx, e ledger.Entry) error {
		n[e.Kind]++
		seen++
		return nil
	})}
	for range 2000 {
		done, err := w.Ledger.Step(t.Context(), r)
		w.must(t, err)
		if seen == all {
			return n
		}
		if done == 0 {
			time.Sleep(10 * time.Millisecond)
		}
	}
	t.Fatalf("saw %d of %d entries", seen, all)
	return nil
}

// wants fails unless err has the kind and the key.
func wants(t testing.TB, err error, kind errs.Kind, key string) {
	t.Helper()
	got := errs.KeyOf(err)
	if key != "" && got == "invalid" {
		if fields := fieldKeys(err); len(fields) > 0 {
			got = fields[0]
		}
	}
	if errs.KindOf(err) != kind || key != "" && got != key {
		t.Errorf("error %v (%v, %s), want kind %v, key %s", err, errs.KindOf(err), got, kind, key)
	}
}

// sqliteDB returns a migrated SQLite database, for fuzz tests and benchmarks.
func sqliteDB(t testing.TB) *db.DB {
	return dbtest.Open(t, dbtest.SQLiteDSN(t), ledger.Migrations(), Migrations())
}
