// SPDX-License-Identifier: Apache-2.0

package org

import (
	"bytes"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

func TestAddUnit(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for _, tt := range []struct {
			name string
			unit Unit
			key  string
		}{
			{"plain", Unit{Name: " 示范机械厂 ", Kind: UnitEnterprise, Place: town, Industry: "34", Lines: []string{"mine", "coal", "mine"}}, ""},
			{"with a code", Unit{Name: "示范化工", Kind: UnitEnterprise, Place: town, USCC: "９１350100m000100y43"}, ""},
			{"the code again", Unit{Name: "另一家", Kind: UnitEnterprise, Place: town2, USCC: "91350100M000100Y43"}, "org.uscc_taken"},
			{"a wrong code", Unit{Name: "另一家", Kind: UnitEnterprise, Place: town2, USCC: "91350100M000100Y44"}, "org.bad_uscc"},
			{"O for 0 is not repaired", Unit{Name: "另一家", Kind: UnitEnterprise, Place: town2, USCC: "9111OOOO802100433B"}, "org.bad_uscc"},
			{"no name", Unit{Name: "厂", Kind: UnitEnterprise, Place: town}, "org.bad_name"},
			{"no kind", Unit{Name: "示范机械厂", Place: town}, "org.bad_kind"},
			{"nowhere", Unit{Name: "示范机械厂", Kind: UnitEnterprise, Place: "cn/99/9902/"}, "org.no_such_place"},
			{"no place", Unit{Name: "示范机械厂", Kind: UnitEnterprise}, "field.required"},
			{"a line of its own", Unit{Name: "示范机械厂", Kind: UnitEnterprise, Place: town, Lines: []string{"space"}}, "org.bad_line"},
			{"an industry of its own", Unit{Name: "示范机械厂", Kind: UnitEnterprise, Place: town, Industry: "A43"}, "org.bad_industry"},
			{"no such parent", Unit{Name: "示范机械厂", Kind: UnitEnterprise, Place: town, ParentID: "x"}, "org.unit_not_found"},
		} {
			u := tt.unit
			err := w.AddUnit(w.ctx, &u)
			switch tt.key {
			case "":
				if err != nil || u.ID == "" || len(u.Code) != unitCodeSize || u.GroupPath != u.ID+"/" || u.Version != 1 {
					t.Errorf("%s: %+v, error %v", tt.name, u, err)
				}
			case "org.uscc_taken":
				wants(t, err, errs.Conflict, tt.key)
			default:
				wants(t, err, errs.Invalid, tt.key)
			}
		}
		p, err := w.Units(w.ctx, UnitFilter{}, "", 10)
		if err != nil || len(p.Items) != 2 || !slices.Equal(p.Items[0].Lines, []string{"coal", "mine"}) || p.Items[0].Industry != "C34" {
			t.Errorf("units %v, error %v", p.Items, err)
		}
		if p.Items[0].PlaceName != "示范省清江县城关镇" {
			t.Errorf("place name %q", p.Items[0].PlaceName)
		}
	})
}

func TestChangeUnit(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		u := w.unit(t, town, "示范化工有限公司", func(u *Unit) { u.USCC = usccVectors[0] })
		change := func(edit func(*Unit)) (*Unit, error) {
			c, err := w.ReadUnit(w.ctx, u.ID)
			w.must(t, err)
			edit(c)
			return w.ChangeUnit(w.ctx, c)
		}
		got, err := change(func(c *Unit) { c.Name, c.Code, c.GroupPath = "示范化工集团", "FORGED", "x/" })
		if err != nil || got.Name != "示范化工集团" || got.Code != u.Code || got.GroupPath != u.GroupPath || got.Version != 2 {
			t.Errorf("changed to %+v, error %v", got, err)
		}
		stale := *u
		_, err = w.ChangeUnit(w.ctx, &stale)
		wants(t, err, errs.Conflict, "org.changed")
		_, err = change(func(c *Unit) { c.Closed = "2026-11-25" })
		wants(t, err, errs.Invalid, "org.bad_change_day")
		_, err = change(func(c *Unit) { c.Place = town2 })
		w.must(t, err)
		_, err = change(func(c *Unit) { c.Closed = "2026-11-24" })
		w.must(t, err)
		_, err = w.UnitByCode(w.ctx, u.Code)
		wants(t, err, errs.NotFound, "org.unit_not_found")
		w.unit(t, town, "同码新厂", func(u *Unit) { u.USCC = usccVectors[0] }) // a closed unit's code is free
		_, err = change(func(c *Unit) { c.Closed = "" })
		wants(t, err, errs.Conflict, "org.uscc_taken")
		_, err = change(func(c *Unit) { c.Closed, c.USCC = "", "" })
		w.must(t, err)
		if same, err := change(func(*Unit) {}); err != nil || same.Version != 5 {
			t.Errorf("no change made version %d, error %v; want 5", same.Version, err)
		}
		k := w.kinds(t)
		for kind, n := range map[string]int{"unit_added": 2, "unit_changed": 4, "unit_left": 1, "unit_arrived": 1, "unit_closed": 1, "unit_reopened": 1} {
			if k["org."+kind+".v1"] != n {
				t.Errorf("%s: %d entries, want %d", kind, k["org."+kind+".v1"], n)
			}
		}
		_, err = w.ChangeUnit(w.ctx, &Unit{ID: "forged"})
		wants(t, err, errs.NotFound, "org.unit_not_found")
	})
}

