// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"strings"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/org"
)

// FuzzPlanUnits puts any text into the cells of a table: each row is taken or refused.
func FuzzPlanUnits(f *testing.F) {
	w := open(f, sqliteDB(f))
	f.Add("示范厂", "企业", usccVectors[0], "990101001", "C26", "危险化学品、工贸", "", "2020-01-01")
	f.Add("=cmd", "其他", "９１", "99\x00", "Ｃ２６", "、、", "自己", "43983")
	f.Fuzz(func(t *testing.T, name, kind, uscc, place, industry, lines, parent, opened string) {
		for _, cell := range []string{name, kind, uscc, place, industry, lines, parent, opened} {
			if strings.ContainsRune(cell, 0) || strings.ToValidUTF8(cell, "") != cell {
				t.Skip("the reader lets no such text through")
			}
		}
		tab := &table{Kind: Units, Keys: []string{"name", "kind", "uscc", "place", "industry", "lines", "parent", "opened"},
			Rows: []tableRow{{N: 2, Cells: []string{name, kind, uscc, place, industry, lines, parent, opened}}}}
		bad := &rowErrors{kind: Units}
		p, err := w.planUnits(w.ctx, w.Org.DB.Read(), tab, bad)
		if err != nil {
			t.Fatal(err)
		}
		if bad.n == 0 && (len(p.drafts) != 1 || p.drafts[0].unit.Check() != nil) {
			t.Errorf("drafts %+v", p.drafts)
		}
	})
}

// FuzzPlanPeople is FuzzPlanUnits for people.
func FuzzPlanPeople(f *testing.F) {
	w := open(f, sqliteDB(f))
	u := w.unit(f, town, "示范厂", nil)
	f.Add("王安", "13800001234", u.Code, "", "", "电工", "是")
	f.Add("", "138****1234", "", "９", "示范厂", "\u200b", "no")
	f.Fuzz(func(t *testing.T, name, phone, code, uscc, unit, title, head string) {
		for _, cell := range []string{name, phone, code, uscc, unit, title, head} {
			if strings.ContainsRune(cell, 0) || strings.ToValidUTF8(cell, "") != cell {
				t.Skip("the reader lets no such text through")
			}
		}
		tab := &table{Kind: People, Keys: []string{"name", "phone", "code", "uscc", "unit", "title", "head"},
			Rows: []tableRow{{N: 2, Cells: []string{name, phone, code, uscc, unit, title, head}}}}
		bad := &rowErrors{kind: People}
		p, err := w.planPeople(actor.With(t.Context(), org.Operator()), w.Org.DB.Read(), tab, bad)
		if err != nil {
			t.Fatal(err)
		}
		if bad.n == 0 && (len(p.drafts) != 1 || org.CheckPersonName(p.drafts[0].Card.Name) != nil) {
			t.Errorf("drafts %+v", p.drafts)
		}
	})
}
