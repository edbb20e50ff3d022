// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/org"
	"anlan/internal/platform/httpapi"
)

// web is a world seen from outside.
type web struct {
	world
	handler http.Handler
}

func serve(w world) web {
	mux := http.NewServeMux()
	Mount(httpapi.New(mux, "test"), w.Service)
	return web{w, httpapi.Clean(mux)}
}

// ask sends a workbook as who, or as the public, and decodes the answer into out.
func (w web) ask(t *testing.T, who *org.Person, method, path string, body []byte, out any) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, httpapi.Prefix+path, bytes.NewReader(body))
	r.Header.Set("Content-Type", xlsxType)
	if who != nil {
		r = r.WithContext(actor.With(r.Context(), actor.From(w.as(t, who))))
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	answer, err := io.ReadAll(rec.Body)
	w.must(t, err)
	if raw, ok := out.(*[]byte); ok {
		*raw = answer
	} else if err := json.Unmarshal(answer, out); err != nil {
		t.Fatalf("%s %s: %s: %v", method, path, answer, err)
	}
	return rec.Code
}

// refused expects a status and a message key.
func (w web) refused(t *testing.T, who *org.Person, method, path string, body []byte, status int, key string) {
	t.Helper()
	var p httpapi.Problem
	if got := w.ask(t, who, method, path, body, &p); got != status || p.Key != key {
		t.Errorf("%s %s: %d %s, want %d %s", method, path, got, p.Key, status, key)
	}
}

func TestHTTPRefusals(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		s := serve(w)
		u := w.unit(t, town, "示范化工有限公司", nil)
		viewer := w.person(t, w.office(t, county, "清江县应急管理局"), "李看", "viewer")
		worker := w.person(t, u, "陈工", "worker")
		for _, tt := range []struct {
			who          *org.Person
			method, path string
			body         []byte
			status       int
			key          string
		}{
			{nil, "POST", "/imports?kind=units", []byte("PK"), 401, "auth.sign_in"},
			{nil, "GET", "/imports/x", nil, 401, "auth.sign_in"},
			{nil, "POST", "/imports/x/commit", nil, 401, "auth.sign_in"},
			{nil, "GET", "/exports/units.xlsx", nil, 401, "auth.sign_in"},
			{nil, "GET", "/exports/people.xlsx", nil, 401, "auth.sign_in"},
			{nil, "GET", "/imports/template.xlsx?kind=units", nil, 401, "auth.sign_in"},
			{viewer, "POST", "/imports?kind=units", sheet(t, []string{"x"}), 403, "auth.denied"},
			{viewer, "GET", "/exports/people.xlsx", nil, 403, "auth.denied"},
			{worker, "GET", "/exports/units.xlsx", nil, 403, "auth.denied"},
			{worker, "GET", "/imports/forged-id", nil, 404, "org.import_not_found"},
			{worker, "POST", "/imports/forged-id/commit", nil, 404, "org.import_not_found"},
		} {
			s.refused(t, tt.who, tt.method, tt.path, tt.body, tt.status, tt.key)
		}
	})
}

func TestHTTPImport(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		s := serve(w)
		clerk := w.person(t, w.office(t, county, "清江县应急管理局"), "钱文", "office_clerk")
		file := sheet(t, []string{"单位名称", "单位类型", "区划代码"}, []string{"新厂", "企业", "990101001"})
		var im importView
		if code := s.ask(t, clerk, "POST", "/imports?kind=units", file, &im); code != 202 || im.State != Ready || im.New != 1 || im.Preview[0].Action != "new" {
			t.Fatalf("%d, %+v", code, im)
		}
		if s.ask(t, clerk, "GET", "/imports/"+im.ID, nil, &im); im.State != Ready {
			t.Errorf("%+v", im)
		}
		if code := s.ask(t, clerk, "POST", "/imports/"+im.ID+"/commit", nil, &im); code != 202 || im.State != Done {
			t.Errorf("%d, %+v", code, im)
		}
		bad := sheet(t, []string{"单位名称", "单位类型", "区划代码"}, []string{"新厂二", "企业", "990102001"})
		if s.ask(t, clerk, "POST", "/imports?kind=units", bad, &im); im.State != Failed || im.Errors[0].Row != 2 || im.Errors[0].Column != "区划代码" || im.Errors[0].Key != "org.import_outside" {
			t.Errorf("%+v", im)
		}
		s.refused(t, clerk, "POST", "/imports?kind=units", []byte("GIF89a"), 415, "document.not_xlsx")
		s.refused(t, clerk, "POST", "/imports?kind=cats", file, 422, "invalid")
		s.refused(t, clerk, "POST", "/imports?kind=units", make([]byte, 21<<20), 413, "too_large")
		var out []byte
		for _, path := range []string{"/exports/units.xlsx", "/exports/people.xlsx", "/imports/template.xlsx?kind=people"} {
			if code := s.ask(t, clerk, "GET", path, nil, &out); code != 200 || !bytes.HasPrefix(out, []byte("PK")) {
				t.Errorf("%s: %d, %.100s", path, code, out)
			}
		}
	})
}
