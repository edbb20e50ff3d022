// SPDX-License-Identifier: Apache-2.0

package org

import (
	"errors"
	"io/fs"
	"slices"
	"testing"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

func fieldKeys(err error) []string {
	var keys []string
	if e, ok := errors.AsType[*errs.Error](err); ok {
		for _, f := range e.Fields {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

func TestShippedRegions(t *testing.T) {
	all, err := shippedRegions()
	if err != nil {
		t.Fatal(err)
	}
	count := map[Level]int{}
	seen := map[place.Path]bool{"": true}
	for _, r := range all {
		count[r.Level]++
		if !seen[r.Path.Parent()] || seen[r.Path] || r.Level != LevelAt(r.Path) || r.Code != r.Path.Code() {
			t.Fatalf("%+v: no place above it, twice, or on a wrong rung", r)
		}
		seen[r.Path] = true
		if r.Path != place.Nation && r.Check() != nil {
			t.Errorf("%+v: %v", r, r.Check())
		}
	}
	want := map[Level]int{LevelNation: 1, LevelProvince: 34, LevelPrefecture: 342, LevelCounty: 2978, LevelTown: 41352}
	for level, n := range want {
		if count[level] != n {
			t.Errorf("%s: %d regions, want %d", level, count[level], n)
		}
	}
	if len(regionData) > 400<<10 {
		t.Errorf("the embedded regions take %d bytes, more than 400 KB", len(regionData))
	}
}

func TestLoadRegions(t *testing.T) {
	dbtest.Each(t, []fs.FS{ledger.Migrations(), Migrations()}, func(t *testing.T, d *db.DB) {
		s := New(Config{DB: d, Now: clock.System})
		start := time.Now()
		n, err := s.LoadRegions(t.Context())
		if err != nil || n != 44_707 {
			t.Fatalf("loaded %d regions, error %v; want 44,707", n, err)
		}
		t.Logf("loaded in %v", time.Since(start))
		if n, err := s.LoadRegions(t.Context()); n != 0 || err != nil {
			t.Errorf("a second time: %d, %v; want 0", n, err)
		}
		for _, tt := range []struct{ code, full string }{
			{"cn", "全国"},
			{"110101001000", "北京市东城区东华门街道"},
			{"441900003", "广东省东莞市东城街道"},
			{"441900", "广东省东莞市"},
			{"441900000000", "广东省东莞市"},
			{"110100", "北京市市辖区"},
			{"429004", "湖北省仙桃市"},
			{"500229", "重庆市城口县"},
			{"71", "台湾省"},
		} {
			r, err := s.RegionByCode(t.Context(), tt.code)
			if err != nil {
				t.Errorf("%s: %v", tt.code, err)
				continue
			}
			if name, err := s.PlaceName(t.Context(), r.Path); err != nil || name != tt.full {
				t.Errorf("%s: full name %q, error %v; want %q", tt.code, name, err, tt.full)
			}
		}
		found, err := s.SearchRegions(t.Context(), place.Nation, "东城", 50)
		if err != nil || len(found) < 5 || found[0].Level != LevelCounty {
			t.Errorf("search found %d, error %v", len(found), err)
		}
		provinces, err := s.Children(t.Context(), place.Nation, "", page.MaxLimit)
		if err != nil || len(provinces.Items) != 34 || provinces.Next != "" {
			t.Errorf("%d provinces, error %v", len(provinces.Items), err)
		}
	})
}

func TestCodesMeant(t *testing.T) {
	for _, tt := range []struct {
		code string
		want []string
	}{
		{"99", []string{"99"}},
		{"990101", []string{"990101"}},
		{"990101000000", []string{"990101000000", "990101000", "990101"}},
		{"441900", []string{"441900", "4419"}},
		{"990101z1", []string{"990101z1"}},
		{"99010", []string{"99010"}},
		{"", []string{""}},
	} {
		if got := codesMeant(tt.code); !slices.Equal(got, tt.want) {
			t.Errorf("codesMeant(%q) = %q, want %q", tt.code, got, tt.want)
		}
	}
}

func TestAddRegion(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for _, tt := range []struct {
			name   string
			region Region
			key    string
		}{
			{"a province", Region{Path: "cn/98/", Name: "样板省"}, ""},
			{"twice", Region{Path: county, Name: "清江县"}, "org.region_exists"},
			{"a code of another county", Region{Path: county + "990102009/", Name: "某镇"}, "org.bad_region_code"},
			{"a short code", Region{Path: county + "9901010/", Name: "某镇"}, "org.bad_region_code"},
			{"no name", Region{Path: county + "990101009/", Name: " "}, "org.bad_name"},
			{"nothing above", Region{Path: "cn/97/9701/", Name: "某市"}, "org.no_region_above"},
			{"no path", Region{Path: "99", Name: "某省"}, "org.bad_path"},
			{"the nation", Region{Path: place.Nation, Name: "国"}, "org.bad_path"},
			{"a zone of a province", Region{Path: province + "99z1/", Kind: Zone, Name: "新区"}, "org.zone_depth"},
			{"a division that owns", Region{Path: county + "990101008/", Name: "某镇", Owns: []place.Path{town2}}, "org.bad_owned"},
		} {
			err := w.AddRegion(w.ctx, tt.region)
			if tt.key == "" {
				w.must(t, err)
				continue
			}
			kind := errs.Invalid
			if tt.key == "org.region_exists" {
				kind = errs.Conflict
			}
			t.Run(tt.name, func(t *testing.T) { wants(t, err, kind, tt.key) })
		}
		clerk := actor.With(t.Context(), actor.Actor{ID: "x", Grants: []actor.Grant{{Perms: []string{PermEdit},
			Scope: actor.Scope{Trunk: actor.Territory, Place: county}}}})
		w.must(t, w.AddRegion(clerk, Region{Path: county + "990101002/", Name: "江口镇"}))
		wants(t, w.AddRegion(clerk, Region{Path: county2 + "990102002/", Name: "岭下镇"}), errs.Denied, "auth.denied")
		wants(t, w.AddRegion(t.Context(), Region{Path: county + "990101003/", Name: "江尾镇"}), errs.Unauthenticated, "")
	})
}

func TestPlaceNames(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for p, want := range map[place.Path]string{
			place.Nation: "全国", province: "示范省", city: "示范省市辖区", county: "示范省清江县", town: "示范省清江县城关镇",
		} {
			if got, err := w.PlaceName(w.ctx, p); got != want || err != nil {
				t.Errorf("%s: %q, error %v; want %q", p, got, err, want)
			}
		}
		_, err := w.PlaceName(w.ctx, "cn/00/")
		wants(t, err, errs.NotFound, "org.region_not_found")
		names, err := w.PlaceNames(w.ctx, []place.Path{town, "", "cn/00/", "x", town2})
		if err != nil || len(names) != 2 || names[town2] != "示范省云岭县城关镇" {
			t.Errorf("names %v, error %v", names, err)
		}
	})
}

