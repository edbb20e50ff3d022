// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io/fs"
	"net/http"
	"slices"
	"sync"
	"testing"

	"filippo.io/age"
	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/blob"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/httpapi"
	"anlan/internal/platform/seal"
	"anlan/internal/tip"
	"anlan/internal/transparency"
)

// world is the invented county of hazardtest with tips.
type world struct {
	*hazardtest.World
	tips    *tip.Service
	log     *transparency.Service
	keys    *cabinet
	files   string             // directory of the blobs
	client  *hazardtest.Client // signed in
	handler http.Handler       // the public, behind a proxy
}

func migrations() []fs.FS {
	return append(hazardtest.Migrations(), transparency.Migrations(), tip.Migrations())
}

// each runs fn on both databases, each with a world of its own.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, migrations(), func(t *testing.T, d *db.DB) { fn(t, open(t, d)) })
}

func open(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{World: hazardtest.Open(t, d), keys: &cabinet{}, files: t.TempDir()}
	box := seal.New(bytes.Repeat([]byte{9}, seal.KeySize))
	var err error
	w.log, err = transparency.New(transparency.Config{DB: d, Ledger: w.Ledger, Now: w.Clock.Now, IDs: w.IDs, Box: box, Origin: "anlan.example/log",
		Seed: func(n int) []byte { sum := sha256.Sum256([]byte{byte(n)}); return sum[:] }, Hold: -1})
	must(t, err)
	must(t, w.log.Seed(t.Context()))
	blobs, err := blob.Open(t.Context(), w.files)
	must(t, err)
	w.tips = tip.New(tip.Config{DB: d, Ledger: w.Ledger, Now: w.Clock.Now, IDs: w.IDs, Box: box, Blobs: blobs, Org: w.Org, Rules: w.Rules,
		Keys: w.keys, Log: w.log, Hazard: w.Service, WorkBase: 200})
	t.Cleanup(w.tips.Close)
	w.keys.open(t, w.Office, w.Leader, w.Officer)
	w.keys.open(t, w.CityOffice, w.CityClerk)
	w.client = w.Serve(func(api huma.API) { tip.Mount(api, w.tips) })
	mux := http.NewServeMux()
	tip.Mount(httpapi.New(mux, "test"), w.tips)
	proxies, err := httpapi.ParseProxies([]string{"127.0.0.1"})
	must(t, err)
	w.handler = proxies.Forward(httpapi.Trace(httpapi.Recover(httpapi.Secure(httpapi.Clean(mux)))))
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// cabinet holds the keys of channels, as two people of each office would have made them.
type cabinet struct {
	mu  sync.Mutex
	all []tip.Channel
	ids map[string]*age.X25519Identity // by channel
}

func (c *cabinet) open(t testing.TB, u *org.Unit, holders ...*org.Person) *tip.Channel {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	must(t, err)
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := tip.Channel{ID: "channel-" + u.ID, Office: u.ID, OfficeName: u.Name, Place: u.Place, Group: u.GroupPath, Generation: 1,
		Recipient: i.Recipient().String(), Statement: "anlan-recipients/v1\n" + u.Name + "\n"}
	for _, p := range holders {
		ch.Holders = append(ch.Holders, p.ID)
	}
	c.all = append(c.all, ch)
	if c.ids == nil {
		c.ids = map[string]*age.X25519Identity{}
	}
	c.ids[ch.ID] = i
	return &ch
}

// rotate makes the next generation of an office's key.
func (c *cabinet) rotate(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.all {
		if c.all[i].ID == id {
			c.all[i].Generation++
		}
	}
}

func (c *cabinet) find(id string) tip.Channel {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all[slices.IndexFunc(c.all, func(ch tip.Channel) bool { return ch.ID == id })]
}

func (c *cabinet) recipient(id string) string { return c.find(id).Recipient }
func (c *cabinet) generation(id string) int   { return c.find(id).Generation }

func (c *cabinet) ChannelsAt(_ context.Context, _ db.Q, places []place.Path) ([]tip.Channel, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.all), func(ch tip.Channel) bool { return !slices.Contains(places, ch.Place) }), nil
}

func (c *cabinet) Channel(_ context.Context, _ db.Q, id string) (*tip.Channel, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ch := range c.all {
		if ch.ID == id {
			return &ch, nil
		}
	}
	return nil, errs.New(errs.NotFound, "tip.no_channel")
}

func (c *cabinet) Trust(context.Context, db.Q) (string, string, error) {
	return "directory", "anlan-signers/v1\n", nil
}

func (c *cabinet) Statements(context.Context, db.Q) ([]string, error) {
	out := make([]string, len(c.all))
	for i, ch := range c.all {
		out[i] = ch.Statement
	}
	return out, nil
}
