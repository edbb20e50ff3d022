// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/tip"
	"anlan/internal/tip/tiptest"
	"anlan/internal/transparency"
)

var allContents = tip.Contents

// verifying brings a tip to the officer's desk.
func verifying(t *testing.T, w *tiptest.World, g tiptest.Given) *tip.Tip {
	t.Helper()
	got := w.File(t, g)
	w.Act(t, w.Leader, got.ID, tip.Move{Action: tip.Accept})
	return w.Act(t, w.Leader, got.ID, tip.Move{Action: tip.Assign, Person: w.Officer.ID})
}

func answered(t *testing.T, w *tiptest.World, g tiptest.Given) *tip.Tip {
	t.Helper()
	got := verifying(t, w, g)
	return w.Act(t, w.Officer, got.ID, tip.Move{Action: tip.Answer, Conclusion: "verified", Contents: allContents, Sealed: tiptest.Message(t), Rewardable: true})
}

// tryObject does what the mailbox does with an objection.
func tryObject(t *testing.T, w *tiptest.World, id string) error {
	t.Helper()
	return w.DB.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
		return w.Tips.InformantTx(ctx, tx, w.Get(t, id), tip.Object)
	})
}

func tryWithdraw(t *testing.T, w *tiptest.World, id string) error {
	t.Helper()
	return w.DB.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
		return w.Tips.InformantTx(ctx, tx, w.Get(t, id), tip.Withdraw)
	})
}

// handOver gives the envelope to the office that re-examines.
func handOver(t *testing.T, w *tiptest.World, p *org.Person, id string, to *org.Unit) {
	t.Helper()
	c, _ := w.Keys.Of(to)
	w.Act(t, p, id, tip.Move{Action: tip.HandOver, Channel: c.ID, Generation: c.Generation, Envelope: w.Rewrap(t, p, id, c)})
}

// follow lets the tips hear of hazards. On PostgreSQL a reader waits for the transactions
// of other tests.
func follow(t *testing.T, w *tiptest.World) {
	t.Helper()
	for range 400 {
		n, err := w.Ledger.Step(t.Context(), w.Tips.Reader())
		must1(t, err)
		if n > 0 {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("the reader does not catch up")
}

// facts returns the facts of the ledger entries about a tip's steps.
func facts(t *testing.T, w *tiptest.World, kind, subject string) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, e := range w.Entries(t, kind) {
		if e.Subject == subject {
			m := map[string]any{}
			must1(t, json.Unmarshal(e.Facts, &m))
			out = append(out, m)
		}
	}
	return out
}

func must1(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// leaves returns the steps of the leaves that wait for their places in the log.
func leaves(t *testing.T, w *tiptest.World) []string {
	t.Helper()
	var texts []string
	must1(t, w.DB.Read().NewRaw(`SELECT leaf FROM transparency_pending ORDER BY seq`).Scan(t.Context(), &texts))
	var out []string
	for _, text := range texts {
		for line := range strings.Lines(text) {
			if step, ok := strings.CutPrefix(strings.TrimSpace(line), "step "); ok {
				out = append(out, step)
			}
			due, ok := strings.CutPrefix(strings.TrimSpace(line), "due ")
			if ok && due != transparency.NotDue && transparency.DueTimes[due] == 0 {
				t.Errorf("no monitor knows what is due: %s", due)
			}
		}
	}
	return out
}

func TestLife(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := answered(t, w, tiptest.Given{})
		if got.Status != tip.Answered || got.Conclusion != "verified" || !got.Rewardable || got.Answered == nil {
			t.Fatalf("%+v", got)
		}
		if got.DueKind != tip.ClockObjection || clock.DayOf(got.Due.Add(-time.Second)) != "2027-06-17" {
			t.Errorf("the objection may be made until %v", got.Due)
		}
		if _, err := w.Try(w.As(t, w.Leader), t, got.ID, tip.Move{Action: tip.Close}); errs.KeyOf(err) != "tip.objection_runs" {
			t.Errorf("closed while the objection may come: %v", err)
		}
		must1(t, w.Tips.Tick(t.Context()))
		if w.Get(t, got.ID).Status != tip.Answered {
			t.Error("closed before the term was over")
		}
		w.Clock.Advance(11 * 24 * time.Hour)
		must1(t, w.Tips.Tick(t.Context()))
		if got = w.Get(t, got.ID); got.Status != tip.Closed || got.Due != nil {
			t.Errorf("%s, due %v", got.Status, got.Due)
		}
		if l := leaves(t, w); !slices.Equal(l, []string{"accepted", "answered", "closed"}) {
			t.Errorf("the log has %v", l)
		}
		var kinds []string
		for _, m := range facts(t, w, "tip.moved.v1", got.Subject()) {
			kinds = append(kinds, m["action"].(string))
		}
		if !slices.Equal(kinds, []string{"accept", "assign", "answer", "close"}) {
			t.Errorf("the ledger has %v", kinds)
		}
		moves, err := w.Tips.Timeline(t.Context(), got)
		must1(t, err)
		if last := moves[len(moves)-1]; last.Actor != "" || last.Late || last.Version != got.Version {
			t.Errorf("closed by %+v", last)
		}
	})
}

