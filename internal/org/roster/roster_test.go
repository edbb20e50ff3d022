// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"testing"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/org"
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

var invented = []org.Region{
	{Path: province, Name: "示范省"}, {Path: city, Name: "市辖区", Pseudo: true}, {Path: county, Name: "清江县"},
	{Path: town, Name: "城关镇"}, {Path: county2, Name: "云岭县"}, {Path: town2, Name: "城关镇"},
}

// usccVectors are valid codes.
var usccVectors = []string{"91350100M000100Y43", "91110000802100433B", "91330100799655058B"}

// world is a service over the invented province, on a clock that stands still.
type world struct {
	*Service
	clock *clock.Manual
	ctx   context.Context // of the operator
}

func migrationsHere() []fs.FS {
	return []fs.FS{ledger.Migrations(), org.Migrations(), Migrations()}
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	dbtest.Each(t, migrationsHere(), func(t *testing.T, d *db.DB) { fn(t, open(t, d)) })
}

// sqliteDB returns a migrated SQLite database, for fuzz tests.
func sqliteDB(t testing.TB) *db.DB { return dbtest.Open(t, dbtest.SQLiteDSN(t), migrationsHere()...) }

// open returns a world on an empty database.
func open(t testing.TB, d *db.DB) world {
	t.Helper()
	now := clock.NewManual(time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Beijing))
	ids := id.NewSource(now.Now)
	l, err := ledger.Open(t.Context(), d, now.Now, ids)
	if err != nil {
		t.Fatal(err)
	}
	o := org.New(org.Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Box: seal.New(bytes.Repeat([]byte{7}, seal.KeySize))})
	w := world{New(Config{Org: o}), now, actor.With(t.Context(), org.Operator())}
	_, err = d.SQL().ExecContext(t.Context(), `INSERT INTO org_region
		(path, valid_from, valid_to, code, parent, name, depth, kind, pseudo, successors)
		VALUES ('cn/', '', '', 'cn', '', '全国', 0, 'division', FALSE, '')`)
	w.must(t, err)
	for _, r := range invented {
		w.must(t, o.AddRegion(w.ctx, r))
	}
	return w
}

func (w world) must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// unit adds an enterprise of that name, changed by edit when it is not nil.
func (w world) unit(t testing.TB, p place.Path, name string, edit func(*org.Unit)) *org.Unit {
	t.Helper()
	u := &org.Unit{Name: name, Kind: org.UnitEnterprise, Place: p}
	if edit != nil {
		edit(u)
	}
	w.must(t, w.Org.AddUnit(w.ctx, u))
	return u
}

func (w world) office(t testing.TB, p place.Path, name string) *org.Unit {
	return w.unit(t, p, name, func(u *org.Unit) { u.Kind = org.UnitOffice })
}

// person adds a person who works in u, with roles there.
func (w world) person(t testing.TB, u *org.Unit, name string, roles ...string) *org.Person {
	t.Helper()
	p := &org.Person{Name: name}
	w.must(t, w.Org.AddPerson(w.ctx, p, org.Membership{UnitID: u.ID}))
	for _, r := range roles {
		w.must(t, w.Org.GrantRole(w.ctx, &org.Grant{PersonID: p.ID, UnitID: u.ID, Role: r}))
	}
	return p
}

// as returns a context in which p acts in their main unit.
func (w world) as(t testing.TB, p *org.Person) context.Context {
	t.Helper()
	a, err := w.Org.ActorOf(t.Context(), p.ID, "")
	w.must(t, err)
	return actor.With(t.Context(), a)
}

// kinds returns how often each kind of entry was recorded.
func (w world) kinds(t testing.TB) map[string]int {
	t.Helper()
	var rows []struct {
		Kind string `bun:"kind"`
		N    int    `bun:"n"`
	}
	w.must(t, w.Org.DB.Read().NewRaw("SELECT kind, count(*) AS n FROM ledger_entry GROUP BY kind").Scan(t.Context(), &rows))
	n := map[string]int{}
	for _, r := range rows {
		n[r.Kind] = r.N
	}
	return n
}

func fieldKeys(err error) []string {
	var keys []string
	if e, ok := errors.AsType[*errs.Error](err); ok {
		for _, f := range e.Fields {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// wants fails unless err has the kind and the key.
func wants(t testing.TB, err error, kind errs.Kind, key string) {
	t.Helper()
	if errs.KindOf(err) != kind || key != "" && errs.KeyOf(err) != key {
		t.Errorf("error %v (%v, %s), want kind %v, key %s", err, errs.KindOf(err), errs.KeyOf(err), kind, key)
	}
}
