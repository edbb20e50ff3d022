// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"bytes"
	"context"
	"encoding/hex"

	"golang.org/x/mod/sumdb/tlog"

	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/transparency"
)

// How tips that come at once share their transaction. On PostgreSQL one worker can prepare
// while another waits for the disk; SQLite has one writer anyway.
const (
	maxArrivals   = 128
	intakeWorkers = 2
)

// arrive stores many tips in one transaction. What is wrong with one of them is noted with
// it and does not touch its neighbours.
func (s *Service) arrive(ctx context.Context, as []*arrival) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, a := range as {
			a.err, a.t.Seq = nil, 0 // the transaction may run again
		}
		if err := s.checkKeys(ctx, tx, as); err != nil {
			return err
		}
		if err := checkUses(ctx, tx, good(as)); err != nil {
			return err
		}
		if err := checkArrived(ctx, tx, good(as)); err != nil {
			return err
		}
		return s.insertArrivals(ctx, tx, good(as))
	})
}

// good returns those with which nothing is wrong.
func good(as []*arrival) []*arrival {
	out := make([]*arrival, 0, len(as))
	for _, a := range as {
		if a.err == nil {
			out = append(out, a)
		}
	}
	return out
}

// checkKeys refuses what is sealed to a key that is no longer the office's.
func (s *Service) checkKeys(ctx context.Context, tx db.Tx, as []*arrival) error {
	current := map[string]int{}
	for _, a := range as {
		now, known := current[a.t.Channel]
		if !known {
			c, err := s.Keys.Channel(ctx, tx, a.t.Channel)
			if err == nil {
				now = c.Generation
			} else if errs.KindOf(err) != errs.NotFound {
				return err
			}
			current[a.t.Channel] = now
		}
		if now != a.t.Generation {
			a.err = errStale()
		}
	}
	return nil
}

// checkUses spends the permits, and refuses what comes with one that was spent on something else.
func checkUses(ctx context.Context, tx db.Tx, as []*arrival) error {
	uses := make([]use, 0, len(as))
	for _, a := range as {
		if a.use != nil {
			uses = append(uses, *a.use)
		}
	}
	spent, err := spend(ctx, tx, uses)
	for _, a := range as {
		if a.use != nil {
			a.err = a.use.spentOnOther(spent)
		}
	}
	return err
}

// spentOnOther is a Conflict when u's permit is spent on something else than u.
func (u *use) spentOnOther(spent map[string][]byte) error {
	if on, ok := spent[string(u.Nonce)]; ok && !bytes.Equal(on, u.Used) {
		return errs.New(errs.Conflict, "tip.permit_spent")
	}
	return nil
}

// checkArrived refuses tips whose files have not come as announced.
func checkArrived(ctx context.Context, tx db.Tx, as []*arrival) error {
	var names []string
	for _, a := range as {
		for _, f := range a.files {
			names = append(names, f.Name)
		}
	}
	there, err := filesNamed(ctx, tx, names)
	if err != nil {
		return err
	}
	for _, a := range as {
		a.err = claim(there, a.files, a.t.ID)
	}
	return nil
}

// claim notes that the files belong to a tip; a Conflict when one has not come, is another
// than announced, or is somebody else's.
func claim(there map[string]*file, files []FileRef, tipID string) error {
	for _, f := range files {
		got := there[f.Name]
		if got == nil || got.Size != f.Size || !got.is(f.SHA256) || got.TipID != "" && got.TipID != tipID {
			return errs.New(errs.Conflict, "tip.file_missing")
		}
	}
	for _, f := range files {
		there[f.Name].TipID = tipID
	}
	return nil
}

// insertArrivals adds the tips that are new with all that belongs to them. The history of
// a tip begins with its first step: the arrival itself is the row.
func (s *Service) insertArrivals(ctx context.Context, tx db.Tx, as []*arrival) error {
	ts := make([]*Tip, len(as))
	for i, a := range as {
		ts[i] = a.t
	}
	if err := insertTips(ctx, tx, ts); err != nil {
		return err
	}
	var seals []sealedTip
	var taken []transparency.Taken
	var entries []ledger.Entry
	var files [][2]string
	for _, a := range as {
		if a.t.Seq == 0 {
			continue
		}
		seals, taken, entries = append(seals, a.sealed), append(taken, a.taken), append(entries, a.entry)
		for _, f := range a.files {
			files = append(files, [2]string{f.Name, a.t.ID})
		}
	}
	if len(seals) == 0 {
		return nil
	}
	if err := insertSealed(ctx, tx, seals); err != nil {
		return err
	}
	if err := takeFiles(ctx, tx, files); err != nil {
		return err
	}
	if err := s.Log.ReceivedTx(ctx, tx, taken...); err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, entries...)
}

// leafOf returns the hash of t's leaf in the log.
func leafOf(t *Tip) (transparency.Hash, error) {
	b, err := hex.DecodeString(t.Leaf)
	if err != nil || len(b) != tlog.HashSize {
		return transparency.Hash{}, errs.New(errs.Internal, "internal", "leaf", t.Leaf)
	}
	return transparency.Hash(b), nil
}

func hexOf(h transparency.Hash) string { return hex.EncodeToString(h[:]) }