func TestTerms(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := w.File(t, tiptest.Given{})
		check := func(kind tip.ClockKind, last clock.Day, since tip.Action, rule string) {
			t.Helper()
			c, err := w.Tips.ClockOf(t.Context(), w.Get(t, got.ID))
			must1(t, err)
			if c.Kind != kind || c.Last != last || c.Since != since || c.RuleKey != rule || c.Source == "" || c.Rule == "" || c.Term.N == 0 {
				t.Errorf("%+v", c)
			}
		}
		check(tip.ClockAccept, "2027-06-14", "received", "tip.accept") // five working days
		w.Clock.Advance(48 * time.Hour)
		w.Act(t, w.Leader, got.ID, tip.Move{Action: tip.Accept})
		check(tip.ClockVerify, "2027-08-08", tip.Accept, "tip.verify")
		w.Act(t, w.Leader, got.ID, tip.Move{Action: tip.Assign, Person: w.Officer.ID})
		check(tip.ClockVerify, "2027-08-08", tip.Accept, "tip.verify")
		w.Act(t, w.Officer, got.ID, tip.Move{Action: tip.AskExtension, Words: "须委托检测机构"})
		w.Act(t, w.CityLeader, got.ID, tip.Move{Action: tip.GrantExtension})
		check(tip.ClockVerify, "2027-09-07", tip.Accept, "tip.verify")
		c, _ := w.Tips.ClockOf(t.Context(), w.Get(t, got.ID))
		if c.Extended == nil || c.Extended.Term.N != 30 || c.Extended.Source == "" {
			t.Errorf("the extension is not explained: %+v", c.Extended)
		}
		if _, err := w.Try(w.As(t, w.Officer), t, got.ID, tip.Move{Action: tip.AskExtension, Words: "再延一次"}); errs.KeyOf(err) != "tip.extension_once" {
			t.Errorf("extended twice: %v", err)
		}
	})
}

