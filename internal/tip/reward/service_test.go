// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
)

// TestWholeLife pays a reward to an account, each step by its own person, and finds each in
// the ledger.
func TestWholeLife(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r := s.proposed(t, s.tip("a"))
		if r.Fen != 15_000*yuan || r.TableID != "national-2018" || len(r.Steps) != 1 {
			t.Fatalf("proposed %+v", r)
		}
		r = s.run(t, r, Approve)
		if s.used(t) != r.Fen || r.Year != 2027 || r.Approver != s.w.Leader.ID {
			t.Errorf("approved: used %d, %+v", s.used(t), r)
		}
		r = s.run(t, r, File, Notify)
		if r.DueLast != "2027-08-06" || r.DueRule == "" || !r.Due.Equal(r.DueLast.End()) { // 60 days
			t.Errorf("notified on %s: until %s, by %q", clock.DayOf(r.Notified), r.DueLast, r.DueRule)
		}
		p, err := s.ForTip(t.Context(), "a")
		if must(t, err); p == nil || p.State != Notified || p.Fen != r.Fen || p.KeyYear != 2027 || sum(p.Pieces) != r.Fen {
			t.Errorf("the informant sees %+v", p)
		}
		must(t, s.ClaimByCode(t.Context(), lookupFor("a"), act(Claim, 0).Payee))
		r, err = s.Reward(s.as(t, s.w.Clerk), r.ID)
		must(t, err)
		r = s.run(t, r, Pay)
		if r.Status != Paid || r.Way != WayBank || r.PaidFen != r.Fen || r.Payer != s.cashier.ID || s.used(t) != r.Fen {
			t.Errorf("paid %+v", r)
		}
		actions, fen := s.entries(t)
		if want := []string{"reward.proposed.v1", "approve", "file", "notify", "claim", "pay"}; !slices.Equal(actions, want) || fen != r.Fen {
			t.Errorf("recorded %v, %d", actions, fen)
		}
	})
}

// TestLedgerTellsNoTip: an entry names neither the tip nor who took the money.
func TestLedgerTellsNoTip(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r := s.notified(t, s.tip("tip-secret"))
		must(t, s.ClaimByCode(s.as(t, s.w.Officer), lookupFor("tip-secret"), act(Claim, 0).Payee))
		for _, e := range s.w.Entries(t, Kinds()...) {
			text := string(e.Facts) + e.Subject
			for _, secret := range []string{"tip-secret", "示范人", "9900", "回单", "联系不上"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s tells %s", text, secret)
				}
			}
			if e.Fact("action") == "claim" && e.Actor != "" {
				t.Errorf("the claim was by %q", e.Actor)
			}
		}
		var plain int
		must(t, s.DB.Read().NewRaw("SELECT count(*) FROM reward_payee WHERE reward_id = ? AND CAST(sealed AS TEXT) LIKE '%示范%'", r.ID).Scan(t.Context(), &plain))
		if plain != 0 {
			t.Error("the payee lies open")
		}
	})
}

// TestProposals refuses what cannot be proposed.
func TestProposals(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		clerk := s.as(t, s.w.Clerk)
		for name, tt := range map[string]struct {
			by  *org.Person
			tip string
			f   Findings
			key string
		}{
			"no tip":                  {s.w.Clerk, "none", Findings{}, "reward.no_tip"},
			"another office's":        {s.w.Clerk2, s.tip("own"), Findings{}, "reward.no_tip"},
			"by a leader":             {s.w.Leader, s.tip("own"), Findings{}, "auth.denied"},
			"by a cashier":            {s.cashier, s.tip("own"), Findings{}, "auth.denied"},
			"of the second to report": {s.w.Clerk, s.tip("later", func(c *Case) { c.Rank = 2 }), Findings{}, "reward.nothing_owed"},
			"of what was not found":   {s.w.Clerk, s.tip("false", func(c *Case) { c.Verified = false }), Findings{}, "reward.nothing_owed"},
			"without name or code":    {s.w.Clerk, s.tip("nameless", func(c *Case) { c.ClaimHash = nil }), Findings{}, "reward.nothing_owed"},
			"of an officer's kin":     {s.w.Clerk, s.tip("kin"), Findings{Relative: true}, "reward.nothing_owed"},
			"several fines":           {s.w.Clerk, s.tip("fines", func(c *Case) { c.Fines = []int64{1, 2} }), Findings{}, "reward.step_ask_fines"},
			"before there were rules": {s.w.Clerk, s.tip("old", func(c *Case) { c.Concluded = "2017-12-31" }), Findings{}, "reward.no_table"},
			"left to the office": {s.w.Clerk, s.tip("sd", func(c *Case) { c.Place = "cn/37/3702/" }),
				Findings{}, "reward.step_ask_set"},
		} {
			_, err := s.Propose(s.as(t, tt.by), tt.tip, tt.f)
			wantKey(t, name, err, tt.key)
		}
		s.tip("sd2", func(c *Case) { c.Place = "cn/37/3702/" })
		r, err := s.Propose(clerk, "sd2", Findings{Set: Set{8000 * yuan, "第八条"}})
		if must(t, err); r.Fen != 8000*yuan || r.TableID != "shandong-2025" {
			t.Errorf("set by the office: %+v", r)
		}
		r = s.proposed(t, s.tip("twice"))
		_, err = s.Propose(clerk, "twice", Findings{})
		wantKey(t, "twice", err, "reward.exists")
		s.run(t, r, Return)
		s.proposed(t, "twice")
		if o, err := s.Preview(clerk, "later", Findings{}); err != nil || o.Fen != 0 || o.Steps[0].Key != stepLater {
			t.Errorf("preview %+v %v", o, err)
		}
	})
}

