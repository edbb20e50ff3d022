// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/platform/db"
)

const (
	tokenPrefix   = "anlan_pat_" // found by scanners for leaked secrets
	maxTokens     = 20           // of one person
	maxTokenDays  = 366
	maxTokenName  = 60 // characters
	maxTokenPerms = 40
	lastUseEvery  = time.Minute // how often "last used" is written at most
)

// NewToken is what a person asks for.
type NewToken struct {
	Name  string
	Perms []string // some of those that the person has
	Days  int      // how many days it works, 1 to 366
}

// Tokens returns the actor's API tokens, the newest first.
func (s *Service) Tokens(ctx context.Context) ([]Token, error) {
	by, err := ownSession(ctx)
	if err != nil {
		return nil, err
	}
	return listTokens(ctx, s.db.Read(), by.ID)
}

// CreateToken makes an API token that acts as the actor, in the name of the unit
// they act for now, with the permissions asked for. The secret is returned this once.
func (s *Service) CreateToken(ctx context.Context, n NewToken) (Token, string, error) {
	if err := s.RequireRecent(ctx, recent); err != nil {
		return Token{}, "", err
	}
	by := actor.From(ctx)
	if err := n.check(by); err != nil {
		return Token{}, "", err
	}
	t := Token{ID: s.ids.New(), Person: by.ID, Unit: by.Unit, Name: strings.TrimSpace(n.Name),
		Perms: slices.Compact(slices.Sorted(slices.Values(n.Perms))), Created: s.now(), Expires: s.now().AddDate(0, 0, n.Days)}
	secret := tokenPrefix + t.ID + "_" + newToken()
	t.Hash = digest(secret)
	return t, secret, s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return s.addTokenTx(ctx, tx, by, t) })
}

func (s *Service) addTokenTx(ctx context.Context, tx db.Tx, by actor.Actor, t Token) error {
	n, err := countTokens(ctx, tx, by.ID)
	if err != nil {
		return err
	}
	if n >= maxTokens {
		return errs.New(errs.Exhausted, "auth.too_many_tokens", "max", maxTokens)
	}
	facts := tokenCreated{Perms: strings.Join(t.Perms, " "), Expires: string(clock.DayOf(t.Expires))}
	return errors.Join(insertToken(ctx, tx, t), s.recordTx(ctx, tx, kindTokenCreated.Entry(facts), by))
}

func (n NewToken) check(by actor.Actor) error {
	var bad []errs.Field
	if name := strings.TrimSpace(n.Name); name == "" || utf8.RuneCountInString(name) > maxTokenName {
		bad = append(bad, errs.At("body.name", "auth.token_name", "max", maxTokenName))
	}
	if len(n.Perms) == 0 || len(n.Perms) > maxTokenPerms {
		bad = append(bad, errs.At("body.perms", "auth.token_perms"))
	}
	for _, p := range n.Perms {
		if len(by.Scopes(p)) == 0 {
			bad = append(bad, errs.At("body.perms", "auth.token_perm_not_held", "perm", p))
			break
		}
	}
	if n.Days < 1 || n.Days > maxTokenDays {
		bad = append(bad, errs.At("body.days", "auth.token_days", "max", maxTokenDays))
	}
	return errs.InvalidFields(bad...)
}

// RevokeToken ends one of the actor's own tokens.
func (s *Service) RevokeToken(ctx context.Context, tokenID string) error {
	by, err := ownSession(ctx)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		n, err := deleteTokens(ctx, tx, by.ID, tokenID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "auth.no_token")
		}
		return s.recordTx(ctx, tx, kindTokenRevoked.Entry(noFacts{}), by)
	})
	s.cache.drop(by.ID)
	return err
}

// tokenID returns the id in a token's text, or "" when it does not have the form.
func tokenID(secret string) string {
	rest, ok := strings.CutPrefix(secret, tokenPrefix)
	tid, _, found := strings.Cut(rest, "_")
	if !ok || !found || !id.Valid(tid) {
		return ""
	}
	return tid
}

// cutDown returns grants with no more than the given permissions.
func cutDown(grants []actor.Grant, perms []string) []actor.Grant {
	var out []actor.Grant
	for _, g := range grants {
		g.Perms = slices.DeleteFunc(slices.Clone(g.Perms), func(p string) bool { return !slices.Contains(perms, p) })
		if len(g.Perms) > 0 {
			out = append(out, g)
		}
	}
	return out
}
