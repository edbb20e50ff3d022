// SPDX-License-Identifier: Apache-2.0

package place

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// paths draws valid paths: the nation and up to six levels below it.
var paths = rapid.Custom(func(t *rapid.T) Path {
	p := Nation
	for _, code := range rapid.SliceOfN(rapid.StringMatching(`[0-9a-zA-Z-]{1,4}`), 0, 6).Draw(t, "codes") {
		p = p.Child(code)
	}
	return p
})

func TestContains(t *testing.T) {
	for _, tt := range []struct {
		p, other Path
		want     bool
	}{
		{"cn/", "cn/99/9901/", true},
		{"cn/99/", "cn/99/", true},
		{"cn/99/", "cn/990/", false},
		{"cn/99/9901/", "cn/99/", false},
		{"", "cn/", false},
		{"", "", false},
		{"cn/", "", false},
	} {
		if got := tt.p.Contains(tt.other); got != tt.want {
			t.Errorf("%q contains %q: %t", tt.p, tt.other, got)
		}
	}
}

func TestValid(t *testing.T) {
	for _, tt := range []struct {
		p    Path
		want bool
	}{
		{"cn/", true}, {"cn/99/9901/990101/990101001/990101001001/", true}, {"cn/99/9901/KFQ-1/", true},
		{"", false}, {"cn", false}, {"cn/99", false}, {"us/", false}, {"cn//", false}, {"/cn/", false},
		{"cn/9 9/", false}, {"cn/示范/", false}, {"cn/../", false}, {"cn/12345678901234567/", false},
		{"cn/1/2/3/4/5/6/", true}, {"cn/1/2/3/4/5/6/7/", false}, {"cn/%/", false}, {"cn/a_b/", false},
	} {
		if got := tt.p.Valid(); got != tt.want {
			t.Errorf("%q valid: %t", tt.p, got)
		}
	}
}

func TestEndsAreSafe(t *testing.T) {
	for _, p := range []Path{"", "/", "cn", "cn/"} {
		if got := p.Parent(); got != "" {
			t.Errorf("parent of %q is %q", p, got)
		}
	}
	if got := Path("").Depth(); got != -1 {
		t.Errorf("depth of the empty path is %d", got)
	}
	if got := Nation.At(1); got != "" {
		t.Errorf("province of the nation is %q", got)
	}
}

func TestTreeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := paths.Draw(t, "path")
		if !p.Valid() {
			t.Fatalf("%q is not valid", p)
		}
		chain := p.Chain()
		if len(chain) != p.Depth()+1 || chain[0] != Nation || chain[len(chain)-1] != p {
			t.Fatalf("chain of %q is %q", p, chain)
		}
		for i, up := range chain {
			if p.At(i) != up || up.Depth() != i || !up.Contains(p) || up != p && p.Contains(up) {
				t.Fatalf("%q is not the ancestor of %q at %d", up, p, i)
			}
			if i > 0 && (up.Parent() != chain[i-1] || up.Parent().Child(up.Code()) != up) {
				t.Fatalf("parent of %q is %q", up, up.Parent())
			}
		}
	})
}

// TestContainsIsChain compares with the definition: p holds q when it is in q's chain.
func TestContainsIsChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := paths.Draw(t, "p"), paths.Draw(t, "q")
		if want := slices.Contains(q.Chain(), p); p.Contains(q) != want {
			t.Fatalf("%q contains %q: want %t", p, q, want)
		}
		if p.Contains(q) && strings.Compare(string(p), string(q)) > 0 {
			t.Fatalf("%q sorts behind its descendant %q", p, q)
		}
	})
}

func FuzzPath(f *testing.F) {
	f.Add("cn/99/")
	f.Add("cn//../")
	f.Fuzz(func(t *testing.T, s string) {
		p := Path(s)
		if p.Valid() && (p.Depth() < 0 || !Nation.Contains(p) || len(p.Chain()) == 0) {
			t.Errorf("%q is valid and no path", s)
		}
		_, _ = p.Parent(), p.Code()
	})
}
