// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/org"
)

func TestSessionLimits(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		h.user(t, office, "clerk", "office_clerk")
		h.user(t, office, "system", "system_admin")
		tests := []struct {
			name, login string
			every, sum  time.Duration // used so often, for so long
			idle        time.Duration // then left alone
			code        int
		}{
			{"clerk leaves for a night", "clerk", 0, 0, 11 * time.Hour, http.StatusOK},
			{"clerk leaves for too long", "clerk", 0, 0, 12*time.Hour + time.Second, http.StatusUnauthorized},
			{"clerk works on for a week", "clerk", 6 * time.Hour, 7*24*time.Hour - time.Minute, 0, http.StatusOK},
			{"clerk works on for longer", "clerk", 6 * time.Hour, 7 * 24 * time.Hour, 0, http.StatusUnauthorized},
			{"administrator has a break", "system", 0, 0, 29 * time.Minute, http.StatusOK},
			{"administrator has lunch", "system", 0, 0, 30*time.Minute + time.Second, http.StatusUnauthorized},
			{"administrator works overtime", "system", 20 * time.Minute, 12 * time.Hour, 0, http.StatusUnauthorized},
		}
		for _, tt := range tests {
			b := h.signedIn(t, tt.login)
			for left := tt.sum; left > 0; left -= tt.every {
				h.clock.Advance(min(tt.every, left))
				if left > tt.every {
					b.want(http.StatusOK, "", "GET", "/me", nil)
				}
			}
			h.clock.Advance(tt.idle)
			if a := b.do("GET", "/me", nil); a.code != tt.code {
				t.Errorf("%s: %d, want %d", tt.name, a.code, tt.code)
			}
			b.want(http.StatusOK, "", "GET", "/page", nil) // a dead cookie makes a visitor, not an error
		}
		must(t, h.Sweep(t.Context()))
		left, err := h.db.Read().NewSelect().Table("auth_session").Count(t.Context())
		must(t, err)
		if left != 0 {
			t.Errorf("%d sessions after the sweep, want none", left)
		}
	})
}

// TestBusySessionLives uses a session every ten seconds: the last use is written once
// a minute, and idleness still never ends it.
func TestBusySessionLives(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.user(t, h.office(t, county, "清江县安委办"), "system", "system_admin")
		b := h.signedIn(t, "system")
		for range 6 * 40 {
			h.clock.Advance(10 * time.Second)
			b.want(http.StatusForbidden, "auth.denied", "GET", "/probe", nil)
		}
	})
}

func TestSessionsOfMine(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		h.user(t, office, "zhang.san")
		h.user(t, office, "li.si")
		a, b, other := h.signedIn(t, "zhang.san"), h.signedIn(t, "zhang.san"), h.signedIn(t, "li.si")
		list := a.want(http.StatusOK, "", "GET", "/me/sessions", nil)
		items := list.json["items"].([]any)
		if len(items) != 2 {
			t.Fatalf("sessions: %s", list.body)
		}
		newest := items[0].(map[string]any)
		if newest["current"] != false || newest["device"] != "Chrome · Windows" || newest["address"] != "203.0.113.*" {
			t.Errorf("session of the other browser: %v", newest)
		}
		id := newest["id"].(string)
		other.want(http.StatusNotFound, "auth.no_session", "DELETE", "/me/sessions/"+id, nil)
		b.want(http.StatusOK, "", "GET", "/me", nil) // now in the cache
		a.want(http.StatusNoContent, "", "DELETE", "/me/sessions/"+id, nil)
		b.want(http.StatusUnauthorized, "auth.sign_in", "GET", "/me", nil)
		a.want(http.StatusOK, "", "GET", "/me", nil)
		for range maxSessions {
			h.clock.Advance(time.Second)
			h.signedIn(t, "zhang.san")
		}
		a.want(http.StatusUnauthorized, "auth.sign_in", "GET", "/me", nil)
	})
}

