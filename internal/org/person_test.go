// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"errors"
	"slices"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
)

func TestPhone(t *testing.T) {
	for _, tt := range []struct {
		typed, kept string
		valid       bool
	}{
		{"13800001234", "13800001234", true}, {" +86 138-0000-1234 ", "13800001234", true}, {"１３８００００１２３４", "13800001234", true},
		{"8613800001234", "13800001234", true}, {"1380000123", "1380000123", false}, {"12800001234", "12800001234", false},
		{"057100001234", "057100001234", false}, {"138****1234", "138****1234", false}, {"", "", false},
	} {
		got := normalisePhone(tt.typed)
		if got != tt.kept || validPhone(got) != tt.valid {
			t.Errorf("%q: %q valid %t, want %q %t", tt.typed, got, validPhone(got), tt.kept, tt.valid)
		}
	}
}

func FuzzPhone(f *testing.F) {
	f.Add("+86 138-0000-1234")
	f.Fuzz(func(t *testing.T, s string) {
		if p := normalisePhone(s); validPhone(p) && len(maskPhone(p)) != 11 {
			t.Errorf("%q is masked as %q", s, maskPhone(p))
		}
	})
}

func TestAddPerson(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		u := w.unit(t, town, "示范化工有限公司", nil)
		p := &Person{Name: " 王安 ", Phone: "138 0000 1234"}
		w.must(t, w.AddPerson(w.ctx, p, Membership{UnitID: u.ID, Title: "安全主管", Head: true}))
		got, err := w.ReadPerson(w.ctx, p.ID)
		w.must(t, err)
		m := got.Memberships[0]
		if got.Name != "王安" || got.Phone != "138****1234" || m.UnitName != u.Name || !m.Main || !m.Head || m.From != "2026-11-24" {
			t.Errorf("person %+v", got)
		}
		row, err := personByID(w.ctx, w.DB.Read(), p.ID)
		w.must(t, err)
		if slices.Contains(row.PhoneSealed, '1') && string(row.PhoneSealed) == "13800001234" || row.PhonePrint == "" {
			t.Errorf("the number lies open: %q", row.PhoneSealed)
		}
		for _, tt := range []struct {
			name string
			p    Person
			m    Membership
			kind errs.Kind
			key  string
		}{
			{"the same number", Person{Name: "别人", Phone: "13800001234"}, Membership{UnitID: u.ID}, errs.Conflict, "org.phone_taken"},
			{"no number", Person{Name: "别人", Phone: "1234"}, Membership{UnitID: u.ID}, errs.Invalid, "org.bad_phone"},
			{"no name", Person{}, Membership{UnitID: u.ID}, errs.Invalid, "org.bad_person_name"},
			{"no unit chosen", Person{Name: "别人"}, Membership{}, errs.Invalid, "field.required"},
			{"nowhere", Person{Name: "别人"}, Membership{UnitID: "x"}, errs.NotFound, "org.unit_not_found"},
			{"a manager elsewhere", Person{Name: "别人"}, Membership{UnitID: u.ID, ManagerID: "x"}, errs.Invalid, "org.manager_elsewhere"},
			{"an end before the start", Person{Name: "别人"}, Membership{UnitID: u.ID, From: "2026-11-24", To: "2026-11-23"}, errs.Invalid, "org.bad_day"},
		} {
			t.Run(tt.name, func(t *testing.T) { wants(t, w.AddPerson(w.ctx, &tt.p, tt.m), tt.kind, tt.key) })
		}
		w.must(t, w.AddPerson(w.ctx, &Person{Name: "下属"}, Membership{UnitID: u.ID, ManagerID: p.ID}))
		if k := w.kinds(t); k["org.person_added.v1"] != 2 || k["org.person_joined.v1"] != 2 {
			t.Errorf("entries %v", k)
		}
	})
}

