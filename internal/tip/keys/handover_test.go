// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"encoding/base64"
	"slices"
	"testing"

	"anlan/internal/org"
)

// handOver is the body by which giver lets to hold generation n, with new shares for holders.
func (w *world) handOver(t testing.TB, c *channel, giver, to *officer, n, k int, holders ...*officer) m {
	t.Helper()
	mine := w.mine(t, c, giver, n)
	if mine == nil {
		t.Fatal("the giver holds nothing")
	}
	return handOverBody(t, c.keys[n], mine.ShareSet, to, n, k, holders...)
}

func handOverBody(t testing.TB, key string, set int, to *officer, n, k int, holders ...*officer) m {
	t.Helper()
	return m{"generation": n, "person_id": to.id, "key_id": to.keyID, "wrap": sealTo(t, key, to.own.Recipient()), "share_set": set,
		"threshold": k, "shares": sealings(t, key, k, false, holders...)}
}

// shareOf opens o's share of generation n.
func (w *world) shareOf(t testing.TB, c *channel, o *officer, n int) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(openSealed(t, w.mine(t, c, o, n).Share, o.own))
	must(t, err)
	return b
}

// TestHandOver lets an officer take over from one who leaves.
func TestHandOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		path := c.path() + "/wraps"
		w.do(t, w.wang, "POST", path, w.handOver(t, c, w.wang, w.zhao, 1, 3, w.zhang, w.li, w.wang, w.zhao), nil)
		if openSealed(t, w.mine(t, c, w.zhao, 1).Wrap, w.zhao.own) != c.keys[1] {
			t.Error("zhao holds another key")
		}
		shares := [][]byte{w.shareOf(t, c, w.zhang, 1), w.shareOf(t, c, w.li, 1), w.shareOf(t, c, w.zhao, 1)}
		if string(join(shares)) != c.keys[1] {
			t.Error("three of the new shares do not give the key")
		}
		if string(join(shares[:2])) == c.keys[1] {
			t.Error("two of the new shares give the key, of which three are needed")
		}
		w.do(t, w.wang, "DELETE", path+"/"+w.wang.id, nil, nil)
		if w.mine(t, c, w.wang, 1) != nil {
			t.Error("what was given up is shown")
		}
		w.refused(t, w.wang, "DELETE", path+"/"+w.wang.id, nil, 403, "tipkey.not_holder")
		var v keyedView
		w.do(t, w.zhao, "GET", c.path(), nil, &v)
		if g := v.Generations[0]; !g.Rotate || g.Threshold != 3 || g.ShareSet != 2 || len(g.Holders) != 4 {
			t.Errorf("the channel shows %+v", g)
		}
		if k := w.kinds(t); k["tipkey.handed_over.v1"] != 1 || k["tipkey.withdrawn.v1"] != 1 {
			t.Errorf("entries: %v", k)
		}
		w.refused(t, w.li, "DELETE", path+"/"+w.li.id, nil, 409, "tipkey.too_few_remain")
	})
}