// TestRevokedAtOnce revokes while requests run: none that begins later gets in.
func TestRevokedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		p := h.user(t, h.office(t, county, "清江县安委办"), "zhang.san")
		for range 3 {
			b := h.signedIn(t, "zhang.san")
			var revoked atomic.Bool
			var late atomic.Int32
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					for range 40 {
						after := revoked.Load()
						own := &browser{t: t, h: h, cookie: b.cookie, address: b.address}
						if own.do("GET", "/me/sessions", nil).code == http.StatusOK && after {
							late.Add(1)
						}
					}
				})
			}
			must(t, h.RevokeAll(t.Context(), p.ID))
			revoked.Store(true)
			wg.Wait()
			if n := late.Load(); n > 0 {
				t.Errorf("%d requests got in after the revocation", n)
			}
		}
	})
}

func TestRoleChangeSignsOut(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		p := h.user(t, office, "zhang.san")
		h.read(t)
		b := h.signedIn(t, "zhang.san")
		b.want(http.StatusForbidden, "auth.denied", "GET", "/probe?perm=hazard.triage&place="+string(county), nil)
		h.clock.Advance(time.Second)
		must(t, h.org.GrantRole(h.operator, &org.Grant{PersonID: p.ID, UnitID: office.ID, Role: "office_clerk"}))
		h.clock.Advance(time.Second)
		fresh := h.signedIn(t, "zhang.san")
		h.read(t)
		b.want(http.StatusUnauthorized, "auth.sign_in", "GET", "/me", nil)
		fresh.want(http.StatusNoContent, "", "GET", "/probe?perm=hazard.triage&place="+string(town), nil)
		fresh.want(http.StatusForbidden, "auth.denied", "GET", "/probe?perm=hazard.triage&place="+string(beside), nil)
	})
}

// TestPowersEndAtOnce takes from a clerk, in turn, everything that powers rest on. The
// next request is refused, before any reader of the ledger has run.
func TestPowersEndAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.office(t, beside, "云岭县安委办")
		for n, tt := range []struct {
			name string
			end  func(t *testing.T, u *org.Unit, p *org.Person) error
		}{
			{"leaves", h.leave},
			{"loses the role", h.revoke},
			{"the unit closes", h.shut},
			{"the county becomes part of the next", func(*testing.T, *org.Unit, *org.Person) error {
				return h.org.EndRegion(h.operator, "990101", "2026-11-23", []string{"990102"})
			}},
		} {
			office, login := h.office(t, county, fmt.Sprintf("清江县安委办%d", n)), fmt.Sprintf("clerk.%d", n)
			p := h.user(t, office, login, "office_clerk")
			b := h.signedIn(t, login)
			b.want(http.StatusNoContent, "", "GET", "/probe?perm=hazard.triage&place="+string(town), nil)
			if err := tt.end(t, office, p); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			b.want(http.StatusForbidden, "auth.denied", "GET", "/probe?perm=hazard.triage&place="+string(town), nil)
		}
	})
}

func (h house) leave(t *testing.T, _ *org.Unit, p *org.Person) error {
	full, err := h.org.ReadPerson(h.operator, p.ID)
	must(t, err)
	_, err = h.org.ChangePerson(h.operator, org.PersonChange{ID: p.ID, Version: full.Version, Name: full.Name})
	return err
}

func (h house) revoke(t *testing.T, _ *org.Unit, p *org.Person) error {
	grants, err := h.org.Grants(h.operator, p.ID, "")
	must(t, err)
	return h.org.Revoke(h.operator, grants[0].ID)
}

func (h house) shut(t *testing.T, of *org.Unit, _ *org.Person) error {
	u, err := h.org.Unit(t.Context(), of.ID)
	must(t, err)
	u.Closed = "2026-11-24"
	_, err = h.org.ChangeUnit(h.operator, u)
	return err
}