func TestChangePerson(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		one, two := w.unit(t, town, "示范一厂", nil), w.unit(t, town2, "示范二厂", nil)
		p := w.person(t, one, "王安")
		change := func(edit func(*PersonChange)) (*Person, error) {
			got, err := w.ReadPerson(w.ctx, p.ID)
			w.must(t, err)
			c := PersonChange{ID: p.ID, Version: got.Version, Name: got.Name, Memberships: got.Memberships}
			edit(&c)
			return w.ChangePerson(w.ctx, c)
		}
		phone := "13800001234"
		got, err := change(func(c *PersonChange) { c.Name, c.Phone = "王安生", &phone })
		if err != nil || got.Name != "王安生" || got.Phone != "138****1234" || got.Version != 2 {
			t.Errorf("%+v, error %v", got, err)
		}
		_, err = change(func(c *PersonChange) { c.Version = 1 })
		wants(t, err, errs.Conflict, "org.changed")
		_, err = change(func(c *PersonChange) { c.Memberships = append(c.Memberships, Membership{UnitID: two.ID, Main: true}) })
		wants(t, err, errs.Invalid, "org.one_main")
		_, err = change(func(c *PersonChange) { c.Memberships[0].ID = "forged" })
		wants(t, err, errs.Invalid, "org.no_membership")
		_, err = change(func(c *PersonChange) { c.Memberships[0].UnitID = two.ID })
		wants(t, err, errs.Invalid, "org.no_membership")
		_, err = change(func(c *PersonChange) {
			c.Memberships = append(c.Memberships, Membership{UnitID: two.ID, Title: "顾问"})
		})
		w.must(t, err)
		_, err = change(func(c *PersonChange) { c.Memberships = append(c.Memberships, Membership{UnitID: two.ID}) })
		wants(t, err, errs.Conflict, "org.member_twice")
		for field, edit := range map[string]func(*Membership){
			"memberships[1].unit_id":    func(m *Membership) { m.ID, m.UnitID = "", "" },
			"memberships[1].manager_id": func(m *Membership) { m.ManagerID = "x" },
		} {
			_, err = change(func(c *PersonChange) { edit(&c.Memberships[1]) })
			if e, ok := errors.AsType[*errs.Error](err); !ok || len(e.Fields) != 1 || e.Fields[0].At != field {
				t.Errorf("%v does not lie at %s", err, field)
			}
		}
		got, err = change(func(c *PersonChange) { c.Memberships[0].Main, c.Memberships[1].Main = false, true })
		if err != nil || got.Memberships[0].Main || !got.Memberships[1].Main {
			t.Errorf("the other main: %+v, error %v", got, err)
		}
		if a, _ := w.ActorOf(w.ctx, p.ID, ""); a.Unit != two.ID {
			t.Errorf("acts in %s, want %s", a.Unit, two.ID)
		}
		got, err = change(func(c *PersonChange) { c.Memberships = c.Memberships[1:] })
		if err != nil || got.Memberships[0].On("2026-11-24") {
			t.Errorf("left out: %+v, error %v", got, err)
		}
		_, err = w.ActorOf(w.ctx, p.ID, one.ID)
		wants(t, err, errs.NotFound, "org.no_membership")
		got, err = change(func(c *PersonChange) { // back again
			c.Memberships = append(c.Memberships, Membership{UnitID: one.ID})
			none := ""
			c.Phone = &none
		})
		if err != nil || len(got.Memberships) != 3 || got.Phone != "" {
			t.Errorf("back: %+v, error %v", got, err)
		}
		k := w.kinds(t)
		if k["org.person_left.v1"] != 3 || k["org.person_joined.v1"] != 5 || k["org.person_changed.v1"] != 2 {
			t.Errorf("entries %v", k)
		}
	})
}

// TestChangePersonElsewhere lets a clerk change only what lies in the own county.
func TestChangePersonElsewhere(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		one, two := w.unit(t, town, "示范一厂", nil), w.unit(t, town2, "示范二厂", nil)
		p := w.person(t, one, "王安")
		clerk := w.as(t, w.person(t, w.office(t, county, "清江县应急管理局"), "钱文", "office_clerk"))
		other := w.as(t, w.person(t, w.office(t, county2, "云岭县应急管理局"), "孙武", "office_clerk"))
		got, err := w.ReadPerson(clerk, p.ID)
		w.must(t, err)
		_, err = w.ReadPerson(other, p.ID)
		wants(t, err, errs.NotFound, "org.person_not_found")
		c := PersonChange{ID: p.ID, Version: got.Version, Name: "新名", Memberships: got.Memberships}
		_, err = w.ChangePerson(other, c)
		wants(t, err, errs.NotFound, "org.person_not_found")
		c.Memberships = append(c.Memberships, Membership{UnitID: two.ID})
		_, err = w.ChangePerson(clerk, c)
		wants(t, err, errs.NotFound, "org.unit_not_found")
		if got, _ := w.ReadPerson(w.ctx, p.ID); got.Name != "王安" || len(got.Memberships) != 1 {
			t.Errorf("half a change: %+v", got)
		}
	})
}

