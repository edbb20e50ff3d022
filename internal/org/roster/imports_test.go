// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/document"
)

// sheet writes a workbook: the first row is the header.
func sheet(t testing.TB, rows ...[]string) []byte {
	t.Helper()
	var columns []document.Column
	for _, title := range rows[0] {
		columns = append(columns, document.Column{Title: title})
	}
	var b bytes.Buffer
	w, err := document.NewSheet(&b, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		values := make([]any, len(row))
		for i, cell := range row {
			values[i] = cell
		}
		if err := w.Row(values...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bring imports a workbook to the end and returns the import as it was shown before.
func (w world) bring(t testing.TB, ctx context.Context, kind Kind, rows ...[]string) *Import {
	t.Helper()
	shown := w.preview(t, ctx, kind, rows...)
	if shown.State != Ready {
		t.Fatalf("state %s, failure %+v, errors %+v", shown.State, shown.Failure, shown.Report.Errors)
	}
	done, err := w.Commit(ctx, shown.ID)
	if err != nil || done.State != Done {
		t.Fatalf("committed to %+v, error %v", done, err)
	}
	return shown
}

func (w world) preview(t testing.TB, ctx context.Context, kind Kind, rows ...[]string) *Import {
	t.Helper()
	im, err := w.Start(ctx, kind, sheet(t, rows...))
	w.must(t, err)
	return im
}

// errorsOf lists "row column key" of an import's errors.
func errorsOf(im *Import) []string {
	var out []string
	for _, e := range im.Report.Errors {
		out = append(out, fmt.Sprintf("%d %s %s", e.Row, e.Column, e.Key))
	}
	slices.Sort(out)
	return out
}

var unitHead = []string{"单位名称*", "单位类型", "统一社会信用代码", "区划代码", "行业代码", "监管行业", "上级单位", "成立日期", "备注"}

func TestImportUnits(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		old := w.unit(t, town, "老厂", func(u *org.Unit) { u.USCC = usccVectors[1] })
		rows := [][]string{unitHead,
			{"示范化工厂", "企业", usccVectors[0], "990101001000", "26", "危险化学品、工贸", "示范集团", "2020/6/1", "忽略"},
			{"示范集团", "企业", "", "990101", "", "", "", "43983", ""},
			{"老厂", "企业", usccVectors[1], "990101001", "", "工贸", "", "", ""},
			{"=危险名称", "其他", "", "990102001", "", "", "", "", ""},
		}
		shown := w.bring(t, w.ctx, Units, rows...)
		if r := shown.Report; r.New != 3 || r.Changed != 1 || r.Same != 0 || r.Rows != 4 || len(r.Preview) != 4 || r.Preview[2].Action != "changed" {
			t.Errorf("shown %+v", r)
		}
		all := map[string]*org.Unit{}
		p, err := w.Org.Units(w.ctx, org.UnitFilter{}, "", 50)
		w.must(t, err)
		for _, u := range p.Items {
			all[u.Name] = u
		}
		plant, group := all["示范化工厂"], all["示范集团"]
		if len(all) != 4 || plant.ParentID != group.ID || plant.GroupPath != group.GroupPath+plant.ID+"/" || plant.Industry != "C26" ||
			plant.Opened != "2020-06-01" || group.Opened != "2020-06-01" || !slices.Equal(plant.Lines, []string{"hazchem", "industry_trade"}) {
			t.Errorf("plant %+v, group %+v", plant, group)
		}
		if u := all["老厂"]; u.ID != old.ID || u.Version != 2 || !slices.Equal(u.Lines, []string{"industry_trade"}) {
			t.Errorf("the old one %+v", u)
		}
		if found, _ := w.Org.Units(w.ctx, org.UnitFilter{Words: "危险名称"}, "", 5); len(found.Items) != 1 || found.Items[0].Name != "=危险名称" {
			t.Errorf("found %v", found.Items)
		}
		again := w.bring(t, w.ctx, Units, rows...)
		if r := again.Report; r.New != 0 || r.Changed != 0 || r.Same != 4 {
			t.Errorf("again %+v", r)
		}
		k := w.kinds(t)
		if k["org.unit_added.v1"] != 4 || k["org.unit_changed.v1"] != 1 || k["org.unit_arrived.v1"] != 1 || k["org.imported.v1"] != 2 {
			t.Errorf("entries %v", k)
		}
	})
}

func TestImportUnitsErrors(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		far := w.unit(t, town2, "远方的厂", func(u *org.Unit) { u.USCC = usccVectors[2] })
		w.unit(t, town, "同名", nil)
		w.unit(t, county, "同名", nil)
		clerk := w.as(t, w.person(t, w.office(t, county, "清江县应急管理局"), "钱文", "office_clerk"))
		im := w.preview(t, clerk, Units, append([]string{"单位编码"}, unitHead...),
			[]string{"", "好厂", "企业", "", "990101001", "", "", "", "", ""},
			[]string{"", "", "企业", "", "990101001", "", "", "", "", ""},
			[]string{"", "类型不对", "公司", "", "990101001", "", "", "", "", ""},
			[]string{"", "代码不对", "企业", "91350100M000100Y44", "990101001", "", "", "", "", ""},
			[]string{"", "零和欧", "企业", "9135O100M000100Y43", "990101001", "", "", "", "", ""},
			[]string{"", "没有的地方", "企业", "", "990109", "", "", "", "", ""},
			[]string{"", "别县", "企业", "", "990102001", "", "", "", "", ""},
			[]string{"", "别县的代码", "企业", usccVectors[2], "990101001", "", "", "", "", ""},
			[]string{"", "行业不对", "企业", "", "990101001", "C99", "航天", "", "", ""},
			[]string{"", "好厂", "企业", "", "990101001", "", "", "", "", ""},
			[]string{"", "上级没有", "企业", "", "990101001", "", "", "不存在的集团", "", ""},
			[]string{"", "上级两个", "企业", "", "990101001", "", "", "同名", "", ""},
			[]string{"", "上级看不见", "企业", "", "990101001", "", "", far.Code, "", ""},
			[]string{"", "甲圈", "企业", "", "990101001", "", "", "乙圈", "", ""},
			[]string{"", "乙圈", "企业", "", "990101001", "", "", "甲圈", "", ""},
			[]string{far.Code, "远方的厂", "企业", "", "990101001", "", "", "", "", ""},
			[]string{"NOSUCH99", "没有编码", "企业", "", "990101001", "", "", "", "", ""},
			[]string{"", "日期不对", "企业", "", "990101001", "", "", "", "2020-13-40", ""},
		)
		want := []string{"10 监管行业 org.bad_line", "10 行业代码 org.bad_industry", "11 单位名称 org.row_twice", "12 上级单位编码 org.no_parent", "13 上级单位编码 org.parent_ambiguous",
			"14 上级单位编码 org.no_parent", "15 上级单位编码 org.group_cycle", "16 上级单位编码 org.group_cycle", "17 单位编码 org.no_unit_of_code",
			"18 单位编码 org.no_unit_of_code", "19 成立日期 org.bad_day", "3 单位名称 org.bad_name", "4 单位类型 org.bad_kind",
			"5 统一社会信用代码 org.bad_uscc", "6 统一社会信用代码 org.uscc_suggestion", "7 区划代码 org.no_such_place",
			"8 区划代码 org.import_outside", "9 区划代码 org.import_outside"}
		if got := errorsOf(im); !slices.Equal(got, want) {
			t.Errorf("errors:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if im.State != Failed || im.Failure.Key != "org.import_has_errors" || im.Report.ErrorsN != len(want) {
			t.Errorf("state %s, failure %+v", im.State, im.Failure)
		}
		_, err := w.Commit(clerk, im.ID)
		wants(t, err, errs.Conflict, "org.import_not_ready")
		if p, _ := w.Org.Units(w.ctx, org.UnitFilter{Words: "好厂"}, "", 5); len(p.Items) != 0 {
			t.Error("half an import")
		}
	})
}