func TestGroupTrunk(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		under := func(up *Unit) func(*Unit) {
			return func(u *Unit) {
				if up != nil {
					u.ParentID = up.ID
				}
			}
		}
		top := w.unit(t, town, "示范集团", nil)
		mid := w.unit(t, town, "示范二级公司", under(top))
		low := w.unit(t, town2, "示范三级公司", under(mid))
		other := w.unit(t, town, "别的集团", nil)
		move := func(u, up *Unit) error {
			c, err := w.ReadUnit(w.ctx, u.ID)
			w.must(t, err)
			c.ParentID = ""
			under(up)(c)
			_, err = w.ChangeUnit(w.ctx, c)
			return err
		}
		wants(t, move(top, low), errs.Invalid, "org.group_cycle")
		wants(t, move(top, top), errs.Invalid, "org.group_cycle")
		w.must(t, move(mid, other))
		got, _ := w.Unit(w.ctx, low.ID)
		if want := other.ID + "/" + mid.ID + "/" + low.ID + "/"; got.GroupPath != want {
			t.Errorf("path %s, want %s", got.GroupPath, want)
		}
		w.must(t, move(mid, nil))
		chain := []*Unit{low}
		for n := 3; n <= MaxGroup; n++ {
			chain = append(chain, w.unit(t, town, fmt.Sprintf("第%d级", n), under(chain[len(chain)-1])))
		}
		last := chain[len(chain)-1]
		wants(t, w.AddUnit(w.ctx, &Unit{Name: "第九级", Kind: UnitEnterprise, Place: town, ParentID: last.ID}), errs.Invalid, "org.group_too_deep")
		wants(t, move(mid, other), errs.Invalid, "org.group_too_deep")
	})
}

// TestGroupMoves moves units about at random and compares the paths with the parents.
func TestGroupMoves(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		units := make([]*Unit, 6)
		for i := range units {
			units[i] = w.unit(t, town, fmt.Sprintf("单位%d", i), nil)
		}
		rapid.Check(t, func(rt *rapid.T) {
			u := rapid.SampledFrom(units).Draw(rt, "unit")
			c, err := w.Unit(w.ctx, u.ID)
			w.must(t, err)
			c.ParentID = ""
			if rapid.Bool().Draw(rt, "has parent") {
				c.ParentID = rapid.SampledFrom(units).Draw(rt, "parent").ID
			}
			if _, err := w.ChangeUnit(w.ctx, c); err != nil && errs.KindOf(err) != errs.Invalid {
				rt.Fatal(err)
			}
			for _, u := range units {
				got, err := w.Unit(w.ctx, u.ID)
				w.must(t, err)
				want := got.ID + "/"
				if got.ParentID != "" {
					up, err := w.Unit(w.ctx, got.ParentID)
					w.must(t, err)
					want = up.GroupPath + want
				}
				if got.GroupPath != want {
					rt.Fatalf("path %s, want %s", got.GroupPath, want)
				}
			}
		})
	})
}

func TestListUnits(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		var all []string
		for i := range 7 {
			p := []place.Path{town, town2, county}[i%3]
			u := w.unit(t, p, fmt.Sprintf("示范企业%d号", i), func(u *Unit) {
				if i%2 == 0 {
					u.Lines, u.Industry = []string{"hazchem"}, "C26"
				}
			})
			all = append(all, u.ID)
		}
		walk := func(f UnitFilter) []string {
			var ids []string
			for cursor := ""; ; {
				p, err := w.Units(w.ctx, f, cursor, 2)
				w.must(t, err)
				for _, u := range p.Items {
					ids = append(ids, u.ID)
				}
				if cursor = p.Next; cursor == "" {
					return ids
				}
			}
		}
		pick := func(is ...int) []string {
			var ids []string
			for _, i := range is {
				ids = append(ids, all[i])
			}
			return ids
		}
		for _, tt := range []struct {
			name string
			f    UnitFilter
			want []string
		}{
			{"all, in tree order", UnitFilter{}, pick(2, 5, 0, 3, 6, 1, 4)},
			{"a county", UnitFilter{Place: county}, pick(2, 5, 0, 3, 6)},
			{"a town", UnitFilter{Place: town2}, pick(1, 4)},
			{"a line", UnitFilter{Line: "hazchem"}, pick(2, 0, 6, 4)},
			{"part of a line's name", UnitFilter{Line: "haz"}, nil},
			{"a section", UnitFilter{Industry: "C"}, pick(2, 0, 6, 4)},
			{"an industry with a wildcard", UnitFilter{Industry: "%"}, nil},
			{"two characters", UnitFilter{Words: "企业"}, pick(6, 5, 4, 3, 2, 1, 0)},
			{"one of them in a county", UnitFilter{Words: "6号", Place: county}, pick(6)},
			{"two words", UnitFilter{Words: "示范 3号"}, pick(3)},
			{"nothing", UnitFilter{Words: "没有"}, nil},
			{"closed", UnitFilter{Closed: true}, nil},
		} {
			if got := walk(tt.f); !slices.Equal(got, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
			}
		}
		_, err := w.Units(w.ctx, UnitFilter{}, "forged!", 2)
		wants(t, err, errs.Invalid, "page.bad_cursor")
		_, err = w.Units(t.Context(), UnitFilter{}, "", 2)
		wants(t, err, errs.Unauthenticated, "auth.sign_in")
	})
}

