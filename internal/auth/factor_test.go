// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// withFactor gives the person behind b a second factor.
func withFactor(t *testing.T, h house, b *browser) (secret []byte, recovery []any) {
	t.Helper()
	begun := b.want(http.StatusOK, "", "POST", "/me/totp", nil)
	if !strings.HasPrefix(begun.json["qr"].(string), "data:image/png;base64,") || begun.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a second factor began with %s", begun.body)
	}
	secret, err := base32Text.DecodeString(begun.json["secret"].(string))
	must(t, err)
	b.want(http.StatusUnprocessableEntity, "auth.bad_code", "PUT", "/me/totp", m{"code": "000000"})
	done := b.want(http.StatusOK, "", "PUT", "/me/totp", m{"code": h.codeNow(secret)})
	return secret, done.json["recovery"].([]any)
}

func (h house) codeNow(secret []byte) string {
	return totpCode(secret, h.clock.Now().Unix()/totpPeriod)
}

func TestSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		p := h.user(t, h.office(t, county, "清江县安委办"), "zhang.san")
		b := h.signedIn(t, "zhang.san")
		b.want(http.StatusConflict, "auth.factor_not_begun", "PUT", "/me/totp", m{"code": "000000"})
		secret, recovery := withFactor(t, h, b)
		if len(recovery) != recoveryCodes {
			t.Fatalf("recovery codes: %v", recovery)
		}
		b.want(http.StatusConflict, "auth.factor_exists", "POST", "/me/totp", nil)
		acc, err := account(t.Context(), h.db.Read(), p.ID)
		must(t, err)
		if strings.Contains(string(acc.TOTP), string(secret)) {
			t.Error("the secret is in the database")
		}

		in := func(code string) m { return m{"login": "zhang.san", "password": good, "code": code} }
		fresh := h.browser(t)
		fresh.want(http.StatusUnauthorized, "auth.code_needed", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
		fresh.want(http.StatusUnauthorized, "auth.bad_code", "POST", "/auth/sign-in", in(h.codeNow(secret))) // used when it was set up
		h.clock.Advance(totpPeriod * time.Second)
		code := h.codeNow(secret)
		fresh.want(http.StatusOK, "", "POST", "/auth/sign-in", in(code[:3]+" "+code[3:]))
		h.browser(t).want(http.StatusUnauthorized, "auth.bad_code", "POST", "/auth/sign-in", in(code)) // a replay
		h.clock.Advance(2 * totpPeriod * time.Second)
		late := h.codeNow(secret)
		h.clock.Advance(totpPeriod * time.Second)
		fresh.want(http.StatusOK, "", "POST", "/auth/sign-in", in(late)) // one step late

		first := recovery[0].(string)
		fresh.want(http.StatusOK, "", "POST", "/auth/sign-in", in(strings.ToLower(first)))
		fresh.want(http.StatusUnauthorized, "auth.bad_code", "POST", "/auth/sign-in", in(first))
		if a := fresh.want(http.StatusOK, "", "GET", "/me", nil); !strings.Contains(a.body, `"totp":true,"recovery":7`) {
			t.Errorf("/me: %s", a.body)
		}
		h.clock.Advance(totpPeriod * time.Second)
		fresh.want(http.StatusNoContent, "", "POST", "/auth/confirm", m{"code": h.codeNow(secret)})
		fresh.want(http.StatusNoContent, "", "DELETE", "/me/totp", nil)
		fresh.want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
	})
}

// TestCodesAreGuesses tries code after code with the right password, which would
// otherwise find one in a morning.
func TestCodesAreGuesses(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.user(t, h.office(t, county, "清江县安委办"), "zhang.san")
		withFactor(t, h, h.signedIn(t, "zhang.san"))
		b := h.browser(t)
		for range 2 * accountTries { // asking for the code is no guess, and gives none back
			b.want(http.StatusUnauthorized, "auth.code_needed", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
		}
		for range accountTries {
			b.do("POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
			b.want(http.StatusUnauthorized, "auth.bad_code", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good, "code": "999999"})
		}
		b.want(http.StatusTooManyRequests, "auth.locked", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
	})
}

// TestTakeoverTakesTwo holds that no administrator alone gets into an account that
// has a second factor.
func TestTakeoverTakesTwo(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		p := h.user(t, office, "zhang.san")
		withFactor(t, h, h.signedIn(t, "zhang.san"))
		h.user(t, office, "system", "system_admin")
		h.user(t, office, "security", "security_admin")
		system, security := h.signedIn(t, "system"), h.signedIn(t, "security")
		reset := system.want(http.StatusOK, "", "POST", "/accounts/"+p.ID+"/reset", nil)
		first := m{"login": "zhang.san", "password": reset.json["password"]}
		h.browser(t).want(http.StatusUnauthorized, "auth.code_needed", "POST", "/auth/sign-in", first)
		system.want(http.StatusForbidden, "auth.denied", "POST", "/accounts/"+p.ID+"/forget-totp", nil)
		security.want(http.StatusForbidden, "auth.denied", "POST", "/accounts/"+p.ID+"/reset", nil)
		security.want(http.StatusNoContent, "", "POST", "/accounts/"+p.ID+"/forget-totp", nil)
		h.browser(t).want(http.StatusOK, "", "POST", "/auth/sign-in", first)
		if k := h.kinds(t); k["auth.factor_added.v1"] != 1 || k["auth.factor_removed.v1"] != 1 || k["auth.password_changed.v1"] != 1 {
			t.Errorf("ledger: %v", k)
		}
	})
}
