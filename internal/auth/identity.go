// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"log/slog"
	"sync"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// identityFresh is how long an answer is used again without looking: the longest
// time that another process may not know of a revocation. This process knows at once.
const identityFresh = 5 * time.Second

// identity is who a token stands for.
type identity struct {
	by         actor.Actor
	mustChange bool      // the person has a one-time password
	expires    time.Time // of the session or token
	fresh      time.Time // when to look again
	powers     uint64    // org's Powers when it was looked at
}

const maxIdentities = 20_000

// identities remembers who tokens stand for. A key is the token's SHA-256, so that
// the memory holds no token.
type identities struct {
	mu    sync.RWMutex
	by    map[[sha256.Size]byte]identity
	drops int // how many times something was forgotten
}

func newIdentities() *identities { return &identities{by: map[[sha256.Size]byte]identity{}} }

// get returns what is known, and a ticket for put.
func (c *identities) get(key [sha256.Size]byte, now time.Time, powers uint64) (who identity, known bool, ticket int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	who, known = c.by[key]
	return who, known && now.Before(who.fresh) && now.Before(who.expires) && who.powers == powers, c.drops
}

// put remembers who, unless something was forgotten since the ticket was drawn:
// then who may have been read before a revocation.
func (c *identities) put(key [sha256.Size]byte, who identity, ticket int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ticket != c.drops {
		return
	}
	if len(c.by) >= maxIdentities {
		clear(c.by)
	}
	c.by[key] = who
}

// drop forgets all tokens of a person.
func (c *identities) drop(personID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drops++
	for key, who := range c.by {
		if who.by.ID == personID {
			delete(c.by, key)
		}
	}
}

// dropAll forgets everybody.
func (c *identities) dropAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drops++
	clear(c.by)
}

// identify returns who a session's or an API token's secret stands for; the zero
// identity for one that is unknown or over.
func (s *Service) identify(ctx context.Context, secret string) (identity, error) {
	key, now, powers := sha256.Sum256([]byte(secret)), s.now(), s.org.Powers()
	who, known, ticket := s.cache.get(key, now, powers)
	if known {
		return who, nil
	}
	look := s.lookSession
	if tokenID(secret) != "" {
		look = s.lookToken
	}
	who, err := look(ctx, secret, hex.EncodeToString(key[:]), now)
	if err != nil || who.by.Public() {
		return identity{}, err
	}
	who.fresh, who.powers = now.Add(identityFresh), powers
	s.cache.put(key, who, ticket)
	return who, nil
}

func (s *Service) lookSession(ctx context.Context, _, hash string, now time.Time) (identity, error) {
	x, err := sessionByHash(ctx, s.db.Read(), hash)
	if db.IsNoRows(err) || err == nil && !x.alive(now) {
		return identity{}, nil
	}
	if err != nil {
		return identity{}, err
	}
	who, err := s.person(ctx, x.Person, x.Unit)
	if err != nil || who.by.Public() {
		return identity{}, err
	}
	if now.Sub(x.LastSeen) >= lastUseEvery {
		x.seen(now)
		s.note(ctx, func(ctx context.Context, tx db.Tx) error { return seeSession(ctx, tx, &x) })
	}
	who.by.Session, who.by.Channel, who.expires = x.ID, "web", x.Expires
	return who, nil
}

func (s *Service) lookToken(ctx context.Context, secret, hash string, now time.Time) (identity, error) {
	t, err := tokenByID(ctx, s.db.Read(), tokenID(secret))
	if db.IsNoRows(err) {
		return identity{}, nil
	}
	if err != nil {
		return identity{}, err
	}
	if subtle.ConstantTimeCompare([]byte(t.Hash), []byte(hash)) != 1 || !now.Before(t.Expires) {
		return identity{}, nil
	}
	who, err := s.person(ctx, t.Person, t.Unit)
	if err != nil || who.by.Public() {
		return identity{}, err
	}
	if now.Sub(t.LastUsed) >= lastUseEvery {
		s.note(ctx, func(ctx context.Context, tx db.Tx) error { return useToken(ctx, tx, t.ID, now) })
	}
	who.by.Session, who.by.Channel, who.expires = t.ID, channelToken, t.Expires
	who.by.Grants = cutDown(who.by.Grants, t.Perms)
	return who, nil
}

// person returns who acts for a unit. Somebody who has left it acts for their main
// one; without any, or with a disabled account, they are nobody.
func (s *Service) person(ctx context.Context, personID, unitID string) (identity, error) {
	acc, err := account(ctx, s.db.Read(), personID)
	if err != nil || acc.Disabled {
		return identity{}, err
	}
	by, err := s.org.ActorOf(ctx, personID, unitID)
	if gone(err) && unitID != "" {
		by, err = s.org.ActorOf(ctx, personID, "")
	}
	if gone(err) {
		return identity{}, nil
	}
	return identity{by: by, mustChange: acc.MustChange}, err
}

func gone(err error) bool {
	kind := errs.KindOf(err)
	return kind == errs.NotFound || kind == errs.Denied || kind == errs.Invalid
}

// note writes down that something was used. A request that only reads goes on when
// that is not possible.
func (s *Service) note(ctx context.Context, fn func(context.Context, db.Tx) error) {
	if err := s.db.InTx(ctx, fn); err != nil {
		slog.WarnContext(ctx, "last use was not written down", "err", err)
	}
}
