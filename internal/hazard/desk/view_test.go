// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"anlan/internal/kernel/errs"
)

func TestViews(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		a := s.Do(t, s.Clerk, http.MethodPost, "/hazards/views", map[string]any{"name": "重大未销号", "query": "grade=major&open=true"})
		if a.Status != http.StatusCreated {
			t.Fatalf("save: %d %s", a.Status, a.Raw)
		}
		if l := s.Do(t, s.Officer, http.MethodGet, "/hazards/views", nil); len(l.Body["items"].([]any)) != 0 {
			t.Errorf("another's views: %s", l.Raw)
		}
		path, named := "/hazards/views/"+a.Text("id"), map[string]any{"name": " 重大隐患 "}
		if r := s.Do(t, s.Officer, http.MethodPut, path, named); r.Status != http.StatusNotFound {
			t.Errorf("renaming another's view: %d", r.Status)
		}
		if r := s.Do(t, s.Clerk, http.MethodPut, path, map[string]any{"name": " "}); r.Fields()["body.name"] != "hazard.bad_view" {
			t.Errorf("a view without a name: %s", r.Raw)
		}
		if r := s.Do(t, s.Clerk, http.MethodPut, path, named); r.Status != http.StatusNoContent {
			t.Errorf("renaming: %d %s", r.Status, r.Raw)
		}
		if vs, err := s.desk.Views(s.As(t, s.Clerk)); err != nil || len(vs) != 1 || vs[0].Name != "重大隐患" {
			t.Errorf("renamed: %v %v", vs, err)
		}
		if d := s.Do(t, s.Officer, http.MethodDelete, "/hazards/views/"+a.Text("id"), nil); d.Status != http.StatusNotFound {
			t.Errorf("deleting another's view: %d", d.Status)
		}
		if d := s.Do(t, s.Clerk, http.MethodDelete, "/hazards/views/"+a.Text("id"), nil); d.Status != http.StatusNoContent {
			t.Errorf("deleting: %d %s", d.Status, d.Raw)
		}
		ctx := s.As(t, s.Clerk)
		for i := range maxViews {
			if _, err := s.desk.SaveView(ctx, strconv.Itoa(i), ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.desk.SaveView(ctx, "多一个", ""); errs.KindOf(err) != errs.Exhausted {
			t.Errorf("one view too many: %v", err)
		}
		for _, name := range []string{" ", strings.Repeat("长", maxViewName+1)} {
			if _, err := s.desk.SaveView(ctx, name, ""); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}