func TestExtensionIsNotGrantedByItsAsker(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := verifying(t, w, tiptest.Given{})
		grant := tip.Move{Action: tip.GrantExtension}
		if _, err := w.Try(w.As(t, w.CityLeader), t, got.ID, grant); errs.KeyOf(err) != "tip.no_extension_asked" {
			t.Errorf("granted without being asked: %v", err)
		}
		w.Act(t, w.Leader, got.ID, tip.Move{Action: tip.AskExtension, Words: "案情复杂"})
		for _, p := range []struct {
			ctx context.Context
			key string
		}{{w.As(t, w.Leader), "tip.own_request"}, {w.As(t, w.Officer), "tip.only_superior"}} {
			if _, err := w.Try(p.ctx, t, got.ID, grant); errs.KeyOf(err) != p.key {
				t.Errorf("%v, want %s", err, p.key)
			}
		}
		w.Act(t, w.CityLeader, got.ID, tip.Move{Action: tip.DenyExtension, Words: "可在期限内办结"})
		if got := w.Get(t, got.ID); got.Extension != "denied" || got.Asker != "" {
			t.Errorf("%q by %q", got.Extension, got.Asker)
		}
		// after the last day it is too late to ask
		other := verifying(t, w, tiptest.Given{})
		w.Clock.Advance(61 * 24 * time.Hour)
		if _, err := w.Try(w.As(t, w.Officer), t, other.ID, tip.Move{Action: tip.AskExtension, Words: "来不及"}); errs.KeyOf(err) != "tip.extension_late" {
			t.Errorf("asked too late: %v", err)
		}
	})
}

// TestObjection lets the office above re-examine, with nobody of the first one.
func TestObjection(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := answered(t, w, tiptest.Given{})
		w.Clock.Advance(3 * 24 * time.Hour)
		must1(t, tryObject(t, w, got.ID))
		got = w.Get(t, got.ID)
		if got.Status != tip.Reexamining || got.Office != w.CityOffice.ID || got.Concluded != w.Office.ID || got.DueKind != tip.ClockReexamine {
			t.Fatalf("%+v", got)
		}
		conclude := tip.Move{Action: tip.Reexamine, Conclusion: "verified", Contents: allContents, Sealed: tiptest.Message(t)}
		if _, err := w.Try(w.As(t, w.Leader), t, got.ID, conclude); errs.KeyOf(err) != "tip.own_conclusion" {
			t.Errorf("re-examined by the first office: %v", err)
		}
		if _, err := w.Tips.Open(w.As(t, w.CityLeader), got.ID, tip.OpenContent, "复核异议"); errs.KeyOf(err) != "tip.not_handed_over" {
			t.Errorf("opened before it was handed over: %v", err)
		}
		handOver(t, w, w.Officer, got.ID, w.CityOffice)
		c, err := w.Tips.Open(w.As(t, w.CityLeader), got.ID, tip.OpenContent, "复核异议")
		must1(t, err)
		if !strings.Contains(w.Unwrap(t, c), "invented") {
			t.Error("the office above cannot read it")
		}
		if _, err := w.Tips.Open(w.As(t, w.Leader), got.ID, tip.OpenContent, "再看一眼"); errs.KindOf(err) != errs.Denied {
			t.Errorf("the first office still opens it: %v", err)
		}
		// somebody who handled it in the county and works in the city now
		mover := w.Person(t, w.CityOffice, "调任", "", "office_leader")
		_, err = w.DB.SQL().ExecContext(t.Context(), "UPDATE tip_history SET actor = '"+mover.ID+"' WHERE tip_id = '"+got.ID+"' AND action = 'assign'")
		must1(t, err)
		if _, err := w.Try(w.As(t, mover), t, got.ID, conclude); errs.KeyOf(err) != "tip.own_conclusion" {
			t.Errorf("re-examined by who handled it first: %v", err)
		}
		w.Act(t, w.CityLeader, got.ID, conclude)
		must1(t, w.Tips.Tick(t.Context()))
		if got = w.Get(t, got.ID); got.Status != tip.Closed {
			t.Errorf("%s", got.Status)
		}
		if l := leaves(t, w); !slices.Equal(l, []string{"accepted", "answered", "objection", "reexamined", "closed"}) {
			t.Errorf("the log has %v", l)
		}
	})
}