func TestRename(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		wants(t, w.RenameRegion(w.ctx, "990101", "清江市", "2026-12-01"), errs.Invalid, "org.bad_change_day")
		wants(t, w.RenameRegion(w.ctx, "990109", "清江市", "2026-11-01"), errs.NotFound, "org.region_not_found")
		w.must(t, w.RenameRegion(w.ctx, "990101", "清江市", "2026-11-01"))
		for day, want := range map[clock.Day]string{"2020-06-01": "清江县", "2026-10-31": "清江县", "2026-11-01": "清江市", "2027-01-01": "清江市"} {
			if r, err := w.RegionOn(w.ctx, county, day); err != nil || r.Name != want {
				t.Errorf("on %s: %v, error %v; want %s", day, r, err, want)
			}
		}
		if name, _ := w.PlaceName(w.ctx, town); name != "示范省清江市城关镇" {
			t.Errorf("full name %q", name)
		}
	})
}

// TestEndRegion turns a county into a district: 撤县设区.
func TestEndRegion(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		district := city.Child("990111")
		w.must(t, w.AddRegion(w.ctx, Region{Path: district, Name: "清江区"}))
		w.must(t, w.AddRegion(w.ctx, Region{Path: district.Child("990111001"), Name: "城关镇"}))
		w.must(t, w.AddRegion(w.ctx, Region{Path: county.Child("990101002"), Name: "江口镇"}))
		office := w.office(t, county, "清江县应急管理局")
		inTown := w.unit(t, town, "示范化工有限公司", nil)
		inLost := w.unit(t, county.Child("990101002"), "江口商行", nil)
		clerk := w.person(t, office, "钱文", "office_clerk")
		zone, err := w.AddZone(w.ctx, city, "高新区", []place.Path{town})
		w.must(t, err)

		wants(t, w.EndRegion(w.ctx, "990101", "2026-11-25", nil), errs.Invalid, "org.bad_change_day")
		wants(t, w.EndRegion(w.ctx, "990101", "2026-11-24", []string{"990119"}), errs.Invalid, "org.bad_successor")
		wants(t, w.EndRegion(w.ctx, "990101", "2026-11-24", []string{"990101001"}), errs.Invalid, "org.bad_successor")
		w.must(t, w.EndRegion(w.ctx, "990101", "2026-11-24", []string{"990111"}))
		w.clock.Set(testTime.AddDate(0, 0, 1))

		for unit, want := range map[*Unit]place.Path{office: district, inTown: district.Child("990111001"), inLost: district} {
			if u, err := w.Unit(w.ctx, unit.ID); err != nil || u.Place != want {
				t.Errorf("%s now at %v, error %v; want %s", unit.Name, u, err, want)
			}
		}
		if a, _ := w.ActorOf(w.ctx, clerk.ID, ""); !a.May(PermRead, actor.Object{Place: district}) || a.Home != district {
			t.Errorf("the clerk acts at %s with %v", a.Home, a.Grants)
		}
		if r, _ := w.RegionAt(w.ctx, zone.Path); !slices.Equal(r.Owns, []place.Path{district.Child("990111001")}) {
			t.Errorf("the zone owns %v", r.Owns)
		}
		if name, err := w.PlaceName(w.ctx, town); name != "示范省清江县城关镇" || err != nil {
			t.Errorf("the old path is called %q, error %v", name, err)
		}
		w.successors(t, town, "2026-11-24", town)
		w.successors(t, town, "2026-11-25", district.Child("990111001"))
		w.successors(t, county.Child("990101002"), "2026-11-25", district)
		wants(t, w.EndRegion(w.ctx, "990101", "2026-11-25", nil), errs.Conflict, "org.region_ended")
		if err := w.AddUnit(w.ctx, &Unit{Name: "新厂", Kind: UnitEnterprise, Place: town}); fieldKeys(err) == nil {
			t.Errorf("a unit at an ended place: error %v", err)
		}
		k := w.kinds(t)
		if k["org.unit_left.v1"] != 3 || k["org.unit_arrived.v1"] != 3 || k["org.region_ended.v1"] != 1 {
			t.Errorf("entries %v", k)
		}
	})
}

