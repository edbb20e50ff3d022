// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// officer is somebody at a browser: only here the secret halves are known.
type officer struct {
	id    string
	own   *age.X25519Identity
	seed  ed25519.PrivateKey
	keyID string // as the server knows it
}

func newOfficer(t testing.TB, id string) *officer {
	o := &officer{id: id}
	o.makeKey(t)
	return o
}

func (o *officer) makeKey(t testing.TB) {
	var err error
	o.own, err = age.GenerateX25519Identity()
	must(t, err)
	_, o.seed, err = ed25519.GenerateKey(rand.Reader)
	must(t, err)
}

func (o *officer) signer() string { return publicOf(o.seed) }

func publicOf(seed ed25519.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(seed.Public().(ed25519.PublicKey))
}

func sign(seed ed25519.PrivateKey, text string) string {
	return base64.StdEncoding.EncodeToString(ed25519.Sign(seed, []byte(text)))
}

func (o *officer) sign(text string) string { return sign(o.seed, text) }

// secrets are all texts by which a secret half could lie somewhere.
func (o *officer) secrets() []string {
	return []string{o.own.String(), base64.StdEncoding.EncodeToString(o.seed.Seed()), base64.StdEncoding.EncodeToString(o.seed)}
}

func sealTo(t testing.TB, text string, to ...age.Recipient) string {
	t.Helper()
	var out bytes.Buffer
	a := armor.NewWriter(&out)
	w, err := age.Encrypt(a, to...)
	must(t, err)
	_, err = io.WriteString(w, text)
	must(t, err)
	must(t, w.Close())
	must(t, a.Close())
	return out.String()
}

func openSealed(t testing.TB, sealed string, by age.Identity) string {
	t.Helper()
	r, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), by)
	must(t, err)
	b, err := io.ReadAll(r)
	must(t, err)
	return string(b)
}

const passphrase = "长长的口令-2026"

// sealOwn seals the officer's key by a passphrase.
func (o *officer) sealOwn(t testing.TB, pass string) string {
	t.Helper()
	r, err := age.NewScryptRecipient(pass)
	must(t, err)
	r.SetWorkFactor(8)
	b, err := json.Marshal(m{"age": o.own.String(), "sign": base64.StdEncoding.EncodeToString(o.seed.Seed())})
	must(t, err)
	return sealTo(t, string(b), r)
}

func (o *officer) ownBody(t testing.TB, version int) m {
	recipient := o.own.Recipient().String()
	return m{"recipient": recipient, "signer": o.signer(), "sealed": o.sealOwn(t, passphrase), "version": version,
		"proof": o.sign(ownKeyText(o.id, recipient, o.signer()))}
}

// enrol gives the officer's key to the server.
func (w *world) enrol(t testing.TB, o *officer, version int) {
	t.Helper()
	var k ownKeyView
	w.do(t, o, "PUT", "/tip-keys/me", o.ownBody(t, version), &k)
	o.keyID = k.ID
}

// channel is a county's channel as its holders' browsers know it.
type channel struct {
	id        string
	directory ed25519.PrivateKey
	keys      map[int]string // identities by generation
}

func (c *channel) path() string { return "/tip-keys/channels/" + c.id }

// prepare opens the county's channel: everybody has a key and stands on the list of a
// directory key that zhang and li hold.
func (w *world) prepare(t testing.TB, hybrid bool) *channel {
	t.Helper()
	for _, o := range []*officer{w.zhang, w.li, w.wang, w.zhao} {
		w.enrol(t, o, 0)
	}
	var v channelView
	w.do(t, w.zhang, "POST", "/tip-keys/channels", m{"hybrid": hybrid}, &v)
	c := &channel{id: v.ID, keys: map[int]string{}}
	w.do(t, w.zhang, "POST", "/tip-keys/directory", w.directoryBody(t, c), nil)
	var d directoryView
	w.do(t, w.li, "GET", "/tip-keys/directory", nil, &d)
	opened := openSealed(t, d.MyWrap, w.li.own)
	if opened != base64.StdEncoding.EncodeToString(c.directory.Seed()) {
		t.Fatal("li's wrap holds another directory key")
	}
	w.do(t, w.li, "POST", "/tip-keys/directory/confirm", m{"signature": sign(c.directory, d.ToConfirm)}, nil)
	return c
}

func (w *world) listOf(c *channel, all ...*officer) string {
	var signers []Signer
	for _, o := range all {
		signers = append(signers, Signer{o.signer(), c.id})
	}
	return signersText("anlan.example", signers)
}

// directoryBody makes a directory key for zhang and li.
func (w *world) directoryBody(t testing.TB, c *channel) m {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	c.directory = key
	seed := base64.StdEncoding.EncodeToString(key.Seed())
	list := w.listOf(c, w.zhang, w.li, w.wang)
	wrap := func(o *officer) m {
		return m{"person_id": o.id, "key_id": o.keyID, "wrap": sealTo(t, seed, o.own.Recipient())}
	}
	return m{"vkey": publicOf(key), "channel_id": c.id, "list": list, "signature": sign(key, list), "holders": []m{wrap(w.zhang), wrap(w.li)}}
}