// TestSeparationOfDuties: who proposes does not approve, who works under the proposer does
// not either, and who pays did neither.
func TestSeparationOfDuties(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		grant := func(p *org.Person, role string) {
			must(t, s.w.Org.GrantRole(s.w.Operator, &org.Grant{PersonID: p.ID, UnitID: s.w.Office.ID, Role: role}))
		}
		both := s.w.Person(t, s.w.Office, "方全", "", "office_clerk")
		grant(both, "office_leader")
		grant(both, "cashier")
		under := s.w.Person(t, s.w.Office, "从属", both.ID, "office_leader")
		r, err := s.Propose(s.as(t, both), s.tip("a"), Findings{})
		must(t, err)
		s.refuse(t, "own proposal", both, r, act(Approve, r.Version), "reward.own_proposal")
		s.refuse(t, "boss's proposal", under, r, act(Approve, r.Version), "reward.under_proposer")
		r = s.run(t, r, Approve, File, Notify, Claim)
		s.refuse(t, "payment of one's own proposal", both, r, act(Pay, r.Version), "reward.own_payment")

		r2 := s.proposed(t, s.tip("b"))
		r2, err = s.Act(s.as(t, both), r2.ID, act(Approve, r2.Version))
		must(t, err)
		r2 = s.run(t, r2, File, Notify, Claim)
		s.refuse(t, "payment of one's own approval", both, r2, act(Pay, r2.Version), "reward.own_payment")
		s.run(t, r, Pay)
	})
}

// TestSteps tries every action in every status: what the table does not have is refused.
func TestSteps(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		reach := map[Status][]Action{Proposed: {}, Returned: {Return}, Approved: {Approve}, Filed: {Approve, File},
			Notified: {Approve, File, Notify}, Claimed: {Approve, File, Notify, Claim}, Paid: {Approve, File, Notify, Claim, Pay}}
		n := 0
		for status, path := range reach {
			r := s.run(t, s.proposed(t, s.tip(nth("t", n))), path...)
			n++
			for a := range needs {
				if _, ok := steps[status][a]; ok || needs[a] == PermPay && status != Claimed && status != Paid {
					continue // taken elsewhere; a cashier does not see the others
				}
				s.refuse(t, string(a)+" of what is "+string(status), s.who(a), r, act(a, r.Version), "reward.bad_step")
			}
			if len(path) > 0 {
				s.refuse(t, "a stale version", s.w.Leader, r, act(Approve, r.Version-1), "reward.changed")
			}
		}
		r := s.proposed(t, s.tip("x"))
		s.refuse(t, "nothing", s.w.Clerk, r, Act{Action: "dance", Version: 1}, "reward.unknown_action")
		s.refuse(t, "issue by an officer", s.w.Clerk, r, Act{Action: Issue, Version: 1}, "reward.unknown_action")
		s.refuse(t, "no reason", s.w.Leader, r, Act{Action: Return, Version: 1}, "reward.words_missing")
		s.refuse(t, "another county", s.w.Clerk2, s.run(t, r, Approve), act(File, 2), "reward.not_found")
	})
}

