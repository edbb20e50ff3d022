// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"anlan/internal/kernel/errs"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight // hashes of a full tile, entries of a full bundle
	maxLevel   = 63
)

// TileID names a tile, or with Level Entries a bundle of entries.
type TileID struct {
	Level int
	N     int64
	Width int // 1 to 256
}

// Entries is the level of bundles of entries.
const Entries = -1

// Path returns where t is served below the log's address (c2sp.org/tlog-tiles).
func (t TileID) Path() string {
	level := "entries"
	if t.Level != Entries {
		level = strconv.Itoa(t.Level)
	}
	n := fmt.Sprintf("%03d", t.N%1000)
	for rest := t.N / 1000; rest > 0; rest /= 1000 {
		n = fmt.Sprintf("x%03d/%s", rest%1000, n)
	}
	if t.Width < tileWidth {
		n += fmt.Sprintf(".p/%d", t.Width)
	}
	return "tile/" + level + "/" + n
}

// ParseTilePath is the inverse of TileID.Path.
func ParseTilePath(path string) (TileID, bool) {
	rest, ok := strings.CutPrefix(path, "tile/")
	level, n, ok2 := strings.Cut(rest, "/")
	if !ok || !ok2 || len(path) > 64 {
		return TileID{}, false
	}
	t := TileID{Level: Entries, Width: tileWidth}
	var err error
	if level != "entries" {
		if t.Level, err = strconv.Atoi(level); err != nil || t.Level < 0 || t.Level > maxLevel {
			return TileID{}, false
		}
	}
	n, width, partial := strings.Cut(n, ".p/")
	if partial {
		if t.Width, err = strconv.Atoi(width); err != nil || t.Width < 1 || t.Width >= tileWidth {
			return TileID{}, false
		}
	}
	for _, part := range strings.Split(n, "/") {
		v, err := strconv.ParseInt(strings.TrimPrefix(part, "x"), 10, 64)
		if err != nil || v < 0 || v > 999 || t.N > 1<<40 {
			return TileID{}, false
		}
		t.N = t.N*1000 + v
	}
	return t, t.Path() == path
}

// tileAt returns the tile at level and n of a tree of size leaves; its width is 0 when
// the tree has none there.
func tileAt(level int, n, size int64) TileID {
	wide := size
	if level != Entries {
		wide = size >> min(62, tileHeight*level)
	}
	return TileID{level, n, int(max(0, min(tileWidth, wide-n*tileWidth)))}
}

// Within reports whether a tree of size leaves has t.
func (t TileID) Within(size int64) bool { return t.Width <= tileAt(t.Level, t.N, size).Width }

// SplitTile returns the hashes of a tile.
func SplitTile(data []byte) []Hash {
	hashes := make([]Hash, len(data)/tlog.HashSize)
	for i := range hashes {
		copy(hashes[i][:], data[i*tlog.HashSize:])
	}
	return hashes
}

// TileRoot returns the root over hashes, whose number is a power of two.
func TileRoot(hashes []Hash) Hash {
	row := append([]Hash(nil), hashes...)
	for len(row) > 1 {
		for i := range len(row) / 2 {
			row[i] = tlog.NodeHash(row[2*i], row[2*i+1])
		}
		row = row[:len(row)/2]
	}
	return row[0]
}

// AppendEntry adds a leaf to a bundle.
func AppendEntry(bundle, leaf []byte) []byte {
	return append(binary.BigEndian.AppendUint16(bundle, uint16(len(leaf))), leaf...)
}

// SplitBundle returns the leaves of a bundle.
func SplitBundle(data []byte) ([][]byte, bool) {
	var leaves [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, false
		}
		n := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+n {
			return nil, false
		}
		leaves = append(leaves, data[2:2+n])
		data = data[2+n:]
	}
	return leaves, true
}

// TileSource gives tiles and bundles as they are served, at least as wide as asked.
type TileSource interface {
	Tile(ctx context.Context, t TileID) ([]byte, error)
}

// hashes is a tlog.HashReader over the tiles of a tree of size leaves. It keeps what it
// has read.
type hashes struct {
	ctx   context.Context
	from  TileSource
	size  int64
	tiles map[TileID][]Hash
}

func newHashes(ctx context.Context, from TileSource, size int64) *hashes {
	return &hashes{ctx, from, size, map[TileID][]Hash{}}
}

// ReadHashes returns stored hashes by their index.
func (r *hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		above := level % tileHeight
		first := n << above
		tile, err := r.tile(level/tileHeight, first/tileWidth)
		if err != nil {
			return nil, err
		}
		from := int(first % tileWidth)
		if from+1<<above > len(tile) {
			return nil, errs.New(errs.Internal, "transparency.damaged", "tile", tileAt(level/tileHeight, first/tileWidth, r.size).Path())
		}
		out[i] = TileRoot(tile[from : from+1<<above])
	}
	return out, nil
}

func (r *hashes) tile(level int, n int64) ([]Hash, error) {
	id := tileAt(level, n, r.size)
	if t, ok := r.tiles[id]; ok {
		return t, nil
	}
	data, err := r.from.Tile(r.ctx, id)
	if err != nil {
		return nil, err
	}
	if len(data) < id.Width*tlog.HashSize {
		return nil, errs.New(errs.Internal, "transparency.damaged", "tile", id.Path())
	}
	t := SplitTile(data[:id.Width*tlog.HashSize])
	r.tiles[id] = t
	return t, nil
}

// rootOf returns the root of the tree of the first size leaves.
func rootOf(size int64, r tlog.HashReader) (Hash, error) {
	if size == 0 {
		return EmptyRoot, nil
	}
	return tlog.TreeHash(size, r)
}

// cutTile returns the first t.Width hashes or entries of data.
func cutTile(t TileID, data []byte) ([]byte, error) {
	damaged := errs.New(errs.Internal, "transparency.damaged", "tile", t.Path())
	if t.Level != Entries {
		if len(data) < t.Width*tlog.HashSize {
			return nil, damaged
		}
		return data[:t.Width*tlog.HashSize], nil
	}
	end := 0
	for range t.Width {
		if len(data) < end+2 {
			return nil, damaged
		}
		end += 2 + int(binary.BigEndian.Uint16(data[end:]))
	}
	if len(data) < end {
		return nil, damaged
	}
	return data[:end], nil
}
