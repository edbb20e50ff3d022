// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"anlan/internal/hazard/hazardtest"
	"anlan/internal/org"
	"anlan/internal/transparency"
)

func count(t testing.TB, w *world, table string) int {
	t.Helper()
	var n int
	must(t, w.DB.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

func TestATipIsTakenInAndFollowed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		p.ask(t)
		permit := p.permit(t)
		p.file(t, permit, []byte("picture one"))
		p.file(t, permit, []byte("picture two"))
		sent := p.tip(t, words)
		r := p.submit(t, permit, sent)
		if r.status != http.StatusCreated {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		hour, err := time.Parse(time.RFC3339, r.text("received_hour"))
		if err != nil || hour != hazardtest.Start.UTC().Truncate(time.Hour) {
			t.Errorf("received %s", r.text("received_hour"))
		}
		if n := len(r.body["rules"].([]any)); n != 6 {
			t.Errorf("%d rules", n)
		}
		next := r.body["next"].(map[string]any)
		if next["key"] != "accept" || next["last_day"] != "2027-06-14" || next["source"] == "" { // five working days
			t.Errorf("next %v", next)
		}
		leaf, err := hex.DecodeString(r.text("leaf"))
		must(t, err)
		l := transparency.Leaf{Kind: transparency.Received, Commit: commitment(t, r), Hour: hour, Class: "tip", Due: "acceptance"}
		if got := transparency.LeafHash(l.Encode()); !bytes.Equal(got[:], leaf) {
			t.Error("the opening does not open the leaf")
		}
		promise, err := w.log.Policy().OpenPromise([]byte(r.text("promise")))
		if err != nil || !bytes.Equal(promise.Leaf[:], leaf) {
			t.Errorf("promise %v, %v", promise, err)
		}
		_, said := p.follow(t)
		if said["no"] != r.text("no") || said["status"] != "received" || said["office_name"] != w.Office.Name || said["leaf"] != r.text("leaf") {
			t.Errorf("followed %v", said)
		}
		if fmt.Sprint(said["may"]) != "[message identify withdraw]" {
			t.Errorf("may %v", said["may"])
		}
	})
}

func TestARepeatIsTheSameTip(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		p.ask(t)
		permit := p.permit(t)
		p.file(t, permit, []byte("picture"))
		sent := p.tip(t, words)
		first := p.submit(t, permit, sent)
		same := func(why string, r reply) {
			t.Helper()
			if r.status != http.StatusCreated || !bytes.Equal(r.raw, first.raw) {
				t.Errorf("%s: %d %s", why, r.status, r.raw)
			}
		}
		same("at once", p.submit(t, permit, sent))
		same("with another permit", p.submit(t, p.permit(t), sent))
		same("without a permit", p.submit(t, "", sent))
		w.keys.rotate(p.channel)
		same("under another key", p.submit(t, permit, sent))
		w.Clock.Advance(7 * time.Hour)
		must(t, w.tips.Sweep(t.Context()))
		same("much later", p.submit(t, permit, sent))
		if n := count(t, w, "tip_tip"); n != 1 {
			t.Errorf("%d tips", n)
		}
		if n := count(t, w, "transparency_pending") + count(t, w, "transparency_entry"); n != 1 {
			t.Errorf("%d leaves", n)
		}
		other := maps.Clone(sent)
		other["content"] = p.tip(t, map[string]any{"words": "something else"})["content"]
		other["generation"] = 2
		if r := p.submit(t, p.permit(t), other); r.status != http.StatusConflict || r.key() != "tip.code_taken" {
			t.Errorf("other content: %d %s", r.status, r.raw)
		}
	})
}

