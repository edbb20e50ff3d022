// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"strings"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
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

// FuzzReadTable reads any file as a workbook: it is refused, or every row has a cell for
// each column.
func FuzzReadTable(f *testing.F) {
	f.Add(sheet(f, unitHead, []string{"示范厂", "企业", usccVectors[0], "990101001", "C26", "", "", "2020-01-01", ""}))
	f.Add(sheet(f, []string{"姓名", "姓名"}, []string{"王安"}))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, kind := range []Kind{Units, People} {
			tab, _, err := readTable(kind, file, func(int) {})
			if err != nil && errs.KindOf(err) == errs.Internal {
				t.Errorf("%s: %v", kind, err)
			}
			if err != nil {
				continue
			}
			for _, r := range tab.Rows {
				if len(r.Cells) != len(tab.Keys) {
					t.Errorf("%s: row %d has %d cells of %d", kind, r.N, len(r.Cells), len(tab.Keys))
				}
			}
		}
	})
}

// FuzzReadDay holds that a day that is read is written as one, or left for the check.
func FuzzReadDay(f *testing.F) {
	for _, text := range []string{"2020-06-01", "2020/6/1", "2020年6月1日", "43983", "２０２０．６．１", "0", "-1", "99999", "2020-13-40", "+5", "9999999999"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if day := readDay(text); day.Valid() && readDay(string(day)) != day {
			t.Errorf("%q is read as %s, and that as %s", text, day, readDay(string(day)))
		}
	})
}
