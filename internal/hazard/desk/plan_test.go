// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"strings"
	"testing"
	"time"

	"anlan/internal/hazard"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/platform/db/dbtest"
)

// TestListPlans asks SQLite how it would read each list: by an index, in the order of the
// list, so that a page costs the same however many hazards there are.
func TestListPlans(t *testing.T) {
	w := hazardtest.Open(t, dbtest.Open(t, dbtest.SQLiteDSN(t), hazardtest.Migrations()...))
	day := time.Date(2027, 6, 7, 0, 0, 0, 0, time.UTC)
	county, town, city := area{place: hazardtest.County}, area{place: hazardtest.Town}, area{place: hazardtest.City}
	for _, tt := range []struct {
		name  string
		f     Filter
		a     area
		after cursor
		index string
	}{
		{"county", Filter{}, county, cursor{}, "hazard_by_county"},
		{"county, deep", Filter{}, county, cursor{Seq: 100}, "hazard_by_county"},
		{"county, open", Filter{Open: true}, county, cursor{}, "hazard_by_county"},
		{"county, two statuses", Filter{Status: []hazard.Status{hazard.Ordered, hazard.Overdue}}, county, cursor{}, "hazard_by_county"},
		{"county, one status", Filter{Status: []hazard.Status{hazard.Overdue}}, county, cursor{}, "hazard_by_status"},
		{"county, by due", Filter{Sort: ByDue}, county, cursor{Seq: 5, Due: &day}, "hazard_by_due"},
		{"county, grade and source", Filter{Grade: hazard.Major, Source: "tip"}, county, cursor{}, "hazard_by_county"},
		{"town", Filter{Open: true}, town, cursor{}, "hazard_by_town"},
		{"village", Filter{}, area{place: hazardtest.Town.Child("990101001001")}, cursor{}, "hazard_by_town"},
		{"city", Filter{}, city, cursor{}, "PRIMARY KEY"},
		{"city, by due", Filter{Sort: ByDue}, city, cursor{}, "hazard_by_due"},
		{"line", Filter{}, area{place: hazardtest.County, line: "gas"}, cursor{}, "hazard_by_county"},
		{"unit alone", Filter{}, area{unitPath: "a/"}, cursor{}, "hazard_by_unit"},
		{"unit in a county", Filter{}, area{place: hazardtest.County, unitPath: "a/"}, cursor{}, "hazard_by_unit"},
		{"unit in a town", Filter{}, area{place: hazardtest.Town, unitPath: "a/"}, cursor{}, "hazard_by_unit"},
		{"own reports", Filter{}, area{reporter: "p"}, cursor{}, "hazard_by_reporter"},
		{"words", Filter{Words: "消防 通道"}, county, cursor{Seq: 100}, "VIRTUAL TABLE INDEX"},
	} {
		var hs []*hazard.Hazard
		query := listQuery(w.DB.Read(), &hs, &tt.f, tt.a, tt.after).Limit(51).String()
		rows, err := w.DB.SQL().QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, detail)
		}
		rows.Close()
		text := strings.Join(plan, "; ")
		sorts := strings.Contains(text, "TEMP B-TREE") && tt.a.unitPath == "" // the hazards of one group are few
		scans := tt.index == "PRIMARY KEY" && text == "SCAN hazard"
		if sorts || !strings.Contains(text, tt.index) && !scans {
			t.Errorf("%s: %s, want %s", tt.name, text, tt.index)
		}
	}
}
