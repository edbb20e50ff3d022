// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/actor"
	"anlan/internal/org"
	"anlan/internal/tip"
	"anlan/internal/tip/tiptest"
)

func serve(w *tiptest.World) *hazardtest.Client {
	return w.Serve(func(api huma.API) { tip.Mount(api, w.Tips) })
}

// TestRefusedFromOutside asks over HTTP for what is not the asker's.
func TestRefusedFromOutside(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		client := serve(w)
		got := w.File(t, tiptest.Given{Unit: w.Firm})
		c, _ := w.Keys.Of(w.Office)
		path := "/tips/" + got.ID
		reason := map[string]any{"reason": "核实举报内容"}
		accept := map[string]any{"action": "accept", "version": got.Version}
		message := map[string]any{"sealed": tiptest.Message(t)}
		hazard := map[string]any{"version": got.Version, "words": "疏散门上锁", "class": "environment"}
		envelopes := fmt.Sprintf("/tips/envelopes?channel_id=%s&generation=1", c.ID)
		rewrap := map[string]any{"channel_id": c.ID, "from": 1, "to": 2, "envelopes": []any{map[string]any{"tip_id": got.ID, "envelope": []byte("x")}}}
		for _, op := range []struct {
			method, path string
			body         any
		}{
			{"POST", path + "/acts", accept}, {"POST", path + "/openings", reason}, {"GET", path + "/files/0123456789abcdef0123456789abcdef", nil},
			{"POST", path + "/messages", message}, {"POST", path + "/hazard", hazard}, {"GET", path + "/envelope", nil},
		} {
			for _, p := range []*org.Person{nil, w.Worker, w.Head, w.Safety, w.Clerk2, w.Leader2, w.Builder} {
				a := client.Do(t, p, op.method, op.path, op.body)
				want := http.StatusNotFound
				if p == nil {
					want = http.StatusUnauthorized
				}
				if a.Status != want {
					t.Errorf("%s %s by %s: %d %s", op.method, op.path, name(p), a.Status, a.Raw)
				}
			}
		}
		for _, r := range []struct {
			by           *org.Person
			method, path string
			body         any
			key          string
		}{
			{w.Officer, "POST", path + "/openings", reason, "tip.only_officer"},
			{w.CityLeader, "POST", path + "/openings", reason, "tip.only_officer"},
			{w.CityLeader, "POST", path + "/acts", accept, "tip.only_desk"},
			{w.Leader, "POST", path + "/openings", map[string]any{"reason": "看看"}, "tip.needs_opening_reason"},
			{w.Leader, "GET", path + "/files/0123456789abcdef0123456789abcdef", nil, "tip.open_first"},
			{w.Officer, "POST", path + "/messages", message, "tip.only_officer"},
			{w.Officer, "POST", path + "/hazard", hazard, "tip.bad_step"},
			{w.CityLeader, "GET", path + "/envelope", nil, "tip.no_key"},
			{w.CityLeader, "GET", envelopes, nil, "tip.no_key"}, {nil, "GET", envelopes, nil, "auth.sign_in"}, {w.Head, "GET", envelopes, nil, "tip.no_key"},
			{w.Head, "POST", "/tips/envelopes", rewrap, "tip.no_key"}, {nil, "POST", "/tips/envelopes", rewrap, "auth.sign_in"},
			{w.Leader, "POST", path + "/acts", map[string]any{"action": "object", "version": got.Version}, "tip.bad_step"},
			{w.Leader, "POST", path + "/acts", map[string]any{"action": "withdraw", "version": got.Version}, "tip.only_informant"},
			{w.Leader, "POST", path + "/acts", map[string]any{"action": "accept", "version": got.Version + 1}, "tip.changed"},
			{w.Leader, "POST", path + "/acts", map[string]any{"action": "dance", "version": got.Version}, "field.not_a_choice"},
			{w.Leader, "POST", path + "/acts", map[string]any{"action": "refuse", "version": got.Version, "reason": "bored", "sealed": tiptest.Message(t)}, "tip.needs_reason"},
			{w.Leader, "POST", path + "/acts", map[string]any{"action": "refuse", "version": got.Version, "reason": "petition", "sealed": []byte("plain words")}, "tip.not_sealed"},
			{w.Leader, "POST", path + "/acts", map[string]any{"action": "transfer", "version": got.Version, "words": "移送", "channel_id": c.ID, "envelope": tiptest.Message(t)}, "tip.needs_channel"},
		} {
			if a := client.Do(t, r.by, r.method, r.path, r.body); a.Key() != r.key {
				t.Errorf("%s %s by %s: %d %s, want %s", r.method, r.path, name(r.by), a.Status, a.Raw, r.key)
			}
		}
		if now := w.Get(t, got.ID); now.Version != got.Version || now.Opened != 0 {
			t.Errorf("what was refused left %+v", now)
		}
		if n := len(w.Entries(t, "tip.opening_refused.v1")); n != 3 {
			t.Errorf("%d refused openings are in the ledger", n)
		}
	})
}

