// SPDX-License-Identifier: Apache-2.0

// Package tiptest is the invented county of hazardtest with offices that receive tips, for
// the tests of tips.
package tiptest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"io/fs"
	"testing"

	"filippo.io/age"

	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/blob"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/seal"
	"anlan/internal/tip"
	"anlan/internal/transparency"
)

// World is a Service over the county, whose offices all have keys.
type World struct {
	*hazardtest.World
	Tips *tip.Service
	Log  *transparency.Service
	Keys *Cabinet

	CityLeader, CityOfficer, Leader2 *org.Person // of the city's office, and of the next county's
}

// Migrations are the schemas that a World needs.
func Migrations() []fs.FS {
	return append(hazardtest.Migrations(), transparency.Migrations(), tip.Migrations())
}

// Each runs fn on both databases, each with a World of its own.
func Each(t *testing.T, fn func(t *testing.T, w *World)) {
	t.Helper()
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) { fn(t, Open(t, d)) })
}

// Open makes a World in an empty, migrated database.
func Open(t testing.TB, d *db.DB) *World {
	t.Helper()
	w := &World{World: hazardtest.Open(t, d), Keys: &Cabinet{}}
	box := seal.New(bytes.Repeat([]byte{9}, seal.KeySize))
	var err error
	w.Log, err = transparency.New(transparency.Config{DB: d, Ledger: w.Ledger, Now: w.Clock.Now, IDs: w.IDs, Box: box, Origin: "anlan.example/log",
		Seed: func(n int) []byte { sum := sha256.Sum256([]byte{byte(n)}); return sum[:] }, Hold: -1})
	must(t, err)
	must(t, w.Log.Seed(t.Context()))
	files, err := blob.Open(t.Context(), t.TempDir())
	must(t, err)
	w.Tips = tip.New(tip.Config{DB: d, Ledger: w.Ledger, Now: w.Clock.Now, IDs: w.IDs, Box: box, Blobs: files, Org: w.Org, Rules: w.Rules,
		Keys: w.Keys, Holds: w.Keys, Log: w.Log, Hazard: w.Service})
	t.Cleanup(w.Tips.Close)
	w.CityLeader = w.Person(t, w.CityOffice, "高远", "", "office_leader")
	w.CityOfficer = w.Person(t, w.CityOffice, "宋平", w.CityLeader.ID, "enforcement_officer")
	w.Leader2 = w.Person(t, w.Office2, "罗成", "", "office_leader")
	w.Keys.open(t, w.Office, w.Leader, w.Officer, w.Clerk)
	w.Keys.open(t, w.CityOffice, w.CityLeader, w.CityOfficer)
	w.Keys.open(t, w.Office2, w.Leader2, w.Clerk2)
	return w
}

// Given is what a tip of a test says in the open. Its zero value is an anonymous one about a
// major hazard in a town, of no unit.
type Given struct {
	Place place.Path
	Unit  *org.Unit
	Class tip.Class
	By    *org.Person // who types it in; nil: the clerk of the county
}

// File brings a tip in and returns it.
func (w *World) File(t testing.TB, g Given) *tip.Tip {
	t.Helper()
	if g.Place == "" {
		g.Place = hazardtest.Town
	}
	if g.Class == "" {
		g.Class = tip.MajorHazard
	}
	if g.By == nil {
		g.By = w.Clerk
	}
	in := tip.Submission{Place: g.Place, Class: g.Class, Source: "12350", Lookup: make([]byte, 32)}
	if g.Unit != nil {
		in.UnitCode = g.Unit.Code
	}
	route, err := w.Tips.Route(t.Context(), g.Place, in.UnitCode)
	must(t, err)
	in.Channel, in.Generation = route.Channel.ID, route.Channel.Generation
	rand.Read(in.Lookup)
	caseKey, mailbox := identity(t), identity(t)
	in.CaseRecipient, in.MailboxRecipient = caseKey.Recipient().String(), mailbox.Recipient().String()
	in.Content = Seal(t, Padded(`{"v":1,"words":"invented"}`), caseKey.Recipient())
	in.Envelope = Seal(t, []byte(caseKey.String()), w.Keys.identity(in.Channel, in.Generation).Recipient())
	r, err := w.Tips.TypeIn(w.As(t, g.By), in)
	must(t, err)
	return w.Get(t, r.ID)
}

