// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anlan/internal/kernel/actor"
)

// program is a browser without a cookie that carries a token.
func (h house) program(t testing.TB, token string) *browser {
	b := h.browser(t)
	b.headers = map[string]string{"Authorization": "Bearer " + token, "Origin": "https://elsewhere.example"}
	return b
}

func TestTokens(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		p := h.user(t, h.office(t, county, "清江县安委办"), "zhang.san", "office_clerk")
		b := h.signedIn(t, "zhang.san")
		for key, body := range map[string]m{
			"auth.token_name":          {"name": " ", "perms": []string{"hazard.read"}, "days": 30},
			"auth.token_perms":         {"name": "导出", "perms": []string{}, "days": 30},
			"auth.token_perm_not_held": {"name": "导出", "perms": []string{"org.grant"}, "days": 30},
			"auth.token_days":          {"name": "导出", "perms": []string{"hazard.read"}, "days": 367},
		} {
			b.want(http.StatusUnprocessableEntity, key, "POST", "/me/tokens", body)
		}
		made := b.want(http.StatusCreated, "", "POST", "/me/tokens", m{"name": "导出", "perms": []string{"hazard.read", "hazard.read"}, "days": 30})
		token := made.json["token"].(string)
		if !strings.HasPrefix(token, "anlan_pat_"+made.json["id"].(string)+"_") {
			t.Errorf("token %s", token)
		}
		prog := h.program(t, token)
		prog.want(http.StatusNoContent, "", "GET", "/probe?perm=hazard.read&place="+string(county), nil)
		prog.want(http.StatusForbidden, "auth.denied", "GET", "/probe?perm=hazard.triage&place="+string(county), nil)
		prog.want(http.StatusForbidden, "auth.denied", "GET", "/probe?perm=hazard.read&place="+string(beside), nil)
		if a := prog.want(http.StatusOK, "", "GET", "/me", nil); !strings.Contains(a.body, `"perms":["hazard.read"]`) {
			t.Errorf("/me with a token: %s", a.body)
		}
		// a token may not manage the account that it belongs to, wherever it comes from
		for _, ask := range [][2]string{{"GET", "/me/sessions"}, {"GET", "/me/tokens"}, {"POST", "/me/totp"}, {"DELETE", "/me/totp"}} {
			prog.want(http.StatusForbidden, "auth.session_needed", ask[0], ask[1], nil)
		}
		prog.want(http.StatusForbidden, "auth.session_needed", "POST", "/me/tokens", m{"name": "more", "perms": []string{"hazard.read"}, "days": 9})
		prog.want(http.StatusForbidden, "auth.session_needed", "POST", "/me/password", m{"current": good, "new": good + "!"})

		b.want(http.StatusOK, "", "GET", "/me", nil) // the session is not the token's
		if list := b.want(http.StatusOK, "", "GET", "/me/tokens", nil); strings.Contains(list.body, token) || strings.Contains(list.body, `"last_used":null`) {
			t.Errorf("tokens: %s", list.body)
		}
		b.want(http.StatusNoContent, "", "DELETE", "/me/tokens/"+made.json["id"].(string), nil)
		prog.want(http.StatusUnauthorized, "auth.bad_token", "GET", "/me", nil)
		b.want(http.StatusNotFound, "auth.no_token", "DELETE", "/me/tokens/"+made.json["id"].(string), nil)

		short := b.want(http.StatusCreated, "", "POST", "/me/tokens", m{"name": "一天", "perms": []string{"hazard.read"}, "days": 1})
		prog = h.program(t, short.json["token"].(string))
		prog.want(http.StatusOK, "", "GET", "/me", nil)
		h.clock.Advance(24 * time.Hour)
		prog.want(http.StatusUnauthorized, "auth.bad_token", "GET", "/me", nil)
		must(t, h.Sweep(t.Context()))
		if all, err := listTokens(t.Context(), h.db.Read(), p.ID); err != nil || len(all) != 0 {
			t.Errorf("after the sweep: %v, %v", all, err)
		}
	})
}

func TestBadTokens(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		h.user(t, h.office(t, county, "清江县安委办"), "zhang.san", "office_clerk")
		b := h.signedIn(t, "zhang.san")
		made := b.want(http.StatusCreated, "", "POST", "/me/tokens", m{"name": "导出", "perms": []string{"hazard.read"}, "days": 30})
		token := made.json["token"].(string)
		for _, bad := range []string{"", "x", b.cookie, token[:len(token)-1], token + "A", "anlan_pat_", strings.ToUpper(token)} {
			prog := h.program(t, bad)
			prog.want(http.StatusUnauthorized, "auth.bad_token", "GET", "/me", nil)
			prog.cookie = b.cookie // a Bearer request is not helped by a cookie
			prog.want(http.StatusUnauthorized, "auth.bad_token", "POST", "/auth/sign-out", nil)
		}
		asCookie := h.browser(t)
		asCookie.cookie = token
		asCookie.want(http.StatusUnauthorized, "auth.sign_in", "GET", "/me", nil)
	})
}

// TestCutDown compares what a token may do with what its owner may and it asked for.
func TestCutDown(t *testing.T) {
	words := rapid.SampledFrom([]string{"a.read", "a.edit", "b.read", "b.edit"})
	rapid.Check(t, func(t *rapid.T) {
		var grants []actor.Grant
		for range rapid.IntRange(0, 4).Draw(t, "grants") {
			at := rapid.SampledFrom([]actor.Scope{{Trunk: actor.Territory, Place: county}, {Trunk: actor.Territory, Place: town}}).Draw(t, "scope")
			grants = append(grants, actor.Grant{Scope: at, Perms: rapid.SliceOfDistinct(words, rapid.ID[string]).Draw(t, "perms")})
		}
		asked := rapid.SliceOf(words).Draw(t, "asked")
		owner, token := actor.Actor{Grants: grants}, actor.Actor{Grants: cutDown(grants, asked)}
		perm := words.Draw(t, "perm")
		for _, at := range []actor.Object{{Place: county}, {Place: town}} {
			if got, want := token.May(perm, at), owner.May(perm, at) && slices.Contains(asked, perm); got != want {
				t.Fatalf("%s at %s: token %v, want %v", perm, at.Place, got, want)
			}
		}
	})
}
