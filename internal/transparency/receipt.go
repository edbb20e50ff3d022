// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// Proof returns the proof that the leaf with a hash is in the log, with the leaf in it.
// NotFound when there is no such leaf; Unavailable, with when to ask again, while no
// checkpoint that enough witnesses cosigned covers it.
func (s *Service) Proof(ctx context.Context, leaf Hash) (Proof, error) {
	q := s.cfg.DB.Read()
	e, err := entryOf(ctx, q, leaf.String())
	if db.IsNoRows(err) {
		return Proof{}, s.notPlaced(ctx, leaf)
	}
	if err != nil {
		return Proof{}, err
	}
	l, err := getLog(ctx, q)
	if err != nil {
		return Proof{}, err
	}
	if e.Idx >= l.ServedSize || !l.Agreed {
		return Proof{}, notYet()
	}
	path, err := tlog.ProveRecord(l.ServedSize, e.Idx, newHashes(ctx, stored{q}, l.ServedSize))
	if err != nil {
		return Proof{}, err
	}
	return Proof{Extra: e.Leaf, Index: e.Idx, Path: path, Checkpoint: []byte(l.Served)}, nil
}

func (s *Service) notPlaced(ctx context.Context, leaf Hash) error {
	waits, err := isPromised(ctx, s.cfg.DB.Read(), leaf.String())
	if err == nil && waits {
		return notYet()
	}
	if err == nil {
		err = errs.New(errs.NotFound, "transparency.no_leaf")
	}
	return err
}

func notYet() error {
	e := errs.New(errs.Unavailable, "transparency.not_yet")
	e.RetryAfter = time.Second
	return e
}
