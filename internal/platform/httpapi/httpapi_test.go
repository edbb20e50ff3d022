// SPDX-License-Identifier: Apache-2.0

package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
)

type reportIn struct {
	Key  string `header:"Idempotency-Key"`
	N    int    `query:"n"`
	Body struct {
		Words string   `json:"words" minLength:"2" maxLength:"2000"`
		Class string   `json:"class" enum:"fire,gas"`
		Tags  []string `json:"tags,omitempty" maxItems:"3"`
		Count int      `json:"count,omitempty" minimum:"1" maximum:"9"`
		At    struct {
			Lat float64 `json:"lat"`
		} `json:"at,omitempty"`
	}
}

type reportOut struct {
	Body struct {
		Words string `json:"words"`
	}
}

// secret stands for whatever a client must never see.
const secret = "password authentication failed for user anlan"

// serve answers one request with an API of a few operations behind all middleware.
func serve(t *testing.T, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	mux := http.NewServeMux()
	api := New(mux, "test")
	op := func(method, path string) huma.Operation {
		return huma.Operation{OperationID: method + path, Method: method, Path: path}
	}
	HandlePublic(api, op("POST", "/reports"), func(_ context.Context, in *reportIn) (*reportOut, error) {
		out := &reportOut{}
		out.Body.Words = in.Body.Words
		return out, nil
	})
	Handle(api, op("GET", "/mine"), func(context.Context, *struct{}) (*reportOut, error) { return &reportOut{}, nil })
	for path, err := range map[string]error{
		"/fails/unknown":   errors.New(secret),
		"/fails/internal":  errs.Wrap(errors.New(secret), errs.Internal, "x.y"),
		"/fails/conflict":  errs.Wrap(errors.New(secret), errs.Conflict, "test.changed", "by", "someone"),
		"/fails/exhausted": &errs.Error{Kind: errs.Exhausted, Key: "test.wait", RetryAfter: 1500 * time.Millisecond},
		"/fails/fields":    errs.InvalidFields(errs.At("body.place", "field.required", "n", 1)),
		"/fails/away":      context.DeadlineExceeded,
	} {
		HandlePublic(api, op("GET", path), func(context.Context, *struct{}) (*reportOut, error) { return nil, err })
	}
	HandlePublic(api, op("GET", "/fails/panic"), func(context.Context, *struct{}) (*reportOut, error) { panic(secret) })
	w := httptest.NewRecorder()
	Trace(Secure(Recover(Clean(mux)))).ServeHTTP(w, r)
	return w
}