// identity is a key of either kind.
type identity interface {
	age.Identity
	fmt.Stringer
}

func makeIdentity(t testing.TB, hybrid bool) (identity, string) {
	t.Helper()
	if hybrid {
		i, err := age.GenerateHybridIdentity()
		must(t, err)
		return i, i.Recipient().String()
	}
	i, err := age.GenerateX25519Identity()
	must(t, err)
	return i, i.Recipient().String()
}

func readIdentity(t testing.TB, text string) age.Identity {
	t.Helper()
	all, err := age.ParseIdentities(strings.NewReader(text))
	must(t, err)
	return all[0]
}

// proposal is the body of a new key that maker's browser made for holders, k of whom can
// recover it.
func (w *world) proposal(t testing.TB, c *channel, maker *officer, n, k int, holders ...*officer) m {
	t.Helper()
	var v keyedView
	w.do(t, maker, "GET", c.path(), nil, &v)
	key, recipient := makeIdentity(t, v.Kind == Hybrid)
	c.keys[n] = key.String()
	text := lines("anlan-recipients/v1", v.Origin, v.ID, v.OfficeName, fmt.Sprint(n), string(v.Kind), recipient, "from "+v.Now.Format(time.RFC3339))
	return m{"generation": n, "from": v.Now, "recipient": recipient, "statement": text, "signature": maker.sign(text), "threshold": k,
		"holders": sealings(t, key.String(), k, true, holders...)}
}

// sealings splits a key among holders.
func sealings(t testing.TB, key string, k int, wraps bool, holders ...*officer) []m {
	out := make([]m, len(holders))
	for i, share := range split(t, []byte(key), len(holders), k) {
		o := holders[i]
		out[i] = m{"person_id": o.id, "key_id": o.keyID, "share": sealTo(t, base64.StdEncoding.EncodeToString(share), o.own.Recipient())}
		if wraps {
			out[i]["wrap"] = sealTo(t, key, o.own.Recipient())
		}
	}
	return out
}

// confirm opens the pending key in second's browser, compares and signs it.
func (w *world) confirm(t testing.TB, c *channel, second *officer, n int) {
	t.Helper()
	mine := w.mine(t, c, second, n)
	if mine == nil {
		t.Fatal("the second person was given nothing")
	}
	if key := openSealed(t, mine.Wrap, second.own); key != c.keys[n] {
		t.Fatal("the wrap holds another key")
	}
	var v keyedView
	w.do(t, second, "GET", c.path(), nil, &v)
	text := v.Generations[0].Text
	w.do(t, second, "POST", fmt.Sprintf("%s/generations/%d/confirm", c.path(), n), m{"signature": second.sign(text)}, nil)
}

// mine returns what o is shown of generation n, or nil.
func (w *world) mine(t testing.TB, c *channel, o *officer, n int) *mineView {
	t.Helper()
	var got itemsView[mineView]
	w.do(t, o, "GET", c.path()+"/wraps/mine", nil, &got)
	i := slices.IndexFunc(got.Items, func(v mineView) bool { return v.Generation == n })
	if i < 0 {
		return nil
	}
	return &got.Items[i]
}

// ready returns a channel whose first key zhang made, li confirmed and wang holds too; two
// of three shares give it back.
func (w *world) ready(t testing.TB) *channel {
	t.Helper()
	c := w.prepare(t, false)
	w.do(t, w.zhang, "POST", c.path()+"/generations", w.proposal(t, c, w.zhang, 1, 2, w.zhang, w.li, w.wang), nil)
	w.confirm(t, c, w.li, 1)
	return c
}

// split and join are Shamir's scheme over GF(256), the last byte of a share its x.
func split(t testing.TB, secret []byte, n, k int) [][]byte {
	shares := make([][]byte, n)
	for i := range shares {
		shares[i] = append(make([]byte, len(secret)), byte(i+1))
	}
	for at, s := range secret {
		poly := make([]byte, k)
		rand.Read(poly)
		poly[0] = s
		for i := range shares {
			var y byte
			for _, a := range slices.Backward(poly) {
				y = times(y, byte(i+1)) ^ a
			}
			shares[i][at] = y
		}
	}
	return shares
}

func join(shares [][]byte) []byte {
	size := len(shares[0]) - 1
	out := make([]byte, size)
	for i, s := range shares {
		l := byte(1)
		for j, o := range shares {
			if i != j {
				l = times(l, times(o[size], inverse(o[size]^s[size])))
			}
		}
		for at := range out {
			out[at] ^= times(l, s[at])
		}
	}
	return out
}

func times(a, b byte) (p byte) {
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			p ^= a
		}
		carry := a >> 7
		a = a<<1 ^ carry*0x1b
	}
	return p
}

func inverse(a byte) byte {
	for b := range 256 {
		if times(a, byte(b)) == 1 {
			return byte(b)
		}
	}
	return 0
}
