// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"slices"
	"testing"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/tip"
	"anlan/internal/tip/tiptest"
)

// TestErasure needs two people and leaves nothing to read.
func TestErasure(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := w.File(t, tiptest.Given{})
		w.Act(t, w.Leader, got.ID, tip.Move{Action: tip.Refuse, Reason: "petition", Sealed: tiptest.Message(t)})
		erase := tip.Move{Action: tip.Erase, Words: "依申请删除"}
		if _, err := w.Try(w.As(t, w.CityLeader), t, got.ID, erase); errs.KeyOf(err) != "tip.no_erasure_asked" {
			t.Errorf("erased without being asked: %v", err)
		}
		w.Act(t, w.Leader, got.ID, tip.Move{Action: tip.AskErase, Words: "个人信息保护法第四十七条"})
		if _, err := w.Try(w.As(t, w.Leader), t, got.ID, erase); errs.KeyOf(err) != "tip.own_request" {
			t.Errorf("erased by who asked: %v", err)
		}
		if _, err := w.Try(w.As(t, w.Clerk), t, got.ID, erase); errs.KeyOf(err) != "tip.only_approver" {
			t.Errorf("erased by a clerk: %v", err)
		}
		w.Act(t, w.CityLeader, got.ID, erase)
		got = w.Get(t, got.ID)
		if got.Erasure != "done" || got.Receipt != nil {
			t.Errorf("%+v", got)
		}
		var left int
		must1(t, w.DB.Read().NewRaw(`SELECT (SELECT count(*) FROM tip_sealed WHERE tip_id = ?) + (SELECT count(*) FROM tip_message WHERE tip_id = ?) +
			(SELECT count(*) FROM tip_history WHERE tip_id = ? AND words <> '') + (SELECT count(*) FROM transparency_salt)`, got.ID, got.ID, got.ID).Scan(t.Context(), &left))
		if left != 0 {
			t.Errorf("%d rows are left to read", left)
		}
		if _, err := w.Tips.Open(w.As(t, w.Leader), got.ID, tip.OpenContent, "再看一眼"); errs.KeyOf(err) != "tip.erased" {
			t.Errorf("opened after it was erased: %v", err)
		}
		if l := leaves(t, w); !slices.Equal(l, []string{"refused", "erased"}) {
			t.Errorf("the log has %v", l)
		}
	})
}

// TestLateIsNotedOnce writes one entry for each term that an office lets pass.
func TestLateIsNotedOnce(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := w.File(t, tiptest.Given{})
		urge := tip.Move{Action: tip.Urge, Words: "请抓紧办理"}
		if _, err := w.Try(w.As(t, w.CityLeader), t, got.ID, urge); errs.KeyOf(err) != "tip.not_late" {
			t.Errorf("urged in time: %v", err)
		}
		w.Clock.Advance(20 * 24 * time.Hour)
		for range 3 {
			must1(t, w.Tips.Tick(t.Context()))
		}
		w.Act(t, w.CityLeader, got.ID, urge)
		must1(t, w.Tips.Tick(t.Context()))
		if late := facts(t, w, "tip.became_late.v1", got.Subject()); len(late) != 1 || late[0]["clock"] != "accept" {
			t.Errorf("noted as late: %v", late)
		}
		w.Act(t, w.Leader, got.ID, tip.Move{Action: tip.Accept})
		moves := facts(t, w, "tip.moved.v1", got.Subject())
		if moves[len(moves)-1]["late"] != true {
			t.Errorf("accepted late, but %v", moves)
		}
		w.Clock.Advance(70 * 24 * time.Hour)
		must1(t, w.Tips.Tick(t.Context()))
		if late := facts(t, w, "tip.became_late.v1", got.Subject()); len(late) != 2 || late[1]["clock"] != "verify" {
			t.Errorf("noted as late: %v", late)
		}
	})
}
