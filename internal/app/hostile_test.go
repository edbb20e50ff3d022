// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/org"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/httpapi"
	"anlan/internal/platform/obs"
	"anlan/internal/platform/realtime"
)

const (
	county        = "cn/11/1101/110101/" // of the shipped divisions
	housePassword = "澜-长长的口令-2026"
)

// house is the whole program without its listener, founded at a county.
type house struct {
	*App
	t       *testing.T
	handler http.Handler
	cookies map[string]string // by login; "" is the public
}

// eachHouse runs fn on both databases.
func eachHouse(t *testing.T, fn func(h *house)) {
	dbtest.EachDSN(t, func(t *testing.T, dsn string) {
		if !strings.HasPrefix(dsn, "postgres") {
			dsn = ""
		}
		a, err := Open(t.Context(), Storage{Data: t.TempDir(), DB: dsn}, "", clock.System)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { a.Close() })
		hub, err := realtime.New(realtime.Config{MayListen: mayListen})
		if err != nil {
			t.Fatal(err)
		}
		handler, err := a.Handler(Config{}, obs.NewMetrics("test"), hub)
		if err != nil {
			t.Fatal(err)
		}
		fn(&house{a, t, handler, map[string]string{"": ""}})
	})
}

// settle adds an office with one person, who signs in under the name of their role.
func (h *house) settle(role string) {
	h.t.Helper()
	ctx := actor.With(h.t.Context(), org.Operator())
	u := &org.Unit{Name: "示范办公室 " + role, Kind: org.UnitOffice, Place: county}
	h.must(h.Org.AddUnit(ctx, u))
	p := &org.Person{Name: "示范人员"}
	h.must(h.Org.AddPerson(ctx, p, org.Membership{UnitID: u.ID}))
	h.must(h.Org.GrantRole(ctx, &org.Grant{PersonID: p.ID, UnitID: u.ID, Role: role}))
	h.must(h.Auth.CreateDemoAccount(ctx, p.ID, role, housePassword))
	body, err := json.Marshal(map[string]string{"login": role, "password": housePassword})
	h.must(err)
	w := h.send("", "POST", "/auth/sign-in", "application/json", body)
	if w.Code != http.StatusOK {
		h.t.Fatalf("sign-in of %s: %d %s", role, w.Code, w.Body)
	}
	h.cookies[role] = strings.Split(w.Header().Get("Set-Cookie"), ";")[0]
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// send asks as the person who signed in as who.
func (h *house) send(who, method, path, media string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(h.t.Context(), method, httpapi.Prefix+path, bytes.NewReader(body))
	r.Header.Set("Content-Type", media)
	if c := h.cookies[who]; c != "" {
		r.Header.Set("Cookie", c)
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

// entries counts what the ledger holds.
func (h *house) entries() (n int) {
	h.must(h.DB.Read().NewRaw("SELECT count(*) FROM ledger_entry").Scan(h.t.Context(), &n))
	return n
}

// operations calls fn for every operation of the API.
func operations(fn func(method, path string, op *huma.Operation)) {
	api := httpapi.New(http.NewServeMux(), "1")
	(&App{}).mount(api)
	for path, item := range api.OpenAPI().Paths {
		path = strings.TrimPrefix(path, httpapi.Prefix)
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete} {
			if op != nil {
				fn(method, path, op)
			}
		}
	}
}

// filled puts a value into every parameter of a path.
func filled(path, value string) string {
	for {
		before, rest, ok := strings.Cut(path, "{")
		if !ok {
			return path
		}
		_, after, _ := strings.Cut(rest, "}")
		path = before + value + after
	}
}

// badBodies are sent where JSON is expected.
var badBodies = []struct{ name, media, body string }{
	{"broken UTF-8", "application/json", "{\"words\":\"\xff\xfe\",\"name\":\"\xc3\"}"},
	{"NUL", "application/json", "{\"words\":\"a\x00b\"}"},
	{"escaped NUL", "application/json", `{"words":"a\u0000b"}`},
	{"ten megabytes", "application/json", `{"words":"` + strings.Repeat("a", 10<<20) + `"}`},
	{"ten thousand deep", "application/json", strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)},
	{"an array", "application/json", `[]`},
	{"null", "application/json", `null`},
	{"cut off", "application/json", `{"words":"消防`},
	{"unknown properties", "application/json", `{"is_admin":true,"__proto__":{"x":1}}`},
	{"twice the same", "application/json", `{"version":1,"version":2}`},
	{"XML", "application/xml", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`},
	{"SVG with script", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`},
	{"a form", "application/x-www-form-urlencoded", "words=x&version=1"},
}

// badValues are put where an id, a code, a place or a cursor is expected.
var badValues = map[string]string{
	"a forged id":    "01jzzzzzzzzzzzzzzzzzzzzzzz",
	"NUL":            "%00",
	"broken UTF-8":   "%ff%fe",
	"a way up":       "..%2f..%2fetc%2fpasswd",
	"SQL":            url.PathEscape("x' OR '1'='1"),
	"a LIKE pattern": "%25_%25",
	"a formula":      url.PathEscape("=HYPERLINK(\"x\")"),
	"4,000 letters":  strings.Repeat("a", 4000),
	"an emoji":       url.PathEscape("👨‍👩‍👧\u202e"),
	"a number":       "-9223372036854775809",
}

// refused expects a problem that a person can act on.
func refused(t *testing.T, what string, w *httptest.ResponseRecorder) {
	t.Helper()
	var p httpapi.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code < 400 || w.Code >= 500 || p.Key == "" || p.Key == "internal" ||
		w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: %d %.300s", what, w.Code, w.Body)
	}
}

