// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

// call sends a request in the name of by.
func (f *fixture) call(t *testing.T, by actor.Actor, method, path, body string) (int, string, map[string]any) {
	t.Helper()
	mux := http.NewServeMux()
	Mount(httpapi.New(mux, "test"), f.Service)
	req := httptest.NewRequestWithContext(actor.With(t.Context(), by), method, "/api/v1"+path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, req)
	var out map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s %s: %v in %s", method, path, err, rec.Body)
	}
	key, _ := out["key"].(string)
	return rec.Code, key, out
}

func TestHTTP(t *testing.T) {
	nobody, plain := actor.Actor{}, actor.Actor{ID: "plain"}
	line := actor.Actor{ID: "line", Grants: []actor.Grant{{Perms: []string{PermRead}, Scope: actor.Scope{Trunk: actor.Line, Place: county, Line: "gas"}}}}
	group := actor.Actor{ID: "group", Grants: []actor.Grant{{Perms: []string{PermRead}, Scope: actor.Scope{Trunk: actor.Group, Unit: "g1/"}}}}
	here, there := "place="+url.QueryEscape(string(county)), "place="+url.QueryEscape(string(other))
	indicator := `{"key":"x.one","zh":"一","en":"One","unit":"item","op":"flow","parts":[{"kind":"hazard.reported.v1","dim":"source"}]}`
	each(t, func(t *testing.T, f *fixture) {
		f.record(t, life()...)
		f.step(t)
		for _, tt := range []struct {
			name         string
			by           actor.Actor
			method, path string
			body         string
			status       int
			key          string
		}{
			{"figures for nobody", nobody, "GET", "/figures?keys=hazard.closed&" + here, "", 401, "auth.sign_in"},
			{"figures without the permission", plain, "GET", "/figures?keys=hazard.closed&" + here, "", 403, "auth.denied"},
			{"figures of a neighbour", editor(other), "GET", "/figures?keys=hazard.closed&" + here, "", 403, "auth.denied"},
			{"figures of the place above", editor(town1), "GET", "/figures?keys=hazard.closed&" + here, "", 403, "auth.denied"},
			{"figures", editor(county), "GET", "/figures?keys=hazard.closed,hazard.rectification_rate&" + here, "", 200, ""},
			{"figures for a line", line, "GET", "/figures?keys=hazard.closed&" + here, "", 200, ""},
			{"figures for a line elsewhere", line, "GET", "/figures?keys=hazard.closed&" + there, "", 403, "auth.denied"},
			{"a place for a group", group, "GET", "/figures?keys=hazard.closed&" + here, "", 403, "auth.denied"},
			{"a unit for its group", group, "GET", "/figures?keys=hazard.closed&unit=u1", "", 200, ""},
			{"another unit for a group", group, "GET", "/figures?keys=hazard.closed&unit=u3", "", 404, "stats.no_unit"},
			{"a unit for its county", editor(county), "GET", "/figures?keys=hazard.closed&unit=u3", "", 200, ""},
			{"neither place nor unit", editor(county), "GET", "/figures?keys=hazard.closed", "", 422, "stats.place_or_unit"},
			{"both", editor(county), "GET", "/figures?keys=hazard.closed&unit=u1&" + here, "", 422, "stats.place_or_unit"},
			{"no place", editor(county), "GET", "/figures?keys=hazard.closed&place=cn/99/9901/990101", "", 422, "stats.place_or_unit"},
			{"no keys", editor(county), "GET", "/figures?" + here, "", 422, "invalid"},
			{"no indicator", editor(county), "GET", "/figures?keys=none&" + here, "", 404, "stats.no_indicator"},
			{"backwards", editor(county), "GET", "/figures?keys=hazard.closed&from=2026-11-30&to=2026-11-01&" + here, "", 422, "stats.ends_before_it_begins"},
			{"a series for nobody", nobody, "GET", "/figures/hazard.closed/series?" + here, "", 401, "auth.sign_in"},
			{"a series elsewhere", editor(county), "GET", "/figures/hazard.closed/series?from=2026-11-01&" + there, "", 403, "auth.denied"},
			{"a series by day", editor(county), "GET", "/figures/hazard.closed/series?from=2026-11-01&" + here, "", 200, ""},
			{"an endless series", editor(county), "GET", "/figures/hazard.closed/series?" + here, "", 422, "stats.too_many_days"},
			{"by region", editor(county), "GET", "/figures/hazard.closed/series?by=region&" + here, "", 200, ""},
			{"by unit", editor(county), "GET", "/figures/hazard.closed/series?by=unit&" + here, "", 200, ""},
			{"by people", editor(county), "GET", "/figures/hazard.closed/series?by=person&" + here, "", 422, "invalid"},
			{"entries for nobody", nobody, "GET", "/figures/hazard.closed/entries?" + here, "", 401, "auth.sign_in"},
			{"entries elsewhere", editor(county), "GET", "/figures/hazard.closed/entries?" + there, "", 403, "auth.denied"},
			{"entries", editor(county), "GET", "/figures/hazard.closed/entries?" + here, "", 200, ""},
			{"entries behind a forged cursor", editor(county), "GET", "/figures/hazard.closed/entries?cursor=x&" + here, "", 422, "page.bad_cursor"},
			{"indicators for nobody", nobody, "GET", "/indicators", "", 401, "auth.sign_in"},
			{"indicators", plain, "GET", "/indicators", "", 200, ""},
			{"add for nobody", nobody, "POST", "/indicators", indicator, 401, "auth.sign_in"},
			{"add without the permission", line, "POST", "/indicators", indicator, 403, "auth.denied"},
			{"add from below", editor(town1), "POST", "/indicators", indicator, 403, "auth.denied"},
			{"add", editor(county), "POST", "/indicators", indicator, 201, ""},
			{"add again", editor(county), "POST", "/indicators", indicator, 409, "stats.exists"},
			{"add nonsense", editor(county), "POST", "/indicators", strings.Replace(indicator, "item", "metre", 1), 422, "invalid"},
		} {
			status, key, body := f.call(t, tt.by, tt.method, tt.path, tt.body)
			if status != tt.status || key != tt.key && tt.status >= 400 {
				t.Errorf("%s: %d %s %v, want %d %s", tt.name, status, key, body, tt.status, tt.key)
			}
		}
		f.shapes(t, here)
	})
}

