// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/x509"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"pgregory.net/rapid"

	"anlan/internal/kernel/clock"
	"anlan/internal/org"
)

// TestPieces: every amount is paid in denominations but for less than the smallest.
func TestPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.Int64Range(0, 600_000).Draw(t, "yuan") * yuan
		pieces := Pieces(fen)
		rest := fen - sum(pieces)
		if rest < 0 || rest >= 100*yuan || len(pieces) > mostPieces || !slices.IsSortedFunc(pieces, func(a, b int64) int { return int(b - a) }) {
			t.Fatalf("%d: %v leaves %d", fen, pieces, rest)
		}
		for _, p := range pieces {
			if !slices.Contains(Denominations, p) {
				t.Fatalf("%d is no denomination", p)
			}
		}
	})
}

// phone is what an informant's browser keeps between blinding and unblinding.
type phone struct {
	keys     []Key
	messages [][]byte
	states   []blindrsa.State
	clients  []blindrsa.Client
	blinded  [][]byte
}

// blind makes a phone ready to ask for the pieces of a reward.
func (s scene) blind(t *testing.T, p *Progress) *phone {
	t.Helper()
	all, err := s.Keys(t.Context(), p.OfficeID, p.KeyYear)
	must(t, err)
	ph := &phone{}
	for _, fen := range p.Pieces {
		i := slices.IndexFunc(all, func(k Key) bool { return k.Fen == fen })
		public, err := x509.ParsePKIXPublicKey(all[i].Public)
		must(t, err)
		c, err := blindrsa.NewClient(variant, public.(*rsa.PublicKey))
		must(t, err)
		serial := make([]byte, 32)
		rand.Read(serial)
		message, err := c.Prepare(rand.Reader, serial)
		must(t, err)
		blinded, state, err := c.Blind(rand.Reader, message)
		must(t, err)
		ph.keys, ph.messages, ph.states = append(ph.keys, all[i]), append(ph.messages, message), append(ph.states, state)
		ph.clients, ph.blinded = append(ph.clients, c), append(ph.blinded, blinded)
	}
	return ph
}

func (ph *phone) unblind(t *testing.T, signatures [][]byte) []Token {
	t.Helper()
	out := make([]Token, len(signatures))
	for i, blind := range signatures {
		signature, err := ph.clients[i].Finalize(ph.states[i], blind)
		must(t, err)
		out[i] = Token{ph.keys[i].ID, ph.messages[i], signature}
	}
	return out
}

// tokens claims the reward of a tip in tokens.
func (s scene) tokens(t *testing.T, tipID string) []Token {
	t.Helper()
	p, err := s.ForTip(t.Context(), tipID)
	must(t, err)
	ph := s.blind(t, p)
	issued, err := s.IssueTokens(t.Context(), lookupFor(tipID), ph.blinded)
	must(t, err)
	return ph.unblind(t, issued.Signatures)
}

func (s scene) witnesses() []string { return []string{s.w.Clerk.ID, s.w.Officer.ID} }

func (s scene) spendAs(t *testing.T, p *org.Person, tokens ...Token) (int64, error) {
	t.Helper()
	return s.Spend(s.as(t, p), Spending{tokens, s.witnesses()})
}

// TestTokens pays somebody without a name, and finds that the cashier's side has nothing of
// the report.
func TestTokens(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		s.tip("a", func(c *Case) { c.Fines = []int64{123_456 * yuan} }) // 18,518 yuan
		r := s.notified(t, "a")
		p, err := s.ForTip(t.Context(), "a")
		must(t, err)
		ph := s.blind(t, p)
		issued, err := s.IssueTokens(s.as(t, s.w.Officer), lookupFor("a"), ph.blinded)
		must(t, err)
		again, err := s.IssueTokens(t.Context(), lookupFor("a"), ph.blinded)
		if must(t, err); !slices.EqualFunc(again.Signatures, issued.Signatures, bytes.Equal) {
			t.Error("a repeat gets another answer")
		}
		_, err = s.IssueTokens(t.Context(), lookupFor("a"), s.blind(t, p).blinded)
		wantKey(t, "a second set", err, "reward.tokens_issued")

		r, err = get(t.Context(), s.DB.Read(), r.ID)
		if must(t, err); r.Status != Tokens || r.Way != WayToken || r.Fen != 18_518*yuan || r.PaidFen != 18_500*yuan || s.used(t) != r.PaidFen {
			t.Errorf("%+v, used %d", r, s.used(t))
		}
		tokens := ph.unblind(t, issued.Signatures)
		for i, token := range tokens { // what is handed in was never seen by the office
			if bytes.Contains(bytes.Join(ph.blinded, nil), token.Message) || bytes.Equal(token.Signature, issued.Signatures[i]) {
				t.Error("the office saw the token")
			}
			s.verifies(t, token)
		}
		first, err := s.spendAs(t, s.cashier, tokens[0])
		must(t, err)
		rest, err := s.spendAs(t, s.cashier, tokens[1:]...)
		if must(t, err); first+rest != r.PaidFen {
			t.Errorf("paid %d and %d", first, rest)
		}
		entries := s.w.Entries(t, kindTokenPaid.Name())
		for _, e := range entries {
			if e.Subject != "unit:"+s.w.Office.ID || e.Actor != s.cashier.ID || string(e.Facts) != `{"year":2027}` {
				t.Errorf("recorded %+v", e)
			}
		}
		if len(entries) != len(tokens) {
			t.Errorf("%d entries of %d tokens", len(entries), len(tokens))
		}
		for _, k := range ph.keys {
			if now, err := keyByID(t.Context(), s.DB.Read(), k.ID); err != nil || now.Issued != now.Spent || now.Issued == 0 {
				t.Errorf("key of %d: %d issued, %d spent, %v", k.Fen, now.Issued, now.Spent, err)
			}
		}
	})
}