// TestHostileInput sends to every operation, as the public, as a clerk and as the system
// administrator, what people, phones and attackers send: each answer is a problem with a
// key, and nothing is written.
func TestHostileInput(t *testing.T) {
	eachHouse(t, func(h *house) {
		roles := []string{"", "office_clerk", "system_admin"}
		for _, role := range roles[1:] {
			h.settle(role)
		}
		before := h.entries()
		asked := 0
		operations(func(method, path string, op *huma.Operation) {
			for _, who := range roles {
				asked += h.badBodies(who, method, path, op)
				asked += h.badPaths(who, method, path)
				asked += h.badQueries(who, method, path, op)
			}
		})
		if after := h.entries(); after != before || asked < 1000 {
			h.t.Errorf("%d requests left %d entries, want none", asked, after-before)
		}
	})
}

// TestHostileReports leaves nothing of what is spoilt.
func TestHostileReports(t *testing.T) {
	eachHouse(t, func(h *house) { h.badReports() })
}

// badReports spoils one thing of a report that is good otherwise: sent as it is, it is
// taken.
func (h *house) badReports() {
	const good = `{"words":"三号仓库东侧安全出口被纸箱堵塞","place":"` + county + `","class":"environment"}`
	for name, words := range map[string]string{"broken UTF-8": "三号\xff\xfe仓库", "NUL": "三号\x00仓库", "escaped NUL": `三号\u0000仓库`,
		"twice the same": `三号仓库","words":"四号仓库`, "ten megabytes": strings.Repeat("仓", 4<<20)} {
		bad := strings.Replace(good, "三号仓库", words, 1)
		refused(h.t, "a report: "+name, h.send("", "POST", "/public/hazards", "application/json", []byte(bad)))
	}
	if w := h.send("", "POST", "/public/hazards", "application/json", []byte(good)); w.Code != http.StatusCreated || h.entries() != 1 {
		h.t.Errorf("the good report: %d %s, %d entries", w.Code, w.Body, h.entries())
	}
}

func (h *house) badBodies(who, method, path string, op *huma.Operation) (asked int) {
	if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		return 0
	}
	for _, bad := range badBodies {
		w := h.send(who, method, filled(path, badValues["a forged id"]), bad.media, []byte(bad.body))
		refused(h.t, fmt.Sprintf("%s %s as %q: %s", method, path, who, bad.name), w)
		asked++
	}
	return asked
}

// badPaths asks for, changes and takes away what is not there.
func (h *house) badPaths(who, method, path string) (asked int) {
	if !strings.Contains(path, "{") {
		return 0
	}
	for name, value := range badValues {
		w := h.send(who, method, filled(path, value), "application/json", []byte(`{}`))
		refused(h.t, fmt.Sprintf("%s %s as %q: %s", method, path, who, name), w)
		asked++
	}
	return asked
}

// badQueries may be refused, or find nothing; they never fail.
func (h *house) badQueries(who, method, path string, op *huma.Operation) (asked int) {
	if method != "GET" {
		return 0
	}
	for _, p := range op.Parameters {
		if p.In != "query" {
			continue
		}
		for name, value := range badValues {
			w := h.send(who, method, filled(path, badValues["a forged id"])+"?"+p.Name+"="+value, "application/json", nil)
			if w.Code >= 300 {
				refused(h.t, fmt.Sprintf("%s %s?%s= as %q: %s", method, path, p.Name, who, name), w)
			}
			asked++
		}
	}
	return asked
}
