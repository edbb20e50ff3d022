// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
)

// TestCeremony makes a key as two browsers would, seals to what is published as a phone
// would, and then looks for the secrets in every row of the database.
func TestCeremony(t *testing.T) {
	for _, hybrid := range []bool{false, true} {
		t.Run(fmt.Sprintf("hybrid=%t", hybrid), func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				c := w.prepare(t, hybrid)
				w.do(t, w.zhang, "POST", c.path()+"/generations", w.proposal(t, c, w.zhang, 1, 2, w.zhang, w.li, w.wang), nil)
				if _, err := w.Current(t.Context(), w.DB.Read(), c.id); err == nil {
					t.Error("a key of one person is current")
				}
				w.confirm(t, c, w.li, 1)
				to := w.trusted(t, c, hybrid)
				envelope := sealTo(t, "举报内容的密钥", to)
				key := openSealed(t, w.mine(t, c, w.wang, 1).Wrap, w.wang.own)
				if got := openSealed(t, envelope, readIdentity(t, key)); got != "举报内容的密钥" {
					t.Errorf("opened %q", got)
				}
				secrets := []string{c.keys[1], base64.StdEncoding.EncodeToString(c.directory.Seed()), passphrase}
				for _, o := range []*officer{w.zhang, w.li, w.wang, w.zhao} {
					secrets = append(secrets, o.secrets()...)
				}
				w.searchRows(t, c, secrets)
			})
		})
	}
}

// trusted returns the recipient that a phone believes: what two listed signers of the
// channel signed, in a list that the directory key signed.
func (w *world) trusted(t *testing.T, c *channel, hybrid bool) age.Recipient {
	t.Helper()
	directory, vouched, err := w.Trust(t.Context(), w.DB.Read())
	must(t, err)
	statements, err := w.Statements(t.Context(), w.DB.Read())
	must(t, err)
	if directory != publicOf(c.directory) || len(statements) != 1 {
		t.Fatalf("published: %s, %q", directory, statements)
	}
	list, by := unsign(t, vouched)
	if len(by) != 1 || by[0] != directory {
		t.Fatalf("the list is signed by %v", by)
	}
	text, signers := unsign(t, statements[0])
	if len(signers) != 2 || signers[0] == signers[1] {
		t.Fatalf("the statement is signed by %v", signers)
	}
	for _, s := range signers {
		if !strings.Contains(list, s+" "+c.id+"\n") {
			t.Errorf("%s is not on the list", s)
		}
	}
	lines := strings.Split(text, "\n")
	if lines[0] != "anlan-recipients/v1" || lines[1] != "anlan.example" || lines[2] != c.id || lines[3] != "示范县应急管理局" || lines[4] != "1" {
		t.Errorf("the statement says %q", lines)
	}
	all, err := age.ParseRecipients(strings.NewReader(lines[6]))
	must(t, err)
	if _, is := all[0].(*age.HybridRecipient); is != hybrid || (lines[5] == "hybrid") != hybrid {
		t.Errorf("the recipient is a %T, said to be %s", all[0], lines[5])
	}
	return all[0]
}

// unsign returns a text and those whose signatures of it hold.
func unsign(t *testing.T, signed string) (string, []string) {
	t.Helper()
	text, rest, _ := strings.Cut(signed, "\n\n")
	var by []string
	for line := range strings.Lines(rest) {
		parts := strings.Fields(line)
		if !verifies(text+"\n", parts[1], parts[2]) {
			t.Errorf("%s has not signed this", parts[1])
		}
		by = append(by, parts[1])
	}
	return text + "\n", by
}

