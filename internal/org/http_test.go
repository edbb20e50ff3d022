// SPDX-License-Identifier: Apache-2.0

package org

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/platform/httpapi"
)

// web is a world seen from outside; the header X-Person says who asks.
type web struct {
	world
	url string
}

func serve(t *testing.T, w world) web {
	t.Helper()
	mux := http.NewServeMux()
	Mount(httpapi.New(mux, "test"), w.Service)
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if id := r.Header.Get("X-Person"); id != "" {
			by, err := w.ActorOf(r.Context(), id, "")
			if err != nil {
				t.Error(err)
			}
			r = r.WithContext(actor.With(r.Context(), by))
		}
		httpapi.Clean(mux).ServeHTTP(rw, r)
	}))
	t.Cleanup(srv.Close)
	return web{w, srv.URL + httpapi.Prefix}
}

// ask sends a request and decodes the answer into out, unless it is nil.
func (w web) ask(t *testing.T, who *Person, method, path string, body, out any) int {
	t.Helper()
	var in io.Reader = http.NoBody
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		w.must(t, err)
		in = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, w.url+path, in)
	w.must(t, err)
	req.Header.Set("Content-Type", "application/json")
	if who != nil {
		req.Header.Set("X-Person", who.ID)
	}
	res, err := http.DefaultClient.Do(req)
	w.must(t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	w.must(t, err)
	if raw, ok := out.(*[]byte); ok {
		*raw = answer
	} else if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			t.Fatalf("%s %s: %s: %v", method, path, answer, err)
		}
	}
	return res.StatusCode
}

// refused expects a status and a message key.
func (w web) refused(t *testing.T, who *Person, method, path string, body any, status int, key string) {
	t.Helper()
	var p httpapi.Problem
	if got := w.ask(t, who, method, path, body, &p); got != status || p.Key != key {
		t.Errorf("%s %s: %d %s, want %d %s", method, path, got, p.Key, status, key)
	}
}

type m = map[string]any

func TestHTTPPublic(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		s := serve(t, w)
		u := w.unit(t, town, "示范化工有限公司", func(u *Unit) { u.USCC, u.Address = usccVectors[0], "秘密路 1 号" })
		var children listOut[regionView]
		if code := s.ask(t, nil, "GET", "/public/regions", nil, &children.Body); code != 200 || len(children.Body.Items) != 1 {
			t.Errorf("%d, %+v", code, children.Body)
		}
		if s.ask(t, nil, "GET", "/public/regions?parent="+string(city)+"&limit=1", nil, &children.Body); children.Body.Next == "" {
			t.Errorf("no second page: %+v", children.Body)
		}
		var r regionView
		if code := s.ask(t, nil, "GET", "/public/regions/990101001000", nil, &r); code != 200 || r.FullName != "示范省清江县城关镇" {
			t.Errorf("%d, %+v", code, r)
		}
		s.refused(t, nil, "GET", "/public/regions/000000", nil, 404, "org.region_not_found")
		s.refused(t, nil, "GET", "/public/regions?cursor=%00", nil, 422, "bad_request")
		var shown m
		if code := s.ask(t, nil, "GET", "/public/units/"+u.Code, nil, &shown); code != 200 || shown["name"] != u.Name || shown["place_name"] == "" {
			t.Errorf("%d, %v", code, shown)
		}
		delete(shown, "$schema")
		if len(shown) != 4 {
			t.Errorf("the public sees %v", shown)
		}
		s.refused(t, nil, "GET", "/public/units/"+u.ID, nil, 422, "invalid")
		s.refused(t, nil, "GET", "/public/units/ABCDEFGH", nil, 404, "org.unit_not_found")
	})
}

