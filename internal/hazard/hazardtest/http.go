// SPDX-License-Identifier: Apache-2.0

package hazardtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/org"
	"anlan/internal/platform/httpapi"
)

// Client calls operations over HTTP.
type Client struct {
	w       *World
	handler http.Handler
}

// Serve returns a Client of what mount registers. Who calls is told in a header, as the
// session would tell it.
func (w *World) Serve(mount ...func(huma.API)) *Client {
	mux := http.NewServeMux()
	api := httpapi.New(mux, "test")
	for _, m := range mount {
		m(api)
	}
	return &Client{w, httpapi.Clean(mux)}
}

// Answer is what came back.
type Answer struct {
	Status int
	Raw    []byte
	Body   map[string]any
}

// Key returns the key of a problem; of one with fields, that of the first field.
func (a Answer) Key() string {
	if fields, ok := a.Body["fields"].([]any); ok && len(fields) > 0 {
		key, _ := fields[0].(map[string]any)["key"].(string)
		return key
	}
	key, _ := a.Body["key"].(string)
	return key
}

// Fields returns where a problem lies, and why.
func (a Answer) Fields() map[string]string {
	out := map[string]string{}
	fields, _ := a.Body["fields"].([]any)
	for _, f := range fields {
		f := f.(map[string]any)
		out[f["at"].(string)] = f["key"].(string)
	}
	return out
}

// Text returns a member of the answer as text.
func (a Answer) Text(name string) string { s, _ := a.Body[name].(string); return s }

// Version returns the version in the answer.
func (a Answer) Version() int { n, _ := a.Body["version"].(float64); return int(n) }

// Do calls an operation as p, or as the public when p is nil. Headers are pairs.
func (c *Client) Do(t testing.TB, p *org.Person, method, path string, body any, headers ...string) Answer {
	t.Helper()
	b := []byte{}
	if raw, ok := body.([]byte); ok {
		b = raw
	} else if body != nil {
		var err error
		b, err = json.Marshal(body)
		must(t, err)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, httpapi.Prefix+path, bytes.NewReader(b))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if p != nil {
		r = r.WithContext(c.w.As(t, p))
	} else {
		r = r.WithContext(actor.With(r.Context(), actor.Actor{Channel: "h5"}))
	}
	rec := httptest.NewRecorder()
	c.handler.ServeHTTP(rec, r)
	a := Answer{Status: rec.Code, Raw: rec.Body.Bytes()}
	json.Unmarshal(a.Raw, &a.Body) // a workbook is no JSON
	return a
}
