// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"bytes"
	"context"

	"anlan/internal/kernel/errs"
)

// Audit reads the whole log as it is served, hashes everything up to the root that was
// signed last, and compares it with the second copy of each leaf. It fails with the name
// of the first thing that is wrong.
func (s *Service) Audit(ctx context.Context) error {
	l, err := getLog(ctx, s.cfg.DB.Read())
	if err != nil {
		return err
	}
	tree := NewTree(ctx, stored{s.cfg.DB.Read()}, l.Size)
	copies := &copies{s: s}
	if err := tree.Walk(0, func(index int64, leaf []byte) error { return copies.compare(ctx, index, leaf) }); err != nil {
		return err
	}
	return sameRoot(tree, l.SignedSize, Hash(l.SignedRoot))
}

// copies reads the second copies of leaves one after the other.
type copies struct {
	s    *Service
	rows []entryRow
}

func (c *copies) compare(ctx context.Context, index int64, leaf []byte) error {
	if len(c.rows) == 0 {
		var err error
		if c.rows, err = entriesFrom(ctx, c.s.cfg.DB.Read(), index, tileWidth); err != nil {
			return err
		}
	}
	if len(c.rows) == 0 || c.rows[0].Idx != index || !bytes.Equal(c.rows[0].Leaf, leaf) || c.rows[0].Hash != LeafHash(leaf).String() {
		return errs.New(errs.Internal, "transparency.copies_differ", "index", index)
	}
	c.rows = c.rows[1:]
	return nil
}
