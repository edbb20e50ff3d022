// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"errors"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

const (
	initialLife = 7 * 24 * time.Hour // of a one-time password
	initialLen  = 12                 // characters: 58 bits
)

// CreateAccount gives a person an account and returns its one-time password, which
// is shown this once, is good for seven days and must be changed at the first
// sign-in. It needs auth.accounts where the person belongs; commands on the machine
// act as org.Operator.
func (s *Service) CreateAccount(ctx context.Context, personID, login string) (password string, err error) {
	acc, of, err := s.newAccount(ctx, personID, login)
	if err != nil {
		return "", err
	}
	if password, err = s.initial(ctx, &acc); err != nil {
		return "", err
	}
	return password, s.create(ctx, acc, of)
}

// CreateDemoAccount gives a person an account with a password that everybody may
// know and nobody must change. Only commands on the machine may call it.
func (s *Service) CreateDemoAccount(ctx context.Context, personID, login, password string) error {
	if actor.From(ctx).Channel != "cli" {
		return errs.New(errs.Denied, "auth.denied", "perm", PermAccounts)
	}
	acc, of, err := s.newAccount(ctx, personID, login)
	if err != nil {
		return err
	}
	if err := checkPassword("password", password, acc.Login); err != nil {
		return err
	}
	if acc.Hash, err = s.hasher.hash(ctx, password); err != nil {
		return err
	}
	return s.create(ctx, acc, of)
}

// PersonOf returns the person who has a login, for commands on the machine.
func (s *Service) PersonOf(ctx context.Context, login string) (string, error) {
	acc, err := accountByLogin(ctx, s.db.Read(), foldLogin(login))
	if db.IsNoRows(err) {
		return "", errs.New(errs.NotFound, "auth.no_account")
	}
	return acc.Person, err
}

func (s *Service) newAccount(ctx context.Context, personID, login string) (Account, actor.Actor, error) {
	of, err := s.administer(ctx, personID, PermAccounts)
	if err != nil {
		return Account{}, of, err
	}
	acc := Account{Person: personID, Login: foldLogin(login), Place: of.Home, UnitPath: of.UnitPath, Created: s.now(), Version: 1}
	return acc, of, checkLogin("body.login", acc.Login)
}

func (s *Service) create(ctx context.Context, acc Account, of actor.Actor) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return s.createTx(ctx, tx, acc, of, accountCreated{By: actor.From(ctx).Channel})
	})
}

func (s *Service) createTx(ctx context.Context, tx db.Tx, acc Account, of actor.Actor, facts accountCreated) error {
	if _, err := account(ctx, tx, acc.Person); !db.IsNoRows(err) {
		if err == nil {
			err = errs.New(errs.Conflict, "auth.account_exists")
		}
		return err
	}
	if _, err := accountByLogin(ctx, tx, acc.Login); !db.IsNoRows(err) {
		if err == nil {
			err = errs.New(errs.Conflict, "auth.login_taken")
		}
		return err
	}
	return errors.Join(insertAccount(ctx, tx, &acc), s.recordTx(ctx, tx, kindAccountCreated.Entry(facts), of))
}

// initial puts a fresh one-time password into acc.
func (s *Service) initial(ctx context.Context, acc *Account) (password string, err error) {
	password = spoken(initialLen)
	acc.Hash, err = s.hasher.hash(ctx, password)
	acc.MustChange, acc.InitialUntil = true, s.now().Add(initialLife)
	return password, err
}

// administer returns the person whose account the actor of ctx wants to change. The
// actor needs perm wherever the person works, and for one who works nowhere, where
// they last signed in; others are NotFound. Nobody administers their own account.
func (s *Service) administer(ctx context.Context, personID, perm string) (actor.Actor, error) {
	if err := s.RequireRecent(ctx, recent); err != nil {
		return actor.Actor{}, err
	}
	by := actor.From(ctx)
	if len(by.Scopes(perm)) == 0 {
		return actor.Actor{}, errs.New(errs.Denied, "auth.denied", "perm", perm)
	}
	if by.ID == personID {
		return actor.Actor{}, errs.New(errs.Denied, "auth.own_account")
	}
	of, err := s.org.ActorOf(ctx, personID, "")
	if err != nil {
		return actor.Actor{}, err
	}
	objects, err := s.worksAt(ctx, personID)
	if err != nil {
		return actor.Actor{}, err
	}
	for _, o := range objects {
		if !by.May(perm, o) {
			return actor.Actor{}, errs.New(errs.NotFound, "auth.no_account")
		}
	}
	return of, nil
}

// worksAt returns the units in which a person works today.
func (s *Service) worksAt(ctx context.Context, personID string) ([]actor.Object, error) {
	p, err := s.org.ReadPerson(actor.With(ctx, org.Operator()), personID)
	if err != nil {
		return nil, err
	}
	var at []actor.Object
	for _, m := range p.Memberships {
		if !m.On(clock.DayOf(s.now())) {
			continue
		}
		u, err := s.org.Unit(ctx, m.UnitID)
		if err != nil {
			return nil, err
		}
		at = append(at, u.Object())
	}
	if len(at) > 0 {
		return at, nil
	}
	acc, err := account(ctx, s.db.Read(), personID)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.Conflict, "auth.works_nowhere")
	}
	return []actor.Object{{Place: acc.Place, UnitPath: acc.UnitPath}}, err
}

