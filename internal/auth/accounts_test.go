// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"net/http"
	"strings"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
)

func TestAccounts(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office, below, far := h.office(t, county, "清江县安委办"), h.office(t, town, "城关镇安监站"), h.office(t, beside, "云岭县安委办")
		admin := h.user(t, office, "system", "system_admin")
		h.user(t, office, "security", "security_admin")
		h.user(t, office, "clerk", "office_clerk")
		h.user(t, far, "far.clerk", "office_clerk")
		p, stranger := h.person(t, below, "李四", "town_clerk"), h.person(t, far, "王五")
		system, clerk := h.signedIn(t, "system"), h.signedIn(t, "clerk")

		for _, login := range []string{"li", "李 四", strings.Repeat("a", 65), ""} {
			system.want(http.StatusUnprocessableEntity, "auth.bad_login", "POST", "/people/"+p.ID+"/account", m{"login": login})
		}
		system.want(http.StatusUnprocessableEntity, "auth.login_phone", "POST", "/people/"+p.ID+"/account", m{"login": "１３９00000000"})
		system.want(http.StatusConflict, "auth.login_taken", "POST", "/people/"+p.ID+"/account", m{"login": "Clerk"})
		clerk.want(http.StatusForbidden, "auth.denied", "POST", "/people/"+p.ID+"/account", m{"login": "li.si"})
		system.want(http.StatusNotFound, "auth.no_account", "POST", "/people/"+stranger.ID+"/account", m{"login": "wang.wu"})
		system.want(http.StatusNotFound, "", "POST", "/people/nobody/account", m{"login": "wang.wu"})
		h.browser(t).want(http.StatusUnauthorized, "auth.sign_in", "POST", "/people/"+p.ID+"/account", m{"login": "li.si"})
		system.want(http.StatusNotFound, "auth.no_account", "POST", "/accounts/"+p.ID+"/reset", nil)

		made := system.want(http.StatusCreated, "", "POST", "/people/"+p.ID+"/account", m{"login": "Li.Si"})
		if len(made.json["password"].(string)) != 14 || made.header.Get("Cache-Control") != "no-store" {
			t.Errorf("one-time password: %s", made.body)
		}
		system.want(http.StatusConflict, "auth.account_exists", "POST", "/people/"+p.ID+"/account", m{"login": "li.si2"})

		list := system.want(http.StatusOK, "", "GET", "/accounts", nil)
		if strings.Contains(list.body, "far.clerk") || !strings.Contains(list.body, `"name":"李四","login":"li.si"`) {
			t.Errorf("accounts: %s", list.body)
		}
		page := system.want(http.StatusOK, "", "GET", "/accounts?limit=1", nil)
		next := system.want(http.StatusOK, "", "GET", "/accounts?limit=1&cursor="+page.json["next"].(string), nil)
		if !strings.Contains(page.body, `"login":"clerk"`) || !strings.Contains(next.body, `"login":"li.si"`) {
			t.Errorf("pages: %s, %s", page.body, next.body)
		}
		if some := system.want(http.StatusOK, "", "GET", "/accounts?q=SE", nil); strings.Contains(some.body, "li.si") || !strings.Contains(some.body, "security") {
			t.Errorf("accounts that begin with se: %s", some.body)
		}
		clerk.want(http.StatusForbidden, "auth.denied", "GET", "/accounts", nil)

		if id, err := h.PersonOf(t.Context(), " LI.SI"); err != nil || id != p.ID {
			t.Errorf("PersonOf: %s, %v", id, err)
		}
		if _, err := h.PersonOf(t.Context(), "nobody"); errs.KeyOf(err) != "auth.no_account" {
			t.Errorf("PersonOf of nobody: %v", err)
		}
		by, err := h.org.ActorOf(t.Context(), admin.ID, "")
		must(t, err)
		by.Channel = "web"
		if err := h.CreateDemoAccount(actor.With(t.Context(), by), stranger.ID, "wang.wu", good); errs.KeyOf(err) != "auth.denied" {
			t.Errorf("an administrator chose a password: %v", err)
		}
	})
}