// searchRows looks for secrets in every row of every table. It must find what is no secret.
func (w *world) searchRows(t *testing.T, c *channel, secrets []string) {
	t.Helper()
	var dump strings.Builder
	for _, table := range w.tables(t) {
		rows, err := w.DB.SQL().QueryContext(t.Context(), `SELECT * FROM "`+table+`"`)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		for rows.Next() {
			values, at := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				at[i] = &values[i]
			}
			must(t, rows.Scan(at...))
			for _, v := range values {
				if b, ok := v.([]byte); ok {
					v = string(b)
				}
				fmt.Fprintln(&dump, v)
			}
		}
		must(t, rows.Err())
		rows.Close()
	}
	all := dump.String()
	for _, shown := range []string{c.id, w.zhang.signer(), w.zhang.own.Recipient().String(), publicOf(c.directory), "BEGIN AGE ENCRYPTED FILE"} {
		if !strings.Contains(all, shown) {
			t.Errorf("the search does not even find %q", shown)
		}
	}
	for _, s := range secrets {
		if strings.Contains(all, s) || strings.Contains(strings.ToLower(all), strings.ToLower(s)) {
			t.Errorf("the database holds a secret: %q", s)
		}
	}
	if strings.Contains(all, "AGE-SECRET-KEY-") {
		t.Error("the database holds an age identity")
	}
}

func (w *world) tables(t *testing.T) (all []string) {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'`
	if w.DB.Pool() != nil {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	must(t, w.DB.Read().NewRaw(query).Scan(t.Context(), &all))
	if len(all) < 10 {
		t.Fatalf("only %d tables", len(all))
	}
	return all
}

// TestProposalRefusals spoils one thing of a proposal that is good otherwise.
func TestProposalRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.prepare(t, false)
		w.enrol(t, w.qian, 0)
		path := c.path() + "/generations"
		holders := func(all ...m) func(m) { return func(b m) { b["holders"] = all } }
		wrap := func(o *officer) m {
			text := sealTo(t, "x", o.own.Recipient())
			return m{"person_id": o.id, "key_id": o.keyID, "wrap": text, "share": text}
		}
		with := func(field string, value any) func(m) {
			return func(b m) { b["holders"].([]m)[1][field] = value }
		}
		resign := func(old, new string) func(m) {
			return func(b m) {
				text := strings.Replace(b["statement"].(string), old, new, 1)
				b["statement"], b["signature"] = text, w.zhang.sign(text)
			}
		}
		for _, tt := range []struct {
			name  string
			spoil func(m)
			code  int
			key   string
		}{
			{"another origin", resign("anlan.example", "evil.example"), 422, "tipkey.statement_differs"},
			{"another channel", resign(c.id, w.IDs.New()), 422, "tipkey.statement_differs"},
			{"another office", resign("示范县", "示范市"), 422, "tipkey.statement_differs"},
			{"another time", resign("from 2026", "from 2027"), 422, "tipkey.statement_differs"},
			{"one line more", func(b m) { resign("\nfrom", "\nmore\nfrom")(b) }, 422, "tipkey.statement_differs"},
			{"of next year", func(b m) { b["from"] = testTime.AddDate(1, 0, 0) }, 422, "tipkey.bad_from"},
			{"of an hour ago", func(b m) { b["from"] = testTime.Add(-time.Hour) }, 422, "tipkey.bad_from"},
			{"signed by another", func(b m) { b["signature"] = w.li.sign(b["statement"].(string)) }, 422, "tipkey.bad_signature"},
			{"signed otherwise", func(b m) { b["signature"] = w.zhang.sign("x") }, 422, "tipkey.bad_signature"},
			{"no signature", func(b m) { b["signature"] = "" }, 422, "tipkey.bad_signature"},
			{"another number", func(b m) { b["generation"] = 2 }, 409, "tipkey.stale_generation"},
			{"no recipient", func(b m) { b["recipient"] = "age1" }, 422, "tipkey.bad_recipient"},
			{"a person's recipient", func(b m) { b["recipient"] = w.li.own.Recipient().String() }, 409, "tipkey.recipient_used"},
			{"a hybrid recipient", func(b m) { _, b["recipient"] = makeIdentity(t, true) }, 422, "tipkey.bad_recipient"},
			{"one share is enough", func(b m) { b["threshold"] = 1 }, 422, "field.out_of_range"},
			{"more shares than there are", func(b m) { b["threshold"] = 4 }, 422, "tipkey.bad_threshold"},
			{"one holder", holders(wrap(w.zhang)), 422, "field.too_few"},
			{"a holder twice", holders(wrap(w.zhang), wrap(w.zhang)), 422, "tipkey.holder_twice"},
			{"without the maker", holders(wrap(w.li), wrap(w.wang)), 422, "tipkey.maker_holds"},
			{"a holder without power", with("person_id", w.viewer.id), 422, "tipkey.may_not_hold"},
			{"a holder of the office above", func(b m) { b["holders"].([]m)[1] = wrap(w.qian) }, 422, "tipkey.may_not_hold"},
			{"a holder who is nobody", with("person_id", "x"), 422, "tipkey.may_not_hold"},
			{"sealed to another's key", with("key_id", w.zhao.keyID), 422, "tipkey.not_their_key"},
			{"a wrap in plain text", with("wrap", "AGE-SECRET-KEY-1"), 422, "tipkey.not_sealed"},
			{"no wrap", with("wrap", ""), 422, "tipkey.not_sealed"},
			{"no share", with("share", ""), 422, "tipkey.not_sealed"},
			{"an empty wrap", with("wrap", sealTo(t, "", w.li.own.Recipient())), 422, "tipkey.not_sealed"},
			{"a wrap by a passphrase", with("wrap", w.li.sealOwn(t, passphrase)), 422, "tipkey.not_sealed"},
			{"a wrap for two", with("wrap", sealTo(t, "x", w.li.own.Recipient(), w.zhao.own.Recipient())), 422, "tipkey.not_sealed"},
		} {
			b := w.proposal(t, c, w.zhang, 1, 2, w.zhang, w.li, w.wang)
			tt.spoil(b)
			t.Log(tt.name)
			w.refused(t, w.zhang, "POST", path, b, tt.code, tt.key)
		}
		w.refused(t, w.zhao, "POST", path, w.proposal(t, c, w.zhao, 1, 2, w.zhao, w.li), 409, "tipkey.not_listed")
		good := w.proposal(t, c, w.zhang, 1, 2, w.zhang, w.li)
		w.refused(t, w.viewer, "POST", path, good, 404, "tipkey.no_channel")
		w.refused(t, w.qian, "POST", path, good, 404, "tipkey.no_channel")
		w.refused(t, nil, "POST", path, good, 401, "auth.sign_in")
		w.do(t, w.zhang, "POST", path, good, nil)
		w.refused(t, w.li, "POST", path, w.proposal(t, c, w.li, 2, 2, w.zhang, w.li), 409, "tipkey.ceremony_open")
	})
}

