// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// activeHeld returns the deployment's directory key to those who hold it.
func (s *Service) activeHeld(ctx context.Context, q db.Q) (*Directory, *DirectoryWrap, *org.Unit, error) {
	d, err := directoryIn(ctx, q, DirectoryActive)
	if err != nil {
		return nil, nil, nil, err
	}
	if d == nil {
		return nil, nil, nil, errs.New(errs.Conflict, "tipkey.no_directory")
	}
	w, office, err := s.myDirectoryWrap(ctx, q, d)
	return d, w, office, err
}

// List replaces the list of signers. It names current keys of people who may hold a
// channel's keys, and everyone who signed what phones seal to now.
func (s *Service) List(ctx context.Context, text, signature string) (*SignerList, error) {
	return changeV(ctx, s, func(ctx context.Context, tx db.Tx) (*SignerList, error) {
		d, _, office, err := s.activeHeld(ctx, tx)
		if err != nil {
			return nil, err
		}
		list, err := s.checkedList(ctx, tx, d, text, signature)
		if err != nil {
			return nil, err
		}
		if err := insertSigners(ctx, tx, list); err != nil {
			return nil, err
		}
		all, err := readSigners(d.Origin, text)
		if err != nil {
			return nil, err
		}
		return list, s.Ledger.Record(ctx, tx, at(kindListed.Entry(signersFacts{Signers: len(all)}), "directory:"+d.ID, office))
	})
}

// HandOverDirectory lets one more person hold the directory key, of any office with a
// channel, or the same person under another key of theirs.
func (s *Service) HandOverDirectory(ctx context.Context, channelID string, in Sealing) error {
	return s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		d, _, _, err := s.activeHeld(ctx, tx)
		if err != nil {
			return err
		}
		_, office, err := s.channel(ctx, tx, channelID)
		if err != nil {
			return err
		}
		if err := s.checkWrap(ctx, tx, office, "holder", in); err != nil {
			return err
		}
		w := &DirectoryWrap{DirectoryID: d.ID, PersonID: in.PersonID, UnitID: office.ID, KeyID: in.KeyID, Wrap: in.Wrap, Made: s.Now(),
			MadeBy: actor.From(ctx).ID}
		if err := putDirectoryWrap(ctx, tx, w); err != nil {
			return err
		}
		return s.Ledger.Record(ctx, tx, at(kindDirHanded.Entry(directoryFacts{Cause: causeHandOver}), "person:"+in.PersonID, office))
	})
}

// GiveUpDirectory ends that the actor holds the directory key. The last holder may do so
// too, who has lost it for good: then another key can be made.
func (s *Service) GiveUpDirectory(ctx context.Context, personID string) error {
	return s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		_, w, office, err := s.activeHeld(ctx, tx)
		if err != nil {
			return err
		}
		if personID != actor.From(ctx).ID {
			return errs.New(errs.Denied, "tipkey.not_yours")
		}
		return s.withdrawWrap(ctx, tx, office, causeGivenUp, w)
	})
}

// DirectoryView is the directory key as those see it who may hold keys.
type DirectoryView struct {
	Origin    string
	Directory *Directory // nil: none was made
	List      *SignerList
	Wraps     []DirectoryWrap // live ones; what is sealed, only the actor's own
	InUse     []Signer        // whom the list must name
	Text      string          // while the actor is to confirm: what the directory key must sign
}

// Directory returns the directory key, or the one that waits to be confirmed.
func (s *Service) Directory(ctx context.Context) (*DirectoryView, error) {
	if err := anywhere(ctx); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	v := &DirectoryView{Origin: s.Origin}
	d, err := s.standing(ctx, q)
	if err != nil || d == nil {
		return v, err
	}
	v.Directory, v.Origin = d, d.Origin
	if v.List, err = signersOf(ctx, q, d.ID); err != nil {
		return nil, err
	}
	if v.InUse, err = signersInUse(ctx, q); err != nil {
		return nil, err
	}
	wraps, err := directoryWraps(ctx, q, d.ID)
	me := actor.From(ctx).ID
	v.Wraps = shownTo(wraps, me)
	if d.State == DirectoryPending && d.Confirmer == me {
		v.Text = confirmText(d)
	}
	return v, err
}

// shownTo returns the wraps that count, with what is sealed of a person's own only.
func shownTo(wraps []DirectoryWrap, personID string) []DirectoryWrap {
	mine := ownWrap(wraps, personID)
	var out []DirectoryWrap
	for i, w := range wraps {
		if &wraps[i] != mine {
			w.Wrap = ""
		}
		if w.Revoked.IsZero() || &wraps[i] == mine {
			out = append(out, w)
		}
	}
	return out
}

// standing returns the directory key that waits to be confirmed, which only follows one
// that nobody holds, or else the one that counts.
func (s *Service) standing(ctx context.Context, q db.Q) (*Directory, error) {
	d, err := directoryIn(ctx, q, DirectoryPending)
	if err != nil {
		return nil, err
	}
	if d != nil && s.Now().Before(d.Expires) {
		return d, nil
	}
	return directoryIn(ctx, q, DirectoryActive)
}

// listedSigners returns whom the deployment's list names.
func (s *Service) listedSigners(ctx context.Context, q db.Q) ([]Signer, error) {
	d, err := directoryIn(ctx, q, DirectoryActive)
	if err != nil || d == nil {
		return nil, err
	}
	list, err := signersOf(ctx, q, d.ID)
	if err != nil || list == nil {
		return nil, err
	}
	return readSigners(d.Origin, list.Text)
}
