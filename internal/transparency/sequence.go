// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"crypto/rand"
	"log/slog"
	"math/big"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// Sequence gives places to the leaves that wait, as many as the last bundle has room for,
// and reports whether it is full now. That is few enough that nobody who waits for SQLite's
// one writer notices, and writes each bundle once when many wait. Leaves of one received
// thing keep their order; else the order is random, so that a place says nothing about a time.
func (s *Service) Sequence(ctx context.Context) (full bool, err error) {
	return db.InTxV(ctx, s.cfg.DB, func(ctx context.Context, tx db.Tx) (bool, error) {
		l, err := s.fenced(ctx, tx)
		if err != nil {
			return false, err
		}
		rows, err := pending(ctx, tx, tileWidth-int(l.Size%tileWidth))
		if err != nil || len(rows) == 0 {
			return false, err
		}
		entries, seqs, err := place(ctx, tx, l.Size, shuffle(rows))
		if err != nil || len(entries) == 0 {
			return false, err
		}
		if err := grow(ctx, tx, l.Size, entries); err != nil {
			return false, err
		}
		if err := removePending(ctx, tx, seqs); err != nil {
			return false, err
		}
		l.Size += int64(len(entries))
		return l.Size%tileWidth == 0, saveLog(ctx, tx, &l, "size")
	})
}

// shuffle puts the groups of rows about one received thing into random order.
func shuffle(rows []pendingRow) []pendingRow {
	var groups [][]pendingRow
	at := map[string]int{}
	for _, r := range rows {
		i, ok := at[r.About]
		if !ok || r.About == "" {
			i = len(groups)
			groups = append(groups, nil)
			at[r.About] = i
		}
		groups[i] = append(groups[i], r)
	}
	out := make([]pendingRow, 0, len(rows))
	for n := len(groups); n > 0; n-- {
		i := random(n)
		out = append(out, groups[i]...)
		groups[i] = groups[n-1]
	}
	return out
}

func random(n int) int {
	v, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil { // the system's source never fails
		panic(err)
	}
	return int(v.Int64())
}

// place returns the entries that rows become from index size on, and the rows that they
// come from. An event whose received leaf is in no table, which only a hand in the
// database can bring about, goes on waiting.
func place(ctx context.Context, tx db.Tx, size int64, rows []pendingRow) ([]entryRow, []int64, error) {
	var about []string
	for _, r := range rows {
		if r.Kind == Event {
			about = append(about, r.About)
		}
	}
	at, err := indexes(ctx, tx, about)
	if err != nil {
		return nil, nil, err
	}
	var entries []entryRow
	var seqs []int64
	for _, r := range rows {
		e, ok := entry(r, at)
		if !ok {
			slog.WarnContext(ctx, "a leaf names nothing received, or cannot be read", "kind", r.Kind, "about", r.About)
			continue
		}
		e.Idx = size + int64(len(entries))
		if r.Kind == Received {
			at[r.About] = e.Idx
		}
		entries, seqs = append(entries, e), append(seqs, r.Seq)
	}
	return entries, seqs, nil
}

// entry returns what a row becomes, given where received leaves stand.
func entry(r pendingRow, at map[string]int64) (entryRow, bool) {
	l, err := ParseLeaf(r.Leaf)
	if err != nil || l.Kind != r.Kind {
		return entryRow{}, false
	}
	if l.Kind == Event {
		of, ok := at[r.About]
		if !ok {
			return entryRow{}, false
		}
		l.Of = of
	}
	leaf := l.Encode()
	return entryRow{Hash: LeafHash(leaf).String(), Kind: l.Kind, Word: l.Word(), Leaf: leaf, said: l}, true
}

// grow stores entries behind the first size leaves: themselves, what is counted of them,
// their bundles, and every tile that becomes wider.
func grow(ctx context.Context, tx db.Tx, size int64, entries []entryRow) error {
	if err := addEntries(ctx, tx, entries); err != nil {
		return err
	}
	if err := tally(ctx, tx, entries); err != nil {
		return err
	}
	leaves, row := make([][]byte, len(entries)), make([][]byte, len(entries))
	for i, e := range entries {
		h := LeafHash(e.Leaf)
		leaves[i], row[i] = AppendEntry(nil, e.Leaf), h[:]
	}
	if _, _, err := widen(ctx, tx, Entries, size, leaves); err != nil {
		return err
	}
	for level, from := 0, size; len(row) > 0; level++ {
		var err error
		if from, row, err = widen(ctx, tx, level, from, row); err != nil {
			return err
		}
	}
	return nil
}

// widen appends items at a level that has from of them, and returns the first tile that
// it touched and the roots of those from there on that are full now: what the level above
// gains.
func widen(ctx context.Context, tx db.Tx, level int, from int64, items [][]byte) (int64, [][]byte, error) {
	first := from / tileWidth
	var roots [][]byte
	for n, width := first, int(from%tileWidth); len(items) > 0; n, width = n+1, 0 {
		data, err := begun(ctx, tx, TileID{level, n, width})
		if err != nil {
			return 0, nil, err
		}
		take := min(tileWidth-width, len(items))
		for _, item := range items[:take] {
			data = append(data, item...)
		}
		items = items[take:]
		if err := saveTile(ctx, tx, level, n, data); err != nil {
			return 0, nil, err
		}
		if level != Entries && width+take == tileWidth {
			root := TileRoot(SplitTile(data))
			roots = append(roots, root[:])
		}
	}
	return first, roots, nil
}

// begun returns what a tile that is t.Width wide holds, and refuses to go on from one that
// is not.
func begun(ctx context.Context, tx db.Tx, t TileID) ([]byte, error) {
	if t.Width == 0 {
		return nil, nil
	}
	data, err := stored{tx}.Tile(ctx, t)
	if err != nil {
		return nil, err
	}
	if whole, err := getTile(ctx, tx, t.Level, t.N); err != nil || len(whole) != len(data) {
		return nil, errs.New(errs.Internal, "transparency.damaged", "tile", t.Path())
	}
	return append([]byte(nil), data...), nil
}
