// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"errors"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// ownAccount returns the actor of ctx, who came with a session, and their account.
func (s *Service) ownAccount(ctx context.Context) (actor.Actor, Account, error) {
	by, err := ownSession(ctx)
	if err != nil {
		return by, Account{}, err
	}
	acc, err := account(ctx, s.db.Read(), by.ID)
	return by, acc, err
}

// samePassword compares a password that its owner typed once more.
func (s *Service) samePassword(ctx context.Context, acc Account, password string) error {
	ok, _, err := s.hasher.verify(ctx, acc.Hash, password)
	if err == nil && !ok {
		err = errs.New(errs.Denied, "auth.wrong_password")
	}
	return err
}

// ChangePassword sets the actor's own password. Their other sessions end, and this
// one gets a new token.
func (s *Service) ChangePassword(ctx context.Context, current, next string, from Origin) (Opened, error) {
	by, acc, err := s.ownAccount(ctx)
	if err != nil {
		return Opened{}, err
	}
	if err := checkPassword("body.new", next, acc.Login); err != nil {
		return Opened{}, err
	}
	if normal(next) == normal(current) {
		return Opened{}, refuse("body.new", "auth.password_same")
	}
	g := guess{login: s.loginKey(acc.Login), among: by.Session, account: acc, from: from, session: by.Session}
	var opened Opened
	err = s.try(ctx, g, func() (err error) {
		if err := s.samePassword(ctx, acc, current); err != nil {
			return err
		}
		if acc.Hash, err = s.hasher.hash(ctx, next); err != nil {
			return err
		}
		opened, err = s.setPassword(ctx, by, acc, g)
		return err
	})
	return opened, err
}

func (s *Service) setPassword(ctx context.Context, by actor.Actor, acc Account, g guess) (Opened, error) {
	acc.MustChange = false
	return s.renew(ctx, by, func(ctx context.Context, tx db.Tx, x *Session) error {
		x.Confirmed = s.now()
		return errors.Join(
			saveAccount(ctx, tx, &acc),
			deleteOtherSessions(ctx, tx, by.ID, by.Session),
			s.passTx(ctx, tx, g, PasswordSet),
			s.recordTx(ctx, tx, kindPasswordChanged.Entry(passwordChanged{How: "own"}), by),
		)
	})
}

// SetLocale keeps the language the actor wants to read: "zh-CN", "en", or "" for
// the browser's.
func (s *Service) SetLocale(ctx context.Context, locale string) error {
	by, err := ownSession(ctx)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return saveLocale(ctx, tx, by.ID, locale) })
}
