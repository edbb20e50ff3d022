// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"slices"
	"strings"
	"testing"

	"anlan/internal/org"
)

func TestImportPeople(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		one := w.unit(t, town, "示范一厂", func(u *org.Unit) { u.USCC = usccVectors[0] })
		two := w.unit(t, town, "示范二厂", nil)
		known := &org.Person{Name: "王安", Phone: "13800001234"}
		w.must(t, w.Org.AddPerson(w.ctx, known, org.Membership{UnitID: one.ID}))
		quiet := w.person(t, two, "无号")
		head := []string{"姓名", "手机号码", "单位编码", "统一社会信用代码", "单位名称", "职务", "负责人"}
		rows := [][]string{head,
			{"王安", "138-0000-1234", "", usccVectors[0], "", "厂长", "是"},
			{"王安", "13800001234", two.Code, "", "", "顾问", "否"},
			{"新人", "13900005678", "", "", "示范二厂", "电工", ""},
			{"无号", "13900009999", two.Code, "", "", "", ""},
			{"王安", "13700001111", "", usccVectors[0], "", "同名的人", ""},
		}
		shown := w.bring(t, w.ctx, People, rows...)
		if r := shown.Report; r.New != 2 || r.Changed != 3 {
			t.Errorf("shown %+v", r)
		}
		if cell := shown.Report.Preview[0].Cells[1]; cell != "138****1234" {
			t.Errorf("the preview shows %q", cell)
		}
		p, err := w.Org.ReadPerson(w.ctx, known.ID)
		w.must(t, err)
		if len(p.Memberships) != 2 || p.Memberships[0].Title != "厂长" || !p.Memberships[0].Head || !p.Memberships[0].Main || p.Memberships[1].Main {
			t.Errorf("王安 %+v", p)
		}
		if p, _ := w.Org.ReadPerson(w.ctx, quiet.ID); p.Phone != "139****9999" || p.Version != 2 {
			t.Errorf("无号 %+v", p)
		}
		all, err := w.Org.People(w.ctx, org.PersonFilter{Words: "王安"}, "", 10)
		if err != nil || len(all.Items) != 2 {
			t.Errorf("people called 王安: %+v, error %v", all.Items, err)
		}
		again := w.bring(t, w.ctx, People, rows...)
		if r := again.Report; r.New != 0 || r.Changed != 0 || r.Same != 5 {
			t.Errorf("again %+v", r)
		}
	})
}

func TestImportPeopleErrors(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		one, far := w.unit(t, town, "示范一厂", nil), w.unit(t, town2, "远厂", nil)
		w.unit(t, town, "同名厂", nil)
		w.unit(t, county, "同名厂", nil)
		w.must(t, w.Org.AddPerson(w.ctx, &org.Person{Name: "王安", Phone: "13800001234"}, org.Membership{UnitID: one.ID}))
		w.person(t, one, "重名")
		w.person(t, one, "重名")
		clerk := w.as(t, w.person(t, w.office(t, county, "清江县应急管理局"), "钱文", "office_clerk"))
		im := w.preview(t, clerk, People, []string{"姓名", "手机", "单位编码", "单位名称", "负责人"},
			[]string{"别名", "13800001234", one.Code, "", ""},
			[]string{"", "", one.Code, "", ""},
			[]string{"短号", "12345", one.Code, "", ""},
			[]string{"远人", "", far.Code, "", ""},
			[]string{"远人", "", "", "远厂", ""},
			[]string{"无处", "", "", "", ""},
			[]string{"两处", "", "", "同名厂", ""},
			[]string{"重名", "", one.Code, "", ""},
			[]string{"好人", "", one.Code, "", "大概"},
			[]string{"王安", "13800001234", one.Code, "", ""},
			[]string{"王安", "13800001234", one.Code, "", ""},
		)
		want := []string{"10 负责人 org.yes_or_no", "12 姓名 org.row_twice", "2 手机号 org.phone_of_another", "3 姓名 org.bad_person_name",
			"4 手机号 org.bad_phone", "5 单位编码 org.no_unit_of_code", "6 单位名称 org.no_unit_of_name", "7 单位名称 org.no_unit_of_name",
			"8 单位名称 org.unit_ambiguous", "9 姓名 org.person_ambiguous"}
		if got := errorsOf(im); !slices.Equal(got, want) {
			t.Errorf("errors:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}
