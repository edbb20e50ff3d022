// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"testing"

	"anlan/internal/kernel/place"
)

// TestDirectoryRefusals spoils the ceremony of the directory key.
func TestDirectoryRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, o := range []*officer{w.zhang, w.li, w.wang, w.zhao, w.qian} {
			w.enrol(t, o, 0)
		}
		var v channelView
		w.do(t, w.zhang, "POST", "/tip-keys/channels", m{}, &v)
		c := &channel{id: v.ID}
		const path = "/tip-keys/directory"
		body := func(spoil func(m)) m {
			b := w.directoryBody(t, c)
			if spoil != nil {
				spoil(b)
			}
			return b
		}
		list := func(text string) func(m) {
			return func(b m) { b["list"], b["signature"] = text, sign(c.directory, text) }
		}
		holder := func(name string, value any) func(m) {
			return func(b m) { b["holders"].([]m)[1][name] = value }
		}
		for _, tt := range []struct {
			name string
			who  *officer
			body m
			code int
			key  string
		}{
			{"nobody", nil, body(nil), 401, "auth.sign_in"},
			{"without power", w.viewer, body(nil), 404, "tipkey.no_channel"},
			{"of the office above", w.qian, body(nil), 404, "tipkey.no_channel"},
			{"not one of the two", w.wang, body(nil), 422, "tipkey.directory_pair"},
			{"the same twice", w.zhang, body(func(b m) { b["holders"].([]m)[1] = b["holders"].([]m)[0] }), 422, "tipkey.directory_pair"},
			{"one alone", w.zhang, body(func(b m) { b["holders"] = b["holders"].([]m)[:1] }), 422, "field.too_few"},
			{"a second without power", w.zhang, body(holder("person_id", w.viewer.id)), 422, "tipkey.may_not_hold"},
			{"a second of another office", w.zhang, body(holder("person_id", w.qian.id)), 422, "tipkey.may_not_hold"},
			{"another's key", w.zhang, body(holder("key_id", w.wang.keyID)), 422, "tipkey.not_their_key"},
			{"in plain text", w.zhang, body(holder("wrap", "x")), 422, "tipkey.not_sealed"},
			{"no key", w.zhang, body(func(b m) { b["vkey"] = "x" }), 422, "tipkey.bad_signer"},
			{"signed by another", w.zhang, body(func(b m) { b["signature"] = w.zhang.sign(b["list"].(string)) }), 422, "tipkey.bad_signature"},
			{"unsorted", w.zhang, body(list(signersHead + "\nanlan.example\nb c\na c\n")), 422, "tipkey.list_form"},
			{"another origin", w.zhang, body(list(signersText("evil.example", nil))), 422, "tipkey.list_form"},
			{"no list", w.zhang, body(list("")), 422, "tipkey.list_form"},
			{"one who has no key here", w.zhang, body(list(w.listOf(c, w.viewer))), 422, "tipkey.list_stranger"},
			{"one of another office", w.zhang, body(list(w.listOf(c, w.zhang, w.qian))), 422, "tipkey.list_stranger"},
			{"for no channel", w.zhang, body(list(w.listOf(&channel{id: "x"}, w.zhang))), 422, "tipkey.list_stranger"},
		} {
			t.Log(tt.name)
			w.refused(t, tt.who, "POST", path, tt.body, tt.code, tt.key)
		}
		w.confirmRefusals(t, c, path)
	})
}