func (w world) successors(t *testing.T, p place.Path, day clock.Day, want ...place.Path) {
	t.Helper()
	got, err := w.Successor(w.ctx, p, day)
	paths := make([]place.Path, len(got))
	for i, r := range got {
		paths[i] = r.Path
	}
	if err != nil || !slices.Equal(paths, want) {
		t.Errorf("successors of %s on %s: %v, error %v; want %v", p, day, paths, err, want)
	}
}

// TestSplit ends a region with two successors: units wait for a person to decide.
func TestSplit(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		u := w.unit(t, town, "示范化工有限公司", nil)
		w.must(t, w.AddRegion(w.ctx, Region{Path: county.Child("990101005"), Name: "东关镇"}))
		w.must(t, w.AddRegion(w.ctx, Region{Path: county.Child("990101006"), Name: "西关镇"}))
		w.must(t, w.EndRegion(w.ctx, "990101001", "2026-11-24", []string{"990101005", "990101006"}))
		if u, _ := w.Unit(w.ctx, u.ID); u.Place != town {
			t.Errorf("the unit moved to %s", u.Place)
		}
		w.successors(t, town, "2026-11-25", county.Child("990101005"), county.Child("990101006"))
		_, err := w.Successor(w.ctx, "cn/00/", "2026-11-25")
		wants(t, err, errs.NotFound, "org.region_not_found")
	})
}

func TestZone(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		big, err := w.AddZone(w.ctx, city, "示范高新区", []place.Path{town, county2})
		w.must(t, err)
		small, err := w.AddZone(w.ctx, county, "清江工业园", nil)
		w.must(t, err)
		if big.Level != LevelCounty || small.Level != LevelTown || big.Path.Depth() != 3 || small.Path.Depth() != 4 {
			t.Errorf("zones %+v and %+v", big, small)
		}
		if !slices.Equal(big.Owns, []place.Path{town, county2}) {
			t.Errorf("the zone owns %v", big.Owns)
		}
		_, err = w.AddZone(w.ctx, city, "二号区", []place.Path{town})
		wants(t, err, errs.Conflict, "org.division_owned")
		_, err = w.AddZone(w.ctx, city, "三号区", []place.Path{county, county.Child("990101001")})
		wants(t, err, errs.Invalid, "org.bad_owned")
		_, err = w.AddZone(w.ctx, county, "四号区", []place.Path{county})
		wants(t, err, errs.Invalid, "org.bad_owned")
		w.must(t, w.AddRegion(w.ctx, Region{Path: big.Path.Child("990101077"), Name: "园区街道"}))

		w.office(t, county, "清江县应急管理局")
		w.office(t, city, "示范市应急管理局")
		zoneOffice := w.office(t, big.Path, "高新区安监局")
		for p, want := range map[place.Path]string{town: "高新区安监局", county: "清江县应急管理局", small.Path: "清江县应急管理局",
			town2: "高新区安监局", city: "示范市应急管理局", big.Path.Child("990101077"): "高新区安监局"} {
			if u, err := w.OfficeFor(w.ctx, p); err != nil || u.Name != want {
				t.Errorf("%s: %v, error %v; want %s", p, u, err, want)
			}
		}
		_, err = w.OfficeFor(w.ctx, province)
		wants(t, err, errs.NotFound, "org.no_office")
		a, err := w.ActorOf(w.ctx, w.person(t, zoneOffice, "孙园", "office_clerk").ID, "")
		w.must(t, err)
		for p, may := range map[place.Path]bool{big.Path: true, town: true, town2: true, county: false} {
			if a.May("hazard.triage", actor.Object{Place: p}) != may {
				t.Errorf("the zone's clerk at %s: want %t", p, may)
			}
		}
	})
}
