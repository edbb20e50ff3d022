// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"anlan/internal/org"
)

func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		h.user(t, office, "zhang.san", "office_clerk")
		b := h.browser(t)
		b.want(http.StatusUnauthorized, "auth.sign_in", "GET", "/me", nil)

		a := b.want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": " Zhang.San ", "password": good})
		set := a.header.Get("Set-Cookie")
		for _, part := range []string{"anlan_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"} {
			if !strings.Contains(set, part) {
				t.Errorf("Set-Cookie %q lacks %s", set, part)
			}
		}
		if strings.Contains(set, "Secure") {
			t.Error("a cookie given over plain HTTP is marked Secure: it would never come back")
		}
		me := b.want(http.StatusOK, "", "GET", "/me", nil)
		for _, part := range []string{`"login":"zhang.san"`, `"name":"清江县安委办"`, `"role":"office_clerk"`, `"place_name":"示范省示范市清江县"`, `"hazard.triage"`} {
			if !strings.Contains(me.body, part) {
				t.Errorf("/me %s lacks %s", me.body, part)
			}
		}
		var stored int
		must(t, h.db.Read().NewSelect().Table("auth_session").ColumnExpr("count(*)").Where("token_hash LIKE ?", "%"+b.cookie+"%").Scan(t.Context(), &stored))
		if stored != 0 {
			t.Error("the token itself is in the database")
		}

		b.want(http.StatusNoContent, "", "PUT", "/me/locale", m{"locale": "en"})
		if me := b.want(http.StatusOK, "", "GET", "/me", nil); me.json["locale"] != "en" {
			t.Errorf("the language is not kept: %s", me.body)
		}
		b.want(http.StatusNoContent, "", "PUT", "/me/locale", m{"locale": ""})
		b.want(http.StatusUnprocessableEntity, "field.not_a_choice", "PUT", "/me/locale", m{"locale": "fr"})

		old := b.cookie
		b.want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
		if b.cookie == old {
			t.Error("signing in again kept the token")
		}
		thief := h.browser(t)
		thief.cookie = old
		thief.want(http.StatusUnauthorized, "auth.sign_in", "GET", "/me", nil)

		kept := b.cookie
		b.want(http.StatusNoContent, "", "POST", "/auth/sign-out", nil)
		b.cookie = kept
		b.want(http.StatusUnauthorized, "auth.sign_in", "GET", "/me", nil)
	})
}

// TestNoEnumeration compares what a stranger learns of a login that exists and of
// one that does not.
func TestNoEnumeration(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.hasher = newHasher(defaultCost)
		h.user(t, h.office(t, county, "清江县安委办"), "zhang.san")
		ask := func(login string, i int) (answer, time.Duration) {
			b := h.browser(t)
			b.address = fmt.Sprintf("198.51.100.%d:1", i)
			start := time.Now()
			a := b.do("POST", "/auth/sign-in", m{"login": login, "password": "错误的密码 0000"})
			return a, time.Since(start)
		}
		fastest := map[string]time.Duration{}
		for i := range 7 {
			known, tookKnown := ask("zhang.san", i)
			unknown, tookUnknown := ask("nobody.here", i)
			if known.code != unknown.code || known.body != unknown.body || known.header.Get("Retry-After") != unknown.header.Get("Retry-After") {
				t.Errorf("try %d: known %d %s, unknown %d %s", i+1, known.code, known.body, unknown.code, unknown.body)
			}
			if i >= accountTries {
				if known.code != http.StatusTooManyRequests {
					t.Errorf("try %d: %d, want a lock", i+1, known.code)
				}
				continue
			}
			if i == 0 || tookKnown < fastest["known"] {
				fastest["known"] = tookKnown
			}
			if i == 0 || tookUnknown < fastest["unknown"] {
				fastest["unknown"] = tookUnknown
			}
		}
		if fastest["unknown"] < fastest["known"]/2 || fastest["known"] < fastest["unknown"]/2 {
			t.Errorf("known logins take %v, unknown ones %v", fastest["known"], fastest["unknown"])
		}
	})
}