func TestReveal(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		u := w.unit(t, town, "示范化工有限公司", nil)
		p := &Person{Name: "王安", Phone: "13800001234"}
		w.must(t, w.AddPerson(w.ctx, p, Membership{UnitID: u.ID}))
		office := w.office(t, county, "清江县应急管理局")
		clerk, viewer := w.as(t, w.person(t, office, "钱文", "office_clerk")), w.as(t, w.person(t, office, "孙看", "viewer"))
		system := w.as(t, w.person(t, office, "李系", "system_admin"))
		other := w.as(t, w.person(t, w.office(t, county2, "云岭县应急管理局"), "周邻", "office_clerk"))

		_, err := w.RevealPhone(clerk, p.ID, " ")
		wants(t, err, errs.Invalid, "org.bad_reason")
		_, err = w.RevealPhone(viewer, p.ID, "通知整改")
		wants(t, err, errs.NotFound, "org.person_not_found")
		_, err = w.RevealPhone(system, p.ID, "通知整改")
		wants(t, err, errs.Denied, "auth.denied")
		_, err = w.RevealPhone(other, p.ID, "通知整改")
		wants(t, err, errs.NotFound, "org.person_not_found")
		phone, err := w.RevealPhone(clerk, p.ID, "通知整改")
		if err != nil || phone != "13800001234" {
			t.Errorf("revealed %q, error %v", phone, err)
		}
		all, err := w.Reveals(clerk, p.ID)
		if err != nil || len(all) != 1 || all[0].Reason != "通知整改" {
			t.Errorf("reveals %+v, error %v", all, err)
		}
		_, err = w.Reveals(viewer, p.ID)
		wants(t, err, errs.NotFound, "org.person_not_found")
		if n := w.kinds(t)["org.phone_revealed.v1"]; n != 1 {
			t.Errorf("%d entries of reveals, want 1", n)
		}
		_, err = w.RevealPhone(clerk, w.person(t, u, "无号").ID, "通知整改")
		wants(t, err, errs.NotFound, "org.no_phone")
	})
}

func TestListPeople(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		one, two := w.unit(t, town, "示范一厂", nil), w.unit(t, town2, "示范二厂", nil)
		a, b := w.person(t, one, "王安全"), w.person(t, one, "李安")
		c := w.person(t, two, "安全生")
		phone := "13800001234"
		_, err := w.ChangePerson(w.ctx, PersonChange{ID: a.ID, Version: 1, Name: a.Name, Phone: &phone,
			Memberships: append(a.Memberships, Membership{UnitID: two.ID})})
		w.must(t, err)
		walk := func(f PersonFilter) []string {
			var ids []string
			for cursor := ""; ; {
				p, err := w.People(w.ctx, f, cursor, 1)
				w.must(t, err)
				for _, l := range p.Items {
					ids = append(ids, l.ID)
				}
				if cursor = p.Next; cursor == "" {
					return ids
				}
			}
		}
		for _, tt := range []struct {
			name string
			f    PersonFilter
			want []string
		}{
			{"all", PersonFilter{}, []string{a.ID, b.ID, c.ID}},
			{"a county", PersonFilter{Place: county}, []string{a.ID, b.ID}},
			{"a unit, with those whose main unit is another", PersonFilter{Unit: two.ID}, []string{a.ID, c.ID}},
			{"two characters", PersonFilter{Words: "安全"}, []string{c.ID, a.ID}},
			{"one character", PersonFilter{Words: "安"}, []string{c.ID, b.ID, a.ID}},
			{"a name in a county", PersonFilter{Words: "安全", Place: county}, []string{a.ID}},
			{"a number", PersonFilter{Words: "138-0000-1234"}, []string{a.ID}},
			{"another number", PersonFilter{Words: "13900001234"}, nil},
		} {
			if got := walk(tt.f); !slices.Equal(got, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
			}
		}
		clerk := w.as(t, w.person(t, w.office(t, county2, "云岭县应急管理局"), "孙武", "office_clerk"))
		p, err := w.People(clerk, PersonFilter{}, "", 10)
		if err != nil || len(p.Items) != 2 {
			t.Errorf("the other county's clerk sees %v, error %v", p.Items, err)
		}
	})
}

