// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"slices"
	"strings"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// channelToken is the channel of those who came with an API token.
const channelToken = "api"

// ownSession returns the actor of ctx, who must have come with a session: a token
// may not manage the account that it belongs to.
func ownSession(ctx context.Context) (actor.Actor, error) {
	by := actor.From(ctx)
	if by.Public() {
		return by, errs.New(errs.Unauthenticated, "auth.sign_in")
	}
	if by.Session == "" || by.Channel == channelToken {
		return by, errs.New(errs.Denied, "auth.session_needed")
	}
	return by, nil
}

// Sessions returns the live sessions of the actor of ctx, the newest first.
func (s *Service) Sessions(ctx context.Context) ([]Session, error) {
	by, err := ownSession(ctx)
	if err != nil {
		return nil, err
	}
	all, err := listSessions(ctx, s.db.Read(), by.ID)
	live := all[:0]
	for _, x := range all {
		if x.alive(s.now()) {
			live = append(live, x)
		}
	}
	return live, err
}

// EndSession ends one of the actor's own sessions.
func (s *Service) EndSession(ctx context.Context, id string) error {
	by, err := ownSession(ctx)
	if err != nil {
		return err
	}
	n, err := db.InTxV(ctx, s.db, func(ctx context.Context, tx db.Tx) (int64, error) {
		return deleteSessions(ctx, tx, by.ID, id)
	})
	s.cache.drop(by.ID)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "auth.no_session")
	}
	return err
}

// RevokeAll signs a person out everywhere, at once in this process and within
// identityFresh in others. Whoever changes what a person may do calls it.
func (s *Service) RevokeAll(ctx context.Context, personID string) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		_, err := deleteSessions(ctx, tx, personID, "")
		return err
	})
	s.cache.drop(personID)
	return err
}

// endingKinds are what ends the sessions of the person whom they are about;
// shiftingKinds change what people may do of whom they do not tell.
var (
	endingKinds   = []string{"org.granted.v1", "org.revoked.v1", "org.person_left.v1"}
	shiftingKinds = []string{"org.person_joined.v1", "org.unit_changed.v1", "org.unit_left.v1", "org.unit_closed.v1",
		"org.unit_reopened.v1", "org.region_added.v1", "org.region_ended.v1"}
)

// Reader ends the sessions of people whose powers changed, so that nobody goes on
// with those of yesterday. Sessions opened after the change stay. It also forgets
// everybody when units or regions change, so that powers that came from them end.
func (s *Service) Reader() ledger.Reader {
	return ledger.Reader{
		Name: "auth", Kinds: slices.Concat(endingKinds, shiftingKinds),
		Handle: ledger.Each(func(ctx context.Context, tx db.Tx, e ledger.Entry) error {
			if !slices.Contains(endingKinds, e.Kind) {
				return nil
			}
			return deleteSessionsBefore(ctx, tx, strings.TrimPrefix(e.Subject, "person:"), e.Recorded)
		}),
		Done: func(context.Context, []ledger.Entry) { s.cache.dropAll() },
	}
}

// SwitchUnit lets the actor of ctx act in the name of another of their units. The
// session gets a new token, because what it may do changes.
func (s *Service) SwitchUnit(ctx context.Context, unitID string) (Opened, error) {
	by, err := ownSession(ctx)
	if err != nil {
		return Opened{}, err
	}
	next, err := s.org.ActorOf(ctx, by.ID, unitID)
	if err != nil {
		return Opened{}, err
	}
	return s.renew(ctx, by, func(_ context.Context, _ db.Tx, x *Session) error {
		x.Unit = next.Unit
		idle, life := s.limitsOf(next)
		x.IdleS, x.Expires = int64(idle/time.Second), x.Created.Add(life)
		x.seen(s.now())
		return nil
	})
}

// renew gives the actor's session a new token together with a change.
func (s *Service) renew(ctx context.Context, by actor.Actor, change func(context.Context, db.Tx, *Session) error) (Opened, error) {
	token := newToken()
	x, err := db.InTxV(ctx, s.db, func(ctx context.Context, tx db.Tx) (Session, error) {
		x, err := sessionByID(ctx, tx, by.ID, by.Session)
		if err != nil {
			return x, err
		}
		if err := change(ctx, tx, &x); err != nil {
			return x, err
		}
		x.TokenHash = digest(token)
		return x, saveSession(ctx, tx, &x)
	})
	s.cache.drop(by.ID)
	return Opened{Session: x, Token: token}, err
}

// RequireRecent refuses with auth.confirm_needed unless the person behind ctx has
// proved who they are within maxAge. Sensitive acts call it: changes of roles,
// exports, looking at personal data. Commands on the machine and jobs pass.
func (s *Service) RequireRecent(ctx context.Context, maxAge time.Duration) error {
	if by := actor.From(ctx); by.Channel == "cli" || by.Channel == "job" {
		return nil
	}
	by, err := ownSession(ctx)
	if err != nil {
		return err
	}
	x, err := sessionByID(ctx, s.db.Read(), by.ID, by.Session)
	if err != nil {
		return err
	}
	if s.now().Sub(x.Confirmed) > maxAge {
		return errs.New(errs.Denied, "auth.confirm_needed")
	}
	return nil
}

// Confirm proves again who the actor of ctx is, by password or by a code of the
// second factor; exactly one is given.
func (s *Service) Confirm(ctx context.Context, password, code string, from Origin) error {
	by, acc, err := s.ownAccount(ctx)
	if err != nil {
		return err
	}
	g := guess{login: s.loginKey(acc.Login), among: by.Session, account: acc, from: from, session: by.Session}
	return s.try(ctx, g, func() error {
		if code == "" {
			if err := s.samePassword(ctx, acc, password); err != nil {
				return err
			}
		}
		return s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			if code != "" {
				if err := s.codeTx(ctx, tx, &acc, code); err != nil {
					return err
				}
			}
			if err := confirmSession(ctx, tx, by.ID, by.Session, s.now()); err != nil {
				return err
			}
			return s.passTx(ctx, tx, g, Confirmed)
		})
	})
}

// sweepAtOnce bounds what one Sweep deletes of each kind, so that others can write.
const sweepAtOnce = 5000

// Sweep deletes sessions and tokens that are over, failures that are forgotten and
// lines of the access log that were kept long enough. Call it every few minutes.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.now()
	return s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return sweep(ctx, tx, now, sweepAtOnce)
	})
}
