// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
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
	county = place.Path("cn/99/9901/990101/")
	town   = place.Path("cn/99/9901/990101/990101001/")
	beside = place.Path("cn/99/9901/990102/")
)

const good = "清江 春潮 42 渡口" // a password that passes the rules

// house is a whole installation over HTTP, on a clock that stands still.
type house struct {
	*Service
	clock    *clock.Manual
	operator context.Context
	handler  http.Handler
}

func each(t *testing.T, fn func(t *testing.T, h house)) {
	t.Helper()
	all := []fs.FS{ledger.Migrations(), org.Migrations(), Migrations()}
	dbtest.Each(t, all, func(t *testing.T, d *db.DB) { fn(t, open(t, d)) })
}

func open(t testing.TB, d *db.DB) house {
	t.Helper()
	now := clock.NewManual(time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Beijing))
	ids := id.NewSource(now.Now)
	l, err := ledger.Open(t.Context(), d, now.Now, ids)
	must(t, err)
	box := seal.New(bytes.Repeat([]byte{9}, seal.KeySize))
	o := org.New(org.Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Box: box})
	s := New(Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Org: o, Box: box})
	s.hasher = newHasher(cost{memory: 64, passes: 1, lanes: 1})

	mux := http.NewServeMux()
	api := httpapi.New(mux, "test")
	Mount(api, s)
	httpapi.Handle(api, op("probe", http.MethodGet, "/probe", "probe"), func(ctx context.Context, in *struct {
		Perm  string     `query:"perm"`
		Place place.Path `query:"place"`
	}) (*struct{}, error) {
		return nil, actor.From(ctx).Require(in.Perm, actor.Object{Place: in.Place})
	})
	mux.HandleFunc("GET /page", func(http.ResponseWriter, *http.Request) {})
	h := house{s, now, actor.With(t.Context(), org.Operator()), s.Middleware(mux)}
	h.divide(t)
	return h
}

func (h house) divide(t testing.TB) {
	t.Helper()
	must(t, h.db.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO org_region (path, valid_from, valid_to, code, parent, name, depth, kind, pseudo, successors)
			VALUES ('cn/', '', '', 'cn', '', '全国', 0, 'division', FALSE, '')`)
		return err
	}))
	for _, r := range []org.Region{{Path: "cn/99/", Name: "示范省"}, {Path: "cn/99/9901/", Name: "示范市"},
		{Path: county, Name: "清江县"}, {Path: town, Name: "城关镇"}, {Path: beside, Name: "云岭县"}} {
		must(t, h.org.AddRegion(h.operator, r))
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h house) office(t testing.TB, at place.Path, name string) *org.Unit {
	t.Helper()
	u := &org.Unit{Name: name, Kind: org.UnitOffice, Place: at}
	must(t, h.org.AddUnit(h.operator, u))
	return u
}

func (h house) person(t testing.TB, u *org.Unit, name string, roles ...string) *org.Person {
	t.Helper()
	p := &org.Person{Name: name}
	must(t, h.org.AddPerson(h.operator, p, org.Membership{UnitID: u.ID}))
	for _, r := range roles {
		must(t, h.org.GrantRole(h.operator, &org.Grant{PersonID: p.ID, UnitID: u.ID, Role: r}))
	}
	return p
}

// user is a person with an account whose password is good.
func (h house) user(t testing.TB, u *org.Unit, login string, roles ...string) *org.Person {
	t.Helper()
	p := h.person(t, u, "人员"+login, roles...)
	must(t, h.CreateDemoAccount(h.operator, p.ID, login, good))
	return p
}

// browser speaks to the house as a browser does, or as a program with a token.
type browser struct {
	t       testing.TB
	h       house
	cookie  string
	proof   string
	headers map[string]string
	address string
}

func (h house) browser(t testing.TB) *browser {
	return &browser{t: t, h: h, headers: map[string]string{}, address: "203.0.113.7:50000"}
}

// signedIn returns a browser in which login is signed in.
func (h house) signedIn(t testing.TB, login string) *browser {
	t.Helper()
	b := h.browser(t)
	b.want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": login, "password": good})
	return b
}

type m map[string]any

type answer struct {
	code   int
	header http.Header
	body   string
	json   m
}

func (a answer) key() string { k, _ := a.json["key"].(string); return k }

// field returns the key of the first refused input.
func (a answer) field() string {
	list, _ := a.json["fields"].([]any)
	if len(list) == 0 {
		return ""
	}
	return list[0].(map[string]any)["key"].(string)
}

func (b *browser) do(method, path string, body m) answer {
	b.t.Helper()
	text := ""
	if body != nil {
		raw, err := json.Marshal(body)
		must(b.t, err)
		text = string(raw)
	}
	if !strings.HasPrefix(path, "/page") {
		path = httpapi.Prefix + path
	}
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(text))
	r.RemoteAddr = b.address
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36")
	for k, v := range b.headers {
		r.Header.Set(k, v)
	}
	if b.cookie != "" {
		r.AddCookie(&http.Cookie{Name: cookieName, Value: b.cookie})
	}
	if b.proof != "" && strings.HasPrefix(path, proofPath+"/") {
		r.AddCookie(&http.Cookie{Name: proofName, Value: b.proof})
	}
	w := httptest.NewRecorder()
	b.h.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		switch c.Name {
		case cookieName:
			b.cookie = c.Value
		case proofName:
			b.proof = c.Value
		}
	}
	a := answer{code: w.Code, header: w.Header(), body: w.Body.String()}
	json.Unmarshal(w.Body.Bytes(), &a.json) // pages have none
	return a
}

// want fails the test unless the answer has the code and, when it is not "", the key
// of a problem or of its first refused input.
func (b *browser) want(code int, key, method, path string, body m) answer {
	b.t.Helper()
	a := b.do(method, path, body)
	if a.code != code || key != "" && a.key() != key && a.field() != key {
		b.t.Fatalf("%s %s: %d %s; want %d %s", method, path, a.code, a.body, code, key)
	}
	return a
}

// kinds counts the ledger entries of each kind.
func (h house) kinds(t testing.TB) map[string]int {
	t.Helper()
	must(t, h.ledger.Settle(t.Context()))
	n := map[string]int{}
	r := ledger.Reader{Name: "test-" + h.ids.New(), Batch: 10_000, Handle: ledger.Each(func(_ context.Context, _ db.Tx, e ledger.Entry) error {
		n[e.Kind]++
		return nil
	})}
	for {
		done, err := h.ledger.Step(t.Context(), r)
		must(t, err)
		if done == 0 {
			return n
		}
	}
}