func TestDisabled(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		p := h.user(t, office, "zhang.san", "office_clerk")
		admin := h.user(t, office, "system", "system_admin")
		b, system := h.signedIn(t, "zhang.san"), h.signedIn(t, "system")
		made := b.want(http.StatusCreated, "", "POST", "/me/tokens", m{"name": "导出", "perms": []string{"hazard.read"}, "days": 30})
		prog := h.program(t, made.json["token"].(string))
		prog.want(http.StatusOK, "", "GET", "/me", nil)

		b.want(http.StatusForbidden, "auth.denied", "POST", "/accounts/"+admin.ID+"/disable", nil)
		system.want(http.StatusForbidden, "auth.own_account", "POST", "/accounts/"+admin.ID+"/disable", nil)
		system.want(http.StatusForbidden, "auth.own_account", "POST", "/accounts/"+admin.ID+"/reset", nil)
		system.want(http.StatusNoContent, "", "POST", "/accounts/"+p.ID+"/disable", nil)
		b.want(http.StatusUnauthorized, "auth.sign_in", "GET", "/me", nil)
		prog.want(http.StatusUnauthorized, "auth.bad_token", "GET", "/me", nil)
		fresh := h.browser(t)
		fresh.want(http.StatusForbidden, "auth.disabled", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
		fresh.want(http.StatusUnauthorized, "auth.bad_credentials", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": "wrong"})
		system.want(http.StatusNoContent, "", "POST", "/accounts/"+p.ID+"/enable", nil)
		fresh.want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": "zhang.san", "password": good})
		prog.want(http.StatusUnauthorized, "auth.bad_token", "GET", "/me", nil)

		old := m{"login": "zhang.san", "password": good}
		system.want(http.StatusOK, "", "POST", "/accounts/"+p.ID+"/reset", nil)
		fresh.want(http.StatusUnauthorized, "auth.sign_in", "GET", "/me", nil)
		h.browser(t).want(http.StatusUnauthorized, "auth.bad_credentials", "POST", "/auth/sign-in", old)
		want := map[string]int{"auth.account_disabled.v1": 1, "auth.account_enabled.v1": 1, "auth.password_changed.v1": 1, "auth.account_created.v1": 2}
		for kind, n := range want {
			if got := h.kinds(t)[kind]; got != n {
				t.Errorf("%d entries of %s, want %d", got, kind, n)
			}
		}
	})
}

// TestAdminsOfTwoPlaces holds that an office's administrator has no power over an
// account that also acts elsewhere.
func TestAdminsOfTwoPlaces(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office, far := h.office(t, county, "清江县安委办"), h.office(t, beside, "云岭县安委办")
		p := h.user(t, office, "zhang.san")
		h.user(t, office, "system", "system_admin")
		full, err := h.org.ReadPerson(h.operator, p.ID)
		must(t, err)
		both := append(full.Memberships, org.Membership{UnitID: far.ID})
		full, err = h.org.ChangePerson(h.operator, org.PersonChange{ID: p.ID, Version: full.Version, Name: full.Name, Memberships: both})
		must(t, err)
		system := h.signedIn(t, "system")
		system.want(http.StatusNotFound, "auth.no_account", "POST", "/accounts/"+p.ID+"/reset", nil)

		// who left everything is still the administrator's of where they signed in last
		h.signedIn(t, "zhang.san")
		_, err = h.org.ChangePerson(h.operator, org.PersonChange{ID: p.ID, Version: full.Version, Name: full.Name})
		must(t, err)
		system.want(http.StatusNoContent, "", "POST", "/accounts/"+p.ID+"/disable", nil)
	})
}

