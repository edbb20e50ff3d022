// SPDX-License-Identifier: Apache-2.0

package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

var status = map[errs.Kind]int{
	errs.Invalid:         http.StatusUnprocessableEntity,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Denied:          http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.Conflict:        http.StatusConflict,
	errs.TooLarge:        http.StatusRequestEntityTooLarge,
	errs.Unsupported:     http.StatusUnsupportedMediaType,
	errs.Exhausted:       http.StatusTooManyRequests,
	errs.Unavailable:     http.StatusServiceUnavailable,
}

// keyOf is the message key of failures that are found before a handler runs.
var keyOf = map[int]string{
	http.StatusBadRequest:            "bad_request",
	http.StatusNotFound:              "not_found",
	http.StatusMethodNotAllowed:      "method_not_allowed",
	http.StatusNotAcceptable:         "not_acceptable",
	http.StatusRequestTimeout:        "request_timeout",
	http.StatusRequestEntityTooLarge: "too_large",
	http.StatusUnsupportedMediaType:  "unsupported_media_type",
	http.StatusUnprocessableEntity:   "invalid",
}

// Problem is the body of every failed response (RFC 9457, plus a message key).
type Problem struct {
	Status int            `json:"status"`
	Title  string         `json:"title"`
	Key    string         `json:"key" doc:"Key of the message to show, for translation"`
	Args   map[string]any `json:"args,omitempty" doc:"Values for the message"`
	Fields []Field        `json:"fields,omitempty" doc:"Inputs that were refused"`
	Trace  string         `json:"trace,omitempty" doc:"Id of the request, to quote to the operator"`

	retryAfter string
}

// Field is one input that was refused.
type Field struct {
	At   string         `json:"at" example:"body.title"`
	Key  string         `json:"key" example:"field.too_short" doc:"Key of the message to show"`
	Args map[string]any `json:"args,omitempty"`
	Why  string         `json:"why,omitempty" doc:"The same in English, for developers"`
}

func (p *Problem) Error() string  { return p.Title }
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes huma send the body as a problem document.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders lets a Problem ask the client to wait.
func (p *Problem) GetHeaders() http.Header {
	if p.retryAfter == "" {
		return nil
	}
	return http.Header{"Retry-After": {p.retryAfter}}
}

// huma keeps its error constructor in a package variable and reads it both when
// it documents an operation and when it refuses bad input, so set it first.
func init() {
	huma.NewError = func(code int, message string, causes ...error) huma.StatusError {
		if message == "cannot read request body" { // the client went away or broke its own framing
			code = http.StatusBadRequest
		}
		p := &Problem{Status: code, Title: http.StatusText(code), Key: keyFor(code)}
		for _, c := range causes {
			if d, ok := errors.AsType[*huma.ErrorDetail](c); ok { // what is wrong with the input, and where
				p.Fields = append(p.Fields, Field{At: d.Location, Key: fieldKey(d.Message), Why: d.Message})
			}
		}
		return p
	}
	huma.NewErrorWithContext = func(ctx huma.Context, code int, message string, causes ...error) huma.StatusError {
		e := huma.NewError(code, message, causes...)
		if p, ok := e.(*Problem); ok {
			p.Trace = actor.From(ctx.Context()).Request
		}
		return e
	}
}

func keyFor(code int) string {
	if k, ok := keyOf[code]; ok {
		return k
	}
	if code < http.StatusInternalServerError {
		return "invalid"
	}
	return "internal"
}

// fieldKeys tells huma's English sentences apart by how they begin. The page
// shows the translated sentence of the key; the English one goes along for developers.
var fieldKeys = []struct{ begins, key string }{
	{"expected required property", "field.required"},
	{"required", "field.required"},
	{"unexpected property", "field.unexpected"},
	{"expected length >=", "field.too_short"},
	{"expected length <=", "field.too_long"},
	{"expected array length >=", "field.too_few"},
	{"expected array length <=", "field.too_many"},
	{"expected number >", "field.out_of_range"},
	{"expected number <", "field.out_of_range"},
	{"expected value to be one of", "field.not_a_choice"},
	{"expected string to match", "field.bad_form"},
	{"expected string to be", "field.bad_form"},
	{"expected ", "field.bad_type"},
}

func fieldKey(message string) string {
	for _, f := range fieldKeys {
		if strings.HasPrefix(message, f.begins) {
			return f.key
		}
	}
	return "field.invalid"
}

func problem(ctx context.Context, op string, err error) error {
	if se, ok := errors.AsType[huma.StatusError](err); ok { // already one
		return se
	}
	return toProblem(ctx, op, err)
}

func toProblem(ctx context.Context, op string, err error) *Problem {
	trace := actor.From(ctx).Request
	e, ok := errors.AsType[*errs.Error](db.Meaning(err))
	if !ok || e.Kind == errs.Internal {
		slog.ErrorContext(ctx, "operation failed", "op", op, "err", err, "trace", trace)
		return &Problem{Status: http.StatusInternalServerError, Title: "Internal Server Error", Key: "internal", Trace: trace}
	}
	if e.Kind == errs.Unavailable {
		slog.WarnContext(ctx, "operation unavailable", "op", op, "err", err, "trace", trace)
	}
	code := status[e.Kind]
	p := &Problem{Status: code, Title: http.StatusText(code), Key: e.Key, Args: e.Args, Trace: trace}
	for _, f := range e.Fields {
		p.Fields = append(p.Fields, Field{At: f.At, Key: f.Key, Args: f.Args})
	}
	if e.RetryAfter > 0 {
		p.retryAfter = strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds())))
	}
	return p
}

// WriteProblem answers r with err as a problem document, for handlers that are
// not operations (middleware, uploads, streams).
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, r, toProblem(r.Context(), r.Pattern, err))
}

func writeProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		slog.DebugContext(r.Context(), "client went away", "err", err)
	}
}