// TestConfirmRefusals tries who and what may not end a ceremony.
func TestConfirmRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.prepare(t, false)
		b := w.proposal(t, c, w.zhang, 1, 2, w.zhang, w.li, w.zhao)
		w.do(t, w.zhang, "POST", c.path()+"/generations", b, nil)
		text := b["statement"].(string)
		path := c.path() + "/generations/1/confirm"
		w.refused(t, w.zhang, "POST", path, m{"signature": w.zhang.sign(text)}, 403, "tipkey.same_person")
		w.refused(t, w.wang, "POST", path, m{"signature": w.wang.sign(text)}, 403, "tipkey.not_holder")
		w.refused(t, w.zhao, "POST", path, m{"signature": w.zhao.sign(text)}, 409, "tipkey.not_listed")
		w.refused(t, w.viewer, "POST", path, m{"signature": w.viewer.sign(text)}, 404, "tipkey.no_channel")
		w.refused(t, w.qian, "POST", path, m{"signature": w.qian.sign(text)}, 404, "tipkey.no_channel")
		w.refused(t, nil, "POST", path, m{"signature": w.li.sign(text)}, 401, "auth.sign_in")
		w.refused(t, w.li, "POST", path, m{"signature": b["signature"]}, 422, "tipkey.bad_signature")
		w.refused(t, w.li, "POST", path, m{"signature": w.li.sign(text + "x")}, 422, "tipkey.bad_signature")
		w.refused(t, w.li, "POST", c.path()+"/generations/2/confirm", m{"signature": w.li.sign(text)}, 404, "tipkey.no_generation")
		w.clock.Advance(CeremonyLife)
		w.refused(t, w.li, "POST", path, m{"signature": w.li.sign(text)}, 409, "tipkey.ceremony_expired")
		if w.mine(t, c, w.li, 1) != nil {
			t.Error("a key that was never confirmed is shown")
		}

		b = w.proposal(t, c, w.zhang, 2, 2, w.zhang, w.li) // drops the expired one
		w.do(t, w.zhang, "POST", c.path()+"/generations", b, nil)
		text = b["statement"].(string)
		path = c.path() + "/generations/2/confirm"
		w.zhang.makeKey(t)
		w.enrol(t, w.zhang, 1)
		w.refused(t, w.li, "POST", path, m{"signature": w.li.sign(text)}, 409, "tipkey.maker_left")
		w.refused(t, w.viewer, "DELETE", c.path()+"/generations/2", nil, 404, "tipkey.no_channel")
		w.do(t, w.li, "DELETE", c.path()+"/generations/2", nil, nil)
		w.refused(t, w.li, "POST", path, m{"signature": w.li.sign(text)}, 409, "tipkey.stale_generation")
		w.refused(t, w.li, "DELETE", c.path()+"/generations/2", nil, 409, "tipkey.stale_generation")
		if k := w.kinds(t); k["tipkey.generation_dropped.v1"] != 2 || k["tipkey.generation_confirmed.v1"] != 0 {
			t.Errorf("entries: %v", k)
		}
	})
}

