// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"net/http"
	"testing"

	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
)

func TestRoutes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		unit := func(name string, kind org.UnitKind, p place.Path, parent string) *org.Unit {
			u := &org.Unit{Name: name, Kind: kind, Place: p, ParentID: parent}
			must(t, w.Org.AddUnit(w.Operator, u))
			return u
		}
		owner := unit("示范县国有资产经营集团", org.UnitOther, hazardtest.County, "")
		owned := unit("示范县国资水泥厂", org.UnitEnterprise, hazardtest.Town, owner.ID)
		zone := unit("安平镇应急管理办公室", org.UnitOffice, hazardtest.Town, owner.ID)
		w.keys.open(t, zone, w.Clerk)
		staffed := unit("示范石料厂", org.UnitEnterprise, hazardtest.Town2, "")
		quarry := unit("河口镇应急管理办公室", org.UnitOffice, hazardtest.Town2, "")
		w.keys.open(t, quarry, w.Person(t, staffed, "石二", "", "unit_safety"), w.Person(t, staffed, "石三", "", "unit_safety"))
		for _, tt := range []struct {
			name     string
			at       place.Path
			about    *org.Unit
			want     *org.Unit
			rerouted bool
		}{
			{"nobody named: the town's office", hazardtest.Town, nil, zone, false},
			{"a firm: the town's office", hazardtest.Town, w.Firm, zone, false},
			{"a firm of the owner of the town's office", hazardtest.Town, owned, w.Office, true},
			{"the owner itself", hazardtest.Town, owner, w.Office, true},
			{"the town's office itself", hazardtest.Town, zone, w.Office, true},
			{"the county's office: neither it nor those under it", hazardtest.Town, w.Office, w.CityOffice, true},
			{"a department of the county", hazardtest.Town, w.Department, w.CityOffice, true},
			{"a firm whose people alone hold the key", hazardtest.Town2, staffed, w.Office, true},
			{"another firm there", hazardtest.Town2, w.OtherFirm, quarry, false},
			{"in the county at large", hazardtest.County, nil, w.Office, false},
			{"where no office has a key: the city's", hazardtest.County2, nil, w.CityOffice, false},
		} {
			p := newPhone(t, w)
			p.place = tt.at
			if tt.about != nil {
				p.unitCode = tt.about.Code
			}
			r := p.ask(t)
			if p.channel != "channel-"+tt.want.ID || r.body["rerouted"] != tt.rerouted {
				t.Errorf("%s: %s, rerouted %v", tt.name, r.raw, r.body["rerouted"])
			}
		}
		p := newPhone(t, w)
		p.unitCode = w.CityOffice.Code
		if r := p.ask(t); r.status != http.StatusNotFound || r.key() != "tip.no_channel" {
			t.Errorf("the highest office: %d %s", r.status, r.raw)
		}
	})
}
