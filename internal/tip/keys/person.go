// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"crypto/ed25519"
	"slices"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// MyKeys returns the actor's own keys, the current one first, then former ones: what is
// sealed to a former key opens with it. None when the actor has made none.
func (s *Service) MyKeys(ctx context.Context) ([]PersonKey, error) {
	if err := anywhere(ctx); err != nil {
		return nil, err
	}
	return personKeys(ctx, s.DB.Read(), actor.From(ctx).ID)
}

// SetMyKey enters a key that the actor's browser made, or the same one under another
// passphrase. Proof is its signature under who, recipient and signer. A new key replaces
// the old one, to which everything stays sealed until another holder seals it anew.
func (s *Service) SetMyKey(ctx context.Context, k PersonKey, proof string) (*PersonKey, error) {
	if err := anywhere(ctx); err != nil {
		return nil, err
	}
	k.PersonID = actor.From(ctx).ID
	if err := checkPersonKey(&k, proof); err != nil {
		return nil, err
	}
	return changeV(ctx, s, func(ctx context.Context, tx db.Tx) (*PersonKey, error) {
		all, err := personKeys(ctx, tx, k.PersonID)
		if err != nil {
			return nil, err
		}
		renewed, err := s.putPersonKey(ctx, tx, current(all), &k)
		if err != nil {
			return nil, err
		}
		office, err := s.Org.UnitTx(ctx, tx, actor.From(ctx).Unit)
		if err != nil {
			return nil, err
		}
		return &k, s.Ledger.Record(ctx, tx, at(kindPersonKey.Entry(personKeyFacts{Renewed: renewed}), "person:"+k.PersonID, office))
	})
}

// putPersonKey writes k over old, which is nil for the first, and reports whether it is
// another key.
func (s *Service) putPersonKey(ctx context.Context, tx db.Tx, old, k *PersonKey) (bool, error) {
	version := 0
	if old != nil {
		version = old.Version
	}
	if k.Version != version {
		return false, errs.New(errs.Conflict, "tipkey.changed")
	}
	k.Version++
	if old != nil && old.Recipient == k.Recipient && old.Signer == k.Signer {
		k.ID, k.Made = old.ID, old.Made
		return false, resealPersonKey(ctx, tx, k)
	}
	k.ID, k.Made = s.IDs.New(), s.Now()
	if old != nil {
		if err := replacePersonKey(ctx, tx, old.ID, k.Made); err != nil {
			return false, err
		}
	}
	return true, insertPersonKey(ctx, tx, k)
}

func current(all []PersonKey) *PersonKey {
	if len(all) > 0 && all[0].Replaced.IsZero() {
		return &all[0]
	}
	return nil
}

func checkPersonKey(k *PersonKey, proof string) error {
	if kindOf(k.Recipient) != X25519 {
		return errs.InvalidFields(errs.At("recipient", "tipkey.bad_recipient"))
	}
	if bytesOf(k.Signer, ed25519.PublicKeySize) == nil {
		return errs.InvalidFields(errs.At("signer", "tipkey.bad_signer"))
	}
	if !verifies(ownKeyText(k.PersonID, k.Recipient, k.Signer), k.Signer, proof) {
		return errs.InvalidFields(errs.At("proof", "tipkey.bad_signature"))
	}
	return checkSealed("sealed", k.Sealed, byPassphrase)
}

// myKey returns the actor's current key.
func myKey(ctx context.Context, q db.Q) (*PersonKey, error) {
	all, err := personKeys(ctx, q, actor.From(ctx).ID)
	if err != nil {
		return nil, err
	}
	if k := current(all); k != nil {
		return k, nil
	}
	return nil, errs.New(errs.Conflict, "tipkey.no_person_key")
}

// currentKeys returns the current keys of people by person.
func currentKeys(ctx context.Context, q db.Q, people []string) (map[string]PersonKey, error) {
	all, err := keysOfPeople(ctx, q, people)
	out := make(map[string]PersonKey, len(all))
	for _, k := range all {
		out[k.PersonID] = k
	}
	return out, err
}

// Candidate is somebody who may hold the keys of a channel.
type Candidate struct {
	PersonID string
	Name     string
	Key      *PersonKey // nil: they have made none yet
	Listed   bool       // the list of signers names their key for this channel
	Holds    []int      // generations
}

// People returns who may hold the keys of a channel: those who work in its office with
// the permission to.
func (s *Service) People(ctx context.Context, channelID string) ([]Candidate, error) {
	c, office, err := s.enter(ctx, s.DB.Read(), channelID)
	if err != nil {
		return nil, err
	}
	cards, _, err := s.Org.Staff(ctx, s.DB.Read(), []string{office.ID})
	if err != nil {
		return nil, err
	}
	var out []Candidate
	for _, card := range cards {
		may, err := s.personMayHold(ctx, card.ID, office)
		if err != nil {
			return nil, err
		}
		if may && !slices.ContainsFunc(out, func(o Candidate) bool { return o.PersonID == card.ID }) {
			out = append(out, Candidate{PersonID: card.ID, Name: card.Name})
		}
	}
	return out, s.describe(ctx, c, out)
}

// describe fills in what keys people have.
func (s *Service) describe(ctx context.Context, c *Channel, all []Candidate) error {
	q := s.DB.Read()
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].PersonID
	}
	own, err := currentKeys(ctx, q, ids)
	if err != nil {
		return err
	}
	listed, err := s.listedSigners(ctx, q)
	if err != nil {
		return err
	}
	holdings, err := holdingsOf(ctx, q, c.ID, 0)
	if err != nil {
		return err
	}
	for i := range all {
		if k, ok := own[all[i].PersonID]; ok {
			all[i].Key, all[i].Listed = &k, slices.Contains(listed, Signer{k.Signer, c.ID})
		}
		for _, h := range holdings {
			if h.PersonID == all[i].PersonID && h.live() {
				all[i].Holds = append(all[i].Holds, h.N)
			}
		}
	}
	return nil
}