func TestLockout(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		p := h.user(t, office, "zhang.san")
		b := h.browser(t)
		wrong := m{"login": "zhang.san", "password": "错误的密码 0000"}
		for range accountTries {
			b.want(http.StatusUnauthorized, "auth.bad_credentials", "POST", "/auth/sign-in", wrong)
		}
		for i, wait := range []int{30, 60, 120, 240, 480, 900, 900} {
			a := b.want(http.StatusTooManyRequests, "auth.locked", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
			if got := a.header.Get("Retry-After"); got != fmt.Sprint(wait) {
				t.Errorf("lock %d: Retry-After %s, want %d", i+1, got, wait)
			}
			h.clock.Advance(time.Duration(wait) * time.Second)
			b.want(http.StatusUnauthorized, "auth.bad_credentials", "POST", "/auth/sign-in", wrong)
		}
		h.user(t, office, "security", "security_admin")
		h.user(t, office, "system", "system_admin")
		h.signedIn(t, "system").want(http.StatusForbidden, "auth.denied", "POST", "/accounts/"+p.ID+"/unlock", nil)
		h.signedIn(t, "security").want(http.StatusNoContent, "", "POST", "/accounts/"+p.ID+"/unlock", nil)
		b.want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
		b.want(http.StatusUnauthorized, "auth.bad_credentials", "POST", "/auth/sign-in", wrong) // counted from one again
	})
}

// TestOwnerGetsIn holds that a stranger who keeps an account locked keeps nobody out
// who signed in with the same browser before.
func TestOwnerGetsIn(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		h.user(t, office, "zhang.san")
		h.user(t, office, "li.si")
		owner, colleague := h.signedIn(t, "zhang.san"), h.signedIn(t, "li.si")
		stranger := h.browser(t)
		wrong, right := m{"login": "zhang.san", "password": "错误的密码 0000"}, m{"login": "zhang.san", "password": good}
		for range addressTries { // from the same address, too
			stranger.do("POST", "/auth/sign-in", wrong)
			stranger.do("POST", "/auth/sign-in", m{"login": "nobody", "password": "x"})
			h.clock.Advance(time.Minute)
		}
		for stranger.do("POST", "/auth/sign-in", wrong).code != http.StatusTooManyRequests {
		}
		for _, proof := range []string{colleague.proof, owner.proof + "0", "01m85h26m098addarsgfhgrwkd.", ""} {
			stranger.proof = proof
			stranger.want(http.StatusTooManyRequests, "auth.locked", "POST", "/auth/sign-in", right)
		}
		owner.want(http.StatusNoContent, "", "POST", "/auth/confirm", m{"password": good})
		owner.want(http.StatusOK, "", "POST", "/auth/sign-in", right)

		stranger.proof = owner.proof // a stolen one is worth five guesses, like any other browser
		for range accountTries {
			stranger.want(http.StatusUnauthorized, "auth.bad_credentials", "POST", "/auth/sign-in", wrong)
		}
		stranger.want(http.StatusTooManyRequests, "auth.locked", "POST", "/auth/sign-in", right)
	})
}

// TestParallelGuesses makes many guesses at one moment: no more than are free count.
func TestParallelGuesses(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.user(t, h.office(t, county, "清江县安委办"), "zhang.san")
		codes := make(chan int, 20)
		for range cap(codes) {
			go func() {
				b := h.browser(t)
				codes <- b.do("POST", "/auth/sign-in", m{"login": "zhang.san", "password": "错误的密码 0000"}).code
			}()
		}
		tried := 0
		for range cap(codes) {
			if <-codes == http.StatusUnauthorized {
				tried++
			}
		}
		if tried != accountTries {
			t.Errorf("%d guesses were let through, want %d", tried, accountTries)
		}
	})
}