// TestImportRefusesFormulas: what a formula shows is not data, and what looks like one is
// a text.
func TestImportRefusesFormulas(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		x := excelize.NewFile()
		defer x.Close()
		for cell, v := range map[string]string{"A1": "单位名称", "B1": "单位类型", "C1": "区划代码", "D1": "备注", "B2": "企业", "C2": "990101001",
			"A3": "好厂", "B3": "企业", "C3": "990101001", "A4": "+危险的厂", "B4": "企业", "C4": "990101001"} {
			w.must(t, x.SetCellStr("Sheet1", cell, v))
		}
		w.must(t, x.SetCellFormula("Sheet1", "A2", `HYPERLINK("http://127.0.0.1","厂")`))
		w.must(t, x.SetCellFormula("Sheet1", "D3", "1+1")) // in a column that is not read
		var b bytes.Buffer
		w.must(t, x.Write(&b))
		im, err := w.Start(w.ctx, Units, b.Bytes())
		w.must(t, err)
		if got := errorsOf(im); im.State != Failed || len(got) == 0 || !slices.Contains(got, "2 单位名称 org.formula") || strings.Contains(strings.Join(got, "|"), "|4 ") {
			t.Errorf("state %s, errors %v", im.State, got)
		}
		if p, _ := w.Org.Units(w.ctx, org.UnitFilter{}, "", 5); len(p.Items) != 0 {
			t.Error("half an import")
		}
	})
}

