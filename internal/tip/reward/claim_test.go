// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"testing"

	"anlan/internal/kernel/errs"
)

// TestClaimTellsNothing: the answer is the same for a right code, a wrong one, one without a
// reward, and a repeat; only the first of them changes anything.
func TestClaimTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r := s.notified(t, s.tip("a"))
		proposed := s.proposed(t, s.tip("b"))
		p := act(Claim, 0).Payee
		for _, tip := range []string{"wrong", "b", "a", "a"} {
			must(t, s.ClaimByCode(t.Context(), lookupFor(tip), p))
		}
		other := p
		other.Account = "88888888"
		must(t, s.ClaimByCode(t.Context(), lookupFor("a"), other))
		r, err := s.Reward(s.as(t, s.w.Clerk), r.ID)
		if must(t, err); r.Status != Claimed || r.Version != 5 {
			t.Errorf("claimed: %s, version %d", r.Status, r.Version)
		}
		if now, _ := s.Reward(s.as(t, s.w.Clerk), proposed.ID); now.Status != Proposed {
			t.Errorf("a reward nobody was told of: %s", now.Status)
		}
		got, err := s.ReadPayee(s.as(t, s.cashier), r.ID, "转账")
		if must(t, err); got.Account != "9900000000000001" || got.Name != "示范人" {
			t.Errorf("the first account counts: %+v", got)
		}
		for field, spoil := range map[string]func(*Payee){"reward.bad_name": func(p *Payee) { p.Name = " " }, "reward.bad_id_no": func(p *Payee) { p.IDNo = "1" },
			"reward.bad_bank": func(p *Payee) { p.Bank = "" }, "reward.bad_account": func(p *Payee) { p.Account = "12 34" }} {
			bad := p
			spoil(&bad)
			wantKey(t, field, s.ClaimByCode(t.Context(), lookupFor("wrong"), bad), field)
		}
	})
}

// TestPayeeIsAudited: no reading without a reason, a permission and a trace.
func TestPayeeIsAudited(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r := s.run(t, s.notified(t, s.tip("a")), Claim)
		read := func(who string, by func() (*Payee, error), key string) {
			t.Helper()
			_, err := by()
			wantKey(t, who, err, key)
		}
		read("no reason", func() (*Payee, error) { return s.ReadPayee(s.as(t, s.cashier), r.ID, " ") }, "reward.words_missing")
		read("a clerk", func() (*Payee, error) { return s.ReadPayee(s.as(t, s.w.Clerk), r.ID, "好奇") }, "auth.denied")
		read("a leader", func() (*Payee, error) { return s.ReadPayee(s.as(t, s.w.Leader), r.ID, "好奇") }, "auth.denied")
		read("another county", func() (*Payee, error) { return s.ReadPayee(s.as(t, s.cashier2), r.ID, "好奇") }, "reward.not_found")
		read("the public", func() (*Payee, error) { return s.ReadPayee(t.Context(), r.ID, "好奇") }, "auth.sign_in")
		if n := len(s.w.Entries(t, kindPayeeRead.Name())); n != 0 {
			t.Fatalf("%d readings", n)
		}
		read("the cashier", func() (*Payee, error) { return s.ReadPayee(s.as(t, s.cashier), r.ID, "转账") }, "")
		entries := s.w.Entries(t, kindPayeeRead.Name())
		if len(entries) != 1 || entries[0].Actor != s.cashier.ID || entries[0].Subject != "reward:"+r.ID {
			t.Errorf("recorded %v", entries)
		}
		looks, err := s.Looks(s.as(t, s.w.Leader), r.ID)
		if must(t, err); len(looks) != 1 || looks[0].Reason != "转账" || looks[0].Actor != s.cashier.ID {
			t.Errorf("looks %v", looks)
		}
		_, err = s.Looks(s.as(t, s.cashier), r.ID)
		wantKey(t, "looks for the cashier", err, "auth.denied")
		r = s.run(t, r, SendBack)
		if n, err := hasPayee(t.Context(), s.DB.Read(), r.ID); err != nil || n || r.Status != Notified {
			t.Errorf("sent back: %v %v %s", n, err, r.Status)
		}
		s.run(t, r, Claim, Pay)
	})
}