// verifies checks a token with the standard library, which knows nothing of blinding.
func (s scene) verifies(t *testing.T, token Token) {
	t.Helper()
	k, err := keyByID(t.Context(), s.DB.Read(), token.KeyID)
	must(t, err)
	public, err := x509.ParsePKIXPublicKey(k.Public)
	must(t, err)
	hash := sha512.Sum384(token.Message)
	if err := rsa.VerifyPSS(public.(*rsa.PublicKey), crypto.SHA384, hash[:], token.Signature, &rsa.PSSOptions{SaltLength: 48}); err != nil {
		t.Error(err)
	}
}

// TestTokensOnce: a token is paid once, also when it is handed in twice at the same moment,
// and of several either all are paid or none.
func TestTokensOnce(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		s.notified(t, s.tip("a"))
		tokens := s.tokens(t, "a")
		_, err := s.spendAs(t, s.cashier, tokens[0], tokens[1], tokens[0])
		wantKey(t, "twice at once", err, "reward.token_spent")
		if n := len(s.w.Entries(t, kindTokenPaid.Name())); n != 0 {
			t.Errorf("%d were paid", n)
		}
		var wg sync.WaitGroup
		paid := make([]int64, 6)
		ctx := s.as(t, s.cashier)
		for i := range paid {
			wg.Go(func() { paid[i], _ = s.Spend(ctx, Spending{tokens[:1], s.witnesses()}) })
		}
		wg.Wait()
		if total := sum(paid); total != 10_000*yuan {
			t.Errorf("paid %d in all", total)
		}
	})
}

// TestBadTokens refuses forgeries, other keys' tokens, late ones, and the wrong people.
func TestBadTokens(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		s.notified(t, s.tip("a"))
		good := s.tokens(t, "a") // 10,000 and 5,000
		spoilt := func(change func(*Token)) Token {
			token := Token{good[1].KeyID, bytes.Clone(good[1].Message), bytes.Clone(good[1].Signature)}
			change(&token)
			return token
		}
		for name, token := range map[string]Token{
			"a changed message":     spoilt(func(x *Token) { x.Message[40] ^= 1 }),
			"a changed signature":   spoilt(func(x *Token) { x.Signature[9] ^= 1 }),
			"no signature":          spoilt(func(x *Token) { x.Signature = nil }),
			"a longer message":      spoilt(func(x *Token) { x.Message = append(x.Message, 0) }),
			"as a higher amount":    spoilt(func(x *Token) { x.KeyID = good[0].KeyID }),
			"of no key":             spoilt(func(x *Token) { x.KeyID = "none" }),
			"a signature of 0":      spoilt(func(x *Token) { x.Signature = make([]byte, 256) }),
			"a signature of itself": spoilt(func(x *Token) { x.Message = x.Signature[:64] }),
		} {
			_, err := s.spendAs(t, s.cashier, token)
			wantKey(t, name, err, "reward.bad_token")
		}
		_, err := s.spendAs(t, s.cashier2, good[1])
		wantKey(t, "another county's cashier", err, "auth.denied")
		_, err = s.spendAs(t, s.w.Clerk, good[1])
		wantKey(t, "a clerk", err, "auth.denied")
		must(t, s.w.Org.GrantRole(s.w.Operator, &org.Grant{PersonID: s.w.Leader.ID, UnitID: s.w.Office.ID, Role: "cashier"}))
		_, err = s.spendAs(t, s.w.Leader, good[1])
		wantKey(t, "who approves too", err, "reward.cashier_only")
		_, err = s.Spend(s.as(t, s.cashier), Spending{good[1:], []string{s.w.Clerk.ID, s.cashier.ID}})
		wantKey(t, "one's own witness", err, "reward.two_witnesses")
		_, err = s.spendAs(t, s.cashier)
		wantKey(t, "nothing", err, "reward.bad_pieces")

		last := clock.Day("2029-12-31")
		s.w.Clock.Set(last.End())
		_, err = s.spendAs(t, s.cashier, good[1])
		wantKey(t, "too late", err, "reward.token_expired")
		s.w.Clock.Set(last.End().Add(-time.Microsecond))
		_, err = s.spendAs(t, s.cashier, good[1])
		must(t, err)
	})
}

