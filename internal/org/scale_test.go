// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

// TestScale fills a database with 100,000 units and 1,000,000 people in 1,000 towns
// and prints how long lists and searches take. It runs when ANLAN_SCALE names the
// database: a file, made and filled when it is not there, or an empty PostgreSQL.
//
//	ANLAN_SCALE=/tmp/scale.db go test ./internal/org -run TestScale -v -timeout 30m
func TestScale(t *testing.T) {
	dsn := os.Getenv("ANLAN_SCALE")
	if dsn == "" {
		t.Skip("ANLAN_SCALE is not set")
	}
	_, err := os.Stat(dsn)
	d := dbtest.Open(t, dsn, ledger.Migrations(), Migrations())
	var w world
	if err == nil {
		w = serviceOn(t, d)
	} else {
		w = open(t, d)
		start := time.Now()
		fill(t, w, 100, 10)
		t.Logf("filled in %v", time.Since(start).Round(time.Millisecond))
	}
	u, person := someone(t, w)

	nation := actor.With(t.Context(), Operator())
	in := func(scopes ...actor.Scope) context.Context {
		var grants []actor.Grant
		for _, s := range scopes {
			grants = append(grants, actor.Grant{Scope: s, Perms: []string{PermRead, PermPersonRead}})
		}
		return actor.With(t.Context(), actor.Actor{ID: "x", Grants: grants})
	}
	aCounty := in(actor.Scope{Trunk: actor.Territory, Place: "cn/98/9801/980103/"})
	aLine := in(actor.Scope{Trunk: actor.Line, Place: "cn/98/9801/", Line: "hazchem"})
	aGroup := in(actor.Scope{Trunk: actor.Group, Unit: u.GroupPath})
	both := in(actor.Scope{Trunk: actor.Territory, Place: "cn/98/9801/980103/"}, actor.Scope{Trunk: actor.Group, Unit: u.GroupPath})

	units := func(ctx context.Context, f UnitFilter, cursor string) func() (string, int, error) {
		return func() (string, int, error) { p, err := w.Units(ctx, f, cursor, 50); return p.Next, len(p.Items), err }
	}
	people := func(ctx context.Context, f PersonFilter, cursor string) func() (string, int, error) {
		return func() (string, int, error) { p, err := w.People(ctx, f, cursor, 50); return p.Next, len(p.Items), err }
	}
	deepUnit := page.Encode(unitKey{Place: "cn/98/9809/980908/980908005/", ID: "0"})
	deepPerson := page.Encode(personKey{Place: "cn/98/9809/980908/980908005/", Unit: "0", Person: "0"})
	for _, tt := range []struct {
		name string
		run  func() (string, int, error)
	}{
		{"units, nation, first page", units(nation, UnitFilter{}, "")},
		{"units, nation, deep page", units(nation, UnitFilter{}, deepUnit)},
		{"units, county", units(aCounty, UnitFilter{}, "")},
		{"units, line in a prefecture", units(aLine, UnitFilter{}, "")},
		{"units, group", units(aGroup, UnitFilter{}, "")},
		{"units, county and group", units(both, UnitFilter{}, "")},
		{"units, nation, rare line", units(nation, UnitFilter{Line: "coal"}, "")},
		{"units, nation, industry", units(nation, UnitFilter{Industry: "C26"}, "")},
		{"units, nation, two characters", units(nation, UnitFilter{Words: "化工"}, "")},
		{"units, nation, one unit", units(nation, UnitFilter{Words: "98765"}, "")},
		{"units, county, two common characters", units(aCounty, UnitFilter{Words: "化工"}, "")},
		{"people, nation, first page", people(nation, PersonFilter{}, "")},
		{"people, nation, deep page", people(nation, PersonFilter{}, deepPerson)},
		{"people, county", people(aCounty, PersonFilter{}, "")},
		{"people, county and group", people(both, PersonFilter{}, "")},
		{"people, one unit", people(nation, PersonFilter{Unit: u.ID}, "")},
		{"people, nation, family name", people(nation, PersonFilter{Words: "王"}, "")},
		{"people, nation, full name", people(nation, PersonFilter{Words: "王建国"}, "")},
		{"people, county, family name", people(aCounty, PersonFilter{Words: "王"}, "")},
		{"people, county, full name", people(aCounty, PersonFilter{Words: "王建国"}, "")},
		{"people, group, family name", people(aGroup, PersonFilter{Words: "王"}, "")},
		{"actor", func() (string, int, error) {
			a, err := w.ActorOf(t.Context(), person, "")
			return "", len(a.Grants), err
		}},
	} {
		t.Log(timed(t, tt.name, tt.run))
	}
}

