// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
)

// Outcome is how a sign-in, or another proof of who one is, ended.
type Outcome string

const (
	SignedIn       Outcome = "signed_in"
	SignedOut      Outcome = "signed_out"
	Confirmed      Outcome = "confirmed"
	PasswordSet    Outcome = "password_set"
	BadPassword    Outcome = "bad_password"
	CodeNeeded     Outcome = "code_needed" // the password was right
	BadCode        Outcome = "bad_code"
	AccountClosed  Outcome = "disabled"
	InitialExpired Outcome = "initial_expired"
)

// outcomes tells by the key of a refusal what is written down of it.
var outcomes = map[string]Outcome{
	"auth.bad_credentials": BadPassword,
	"auth.wrong_password":  BadPassword,
	"auth.code_needed":     CodeNeeded,
	"auth.bad_code":        BadCode,
	"auth.bad_setup_code":  BadCode,
	"auth.disabled":        AccountClosed,
	"auth.initial_expired": InitialExpired,
}

// keepAccess is how long the access log is kept: 网络安全法 asks for six months at
// least, 等级保护 practice for three years.
const keepAccess = 3 * 365 * 24 * time.Hour

// Access is one line of the access log. It holds no login, for people type their
// password there, and no full address.
type Access struct {
	ID        string     `bun:"id,pk"`
	At        time.Time  `bun:"at"`
	Person    string     `bun:"person_id"` // "" when the login is nobody's
	LoginHash string     `bun:"login_hash"`
	Outcome   Outcome    `bun:"outcome"`
	Place     place.Path `bun:"place"` // of the person; "" when the login is nobody's
	Address   string     `bun:"address"`
	Device    string     `bun:"device"`
	Session   string     `bun:"session_id"`
}

func (s *Service) accessOf(g guess, outcome Outcome) Access {
	return Access{ID: s.ids.New(), At: s.now(), Person: g.account.Person, LoginHash: g.login, Outcome: outcome,
		Place: g.account.Place, Address: maskAddress(g.from.Address), Device: g.from.Device, Session: g.session}
}

// AccessFilter narrows the access log; zero fields do not.
type AccessFilter struct {
	Person, Login string
	Outcome       Outcome
	From, To      time.Time
	Cursor        string
	Limit         int
}

// AccessLog returns who signed in and who tried, the newest first, as far as the
// audit administrator behind ctx reaches. Tries at logins that are nobody's are
// shown to every one of them.
func (s *Service) AccessLog(ctx context.Context, f AccessFilter) (page.Of[Access], error) {
	scopes := actor.From(ctx).Scopes(PermAccess)
	if len(scopes) == 0 {
		return page.Of[Access]{}, errs.New(errs.Denied, "auth.denied", "perm", PermAccess)
	}
	var before string
	if err := page.Decode(f.Cursor, &before); err != nil {
		return page.Of[Access]{}, err
	}
	key := ""
	if f.Login != "" {
		key = s.loginKey(foldLogin(f.Login))
	}
	rows, err := listAccess(ctx, s.db.Read(), f, key, before, scopes)
	if err != nil {
		return page.Of[Access]{}, err
	}
	return page.Cut(rows, f.Limit, func(a Access) any { return a.ID }), nil
}