func TestWorksUnder(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		top := w.unit(t, town, "示范集团", nil)
		plant := w.unit(t, town2, "集团化工厂", func(u *Unit) { u.ParentID = top.ID })
		aside := w.unit(t, town2, "别的厂", nil)
		join := func(u *Unit, name string, m Membership) *Person {
			p := &Person{Name: name}
			m.UnitID = u.ID
			w.must(t, w.AddPerson(w.ctx, p, m))
			return p
		}
		boss := join(top, "集团董事长", Membership{Head: true})
		chief := join(plant, "厂长", Membership{Head: true})
		foreman := join(plant, "班组长", Membership{})
		worker := join(plant, "工人", Membership{ManagerID: foreman.ID})
		helper := join(plant, "学徒", Membership{ManagerID: worker.ID})
		stranger := join(aside, "外人", Membership{Head: true})
		for _, tt := range []struct {
			person, boss *Person
			want         bool
		}{
			{worker, foreman, true}, {helper, foreman, true}, {helper, worker, true}, {foreman, worker, false}, {worker, helper, false},
			{worker, chief, true}, {worker, boss, true}, {chief, boss, true}, {boss, chief, false}, {chief, worker, false},
			{worker, stranger, false}, {stranger, boss, false}, {worker, worker, false},
		} {
			got, err := w.WorksUnder(w.ctx, w.DB.Read(), tt.person.ID, tt.boss.ID)
			if got != tt.want || err != nil {
				t.Errorf("%s under %s: %t, error %v; want %t", tt.person.Name, tt.boss.Name, got, err, tt.want)
			}
		}
	})
}

func TestGrants(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		office, plant := w.office(t, county, "清江县应急管理局"), w.unit(t, town, "示范化工有限公司", nil)
		far := w.office(t, county2, "云岭县应急管理局")
		security := w.person(t, office, "安全员", "security_admin")
		sec, sys := w.as(t, security), w.as(t, w.person(t, office, "系统员", "system_admin"))
		p, q, stranger := w.person(t, office, "钱文"), w.person(t, plant, "王安"), w.person(t, far, "孙武")
		for _, tt := range []struct {
			name string
			by   context.Context
			g    Grant
			kind errs.Kind
			key  string
		}{
			{"plain", sec, Grant{PersonID: p.ID, UnitID: office.ID, Role: "office_clerk"}, errs.None, ""},
			{"again", sec, Grant{PersonID: p.ID, UnitID: office.ID, Role: "office_clerk"}, errs.Conflict, "org.granted_already"},
			{"a narrower place", sec, Grant{PersonID: p.ID, UnitID: office.ID, Role: "enforcement_officer", Place: town}, errs.None, ""},
			{"a wider place", sec, Grant{PersonID: p.ID, UnitID: office.ID, Role: "enforcement_officer", Place: city}, errs.Invalid, "org.grant_outside"},
			{"in the enterprise", sec, Grant{PersonID: q.ID, UnitID: plant.ID, Role: "unit_head"}, errs.None, ""},
			{"territory to an enterprise", sec, Grant{PersonID: q.ID, UnitID: plant.ID, Role: "office_clerk"}, errs.Invalid, "org.role_needs_office"},
			{"a line without a tag", sec, Grant{PersonID: p.ID, UnitID: office.ID, Role: "department_clerk"}, errs.Invalid, "org.bad_line"},
			{"no such role", sec, Grant{PersonID: p.ID, UnitID: office.ID, Role: "root"}, errs.Invalid, "org.no_such_role"},
			{"to himself", sec, Grant{PersonID: security.ID, UnitID: office.ID, Role: "office_clerk"}, errs.Denied, "org.grant_to_self"},
			{"by the system administrator", sys, Grant{PersonID: p.ID, UnitID: office.ID, Role: "viewer"}, errs.NotFound, "org.unit_not_found"},
			{"another county", sec, Grant{PersonID: stranger.ID, UnitID: far.ID, Role: "viewer"}, errs.NotFound, "org.unit_not_found"},
			{"who does not work there", sec, Grant{PersonID: q.ID, UnitID: office.ID, Role: "viewer"}, errs.Invalid, "org.not_a_member"},
			{"a first administrator role", sec, Grant{PersonID: p.ID, UnitID: office.ID, Role: "audit_admin"}, errs.None, ""},
			{"a second one", sec, Grant{PersonID: p.ID, UnitID: office.ID, Role: "system_admin"}, errs.Conflict, "org.administrators_separate"},
		} {
			t.Run(tt.name, func(t *testing.T) { wants(t, w.GrantRole(tt.by, &tt.g), tt.kind, tt.key) })
		}
		all, err := w.Grants(sec, p.ID, "")
		if err != nil || len(all) != 3 {
			t.Errorf("grants %v, error %v", all, err)
		}
		if hidden, err := w.Grants(sec, stranger.ID, ""); err != nil || len(hidden) != 0 {
			t.Errorf("another county's grants: %v, error %v", hidden, err)
		}
		_, err = w.Grants(sec, "", "")
		wants(t, err, errs.Invalid, "org.grants_of_whom")
		wants(t, w.Revoke(sys, all[0].ID), errs.NotFound, "org.grant_not_found")
		w.must(t, w.Revoke(sec, all[0].ID))
		wants(t, w.Revoke(sec, all[0].ID), errs.NotFound, "org.grant_not_found")
		mine, err := w.Grants(sec, security.ID, "")
		w.must(t, err)
		wants(t, w.Revoke(sec, mine[0].ID), errs.Conflict, "org.last_security_admin")
		if a, _ := w.ActorOf(w.ctx, p.ID, ""); a.May("hazard.triage", actor.Object{Place: county}) || !a.May("hazard.triage", actor.Object{Place: town}) {
			t.Errorf("after the revocation: %v", a.Grants)
		}
		if k := w.kinds(t); k["org.granted.v1"] != 6 || k["org.revoked.v1"] != 1 {
			t.Errorf("entries %v", k)
		}
	})
}