func TestSetup(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		b := h.browser(t)
		if a := b.want(http.StatusOK, "", "GET", "/setup", nil); a.json["needed"] != true {
			t.Fatalf("setup: %s", a.body)
		}
		old, err := h.SetupCode(t.Context())
		must(t, err)
		code, err := h.SetupCode(t.Context())
		must(t, err)
		founder := func(login, password string) m {
			return m{"login": login, "name": "管理" + login, "password": password}
		}
		body := func(code string) m {
			return m{"code": code, "region_code": "990101", "office_name": "清江县安委办", "system": founder("system", "春江水暖鸭先知一二三"),
				"security": founder("security", "夏木阴阴正可人一二三"), "audit": founder("audit", "秋水共长天一色一二三")}
		}
		with := func(name string, value any) m { b := body(code); b[name] = value; return b }
		b.want(http.StatusForbidden, "auth.bad_setup_code", "POST", "/setup/check", m{"code": old})
		b.want(http.StatusNoContent, "", "POST", "/setup/check", m{"code": code})
		b.want(http.StatusForbidden, "auth.bad_setup_code", "POST", "/setup", body(old))
		b.want(http.StatusForbidden, "auth.bad_setup_code", "POST", "/setup", body(""))
		for key, bad := range map[string]m{
			"auth.password_short":  with("audit", founder("audit", "short")),
			"auth.password_shared": with("audit", founder("audit", "春江水暖鸭先知一二三")),
			"auth.login_shared":    with("audit", founder("System", "秋水共长天一色一二三")),
			"auth.bad_login":       with("audit", founder("a b", "秋水共长天一色一二三")),
			"auth.no_such_region":  with("region_code", "123456"),
			"org.bad_name":         with("office_name", "办"),
			"org.bad_person_name":  with("audit", m{"login": "audit", "name": "", "password": "秋水共长天一色一二三"}),
		} {
			a := b.want(http.StatusUnprocessableEntity, key, "POST", "/setup", bad)
			if at := a.json["fields"].([]any)[0].(map[string]any)["at"].(string); !strings.HasPrefix(at, "body.") {
				t.Errorf("%s is at %s", key, at)
			}
		}
		if n := h.kinds(t)["org.unit_added.v1"]; n != 0 {
			t.Errorf("refused set-ups left %d units", n)
		}
		b.want(http.StatusNoContent, "", "POST", "/setup", body(strings.ToLower(strings.ReplaceAll(code, "-", " "))))
		b.want(http.StatusNotFound, "auth.already_set_up", "POST", "/setup", body(code))
		b.want(http.StatusNotFound, "auth.already_set_up", "POST", "/setup/check", m{"code": code})
		if a := b.want(http.StatusOK, "", "GET", "/setup", nil); a.json["needed"] != false {
			t.Errorf("after the set-up: %s", a.body)
		}
		if again, err := h.SetupCode(t.Context()); err != nil || again != "" {
			t.Errorf("SetupCode after the set-up: %q, %v", again, err)
		}

		b.want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": "system", "password": "春江水暖鸭先知一二三"})
		me := b.want(http.StatusOK, "", "GET", "/me", nil)
		if !strings.Contains(me.body, `"role":"system_admin"`) || strings.Contains(me.body, `org.grant`) {
			t.Errorf("system administrator: %s", me.body)
		}
		b.want(http.StatusForbidden, "auth.denied", "GET", "/auth/access", nil)
		audit := h.browser(t)
		audit.want(http.StatusOK, "", "POST", "/auth/sign-in", m{"login": "audit", "password": "秋水共长天一色一二三"})
		audit.want(http.StatusForbidden, "auth.denied", "GET", "/accounts", nil)
		audit.want(http.StatusOK, "", "GET", "/auth/access", nil)
		if k := h.kinds(t); k["auth.installed.v1"] != 1 || k["auth.account_created.v1"] != 3 || k["org.granted.v1"] != 3 {
			t.Errorf("ledger: %v", k)
		}
	})
}

// TestSetupCodeIsGuarded guesses at the code.
func TestSetupCodeIsGuarded(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		code, err := h.SetupCode(t.Context())
		must(t, err)
		guesses := []func() error{
			func() error { return h.Setup(t.Context(), Founding{Code: "AAAA"}) },
			func() error { return h.CheckSetupCode(t.Context(), "AAAA", Origin{}) },
		}
		for i := range accountTries {
			if err := guesses[i%2](); errs.KeyOf(err) != "auth.bad_setup_code" {
				t.Fatal(err)
			}
		}
		for _, guess := range append(guesses, func() error { return h.CheckSetupCode(t.Context(), code, Origin{}) }) {
			if err := guess(); errs.KeyOf(err) != "auth.locked" {
				t.Error(err)
			}
		}
	})
}

// TestAdministratorsStaySeparate tries to make one person two of the three.
func TestAdministratorsStaySeparate(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		office := h.office(t, county, "清江县安委办")
		p := h.user(t, office, "zhang.san", "security_admin")
		for _, role := range []string{"system_admin", "audit_admin"} {
			err := h.org.GrantRole(h.operator, &org.Grant{PersonID: p.ID, UnitID: office.ID, Role: role})
			if errs.KeyOf(err) != "org.administrators_separate" {
				t.Errorf("%s for a security administrator: %v", role, err)
			}
		}
	})
}
