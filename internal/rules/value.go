// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"anlan/internal/kernel/errs"
)

// maxItems is the most numbers that a list value holds.
const maxItems = 20

// canonical returns raw in the one spelling that is stored, or why it is no value of k.
func (k Key) canonical(raw json.RawMessage) (string, []errs.Field) {
	const at = "body.value"
	var v any
	ok := false
	var bad errs.Field
	switch k.Kind {
	case KindTerm:
		v, ok = readAs(raw, k.goodTerm)
		bad = errs.At(at, "rules.bad_term", "min", k.Min, "max", k.Max)
	case KindNumber:
		v, ok = readAs(raw, func(n *float64) bool { return n != nil && k.within(*n) })
		bad = errs.At(at, "rules.bad_number", "min", k.Min, "max", k.Max)
	case KindList:
		v, ok = readAs(raw, k.goodList)
		bad = errs.At(at, "rules.bad_list", "min", k.Min, "max", k.Max)
	case KindBool:
		v, ok = readAs(raw, func(b *bool) bool { return b != nil })
		bad = errs.At(at, "rules.bad_boolean")
	}
	if !ok {
		return "", []errs.Field{bad}
	}
	text, err := json.Marshal(v)
	if err != nil { // what JSON could spell it can spell again
		panic(err)
	}
	return string(text), nil
}

func (k Key) goodTerm(t Term) bool {
	return k.within(float64(t.N)) && (t.Kind == WorkingDays || t.Kind == CalendarDays)
}

func (k Key) within(n float64) bool { return n >= k.Min && n <= k.Max }

// goodList reports whether list rises, without repeats, within k's bounds.
func (k Key) goodList(list []int) bool {
	if len(list) == 0 || len(list) > maxItems {
		return false
	}
	rises := slices.IsSorted(list) && len(slices.Compact(slices.Clone(list))) == len(list)
	return rises && k.within(float64(list[0])) && k.within(float64(list[len(list)-1]))
}

// readAs reads exactly one JSON value of type T, without unknown members, and asks good.
func readAs[T any](raw json.RawMessage, good func(T) bool) (any, bool) {
	var v T
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if dec.Decode(&v) != nil {
		return nil, false
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, false
	}
	return v, good(v)
}