// TestTrunks sees the same units through the three command trees.
func TestTrunks(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		top := w.unit(t, town, "示范集团", nil)
		plant := w.unit(t, town2, "集团化工厂", func(u *Unit) { u.ParentID, u.Lines = top.ID, []string{"hazchem"} })
		w.unit(t, town2, "路边商店", nil)
		countyOffice := w.office(t, county2, "云岭县应急管理局")
		bureau := w.unit(t, county2, "云岭县工信局", func(u *Unit) { u.Kind = UnitDepartment })
		for _, tt := range []struct {
			who  *Person
			want []string
		}{
			{w.person(t, countyOffice, "吴县", "office_clerk"), []string{"云岭县应急管理局", "云岭县工信局", "集团化工厂", "路边商店"}},
			{w.person(t, bureau, "郑线", "department_clerk"), []string{"集团化工厂"}},
			{w.person(t, top, "王总", "unit_head"), []string{"示范集团", "集团化工厂"}},
			{w.person(t, plant, "冯安", "unit_safety"), []string{"集团化工厂"}},
		} {
			p, err := w.Units(w.as(t, tt.who), UnitFilter{}, "", 50)
			w.must(t, err)
			var names []string
			for _, u := range p.Items {
				names = append(names, u.Name)
			}
			if !slices.Equal(names, tt.want) {
				t.Errorf("%s sees %v, want %v", tt.who.Name, names, tt.want)
			}
		}
		worker := w.person(t, plant, "陈工", "worker")
		_, err := w.Units(w.as(t, worker), UnitFilter{}, "", 50)
		wants(t, err, errs.Denied, "auth.denied")
	})
}

func TestUnitByCode(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		u := w.unit(t, town, "示范化工有限公司", nil)
		got, err := w.UnitByCode(t.Context(), " "+strings.ToLower(u.Code)+" ")
		if err != nil || got.ID != u.ID || got.PlaceName != "示范省清江县城关镇" {
			t.Errorf("%+v, error %v", got, err)
		}
		picture, err := w.QRCode(u)
		w.must(t, err)
		img, err := png.Decode(bytes.NewReader(picture))
		w.must(t, err)
		r, _, _, _ := img.At(qrQuiet*qrModule-1, qrQuiet*qrModule).RGBA()
		black, _, _, _ := img.At(qrQuiet*qrModule, qrQuiet*qrModule).RGBA()
		if r == 0 || black != 0 {
			t.Errorf("the quiet zone is %d, the first module %d", r, black)
		}
	})
}

func TestScopes(t *testing.T) {
	terr := func(p place.Path) actor.Scope { return actor.Scope{Trunk: actor.Territory, Place: p} }
	line := func(p place.Path, l string) actor.Scope { return actor.Scope{Trunk: actor.Line, Place: p, Line: l} }
	group := func(u string) actor.Scope { return actor.Scope{Trunk: actor.Group, Unit: u} }
	grants := func(scopes ...actor.Scope) []actor.Grant {
		var out []actor.Grant
		for _, s := range scopes {
			out = append(out, actor.Grant{Perms: []string{PermRead}, Scope: s})
		}
		return out
	}
	for _, tt := range []struct {
		grants []actor.Grant
		want   []actor.Scope
	}{
		{grants(terr(county), terr(town), line(town, "coal")), []actor.Scope{terr(county)}},
		{grants(line(county, "coal"), line(town, "coal"), line(county, "gas")), []actor.Scope{line(county, "coal"), line(county, "gas")}},
		{grants(group("a/"), group("a/b/"), group("ab/")), []actor.Scope{group("a/"), group("ab/")}},
		{grants(terr(county), group("a/"), terr(county2)), []actor.Scope{terr(county), group("a/"), terr(county2)}},
	} {
		got, err := ScopesOf(actor.With(t.Context(), actor.Actor{ID: "x", Grants: tt.grants}), PermRead)
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("scopes %v, error %v; want %v", got, err, tt.want)
		}
	}
}