func TestAddressLock(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.user(t, h.office(t, county, "清江县安委办"), "zhang.san")
		b := h.browser(t)
		for i := range addressTries {
			b.want(http.StatusUnauthorized, "auth.bad_credentials", "POST", "/auth/sign-in", m{"login": fmt.Sprint("nobody", i), "password": "x"})
		}
		right := m{"login": "zhang.san", "password": good}
		b.want(http.StatusTooManyRequests, "auth.locked", "POST", "/auth/sign-in", right)
		elsewhere := h.browser(t)
		elsewhere.address = "[2001:db8::1]:50000"
		elsewhere.want(http.StatusOK, "", "POST", "/auth/sign-in", right)
		h.clock.Advance(firstDelay)
		b.want(http.StatusOK, "", "POST", "/auth/sign-in", right)
	})
}

func TestBusy(t *testing.T) {
	h := newHasher(cost{memory: 64, passes: 1, lanes: 1})
	for range hashesAtOnce {
		must(t, h.enter(t.Context()))
	}
	h.queue.Add(hashesQueued)
	_, _, err := h.verify(t.Context(), "", "x")
	if got := fmt.Sprint(err); got != "auth.busy" {
		t.Errorf("a full queue answers %s", got)
	}
}

func TestRehash(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		p := h.user(t, h.office(t, county, "清江县安委办"), "zhang.san")
		h.hasher = newHasher(cost{memory: 128, passes: 1, lanes: 1})
		h.signedIn(t, "zhang.san")
		acc, err := account(t.Context(), h.db.Read(), p.ID)
		must(t, err)
		if !strings.Contains(acc.Hash, "$m=128,") {
			t.Errorf("hash %s was not made anew", acc.Hash)
		}
		h.signedIn(t, "zhang.san")
	})
}

func TestMustChange(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		p := h.person(t, office, "李四", "office_clerk")
		first, err := h.CreateAccount(h.operator, p.ID, "li.si")
		must(t, err)
		b := h.browser(t)
		b.want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": "li.si", "password": first})
		if a := b.want(http.StatusOK, "", "GET", "/me", nil); !strings.Contains(a.body, `"must_change":true`) {
			t.Errorf("/me %s does not say so", a.body)
		}
		b.want(http.StatusForbidden, "auth.must_change_password", "GET", "/me/sessions", nil)
		b.want(http.StatusForbidden, "auth.must_change_password", "GET", "/probe", nil)
		b.want(http.StatusForbidden, "auth.must_change_password", "GET", "/me/", nil)
		b.want(http.StatusOK, "", "GET", "/page", nil)

		for next, key := range map[string]string{"short": "auth.password_short", first: "auth.password_same",
			"my li.si password": "auth.password_is_login", "qwertyuiop": "auth.password_common", "aaaabbbbcc": "auth.password_common",
			strings.Repeat("长", 129): "auth.password_long"} {
			b.want(http.StatusUnprocessableEntity, key, "POST", "/me/password", m{"current": first, "new": next})
		}
		b.want(http.StatusForbidden, "auth.wrong_password", "POST", "/me/password", m{"current": "wrong", "new": good})
		old := b.cookie
		b.want(http.StatusOK, "", "POST", "/me/password", m{"current": first, "new": good})
		if b.cookie == old {
			t.Error("the session kept its token")
		}
		b.want(http.StatusOK, "", "GET", "/me/sessions", nil)
		h.browser(t).want(http.StatusUnauthorized, "auth.bad_credentials", "POST", "/auth/sign-in", m{"login": "li.si", "password": first})
	})
}