// confirmRefusals tries who and what may not end the ceremony.
func (w *world) confirmRefusals(t *testing.T, c *channel, path string) {
	t.Helper()
	w.refused(t, w.li, "POST", path+"/confirm", m{"signature": "x"}, 409, "tipkey.no_directory")
	w.do(t, w.zhang, "POST", path, w.directoryBody(t, c), nil)
	w.refused(t, w.li, "POST", path, w.directoryBody(t, &channel{id: c.id}), 409, "tipkey.ceremony_open")
	var d directoryView
	w.do(t, w.li, "GET", path, nil, &d)
	ok := m{"signature": sign(c.directory, d.ToConfirm)}
	w.refused(t, w.zhang, "POST", path+"/confirm", ok, 403, "tipkey.same_person")
	w.refused(t, w.wang, "POST", path+"/confirm", ok, 403, "tipkey.not_holder")
	w.refused(t, w.viewer, "POST", path+"/confirm", ok, 403, "tipkey.not_holder")
	w.refused(t, nil, "POST", path+"/confirm", ok, 401, "auth.sign_in")
	w.refused(t, w.li, "POST", path+"/confirm", m{"signature": w.li.sign(d.ToConfirm)}, 422, "tipkey.bad_signature")
	w.refused(t, w.li, "POST", path+"/confirm", m{"signature": sign(c.directory, d.List)}, 422, "tipkey.bad_signature") // the maker's own
	w.refused(t, w.wang, "DELETE", path, nil, 403, "tipkey.not_holder")
	w.clock.Advance(CeremonyLife)
	w.refused(t, w.li, "POST", path+"/confirm", ok, 409, "tipkey.ceremony_expired")
	w.do(t, w.zhang, "POST", path, w.directoryBody(t, c), nil)
	w.do(t, w.li, "DELETE", path, nil, nil)
	w.refused(t, w.li, "DELETE", path, nil, 409, "tipkey.no_directory")
	if k := w.kinds(t); k["tipkey.directory_proposed.v1"] != 2 || k["tipkey.directory_ended.v1"] != 2 || k["tipkey.directory_confirmed.v1"] != 0 {
		t.Errorf("entries: %v", k)
	}
}

// TestSigners replaces the list, hands the directory key over and loses it.
func TestSigners(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		const path = "/tip-keys/directory"
		body := func(text string) m { return m{"list": text, "signature": sign(c.directory, text)} }
		all := w.listOf(c, w.zhang, w.li, w.wang, w.zhao)
		w.refused(t, nil, "POST", path+"/signers", body(all), 401, "auth.sign_in")
		w.refused(t, w.wang, "POST", path+"/signers", body(all), 403, "tipkey.not_holder")
		w.refused(t, w.viewer, "POST", path+"/signers", body(all), 403, "tipkey.not_holder")
		w.refused(t, w.zhang, "POST", path+"/signers", m{"list": all, "signature": w.zhang.sign(all)}, 422, "tipkey.bad_signature")
		w.refused(t, w.zhang, "POST", path+"/signers", body(w.listOf(c, w.zhang, w.wang)), 422, "tipkey.list_lacks") // li signed the current key
		w.do(t, w.zhang, "POST", path+"/signers", body(all), nil)
		var people itemsView[candidateView]
		w.do(t, w.li, "GET", c.path()+"/people", nil, &people)
		for _, p := range people.Items {
			if !p.Listed || p.KeyID == "" {
				t.Errorf("%+v", p)
			}
		}
		if len(people.Items) != 4 {
			t.Errorf("%d people may hold keys", len(people.Items))
		}

		wrap := func(o *officer) m {
			return m{"channel_id": c.id, "person_id": o.id, "key_id": o.keyID, "wrap": sealTo(t, "x", o.own.Recipient())}
		}
		w.refused(t, w.wang, "POST", path+"/wraps", wrap(w.wang), 403, "tipkey.not_holder")
		w.refused(t, nil, "POST", path+"/wraps", wrap(w.wang), 401, "auth.sign_in")
		w.refused(t, w.zhang, "POST", path+"/wraps", wrap(w.viewer), 422, "tipkey.may_not_hold")
		bad := wrap(w.wang)
		bad["wrap"] = "x"
		w.refused(t, w.zhang, "POST", path+"/wraps", bad, 422, "tipkey.not_sealed")
		w.do(t, w.zhang, "POST", path+"/wraps", wrap(w.wang), nil)
		var d directoryView
		w.do(t, w.wang, "GET", path, nil, &d)
		if d.State != "active" || openSealed(t, d.MyWrap, w.wang.own) != "x" || len(d.Holders) != 3 || len(d.InUse) != 2 {
			t.Errorf("wang sees %+v", d)
		}
		w.loseDirectory(t, c, path)
	})
}

