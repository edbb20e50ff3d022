// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"bytes"
	"context"
	"io/fs"
	"testing"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/seal"
)

const (
	province = place.Path("cn/99/")
	city     = place.Path("cn/99/9901/")
	county   = place.Path("cn/99/9901/990101/")
	town     = place.Path("cn/99/9901/990101/990101001/")
)

// world is a Service over an invented province, in June 2026.
type world struct {
	*Service
	clock *clock.Manual
	ctx   context.Context // of the operator
	unit  *org.Unit       // an enterprise in the town
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	dbtest.Each(t, []fs.FS{ledger.Migrations(), org.Migrations(), Migrations()}, func(t *testing.T, d *db.DB) { fn(t, open(t, d)) })
}

func open(t *testing.T, d *db.DB) world {
	t.Helper()
	now := clock.NewManual(time.Date(2026, 6, 8, 9, 0, 0, 0, clock.Beijing))
	ids := id.NewSource(now.Now)
	l, err := ledger.Open(t.Context(), d, now.Now, ids)
	if err != nil {
		t.Fatal(err)
	}
	o := org.New(org.Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Box: seal.New(bytes.Repeat([]byte{3}, seal.KeySize))})
	w := world{New(Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Org: o}), now, actor.With(t.Context(), org.Operator()), nil}
	if _, err := o.LoadRegions(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range []org.Region{{Path: province, Name: "示范省"}, {Path: city, Name: "示范市"}, {Path: county, Name: "示范县"}, {Path: town, Name: "安平镇"}} {
		if err := o.AddRegion(w.ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	w.unit = &org.Unit{Name: "示范恒源化工有限公司", Kind: org.UnitEnterprise, Place: town}
	if err := o.AddUnit(w.ctx, w.unit); err != nil {
		t.Fatal(err)
	}
	return w
}

// as returns the context of somebody with a role's permission in a territory.
func as(ctx context.Context, p place.Path, perms ...string) context.Context {
	return actor.With(ctx, actor.Actor{ID: "somebody", Home: p, Grants: []actor.Grant{
		{Scope: actor.Scope{Trunk: actor.Territory, Place: p}, Perms: perms}}})
}

func (w world) create(t *testing.T, p place.Path, year int) *Campaign {
	t.Helper()
	c := Template2020.For(year)
	c.Place, c.Theme = p, "人人讲安全"
	c, err := w.Create(w.ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCurrentIsTheLowest(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		national, own := w.create(t, place.Nation, 2026), w.create(t, county, 2026)
		tests := []struct {
			at   place.Path
			day  clock.Day
			want string
		}{
			{town, "2026-06-08", own.ID}, {county, "2026-06-08", own.ID}, {city, "2026-06-08", national.ID},
			{town, "2026-05-31", ""}, {town, "2027-06-08", ""}, {"cn/11/", "2026-12-31", national.ID},
		}
		for _, tt := range tests {
			c, err := w.Current(w.ctx, tt.at, tt.day)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if c != nil {
				got = c.ID
			}
			if got != tt.want {
				t.Errorf("Current(%s, %s) = %q, want %q", tt.at, tt.day, got, tt.want)
			}
		}
		if c, err := w.Latest(w.ctx, town, "2027-03-01"); err != nil || c == nil || c.ID != own.ID {
			t.Errorf("Latest = %v, %v; want the county's", c, err)
		}
	})
}

func TestWhoMayEdit(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		c := Blank.For(2026)
		c.Place, c.Theme = county, "人人讲安全"
		for name, tt := range map[string]struct {
			ctx  context.Context
			kind errs.Kind
		}{
			"the public":    {t.Context(), errs.Unauthenticated},
			"another place": {as(t.Context(), "cn/11/", PermEdit), errs.Denied},
			"only reading":  {as(t.Context(), county, PermRead), errs.Denied},
		} {
			if _, err := w.Create(tt.ctx, c); errs.KindOf(err) != tt.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Create(as(t.Context(), county, PermEdit), c); err != nil {
			t.Fatal(err)
		}
		again := *c
		again.ID = ""
		if _, err := w.Create(as(t.Context(), county, PermEdit), &again); errs.KeyOf(err) != "campaign.exists" {
			t.Errorf("a second campaign of the year: %v", err)
		}
		stale := *c
		c.Theme = "个个会应急"
		if _, err := w.Change(w.ctx, c); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Change(w.ctx, &stale); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a stale change: %v", err)
		}
	})
}

func TestJoin(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		c := w.create(t, county, 2026)
		elsewhere := w.create(t, "cn/11/", 2026)
		head := actor.With(t.Context(), actor.Actor{ID: "head", Unit: w.unit.ID, Grants: []actor.Grant{
			{Scope: actor.Scope{Trunk: actor.Group, Unit: w.unit.GroupPath}, Perms: []string{PermRead, PermJoin}}}})
		if n, err := w.Join(head, c.ID, []string{w.unit.ID, w.unit.ID}); err != nil || n != 1 {
			t.Errorf("Join = %d, %v; want 1", n, err)
		}
		if n, err := w.Join(head, c.ID, []string{w.unit.ID}); err != nil || n != 0 {
			t.Errorf("joining again = %d, %v; want 0", n, err)
		}
		if _, err := w.Join(head, elsewhere.ID, []string{w.unit.ID}); errs.KeyOf(err) != "campaign.unit_elsewhere" {
			t.Errorf("joining elsewhere: %v", err)
		}
		if _, err := w.Join(as(t.Context(), "cn/11/", PermEdit), c.ID, []string{w.unit.ID}); errs.KindOf(err) != errs.Denied {
			t.Errorf("another place's office lets a unit join: %v", err)
		}
		p, err := w.Joined(head, c.ID, "", 10)
		if err != nil || len(p.Items) != 1 || p.Items[0].Unit != w.unit.ID {
			t.Errorf("Joined = %v, %v", p, err)
		}
	})
}
