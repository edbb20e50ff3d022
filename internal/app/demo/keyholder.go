// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"anlan/internal/kernel/actor"
	"anlan/internal/tip/keys"
)

// scryptWork is what the pages ask of a phone for a passphrase.
const scryptWork = 15

// keyholder does what the page does in an officer's browser: outside of the demo no
// program of ours ever has the secret halves.
type keyholder struct {
	ctx  context.Context
	own  *age.X25519Identity
	seed ed25519.PrivateKey
	id   string // of the key
}

// newKeyholder makes a person's key, sealed by the password of the demo.
func (c ceremony) newKeyholder(ctx context.Context) (*keyholder, error) {
	by := actor.From(ctx)
	by.Channel = "cli" // there is no session in which they could have proved who they are
	h := &keyholder{ctx: actor.With(ctx, by)}
	var err error
	if h.own, err = age.GenerateX25519Identity(); err != nil {
		return nil, err
	}
	if _, h.seed, err = ed25519.GenerateKey(rand.Reader); err != nil {
		return nil, err
	}
	sealed, err := h.sealOwn()
	if err != nil {
		return nil, err
	}
	k := keys.PersonKey{Recipient: h.own.Recipient().String(), Signer: h.signer(), Sealed: sealed}
	made, err := c.SetMyKey(h.ctx, k, h.sign(lines("anlan-person-key/v1", h.person(), k.Recipient, k.Signer)))
	if err != nil {
		return nil, err
	}
	h.id = made.ID
	return h, nil
}

func (h *keyholder) person() string { return actor.From(h.ctx).ID }

func (h *keyholder) signer() string { return publicOf(h.seed) }

func (h *keyholder) sign(text string) string { return signWith(h.seed, text) }

func (h *keyholder) sealOwn() (string, error) {
	byPassword, err := age.NewScryptRecipient(Password)
	if err != nil {
		return "", err
	}
	byPassword.SetWorkFactor(scryptWork)
	both, err := json.Marshal(map[string]string{"age": h.own.String(), "sign": base64.StdEncoding.EncodeToString(h.seed.Seed())})
	if err != nil {
		return "", err
	}
	return armored(string(both), byPassword)
}

// sealing gives h a key and a share of it.
func (h *keyholder) sealing(key string, share []byte) (keys.Sealing, error) {
	s := keys.Sealing{PersonID: h.person(), KeyID: h.id}
	var err error
	if s.Wrap, err = armored(key, h.own.Recipient()); err != nil || share == nil {
		return s, err
	}
	s.Share, err = armored(base64.StdEncoding.EncodeToString(share), h.own.Recipient())
	return s, err
}

func publicOf(seed ed25519.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(seed.Public().(ed25519.PublicKey))
}

func signWith(seed ed25519.PrivateKey, text string) string {
	return base64.StdEncoding.EncodeToString(ed25519.Sign(seed, []byte(text)))
}

func lines(all ...string) string { return strings.Join(all, "\n") + "\n" }

// sealed returns an age file that to can open.
func sealed(plain []byte, to ...age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

func armored(text string, to ...age.Recipient) (string, error) {
	raw, err := sealed([]byte(text), to...)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	w := armor.NewWriter(&out)
	if _, err := io.Copy(w, bytes.NewReader(raw)); err != nil {
		return "", err
	}
	err = w.Close()
	return out.String(), err
}

// split cuts a secret into n shares, k of which give it back: Shamir's scheme over
// GF(256), byte for byte as the pages' library has it, the last byte of a share its x.
func split(secret []byte, n, k int) [][]byte {
	shares := make([][]byte, n)
	for i := range shares {
		shares[i] = make([]byte, len(secret)+1)
		shares[i][len(secret)] = byte(i + 1)
	}
	poly := make([]byte, k)
	for at, s := range secret {
		rand.Read(poly)
		poly[0] = s
		for i := range shares {
			var y byte
			for j := k - 1; j >= 0; j-- {
				y = times(y, byte(i+1)) ^ poly[j]
			}
			shares[i][at] = y
		}
	}
	return shares
}

// times multiplies in GF(256) with the polynomial of AES.
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