// shapes looks at what the answers hold.
func (f *fixture) shapes(t *testing.T, here string) {
	t.Helper()
	_, _, figs := f.call(t, editor(county), "GET", "/figures?keys=hazard.status,hazard.rectification_rate&"+here, "")
	items := figs["items"].([]any)
	if s := items[0].(map[string]any); s["n"] != 1.0 || s["dims"].(map[string]any)["closed"] != 1.0 || s["op"] != "stock" {
		t.Errorf("status: %v", s)
	}
	if r := items[1].(map[string]any)["ratio"].(map[string]any); r["num"] != 1.0 || r["den"] != 1.0 {
		t.Errorf("rate: %v", r)
	}
	_, _, towns := f.call(t, editor(county), "GET", "/figures/hazard.reported/series?by=region&"+here, "")
	if p := towns["items"].([]any)[0].(map[string]any); p["place"] != string(town1) || p["name"] != "place 990101001" {
		t.Errorf("by town: %v", p)
	}
	_, _, drill := f.call(t, editor(county), "GET", "/figures/hazard.rectification_rate/entries?"+here, "")
	list := drill["items"].([]any)
	if len(list) != 2 {
		t.Fatalf("behind the rate: %v", drill)
	}
	closed := list[0].(map[string]any)
	if count := closed["counts"].([]any)[0].(map[string]any); count["key"] != "hazard.closed" || count["dim"] != "general" || count["n"] != 1.0 || closed["unit_name"] != "unit u1" {
		t.Errorf("the closure: %v", closed)
	}
}

func TestEntriesArePaged(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		wrong := report(town1, "2026-11-01", "u1")
		wrong.ID = f.ids.New()
		f.record(t, wrong)
		for range 150 { // other things in between
			f.record(t, report(other, "2026-11-01", "u3"), move(town1, "2026-11-02", "u1", "triaged", "ordered", "order", "general"))
		}
		right := report(town2, "2026-11-01", "u2")
		right.Corrects = wrong.ID
		f.record(t, right, report(town2, "2026-11-03", "g1"))
		f.step(t)
		ctx := actor.With(t.Context(), editor(place.Nation))
		for _, tt := range []struct {
			key  string
			sc   Scope
			dim  string
			want int
		}{
			{"hazard.reported", Scope{Place: county}, "", 2},
			{"hazard.reported", Scope{Place: county}, "public", 2},
			{"hazard.reported", Scope{Place: county}, "inspection", 0},
			{"hazard.reported", Scope{Unit: "g1"}, "", 2},
			{"hazard.reported", Scope{Unit: "u1"}, "", 0},
			{"hazard.reported", Scope{Place: place.Nation}, "", 152},
			{"hazard.status", Scope{Place: county}, "ordered", 150},
		} {
			for _, limit := range []int{1, 200} {
				n := 0
				for cursor := ""; ; {
					p, err := f.Entries(ctx, tt.key, tt.sc, Days{"", "2026-11-30"}, tt.dim, cursor, limit)
					if err != nil {
						t.Fatal(err)
					}
					if n += len(p.Items); len(p.Items) > limit {
						t.Fatalf("%d on a page of %d", len(p.Items), limit)
					}
					if cursor = p.Next; cursor == "" || limit == 1 && n > 5 {
						break
					}
				}
				if n != tt.want && (limit != 1 || n != 6) {
					t.Errorf("%s %q of %v, %d a page: %d entries, want %d", tt.key, tt.dim, tt.sc, limit, n, tt.want)
				}
			}
		}
	})
}