// TestOtherProcess forgets by the ledger what another process changed.
func TestOtherProcess(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		h.user(t, office, "zhang.san", "office_clerk")
		h.read(t)
		h.clock.Advance(time.Second)
		b := h.signedIn(t, "zhang.san")
		may := "/probe?perm=hazard.triage&place=" + string(town)
		b.want(http.StatusNoContent, "", "GET", may, nil)
		other := house{Service: New(Config{DB: h.db, Ledger: h.ledger, Now: h.now, IDs: h.ids, Box: h.box, Org: org.New(h.org.Config)}), operator: h.operator}
		must(t, other.shut(t, office, nil))
		b.want(http.StatusNoContent, "", "GET", may, nil) // within identityFresh
		h.read(t)
		b.want(http.StatusForbidden, "auth.denied", "GET", may, nil)
	})
}

// read lets the reader see all that was recorded.
func (h house) read(t *testing.T) {
	t.Helper()
	must(t, h.ledger.Settle(t.Context()))
	for n := 1; n > 0; {
		var err error
		n, err = h.ledger.Step(t.Context(), h.Reader())
		must(t, err)
	}
}

func TestSwitchUnit(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		one, two := h.office(t, county, "清江县安委办"), h.office(t, beside, "云岭县安委办")
		p := h.user(t, one, "zhang.san", "office_clerk")
		full, err := h.org.ReadPerson(h.operator, p.ID)
		must(t, err)
		_, err = h.org.ChangePerson(h.operator, org.PersonChange{ID: p.ID, Version: full.Version, Name: full.Name,
			Memberships: append(full.Memberships, org.Membership{UnitID: two.ID})})
		must(t, err)
		b := h.signedIn(t, "zhang.san")
		old := b.cookie
		b.want(http.StatusNotFound, "", "POST", "/me/unit", m{"unit_id": "01m85h26m098addarsgfhgrwkd"})
		a := b.want(http.StatusOK, "", "POST", "/me/unit", m{"unit_id": two.ID})
		if b.cookie == old || !strings.Contains(a.body, `"unit":{"id":"`+two.ID+`","name":"云岭县安委办","place":"`+string(beside)+`"}`) {
			t.Errorf("switched: %s", a.body)
		}
		b.want(http.StatusForbidden, "auth.denied", "GET", "/probe?perm=hazard.triage&place="+string(county), nil)
		thief := h.browser(t)
		thief.cookie = old
		thief.want(http.StatusUnauthorized, "auth.sign_in", "GET", "/me", nil)
	})
}

func TestRequireRecent(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.user(t, h.office(t, county, "清江县安委办"), "zhang.san")
		b := h.signedIn(t, "zhang.san")
		h.clock.Advance(recent + time.Second)
		b.want(http.StatusForbidden, "auth.confirm_needed", "POST", "/me/totp", nil)
		b.want(http.StatusForbidden, "auth.wrong_password", "POST", "/auth/confirm", m{"password": "wrong"})
		b.want(http.StatusForbidden, "auth.wrong_password", "POST", "/auth/confirm", m{})
		b.want(http.StatusUnauthorized, "auth.bad_code", "POST", "/auth/confirm", m{"code": "123456"}) // has no second factor
		b.want(http.StatusNoContent, "", "POST", "/auth/confirm", m{"password": good})
		b.want(http.StatusOK, "", "POST", "/me/totp", nil)
		for range accountTries {
			b.do("POST", "/auth/confirm", m{"password": "wrong"})
		}
		b.want(http.StatusTooManyRequests, "auth.locked", "POST", "/auth/confirm", m{"password": good})

		if err := h.RequireRecent(h.operator, time.Minute); err != nil {
			t.Errorf("the operator on the machine: %v", err)
		}
		if err := h.RequireRecent(context.Background(), time.Minute); err == nil {
			t.Error("the public was let through")
		}
		if err := h.RequireRecent(actor.With(context.Background(), actor.Actor{ID: "x"}), time.Minute); err == nil {
			t.Error("an actor without a session was let through")
		}
	})
}
