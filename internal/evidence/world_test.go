// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/blob"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

// gate is a blob store that can go away.
type gate struct {
	blob.Store
	closed atomic.Bool
	puts   atomic.Int32
}

func (g *gate) away() error {
	if !g.closed.Load() {
		return nil
	}
	e := errs.New(errs.Unavailable, "unavailable")
	e.RetryAfter = blob.RetryAfter
	return e
}

func (g *gate) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	g.puts.Add(1)
	if err := g.away(); err != nil {
		return err
	}
	return g.Store.Put(ctx, key, r, size, contentType)
}

func (g *gate) Stat(ctx context.Context, key string) (blob.Info, error) {
	if err := g.away(); err != nil {
		return blob.Info{}, err
	}
	return g.Store.Stat(ctx, key)
}

// world is a service with what stands around it.
type world struct {
	*Service
	clock *clock.Manual
	blobs *gate
	dir   string
}

// watcher lets people see the subjects that name their unit, and places them all in one county.
type watcher struct{}

func (watcher) MayView(ctx context.Context, subject string) error {
	if a := actor.From(ctx); a.Public() || subject != "hazard:"+a.Unit {
		return errs.New(errs.Denied, "denied")
	}
	return nil
}

func (watcher) Locate(context.Context, string) (actor.Object, error) {
	return actor.Object{Place: "cn/99/9901/990101/"}, nil
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	m := clock.NewManual(clock.System())
	ids := id.NewSource(m.Now)
	l, err := ledger.Open(t.Context(), d, m.Now, ids)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	store, err := blob.Open(t.Context(), filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{Store: store}
	s := New(Config{DB: d, Ledger: l, Now: m.Now, IDs: ids, Blobs: g, SpoolDir: filepath.Join(dir, "spool"),
		SealKey: bytes.Repeat([]byte{7}, 32), Viewer: watcher{}, Locator: watcher{}})
	return &world{s, m, g, dir}
}

var schema = []fs.FS{ledger.Migrations(), Migrations()}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) })
}

// as is a person of a unit who holds perms at a place.
func as(ctx context.Context, unit string, at place.Path, perms ...string) context.Context {
	return actor.With(ctx, actor.Actor{ID: "p" + unit, Unit: unit,
		Grants: []actor.Grant{{Scope: actor.Scope{Trunk: actor.Territory, Place: at}, Perms: perms}}})
}

func (w *world) upload(t testing.TB, data []byte) *Evidence {
	t.Helper()
	e, err := w.Upload(t.Context(), "", data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (w *world) ref(e *Evidence) Ref { return Ref{e.ID, w.Key(e.ID)} }

func (w *world) attach(t testing.TB, subject, purpose string, refs ...Ref) error {
	t.Helper()
	return w.DB.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
		return w.AttachTx(ctx, tx, Subject{Name: subject}, purpose, refs)
	})
}

func (w *world) blobKeys(t testing.TB) []string {
	t.Helper()
	var keys []string
	for info, err := range w.Blobs.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	slices.Sort(keys)
	return keys
}

func (w *world) kinds(t testing.TB) []string {
	t.Helper()
	var kinds []string
	if err := w.DB.Read().NewRaw("SELECT kind FROM ledger_entry ORDER BY seq").Scan(t.Context(), &kinds); err != nil {
		t.Fatal(err)
	}
	return kinds
}