func TestHTTPNeedsSignIn(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		s := serve(t, w)
		u := w.unit(t, town, "示范化工有限公司", nil)
		p := w.person(t, u, "王安")
		unit := m{"name": "新厂", "kind": "enterprise", "place": town}
		for _, tt := range []struct {
			method, path string
			body         any
		}{
			{"GET", "/regions", nil}, {"GET", "/units", nil}, {"GET", "/units/" + u.ID, nil}, {"GET", "/units/" + u.ID + "/children", nil},
			{"GET", "/units/" + u.ID + "/qr.png", nil}, {"GET", "/units/uscc-check?code=x", nil}, {"POST", "/units", unit},
			{"PUT", "/units/" + u.ID, m{"name": "新厂", "kind": "enterprise", "place": town, "version": 1}},
			{"POST", "/regions", m{"parent": county, "code": "990101009", "name": "某镇"}}, {"POST", "/regions/zones", m{"parent": city, "name": "某区"}},
			{"POST", "/regions/990101/end", m{"valid_to": "2026-11-24"}}, {"POST", "/regions/990101/rename", m{"name": "某县", "valid_from": "2026-11-24"}},
			{"GET", "/people", nil}, {"GET", "/people/" + p.ID, nil}, {"POST", "/people", m{"name": "某人", "unit_id": u.ID}},
			{"PUT", "/people/" + p.ID, m{"name": "某人", "version": 1, "memberships": []m{{"unit_id": u.ID}}}},
			{"POST", "/people/" + p.ID + "/reveal", m{"reason": "通知整改"}}, {"GET", "/people/" + p.ID + "/reveals", nil},
			{"GET", "/roles", nil}, {"GET", "/grants?person=" + p.ID, nil}, {"POST", "/grants", m{"person_id": p.ID, "unit_id": u.ID, "role": "worker"}},
			{"DELETE", "/grants/x", nil},
		} {
			s.refused(t, nil, tt.method, tt.path, tt.body, 401, "auth.sign_in")
		}
	})
}

// TestHTTPRefusals tries what the other county's clerk, a worker and a viewer may not do.
func TestHTTPRefusals(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		s := serve(t, w)
		u := w.unit(t, town, "示范化工有限公司", nil)
		p := &Person{Name: "王安", Phone: "13800001234"}
		w.must(t, w.AddPerson(w.ctx, p, Membership{UnitID: u.ID}))
		far := w.person(t, w.office(t, county2, "云岭县应急管理局"), "孙武", "office_clerk")
		viewer := w.person(t, w.office(t, county, "清江县应急管理局"), "李看", "viewer")
		worker := w.person(t, u, "陈工", "worker")
		body := m{"name": "改名", "kind": "enterprise", "place": town, "version": 1}
		for _, tt := range []struct {
			who          *Person
			method, path string
			body         any
			status       int
			key          string
		}{
			{far, "GET", "/units/" + u.ID, nil, 404, "org.unit_not_found"},
			{far, "GET", "/units/" + u.ID + "/children", nil, 404, "org.unit_not_found"},
			{far, "GET", "/units/" + u.ID + "/qr.png", nil, 404, "org.unit_not_found"},
			{far, "PUT", "/units/" + u.ID, body, 404, "org.unit_not_found"},
			{far, "POST", "/units", m{"name": "新厂", "kind": "enterprise", "place": town}, 403, "auth.denied"},
			{far, "POST", "/units", m{"name": "新厂", "kind": "enterprise", "place": town2, "parent_id": u.ID}, 422, "invalid"},
			{far, "GET", "/people/" + p.ID, nil, 404, "org.person_not_found"},
			{far, "PUT", "/people/" + p.ID, m{"name": "改名", "version": 1, "memberships": []m{{"unit_id": u.ID}}}, 404, "org.person_not_found"},
			{far, "POST", "/people", m{"name": "新人", "unit_id": u.ID}, 404, "org.unit_not_found"},
			{far, "POST", "/people/" + p.ID + "/reveal", m{"reason": "通知整改"}, 404, "org.person_not_found"},
			{far, "POST", "/grants", m{"person_id": p.ID, "unit_id": u.ID, "role": "unit_head"}, 404, "org.unit_not_found"},
			{far, "POST", "/regions", m{"parent": county, "code": "990101009", "name": "某镇"}, 403, "auth.denied"},
			{far, "POST", "/regions/990101001/end", m{"valid_to": "2026-11-24"}, 403, "auth.denied"},
			{far, "POST", "/regions/990101001/rename", m{"name": "某镇", "valid_from": "2026-11-24"}, 403, "auth.denied"},
			{far, "POST", "/regions/zones", m{"parent": county, "name": "某区"}, 403, "auth.denied"},
			{viewer, "PUT", "/units/" + u.ID, body, 403, "auth.denied"},
			{viewer, "POST", "/people", m{"name": "新人", "unit_id": u.ID}, 403, "auth.denied"},
			{viewer, "GET", "/people", nil, 403, "auth.denied"},
			{worker, "GET", "/units", nil, 403, "auth.denied"},
			{worker, "GET", "/units/" + u.ID, nil, 404, "org.unit_not_found"},
			{worker, "GET", "/people/" + p.ID, nil, 404, "org.person_not_found"},
			{worker, "GET", "/units/forged-id", nil, 404, "org.unit_not_found"},
			{worker, "DELETE", "/grants/forged-id", nil, 404, "org.grant_not_found"},
		} {
			s.refused(t, tt.who, tt.method, tt.path, tt.body, tt.status, tt.key)
		}
		if got, _ := w.Unit(w.ctx, u.ID); got.Name != u.Name || got.Version != 1 {
			t.Errorf("something changed: %+v", got)
		}
	})
}

