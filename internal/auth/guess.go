// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// guess is one try at a secret of somebody.
type guess struct {
	login   string // keyed hash of the login, or setupKey
	among   string // browser or session whose guesses are counted apart, or ""
	account Account
	from    Origin
	session string
}

// key is under which the guess is counted.
func (g guess) key() string {
	if g.among == "" {
		return g.login
	}
	return g.login + "/" + g.among
}

// try claims a guess, lets check compare the secret, and books a failure. check
// books its success itself, through passTx, in the transaction of what it allows.
// A login that does not exist takes the same way as one that does.
func (s *Service) try(ctx context.Context, g guess, check func() error) error {
	if err := s.claim(ctx, g); err != nil {
		return err
	}
	err := check()
	if err == nil {
		return nil
	}
	if bookErr := s.bookFailure(ctx, g, err); bookErr != nil {
		return bookErr
	}
	return err
}

// claim takes one guess from what the account and the address have left. It does
// so before the secret is compared: guesses made at the same moment count too.
func (s *Service) claim(ctx context.Context, g guess) error {
	now := s.now()
	if wait := s.addresses.wait(g.from.Address, now); wait > 0 && g.among == "" {
		return locked(wait)
	}
	wait, err := db.InTxV(ctx, s.db, func(ctx context.Context, tx db.Tx) (time.Duration, error) {
		n, err := claimGuess(ctx, tx, g.key(), now)
		if db.IsNoRows(err) {
			until, err := lockedUntil(ctx, tx, g.key())
			return until.Sub(now), err
		}
		if err != nil {
			return 0, err
		}
		if rest := delayAfter(n, accountTries); rest > 0 {
			return 0, lockUntil(ctx, tx, g.key(), now.Add(rest))
		}
		return 0, nil
	})
	if err != nil || wait <= 0 {
		return err
	}
	return locked(wait)
}

// bookFailure writes down a wrong guess; a right one that led nowhere, for another
// reason, is given back. Guesses refused by a lock are not written down: that
// would let a stranger fill the table.
func (s *Service) bookFailure(ctx context.Context, g guess, cause error) error {
	outcome, known := outcomes[errs.KeyOf(cause)]
	wrong := outcome == BadPassword || outcome == BadCode
	if wrong {
		s.addresses.fail(g.from.Address, s.now())
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if !wrong {
			if err := giveBack(ctx, tx, g.key()); err != nil {
				return err
			}
		}
		if !known {
			return nil
		}
		return insertAccess(ctx, tx, s.accessOf(g, outcome))
	})
}

// passTx forgets the failures that are counted with g and writes down what it was let in for.
func (s *Service) passTx(ctx context.Context, tx db.Tx, g guess, outcome Outcome) error {
	if err := deleteFailures(ctx, tx, g.key()); err != nil {
		return err
	}
	return insertAccess(ctx, tx, s.accessOf(g, outcome))
}

func (s *Service) loginKey(login string) string { return s.box.Fingerprint("auth.login:" + login) }
