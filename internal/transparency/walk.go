// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"

	"anlan/internal/kernel/errs"
)

// Tree is a tree of Size leaves as its tiles show it. Its methods fail with
// transparency.bundle_altered, tile_altered or damaged, which name the tile.
type Tree struct {
	hashes *hashes
}

// NewTree returns the tree of size leaves in tiles that from gives.
func NewTree(ctx context.Context, from TileSource, size int64) *Tree {
	return &Tree{newHashes(ctx, from, size)}
}

// Root returns the root of the first size leaves of the tree.
func (t *Tree) Root(size int64) (Hash, error) { return rootOf(size, t.hashes) }

// Walk calls fn for each leaf from an index on, after it has hashed the leaf's bundle into
// its tile, and each full tile into the tile above.
func (t *Tree) Walk(from int64, fn func(index int64, leaf []byte) error) error {
	for n := from / tileWidth; n*tileWidth < t.hashes.size; n++ {
		leaves, err := t.bundle(n)
		if err != nil {
			return err
		}
		for i, leaf := range leaves {
			if index := n*tileWidth + int64(i); index >= from {
				if err := fn(index, leaf); err != nil {
					return err
				}
			}
		}
		delete(t.hashes.tiles, tileAt(0, n, t.hashes.size)) // a long tree does not fit
	}
	return nil
}

// bundle returns the leaves of a bundle whose hashes and those above them are right.
func (t *Tree) bundle(n int64) ([][]byte, error) {
	id := tileAt(Entries, n, t.hashes.size)
	tile, err := t.hashes.tile(0, n)
	if err != nil {
		return nil, err
	}
	data, err := t.hashes.from.Tile(t.hashes.ctx, id)
	if err != nil {
		return nil, err
	}
	leaves, ok := SplitBundle(data)
	if !ok || len(leaves) != id.Width {
		return nil, errs.New(errs.Internal, "transparency.bundle_altered", "tile", id.Path(), "index", n*tileWidth)
	}
	for i, leaf := range leaves {
		if LeafHash(leaf) != tile[i] {
			return nil, errs.New(errs.Internal, "transparency.bundle_altered", "tile", id.Path(), "index", n*tileWidth+int64(i))
		}
	}
	return leaves, t.above(0, n)
}

// above checks that a full tile hashes into the one above it, and that one likewise when
// this was its last.
func (t *Tree) above(level int, n int64) error {
	id := tileAt(level, n, t.hashes.size)
	if id.Width < tileWidth || level == maxLevel {
		return nil
	}
	tile, err := t.hashes.tile(level, n)
	if err != nil {
		return err
	}
	parent, err := t.hashes.tile(level+1, n/tileWidth)
	if err != nil {
		return err
	}
	if parent[n%tileWidth] != TileRoot(tile) {
		return errs.New(errs.Internal, "transparency.tile_altered", "tile", id.Path())
	}
	if n%tileWidth == tileWidth-1 {
		return t.above(level+1, n/tileWidth)
	}
	return nil
}