// TestImportMovesGroups imports units with parents that are new, there, or moved themselves.
func TestImportMovesGroups(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		top := w.unit(t, county, "老集团", nil)
		mid := w.unit(t, county, "老公司", func(u *org.Unit) { u.ParentID = top.ID })
		low := w.unit(t, county, "老车间", func(u *org.Unit) { u.ParentID = mid.ID })
		head := []string{"单位名称", "单位类型", "区划代码", "上级单位编码"}
		w.bring(t, w.ctx, Units, head,
			[]string{"老车间", "企业", "990101", mid.Code},
			[]string{"新班组", "企业", "990101", "老车间"},
			[]string{"老公司", "企业", "990101", "新集团"},
			[]string{"新集团", "企业", "990101", ""})
		path := func(name string) string {
			p, err := w.Org.Units(w.ctx, org.UnitFilter{Words: name}, "", 5)
			w.must(t, err)
			names, err := w.Org.UnitNames(w.ctx, org.Ancestors(p.Items[0].GroupPath))
			w.must(t, err)
			var out []string
			for _, id := range org.Ancestors(p.Items[0].GroupPath) {
				out = append(out, names[id])
			}
			return strings.Join(out, "/")
		}
		if got := path("新班组"); got != "新集团/老公司/老车间/新班组" {
			t.Errorf("path %s", got)
		}
		if u, _ := w.Org.Unit(w.ctx, low.ID); u.Version != 1 {
			t.Errorf("the unchanged unit has version %d", u.Version)
		}
		rows := [][]string{head, {"0级", "企业", "990101", ""}}
		for n := range org.MaxGroup {
			rows = append(rows, []string{fmt.Sprintf("%d级", n+1), "企业", "990101", fmt.Sprintf("%d级", n)})
		}
		im := w.preview(t, w.ctx, Units, rows...)
		if got := errorsOf(im); !slices.Equal(got, []string{"10 上级单位编码 org.group_too_deep"}) {
			t.Errorf("errors %v", got)
		}
	})
}

// TestRoundTripOfExports imports what was exported: nothing changes.
func TestRoundTripOfExports(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		top := w.unit(t, town, "示范集团", func(u *org.Unit) { u.Lines, u.Industry, u.Opened = []string{"hazchem", "gas"}, "C26", "2001-02-03" })
		w.unit(t, county, "+危险的名称", func(u *org.Unit) { u.ParentID, u.Kind, u.Address = top.ID, org.UnitSchool, "=1+1" })
		w.must(t, w.Org.AddPerson(w.ctx, &org.Person{Name: "王安", Phone: "13800001234"}, org.Membership{UnitID: top.ID, Title: "-厂长", Head: true}))
		w.person(t, top, "李全")
		for kind, write := range map[Kind]func(*bytes.Buffer) error{
			Units:  func(b *bytes.Buffer) error { return w.ExportUnits(w.ctx, org.UnitFilter{}, b) },
			People: func(b *bytes.Buffer) error { return w.ExportPeople(w.ctx, org.PersonFilter{}, b) },
		} {
			var b bytes.Buffer
			w.must(t, write(&b))
			im, err := w.Start(w.ctx, kind, b.Bytes())
			w.must(t, err)
			if im.State != Ready || im.Report.Same != 2 || im.Report.Rows != 2 {
				t.Errorf("%s: %s, %+v, %+v", kind, im.State, im.Failure, im.Report)
			}
			if strings.Contains(b.String(), "13800001234") {
				t.Errorf("%s: a telephone number in the open", kind)
			}
			b.Reset()
			w.must(t, w.Template(kind, &b))
			im, err = w.Start(w.ctx, kind, b.Bytes())
			if err != nil || im.State != Failed || im.Failure.Key != "org.import_empty" {
				t.Errorf("%s: the empty template is %+v, error %v", kind, im, err)
			}
		}
		var b bytes.Buffer
		wants(t, w.ExportUnits(t.Context(), org.UnitFilter{}, &b), errs.Unauthenticated, "auth.sign_in")
		if b.Len() > 0 {
			t.Error("something was written all the same")
		}
	})
}