// loseDirectory gives the key up, one holder after the other, and makes another.
func (w *world) loseDirectory(t *testing.T, c *channel, path string) {
	t.Helper()
	w.refused(t, w.zhang, "DELETE", path+"/wraps/"+w.li.id, nil, 403, "tipkey.not_yours")
	w.refused(t, w.zhao, "DELETE", path+"/wraps/"+w.zhao.id, nil, 403, "tipkey.not_holder")
	w.refused(t, w.zhang, "POST", path, w.directoryBody(t, &channel{id: c.id}), 409, "tipkey.directory_exists")
	for _, o := range []*officer{w.zhang, w.li, w.wang} {
		w.do(t, o, "DELETE", path+"/wraps/"+o.id, nil, nil)
	}
	before, signers, err := w.Trust(t.Context(), w.DB.Read())
	must(t, err)
	if before != publicOf(c.directory) || signers == "" {
		t.Error("what phones believe went with its last holder")
	}
	w.do(t, w.zhang, "POST", path, w.directoryBody(t, c), nil)
	now, _, err := w.Trust(t.Context(), w.DB.Read())
	must(t, err)
	if now != before {
		t.Error("a directory key of one person counts")
	}
	d := w.pending(t, path)
	w.do(t, w.li, "POST", path+"/confirm", m{"signature": sign(c.directory, d.ToConfirm)}, nil)
	if now, _, err = w.Trust(t.Context(), w.DB.Read()); err != nil || now != publicOf(c.directory) {
		t.Errorf("the new directory key does not count: %v", err)
	}
}

// pending returns the directory as li sees it.
func (w *world) pending(t *testing.T, path string) (d directoryView) {
	t.Helper()
	w.do(t, w.li, "GET", path, nil, &d)
	return d
}

// TestChannels opens one and shows it to its own people and, from above, to superiors.
func TestChannels(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const path = "/tip-keys/channels"
		w.refused(t, nil, "POST", path, m{}, 401, "auth.sign_in")
		w.refused(t, w.viewer, "POST", path, m{}, 403, "auth.denied")
		builders := w.unit(t, county, "示范县住房和城乡建设局", "department")
		w.refused(t, w.officer(t, builders, "周庚", "office_clerk"), "POST", path, m{}, 403, "tipkey.not_an_office")
		c := w.ready(t)
		w.refused(t, w.zhang, "POST", path, m{}, 409, "tipkey.channel_exists")
		var v channelView
		w.do(t, w.qian, "POST", path, m{"hybrid": true}, &v)
		var all struct{ Items []channelView }
		w.do(t, w.qian, "GET", path, nil, &all)
		if len(all.Items) != 2 || all.Items[0].ID != c.id || all.Items[0].Mine || all.Items[0].Generation != 1 || all.Items[1].Kind != Hybrid || all.Items[1].Generation != 0 {
			t.Errorf("the city sees %+v", all.Items)
		}
		all.Items = nil
		w.do(t, w.li, "GET", path, nil, &all)
		if len(all.Items) != 1 || !all.Items[0].Mine || all.Items[0].PlaceName == "" {
			t.Errorf("the county sees %+v", all.Items)
		}
		w.refused(t, w.viewer, "GET", path, nil, 403, "auth.denied")
		w.refused(t, w.qian, "GET", c.path(), nil, 404, "tipkey.no_channel")
		w.refused(t, w.qian, "GET", c.path()+"/people", nil, 404, "tipkey.no_channel")
		w.refused(t, w.li, "GET", path+"/x", nil, 404, "tipkey.no_channel")
		w.receivers(t, c)
	})
}