// TestHandOverRefusals tries who may not, and what is not whole.
func TestHandOverRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		w.enrol(t, w.qian, 0)
		path := c.path() + "/wraps"
		body := func(to *officer, holders ...*officer) m { return w.handOver(t, c, w.zhang, to, 1, 2, holders...) }
		whole := []*officer{w.zhang, w.li, w.wang, w.zhao}
		with := func(name string, value any) m {
			b := body(w.zhao, whole...)
			b[name] = value
			return b
		}
		spoilt := func(name string, value any) m {
			b := body(w.zhao, whole...)
			b["shares"].([]m)[3][name] = value
			return b
		}
		plain := body(w.zhao, whole...)
		for _, tt := range []struct {
			name string
			who  *officer
			body m
			code int
			key  string
		}{
			{"nobody", nil, plain, 401, "auth.sign_in"},
			{"no holder, to himself", w.zhao, plain, 403, "tipkey.not_holder"},
			{"without power", w.viewer, plain, 404, "tipkey.no_channel"},
			{"of the office above", w.qian, plain, 404, "tipkey.no_channel"},
			{"to one without power", w.zhang, body(w.viewer, w.zhang, w.li, w.wang, w.viewer), 422, "tipkey.may_not_hold"},
			{"to the office above", w.zhang, body(w.qian, w.zhang, w.li, w.wang, w.qian), 422, "tipkey.may_not_hold"},
			{"no share for a holder", w.zhang, body(w.zhao, w.zhang, w.li, w.zhao), 422, "tipkey.share_for_each"},
			{"no share for the new one", w.zhang, body(w.zhao, w.zhang, w.li, w.wang), 422, "tipkey.share_for_each"},
			{"two shares for one", w.zhang, body(w.zhao, w.zhang, w.li, w.wang, w.zhao, w.zhao), 422, "tipkey.share_for_each"},
			{"no such key", w.zhang, with("generation", 2), 404, "tipkey.no_generation"},
			{"old shares", w.zhang, with("share_set", 2), 409, "tipkey.stale_generation"},
			{"another's key", w.zhang, with("key_id", w.li.keyID), 422, "tipkey.not_their_key"},
			{"a share for another's key", w.zhang, spoilt("key_id", w.li.keyID), 422, "tipkey.not_their_key"},
			{"a share in plain text", w.zhang, spoilt("share", "x"), 422, "tipkey.not_sealed"},
			{"a wrap in plain text", w.zhang, with("wrap", c.keys[1]), 422, "tipkey.not_sealed"},
			{"more shares needed than there are", w.zhang, with("threshold", 5), 422, "tipkey.bad_threshold"},
			{"one share is enough", w.zhang, with("threshold", 1), 422, "field.out_of_range"},
		} {
			t.Log(tt.name)
			w.refused(t, tt.who, "POST", path, tt.body, tt.code, tt.key)
		}
		w.refused(t, w.zhang, "DELETE", path+"/"+w.li.id, nil, 403, "tipkey.not_yours")
		w.refused(t, w.zhao, "DELETE", path+"/"+w.zhao.id, nil, 403, "tipkey.not_holder")
		w.refused(t, w.qian, "DELETE", path+"/"+w.qian.id, nil, 404, "tipkey.no_channel")
		if w.mine(t, c, w.zhao, 1) != nil {
			t.Error("zhao holds the key")
		}
		w.refused(t, w.viewer, "GET", path+"/mine", nil, 404, "tipkey.no_channel")
		w.refused(t, w.qian, "GET", path+"/mine", nil, 404, "tipkey.no_channel")
	})
}

// TestLostPassphrase seals the key anew to the new key of an officer who lost the old one.
func TestLostPassphrase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		old := w.li.own
		w.li.makeKey(t)
		w.enrol(t, w.li, 1)
		if mine := w.mine(t, c, w.li, 1); mine.KeyID == w.li.keyID || openSealed(t, mine.Wrap, old) != c.keys[1] {
			t.Error("what the old key opens is gone")
		}
		var me meView
		w.do(t, w.li, "GET", "/tip-keys/me", nil, &me)
		if len(me.Items) != 2 || me.Items[0].ID != w.li.keyID || me.Items[0].Replaced != nil || me.Items[1].Replaced == nil || me.Items[1].Sealed == "" {
			t.Errorf("li's keys: %+v", me)
		}
		w.do(t, w.zhang, "POST", c.path()+"/wraps", w.handOver(t, c, w.zhang, w.li, 1, 2, w.zhang, w.li, w.wang), nil)
		if mine := w.mine(t, c, w.li, 1); mine.KeyID != w.li.keyID || mine.ShareKeyID != w.li.keyID || openSealed(t, mine.Wrap, w.li.own) != c.keys[1] {
			t.Error("li does not hold the key under the new key")
		}
	})
}

