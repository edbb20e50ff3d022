// SPDX-License-Identifier: Apache-2.0

package actor

import (
	"testing"

	"anlan/internal/kernel/errs"
)

func TestReaches(t *testing.T) {
	office := Scope{Trunk: Territory, Place: "cn/99/9901/"}
	line := Scope{Trunk: Line, Place: "cn/99/", Line: "hazchem"}
	group := Scope{Trunk: Group, Unit: "a/b/"}
	for _, tt := range []struct {
		name string
		s    Scope
		o    Object
		want bool
	}{
		{"below", office, Object{Place: "cn/99/9901/990101/"}, true},
		{"the place itself", office, Object{Place: "cn/99/9901/"}, true},
		{"above", office, Object{Place: "cn/99/"}, false},
		{"a look-alike", office, Object{Place: "cn/99/99011/"}, false},
		{"no place", office, Object{}, false},
		{"its industry", line, Object{Place: "cn/99/9902/", Lines: []string{"gas", "hazchem"}}, true},
		{"another industry", line, Object{Place: "cn/99/9902/", Lines: []string{"gas"}}, false},
		{"its industry elsewhere", line, Object{Place: "cn/98/", Lines: []string{"hazchem"}}, false},
		{"a unit below", group, Object{UnitPath: "a/b/c/", Place: "cn/1/"}, true},
		{"the unit above", group, Object{UnitPath: "a/"}, false},
		{"a look-alike unit", group, Object{UnitPath: "a/bb/"}, false},
		{"no unit", group, Object{Place: "cn/99/"}, false},
		{"a group scope without a unit", Scope{Trunk: Group}, Object{UnitPath: "a/"}, false},
		{"a territory without a place", Scope{Trunk: Territory}, Object{Place: "cn/"}, false},
		{"an empty line", Scope{Trunk: Line, Place: "cn/"}, Object{Place: "cn/99/"}, false},
		{"no trunk", Scope{Place: "cn/", Unit: "a/"}, Object{Place: "cn/99/", UnitPath: "a/"}, false},
	} {
		if got := tt.s.Reaches(tt.o); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

func TestRequire(t *testing.T) {
	here := Object{Place: "cn/99/9901/"}
	clerk := Actor{ID: "p", Grants: []Grant{
		{Role: "office_clerk", Scope: Scope{Trunk: Territory, Place: "cn/99/9901/"}, Perms: []string{"hazard.read", "hazard.triage"}},
		{Role: "viewer", Scope: Scope{Trunk: Territory, Place: "cn/99/"}, Perms: []string{"hazard.read"}},
	}}
	for _, tt := range []struct {
		name string
		a    Actor
		perm string
		o    Object
		want errs.Kind
	}{
		{"granted here", clerk, "hazard.triage", here, errs.None},
		{"granted above", clerk, "hazard.read", Object{Place: "cn/99/9902/"}, errs.None},
		{"only the weaker grant reaches", clerk, "hazard.triage", Object{Place: "cn/99/9902/"}, errs.Denied},
		{"not granted", clerk, "hazard.close", here, errs.Denied},
		{"the public", Actor{Grants: clerk.Grants}, "hazard.read", here, errs.Unauthenticated},
		{"nobody in particular", Actor{}, "hazard.read", here, errs.Unauthenticated},
	} {
		if got := errs.KindOf(tt.a.Require(tt.perm, tt.o)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := clerk.Scopes("hazard.read"); len(got) != 2 {
		t.Errorf("reads in %v", got)
	}
	if got := clerk.Scopes("hazard.close"); got != nil {
		t.Errorf("closes in %v", got)
	}
}

func TestContext(t *testing.T) {
	if !From(t.Context()).Public() {
		t.Error("a bare context has somebody in it")
	}
	if got := From(With(t.Context(), Actor{ID: "p"})); got.ID != "p" || got.Public() {
		t.Errorf("got %+v", got)
	}
}
