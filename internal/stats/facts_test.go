// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"encoding/json"
	"slices"
	"testing"
	"unicode/utf8"
)

var factNames = []string{"from", "to", "late"}

func readBoth(raw []byte) (fast, plain []string, fastThere, plainThere []bool) {
	n := len(factNames)
	fast, plain, fastThere, plainThere = make([]string, n), make([]string, n), make([]bool, n), make([]bool, n)
	readFacts(raw, factNames, fast, fastThere)
	decodeFacts(raw, factNames, plain, plainThere)
	return fast, plain, fastThere, plainThere
}

func TestReadFacts(t *testing.T) {
	for _, tt := range []struct {
		raw  string
		want []string
	}{
		{`{"from":"a","x":1,"to":"b","late":true}`, []string{"a", "b", "true"}},
		{`{"from":"","to":"b"}`, []string{"", "b", ""}},
		{`{"late":-1.5e3}`, []string{"", "", "-1.5e3"}},
		{`{"from":"a\"b","to":"\u5b89"}`, []string{`a"b`, "安", ""}},
		{`{"from":"安澜","late":null}`, []string{"安澜", "", ""}},
		{` { "from" : "a" } `, []string{"a", "", ""}},
		{`{"y":{"from":"no"},"from":"a"}`, []string{"a", "", ""}},
		{`{"y":"}","from":"a"}`, []string{"a", "", ""}},
		{`{}`, []string{"", "", ""}},
		{`{"from":"a"`, []string{"", "", ""}},
		{``, []string{"", "", ""}},
	} {
		fast, _, _, _ := readBoth([]byte(tt.raw))
		if !slices.Equal(fast, tt.want) {
			t.Errorf("%s: %q, want %q", tt.raw, fast, tt.want)
		}
	}
}

func FuzzReadFacts(f *testing.F) {
	f.Add([]byte(`{"from":"a","x":1,"to":"b","late":true}`))
	f.Add([]byte(`{"from":"a\"b","late":null,"to":[1,{"from":2}]}`))
	f.Add([]byte(`{"from":1,"from":2}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		fast, plain, fastThere, plainThere := readBoth(raw)
		if json.Valid(raw) && utf8.Valid(raw) && (!slices.Equal(fast, plain) || !slices.Equal(fastThere, plainThere)) {
			t.Errorf("%s: %q %v, by decoder %q %v", raw, fast, fastThere, plain, plainThere)
		}
	})
}