func TestActorOf(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		office, plant := w.office(t, county, "清江县应急管理局"), w.unit(t, town, "示范化工有限公司", nil)
		p := w.person(t, office, "钱文", "office_clerk")
		full, err := w.ReadPerson(w.ctx, p.ID)
		w.must(t, err)
		_, err = w.ChangePerson(w.ctx, PersonChange{ID: p.ID, Version: full.Version, Name: p.Name,
			Memberships: append(full.Memberships, Membership{UnitID: plant.ID})})
		w.must(t, err)
		w.must(t, w.GrantRole(w.ctx, &Grant{PersonID: p.ID, UnitID: plant.ID, Role: "unit_safety"}))

		a, err := w.ActorOf(w.ctx, p.ID, "")
		if err != nil || a.Unit != office.ID || a.Home != county || len(a.Grants) != 1 || a.Grants[0].Role != "office_clerk" {
			t.Errorf("in the office: %+v, error %v", a, err)
		}
		a, err = w.ActorOf(w.ctx, p.ID, plant.ID)
		if err != nil || a.UnitPath != plant.GroupPath || len(a.Grants) != 1 || a.Grants[0].Scope.Unit != plant.GroupPath {
			t.Errorf("in the plant: %+v, error %v", a, err)
		}
		_, err = w.ActorOf(w.ctx, p.ID, "forged")
		wants(t, err, errs.NotFound, "org.no_membership")
		_, err = w.ActorOf(w.ctx, "forged", "")
		wants(t, err, errs.NotFound, "org.person_not_found")

		u, err := w.Unit(w.ctx, office.ID)
		w.must(t, err)
		u.Closed = "2026-11-24"
		_, err = w.ChangeUnit(w.ctx, u)
		w.must(t, err)
		a, err = w.ActorOf(w.ctx, p.ID, "")
		if err != nil || a.Unit != "" || len(a.Grants) != 0 {
			t.Errorf("in a closed unit: %+v, error %v", a, err)
		}
	})
}

func TestRoles(t *testing.T) {
	admins := 0
	for _, r := range Roles {
		if r.Admin {
			admins++
		}
		for _, strong := range []string{PermGrant, "ledger.read", PermEdit} {
			only := map[string]string{PermGrant: "security_admin"}[strong]
			if only != "" && slices.Contains(r.Perms, strong) && r.Name != only {
				t.Errorf("%s holds %s", r.Name, strong)
			}
		}
		if sorted := slices.Compact(slices.Sorted(slices.Values(r.Perms))); len(sorted) != len(r.Perms) {
			t.Errorf("%s holds a permission twice: %v", r.Name, r.Perms)
		}
	}
	if admins != 3 {
		t.Errorf("%d administrators, want 3", admins)
	}
	if o := Operator(); !o.May(PermGrant, actor.Object{Place: town}) || !o.May("system.settings", actor.Object{Place: province}) {
		t.Error("the operator may not do everything")
	}
}
