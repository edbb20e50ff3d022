// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/platform/httpapi"
	"anlan/internal/rules/taxonomy"
)

// call sends a request in the name of by and returns the status, the problem key
// and the body.
func (f *fixture) call(t *testing.T, by actor.Actor, method, path, body string) (int, string, map[string]any) {
	t.Helper()
	mux := http.NewServeMux()
	api := httpapi.New(mux, "test")
	Mount(api, f.Service)
	taxonomy.Mount(api)
	req := httptest.NewRequestWithContext(actor.With(t.Context(), by), method, "/api/v1"+path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, req)
	var out map[string]any
	if rec.Body.Len() > 0 {
		if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, rec.Body)
		}
	}
	key, _ := out["key"].(string)
	return rec.Code, key, out
}

func TestHTTP(t *testing.T) {
	nobody, plain := actor.Actor{}, actor.Actor{ID: "plain"}
	rule := `{"key":"hazard.accept","place":"cn/99/9901/990101/","valid_from":"2026-12-01","value":{"n":3,"kind":"working"},"source_doc":"示范县规定"}`
	notice, err := json.Marshal(map[string]any{"text": notice2027, "source_doc": "通知", "version": 0})
	if err != nil {
		t.Fatal(err)
	}
	std := `{"title":"示范县判定标准","doc_no":"","issuer":"","lines":["gas"],"valid_from":"2027-01-01","valid_to":"","successor":"","confirmed":false,"version":0}`
	each(t, func(t *testing.T, f *fixture) {
		for _, tt := range []struct {
			name         string
			by           actor.Actor
			method, path string
			body         string
			status       int
			key          string
		}{
			{"rules for nobody", nobody, "GET", "/rules", "", 401, "auth.sign_in"},
			{"rules without the permission", plain, "GET", "/rules", "", 403, "auth.denied"},
			{"rules", editor(county), "GET", "/rules?key=hazard.accept&place=cn/99/&on=2026-11-24", "", 200, ""},
			{"a cursor that is none", editor(county), "GET", "/rules?cursor=xx", "", 422, "page.bad_cursor"},
			{"a page too long", editor(county), "GET", "/rules?limit=201", "", 422, "invalid"},
			{"keys", plain, "GET", "/rules/keys", "", 200, ""},
			{"resolve for nobody", nobody, "GET", "/rules/resolve?key=hazard.accept&place=cn/99/", "", 401, "auth.sign_in"},
			{"resolve", plain, "GET", "/rules/resolve?key=hazard.accept&place=cn/99/", "", 200, ""},
			{"resolve no key", plain, "GET", "/rules/resolve?key=x&place=cn/99/", "", 422, "rules.unknown_key"},
			{"resolve before all time", plain, "GET", "/rules/resolve?key=hazard.accept&place=cn/99/&on=1990-01-01", "", 404, "rules.none_valid"},
			{"add for nobody", nobody, "POST", "/rules", rule, 401, "auth.sign_in"},
			{"add without the permission", plain, "POST", "/rules", rule, 403, "auth.denied"},
			{"add for a neighbour", editor(other), "POST", "/rules", rule, 403, "auth.denied"},
			{"add from below", editor(town), "POST", "/rules", rule, 403, "auth.denied"},
			{"add", editor(county), "POST", "/rules", rule, 201, ""},
			{"add again", editor(county), "POST", "/rules", rule, 409, "rules.exists"},
			{"add no value", editor(county), "POST", "/rules", strings.Replace(rule, `{"n":3,"kind":"working"}`, `"三天"`, 1), 422, "invalid"},
			{"end without the permission", plain, "POST", "/rules/x/end", `{"valid_to":"2026-12-31","version":1}`, 404, "rules.not_found"},
			{"calendar for nobody", nobody, "GET", "/calendar/2026", "", 401, "auth.sign_in"},
			{"calendar", plain, "GET", "/calendar/2026", "", 200, ""},
			{"calendar of an unannounced year", plain, "GET", "/calendar/2027", "", 200, ""},
			{"calendar of no year", plain, "GET", "/calendar/1", "", 422, "invalid"},
			{"import without the permission", plain, "PUT", "/calendar/2027", string(notice), 403, "auth.denied"},
			{"import from below", editor(town), "PUT", "/calendar/2027", string(notice), 403, "auth.denied"},
			{"import", editor(county), "PUT", "/calendar/2027", string(notice), 200, ""},
			{"import over another's", editor(county), "PUT", "/calendar/2027", string(notice), 409, "rules.changed"},
			{"import nonsense", editor(county), "PUT", "/calendar/2028", `{"text":"a,b,c\nd,e,f","source_doc":"x","version":0}`, 422, "invalid"},
			{"standards for nobody", nobody, "GET", "/standards", "", 401, "auth.sign_in"},
			{"standards", plain, "GET", "/standards?line=coal&on=2026-11-24", "", 200, ""},
			{"a standard", plain, "GET", "/standards/mem-10-2023", "", 200, ""},
			{"no standard", plain, "GET", "/standards/none", "", 404, "rules.standard_not_found"},
			{"save a standard without the permission", plain, "PUT", "/standards/sfx-1-2027", std, 403, "auth.denied"},
			{"save a standard", editor(county), "PUT", "/standards/sfx-1-2027", std, 200, ""},
			{"add clauses without the permission", plain, "POST", "/standards/sfx-1-2027/clauses", `{"clauses":[{"no":"第一条","text":"文"}]}`, 403, "auth.denied"},
			{"add clauses", editor(county), "POST", "/standards/sfx-1-2027/clauses", `{"clauses":[{"no":"第一条","text":"文"}]}`, 204, ""},
			{"add no clauses", editor(county), "POST", "/standards/sfx-1-2027/clauses", `{"clauses":[]}`, 422, "invalid"},
			{"import clauses without the permission", plain, "POST", "/clauses/imports", `{"text":"sfx-1-2027,第二条,文"}`, 403, "auth.denied"},
			{"import clauses", editor(county), "POST", "/clauses/imports", `{"text":"sfx-1-2027,第二条,文"}`, 200, ""},
			{"import clauses of nothing", editor(county), "POST", "/clauses/imports", `{"text":"none-1,第二条,文"}`, 422, "invalid"},
			{"code lists for everybody", nobody, "GET", "/public/taxonomies", "", 200, ""},
			{"one code list", nobody, "GET", "/public/taxonomies?names=worker,line", "", 200, ""},
			{"no code list", nobody, "GET", "/public/taxonomies?names=nothing", "", 422, "rules.no_such_list"},
		} {
			status, key, body := f.call(t, tt.by, tt.method, tt.path, tt.body)
			if status != tt.status || key != tt.key && tt.status >= 400 {
				t.Errorf("%s: %d %s %v, want %d %s", tt.name, status, key, body, tt.status, tt.key)
			}
		}
		f.shapes(t)
	})
}