// TestOwnKeyRefusals tries to enter what is not one's own.
func TestOwnKeyRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.enrol(t, w.li, 0)
		with := func(name string, value any) m {
			b := w.zhang.ownBody(t, 0)
			b[name] = value
			return b
		}
		_, hybrid := makeIdentity(t, true)
		for _, tt := range []struct {
			name string
			who  *officer
			body m
			code int
			key  string
		}{
			{"nobody", nil, w.zhang.ownBody(t, 0), 401, "auth.sign_in"},
			{"without power", w.viewer, w.viewer.ownBody(t, 0), 403, "auth.denied"},
			{"li's key", w.zhang, w.li.ownBody(t, 0), 422, "tipkey.bad_signature"},
			{"li's signer", w.zhang, with("signer", w.li.signer()), 422, "tipkey.bad_signature"},
			{"li's recipient", w.zhang, with("recipient", w.li.own.Recipient().String()), 422, "tipkey.bad_signature"},
			{"no proof", w.zhang, with("proof", ""), 422, "tipkey.bad_signature"},
			{"no recipient", w.zhang, with("recipient", "age1x"), 422, "tipkey.bad_recipient"},
			{"no signer", w.zhang, with("signer", "x"), 422, "tipkey.bad_signer"},
			{"a hybrid recipient", w.zhang, with("recipient", hybrid), 422, "field.too_long"},
			{"in plain text", w.zhang, with("sealed", w.zhang.own.String()), 422, "tipkey.not_sealed"},
			{"sealed to a key", w.zhang, with("sealed", sealTo(t, "x", w.li.own.Recipient())), 422, "tipkey.not_sealed"},
			{"over one that is not there", w.zhang, with("version", 1), 409, "tipkey.changed"},
			{"over one that is", w.li, w.li.ownBody(t, 0), 409, "tipkey.changed"},
		} {
			t.Log(tt.name)
			w.refused(t, tt.who, "PUT", "/tip-keys/me", tt.body, tt.code, tt.key)
		}
		stolen := w.zhang.ownBody(t, 0) // li's recipient, with a proof of zhang's signer
		stolen["recipient"] = w.li.own.Recipient().String()
		stolen["proof"] = w.zhang.sign(ownKeyText(w.zhang.id, w.li.own.Recipient().String(), w.zhang.signer()))
		w.refused(t, w.zhang, "PUT", "/tip-keys/me", stolen, 409, "tipkey.key_used")

		again := w.li.ownBody(t, 1)
		again["sealed"] = w.li.sealOwn(t, "另一个更长的口令")
		var k ownKeyView
		w.do(t, w.li, "PUT", "/tip-keys/me", again, &k)
		if k.ID != w.li.keyID || k.Version != 2 || k.Sealed != again["sealed"] {
			t.Errorf("after another passphrase: %+v", k)
		}
		w.refused(t, w.viewer, "GET", "/tip-keys/me", nil, 403, "auth.denied")
	})
}

// TestWithdrawn takes the key from who loses power or leaves, and gives it back to the
// last, who is in power again.
func TestWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		w.setRole(t, w.wang, false)
		w.refused(t, w.wang, "GET", c.path()+"/wraps/mine", nil, 404, "tipkey.no_channel") // before the reader heard
		w.hear(t)
		if got := w.holders(t, c); !slices.Equal(got, sorted(w.zhang.id, w.li.id)) {
			t.Errorf("holders: %v", got)
		}
		w.setRole(t, w.wang, true)
		w.hear(t)
		if w.mine(t, c, w.wang, 1) != nil {
			t.Error("what was withdrawn came back by itself")
		}
		w.do(t, w.zhang, "POST", c.path()+"/wraps", w.handOver(t, c, w.zhang, w.wang, 1, 2, w.zhang, w.li, w.wang), nil)
		w.leave(t, w.zhang)
		w.hear(t)
		if got := w.holders(t, c); !slices.Equal(got, sorted(w.wang.id, w.li.id)) {
			t.Errorf("holders: %v", got)
		}
		w.setRole(t, w.wang, false)
		w.setRole(t, w.li, false)
		w.hear(t)
		if _, err := w.Receiver(t.Context(), w.DB.Read(), c.id); err == nil {
			t.Error("phones seal to a key that nobody holds")
		}
		w.setRole(t, w.li, true)
		if openSealed(t, w.mine(t, c, w.li, 1).Wrap, w.li.own) != c.keys[1] {
			t.Error("the last holder does not find the key again")
		}
		w.do(t, w.li, "POST", c.path()+"/wraps", w.handOver(t, c, w.li, w.zhao, 1, 2, w.li, w.zhao), nil)
		if got := w.holders(t, c); !slices.Equal(got, sorted(w.li.id, w.zhao.id)) {
			t.Errorf("holders: %v", got)
		}
		if k := w.kinds(t); k["tipkey.withdrawn.v1"] != 4 || k["tipkey.directory_withdrawn.v1"] != 2 { // zhang and li held both
			t.Errorf("entries: %v", k)
		}
	})
}