func post(body string) *http.Request {
	r := httptest.NewRequest("POST", Prefix+"/reports", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func get(path string) *http.Request { return httptest.NewRequest("GET", Prefix+path, nil) }

func problemOf(t *testing.T, w *httptest.ResponseRecorder) Problem {
	t.Helper()
	var p Problem
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q: %s", got, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if strings.Contains(w.Body.String(), secret) {
		t.Errorf("the answer holds the cause: %s", w.Body)
	}
	if p.Status != w.Code || p.Key == "" || p.Title == "" || p.Trace == "" {
		t.Errorf("problem %+v of a %d lacks something", p, w.Code)
	}
	return p
}

func TestBodies(t *testing.T) {
	const good = `{"words":"消防通道堵塞","class":"fire"}`
	deep := `{"words":"aa","class":"fire","x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`
	for _, tt := range []struct {
		name, body string
		status     int
		key        string
		fields     string // "at=key" of each
	}{
		{"good", good, 200, "", ""},
		{"empty", "", 400, "bad_request", ""},
		{"no JSON", "words=x", 400, "bad_request", "body=field.invalid"},
		{"cut off", good[:20], 400, "bad_request", "body=field.invalid"},
		{"broken UTF-8", "{\"words\":\"\xff\xfe\",\"class\":\"fire\"}", 400, "bad_request", "body=field.invalid"},
		{"NUL", "{\"words\":\"a\x00b\",\"class\":\"fire\"}", 400, "bad_request", "body=field.invalid"},
		{"escaped NUL", `{"words":"a\u0000b","class":"fire"}`, 400, "bad_request", "body=field.invalid"},
		{"duplicate", `{"words":"aa","words":"bb","class":"fire"}`, 400, "bad_request", "body=field.invalid"},
		{"duplicate in other case", `{"words":"aa","WORDS":"bb","class":"fire"}`, 400, "bad_request", "body=field.invalid"},
		{"duplicate in escapes", `{"words":"aa","w\u006frds":"bb","class":"fire"}`, 400, "bad_request", "body=field.invalid"},
		{"ten megabytes", `{"words":"` + strings.Repeat("a", 10<<20) + `","class":"fire"}`, 413, "too_large", ""},
		{"deep", deep, 400, "bad_request", "body=field.invalid"},
		{"two values", good + good, 400, "bad_request", "body=field.invalid"},
		{"an array", `[]`, 422, "invalid", "body=field.bad_type"},
		{"null", `null`, 422, "invalid", "body=field.bad_type"},
		{"nothing in it", `{}`, 422, "invalid", "body=field.required body=field.required"},
		{"wrong type", `{"words":7,"class":"fire"}`, 422, "invalid", "body.words=field.bad_type"},
		{"wrong choice", `{"words":"aa","class":"flood"}`, 422, "invalid", "body.class=field.not_a_choice"},
		{"too short", `{"words":"a","class":"fire"}`, 422, "invalid", "body.words=field.too_short"},
		{"too long", `{"words":"` + strings.Repeat("长", 2001) + `","class":"fire"}`, 422, "invalid", "body.words=field.too_long"},
		{"too many", `{"words":"aa","class":"fire","tags":["1","2","3","4"]}`, 422, "invalid", "body.tags=field.too_many"},
		{"out of range", `{"words":"aa","class":"fire","count":10}`, 422, "invalid", "body.count=field.out_of_range"},
		{"no whole number", `{"words":"aa","class":"fire","count":1.5}`, 422, "invalid", "body.count=field.bad_type"},
		{"huge number", `{"words":"aa","class":"fire","count":1e400}`, 400, "bad_request", "body=field.invalid"},
		{"unknown property", `{"words":"aa","class":"fire","admin":true}`, 422, "invalid", "body.admin=field.unexpected"},
		{"inside", `{"words":"aa","class":"fire","at":{"lat":"x"}}`, 422, "invalid", "body.at.lat=field.bad_type"},
	} {
		w := serve(t, post(tt.body))
		if w.Code != tt.status {
			t.Errorf("%s: status %d, want %d: %.200s", tt.name, w.Code, tt.status, w.Body)
			continue
		}
		if tt.status == 200 {
			continue
		}
		p := problemOf(t, w)
		var fields []string
		for _, f := range p.Fields {
			fields = append(fields, f.At+"="+f.Key)
		}
		if got := strings.Join(fields, " "); p.Key != tt.key || got != tt.fields {
			t.Errorf("%s: key %q, fields %q, want %q, %q", tt.name, p.Key, got, tt.key, tt.fields)
		}
	}
}

func TestRequests(t *testing.T) {
	with := func(r *http.Request, change func(*http.Request)) *http.Request { change(r); return r }
	for _, tt := range []struct {
		name   string
		r      *http.Request
		status int
		key    string
	}{
		{"another content type", with(post("<a/>"), func(r *http.Request) { r.Header.Set("Content-Type", "application/xml") }), 415, "unsupported_media_type"},
		{"wrong query type", httptest.NewRequest("POST", Prefix+"/reports?n=x", strings.NewReader(`{"words":"aa","class":"fire"}`)), 422, "invalid"},
		{"not signed in", get("/mine"), 401, "auth.sign_in"},
		{"no such path", get("/nothing/here"), 404, "not_found"},
		{"no such version", httptest.NewRequest("GET", "/api/v9/reports", nil), 404, "not_found"},
		{"other method", get("/reports"), 405, "method_not_allowed"},
		{"odd method", httptest.NewRequest("BREW", Prefix+"/reports", nil), 405, "method_not_allowed"},
		{"NUL in the path", with(get("/x"), func(r *http.Request) { r.URL.Path = Prefix + "/\x00" }), 422, "bad_request"},
		{"broken path", with(get("/x"), func(r *http.Request) { r.URL.Path = Prefix + "/\xff" }), 422, "bad_request"},
		{"broken query", get("/mine?q=%ff"), 422, "bad_request"},
		{"NUL in the query", get("/mine?q=%00"), 422, "bad_request"},
		{"malformed query", get("/mine?q=%zz"), 422, "bad_request"},
		{"unknown failure", get("/fails/unknown"), 500, "internal"},
		{"internal failure", get("/fails/internal"), 500, "internal"},
		{"conflict", get("/fails/conflict"), 409, "test.changed"},
		{"exhausted", get("/fails/exhausted"), 429, "test.wait"},
		{"fields", get("/fails/fields"), 422, "invalid"},
		{"database away", get("/fails/away"), 503, "unavailable"},
		{"panic", get("/fails/panic"), 500, "internal"},
	} {
		w := serve(t, tt.r)
		if p := problemOf(t, w); w.Code != tt.status || p.Key != tt.key {
			t.Errorf("%s: %d %q, want %d %q", tt.name, w.Code, p.Key, tt.status, tt.key)
		}
	}
	if got := serve(t, get("/reports")).Header().Get("Allow"); got != "POST" {
		t.Errorf("Allow is %q", got)
	}
	for path, want := range map[string]string{"/fails/exhausted": "2", "/fails/away": "5"} {
		if got := serve(t, get(path)).Header().Get("Retry-After"); got != want {
			t.Errorf("%s: Retry-After %q, want %q", path, got, want)
		}
	}
}

func TestTrace(t *testing.T) {
	for sent, kept := range map[string]bool{"": false, "short": false, "01HZY-abc_9": true, "bad\"quote-------": false,
		strings.Repeat("a", 65): false} {
		r := get("/fails/conflict")
		r.Header.Set("X-Request-Id", sent)
		w := serve(t, r)
		id := w.Header().Get("X-Request-Id")
		if (id == sent) != kept || !isRequestID(id) {
			t.Errorf("sent %q, got %q", sent, id)
		}
		if p := problemOf(t, w); p.Trace != id {
			t.Errorf("the problem names %q, the header %q", p.Trace, id)
		}
	}
	Trace(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if a := actor.From(r.Context()); a.ID != "p" || a.Request == "" {
			t.Errorf("the actor became %+v", a)
		}
	})).ServeHTTP(httptest.NewRecorder(), get("/").WithContext(actor.With(t.Context(), actor.Actor{ID: "p"})))
}

