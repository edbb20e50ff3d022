// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

func TestStandards(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := actor.With(t.Context(), editor(county))
		for _, tt := range []struct {
			standard, no string
			day          clock.Day
			key          string
		}{
			{"mem-10-2023", "第十一条", "2026-11-24", ""},
			{"mem-10-2023", " 第 十一 条 ", "2026-11-24", ""},
			{"mem-10-2023", "第九十条", "2026-11-24", "rules.no_such_clause"},
			{"mem-10-2023", "第十一条", "2023-05-14", "rules.not_in_force"},
			{"mem-4-2020", "第一条", "2026-07-01", "rules.not_in_force"},
			{"mem-99", "第一条", "2026-07-01", "rules.no_such_standard"},
		} {
			if _, _, err := f.ClauseOn(ctx, tt.standard, tt.no, tt.day); errs.KeyOf(err) != tt.key {
				t.Errorf("%s %s on %s: %v, want %q", tt.standard, tt.no, tt.day, err, tt.key)
			}
		}
		add := []Clause{{No: "第十一条(一)", Text: "条文", Keywords: []string{"粉尘"}}, {No: "第十一条", Text: "新条文"}}
		if err := f.AddClauses(actor.With(t.Context(), editor(town)), "mem-10-2023", add); errs.KindOf(err) != errs.Denied {
			t.Errorf("clauses by a town: %v", err)
		}
		if err := f.AddClauses(ctx, "mem-10-2023", add); err != nil {
			t.Fatal(err)
		}
		if _, c, err := f.ClauseOn(ctx, "mem-10-2023", "第十一条（一）", "2026-11-24"); err != nil || c.Hint || c.Text != "条文" {
			t.Errorf("%+v %v", c, err)
		}
		if _, c, err := f.ClauseOn(ctx, "mem-10-2023", "第十一条", "2026-11-24"); err != nil || c.Hint || c.Text != "新条文" {
			t.Errorf("the hint was not replaced: %+v %v", c, err)
		}
		if err := f.AddClauses(ctx, "mem-99", add); errs.KindOf(err) != errs.NotFound {
			t.Errorf("clauses of no standard: %v", err)
		}
		f.listTests(t, ctx)
	})
}

func (f *fixture) listTests(t *testing.T, ctx context.Context) {
	for _, tt := range []struct {
		filter StandardFilter
		has    string
		lacks  string
	}{
		{StandardFilter{Line: "coal", On: "2026-11-24"}, "mem-21-2026", "mem-4-2020"},
		{StandardFilter{Line: "coal", On: "2026-06-30"}, "mem-4-2020", "mem-21-2026"},
		{StandardFilter{Line: "hazchem"}, "aq-3067-2026", "mem-10-2023"},
		{StandardFilter{Q: "工贸"}, "mem-10-2023", "aq-3067-2026"},
		{StandardFilter{Q: "第10号"}, "mem-10-2023", "mem-21-2026"},
		{StandardFilter{Q: "%"}, "", "mem-10-2023"},
	} {
		list, err := f.Standards(ctx, tt.filter, "", 200)
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{"": true}
		for _, s := range list.Items {
			ids[s.ID] = true
		}
		if !ids[tt.has] || ids[tt.lacks] {
			t.Errorf("%+v: %v, want %s without %s", tt.filter, ids, tt.has, tt.lacks)
		}
	}
	std := Standard{ID: "sfx-1-2027", Title: "示范县判定标准", Lines: []string{"gas"}, ValidFrom: "2027-01-01"}
	saved, err := f.SaveStandard(ctx, std)
	if err != nil || saved.Version != 1 {
		t.Fatalf("%+v %v", saved, err)
	}
	if _, err := f.SaveStandard(ctx, std); errs.KindOf(err) != errs.Conflict {
		t.Errorf("the same id again: %v", err)
	}
	saved.DocNo, saved.Confirmed = "示范〔2027〕1号", true
	if _, err := f.SaveStandard(ctx, saved); err != nil {
		t.Error(err)
	}
	if _, err := f.SaveStandard(ctx, saved); errs.KindOf(err) != errs.Conflict {
		t.Errorf("a stale version: %v", err)
	}
	saved.ID, saved.Version = "Bad id", 0
	if _, err := f.SaveStandard(ctx, saved); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a bad id: %v", err)
	}
}

// TestImportClausesOfOne imports a table that is about one standard and does not name it.
func TestImportClausesOfOne(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := actor.With(t.Context(), editor(county))
		const table = "条款号\t内容\t关键词\n5.2.1\t条文甲\t瓦斯 通风\n5.2.2\t\"条文乙\n第二行\"\t\n"
		if cs, err := f.ImportClauses(ctx, table, "aq-3067-2026", false); err != nil || len(cs) != 2 {
			t.Fatalf("%v %v", cs, err)
		}
		if _, c, err := f.ClauseOn(ctx, "aq-3067-2026", "5.2.2", "2026-11-24"); err != nil || c.Text != "条文乙\n第二行" {
			t.Errorf("%+v %v", c, err)
		}
		if cs, err := f.ImportClauses(ctx, "5.2.3,条文丙", "aq-3067-2026", true); err != nil || len(cs) != 1 {
			t.Errorf("without a heading: %v %v", cs, err)
		}
		for _, bad := range []string{"条款号\t内容\n", "5.3\t文\n5.3\t文\n", "\t文\n"} {
			if _, err := f.ImportClauses(ctx, bad, "aq-3067-2026", false); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if _, err := f.ImportClauses(ctx, table, "none-1-2026", false); errs.KindOf(err) != errs.Invalid {
			t.Errorf("no such standard: %v", err)
		}
	})
}

func TestImportClauses(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := actor.With(t.Context(), editor(county))
		const table = "标准\t条款\t内容\t关键词\nmem-21-2026\t第四条\t\"多行\n条文\"\t瓦斯、通风\naq-3067-2026\t5.2.1\t条文\t\n"
		if _, err := f.ImportClauses(actor.With(t.Context(), editor(other)), table, "", false); errs.KindOf(err) != errs.Denied {
			t.Errorf("by a neighbour: %v", err)
		}
		if cs, err := f.ImportClauses(ctx, table, "", true); err != nil || len(cs) != 2 {
			t.Errorf("dry run: %v %v", cs, err)
		}
		if _, _, err := f.ClauseOn(ctx, "aq-3067-2026", "5.2.1", "2026-11-24"); err == nil {
			t.Error("the dry run stored a clause")
		}
		if _, err := f.ImportClauses(ctx, table, "", false); err != nil {
			t.Fatal(err)
		}
		if _, c, err := f.ClauseOn(ctx, "mem-21-2026", "第四条", "2026-11-24"); err != nil || c.Text != "多行\n条文" || len(c.Keywords) != 2 {
			t.Errorf("%+v %v", c, err)
		}
		for _, bad := range []string{"", "mem-99\t第一条\t文\n", "mem-10-2023\t\t文\n", "mem-10-2023\t第一条\t\n", "mem-10-2023\t第一条\t文\nmem-10-2023\t第一条\t文\n"} {
			if _, err := f.ImportClauses(ctx, bad, "", false); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}
