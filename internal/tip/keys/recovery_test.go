// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"encoding/base64"
	"testing"

	"filippo.io/age"
)

// reseal opens o's share of a key and seals it to the recipient of a recovery.
func (w *world) reseal(t testing.TB, c *channel, o *officer, r recoveryView) m {
	t.Helper()
	to, err := age.ParseX25519Recipient(r.Recipient)
	must(t, err)
	share := w.shareOf(t, c, o, r.Generation)
	return m{"share": sealTo(t, base64.StdEncoding.EncodeToString(share), to)}
}

// askFor begins a recovery and returns it with the secret half of its recipient.
func (w *world) askFor(t testing.TB, c *channel, o *officer) (recoveryView, age.Identity) {
	t.Helper()
	once, recipient := makeIdentity(t, false)
	var r recoveryView
	w.do(t, o, "POST", c.path()+"/recoveries", m{"generation": 1, "reason": "口令遗忘", "recipient": recipient}, &r)
	return r, once
}

// TestRecovery gives the key back to one who lacks it, by the shares of two others.
func TestRecovery(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		r, once := w.askFor(t, c, w.zhao)
		path := c.path() + "/recoveries/" + r.ID + "/shares"
		w.do(t, w.zhang, "POST", path, w.reseal(t, c, w.zhang, r), nil)
		w.refused(t, w.zhao, "GET", path, nil, 409, "tipkey.shares_missing") // k-1
		w.do(t, w.wang, "POST", path, w.reseal(t, c, w.wang, r), nil)
		w.refused(t, w.zhang, "GET", path, nil, 403, "tipkey.not_yours")

		self := handOverBody(t, c.keys[1], 1, w.zhao, 1, 2, w.zhang, w.li, w.wang, w.zhao)
		w.refused(t, w.zhao, "POST", c.path()+"/wraps", self, 403, "tipkey.not_holder") // not fetched
		var got itemsView[givenShareView]
		w.do(t, w.zhao, "GET", path, nil, &got)
		var shares [][]byte
		for _, s := range got.Items {
			b, err := base64.StdEncoding.DecodeString(openSealed(t, s.Share, once))
			must(t, err)
			shares = append(shares, b)
		}
		key := string(join(shares))
		if key != c.keys[1] || string(join(shares[:1])) == key {
			t.Fatal("the shares give another key, or one is enough")
		}
		w.do(t, w.zhao, "POST", c.path()+"/wraps", self, nil)
		if openSealed(t, w.mine(t, c, w.zhao, 1).Wrap, w.zhao.own) != key {
			t.Error("zhao does not hold the key")
		}
		k := w.kinds(t)
		if k["tipkey.recovery_asked.v1"] != 1 || k["tipkey.share_given.v1"] != 2 || k["tipkey.recovered.v1"] != 1 || k["tipkey.handed_over.v1"] != 1 {
			t.Errorf("entries: %v", k)
		}
		w.refused(t, w.li, "POST", path, m{"share": sealTo(t, "x", w.li.own.Recipient())}, 409, "tipkey.stale_generation") // of the old shares
	})
}

// TestRecoveryRefusals tries who may not ask, give and fetch, and when it is too late.
func TestRecoveryRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		path := c.path() + "/recoveries"
		_, recipient := makeIdentity(t, false)
		ask := func(n int, reason, recipient string) m {
			return m{"generation": n, "reason": reason, "recipient": recipient}
		}
		w.refused(t, nil, "POST", path, ask(1, "口令遗忘", recipient), 401, "auth.sign_in")
		w.refused(t, w.viewer, "POST", path, ask(1, "口令遗忘", recipient), 404, "tipkey.no_channel")
		w.refused(t, w.qian, "POST", path, ask(1, "口令遗忘", recipient), 404, "tipkey.no_channel")
		w.refused(t, w.zhao, "POST", path, ask(2, "口令遗忘", recipient), 404, "tipkey.no_generation")
		w.refused(t, w.zhao, "POST", path, ask(1, " ", recipient), 422, "tipkey.bad_reason")
		w.refused(t, w.zhao, "POST", path, ask(1, "口令遗忘", "age1"), 422, "tipkey.bad_recipient")
		w.refused(t, w.zhao, "POST", path, ask(1, "口令遗忘", w.li.own.Recipient().String()), 409, "tipkey.recipient_used")
		r, _ := w.askFor(t, c, w.zhao)
		w.refused(t, w.zhao, "POST", path, ask(1, "口令遗忘", recipient), 409, "tipkey.recovery_open")
		w.refused(t, w.zhang, "POST", path, ask(1, "口令遗忘", r.Recipient), 409, "tipkey.recipient_used")

		shares := path + "/" + r.ID + "/shares"
		good := w.reseal(t, c, w.li, r)
		w.refused(t, w.zhao, "POST", shares, good, 403, "tipkey.same_person")
		w.refused(t, w.viewer, "POST", shares, good, 404, "tipkey.no_channel")
		w.refused(t, nil, "POST", shares, good, 401, "auth.sign_in")
		w.refused(t, w.li, "POST", shares, m{"share": "x"}, 422, "tipkey.not_sealed")
		w.refused(t, w.li, "POST", path+"/x/shares", good, 404, "tipkey.no_recovery")
		w.do(t, w.li, "POST", shares, good, nil)
		w.refused(t, w.li, "POST", shares, good, 409, "tipkey.share_given")
		w.refused(t, w.zhao, "GET", shares, nil, 409, "tipkey.shares_missing")
		w.refused(t, w.viewer, "GET", path, nil, 404, "tipkey.no_channel")
		var all itemsView[recoveryView]
		w.do(t, w.wang, "GET", path, nil, &all)
		if len(all.Items) != 1 || all.Items[0].Complete || len(all.Items[0].Given) != 1 || all.Items[0].Asker.Name != "赵丁" {
			t.Errorf("under way: %+v", all.Items)
		}

		w.clock.Advance(CeremonyLife)
		w.refused(t, w.wang, "POST", shares, w.reseal(t, c, w.wang, r), 409, "tipkey.recovery_expired")
		w.refused(t, w.zhao, "GET", shares, nil, 409, "tipkey.recovery_expired")
		must(t, w.Sweep(t.Context()))
		if n, err := w.DB.Read().NewSelect().Table("tipkey_recovery_share").Count(t.Context()); n != 0 || err != nil {
			t.Errorf("%d shares of a recovery that is over, %v", n, err)
		}
		w.setRole(t, w.wang, false)
		w.setRole(t, w.zhang, false)
		w.hear(t)
		w.refused(t, w.zhao, "POST", path, ask(1, "口令遗忘", recipient), 409, "tipkey.too_few_shares")
	})
}

// TestRecoveryByHolder lets a holder without the passphrase ask too; their own share does
// not count.
func TestRecoveryByHolder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		w.li.makeKey(t)
		w.enrol(t, w.li, 1)
		r, _ := w.askFor(t, c, w.li)
		path := c.path() + "/recoveries/" + r.ID + "/shares"
		w.refused(t, w.li, "POST", path, m{"share": sealTo(t, "x", w.zhang.own.Recipient())}, 403, "tipkey.same_person")
		w.refused(t, w.zhao, "POST", path, m{"share": sealTo(t, "x", w.zhang.own.Recipient())}, 403, "tipkey.not_holder")
		w.do(t, w.zhang, "POST", path, w.reseal(t, c, w.zhang, r), nil)
		w.do(t, w.wang, "POST", path, w.reseal(t, c, w.wang, r), nil)
		w.do(t, w.li, "GET", path, nil, nil)
	})
}
