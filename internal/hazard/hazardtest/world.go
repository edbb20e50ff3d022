// SPDX-License-Identifier: Apache-2.0

// Package hazardtest is an invented county with offices, enterprises and people, for
// the tests of hazards.
package hazardtest

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"slices"
	"testing"
	"time"

	"anlan/internal/campaign"
	"anlan/internal/evidence"
	"anlan/internal/hazard"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/place"
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/blob"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/seal"
	"anlan/internal/rules"
)

// Places of the invented province.
const (
	Province = place.Path("cn/99/")
	City     = place.Path("cn/99/9901/")
	County   = place.Path("cn/99/9901/990101/")
	Town     = place.Path("cn/99/9901/990101/990101001/")
	Town2    = place.Path("cn/99/9901/990101/990101002/")
	County2  = place.Path("cn/99/9901/990102/")
)

var regions = []org.Region{
	{Path: Province, Name: "示范省"}, {Path: City, Name: "示范市"}, {Path: County, Name: "示范县"}, {Path: Town, Name: "安平镇"},
	{Path: Town2, Name: "河口镇"}, {Path: County2, Name: "云岭县"},
}

// Migrations are the schemas that a World needs.
func Migrations() []fs.FS {
	return []fs.FS{ledger.Migrations(), org.Migrations(), rules.Migrations(), evidence.Migrations(), campaign.Migrations(), hazard.Migrations()}
}

// Start is Monday, 7 June 2027, 09:00 in Beijing.
var Start = time.Date(2027, 6, 7, 9, 0, 0, 0, clock.Beijing)

// World is a Service over the county, on a clock that tests move.
type World struct {
	*hazard.Service
	Clock    *clock.Manual
	Operator context.Context

	Office, CityOffice, Office2, Department *org.Unit // 县安委办, 市安委办, the next county's, 住建局
	Firm, Workshop, OtherFirm               *org.Unit

	Clerk, Leader, Officer, CityClerk, Clerk2, Builder *org.Person // of the offices; the officer works under the leader
	Head, Safety, TeamLeader, Worker, OtherHead        *org.Person
}

// Each runs fn on both databases, each with a World of its own.
func Each(t *testing.T, fn func(t *testing.T, w *World)) {
	t.Helper()
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) { fn(t, Open(t, d)) })
}

// Open makes a World in an empty, migrated database.
func Open(t testing.TB, d *db.DB) *World {
	t.Helper()
	now := clock.NewManual(Start)
	ids := id.NewSource(now.Now)
	l, err := ledger.Open(t.Context(), d, now.Now, ids)
	must(t, err)
	box := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	o := org.New(org.Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Box: box})
	r := rules.New(rules.Config{DB: d, Ledger: l, Now: now.Now, IDs: ids})
	must(t, r.Seed(t.Context()))
	files, err := blob.Open(t.Context(), t.TempDir())
	must(t, err)
	e := evidence.New(evidence.Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Blobs: files, SpoolDir: t.TempDir(),
		SealKey: bytes.Repeat([]byte{8}, seal.KeySize)})
	c := campaign.New(campaign.Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Org: o})
	s := hazard.New(hazard.Config{DB: d, Ledger: l, Now: now.Now, IDs: ids, Box: box, Org: o, Rules: r, Evidence: e, Campaign: c})
	t.Cleanup(s.Close)
	w := &World{Service: s, Clock: now, Operator: actor.With(t.Context(), org.Operator())}
	w.populate(t)
	return w
}