func TestHTTPUnits(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		s := serve(t, w)
		clerk := w.person(t, w.office(t, county, "清江县应急管理局"), "钱文", "office_clerk")
		var u unitView
		code := s.ask(t, clerk, "POST", "/units", m{"name": "示范化工", "kind": "enterprise", "place": town, "uscc": "９１350100m000100y43",
			"industry": "26", "lines": []string{"hazchem"}}, &u)
		if code != 201 || u.USCC != usccVectors[0] || u.Industry != "C26" || u.PlaceName != "示范省清江县城关镇" || u.Status != "active" {
			t.Fatalf("%d, %+v", code, u)
		}
		var check usccView
		if s.ask(t, clerk, "GET", "/units/uscc-check?code=91350100m000100y43", nil, &check); !check.Valid || !check.Taken || check.Doubt {
			t.Errorf("checked %+v", check)
		}
		if s.ask(t, clerk, "GET", "/units/uscc-check?code=9135O100M000100Y43", nil, &check); check.Valid || check.Suggestion != usccVectors[0] || check.Code != "9135O100M000100Y43" {
			t.Errorf("checked %+v", check)
		}
		change := m{"name": "示范化工集团", "kind": "enterprise", "place": town, "version": 1}
		var changed unitView
		if code := s.ask(t, clerk, "PUT", "/units/"+u.ID, change, &changed); code != 200 || changed.Version != 2 || changed.USCC != "" {
			t.Errorf("%d, %+v", code, changed)
		}
		s.refused(t, clerk, "PUT", "/units/"+u.ID, change, 409, "org.changed")
		s.refused(t, clerk, "POST", "/units", m{"name": "x", "kind": "king", "place": town}, 422, "invalid")
		s.refused(t, clerk, "POST", "/units", m{"name": "x", "kind": "enterprise", "place": town, "owner": 1}, 422, "invalid")
		s.refused(t, clerk, "POST", "/units", "{\"name\":\"\\u0000\"}", 400, "bad_request")
		s.refused(t, clerk, "POST", "/units", "\xff", 400, "bad_request")
		var picture []byte
		if code := s.ask(t, clerk, "GET", "/units/"+u.ID+"/qr.png", nil, &picture); code != 200 {
			t.Errorf("%d, %s", code, picture)
		}
		if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
			t.Error(err)
		}
		var list listOut[unitView]
		if s.ask(t, clerk, "GET", "/units?q=%E5%8C%96%E5%B7%A5", nil, &list.Body); len(list.Body.Items) != 1 {
			t.Errorf("found %+v", list.Body)
		}
		if s.ask(t, clerk, "GET", "/units/"+u.ID+"/children", nil, &list.Body); len(list.Body.Items) != 0 {
			t.Errorf("children %+v", list.Body)
		}
		var regions listOut[regionView]
		if s.ask(t, clerk, "GET", "/regions?q=%E5%9F%8E%E5%85%B3", nil, &regions.Body); len(regions.Body.Items) != 2 || regions.Body.Items[0].FullName == "" {
			t.Errorf("regions %+v", regions.Body)
		}
	})
}

