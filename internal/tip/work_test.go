// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	altcha "github.com/altcha-org/altcha-lib-go"
)

func TestWorkIsWorthOnePermit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		solution, _ := p.solve(t)
		earn := func(work string) reply { return p.do(t, "POST", "/public/tips/permits", map[string]any{"work": work}) }
		first, again := earn(solution), earn(solution)
		if first.status != http.StatusOK || first.text("permit") != again.text("permit") {
			t.Errorf("%s and then %s", first.raw, again.raw)
		}
		forged := func(change func(*altcha.Payload)) string {
			raw, err := base64.StdEncoding.DecodeString(solution)
			must(t, err)
			var pay altcha.Payload
			must(t, json.Unmarshal(raw, &pay))
			change(&pay)
			raw, err = json.Marshal(pay)
			must(t, err)
			return base64.StdEncoding.EncodeToString(raw)
		}
		own, err := altcha.CreateChallenge(altcha.ChallengeOptions{MaxNumber: 1, HMACKey: "mine"})
		must(t, err)
		for name, work := range map[string]string{
			"nothing": "", "noise": "AAAA", "another number": forged(func(p *altcha.Payload) { p.Number++ }),
			"later": forged(func(p *altcha.Payload) { p.Salt = "00?expires=4102444800&" }),
			"made by myself": forged(func(p *altcha.Payload) {
				p.Challenge, p.Salt, p.Signature = own.Challenge, own.Salt, own.Signature
			}),
			"weaker hash": forged(func(p *altcha.Payload) { p.Algorithm = "SHA-1" }),
		} {
			if r := earn(work); r.status != http.StatusForbidden || r.key() != "tip.bad_work" {
				t.Errorf("%s: %d %s", name, r.status, r.raw)
			}
		}
		w.Clock.Advance(21 * time.Minute)
		if r := earn(solution); r.status != http.StatusForbidden || r.key() != "tip.late_work" {
			t.Errorf("too late: %d %s", r.status, r.raw)
		}
	})
}

// TestWorkGrowsWithTheRate: whoever asks for much pays, the neighbours do not, and nobody
// is refused.
func TestWorkGrowsWithTheRate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cost := func(from string) int64 {
			c, err := w.tips.Work(from)
			must(t, err)
			return c.MaxNumber
		}
		quiet := cost("198.51.100.1")
		for i := range 25 {
			if got := cost(fmt.Sprintf("198.51.100.%d", i)); got != quiet {
				t.Fatalf("request %d costs %d instead of %d", i, got, quiet)
			}
		}
		var flooded int64
		for i := range 5000 {
			flooded = cost(fmt.Sprintf("198.51.100.%d", i%250))
		}
		if flooded != 64*quiet {
			t.Errorf("a flood costs %d, a quiet day %d", flooded, quiet)
		}
		if got := cost("203.0.113.1"); got != quiet {
			t.Errorf("elsewhere it costs %d", got)
		}
		if got := cost("2001:db8::1"); got != quiet {
			t.Errorf("in another kind of network it costs %d", got)
		}
		w.Clock.Advance(10 * time.Minute)
		if got := cost("198.51.100.1"); got != quiet {
			t.Errorf("ten minutes later it costs %d", got)
		}
	})
}

// TestAFloodHasALaneOfItsOwn: what comes from a flooding neighbourhood is taken in, and marked.
func TestAFloodHasALaneOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, q := newPhone(t, w), newPhone(t, w)
		for range 700 {
			_, err := w.tips.Work(p.from)
			must(t, err)
		}
		q.from = "203.0.113.5"
		p.send(t)
		q.send(t)
		if n := count(t, w, "tip_tip WHERE quarantined"); n != 1 {
			t.Errorf("%d in the lane of the flood", n)
		}
		if n := count(t, w, "tip_tip"); n != 2 {
			t.Errorf("%d tips", n)
		}
	})
}