func name(p *org.Person) string {
	if p == nil {
		return "the public"
	}
	return p.Name
}

// TestConcerned keeps from a tip whoever may be its subject, by whatever edge.
func TestConcerned(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		side := w.Person(t, w.Office, "兼职", "", "office_leader") // also works in a part of the firm
		must1(t, w.Join(t, side, w.Workshop, "", false))
		boss := w.Person(t, w.Office, "领导", "", "office_leader")
		must1(t, w.Join(t, boss, w.Workshop, "", false))
		under := w.Person(t, w.Office, "下属", boss.ID, "office_leader") // directed by somebody of the firm
		got := w.File(t, tiptest.Given{Unit: w.Firm})
		other := w.File(t, tiptest.Given{Unit: w.OtherFirm})
		for _, p := range []*org.Person{side, boss, under} {
			if _, err := w.Tips.Tip(w.As(t, p), got.ID); err == nil {
				t.Errorf("%s sees it", p.Name)
			}
			if _, err := w.Tips.Open(w.As(t, p), got.ID, tip.OpenContent, "核实举报内容"); err == nil {
				t.Errorf("%s opens it", p.Name)
			}
			if _, err := w.Tips.Tip(w.As(t, p), other.ID); err != nil {
				t.Errorf("%s does not see what concerns another unit: %v", p.Name, err)
			}
			w.Act(t, w.Leader, w.File(t, tiptest.Given{Unit: w.OtherFirm}).ID, tip.Move{Action: tip.Assign, Person: p.ID})
			if _, err := w.Try(w.As(t, w.Leader), t, got.ID, tip.Move{Action: tip.Assign, Person: p.ID}); fieldKey(err) != "tip.officer_concerned" {
				t.Errorf("%s verifies it: %v", p.Name, err)
			}
		}
		if _, err := w.Tips.Tip(w.As(t, w.Leader), got.ID); err != nil {
			t.Error(err)
		}
	})
}

// TestOpening counts, records and tells of every reading.
func TestOpening(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		client := serve(w)
		got := verifying(t, w, tiptest.Given{})
		a := client.Do(t, w.Officer, "POST", "/tips/"+got.ID+"/openings", map[string]any{"reason": "核实举报内容"})
		if a.Status != 200 || a.Text("envelope") == "" || a.Text("content") == "" || a.Body["generation"] != 1.0 {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		a = client.Do(t, w.Officer, "POST", "/tips/"+got.ID+"/openings", map[string]any{"reason": "查看补充材料", "what": "mailbox"})
		if a.Status != 200 || a.Text("content") != "" {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		if n := w.Get(t, got.ID).Opened; n != 2 {
			t.Errorf("opened %d times", n)
		}
		rs, err := w.Tips.Readings(t.Context(), got)
		must1(t, err)
		if len(rs) != 2 || rs[0].Reason != "查看补充材料" || rs[0].Person != w.Officer.ID {
			t.Errorf("%+v", rs)
		}
		if n := len(w.Entries(t, "tip.opened.v1")); n != 2 {
			t.Errorf("%d entries", n)
		}
		for _, e := range w.Entries(t, "tip.opened.v1") {
			if strings.Contains(string(e.Facts), "核实") || e.Unit != "" {
				t.Errorf("the ledger says too much: %+v", e)
			}
		}
	})
}

func TestOpeningManyIsNoted(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := verifying(t, w, tiptest.Given{})
		open := func() {
			_, err := w.Tips.Open(w.As(t, w.Officer), got.ID, tip.OpenMailbox, "核实举报内容")
			must1(t, err)
		}
		for range 20 {
			open()
		}
		if n := len(w.Entries(t, "tip.opened_in_bulk.v1")); n != 0 {
			t.Fatalf("%d alarms for 20", n)
		}
		open()
		if e := w.Entries(t, "tip.opened_in_bulk.v1"); len(e) != 1 || e[0].Actor != w.Officer.ID || !strings.Contains(string(e[0].Facts), "21") {
			t.Errorf("%+v", e)
		}
		w.Clock.Advance(2 * time.Hour)
		open()
		if n := len(w.Entries(t, "tip.opened_in_bulk.v1")); n != 1 {
			t.Errorf("%d alarms after a rest", n)
		}
	})
}