// TestAPhoneFollowsTheKeysAtOnce: an office changes its key, or a nearer one gets a first;
// whoever asks again can send.
func TestAPhoneFollowsTheKeysAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		newPhone(t, w).send(t) // what is remembered for a while is remembered now
		late := newPhone(t, w)
		late.ask(t)
		sealed := late.tip(t, words)
		w.keys.rotate(late.channel)
		if r := late.submit(t, late.permit(t), sealed); r.status != http.StatusConflict || r.key() != "tip.stale_generation" {
			t.Errorf("the old key: %d %s", r.status, r.raw)
		}
		late.send(t)
		near := &org.Unit{Name: "安平镇应急管理办公室", Kind: org.UnitOffice, Place: hazardtest.Town}
		must(t, w.Org.AddUnit(w.Operator, near))
		w.keys.open(t, near, w.Clerk)
		p := newPhone(t, w)
		p.send(t)
		if p.channel != "channel-"+near.ID {
			t.Errorf("sent to %s", p.channel)
		}
		if n := count(t, w, "tip_tip"); n != 3 {
			t.Errorf("%d tips", n)
		}
	})
}

func TestManyAtOnceAreEachOneTip(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const people, tries = 12, 4
		var wg sync.WaitGroup
		var answers [people][tries]reply
		for i := range people {
			p := newPhone(t, w)
			p.ask(t)
			permit := p.permit(t)
			p.file(t, permit, []byte("picture"))
			sent := p.tip(t, words)
			for j := range tries {
				q := *p
				q.heard = &bytes.Buffer{}
				wg.Go(func() { answers[i][j] = q.submit(t, permit, sent) })
			}
		}
		wg.Wait()
		for _, of := range answers {
			for _, a := range of {
				if a.status != http.StatusCreated || !bytes.Equal(a.raw, of[0].raw) {
					t.Errorf("%d %s", a.status, a.raw)
				}
			}
		}
		if n := count(t, w, "tip_tip"); n != people {
			t.Errorf("%d tips of %d", n, people)
		}
		if n := count(t, w, "transparency_pending"); n != people {
			t.Errorf("%d leaves of %d", n, people)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		p.ask(t)
		with := func(name string, v any) map[string]any {
			b := p.tip(t, words)
			b[name] = v
			return b
		}
		short := sealTo(t, []byte("not padded"), p.case_.Recipient())
		long := sealTo(t, make([]byte, 128<<10), p.case_.Recipient())
		for _, tt := range []struct {
			name   string
			body   map[string]any
			status int
			key    string
		}{
			{"unknown class", with("class", "gossip"), 422, "field.not_a_choice"},
			{"plain text", with("content", []byte("动火作业没有审批")), 422, "tip.not_sealed"},
			{"not padded", with("content", short), 422, "tip.not_padded"},
			{"too long", with("content", long), 422, "field.too_long"},
			{"plain envelope", with("envelope", []byte(p.case_.String())), 422, "tip.not_sealed"},
			{"short code", with("lookup", "AAAA"), 422, "tip.bad_code"},
			{"no recipient", with("case_recipient", "age1nobody"), 422, "tip.bad_recipient"},
			{"no mailbox", with("mailbox_recipient", "age1nobody"), 422, "tip.bad_recipient"},
			{"old key", with("generation", 0), 409, "tip.stale_generation"},
			{"another office", with("channel_id", "channel-"+w.CityOffice.ID), 409, "tip.stale_generation"},
			{"nowhere", with("place", "cn/77/"), 422, "tip.no_place"},
			{"unknown unit", with("unit_code", "ZZZZZZZZ"), 422, "tip.no_unit"},
			{"file that never came", with("files", []map[string]any{{"name": "00000000000000000000000000000000", "size": 5, "sha256": make([]byte, 32)}}), 409, "tip.file_missing"},
		} {
			if r := p.submit(t, p.permit(t), tt.body); r.status != tt.status || r.key() != tt.key {
				t.Errorf("%s: %d %s, want %d %s: %s", tt.name, r.status, r.key(), tt.status, tt.key, r.raw)
			}
		}
		if n := count(t, w, "tip_tip"); n != 0 {
			t.Errorf("%d tips", n)
		}
	})
}

