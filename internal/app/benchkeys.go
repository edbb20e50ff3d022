// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/org"
	tipkeys "anlan/internal/tip/keys"
)

// benchHolder is an officer who holds the key of the measured office, with what only the
// officer's browser would know.
type benchHolder struct {
	ctx   context.Context
	id    string
	own   *age.X25519Identity
	sign  ed25519.PrivateKey
	keyID string
}

// Tips makes the county, lets two people of its office make a key for tips, and returns one
// of its towns.
func (s benchSeeder) Tips(ctx context.Context, data, dsn string) (string, error) {
	w, err := s.open(ctx, data, dsn)
	if err != nil {
		return "", err
	}
	return string(w.towns[0]), errors.Join(w.openChannel(), w.Close())
}

// TipCount counts the tips, and the leaves of tips that the log has or will have.
func (benchSeeder) TipCount(ctx context.Context, data, dsn string) (tips, leaves int, err error) {
	a, err := Open(ctx, Storage{Data: data, DB: dsn}, "", clock.System)
	if err != nil {
		return 0, 0, err
	}
	const counts = `SELECT (SELECT count(*) FROM tip_tip), (SELECT count(*) FROM transparency_pending WHERE kind = 'received') +
		(SELECT count(*) FROM transparency_entry WHERE kind = 'received')`
	err = a.DB.SQL().QueryRowContext(ctx, counts).Scan(&tips, &leaves)
	return tips, leaves, errors.Join(err, a.Close())
}

// openChannel does what two officers do in their browsers at the first ceremony.
func (w *benchWorld) openChannel() error {
	maker, err := w.holder(w.clerk)
	if err != nil {
		return err
	}
	person := &org.Person{Name: "周平"}
	if err := w.Org.AddPerson(w.ctx, person, org.Membership{UnitID: w.office, Main: true}); err != nil {
		return err
	}
	if err := w.Org.GrantRole(w.ctx, &org.Grant{PersonID: person.ID, UnitID: w.office, Role: "office_leader"}); err != nil {
		return err
	}
	second, err := w.holder(person.ID)
	if err != nil {
		return err
	}
	c, err := w.TipKeys.OpenChannel(maker.ctx, false)
	if err != nil {
		return err
	}
	return errors.Join(w.makeDirectory(c, maker, second), w.makeKey(c, maker, second))
}

// holder gives a person a key of their own.
func (w *benchWorld) holder(personID string) (*benchHolder, error) {
	by, err := w.Org.ActorOf(w.ctx, personID, "")
	if err != nil {
		return nil, err
	}
	h := &benchHolder{ctx: actor.With(w.ctx, by), id: personID}
	if h.own, err = age.GenerateX25519Identity(); err != nil {
		return nil, err
	}
	if _, h.sign, err = ed25519.GenerateKey(rand.Reader); err != nil {
		return nil, err
	}
	pass, err := age.NewScryptRecipient(rand.Text())
	if err != nil {
		return nil, err
	}
	sealed, err := armored(h.own.String(), pass)
	if err != nil {
		return nil, err
	}
	k := tipkeys.PersonKey{Recipient: h.own.Recipient().String(), Signer: h.signer(), Sealed: sealed}
	proof := h.signed(signedLines("anlan-person-key/v1", h.id, k.Recipient, k.Signer))
	made, err := w.TipKeys.SetMyKey(h.ctx, k, proof)
	if err == nil {
		h.keyID = made.ID
	}
	return h, err
}

func (h *benchHolder) signer() string { return publicKey(h.sign) }

func publicKey(k ed25519.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(k.Public().(ed25519.PublicKey))
}

func (h *benchHolder) signed(text string) string { return signature(h.sign, text) }

func signature(k ed25519.PrivateKey, text string) string {
	return base64.StdEncoding.EncodeToString(ed25519.Sign(k, []byte(text)))
}

// signedLines writes a text that people sign.
func signedLines(lines ...string) string { return strings.Join(lines, "\n") + "\n" }

// armored seals a text for one recipient, as text.
func armored(text string, to age.Recipient) (string, error) {
	var out bytes.Buffer
	a := armor.NewWriter(&out)
	w, err := age.Encrypt(a, to)
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(w, text); err != nil {
		return "", err
	}
	err = errors.Join(w.Close(), a.Close())
	return out.String(), err
}

// sealing gives a holder a key, and in the place of a share the key again: nothing that is
// measured recovers one.
func (h *benchHolder) sealing(key string) (tipkeys.Sealing, error) {
	sealed, err := armored(key, h.own.Recipient())
	return tipkeys.Sealing{PersonID: h.id, KeyID: h.keyID, Wrap: sealed, Share: sealed}, err
}

func (w *benchWorld) makeDirectory(c *tipkeys.Channel, maker, second *benchHolder) error {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	seed := base64.StdEncoding.EncodeToString(key.Seed())
	mine, err := maker.sealing(seed)
	theirs, errTheirs := second.sealing(seed)
	if err := errors.Join(err, errTheirs); err != nil {
		return err
	}
	origin := w.TipKeys.Origin
	rows := []string{maker.signer() + " " + c.ID, second.signer() + " " + c.ID}
	if rows[0] > rows[1] {
		rows[0], rows[1] = rows[1], rows[0]
	}
	list := signedLines(append([]string{"anlan-signers/v1", origin}, rows...)...)
	d, err := w.TipKeys.ProposeDirectory(maker.ctx, tipkeys.DirectoryProposal{VKey: publicKey(key), ChannelID: c.ID,
		Holders: []tipkeys.Sealing{mine, theirs}, List: list, Signature: signature(key, list)})
	if err != nil {
		return err
	}
	_, err = w.TipKeys.ConfirmDirectory(second.ctx, signature(key, signedLines("anlan-directory/v1", origin, d.VKey, "confirmed by "+second.id)))
	return err
}

func (w *benchWorld) makeKey(c *tipkeys.Channel, maker, second *benchHolder) error {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	mine, err := maker.sealing(key.String())
	theirs, errTheirs := second.sealing(key.String())
	if err := errors.Join(err, errTheirs); err != nil {
		return err
	}
	from, to := w.Now().Truncate(time.Second), key.Recipient().String()
	text := signedLines("anlan-recipients/v1", w.TipKeys.Origin, c.ID, c.OfficeName, fmt.Sprint(1), string(tipkeys.X25519), to, "from "+from.Format(time.RFC3339))
	if _, err := w.TipKeys.Propose(maker.ctx, c.ID, tipkeys.Proposal{N: 1, From: from, Recipient: to, Text: text, Signature: maker.signed(text),
		Threshold: 2, Holders: []tipkeys.Sealing{mine, theirs}}); err != nil {
		return err
	}
	_, err = w.TipKeys.Confirm(second.ctx, c.ID, 1, second.signed(text))
	return err
}
