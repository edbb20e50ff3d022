// SPDX-License-Identifier: Apache-2.0

package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/errs"
)

// strictJSON is JSON in valid UTF-8, without NUL and without two properties of one
// name: Go would replace the first and choose among the last silently, and no database
// takes a NUL.
var strictJSON = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	},
	Unmarshal: func(data []byte, v any) error {
		if err := clean(data); err != nil {
			return err
		}
		return json.Unmarshal(data, v)
	},
}

var (
	errNotUTF8 = errors.New("body is not valid UTF-8")
	errNUL     = errors.New("body holds a NUL character")
)

func clean(data []byte) error {
	if !utf8.Valid(data) {
		return errNotUTF8
	}
	if bytes.Contains(data, []byte(`\u0000`)) || bytes.IndexByte(data, 0) >= 0 {
		return errNUL
	}
	return checkNames(data)
}

// Clean refuses addresses that hold broken UTF-8 or NUL, before any handler
// could pass them to a database.
func Clean(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.RawQuery
		if !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) || !cleanQuery(query) {
			WriteProblem(w, r, errs.New(errs.Invalid, "bad_request"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func cleanQuery(raw string) bool {
	if raw == "" {
		return true
	}
	if strings.Contains(raw, "%00") {
		return false
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return false
	}
	for name, list := range values {
		if !utf8.ValidString(name) || slices.ContainsFunc(list, func(v string) bool { return !utf8.ValidString(v) }) {
			return false
		}
	}
	return true
}