func TestAPermitIsForOneTip(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, q := newPhone(t, w), newPhone(t, w)
		p.ask(t)
		q.ask(t)
		permit := p.permit(t)
		if r := p.submit(t, permit, p.tip(t, words)); r.status != http.StatusCreated {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		if r := q.submit(t, permit, q.tip(t, words)); r.status != http.StatusConflict || r.key() != "tip.permit_spent" {
			t.Errorf("a second tip: %d %s", r.status, r.raw)
		}
		for name, bad := range map[string]string{"none": "", "made up": "00112233445566778899aabbccddeeff.4102444800.0.00112233445566778899aabbccddeeff"} {
			if r := q.submit(t, bad, q.tip(t, words)); r.status != http.StatusForbidden || r.key() != "tip.needs_permit" {
				t.Errorf("%s: %d %s", name, r.status, r.raw)
			}
		}
		permit = q.permit(t)
		w.Clock.Advance(4 * time.Hour)
		if r := q.submit(t, permit, q.tip(t, words)); r.key() != "tip.needs_permit" {
			t.Errorf("an old permit: %d %s", r.status, r.raw)
		}
	})
}

func TestOneBadTipHarmsNoNeighbour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		bad, good := 0, 0
		var mu sync.Mutex
		for i := range 20 {
			p := newPhone(t, w)
			p.ask(t)
			permit, body := p.permit(t), p.tip(t, words)
			if i%4 == 0 {
				body["files"] = []map[string]any{{"name": hex.EncodeToString(p.lookup[:16]), "size": 5, "sha256": make([]byte, 32)}}
			}
			wg.Go(func() {
				r := p.submit(t, permit, body)
				mu.Lock()
				defer mu.Unlock()
				switch r.status {
				case http.StatusCreated:
					good++
				case http.StatusConflict:
					bad++
				}
			})
		}
		wg.Wait()
		if good != 15 || bad != 5 || count(t, w, "tip_tip") != good || count(t, w, "transparency_pending") != good {
			t.Errorf("%d taken in, %d refused; %d tips, %d leaves", good, bad, count(t, w, "tip_tip"), count(t, w, "transparency_pending"))
		}
	})
}

func TestOnlyOperatorsTypeIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		p.ask(t)
		body := p.tip(t, words)
		body["source"] = "12350"
		key := []string{"Idempotency-Key", "typed-0123456789abcdef"}
		if a := w.client.Do(t, nil, "POST", "/tips", body, key...); a.Status != http.StatusUnauthorized {
			t.Errorf("the public: %d %s", a.Status, a.Raw)
		}
		if a := w.client.Do(t, w.Safety, "POST", "/tips", body, key...); a.Status != http.StatusForbidden {
			t.Errorf("an enterprise: %d %s", a.Status, a.Raw)
		}
	})
}

// TestATipTellsNoTime looks for the minute in everything that is stored of a tip.
func TestATipTellsNoTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Clock.Set(time.Date(2027, 6, 7, 3, 47, 13, 0, time.UTC))
		p := newPhone(t, w)
		p.ask(t)
		permit := p.permit(t)
		p.file(t, permit, []byte("picture"))
		if r := p.submit(t, permit, p.tip(t, words)); r.status != http.StatusCreated {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		p.write(t, p.permit(t), "answer", "letter-0123456789abc", words)
		for _, table := range []string{"tip_tip", "tip_permit", "tip_file", "tip_message"} {
			rows := rowsOf(t, w, table)
			if count(t, w, table) == 0 || !bytes.Contains(rows, []byte("2027-06-07")) {
				t.Fatalf("%s is empty", table)
			}
			for _, minute := range []string{":47", "47:13", "03:47", "11:47"} {
				if bytes.Contains(rows, []byte(minute)) {
					t.Errorf("%s tells the minute:\n%s", table, rows)
				}
			}
		}
	})
}
