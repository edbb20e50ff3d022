// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"filippo.io/age"

	"anlan/internal/kernel/clock"
	"anlan/internal/tip/keys"
)

// sharesNeeded of the county's three shares give its key back.
const sharesNeeded = 2

// ceremony is where keys are made.
type ceremony struct {
	*keys.Service
	now clock.Clock
}

// holdKeys lets the county's office receive tips: three of its people have keys of their
// own, two of them make the deployment's and the office's.
func (c *life) holdKeys() error {
	return HoldKeys(c.TipKeys, c.Clock.Now, c.staff["juzhang"], c.staff["anban"], c.staff["zhifa"])
}

// HoldKeys lets an office receive tips in a deployment that has no keys yet: people who act
// for it make keys of their own, and the first two of them the deployment's and the office's.
func HoldKeys(service *keys.Service, now clock.Clock, people ...context.Context) error {
	c := ceremony{service, now}
	var holders []*keyholder
	for _, ctx := range people {
		h, err := c.newKeyholder(ctx)
		if err != nil {
			return fmt.Errorf("key of a person: %w", err)
		}
		holders = append(holders, h)
	}
	first := holders[0]
	channel, err := c.OpenChannel(first.ctx, false)
	if err != nil {
		return err
	}
	if err := c.vouch(channel, holders); err != nil {
		return fmt.Errorf("directory: %w", err)
	}
	return c.makeKey(channel, holders)
}

// vouch makes the directory key, by which phones know who may speak for the office.
func (c ceremony) vouch(channel *keys.Channel, holders []*keyholder) error {
	first, second := holders[0], holders[1]
	_, seed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	view, err := c.Directory(first.ctx)
	if err != nil {
		return err
	}
	p := keys.DirectoryProposal{VKey: publicOf(seed), ChannelID: channel.ID, List: signers(view.Origin, channel, holders)}
	p.Signature = signWith(seed, p.List)
	for _, h := range []*keyholder{first, second} {
		s, err := h.sealing(base64.StdEncoding.EncodeToString(seed.Seed()), nil)
		if err != nil {
			return err
		}
		p.Holders = append(p.Holders, s)
	}
	d, err := c.ProposeDirectory(first.ctx, p)
	if err != nil {
		return err
	}
	_, err = c.ConfirmDirectory(second.ctx, signWith(seed, lines("anlan-directory/v1", d.Origin, d.VKey, "confirmed by "+d.Confirmer)))
	return err
}

// signers is the list of who may speak for the office, as the directory key signs it.
func signers(origin string, channel *keys.Channel, holders []*keyholder) string {
	var rows []string
	for _, h := range holders {
		rows = append(rows, h.signer()+" "+channel.ID)
	}
	slices.Sort(rows)
	return lines(append([]string{"anlan-signers/v1", origin}, rows...)...)
}

// makeKey makes the office's key: the first proposes it, the second confirms.
func (c ceremony) makeKey(channel *keys.Channel, holders []*keyholder) error {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	view, err := c.Directory(holders[0].ctx)
	if err != nil {
		return err
	}
	p := keys.Proposal{N: 1, From: c.now(), Recipient: key.Recipient().String(), Threshold: sharesNeeded}
	p.Text = lines("anlan-recipients/v1", view.Origin, channel.ID, channel.OfficeName, "1", string(keys.X25519), p.Recipient,
		"from "+p.From.UTC().Format(time.RFC3339))
	p.Signature = holders[0].sign(p.Text)
	for i, share := range split([]byte(key.String()), len(holders), sharesNeeded) {
		s, err := holders[i].sealing(key.String(), share)
		if err != nil {
			return err
		}
		p.Holders = append(p.Holders, s)
	}
	if _, err := c.Propose(holders[0].ctx, channel.ID, p); err != nil {
		return err
	}
	_, err = c.Confirm(holders[1].ctx, channel.ID, 1, holders[1].sign(p.Text))
	return err
}