// change makes a change to the account of a person and records it. The person is
// signed out everywhere when signOut is set.
func (s *Service) change(ctx context.Context, personID, perm string, signOut bool, e ledger.Entry, fn func(context.Context, db.Tx, *Account) error) error {
	of, err := s.administer(ctx, personID, perm)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		acc, err := account(ctx, tx, personID)
		if db.IsNoRows(err) {
			return errs.New(errs.NotFound, "auth.no_account")
		}
		if err != nil {
			return err
		}
		if err := fn(ctx, tx, &acc); err != nil {
			return err
		}
		if signOut {
			if err := signOutTx(ctx, tx, personID); err != nil {
				return err
			}
		}
		return s.recordTx(ctx, tx, e, of)
	})
	s.cache.drop(personID)
	return err
}

// signOutTx ends all sessions and API tokens of a person.
func signOutTx(ctx context.Context, tx db.Tx, personID string) error {
	_, errSessions := deleteSessions(ctx, tx, personID, "")
	_, errTokens := deleteTokens(ctx, tx, personID, "")
	return errors.Join(errSessions, errTokens)
}

// ResetPassword gives a person a new one-time password and signs them out
// everywhere. The second factor stays: the new password alone opens nothing.
func (s *Service) ResetPassword(ctx context.Context, personID string) (password string, err error) {
	var fresh Account
	if password, err = s.initial(ctx, &fresh); err != nil {
		return "", err
	}
	e := kindPasswordChanged.Entry(passwordChanged{How: "reset"})
	err = s.change(ctx, personID, PermAccounts, true, e, func(ctx context.Context, tx db.Tx, acc *Account) error {
		acc.Hash, acc.MustChange, acc.InitialUntil = fresh.Hash, true, fresh.InitialUntil
		return errors.Join(saveAccount(ctx, tx, acc), deleteAllFailures(ctx, tx, s.loginKey(acc.Login)))
	})
	if err != nil {
		return "", err
	}
	return password, nil
}

// Disable closes the account of a person and signs them out everywhere.
func (s *Service) Disable(ctx context.Context, personID string) error {
	return s.change(ctx, personID, PermAccounts, true, kindAccountDisabled.Entry(noFacts{}), setDisabled(true))
}

// Enable opens a closed account again; API tokens do not come back.
func (s *Service) Enable(ctx context.Context, personID string) error {
	return s.change(ctx, personID, PermAccounts, false, kindAccountEnabled.Entry(noFacts{}), setDisabled(false))
}

func setDisabled(disabled bool) func(context.Context, db.Tx, *Account) error {
	return func(ctx context.Context, tx db.Tx, acc *Account) error {
		acc.Disabled = disabled
		return saveAccount(ctx, tx, acc)
	}
}

// Unlock lets a person try again at once after too many wrong guesses.
func (s *Service) Unlock(ctx context.Context, personID string) error {
	return s.change(ctx, personID, PermTokens, false, kindAccountUnlocked.Entry(noFacts{}), func(ctx context.Context, tx db.Tx, acc *Account) error {
		return deleteAllFailures(ctx, tx, s.loginKey(acc.Login))
	})
}

// ForgetFactor takes the second factor of somebody who lost it, and signs them out
// everywhere.
func (s *Service) ForgetFactor(ctx context.Context, personID string) error {
	e := kindFactorRemoved.Entry(factorRemoved{By: "administrator"})
	return s.change(ctx, personID, PermTokens, true, e, func(ctx context.Context, tx db.Tx, acc *Account) error {
		acc.TOTP, acc.TOTPPending = nil, nil
		return errors.Join(saveAccount(ctx, tx, acc), replaceRecovery(ctx, tx, acc.Person, nil))
	})
}

// Listed is an account as administrators see it.
type Listed struct {
	Account
	Name        string    // of the person
	LockedUntil time.Time // zero: not locked
}

// Accounts returns the accounts, ordered by login, that the actor of ctx
// administers, and whose login begins with prefix.
func (s *Service) Accounts(ctx context.Context, prefix, cursor string, limit int) (page.Of[Listed], error) {
	by := actor.From(ctx)
	scopes := append(by.Scopes(PermAccounts), by.Scopes(PermTokens)...)
	if len(scopes) == 0 {
		return page.Of[Listed]{}, errs.New(errs.Denied, "auth.denied", "perm", PermAccounts)
	}
	var after string
	if err := page.Decode(cursor, &after); err != nil {
		return page.Of[Listed]{}, err
	}
	accs, err := listAccounts(ctx, s.db.Read(), foldLogin(prefix), after, scopes, limit)
	if err != nil {
		return page.Of[Listed]{}, err
	}
	cut := page.Cut(accs, limit, func(a Account) any { return a.Login })
	items, err := s.listed(ctx, cut.Items)
	return page.Of[Listed]{Items: items, Next: cut.Next}, err
}

func (s *Service) listed(ctx context.Context, accs []Account) ([]Listed, error) {
	ids, keys := make([]string, len(accs)), make([]string, len(accs))
	for i, a := range accs {
		ids[i], keys[i] = a.Person, s.loginKey(a.Login)
	}
	names, err := s.org.PersonNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	locks, err := locks(ctx, s.db.Read(), keys, s.now())
	out := make([]Listed, len(accs))
	for i, a := range accs {
		out[i] = Listed{Account: a, Name: names[a.Person], LockedUntil: locks[keys[i]]}
	}
	return out, err
}