// timed runs fn often and describes its latencies, and the processor time that one
// run takes: on a busy machine that is the truer figure.
func timed(t *testing.T, name string, fn func() (string, int, error)) string {
	t.Helper()
	const runs = 40
	var all []time.Duration
	rows := 0
	before := processorTime(t)
	for range runs {
		start := time.Now()
		_, n, err := fn()
		if err != nil {
			t.Fatal(name, err)
		}
		rows, all = n, append(all, time.Since(start))
	}
	cpu := (processorTime(t) - before) / runs
	slices.Sort(all)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("%-40s %3d rows  p50 %8.2f ms  max %8.2f ms  cpu %7.2f ms", name, rows, ms(all[runs/2]), ms(all[runs-1]), ms(cpu))
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var (
	trades   = []string{"化工", "机械", "食品", "矿业", "物流", "燃气", "纺织", "建材", "电子", "商贸"}
	surnames = []string{"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高"}
	given    = []string{"建国", "安", "伟", "芳", "秀英", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "平", "明", "霞"}
)

// someone returns the unit at the top of a group and a person with a role there.
func someone(t *testing.T, w world) (*Unit, string) {
	t.Helper()
	units, err := unitsBy(t.Context(), w.DB.Read(), "name", []string{"示范集团总部"})
	w.must(t, err)
	grants, err := grantsBy(t.Context(), w.DB.Read(), "", units[0].ID, 1)
	w.must(t, err)
	return units[0], grants[0].PersonID
}

// fill adds a province of 10 × 10 × 10 towns, with units in each town and people in
// each unit.
func fill(t *testing.T, w world, unitsPerTown, peoplePerUnit int) {
	t.Helper()
	towns := province98(t, w)
	var top *Unit
	n := 0
	for i, at := range towns {
		units := make([]*Unit, unitsPerTown)
		for j := range units {
			n++
			u := &Unit{Name: fmt.Sprintf("示范%s第%d有限公司", trades[n%10], n), Kind: UnitEnterprise, Place: at, Industry: "C26", Lines: []string{"industry_trade"}}
			if n%10 == 0 {
				u.Lines = []string{"hazchem"}
			}
			if n%1000 == 7 {
				u.Lines, u.Industry = []string{"coal"}, "B06"
			}
			w.Identify(u)
			u.GroupPath = u.ID + "/"
			if i == 500 && j > 0 && j < 20 { // a group of twenty
				u.ParentID, u.GroupPath = units[0].ID, units[0].GroupPath+u.GroupPath
			}
			units[j] = u
		}
		if i == 500 {
			top = units[0]
			top.Name = "示范集团总部"
		}
		w.must(t, w.DB.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return staff(ctx, tx, w, units, peoplePerUnit) }))
	}
	w.person(t, top, "一个人", "unit_head")
}

func province98(t *testing.T, w world) []place.Path {
	t.Helper()
	all := []Region{{Path: "cn/98/", Name: "样板省"}}
	var towns []place.Path
	for i := range 10 {
		city := place.Path("cn/98/").Child(fmt.Sprintf("98%02d", i))
		all = append(all, Region{Path: city, Name: fmt.Sprintf("样板%d市", i)})
		for j := range 10 {
			county := city.Child(fmt.Sprintf("98%02d%02d", i, j))
			all = append(all, Region{Path: county, Name: fmt.Sprintf("样板%d县", j)})
			for k := range 10 {
				town := county.Child(fmt.Sprintf("98%02d%02d%03d", i, j, k))
				all = append(all, Region{Path: town, Name: fmt.Sprintf("样板%d镇", k)})
				towns = append(towns, town)
			}
		}
	}
	w.must(t, w.DB.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return insertRegions(ctx, tx, all) }))
	return towns
}

func staff(ctx context.Context, tx db.Tx, w world, units []*Unit, each int) error {
	if err := insertUnits(ctx, tx, units); err != nil {
		return err
	}
	var people []personRow
	var members []Membership
	for _, u := range units {
		for range each {
			k := rand.IntN(len(surnames) * len(given))
			p := personRow{ID: w.IDs.New(), Name: surnames[k%len(surnames)] + given[k/len(surnames)], Created: w.Now(), Version: 1}
			people = append(people, p)
			members = append(members, Membership{ID: w.IDs.New(), PersonID: p.ID, UnitID: u.ID, Main: true, From: "2026-01-01"})
		}
	}
	if err := insertPeople(ctx, tx, people); err != nil {
		return err
	}
	return insertMembers(ctx, tx, members)
}