// TestIssueRefusals: a code without a reward, a late one, and what is not blinded.
func TestIssueRefusals(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r := s.notified(t, s.tip("a"))
		s.proposed(t, s.tip("b"))
		p, err := s.ForTip(t.Context(), "a")
		must(t, err)
		blinded := s.blind(t, p).blinded
		issue := func(name, tip string, blinded [][]byte, key string) {
			t.Helper()
			_, err := s.IssueTokens(t.Context(), lookupFor(tip), blinded)
			wantKey(t, name, err, key)
		}
		issue("a wrong code", "x", blinded, "reward.no_claim")
		issue("before the notice", "b", blinded, "reward.no_claim")
		issue("too few", "a", blinded[:1], "reward.bad_pieces")
		issue("too many", "a", append(slices.Clone(blinded), blinded[0]), "reward.bad_pieces")
		issue("too short", "a", [][]byte{blinded[0], {1, 2, 3}}, "reward.bad_blinded")
		issue("beyond the modulus", "a", [][]byte{blinded[0], bytes.Repeat([]byte{255}, 256)}, "reward.bad_blinded")
		if now, _ := get(t.Context(), s.DB.Read(), r.ID); now.Status != Notified || now.Version != r.Version {
			t.Errorf("moved to %s", now.Status)
		}
		s.w.Clock.Set(r.Due)
		issue("too late", "a", blinded, "reward.no_claim")
		s.w.Clock.Set(r.Due.Add(-time.Microsecond))
		issue("in the last moment", "a", blinded, "")
	})
}

// TestIssueOnce: of two phones with the same code that ask at the same moment, one is answered.
func TestIssueOnce(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		s.notified(t, s.tip("a"))
		p, err := s.ForTip(t.Context(), "a")
		must(t, err)
		phones := make([]*phone, 4)
		answers := make([]*Issued, len(phones))
		for i := range phones {
			phones[i] = s.blind(t, p)
		}
		var wg sync.WaitGroup
		for i := range phones {
			wg.Go(func() {
				if out, err := s.IssueTokens(t.Context(), lookupFor("a"), phones[i].blinded); err == nil {
					answers[i] = out
				}
			})
		}
		wg.Wait()
		answered := slices.DeleteFunc(answers, func(i *Issued) bool { return i == nil })
		if len(answered) != 1 {
			t.Errorf("%d phones hold tokens for one reward", len(answered))
		}
	})
}

// TestKeysAreShared: an office has one key for a year and a denomination, whatever happens at
// the same moment, and two rewards use the same.
func TestKeysAreShared(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		var wg sync.WaitGroup
		ctx := s.as(t, s.w.Clerk)
		for i := range 3 {
			r := s.run(t, s.proposed(t, s.tip(nth("t", i))), Approve, File)
			wg.Go(func() { s.Act(ctx, r.ID, act(Notify, r.Version)) })
		}
		wg.Wait()
		keys, err := s.Keys(t.Context(), s.w.Office.ID, 2027)
		if must(t, err); len(keys) != len(Denominations) {
			t.Fatalf("%d keys", len(keys))
		}
		if n := len(s.w.Entries(t, kindKeysMade.Name())); n != 1 {
			t.Errorf("made %d times", n)
		}
		for i := range 2 {
			p, err := s.ForTip(t.Context(), nth("t", i))
			must(t, err)
			issued, err := s.IssueTokens(t.Context(), lookupFor(nth("t", i)), s.blind(t, p).blinded)
			if must(t, err); issued.Crowd != int64(i) {
				t.Errorf("number %d hides among %d", i, issued.Crowd)
			}
		}
		if got, err := s.Keys(t.Context(), s.w.Office.ID, 2026); err != nil || len(got) != 0 {
			t.Errorf("another year: %v %v", got, err)
		}
	})
}