func TestSecurityHeaders(t *testing.T) {
	w := serve(t, get("/nothing"))
	for name, part := range map[string]string{
		"Content-Security-Policy": "script-src 'self';", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy": "camera=(self), geolocation=(self)", "Cache-Control": "no-store",
	} {
		if got := w.Header().Get(name); !strings.Contains(got, part) {
			t.Errorf("%s is %q, want %q in it", name, got, part)
		}
	}
}

// TestPanicAfterBytes cuts the connection instead of ending half an answer well.
func TestPanicAfterBytes(t *testing.T) {
	srv := httptest.NewServer(Recover(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		http.NewResponseController(w).Flush()
		panic("too late")
	})))
	defer srv.Close()
	resp, err := http.Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("read %q without an error", b)
	}
}

// TestPlatformSentences looks for the sentences of keys that are made here from status
// codes and from huma's own words.
func TestPlatformSentences(t *testing.T) {
	b, err := os.ReadFile("../../../web/src/shared/i18n/errors.zh-CN.json")
	if err != nil {
		t.Fatal(err)
	}
	var sentences map[string]string
	if err := json.Unmarshal(b, &sentences); err != nil {
		t.Fatal(err)
	}
	keys := []string{"invalid", "internal", "unavailable", "field.invalid", "too_many_requests"}
	for _, k := range keyOf {
		keys = append(keys, k)
	}
	for _, f := range fieldKeys {
		keys = append(keys, f.key)
	}
	for _, k := range keys {
		if sentences[k] == "" {
			t.Errorf("%s has no sentence", k)
		}
	}
}