func TestHTTPPeopleAndRoles(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		s := serve(t, w)
		office := w.office(t, county, "清江县应急管理局")
		system, security := w.person(t, office, "李系", "system_admin"), w.person(t, office, "张安", "security_admin")
		var p personView
		code := s.ask(t, system, "POST", "/people", m{"name": "王安", "phone": "13800001234", "unit_id": office.ID, "title": "科员"}, &p)
		if code != 201 || p.Phone != "138****1234" || len(p.Memberships) != 1 || p.Memberships[0].UnitName != office.Name {
			t.Fatalf("%d, %+v", code, p)
		}
		var g grantView
		code = s.ask(t, security, "POST", "/grants", m{"person_id": p.ID, "unit_id": office.ID, "role": "office_clerk"}, &g)
		if code != 201 || g.PlaceName != "示范省清江县" || g.PersonName != "王安" {
			t.Errorf("%d, %+v", code, g)
		}
		s.refused(t, security, "POST", "/grants", m{"person_id": security.ID, "unit_id": office.ID, "role": "office_clerk"}, 403, "org.grant_to_self")
		s.refused(t, security, "POST", "/grants", m{"person_id": system.ID, "unit_id": office.ID, "role": "audit_admin"}, 409, "org.administrators_separate")
		s.refused(t, system, "POST", "/grants", m{"person_id": p.ID, "unit_id": office.ID, "role": "viewer"}, 404, "org.unit_not_found")
		s.refused(t, system, "POST", "/people/"+p.ID+"/reveal", m{"reason": "看看"}, 403, "auth.denied")
		clerk := &Person{ID: p.ID}
		var phone phoneView
		if code := s.ask(t, clerk, "POST", "/people/"+p.ID+"/reveal", m{"reason": "通知整改"}, &phone); code != 200 || phone.Phone != "13800001234" {
			t.Errorf("%d, %+v", code, phone)
		}
		var reveals listOut[revealView]
		if s.ask(t, clerk, "GET", "/people/"+p.ID+"/reveals", nil, &reveals.Body); len(reveals.Body.Items) != 1 || reveals.Body.Items[0].ActorName != "王安" {
			t.Errorf("reveals %+v", reveals.Body)
		}
		var people listOut[listedView]
		if s.ask(t, clerk, "GET", "/people?q=%E7%8E%8B", nil, &people.Body); len(people.Body.Items) != 1 || people.Body.Items[0].PlaceName == "" {
			t.Errorf("people %+v", people.Body)
		}
		change := m{"name": "王安生", "version": 1, "memberships": p.Memberships}
		if code := s.ask(t, system, "PUT", "/people/"+p.ID, change, &p); code != 200 || p.Name != "王安生" || p.Phone == "" {
			t.Errorf("%d, %+v", code, p)
		}
		s.refused(t, system, "PUT", "/people/"+p.ID, change, 409, "org.changed")
		var grants listOut[grantView]
		if s.ask(t, security, "GET", "/grants?person="+p.ID, nil, &grants.Body); len(grants.Body.Items) != 1 {
			t.Errorf("grants %+v", grants.Body)
		}
		if code := s.ask(t, security, "DELETE", "/grants/"+g.ID, nil, nil); code != 204 {
			t.Errorf("revoked with %d", code)
		}
		s.refused(t, clerk, "GET", "/people", nil, 403, "auth.denied")
		var roles listOut[roleView]
		if s.ask(t, system, "GET", "/roles", nil, &roles.Body); len(roles.Body.Items) != len(Roles) {
			t.Errorf("roles %+v", roles.Body)
		}
	})
}

func TestHTTPRegions(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		s := serve(t, w)
		system := w.person(t, w.office(t, city, "示范市应急管理局"), "李系", "system_admin")
		var r regionView
		if code := s.ask(t, system, "POST", "/regions", m{"parent": city, "code": "990111", "name": "清江区"}, &r); code != 201 || r.Path != city.Child("990111") {
			t.Errorf("%d, %+v", code, r)
		}
		if code := s.ask(t, system, "POST", "/regions/zones", m{"parent": city, "name": "高新区", "owns": []any{town}}, &r); code != 201 || r.Kind != Zone || len(r.Owns) != 1 {
			t.Errorf("%d, %+v", code, r)
		}
		if code := s.ask(t, system, "POST", "/regions/990102/rename", m{"name": "云岭市", "valid_from": "2026-11-24"}, &r); code != 200 || r.Name != "云岭市" {
			t.Errorf("%d, %+v", code, r)
		}
		if code := s.ask(t, system, "POST", "/regions/990101/end", m{"valid_to": "2026-11-24", "successors": []any{"990111"}}, &r); code != 200 || r.ValidTo != "2026-11-24" {
			t.Errorf("%d, %+v", code, r)
		}
		s.refused(t, system, "POST", "/regions", m{"parent": "cn/", "code": "97", "name": "某省"}, 403, "auth.denied")
		s.refused(t, system, "POST", "/regions/zones", m{"parent": "../", "name": "某区"}, 422, "invalid")
	})
}