// shapes looks at what the answers hold.
func (f *fixture) shapes(t *testing.T) {
	plain := actor.Actor{ID: "plain"}
	_, _, std := f.call(t, plain, "GET", "/standards/mem-10-2023", "")
	if std["title"] != "工贸企业重大事故隐患判定标准" || len(std["clauses"].([]any)) != 11 {
		t.Errorf("standard: %v", std)
	}
	_, _, year := f.call(t, plain, "GET", "/calendar/2026", "")
	if year["announced"] != true || year["off"] != 33.0 || year["work"] != 6.0 || year["working_days"] != 248.0 {
		t.Errorf("2026: %v %v %v %v", year["announced"], year["off"], year["work"], year["working_days"])
	}
	_, _, v := f.call(t, plain, "GET", "/rules/resolve?key=hazard.accept&place=cn/99/9901/990101/&on=2026-12-02", "")
	if v["place"] != string(county) || v["value"].(map[string]any)["n"] != 3.0 {
		t.Errorf("resolved: %v", v)
	}
}

func TestTaxonomiesAreCached(t *testing.T) {
	mux := http.NewServeMux()
	taxonomy.Mount(httpapi.New(mux, "test"))
	get := func(etag string) *httptest.ResponseRecorder {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/public/taxonomies", nil)
		req.Header.Set("If-None-Match", etag)
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, req)
		return rec
	}
	first := get("")
	etag := first.Header().Get("ETag")
	if first.Code != 200 || etag == "" || first.Header().Get("Cache-Control") == "" {
		t.Fatalf("%d %q", first.Code, etag)
	}
	if second := get(etag); second.Code != http.StatusNotModified || second.Body.Len() != 0 {
		t.Errorf("with the tag: %d, %d bytes", second.Code, second.Body.Len())
	}
}
