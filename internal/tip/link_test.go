// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"encoding/json"
	"strings"
	"testing"

	"anlan/internal/hazard"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/errs"
	"anlan/internal/tip"
	"anlan/internal/tip/tiptest"
)

func TestWithdrawalLeavesTheHazard(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := verifying(t, w, tiptest.Given{Unit: w.Firm})
		task := tip.Task{Version: got.Version, Words: "二层仓库疏散门上锁", Unit: w.Firm.ID, Class: "environment"}
		got, err := w.Tips.MakeHazard(w.As(t, w.Officer), got.ID, task)
		must1(t, err)
		must1(t, tryWithdraw(t, w, got.ID))
		if got = w.Get(t, got.ID); got.Status != tip.Withdrawn || got.Due != nil {
			t.Errorf("%+v", got)
		}
		h, err := w.Hazard(w.As(t, w.Officer), got.Hazard)
		must1(t, err)
		if h.Status != hazard.Reported {
			t.Errorf("the hazard is %s", h.Status)
		}
		if err := tryWithdraw(t, w, answered(t, w, tiptest.Given{}).ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("withdrawn after the answer: %v", err)
		}
	})
}

// TestHazardSaysNothing looks at the hazard of a tip with the eyes of its unit, and follows
// it back to the tip.
func TestHazardSaysNothing(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := verifying(t, w, tiptest.Given{Unit: w.Firm})
		task := tip.Task{Version: got.Version, Key: "key-0123456789abcdef", Words: "二层仓库疏散门上锁", Unit: w.Firm.ID, Class: "environment"}
		linked, err := w.Tips.MakeHazard(w.As(t, w.Officer), got.ID, task)
		must1(t, err)
		again, err := w.Tips.MakeHazard(w.As(t, w.Officer), got.ID, task)
		must1(t, err)
		if again.Hazard != linked.Hazard || again.Version != linked.Version {
			t.Errorf("a repeat made %s beside %s", again.Hazard, linked.Hazard)
		}
		plain, err := w.Report(w.As(t, w.Officer), hazard.Report{Words: "应急灯不亮", Place: hazardtest.Town, Unit: w.Firm.ID, Class: "environment"})
		must1(t, err)
		ofTip, err := w.Hazard(w.As(t, w.Head), linked.Hazard)
		must1(t, err)
		usual, err := w.Hazard(w.As(t, w.Head), plain.ID)
		must1(t, err)
		for _, h := range []*hazard.Hazard{ofTip, usual} { // what must differ between any two
			h.ID, h.Seq, h.CodeHash, h.Words = "", 0, nil, ""
		}
		if a, b := show(t, ofTip), show(t, usual); a != b {
			t.Errorf("the unit sees a difference:\n%s\n%s", a, b)
		}
		for _, e := range w.Entries(t, "hazard.reported.v1") {
			if strings.Contains(string(e.Facts), "tip") {
				t.Errorf("the ledger says it: %s", e.Facts)
			}
		}
		h, err := w.Hazard(w.As(t, w.Clerk), linked.Hazard)
		must1(t, err)
		_, err = w.World.Act(w.As(t, w.Clerk), h.ID, hazard.Move{Action: hazard.Triage, Version: h.Version, Grade: hazard.General, Class: "environment"})
		must1(t, err)
		follow(t, w)
		if s := w.Get(t, got.ID).HazardStatus; s != string(hazard.Triaged) {
			t.Errorf("the tip says that the hazard is %q", s)
		}
	})
}

func show(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	must1(t, err)
	return string(b)
}
