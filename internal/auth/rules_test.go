// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
)

// TestTOTPVectors checks the vectors of RFC 6238, appendix B, cut to six digits.
func TestTOTPVectors(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := totpCode(secret, at/totpPeriod); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

// TestTOTPNeverTwice walks a phone's and an attacker's codes through random times.
func TestTOTPNeverTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), totpSecretLen, totpSecretLen).Draw(t, "secret")
		now, last := time.Unix(1_795_000_000, 0), int64(0)
		for range 20 {
			now = now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "seconds")) * time.Second)
			step := now.Unix()/totpPeriod + int64(rapid.IntRange(-3, 3).Draw(t, "off"))
			got, ok := totpStep(secret, totpCode(secret, step), now, last)
			off := step - now.Unix()/totpPeriod
			if want := off >= -1 && off <= 1 && step > last; ok != want || ok && got != step {
				t.Fatalf("step %d (off by %d) after %d: %d, %v", step, off, last, got, ok)
			}
			if ok {
				last = got
			}
		}
	})
}

func TestDelay(t *testing.T) {
	tests := []struct {
		failures int
		want     time.Duration
	}{{0, 0}, {4, 0}, {5, 30 * time.Second}, {6, time.Minute}, {9, 8 * time.Minute}, {10, 15 * time.Minute}, {1 << 40, 15 * time.Minute}}
	for _, tt := range tests {
		if got := delayAfter(tt.failures, accountTries); got != tt.want {
			t.Errorf("after %d failures: %v, want %v", tt.failures, got, tt.want)
		}
	}
}

func TestAddressesAreBounded(t *testing.T) {
	a, now := newAddresses(), time.Unix(1_795_000_000, 0)
	for i := range 3 * maxAddresses {
		a.fail(fmt.Sprintf("2001:db8:%x:%x::1", i>>8, i&0xff), now)
	}
	if len(a.by) > maxAddresses {
		t.Errorf("%d addresses are kept", len(a.by))
	}
}

func TestPasswordRules(t *testing.T) {
	tests := []struct{ password, login, key string }{
		{good, "zhang.san", ""},
		{"correct horse battery staple", "zhang.san", ""},
		{strings.Repeat("安全第一预防为主综合", 12) + "12345678", "zhang.san", ""}, // 128 characters
		{"九个字符不够长啊啊", "zhang.san", "auth.password_short"},
		{strings.Repeat("abcdefghijk", 12), "zhang.san", "auth.password_long"},
		{"xx-ZHANG.SAN-xx", "zhang.san", "auth.password_is_login"},
		{"Ｐａｓｓｗｏｒｄ１２３", "zhang.san", "auth.password_common"}, // full width is the same password
		{"Anquan2027", "zhang.san", "auth.password_common"},
		{"abababababab", "zhang.san", "auth.password_common"},
		{"line\nbreak and more", "zhang.san", "auth.password_control"},
	}
	for _, tt := range tests {
		err := checkPassword("body.password", tt.password, tt.login)
		key := ""
		if e, ok := err.(*errs.Error); ok {
			key = e.Fields[0].Key
		}
		if key != tt.key {
			t.Errorf("%q: %q, want %q", tt.password, key, tt.key)
		}
	}
	for word := range common {
		if checkPassword("", word, "") == nil {
			t.Errorf("common password %q is taken", word)
		}
	}
}

func TestOneTimePasswords(t *testing.T) {
	for range 1000 {
		p := spoken(initialLen)
		if err := checkPassword("", p, "zhang.san"); err != nil || typed(" "+strings.ToLower(p)) != strings.ReplaceAll(p, "-", "") {
			t.Errorf("one-time password %q: %v", p, err)
		}
	}
}

func TestPHC(t *testing.T) {
	c := cost{memory: 64, passes: 1, lanes: 1}
	h := newHasher(c)
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.String().Draw(t, "password")
		text := c.hash(normal(password))
		ok, stale, err := h.verify(t.Context(), text, password)
		if !ok || stale || err != nil {
			t.Fatalf("%s: %v, %v, %v", text, ok, stale, err)
		}
		if ok, _, _ := h.verify(t.Context(), text, password+"x"); ok {
			t.Fatal("another password is taken")
		}
	})
	if ok, _, err := h.verify(t.Context(), "", ""); ok || err != nil {
		t.Errorf("the password of nobody: %v, %v", ok, err)
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(cost{memory: 64, passes: 1, lanes: 1}.hash("x"))
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA")
	f.Add("$argon2id$v=19$m=-1,t=0,p=999$$")
	f.Fuzz(func(t *testing.T, text string) {
		c, _, key, err := parsePHC(text)
		if err == nil && (len(key) != keyLen || c.passes == 0 || c.lanes == 0 || c.memory > 1<<20) {
			t.Errorf("%q is taken as %+v", text, c)
		}
	})
}

func TestDevice(t *testing.T) {
	const webkit = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 "
	tests := []struct{ agent, want string }{
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + webkit + "Safari/537.36", "Chrome · Windows"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + webkit + "Safari/537.36 Edg/109.0", "Edge · Windows"},
		{"Mozilla/5.0 (Linux; Android 13; V2244A) " + webkit + "Mobile Safari/537.36 MicroMessenger/8.0", "WeChat · Android"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile Safari/604.1", "Safari · iOS"},
		{"Mozilla/5.0 (Phone; OpenHarmony 5.0) " + webkit + "HuaweiBrowser/5.0 Mobile", "Huawei · HarmonyOS"},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0", "Firefox · Linux"},
		{"\x00<script>", ""},
	}
	for _, tt := range tests {
		if got := deviceOf(tt.agent); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.agent, got, tt.want)
		}
	}
}

func TestMaskAddress(t *testing.T) {
	for address, want := range map[string]string{"203.0.113.7": "203.0.113.*", "::ffff:203.0.113.7": "203.0.113.*",
		"2001:db8:7:8::9": "2001:db8:7::*", "fe80::1%eth0": "fe80::*", "@": "", "": ""} {
		if got := maskAddress(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func FuzzMaskAddress(f *testing.F) {
	f.Add("203.0.113.7")
	f.Fuzz(func(t *testing.T, address string) {
		if got := maskAddress(address); got == address && got != "" {
			t.Errorf("%q is not masked", address)
		}
	})
}

// FuzzDevice holds that a user agent leaves known words only.
func FuzzDevice(f *testing.F) {
	f.Add("Mozilla/5.0 (Windows NT 10.0) Chrome/120")
	f.Add("<script>alert(1)</script>iPhone")
	f.Fuzz(func(t *testing.T, agent string) {
		if d := deviceOf(agent); len(d) > 60 || strings.ContainsAny(d, "<>\x00\n") {
			t.Errorf("%q is called %q", agent, d)
		}
	})
}

// FuzzLogin holds that a folded login that is taken stays as it is, and that a token's
// id has the form of ids.
func FuzzLogin(f *testing.F) {
	for _, text := range []string{"zhang.san", " Zhang.San ", "ＡＤＭＩＮ", "ﬀ", "İ", "a\u0301", tokenPrefix + "01m85h26m098addarsgfhgrwkd_x", tokenPrefix + "_"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if login := foldLogin(text); checkLogin("login", login) == nil && foldLogin(login) != login {
			t.Errorf("%q is folded to %q, and that to %q", text, login, foldLogin(login))
		}
		if tid := tokenID(text); tid != "" && !id.Valid(tid) {
			t.Errorf("%q has the id %q", text, tid)
		}
	})
}