func TestImportIsChecked(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		u := w.unit(t, town, "老厂", nil)
		rows := [][]string{{"单位名称", "单位类型", "区划代码", "地址"}, {"老厂", "企业", "990101001", "新地址"}, {"新厂", "企业", "990101001", ""}}
		im := w.preview(t, w.ctx, Units, rows...)
		u.Address = "别人改的"
		_, err := w.Org.ChangeUnit(w.ctx, u)
		w.must(t, err)
		im, err = w.Commit(w.ctx, im.ID)
		if err != nil || im.State != Failed || im.Failure.Key != "org.import_changed" {
			t.Errorf("after a change: %+v, error %v", im, err)
		}
		im = w.preview(t, w.ctx, Units, rows...)
		w.unit(t, town, "新厂", nil)
		im, err = w.Commit(w.ctx, im.ID)
		if err != nil || im.State != Failed || im.Failure.Key != "org.import_changed" {
			t.Errorf("after somebody added it: %+v, error %v", im, err)
		}
		if p, _ := w.Org.Units(w.ctx, org.UnitFilter{}, "", 10); len(p.Items) != 2 {
			t.Errorf("%d units, want 2", len(p.Items))
		}
	})
}

func TestImportBelongs(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		office := w.office(t, county, "清江县应急管理局")
		one, two := w.as(t, w.person(t, office, "钱文", "office_clerk")), w.as(t, w.person(t, office, "孙武", "office_clerk"))
		viewer := w.as(t, w.person(t, office, "李看", "viewer"))
		rows := [][]string{{"单位名称", "单位类型", "区划代码"}, {"新厂", "企业", "990101001"}}
		im := w.preview(t, one, Units, rows...)
		_, err := w.Import(two, im.ID)
		wants(t, err, errs.NotFound, "org.import_not_found")
		_, err = w.Commit(two, im.ID)
		wants(t, err, errs.NotFound, "org.import_not_found")
		_, err = w.Start(viewer, Units, sheet(t, rows...))
		wants(t, err, errs.Denied, "auth.denied")
		for range 2 { // a lost answer: the second commit changes nothing
			done, err := w.Commit(one, im.ID)
			if err != nil || done.State != Done {
				t.Errorf("%+v, error %v", done, err)
			}
		}
		w.clock.Advance(importLife + time.Second)
		w.preview(t, two, Units, rows...)
		_, err = w.Import(one, im.ID)
		wants(t, err, errs.NotFound, "org.import_not_found")
		_, err = w.Start(one, Units, []byte("名称\n厂"))
		wants(t, err, errs.Unsupported, "document.not_xlsx")
	})
}

func TestHeader(t *testing.T) {
	for _, tt := range []struct {
		cells []string
		want  []string
		key   string
	}{
		{[]string{"区划代码", " 单位 名称＊", "备注", "类型"}, []string{"place", "name", "", "kind"}, ""},
		{[]string{"单位名称", "类型"}, nil, "org.column_missing"},
		{[]string{"单位名称", "名称", "类型", "区划代码"}, nil, "org.column_twice"},
	} {
		got, err := header(Units, tt.cells)
		if errs.KeyOf(err) != tt.key || err == nil && !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, error %v", tt.cells, got, err)
		}
	}
}