func TestObjectionTooLateOrTwice(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := answered(t, w, tiptest.Given{})
		w.Clock.Advance(11 * 24 * time.Hour)
		if err := tryObject(t, w, got.ID); errs.KeyOf(err) != "tip.objection_late" {
			t.Errorf("%v", err)
		}
		refused := w.File(t, tiptest.Given{})
		w.Act(t, w.Leader, refused.ID, tip.Move{Action: tip.Refuse, Reason: "not_our_field", Sealed: tiptest.Message(t)})
		if l := leaves(t, w); l[len(l)-1] != "refused" {
			t.Errorf("the log has %v", l)
		}
		must1(t, tryObject(t, w, refused.ID))
		if err := tryObject(t, w, refused.ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("objected twice: %v", err)
		}
	})
}

func TestTransfer(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := w.File(t, tiptest.Given{})
		to, _ := w.Keys.Of(w.Office2)
		envelope := w.Rewrap(t, w.Officer, got.ID, to)
		move := tip.Move{Action: tip.Transfer, Channel: to.ID, Generation: to.Generation, Envelope: envelope, Words: "事发地属云岭县"}
		stale := move
		stale.Generation++
		if _, err := w.Try(w.As(t, w.Leader), t, got.ID, stale); errs.KeyOf(err) != "tip.stale_generation" {
			t.Errorf("a key that is not the office's: %v", err)
		}
		w.Clock.Advance(24 * time.Hour)
		got = w.Act(t, w.Leader, got.ID, move)
		if got.Status != tip.Received || got.Office != w.Office2.ID || got.OfficePlace != hazardtest.County2 || got.FirstOffice != w.Office.ID {
			t.Fatalf("%+v", got)
		}
		c, err := w.Tips.ClockOf(t.Context(), got)
		must1(t, err)
		if c.Since != tip.Transfer || c.From != "2027-06-08" {
			t.Errorf("the clock runs since %s of %s", c.Since, c.From)
		}
		if _, err := w.Tips.Tip(w.As(t, w.Leader), got.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the first office still sees it: %v", err)
		}
		opened, err := w.Tips.Open(w.As(t, w.Leader2), got.ID, tip.OpenContent, "核实事项")
		must1(t, err)
		if !strings.Contains(w.Unwrap(t, opened), "invented") {
			t.Error("the receiver cannot read it")
		}
	})
}

// TestMergeKeepsTheOrder ranks by arrival, whichever tip the office handles the matter under.
func TestMergeKeepsTheOrder(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		vague, first, second := w.File(t, tiptest.Given{}), w.File(t, tiptest.Given{}), w.File(t, tiptest.Given{})
		w.Act(t, w.Leader, second.ID, tip.Move{Action: tip.Accept})
		w.Act(t, w.Leader, first.ID, tip.Move{Action: tip.Merge, Master: second.No})
		w.Act(t, w.Leader, vague.ID, tip.Move{Action: tip.Merge, Master: second.ID, Insufficient: true})
		for _, c := range []struct {
			of   *tip.Tip
			rank int
		}{{vague, 0}, {first, 1}, {second, 2}} {
			r, err := w.Tips.RankOf(t.Context(), w.Get(t, c.of.ID))
			must1(t, err)
			if r.At != c.rank || r.Of != 2 || r.Master != second.ID {
				t.Errorf("rank %+v, want %d", r, c.rank)
			}
		}
		third := w.File(t, tiptest.Given{})
		for _, bad := range []struct{ from, to, key string }{
			{third.ID, first.ID, "tip.bad_master"}, {second.ID, third.ID, "tip.is_master"}, {third.ID, third.ID, "tip.bad_master"}, {third.ID, "JB27-NONE0-NONE0", "tip.bad_master"},
		} {
			if _, err := w.Try(w.As(t, w.Leader), t, bad.from, tip.Move{Action: tip.Merge, Master: bad.to}); fieldKey(err) != bad.key {
				t.Errorf("merged %s into %s: %v", bad.from, bad.to, err)
			}
		}
	})
}

func fieldKey(err error) string {
	if e, ok := err.(*errs.Error); ok && len(e.Fields) > 0 {
		return e.Fields[0].Key
	}
	return errs.KeyOf(err)
}
