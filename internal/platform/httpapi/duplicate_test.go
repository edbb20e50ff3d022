// SPDX-License-Identifier: Apache-2.0

package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestCheckNames(t *testing.T) {
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"k%d":1,`, i)
		}
		return "{" + strings.TrimSuffix(b.String(), ",") + "}"
	}
	for _, tt := range []struct {
		json string
		want error
	}{
		{`{}`, nil}, {`[]`, nil}, {`"a"`, nil}, {``, nil}, {`}`, nil}, {`"`, nil}, {`"\`, nil}, {`{"a`, nil},
		{`{"a":1,"b":"a","c":["a","a"],"d":{"a":1}}`, nil},
		{`[{"a":1},{"a":1}]`, nil},
		{`{"a":{"b":1},"b":2}`, nil},
		{`{"a":"}","b":"{\"a\":1"}`, nil},
		{`{"a":1,"a":2}`, errDuplicate},
		{`{"a":1,"A":2}`, errDuplicate},
		{`{"x":[{"a":1,"b":{"a":1},"a":2}]}`, errDuplicate},
		{`{"隐患":1,"隐患":2}`, errDuplicate},
		{`{"a\"b":1,"a\u0022b":2}`, errDuplicate},
		{many(maxMembers), nil},
		{many(maxMembers + 1), errMembers},
		{strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth), nil},
		{strings.Repeat("[", maxDepth+1), errDepth},
	} {
		if got := checkNames([]byte(tt.json)); !errors.Is(got, tt.want) {
			t.Errorf("%.60s: %v, want %v", tt.json, got, tt.want)
		}
	}
}

// FuzzCheckNames compares with what the standard decoder says of the tokens.
func FuzzCheckNames(f *testing.F) {
	for _, seed := range []string{`{"a":1,"a":2}`, `[{"a":{"b":[]}}]`, `{"\u0061":1,"a":2}`, `{"a\\":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := checkNames(data)
		if !json.Valid(data) || clean(data) != nil && got == nil || errors.Is(got, errMembers) || errors.Is(got, errDepth) {
			return
		}
		if want := namesTwice(json.NewDecoder(strings.NewReader(string(data)))); (got != nil) != want {
			t.Errorf("%q: %v, want a duplicate: %t", data, got, want)
		}
	})
}

// namesTwice is the slow truth: a walk over the decoder's tokens.
func namesTwice(d *json.Decoder) bool {
	tok, err := d.Token()
	if err != nil {
		return false
	}
	var names []string
	twice := false
	for open := tok == json.Delim('{') || tok == json.Delim('['); open && d.More(); {
		if tok == json.Delim('{') {
			name, _ := d.Token()
			for _, n := range names {
				twice = twice || strings.EqualFold(n, name.(string))
			}
			names = append(names, name.(string))
		}
		twice = namesTwice(d) || twice
	}
	if tok == json.Delim('{') || tok == json.Delim('[') {
		d.Token()
	}
	return twice
}

func BenchmarkStrictJSON(b *testing.B) {
	body := []byte(`{"words":"三号车间东侧消防通道被成品托盘堵塞，灭火器压力不足，应急照明不亮，已持续三天，请尽快处理。` +
		strings.Repeat("现场有人抽烟。", 8) + `","place":"cn/99/9901/990101/990101001/","spot":"三号车间东门","unit_code":"A7K2M9QX",` +
		`"class":"environment","danger":false,"evidence":[{"id":"01jabcdefghjkmnpqrstvwxyz0","key":"k3k3k3k3k3k3k3k3"}],"position":{"lat":30.5,"lng":114.3,"accuracy":12}}`)
	b.Run("check", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if err := clean(body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v any
			if err := json.Unmarshal(body, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