// TestClaimClock: late is waived, after an extension it is not, and an announcement begins anew.
func TestClaimClock(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r := s.notified(t, s.tip("a"))
		s.refuse(t, "a waiver in the term", s.w.Leader, r, act(Waive, r.Version), "reward.claim_running")
		s.w.Clock.Advance(10 * 24 * time.Hour)
		r = s.run(t, r, Announce)
		if r.DueLast != "2027-08-16" || r.Announced.IsZero() {
			t.Errorf("announced: until %s", r.DueLast)
		}
		s.refuse(t, "announced twice", s.w.Clerk, r, act(Announce, r.Version), "reward.announced_already")
		s.w.Clock.Set(r.Due)
		s.refuse(t, "a claim too late", s.w.Clerk, r, act(Claim, r.Version), "reward.claim_over")
		must(t, s.ClaimByCode(t.Context(), lookupFor("a"), act(Claim, 0).Payee))
		for _, until := range []clock.Day{"", "2027-08-16", "2028-06-07", "2027-02-30"} {
			a := act(Extend, r.Version)
			a.Until = until
			s.refuse(t, "until "+string(until), s.w.Leader, r, a, "reward.bad_until")
		}
		a := act(Extend, r.Version)
		a.Until = "2027-08-31"
		r, err := s.Act(s.as(t, s.w.Leader), r.ID, a)
		if must(t, err); r.DueLast != "2027-08-31" || r.DueRule != "" {
			t.Errorf("extended: %s by %q", r.DueLast, r.DueRule)
		}
		s.refuse(t, "a waiver in the extended term", s.w.Leader, r, act(Waive, r.Version), "reward.claim_running")
		s.w.Clock.Set(r.Due)
		if r = s.run(t, r, Waive); r.Status != Waived || s.used(t) != 0 {
			t.Errorf("%s, used %d", r.Status, s.used(t))
		}
	})
}

// TestFactsChange: an approval looks at the tip once more.
func TestFactsChange(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r := s.proposed(t, s.tip("a"))
		s.tip("a", func(c *Case) { c.Verified = false })
		s.refuse(t, "no longer verified", s.w.Leader, r, act(Approve, r.Version), "reward.facts_changed")
		s.tip("a", func(c *Case) { c.Fines = []int64{99_000 * yuan} })
		s.refuse(t, "fined less", s.w.Leader, r, act(Approve, r.Version), "reward.facts_changed")
		if s.used(t) != 0 {
			t.Error("money is set aside for nothing")
		}
	})
}

// TestMonthlyCap counts what one person is granted for one type, over proposals and approvals.
func TestMonthlyCap(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		longhua := func(kind, informant string, day clock.Day) func(*Case) {
			return func(c *Case) {
				c.Class, c.Kind, c.Informant, c.Place, c.Concluded = GeneralHazard, kind, informant, "cn/44/4403/440309/", day
			}
		}
		first := s.proposed(t, s.tip("a", longhua("exit", "x", "2027-06-01")))
		second := s.proposed(t, s.tip("b", longhua("exit", "x", "2027-06-30")))
		_, err := s.Propose(s.as(t, s.w.Clerk), s.tip("c", longhua("exit", "x", "2027-06-15")), Findings{})
		wantKey(t, "a third in the month", err, "reward.nothing_owed")
		for name, change := range map[string]func(*Case){"type": longhua("wire", "x", "2027-06-01"), "person": longhua("exit", "y", "2027-06-01"),
			"month": longhua("exit", "x", "2027-07-01"), "nobody knows whom": longhua("exit", "", "2027-06-01")} {
			if r := s.proposed(t, s.tip("other "+name, change)); r.Fen != 500*yuan {
				t.Errorf("another %s: %d", name, r.Fen)
			}
		}
		s.run(t, first, Return)
		third := s.proposed(t, "c")
		s.run(t, second, Approve)
		if third = s.run(t, third, Approve); third.Fen != 500*yuan {
			t.Errorf("in the place of the first: %d", third.Fen)
		}
	})
}

// TestBudget refuses above it, warns once, and never lets two approvals share the last yuan.
func TestBudget(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		s.budget(t, 40_000*yuan)
		leader := s.as(t, s.w.Leader)
		var rs []*Reward
		for i := range 4 {
			rs = append(rs, s.proposed(t, s.tip(nth("t", i))))
		}
		var wg sync.WaitGroup
		errors := make([]error, len(rs))
		for i, r := range rs {
			wg.Go(func() { _, errors[i] = s.Act(leader, r.ID, act(Approve, r.Version)) })
		}
		wg.Wait()
		approved := 0
		for _, err := range errors {
			if err == nil {
				approved++
			} else {
				wantKey(t, "above the budget", err, "reward.over_budget")
			}
		}
		b, err := s.BudgetOf(leader, s.w.Office.ID, 2027)
		if must(t, err); approved != 2 || b.Used != 30_000*yuan || b.Low() {
			t.Errorf("%d approved, %+v", approved, b)
		}
		s.budget(t, 46_000*yuan)
		i := slices.IndexFunc(errors, func(err error) bool { return err != nil })
		s.run(t, rs[i], Approve)
		if b, _ = s.BudgetOf(leader, s.w.Office.ID, 2027); !b.Low() || !b.Warned || b.Left() != 1000*yuan {
			t.Errorf("%+v", b)
		}
		if low := s.w.Entries(t, kindBudgetLow.Name()); len(low) != 1 || low[0].Quantities[0].N != 1000*yuan {
			t.Errorf("warned %v", low)
		}
	})
}