// TestRotation keeps the old key good for what is sealed to it, until nothing is.
func TestRotation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.ready(t)
		b := w.proposal(t, c, w.li, 2, 2, w.li, w.wang)
		w.do(t, w.li, "POST", c.path()+"/generations", b, nil)
		if g, err := w.Current(t.Context(), w.DB.Read(), c.id); err != nil || g.N != 1 {
			t.Errorf("a key of one person is current: %+v, %v", g, err)
		}
		w.confirm(t, c, w.wang, 2)
		g, err := w.Current(t.Context(), w.DB.Read(), c.id)
		if err != nil || g.N != 2 || !strings.HasPrefix(g.Statement, g.Text+"\nsig "+w.li.signer()) {
			t.Errorf("current: %+v, %v", g, err)
		}
		w.refused(t, w.li, "POST", c.path()+"/generations/1/confirm", m{"signature": w.li.sign(g.Text)}, 409, "tipkey.stale_generation")
		w.refused(t, w.li, "POST", c.path()+"/generations/2/confirm", m{"signature": w.li.sign(g.Text)}, 409, "tipkey.stale_generation")
		may := func(o *officer, n int) bool {
			a, err := w.Org.ActorOf(t.Context(), o.id, "")
			must(t, err)
			return w.MayOpen(t.Context(), a, c.id, n)
		}
		if !may(w.zhang, 1) || may(w.zhang, 2) || !may(w.wang, 2) || may(w.zhao, 1) || may(w.qian, 1) || may(w.zhang, 3) {
			t.Error("others may open than hold the keys")
		}
		if openSealed(t, w.mine(t, c, w.zhang, 1).Wrap, w.zhang.own) != c.keys[1] {
			t.Error("the old key is gone")
		}
		w.retire(t, c)
		if w.mine(t, c, w.zhang, 1) != nil || may(w.zhang, 1) {
			t.Error("a retired key is shown")
		}
	})
}

// retire ends the former key, once nothing is sealed to it; the current one cannot be ended.
func (w *world) retire(t *testing.T, c *channel) {
	t.Helper()
	path := c.path() + "/generations"
	w.sealed = 3
	w.refused(t, w.li, "POST", path+"/1/retire", nil, 409, "tipkey.still_sealed")
	var v keyedView
	w.do(t, w.li, "GET", c.path(), nil, &v)
	if v.Generations[1].Sealed != 3 || v.Generations[1].State != Former {
		t.Errorf("the former key: %+v", v.Generations[1])
	}
	w.sealed = 0
	w.refused(t, w.li, "POST", path+"/2/retire", nil, 409, "tipkey.stale_generation")
	w.refused(t, w.viewer, "POST", path+"/1/retire", nil, 404, "tipkey.no_channel")
	w.refused(t, w.qian, "POST", path+"/1/retire", nil, 404, "tipkey.no_channel")
	w.refused(t, nil, "POST", path+"/1/retire", nil, 401, "auth.sign_in")
	w.do(t, w.li, "POST", path+"/1/retire", nil, nil)
	w.refused(t, w.li, "POST", path+"/1/retire", nil, 409, "tipkey.stale_generation")
	if n := w.kinds(t)["tipkey.generation_retired.v1"]; n != 1 {
		t.Errorf("%d entries of retiring", n)
	}
}