func (w *World) populate(t testing.TB) {
	_, err := w.DB.SQL().ExecContext(t.Context(), `INSERT INTO org_region
		(path, valid_from, valid_to, code, parent, name, depth, kind, pseudo, successors)
		VALUES ('cn/', '', '', 'cn', '', '全国', 0, 'division', FALSE, '')`)
	must(t, err)
	for _, r := range regions {
		must(t, w.Org.AddRegion(w.Operator, r))
	}
	w.CityOffice = w.unit(t, City, "示范市安全生产委员会办公室", org.UnitOffice, "")
	w.Office = w.unit(t, County, "示范县安全生产委员会办公室", org.UnitOffice, "")
	w.Office2 = w.unit(t, County2, "云岭县安全生产委员会办公室", org.UnitOffice, "")
	w.Department = w.unit(t, County, "示范县住房和城乡建设局", org.UnitDepartment, "")
	w.Firm = w.unit(t, Town, "示范恒源化工有限公司", org.UnitEnterprise, "", "hazchem")
	w.Workshop = w.unit(t, Town, "示范恒源化工有限公司一车间", org.UnitEnterprise, w.Firm.ID, "hazchem")
	w.OtherFirm = w.unit(t, Town2, "示范河口建材有限公司", org.UnitEnterprise, "", "industry_trade")

	w.Leader = w.Person(t, w.Office, "陈立", "", "office_leader")
	w.Clerk = w.Person(t, w.Office, "林明", "", "office_clerk")
	w.Officer = w.Person(t, w.Office, "周正", w.Leader.ID, "enforcement_officer")
	w.CityClerk = w.Person(t, w.CityOffice, "何川", "", "office_clerk")
	w.Clerk2 = w.Person(t, w.Office2, "吴远", "", "office_clerk")
	w.Builder = w.Person(t, w.Department, "梁工", "", "office_clerk")
	w.Head = w.Person(t, w.Firm, "郑恒", "", "unit_head")
	w.Safety = w.Person(t, w.Firm, "孙安", w.Head.ID, "unit_safety")
	w.TeamLeader = w.Person(t, w.Firm, "马强", w.Safety.ID, "unit_team_leader")
	w.Worker = w.Person(t, w.Firm, "刘工", w.TeamLeader.ID, "worker")
	w.OtherHead = w.Person(t, w.OtherFirm, "黄建", "", "unit_head")
}

func (w *World) unit(t testing.TB, p place.Path, name string, kind org.UnitKind, parent string, lines ...string) *org.Unit {
	u := &org.Unit{Name: name, Kind: kind, Place: p, ParentID: parent, Lines: lines}
	must(t, w.Org.AddUnit(w.Operator, u))
	return u
}

// Person adds somebody who works in u, directed by manager unless that is "", with a role.
func (w *World) Person(t testing.TB, u *org.Unit, name, manager, role string) *org.Person {
	t.Helper()
	p := &org.Person{Name: name}
	must(t, w.Org.AddPerson(w.Operator, p, org.Membership{UnitID: u.ID, ManagerID: manager}))
	must(t, w.Org.GrantRole(w.Operator, &org.Grant{PersonID: p.ID, UnitID: u.ID, Role: role}))
	return p
}

// As returns a context in which p acts in their main unit.
func (w *World) As(t testing.TB, p *org.Person) context.Context {
	t.Helper()
	a, err := w.Org.ActorOf(t.Context(), p.ID, "")
	must(t, err)
	a.Channel = "web"
	return actor.With(t.Context(), a)
}

// Photo uploads a picture that no other looks like and returns what proves whose it is.
func (w *World) Photo(t testing.TB, ctx context.Context) evidence.Ref {
	t.Helper()
	pic := image.NewRGBA(image.Rect(0, 0, 64, 48))
	seed := []byte(w.IDs.New())
	for i := range pic.Pix {
		pic.Pix[i] = seed[(i/4)%len(seed)] * byte(i%7)
	}
	pic.Set(1, 1, color.White)
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, pic, nil))
	e, err := w.Evidence.Upload(ctx, "", b.Bytes())
	must(t, err)
	return evidence.Ref{ID: e.ID, Key: w.Evidence.Key(e.ID)}
}

// entry is a ledger entry as it lies in the table.
type entry struct {
	Kind, Actor, Subject, Quantities, Facts string
	Place                                   place.Path
	Unit                                    string `bun:"unit_id"`
}

// Entries returns every ledger entry of the given kinds, in the order of writing. It reads
// the table: on PostgreSQL a reader waits for every transaction of the cluster, those of
// other tests too.
func (w *World) Entries(t testing.TB, kinds ...string) []ledger.Entry {
	t.Helper()
	var rows []entry
	err := w.DB.Read().NewRaw(`SELECT kind, actor, subject, quantities, facts, place, unit_id FROM ledger_entry ORDER BY seq`).
		Scan(t.Context(), &rows)
	must(t, err)
	var all []ledger.Entry
	for _, r := range rows {
		if slices.Contains(kinds, r.Kind) {
			all = append(all, ledger.Entry{Kind: r.Kind, Actor: r.Actor, Subject: r.Subject, Place: r.Place, Unit: r.Unit,
				Facts: []byte(r.Facts), Quantities: quantities(t, r.Quantities)})
		}
	}
	return all
}

func quantities(t testing.TB, text string) []quantity.Quantity {
	var m map[quantity.Unit]int64
	if text != "" {
		must(t, json.Unmarshal([]byte(text), &m))
	}
	var out []quantity.Quantity
	for u, n := range m {
		out = append(out, quantity.Of(n, u))
	}
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
