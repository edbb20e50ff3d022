// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"slices"
	"strings"
	"testing"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
)

func TestImportVillages(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		const good = "code,name,streetCode\n990101001001,\"江滨社区居委会\",990101001\n990101001201,\"下坝村委会\",990101001\n990102001200,\"下坝村委会\",990102001\n"
		n, err := w.ImportVillages(w.ctx, strings.NewReader("\ufeff"+good))
		if err != nil || n != (Imported{New: 3}) {
			t.Fatalf("imported %+v, error %v", n, err)
		}
		n, err = w.ImportVillages(w.ctx, strings.NewReader(strings.Replace(good, "江滨社区", "江畔社区", 1)))
		if err != nil || n != (Imported{Changed: 1, Same: 2}) {
			t.Errorf("again: %+v, error %v", n, err)
		}
		if r, err := w.Org.RegionByCode(w.ctx, "990101001001"); err != nil || r.Name != "江畔社区居委会" || r.Level != org.LevelVillage {
			t.Errorf("village %+v, error %v", r, err)
		}
		found, err := w.Org.SearchRegions(w.ctx, county, "下坝", 10)
		if err != nil || len(found) != 1 {
			t.Errorf("found %v, error %v", found, err)
		}
		if found, _ := w.Org.SearchRegions(w.ctx, province, "下坝", 10); len(found) != 0 {
			t.Errorf("villages of a whole province: %v", found)
		}
		const bad = "name,code\n好村,990101001202\n坏村,99010100120\n,990101001203\n远村,980101001200\n好村,990101001202\n短\n"
		_, err = w.ImportVillages(w.ctx, strings.NewReader(bad))
		want := []string{"org.bad_village_code", "org.bad_row_name", "org.no_town", "org.row_twice", "org.row_short"}
		if !slices.Equal(fieldKeys(err), want) {
			t.Errorf("errors %v, want %v", fieldKeys(err), want)
		}
		if _, err := w.Org.RegionByCode(w.ctx, "990101001202"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("half an import: %v", err)
		}
		for _, text := range []string{"", "a,b\n", "code,name\n\"x"} {
			_, err := w.ImportVillages(w.ctx, strings.NewReader(text))
			wants(t, err, errs.Invalid, "")
		}
		_, err = w.ImportVillages(t.Context(), strings.NewReader(good))
		wants(t, err, errs.Unauthenticated, "")
	})
}

func FuzzReadVillages(f *testing.F) {
	towns := map[string]place.Path{"990101001": town}
	f.Add("code,name\n990101001001,某社区\n")
	f.Add("\ufeffname,code,\n\"a\"\"b\",990101001200,x\n")
	f.Fuzz(func(t *testing.T, text string) {
		villages, err := readVillages(strings.NewReader(text), towns)
		if err != nil && errs.KindOf(err) != errs.Invalid {
			t.Errorf("error %v", err)
		}
		for _, v := range villages {
			if !town.Contains(v.Path) || !v.Path.Valid() {
				t.Errorf("village %+v", v)
			}
		}
	})
}
