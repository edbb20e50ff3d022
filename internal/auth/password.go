// SPDX-License-Identifier: Apache-2.0

package auth

import (
	_ "embed"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
)

const (
	minPassword  = 10 // characters
	maxPassword  = 128
	minDifferent = 5 // different characters
	minLogin     = 3 // characters
	maxLogin     = 64
)

//go:embed common.txt
var commonText string

// common holds widely used passwords that are long enough to pass the other rules.
var common = func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonText) {
		m[strings.TrimSpace(line)] = true
	}
	return m
}()

// normal returns a password as it is compared: input methods write the same
// character in several ways.
func normal(password string) string { return norm.NFKC.String(password) }

// checkPassword refuses, at the given input, a password that is easy to guess.
// There are no rules of composition (OWASP ASVS 5.0, 6.2.5): length counts.
func checkPassword(at, password, login string) error {
	p := normal(password)
	n, lower := utf8.RuneCountInString(p), strings.ToLower(p)
	switch {
	case n < minPassword:
		return refuse(at, "auth.password_short", "min", minPassword)
	case n > maxPassword:
		return refuse(at, "auth.password_long", "max", maxPassword)
	case strings.ContainsFunc(p, unicode.IsControl):
		return refuse(at, "auth.password_control")
	case login != "" && strings.Contains(lower, login):
		return refuse(at, "auth.password_is_login")
	case common[lower] || different(lower) < minDifferent:
		return refuse(at, "auth.password_common")
	}
	return nil
}

func refuse(at, key string, args ...any) error {
	return errs.InvalidFields(errs.At(at, key, args...))
}

func different(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// foldLogin returns login as it is stored and compared.
func foldLogin(login string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(login)))
}

// checkLogin refuses, at the given input, a folded login of the wrong form, and one that
// is a mobile number: logins are shown in lists and logs, numbers are not.
func checkLogin(at, login string) error {
	n := utf8.RuneCountInString(login)
	if n < minLogin || n > maxLogin || strings.ContainsFunc(login, notLogin) {
		return refuse(at, "auth.bad_login", "min", minLogin, "max", maxLogin)
	}
	if mobile.MatchString(login) {
		return refuse(at, "auth.login_phone")
	}
	return nil
}

// mobile is a mainland mobile number.
var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

func notLogin(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-_@", r)
}

// spoken returns a random code of n characters in groups of four, to be read out
// and typed in; typed undoes what typing adds.
func spoken(n int) string {
	code := id.Code(n)
	var groups []string
	for len(code) > 4 {
		groups, code = append(groups, code[:4]), code[4:]
	}
	return strings.Join(append(groups, code), "-")
}

func typed(code string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(code))
}