func TestInitialPasswordExpires(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		p := h.person(t, h.office(t, county, "清江县安委办"), "李四")
		first, err := h.CreateAccount(h.operator, p.ID, "li.si")
		must(t, err)
		h.clock.Advance(initialLife + time.Second)
		h.browser(t).want(http.StatusForbidden, "auth.initial_expired", "POST", "/auth/sign-in", m{"login": "li.si", "password": first})
		second, err := h.ResetPassword(h.operator, p.ID)
		must(t, err)
		h.browser(t).want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": "li.si", "password": second})
	})
}

func TestCrossSite(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.user(t, h.office(t, county, "清江县安委办"), "zhang.san")
		b := h.signedIn(t, "zhang.san")
		for _, headers := range []map[string]string{
			{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
		} {
			b.headers = headers
			a := b.want(http.StatusForbidden, "auth.cross_origin", "POST", "/auth/sign-out", nil)
			if got := a.header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("%v: content type %s", headers, got)
			}
			b.want(http.StatusForbidden, "auth.cross_origin", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
		}
		b.headers = map[string]string{"Sec-Fetch-Site": "same-origin"}
		b.want(http.StatusOK, "", "GET", "/me", nil)
		b.want(http.StatusNoContent, "", "PUT", "/me/locale", m{"locale": "en"})
	})
}

func TestSecureCookie(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.baseURL = "https://anlan.example"
		h.user(t, h.office(t, county, "清江县安委办"), "zhang.san")
		a := h.browser(t).want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
		if set := a.header.Get("Set-Cookie"); !strings.Contains(set, "Secure") {
			t.Errorf("Set-Cookie %q is not Secure", set)
		}
	})
}

func TestAccessLog(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office, far := h.office(t, county, "清江县安委办"), h.office(t, beside, "云岭县安委办")
		p := h.user(t, office, "zhang.san", "office_leader")
		h.user(t, far, "wang.wu")
		h.user(t, office, "audit", "audit_admin")
		h.signedIn(t, "zhang.san").want(http.StatusForbidden, "auth.denied", "GET", "/auth/access", nil)
		h.signedIn(t, "wang.wu")
		h.browser(t).do("POST", "/auth/sign-in", m{"login": "secret-typed-here", "password": "x"})

		b := h.signedIn(t, "audit")
		a := b.want(http.StatusOK, "", "GET", "/auth/access?limit=2", nil)
		items := a.json["items"].([]any)
		if len(items) != 2 || items[1].(map[string]any)["outcome"] != "bad_password" || a.json["next"] == "" {
			t.Fatalf("access log: %s", a.body)
		}
		rest := b.want(http.StatusOK, "", "GET", "/auth/access?cursor="+a.json["next"].(string), nil)
		if n := len(rest.json["items"].([]any)); n != 1 {
			t.Errorf("second page has %d lines, want the one of zhang.san: %s", n, rest.body)
		}
		one := b.want(http.StatusOK, "", "GET", "/auth/access?outcome=signed_in&login=Zhang.San&person="+p.ID, nil)
		if n := len(one.json["items"].([]any)); n != 1 || !strings.Contains(one.body, `"address":"203.0.113.*"`) || !strings.Contains(one.body, `"device":"Chrome · Windows"`) {
			t.Errorf("filtered log: %s", one.body)
		}
		for _, role := range []string{"system_admin", "security_admin"} {
			h.user(t, office, role, role)
			h.signedIn(t, role).want(http.StatusForbidden, "auth.denied", "GET", "/auth/access", nil)
		}
		for _, secret := range []string{"secret-typed-here", "203.0.113.7", "Mozilla"} {
			if strings.Contains(a.body+rest.body, secret) {
				t.Errorf("the log holds %s", secret)
			}
		}
	})
}

// TestKinds holds that the kinds of org whose entries end sessions are org's.
func TestKinds(t *testing.T) {
	for _, k := range (&Service{}).Reader().Kinds {
		if !slices.Contains(org.Kinds(), k) {
			t.Errorf("org writes no %s", k)
		}
	}
	if len(Kinds()) != 10 {
		t.Errorf("Kinds() = %v", Kinds())
	}
}