// TestOverTheCounter pays by code, to a person with papers, before two witnesses.
func TestOverTheCounter(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r := s.notified(t, s.tip("a"))
		good := act(Pay, r.Version)
		good.Lookup, good.Witnesses = lookupFor("a"), []string{s.w.Clerk.ID, s.w.Officer.ID}
		good.Payee.Bank, good.Payee.Account = "", ""
		for name, tt := range map[string]struct {
			spoil func(*Act)
			key   string
		}{
			"a wrong code":   {func(a *Act) { a.Lookup = lookupFor("b") }, "reward.not_found"}, // the cashier sees it by the code alone
			"no code":        {func(a *Act) { a.Lookup = nil }, "reward.not_found"},
			"one witness":    {func(a *Act) { a.Witnesses = a.Witnesses[:1] }, "reward.two_witnesses"},
			"the same twice": {func(a *Act) { a.Witnesses = []string{s.w.Clerk.ID, s.w.Clerk.ID} }, "reward.two_witnesses"},
			"the payer":      {func(a *Act) { a.Witnesses = []string{s.w.Clerk.ID, s.cashier.ID} }, "reward.two_witnesses"},
			"nobody known":   {func(a *Act) { a.Witnesses = []string{s.w.Clerk.ID, "x"} }, "reward.two_witnesses"},
			"no papers":      {func(a *Act) { a.Payee.IDNo = "" }, "reward.bad_id_no"},
			"no slip":        {func(a *Act) { a.ReceiptNo = "" }, "reward.words_missing"},
			"stale":          {func(a *Act) { a.Version-- }, "reward.changed"},
		} {
			a := good
			tt.spoil(&a)
			s.refuse(t, name, s.cashier, r, a, tt.key)
		}
		seen, err := s.AtCounter(s.as(t, s.cashier), lookupFor("a"))
		if must(t, err); seen.ID != r.ID || seen.Full(s.actor(t, s.cashier)) {
			t.Errorf("at the counter: %+v", seen)
		}
		for _, p := range []struct {
			tip string
			by  func() error
			key string
		}{
			{"a", func() error { _, err := s.AtCounter(s.as(t, s.cashier2), lookupFor("a")); return err }, "reward.no_claim"},
			{"b", func() error { _, err := s.AtCounter(s.as(t, s.cashier), lookupFor("b")); return err }, "reward.no_claim"},
			{"clerk", func() error { _, err := s.AtCounter(s.as(t, s.w.Clerk), lookupFor("a")); return err }, "auth.denied"},
		} {
			wantKey(t, p.tip, p.by(), p.key)
		}
		paid, err := s.Act(s.as(t, s.cashier), r.ID, good)
		if must(t, err); paid.Status != Paid || paid.Way != WayPerson || paid.PaidFen != r.Fen {
			t.Errorf("paid %+v", paid)
		}
		_, err = s.AtCounter(s.as(t, s.cashier), lookupFor("a"))
		wantKey(t, "again", err, "reward.no_claim")
		p, err := s.ReadPayee(s.as(t, s.cashier), r.ID, "归档核对")
		if must(t, err); p.Name != "示范人" {
			t.Errorf("payee %+v", p)
		}
		if w, _ := witnessesOf(t.Context(), s.DB.Read(), r.ID); len(w) != 2 {
			t.Errorf("witnesses %v", w)
		}

		late := s.notified(t, s.tip("late"))
		s.w.Clock.Set(late.Due)
		a := good
		a.Version, a.Lookup = late.Version, lookupFor("late")
		s.refuse(t, "too late", s.cashier, late, a, "reward.claim_over")
		if _, err := s.AtCounter(s.as(t, s.cashier), lookupFor("late")); errs.KindOf(err) != errs.NotFound {
			t.Errorf("late at the counter: %v", err)
		}
	})
}