// TestSweep withdraws what no entry told of.
func TestSweep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		_, err := w.DB.SQL().ExecContext(t.Context(), `UPDATE org_membership SET ends = '2026-11-24' WHERE person_id = '`+w.wang.id+`'`)
		must(t, err)
		must(t, w.Sweep(t.Context()))
		if len(w.holders(t, c)) != 3 {
			t.Error("a membership that holds today is over")
		}
		w.do(t, w.li, "POST", c.path()+"/generations", w.proposal(t, c, w.li, 2, 2, w.zhang, w.li), nil)
		w.clock.Advance(CeremonyLife)
		must(t, w.Sweep(t.Context()))
		if got := w.holders(t, c); !slices.Equal(got, sorted(w.zhang.id, w.li.id)) {
			t.Errorf("holders: %v", got)
		}
		if k := w.kinds(t); k["tipkey.withdrawn.v1"] != 1 || k["tipkey.generation_dropped.v1"] != 1 {
			t.Errorf("entries: %v", k)
		}
	})
}

// TestOfficeCloses withdraws from everybody in it.
func TestOfficeCloses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		u, err := w.Org.Unit(t.Context(), w.office.ID)
		must(t, err)
		u.Closed = "2026-11-24"
		_, err = w.Org.ChangeUnit(w.operator, u)
		must(t, err)
		if _, err := w.Receiver(t.Context(), w.DB.Read(), c.id); err == nil {
			t.Error("a closed office receives")
		}
		w.hear(t)
		if got := w.holders(t, c); len(got) != 0 {
			t.Errorf("holders: %v", got)
		}
	})
}

// holders are who holds the first key, sorted.
func (w *world) holders(t testing.TB, c *channel) []string {
	t.Helper()
	all, err := holdingsOf(t.Context(), w.DB.Read(), c.id, 1)
	must(t, err)
	var out []string
	for _, h := range all {
		if h.live() {
			out = append(out, h.PersonID)
		}
	}
	return sorted(out...)
}

func sorted(all ...string) []string {
	slices.Sort(all)
	return all
}

// setRole gives somebody of the county's office power over keys or takes all their roles.
func (w *world) setRole(t testing.TB, o *officer, on bool) {
	t.Helper()
	if on {
		must(t, w.Org.GrantRole(w.operator, &org.Grant{PersonID: o.id, UnitID: w.office.ID, Role: "office_clerk"}))
		return
	}
	all, err := w.Org.Grants(w.operator, o.id, "")
	must(t, err)
	for _, g := range all {
		must(t, w.Org.Revoke(w.operator, g.ID))
	}
}

// leave ends somebody's membership yesterday.
func (w *world) leave(t testing.TB, o *officer) {
	t.Helper()
	p, err := w.Org.ReadPerson(w.operator, o.id)
	must(t, err)
	_, err = w.Org.ChangePerson(w.operator, org.PersonChange{ID: o.id, Version: p.Version, Name: p.Name})
	must(t, err)
}