// TestTwoPeople lets nobody lay a tip aside as unfounded alone, nor give one to themselves.
func TestTwoPeople(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := verifying(t, w, tiptest.Given{})
		unfounded := tip.Move{Action: tip.Answer, Conclusion: "not_verified", Contents: allContents, Sealed: tiptest.Message(t)}
		if _, err := w.Try(w.As(t, w.Officer), t, got.ID, unfounded); err == nil || !strings.Contains(err.Error(), "tip.two_people") {
			t.Errorf("laid aside alone: %v", err)
		}
		w.Act(t, w.Leader, got.ID, unfounded)
		other := w.File(t, tiptest.Given{})
		if _, err := w.Try(w.As(t, w.Officer), t, other.ID, tip.Move{Action: tip.Assign, Person: w.Officer.ID}); err == nil || !strings.Contains(err.Error(), "tip.self_assigned") {
			t.Errorf("gave it to themselves: %v", err)
		}
		incomplete := tip.Move{Action: tip.Answer, Conclusion: "verified", Contents: []string{"conclusion", "findings"}, Sealed: tiptest.Message(t)}
		third := verifying(t, w, tiptest.Given{})
		if _, err := w.Try(w.As(t, w.Officer), t, third.ID, incomplete); fieldKey(err) != "tip.needs_contents" {
			t.Errorf("an answer without its four contents: %v", err)
		}
	})
}

// TestRotation wraps what is sealed to an old key for the new one.
func TestRotation(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		client := serve(w)
		var ids []string
		for range 3 {
			ids = append(ids, w.File(t, tiptest.Given{}).ID)
		}
		w.Keys.Rotate(t, w.Office)
		c, _ := w.Keys.Of(w.Office)
		a := client.Do(t, w.Officer, "GET", "/tips/envelopes?channel_id="+c.ID+"&generation=1&limit=2", nil)
		if items := a.Body["items"].([]any); a.Status != 200 || len(items) != 2 || a.Text("next") == "" {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		all := []any{}
		for _, id := range ids {
			all = append(all, map[string]any{"tip_id": id, "envelope": w.Rewrap(t, w.Officer, id, c)})
		}
		body := map[string]any{"channel_id": c.ID, "from": 1, "to": 2, "envelopes": all}
		for _, part := range [][]any{all[:2], all[:2], all} { // a repeat changes nothing
			body["envelopes"] = part
			a = client.Do(t, w.Officer, "POST", "/tips/envelopes", body)
			if a.Status != 200 {
				t.Errorf("%d %s", a.Status, a.Raw)
			}
		}
		if a.Body["done"] != 1.0 {
			t.Errorf("the last batch put %v in place", a.Body["done"])
		}
		if n, err := w.Tips.SealedTo(t.Context(), w.DB.Read(), c.ID, 1); err != nil || n != 0 {
			t.Errorf("%d are still sealed to the old key, %v", n, err)
		}
		opened, err := w.Tips.Open(w.As(t, w.Leader), ids[0], tip.OpenContent, "核实举报内容")
		must1(t, err)
		if !strings.Contains(w.Unwrap(t, opened), "invented") {
			t.Error("it cannot be read with the new key")
		}
	})
}

// TestRepeats takes a step under one key once.
func TestRepeats(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		client := serve(w)
		got := w.File(t, tiptest.Given{})
		for range 2 {
			a := client.Do(t, w.Leader, "POST", "/tips/"+got.No+"/acts", map[string]any{"action": "accept", "version": got.Version}, "Idempotency-Key", "0123456789abcdef")
			if a.Status != 200 || a.Text("status") != "accepted" || a.Version() != 2 {
				t.Fatalf("%d %s", a.Status, a.Raw)
			}
		}
		w.Act(t, w.Leader, got.ID, tip.Move{Action: tip.Assign, Person: w.Officer.ID})
		body := map[string]any{"sealed": tiptest.Message(t)}
		var first string
		for range 2 {
			a := client.Do(t, w.Officer, "POST", "/tips/"+got.ID+"/messages", body, "Idempotency-Key", "fedcba9876543210")
			if a.Status != 201 || first != "" && a.Text("id") != first {
				t.Fatalf("%d %s", a.Status, a.Raw)
			}
			first = a.Text("id")
		}
		if n := len(w.Entries(t, "tip.message_written.v1")); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

// TestDeaths refers a tip to the county government once.
func TestDeaths(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := verifying(t, w, tiptest.Given{Class: tip.ConcealedAccident})
		refer := tip.Move{Action: tip.EscalateDeaths, Words: "涉及人员死亡，报请县政府组织核查"}
		w.Act(t, w.Officer, got.ID, refer)
		if got = w.Get(t, got.ID); !got.Escalated || got.DueKind != tip.ClockVerify {
			t.Errorf("%+v", got)
		}
		if _, err := w.Try(w.As(t, w.Officer), t, got.ID, refer); err == nil || !strings.Contains(err.Error(), "tip.escalated_already") {
			t.Errorf("%v", err)
		}
	})
}

// TestPublicHasNoRights asks as nobody.
func TestPublicHasNoRights(t *testing.T) {
	tiptest.Each(t, func(t *testing.T, w *tiptest.World) {
		got := w.File(t, tiptest.Given{})
		nobody := actor.With(t.Context(), actor.Actor{})
		if _, err := w.Tips.Act(nobody, got.ID, tip.Move{Action: tip.Accept, Version: 1}); err == nil {
			t.Error("the public accepts")
		}
	})
}
