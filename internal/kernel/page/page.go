// SPDX-License-Identifier: Apache-2.0

// Package page is how lists are cut: by keyset, never by offset.
package page

import (
	"encoding/base64"
	"encoding/json"

	"anlan/internal/kernel/errs"
)

// MaxLimit is the most rows any list returns at once.
const MaxLimit = 200

// Of is one page of a list.
type Of[T any] struct {
	Items []T
	Next  string // cursor of the page after; "" on the last
}

// Encode makes an opaque cursor of the key of the last row shown.
func Encode(key any) string {
	b, err := json.Marshal(key)
	if err != nil { // keys are flat structs of ours
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Decode reads a cursor into key. An empty cursor leaves key alone; a forged one
// is an Invalid error.
func Decode(cursor string, key any) error {
	if cursor == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, key)
	}
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "page.bad_cursor")
	}
	return nil
}

// Cut makes a page of rows that were asked for with limit+1; key names the last row shown.
func Cut[T any](rows []T, limit int, key func(T) any) Of[T] {
	if len(rows) <= limit {
		return Of[T]{Items: rows}
	}
	rows = rows[:limit]
	return Of[T]{Items: rows, Next: Encode(key(rows[limit-1]))}
}
