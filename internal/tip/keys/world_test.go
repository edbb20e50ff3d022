// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
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
	"anlan/internal/platform/httpapi"
	"anlan/internal/platform/seal"
)

// Places of the invented province.
const (
	province = place.Path("cn/99/")
	city     = place.Path("cn/99/9901/")
	county   = place.Path("cn/99/9901/990101/")
	town     = place.Path("cn/99/9901/990101/990101001/")
)

var testTime = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Beijing)

// world is the service behind HTTP, with a city's and a county's office.
type world struct {
	*Service
	clock    *clock.Manual
	operator context.Context
	url      string

	office, cityOffice, firm *org.Unit
	zhang, li, wang, zhao    *officer // of the county's office
	qian                     *officer // of the city's
	viewer                   *officer // of the county's office, without power over keys

	sealed int64           // to each key
	stale  map[string]bool // people who have not proved lately who they are
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, []fs.FS{ledger.Migrations(), org.Migrations(), Migrations()}, func(t *testing.T, d *db.DB) { fn(t, open(t, d)) })
}

func open(t testing.TB, d *db.DB) *world {
	t.Helper()
	now := clock.NewManual(testTime)
	ids := id.NewSource(now.Now)
	l, err := ledger.Open(t.Context(), d, now.Now, ids)
	must(t, err)
	o := org.New(org.Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Box: seal.New(bytes.Repeat([]byte{7}, seal.KeySize))})
	s := New(Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Org: o, Origin: "anlan.example"})
	w := &world{Service: s, clock: now, stale: map[string]bool{}, operator: actor.With(t.Context(), org.Operator())}
	s.Recent = func(ctx context.Context) error {
		if w.stale[actor.From(ctx).ID] {
			return errs.New(errs.Denied, "auth.confirm_needed")
		}
		return nil
	}
	s.Sealed = func(context.Context, db.Q, string, int) (int64, error) { return w.sealed, nil }
	w.populate(t)
	w.serve(t)
	return w
}

func (w *world) populate(t testing.TB) {
	_, err := w.DB.SQL().ExecContext(t.Context(), `INSERT INTO org_region
		(path, valid_from, valid_to, code, parent, name, depth, kind, pseudo, successors)
		VALUES ('cn/', '', '', 'cn', '', '全国', 0, 'division', FALSE, '')`)
	must(t, err)
	for _, r := range []org.Region{{Path: province, Name: "示范省"}, {Path: city, Name: "示范市"}, {Path: county, Name: "示范县"}, {Path: town, Name: "安平镇"}} {
		must(t, w.Org.AddRegion(w.operator, r))
	}
	w.cityOffice = w.unit(t, city, "示范市应急管理局", org.UnitOffice)
	w.office = w.unit(t, county, "示范县应急管理局", org.UnitOffice)
	w.firm = w.unit(t, town, "示范恒源化工有限公司", org.UnitEnterprise)
	w.zhang = w.officer(t, w.office, "张甲", "office_leader")
	w.li = w.officer(t, w.office, "李乙", "office_clerk")
	w.wang = w.officer(t, w.office, "王丙", "enforcement_officer")
	w.zhao = w.officer(t, w.office, "赵丁", "office_clerk")
	w.qian = w.officer(t, w.cityOffice, "钱戊", "office_leader")
	w.viewer = w.officer(t, w.office, "孙己", "viewer")
}

func (w *world) unit(t testing.TB, p place.Path, name string, kind org.UnitKind) *org.Unit {
	u := &org.Unit{Name: name, Kind: kind, Place: p}
	must(t, w.Org.AddUnit(w.operator, u))
	return u
}

// officer adds somebody who works in u with a role, and has a browser.
func (w *world) officer(t testing.TB, u *org.Unit, name, role string) *officer {
	t.Helper()
	p := &org.Person{Name: name}
	must(t, w.Org.AddPerson(w.operator, p, org.Membership{UnitID: u.ID}))
	must(t, w.Org.GrantRole(w.operator, &org.Grant{PersonID: p.ID, UnitID: u.ID, Role: role}))
	return newOfficer(t, p.ID)
}

// serve puts the service behind HTTP; the header X-Person says who asks.
func (w *world) serve(t testing.TB) {
	mux := http.NewServeMux()
	Mount(httpapi.New(mux, "test"), w.Service)
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if id := r.Header.Get("X-Person"); id != "" {
			by, err := w.Org.ActorOf(r.Context(), id, "")
			if err != nil {
				t.Error(err)
			}
			r = r.WithContext(actor.With(r.Context(), by))
		}
		httpapi.Clean(mux).ServeHTTP(rw, r)
	}))
	t.Cleanup(srv.Close)
	w.url = srv.URL + httpapi.Prefix
}

type m = map[string]any

// ask sends a request and decodes the answer into out, unless it is nil.
func (w *world) ask(t testing.TB, who *officer, method, path string, body, out any) int {
	t.Helper()
	in := io.Reader(http.NoBody)
	if body != nil {
		text, err := json.Marshal(body)
		must(t, err)
		in = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, w.url+path, in)
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	if who != nil {
		req.Header.Set("X-Person", who.id)
	}
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	must(t, err)
	if out != nil && len(answer) > 0 {
		if err := json.Unmarshal(answer, out); err != nil {
			t.Fatalf("%s %s: %s: %v", method, path, answer, err)
		}
	}
	return res.StatusCode
}

// do is ask for what must succeed.
func (w *world) do(t testing.TB, who *officer, method, path string, body, out any) {
	t.Helper()
	var answer json.RawMessage
	if code := w.ask(t, who, method, path, body, &answer); code >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, code, answer)
	}
	if out != nil {
		must(t, json.Unmarshal(answer, out))
	}
}

// refused expects a status and a message key, of the first field if it names fields.
func (w *world) refused(t testing.TB, who *officer, method, path string, body any, status int, key string) {
	t.Helper()
	var p httpapi.Problem
	got := w.ask(t, who, method, path, body, &p)
	if len(p.Fields) > 0 {
		p.Key = p.Fields[0].Key
	}
	if got != status || p.Key != key {
		t.Errorf("%s %s: %d %s, want %d %s", method, path, got, p.Key, status, key)
	}
}

// hear lets the reader see everything that has happened.
func (w *world) hear(t testing.TB) {
	t.Helper()
	must(t, w.Ledger.Settle(t.Context()))
	for {
		n, err := w.Ledger.Step(t.Context(), w.Reader())
		must(t, err)
		if n == 0 {
			return
		}
	}
}

// kinds counts the ledger entries of this package by kind.
func (w *world) kinds(t testing.TB) map[string]int {
	t.Helper()
	var rows []struct {
		Kind string `bun:"kind"`
		N    int    `bun:"n"`
	}
	err := w.DB.Read().NewRaw(`SELECT kind, count(*) AS n FROM ledger_entry WHERE kind LIKE 'tipkey.%' GROUP BY kind`).Scan(t.Context(), &rows)
	must(t, err)
	out := map[string]int{}
	for _, r := range rows {
		out[r.Kind] = r.N
	}
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
