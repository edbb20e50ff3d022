// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"errors"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// recent is how fresh a proof of identity must be for changes of an account.
const recent = 15 * time.Minute

// factorTx uses up the code of the second factor, when the person has one.
func (s *Service) factorTx(ctx context.Context, tx db.Tx, personID, code string) error {
	acc, err := account(ctx, tx, personID)
	if err != nil || acc.TOTP == nil {
		return err
	}
	if code == "" {
		return errs.New(errs.Unauthenticated, "auth.code_needed")
	}
	return s.codeTx(ctx, tx, &acc, code)
}

// codeTx uses up a code: six digits of the app, or a recovery code.
func (s *Service) codeTx(ctx context.Context, tx db.Tx, acc *Account, code string) error {
	if acc.TOTP == nil {
		return errBadCode()
	}
	code = typed(code)
	if len(code) == recoveryLen {
		return used(useRecovery(ctx, tx, acc.Person, s.recoveryHash(code), s.now()))
	}
	secret, err := s.box.Open(acc.TOTP, totpContext(acc.Person))
	if err != nil {
		return err
	}
	step, ok := totpStep(secret, code, s.now(), acc.TOTPStep)
	if !ok {
		return errBadCode()
	}
	return used(useStep(ctx, tx, acc.Person, step))
}

// used turns "somebody was faster with the same code" into a refusal.
func used(mine bool, err error) error {
	if err == nil && !mine {
		return errBadCode()
	}
	return err
}

func errBadCode() error { return errs.New(errs.Unauthenticated, "auth.bad_code") }

// Factor is what a person needs to set up an authenticator app.
type Factor struct {
	Secret string // base 32, to be typed in
	URI    string // otpauth://…, for the QR code
}

// BeginFactor makes a secret for a second factor; FinishFactor puts it in force.
func (s *Service) BeginFactor(ctx context.Context) (Factor, error) {
	if err := s.RequireRecent(ctx, recent); err != nil {
		return Factor{}, err
	}
	by, acc, err := s.ownAccount(ctx)
	if err != nil {
		return Factor{}, err
	}
	if acc.TOTP != nil {
		return Factor{}, errs.New(errs.Conflict, "auth.factor_exists")
	}
	secret := newTOTPSecret()
	acc.TOTPPending = s.box.Seal(secret, totpContext(by.ID))
	err = s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return saveAccount(ctx, tx, &acc) })
	return Factor{Secret: base32Text.EncodeToString(secret), URI: totpURI(secret, acc.Login)}, err
}

// FinishFactor puts the secret in force once code shows that the app has it, and
// returns recovery codes, each good for one sign-in without the app. They are
// shown this once.
func (s *Service) FinishFactor(ctx context.Context, code string) ([]string, error) {
	by, acc, err := s.ownAccount(ctx)
	if err != nil {
		return nil, err
	}
	if acc.TOTPPending == nil {
		return nil, errs.New(errs.Conflict, "auth.factor_not_begun")
	}
	secret, err := s.box.Open(acc.TOTPPending, totpContext(by.ID))
	if err != nil {
		return nil, err
	}
	step, ok := totpStep(secret, typed(code), s.now(), acc.TOTPStep)
	if !ok {
		return nil, refuse("body.code", "auth.bad_code")
	}
	acc.TOTP, acc.TOTPPending = acc.TOTPPending, nil
	codes, hashes := s.recovery()
	return codes, s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return errors.Join(
			saveAccount(ctx, tx, &acc),
			used(useStep(ctx, tx, by.ID, step)),
			replaceRecovery(ctx, tx, by.ID, hashes),
			s.recordTx(ctx, tx, kindFactorAdded.Entry(noFacts{}), by),
		)
	})
}

// recovery returns fresh recovery codes and what is kept of them.
func (s *Service) recovery() (codes, hashes []string) {
	for range recoveryCodes {
		code := spoken(recoveryLen)
		codes = append(codes, code)
		hashes = append(hashes, s.recoveryHash(typed(code)))
	}
	return codes, hashes
}

// recoveryHash is keyed, because a code alone is short enough to be searched for.
func (s *Service) recoveryHash(code string) string { return s.box.Fingerprint("auth.recovery:" + code) }

func totpContext(personID string) string { return "auth_account.totp:" + personID }

// RemoveFactor takes the actor's own second factor away.
func (s *Service) RemoveFactor(ctx context.Context) error {
	if err := s.RequireRecent(ctx, recent); err != nil {
		return err
	}
	by, acc, err := s.ownAccount(ctx)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return s.removeFactorTx(ctx, tx, &acc, by, factorRemoved{By: "owner"})
	})
}

func (s *Service) removeFactorTx(ctx context.Context, tx db.Tx, acc *Account, of actor.Actor, facts factorRemoved) error {
	acc.TOTP, acc.TOTPPending = nil, nil
	return errors.Join(
		saveAccount(ctx, tx, acc),
		replaceRecovery(ctx, tx, acc.Person, nil),
		s.recordTx(ctx, tx, kindFactorRemoved.Entry(facts), of),
	)
}
