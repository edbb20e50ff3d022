// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

const maxSessions = 20 // of one person; the oldest gives way

// Credentials are what a person signs in with.
type Credentials struct {
	Login, Password string
	Code            string // of the second factor, or a recovery code
	From            Origin
}

// Opened is a fresh session: Token goes to the browser and is kept nowhere else.
type Opened struct {
	Session Session
	Token   string
	Proof   string // for a browser that had none of this login
}

// SignIn opens a session, and ends the one that the caller had. It says
// auth.bad_credentials for an unknown login and for a wrong password alike,
// auth.code_needed when only the second factor is missing, auth.locked after too
// many wrong guesses.
func (s *Service) SignIn(ctx context.Context, c Credentials) (Opened, error) {
	login := foldLogin(c.Login)
	acc, err := s.accountByLogin(ctx, login)
	if err != nil {
		return Opened{}, err
	}
	g := guess{login: s.loginKey(login), among: s.proven(login, c.From.Proof), account: acc, from: c.From}
	var opened Opened
	err = s.try(ctx, g, func() (err error) {
		opened, err = s.signIn(ctx, g, c)
		return err
	})
	if g.among == "" {
		opened.Proof = s.prove(login)
	}
	return opened, err
}

// accountByLogin returns the zero Account for a login that is nobody's.
func (s *Service) accountByLogin(ctx context.Context, login string) (Account, error) {
	acc, err := accountByLogin(ctx, s.db.Read(), login)
	if db.IsNoRows(err) {
		return Account{}, nil
	}
	return acc, err
}

func (s *Service) signIn(ctx context.Context, g guess, c Credentials) (Opened, error) {
	hash, err := s.checkEntry(ctx, &g.account, c.Password)
	if err != nil {
		return Opened{}, err
	}
	by, err := s.org.ActorOf(ctx, g.account.Person, "")
	if err != nil {
		return Opened{}, err
	}
	g.account.Place, g.account.UnitPath = by.Home, by.UnitPath
	opened := s.open(by, g)
	err = s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := enterAccount(ctx, tx, &g.account, hash, s.now()); err != nil {
			return err
		}
		return s.enterTx(ctx, tx, g, c.Code, opened.Session)
	})
	s.cache.drop(by.ID) // a session of theirs may have given way
	if old := actor.From(ctx); old.ID != by.ID {
		s.cache.drop(old.ID)
	}
	return opened, err
}

// checkEntry compares the password and returns the hash to keep of it, which is a
// new one when the old was made at another cost.
func (s *Service) checkEntry(ctx context.Context, acc *Account, password string) (hash string, err error) {
	ok, stale, err := s.hasher.verify(ctx, acc.Hash, password)
	if err != nil {
		return "", err
	}
	if !ok || acc.Person == "" {
		return "", errs.New(errs.Unauthenticated, "auth.bad_credentials")
	}
	if err := acc.mayEnter(s.now()); err != nil || !stale {
		return acc.Hash, err
	}
	return s.hasher.hash(ctx, password)
}

// mayEnter refuses a person whose password was right.
func (a *Account) mayEnter(now time.Time) error {
	if a.Disabled {
		return errs.New(errs.Denied, "auth.disabled")
	}
	if a.MustChange && !a.InitialUntil.IsZero() && now.After(a.InitialUntil) {
		return errs.New(errs.Denied, "auth.initial_expired")
	}
	return nil
}

// open makes a session for by that nobody has yet.
func (s *Service) open(by actor.Actor, g guess) Opened {
	now, token := s.now(), newToken()
	idle, life := s.limitsOf(by)
	x := Session{ID: s.ids.New(), TokenHash: digest(token), Person: by.ID, Unit: by.Unit,
		Device: g.from.Device, Address: maskAddress(g.from.Address),
		Created: now, IdleS: int64(idle / time.Second), Expires: now.Add(life), Confirmed: now}
	x.seen(now)
	return Opened{Token: token, Session: x}
}

// enterTx uses up the second factor and stores the session.
func (s *Service) enterTx(ctx context.Context, tx db.Tx, g guess, code string, x Session) error {
	if err := s.factorTx(ctx, tx, x.Person, code); err != nil {
		return err
	}
	if old := actor.From(ctx); old.Session != "" && old.Channel != channelToken {
		if _, err := deleteSessions(ctx, tx, old.ID, old.Session); err != nil {
			return err
		}
	}
	if err := insertSession(ctx, tx, &x); err != nil {
		return err
	}
	if err := pruneSessions(ctx, tx, x.Person, maxSessions); err != nil {
		return err
	}
	g.session = x.ID
	return s.passTx(ctx, tx, g, SignedIn)
}

// SignOut ends the session of ctx, if there is one.
func (s *Service) SignOut(ctx context.Context, from Origin) error {
	by := actor.From(ctx)
	if by.Session == "" || by.Channel == channelToken {
		return nil
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, err := deleteSessions(ctx, tx, by.ID, by.Session); err != nil {
			return err
		}
		g := guess{account: Account{Person: by.ID, Place: by.Home}, from: from, session: by.Session}
		return insertAccess(ctx, tx, s.accessOf(g, SignedOut))
	})
	s.cache.drop(by.ID)
	return err
}

// administers reports whether g is of one of the three separated administrators (三员).
func administers(g actor.Grant) bool {
	return slices.ContainsFunc(org.Roles, func(r org.Role) bool { return r.Admin && r.Name == g.Role })
}

func (s *Service) limitsOf(by actor.Actor) (idle, life time.Duration) {
	if slices.ContainsFunc(by.Grants, administers) {
		return s.limits.AdminIdle, s.limits.AdminLife
	}
	return s.limits.Idle, s.limits.Life
}

// newToken returns 256 random bits as text.
func newToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// digest is what is kept of a token. It needs no salt: nobody can search 256 bits.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