// receivers are the offices that tips can be sealed to: the city's has no key yet.
func (w *world) receivers(t *testing.T, c *channel) {
	t.Helper()
	got, err := w.ReceiversAt(t.Context(), w.DB.Read(), []place.Path{town, county, city, province})
	must(t, err)
	if len(got) != 1 || got[0].ID != c.id || got[0].UnitID != w.office.ID || got[0].OfficeName != w.office.Name || got[0].Place != county ||
		got[0].Generation.N != 1 || got[0].Generation.Statement == "" || len(got[0].Holders) != 3 || got[0].Group != w.office.GroupPath {
		t.Errorf("receivers: %+v", got)
	}
	if got, err := w.ReceiversAt(t.Context(), w.DB.Read(), nil); err != nil || len(got) != 0 {
		t.Errorf("receivers nowhere: %v, %v", got, err)
	}
}

// TestNeedsSignIn asks for everything as the public.
func TestNeedsSignIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		for _, path := range []string{"/tip-keys/me", "/tip-keys/channels", "/tip-keys/directory", c.path(), c.path() + "/people",
			c.path() + "/wraps/mine", c.path() + "/recoveries", c.path() + "/recoveries/x/shares"} {
			w.refused(t, nil, "GET", path, nil, 401, "auth.sign_in")
		}
		for _, path := range []string{"/tip-keys/directory", "/tip-keys/directory/wraps/x", c.path() + "/wraps/x", c.path() + "/generations/1"} {
			w.refused(t, nil, "DELETE", path, nil, 401, "auth.sign_in")
		}
	})
}

// TestProof holds that acts with keys, and looking at sealed ones, ask again who it is.
func TestProof(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		r, _ := w.askFor(t, c, w.zhao)
		_, recipient := makeIdentity(t, false)
		next := w.proposal(t, c, w.li, 2, 2, w.zhang, w.li)
		hand := w.handOver(t, c, w.li, w.zhao, 1, 2, w.zhang, w.li, w.wang, w.zhao)
		share := w.reseal(t, c, w.li, r)
		list := w.listOf(c, w.zhang, w.li)
		entries := len(w.kinds(t))
		w.stale[w.li.id] = true
		for _, tt := range []struct {
			method, path string
			body         any
		}{
			{"PUT", "/tip-keys/me", w.li.ownBody(t, 1)}, {"GET", c.path() + "/wraps/mine", nil},
			{"POST", c.path() + "/generations", next}, {"POST", c.path() + "/generations/1/confirm", m{"signature": "x"}},
			{"DELETE", c.path() + "/generations/1", nil}, {"POST", c.path() + "/generations/1/retire", nil}, {"POST", c.path() + "/wraps", hand}, {"DELETE", c.path() + "/wraps/" + w.li.id, nil},
			{"POST", c.path() + "/recoveries", m{"generation": 1, "reason": "口令遗忘", "recipient": recipient}},
			{"POST", c.path() + "/recoveries/" + r.ID + "/shares", share}, {"GET", c.path() + "/recoveries/" + r.ID + "/shares", nil},
			{"POST", "/tip-keys/directory", w.directoryBody(t, &channel{id: c.id})}, {"DELETE", "/tip-keys/directory", nil},
			{"POST", "/tip-keys/directory/confirm", m{"signature": "x"}},
			{"POST", "/tip-keys/directory/signers", m{"list": list, "signature": sign(c.directory, list)}},
			{"POST", "/tip-keys/directory/wraps", m{"channel_id": c.id, "person_id": w.wang.id, "key_id": w.wang.keyID, "wrap": "x"}},
			{"DELETE", "/tip-keys/directory/wraps/" + w.li.id, nil},
		} {
			w.refused(t, w.li, tt.method, tt.path, tt.body, 403, "auth.confirm_needed")
		}
		if n := len(w.kinds(t)); n != entries {
			t.Errorf("%d kinds of entries, were %d", n, entries)
		}
		w.stale[w.li.id] = false
		w.do(t, w.li, "POST", c.path()+"/recoveries/"+r.ID+"/shares", share, nil)
	})
}
