// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

const (
	chainBatch     = 1000             // entries chained at once
	headEvery      = time.Hour        // how often the ledger is bound while it grows
	countFor       = 10 * time.Second // how long an overview is given again
	classLedger    = "ledger"
	classStatistic = "statistics"
)

// Reader returns the reader of the ledger that chains its entries, and binds the chain in a
// head leaf once an hour.
func (s *Service) Reader() ledger.Reader {
	return ledger.Reader{Name: "transparency", Batch: chainBatch, Gentle: true, Handle: s.chain}
}

func (s *Service) chain(ctx context.Context, tx db.Tx, entries []ledger.Entry) error {
	h, err := getHead(ctx, tx)
	if err != nil {
		return err
	}
	for _, e := range entries {
		link := nextLink(Hash(h.Chain), e)
		h.Chain = link[:]
	}
	h.Entries += int64(len(entries))
	now := s.cfg.Now()
	if now.Sub(h.Headed) >= headEvery {
		h.Headed = now
		if err := s.queueHead(ctx, tx, Leaf{Class: classLedger, Of: h.Entries, Commit: Hash(h.Chain)}); err != nil {
			return err
		}
	}
	return saveHead(ctx, tx, &h)
}

func (s *Service) queueHead(ctx context.Context, tx db.Tx, l Leaf) error {
	l.Kind = Head
	return addPending(ctx, tx, []pendingRow{{Kind: Head, Leaf: l.Encode(), Queued: s.cfg.Now()}})
}

// nextLink is the hash of the chain after e. Everything that e says is in it.
func nextLink(before Hash, e ledger.Entry) Hash {
	e.Pos = ledger.Pos{}
	e.Happened, e.Recorded = clock.Cut(e.Happened), clock.Cut(e.Recorded)
	text, err := json.Marshal(e)
	if err != nil { // facts were marshalled by the ledger
		panic(err)
	}
	return Hash(sha256.Sum256(append(before[:], text...)))
}

// CheckLedger chains the whole ledger anew and compares it with every head in the log. It
// fails with transparency.ledger_changed, which tells before which entry something was
// changed, removed or put in.
func (s *Service) CheckLedger(ctx context.Context) error {
	heads, err := s.ledgerHeads(ctx)
	if err != nil {
		return err
	}
	var chain Hash
	var n int64
	err = s.cfg.Ledger.Walk(ctx, page.MaxLimit, func(e ledger.Entry) error {
		chain = nextLink(chain, e)
		n++
		if want, ok := heads[n]; ok && want != chain {
			return errs.New(errs.Internal, "transparency.ledger_changed", "entries", n)
		}
		delete(heads, n)
		return nil
	})
	for missing := range heads {
		if err == nil {
			err = errs.New(errs.Internal, "transparency.ledger_changed", "entries", missing)
		}
	}
	return err
}

// ledgerHeads returns the chain after so many entries, as the log says.
func (s *Service) ledgerHeads(ctx context.Context) (map[int64]Hash, error) {
	heads := map[int64]Hash{}
	l, err := getLog(ctx, s.cfg.DB.Read())
	if err != nil {
		return nil, err
	}
	err = NewTree(ctx, stored{s.cfg.DB.Read()}, l.Size).Walk(0, func(_ int64, text []byte) error {
		if leaf, err := ParseLeaf(text); err == nil && leaf.Kind == Head && leaf.Class == classLedger {
			heads[leaf.Of] = leaf.Commit
		}
		return nil
	})
	return heads, err
}

// BindStatistics queues the head leaf of the counts of all leaves that have a place.
func (s *Service) BindStatistics(ctx context.Context) error {
	l, err := getLog(ctx, s.cfg.DB.Read())
	if err != nil {
		return err
	}
	st, err := s.count(ctx, l.Size)
	if err != nil {
		return err
	}
	return s.cfg.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return s.queueHead(ctx, tx, Leaf{Class: classStatistic, Of: st.Size, Commit: st.Digest()})
	})
}
