// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"strings"

	"anlan/internal/hazard"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/search"
)

// indexBatch is small: on SQLite the index is written by the one writer that also takes
// reports in, and must not keep it long.
const indexBatch = 40

// indexer returns the reader that makes the words of reports findable. The ledger holds no
// words, only which hazard to read.
func (s *Service) indexer() ledger.Reader {
	return ledger.Reader{Name: "hazard-search", Kinds: hazard.IndexedKinds(), Batch: indexBatch, Gentle: true, Handle: s.index}
}

func (s *Service) index(ctx context.Context, tx db.Tx, entries []ledger.Entry) error {
	var ids []string
	seen := map[string]bool{}
	for _, e := range entries {
		id := strings.TrimPrefix(e.Subject, "hazard:")
		if hazard.ChangesWords(e) && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	found, err := findable(ctx, tx, ids)
	if err != nil {
		return err
	}
	var units []string
	for _, h := range found {
		if h.Unit != "" {
			units = append(units, h.Unit)
		}
	}
	names, err := s.lookUp(ctx, nil, units, nil)
	if err != nil {
		return err
	}
	texts := make([]search.Text, len(found))
	for i, h := range found {
		texts[i] = search.Text{Seq: h.Seq, All: h.Words + "\n" + h.Spot + "\n" + names.Units[h.Unit]}
	}
	return search.Put(ctx, tx, table, texts...)
}