// Get returns a tip as the operator of the program sees it.
func (w *World) Get(t testing.TB, id string) *tip.Tip {
	t.Helper()
	got, err := w.Tips.Tip(w.Operator, id)
	must(t, err)
	return got
}

// Act lets somebody take a step with a tip as it is now, and demands that it succeeds.
func (w *World) Act(t testing.TB, p *org.Person, tipID string, m tip.Move) *tip.Tip {
	t.Helper()
	got, err := w.Try(w.As(t, p), t, tipID, m)
	if err != nil {
		t.Fatalf("%s by %s: %v", m.Action, p.Name, err)
	}
	return got
}

// Try is Act that may fail.
func (w *World) Try(ctx context.Context, t testing.TB, tipID string, m tip.Move) (*tip.Tip, error) {
	m.Version = w.Get(t, tipID).Version
	return w.Tips.Act(ctx, tipID, m)
}

// Join makes somebody work in another unit too.
func (w *World) Join(t testing.TB, p *org.Person, u *org.Unit, manager string, head bool) error {
	t.Helper()
	now, err := w.Org.ReadPerson(w.Operator, p.ID)
	must(t, err)
	all := append(now.Memberships, org.Membership{UnitID: u.ID, ManagerID: manager, Head: head, From: now.Memberships[0].From})
	_, err = w.Org.ChangePerson(w.Operator, org.PersonChange{ID: p.ID, Name: now.Name, Version: now.Version, Memberships: all})
	return err
}

// Rewrap lets a holder's browser wrap the case key of a tip for another channel.
func (w *World) Rewrap(t testing.TB, p *org.Person, tipID string, to tip.Channel) []byte {
	t.Helper()
	got := w.Get(t, tipID)
	wrapped, err := w.Tips.Envelope(w.As(t, p), tipID)
	must(t, err)
	caseKey := Unseal(t, wrapped.Envelope, w.Keys.identity(got.Channel, got.Generation))
	return Seal(t, caseKey, w.Keys.identity(to.ID, to.Generation).Recipient())
}

// Unwrap reads what was opened, as a holder's browser does.
func (w *World) Unwrap(t testing.TB, c *tip.Case) string {
	t.Helper()
	caseKey, err := age.ParseX25519Identity(string(Unseal(t, c.Envelope, w.Keys.identity(c.Tip.Channel, c.Tip.Generation))))
	must(t, err)
	return string(Unseal(t, c.Content, caseKey))
}

// Message is something sealed that an informant's phone could have sealed as well.
func Message(t testing.TB) []byte {
	t.Helper()
	return Seal(t, Padded(`{"v":1,"words":"`+id.Random()+`"}`), identity(t).Recipient(), identity(t).Recipient())
}

// Padded fills a text up to the smallest size that is taken.
func Padded(text string) []byte {
	return append([]byte(text), bytes.Repeat([]byte{' '}, tip.Buckets[0]-len(text))...)
}

// Seal seals plain to recipients.
func Seal(t testing.TB, plain []byte, to ...age.Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	out, err := age.Encrypt(&b, to...)
	must(t, err)
	_, err = out.Write(plain)
	must(t, err)
	must(t, out.Close())
	return b.Bytes()
}

// Unseal opens what was sealed.
func Unseal(t testing.TB, sealed []byte, with age.Identity) []byte {
	t.Helper()
	in, err := age.Decrypt(bytes.NewReader(sealed), with)
	must(t, err)
	plain, err := io.ReadAll(in)
	must(t, err)
	return plain
}

func identity(t testing.TB) *age.X25519Identity {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	must(t, err)
	return i
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
