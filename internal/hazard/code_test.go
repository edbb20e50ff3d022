// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"strings"
	"testing"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/platform/seal"
)

func service(key byte) *Service {
	box := seal.New([]byte(strings.Repeat(string(rune('a'+key)), seal.KeySize)))
	return &Service{Config: Config{Box: box}}
}

func TestQueryCode(t *testing.T) {
	s, by := service(1), actor.Actor{}
	code := s.queryCode(by, "abcdefgh-12345678")
	if len(code) != codeLen+codeLen/codeGroup-1 || strings.Trim(code, codeAlphabet+"-") != "" {
		t.Errorf("code %q", code)
	}
	if again := s.queryCode(by, "abcdefgh-12345678"); again != code {
		t.Errorf("the same key gave %s and %s", code, again)
	}
	others := []string{s.queryCode(by, "abcdefgh-12345679"), s.queryCode(actor.Actor{ID: "somebody"}, "abcdefgh-12345678"),
		service(2).queryCode(by, "abcdefgh-12345678"), s.queryCode(by, ""), s.queryCode(by, "")}
	for i, other := range others {
		for _, o := range append(others[:i:i], code) {
			if other == o {
				t.Errorf("two reports share the code %s", o)
			}
		}
	}
	want := hashCode(code)
	for _, typed := range []string{strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", " — ")} {
		if string(hashCode(typed)) != string(want) {
			t.Errorf("%q is not found as %q", typed, code)
		}
	}
}

func TestNumbers(t *testing.T) {
	h := Hazard{Seq: 42, Created: time.Date(2027, 5, 31, 16, 0, 0, 0, time.UTC)} // the first of June in Beijing
	if got := h.No(); got != "AH2706010042" {
		t.Errorf("number %s", got)
	}
	h.Seq = 1234567
	for no, want := range map[string]int64{h.No(): 1234567, " ah2706010042 ": 42, "AH270601": 0, "AH27060142": 0, "AH270601xxxx": 0,
		"AH270601-042": 0, "": 0, "AH2706010000": 0, "AH27060199999999999999999999": 0, "消防通道": 0} {
		got, ok := SeqOf(no)
		if got != want && ok || ok != (want > 0) {
			t.Errorf("%q: %d, %t, want %d", no, got, ok, want)
		}
	}
}

func FuzzSeqOf(f *testing.F) {
	for _, seed := range []string{"AH2706010042", "ah27", "AH270601-1", "AH270601+042"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, no string) {
		if seq, ok := SeqOf(no); ok && seq < 1 {
			t.Errorf("%q is number %d", no, seq)
		}
		hashCode(no)
	})
}
