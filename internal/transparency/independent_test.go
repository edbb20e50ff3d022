// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	formats "github.com/transparency-dev/formats/log"
	fnote "github.com/transparency-dev/formats/note"
	merkle "github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// sumdbClient is sumdb's tlog.TileReader over HTTP; only the addresses are ours.
type sumdbClient struct{ base string }

func (sumdbClient) Height() int                       { return 8 }
func (sumdbClient) SaveTiles([]tlog.Tile, [][]byte)   {}
func (c sumdbClient) get(path string) ([]byte, error) { return fetch(c.base + "/log/" + path) }
func fetch(address string) ([]byte, error) {
	res, err := http.Get(address)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", address, body)
	}
	return body, err
}

func (c sumdbClient) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		n := fmt.Sprintf("%03d", t.N)
		if t.W < 256 {
			n += fmt.Sprintf(".p/%d", t.W)
		}
		var err error
		if out[i], err = c.get(fmt.Sprintf("tile/%d/%s", t.L, n)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// TestIndependent checks the served log with code that is not ours: sumdb's client reads
// and authenticates the tiles, transparency-dev's opens the checkpoint and verifies
// inclusion and consistency.
func TestIndependent(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		server := httptest.NewServer(f.Handler())
		defer server.Close()
		client := sumdbClient{server.URL}
		taken := f.receiveMany(700)
		f.step()
		first := openByOthers(t, f, client)
		f.receiveMany(300)
		f.step()
		second := openByOthers(t, f, client)
		reader := tlog.TileHashReader(tlog.Tree{N: int64(second.Size), Hash: tlog.Hash(second.Hash)}, client)
		for _, one := range []Taken{taken[0], taken[255], taken[256], taken[699]} {
			ours, err := f.Proof(t.Context(), one.Hash)
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := tlog.ProveRecord(int64(second.Size), ours.Index, reader)
			if err != nil || fmt.Sprint(theirs) != fmt.Sprint(tlog.RecordProof(ours.Path)) {
				t.Errorf("paths of leaf %d differ: %v", ours.Index, err)
			}
			leaf := rfc6962.DefaultHasher.HashLeaf(one.Leaf)
			if err := merkle.VerifyInclusion(rfc6962.DefaultHasher, uint64(ours.Index), second.Size, leaf, flat(ours.Path), second.Hash); err != nil {
				t.Error(err)
			}
		}
		path, err := tlog.ProveTree(int64(second.Size), int64(first.Size), reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := merkle.VerifyConsistency(rfc6962.DefaultHasher, first.Size, second.Size, flat(path), first.Hash, second.Hash); err != nil {
			t.Error(err)
		}
	})
}

func flat(path []Hash) [][]byte {
	out := make([][]byte, len(path))
	for i := range path {
		out[i] = path[i][:]
	}
	return out
}

// openByOthers opens the served checkpoint with transparency-dev's code, the log's key and
// its clock's.
func openByOthers(t *testing.T, f *fixture, c sumdbClient) *formats.Checkpoint {
	t.Helper()
	msg, err := c.get("checkpoint")
	if err != nil {
		t.Fatal(err)
	}
	g := f.keys.Load().newest()
	key, err := note.NewVerifier(g.note.String())
	if err != nil {
		t.Fatal(err)
	}
	timed, err := fnote.NewVerifierForCosignatureV1(g.clock.String())
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, _, n, err := formats.ParseCheckpoint(msg, origin, key, timed)
	if err != nil || len(n.Sigs) != 2 {
		t.Fatalf("%v: %s", err, msg)
	}
	at, err := fnote.CoSigV1Timestamp(n.Sigs[1])
	if err != nil || !at.Equal(f.clock.Now()) {
		t.Errorf("signed at %v, %v", at, err)
	}
	return checkpoint
}