// TestSetBudget refuses what is used, what is stale and what cannot be.
func TestSetBudget(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		leader := s.as(t, s.w.Leader)
		s.run(t, s.proposed(t, s.tip("a")), Approve)
		set := func(ctx context.Context, b Budget) error { _, err := s.SetBudget(ctx, &b); return err }
		good := Budget{OfficeID: s.w.Office.ID, Year: 2027, Fen: 20_000 * yuan, Warn: 80, Version: 1}
		for name, tt := range map[string]struct {
			change func(*Budget)
			key    string
		}{
			"less than is used": {func(b *Budget) { b.Fen = 14_999 * yuan }, "reward.below_used"},
			"stale":             {func(b *Budget) { b.Version = 7 }, "reward.changed"},
			"first again":       {func(b *Budget) { b.Version = 0 }, "reward.changed"},
			"negative":          {func(b *Budget) { b.Fen = -1 }, "reward.bad_budget"},
			"no warning":        {func(b *Budget) { b.Warn = 0 }, "reward.bad_budget"},
			"a far year":        {func(b *Budget) { b.Year = 2029 }, "reward.bad_budget"},
			"no office":         {func(b *Budget) { b.OfficeID = "none" }, "org.unit_not_found"},
			"another's":         {func(b *Budget) { b.OfficeID = s.w.Office2.ID }, "org.unit_not_found"},
		} {
			b := good
			tt.change(&b)
			wantKey(t, name, set(leader, b), tt.key)
		}
		wantKey(t, "by a clerk", set(s.as(t, s.w.Clerk), good), "auth.denied")
		must(t, set(leader, good))
		if s.used(t) != 15_000*yuan {
			t.Errorf("used %d", s.used(t))
		}
		s.w.Clock.Set(time.Date(2028, 1, 2, 0, 0, 0, 0, clock.Beijing))
		r := s.proposed(t, s.tip("b"))
		s.refuse(t, "a year without a budget", s.w.Leader, r, act(Approve, r.Version), "reward.no_budget")
	})
}

// TestSeen: what each may see of a reward, in each status.
func TestSeen(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r := s.proposed(t, s.tip("a"))
		see := func(p *org.Person) (n int, kind errs.Kind) {
			page, err := s.List(s.as(t, p), "", "", 10)
			if errs.KindOf(err) == errs.Denied {
				return -1, errs.Denied
			}
			must(t, err)
			_, err = s.Reward(s.as(t, p), r.ID)
			return len(page.Items), errs.KindOf(err)
		}
		check := func(when string, p *org.Person, n int, kind errs.Kind) {
			t.Helper()
			if gotN, got := see(p); gotN != n || got != kind {
				t.Errorf("%s, %s: %d rewards, %v", when, p.Name, gotN, got)
			}
		}
		for _, p := range []*org.Person{s.w.Clerk, s.w.Leader, s.w.Officer, s.w.CityClerk} {
			check("proposed", p, 1, errs.None)
		}
		check("proposed", s.cashier, 0, errs.NotFound)
		check("proposed", s.w.Clerk2, 0, errs.NotFound)
		check("proposed", s.w.Worker, -1, errs.Denied)
		r = s.run(t, r, Approve, File, Notify)
		check("notified", s.cashier, 0, errs.NotFound)
		r = s.run(t, r, Claim)
		check("claimed", s.cashier, 1, errs.None)
		check("claimed", s.cashier2, 0, errs.NotFound)
		for i := range 3 {
			s.proposed(t, s.tip(nth("more", i)))
		}
		seen, cursor := 0, ""
		for {
			p, err := s.List(s.as(t, s.w.Clerk), "", cursor, 3)
			must(t, err)
			if seen += len(p.Items); p.Next == "" {
				break
			}
			cursor = p.Next
		}
		if p, err := s.List(s.as(t, s.w.Clerk), Claimed, "", 10); err != nil || len(p.Items) != 1 || seen != 4 {
			t.Errorf("%d in all, %d claimed, %v", seen, len(p.Items), err)
		}
	})
}
