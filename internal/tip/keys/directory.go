// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// DirectoryProposal is a new directory key, made in the browser of one of two people and
// sealed to both, with the first list of signers.
type DirectoryProposal struct {
	VKey      string
	ChannelID string // whose holders the two are
	Holders   []Sealing
	List      string
	Signature string // by the new key, of List
}

// ProposeDirectory begins the ceremony of the deployment's directory key. The other
// person has CeremonyLife to confirm. There is one key at a time: another can follow only
// when nobody holds the last any more, and phones will warn of it.
func (s *Service) ProposeDirectory(ctx context.Context, p DirectoryProposal) (*Directory, error) {
	return changeV(ctx, s, func(ctx context.Context, tx db.Tx) (*Directory, error) {
		_, office, err := s.enterTx(ctx, tx, p.ChannelID)
		if err != nil {
			return nil, err
		}
		if err := s.makeRoomForDirectory(ctx, tx, office); err != nil {
			return nil, err
		}
		if err := s.checkPair(ctx, tx, office, p.Holders); err != nil {
			return nil, err
		}
		origin, err := s.origin(ctx, tx)
		if err != nil {
			return nil, err
		}
		d := &Directory{ID: s.IDs.New(), State: DirectoryPending, Origin: origin, VKey: p.VKey, Maker: actor.From(ctx).ID,
			Confirmer: otherOf(p.Holders, actor.From(ctx).ID), Made: s.Now(), Expires: s.Now().Add(CeremonyLife)}
		list, err := s.checkedList(ctx, tx, d, p.List, p.Signature)
		if err != nil {
			return nil, err
		}
		if err := insertDirectory(ctx, tx, d, wrapsFor(d, office, p.Holders)); err != nil {
			return nil, err
		}
		if err := insertSigners(ctx, tx, list); err != nil {
			return nil, err
		}
		return d, s.recordDirectory(ctx, tx, kindDirMade, "", d, office)
	})
}

func (s *Service) recordDirectory(ctx context.Context, tx db.Tx, k ledger.Kind[directoryFacts], cause string, d *Directory, office *org.Unit) error {
	return s.Ledger.Record(ctx, tx, at(k.Entry(directoryFacts{Cause: cause}), "directory:"+d.ID, office))
}

// makeRoomForDirectory ends a proposal that is over, and refuses a second one, or one
// while somebody holds the key there is.
func (s *Service) makeRoomForDirectory(ctx context.Context, tx db.Tx, office *org.Unit) error {
	active, err := directoryIn(ctx, tx, DirectoryActive)
	if err != nil {
		return err
	}
	if active != nil {
		wraps, err := directoryWraps(ctx, tx, active.ID)
		if err != nil {
			return err
		}
		if anyHeld(wraps) {
			return errs.New(errs.Conflict, "tipkey.directory_exists")
		}
	}
	d, err := directoryIn(ctx, tx, DirectoryPending)
	if err != nil || d == nil {
		return err
	}
	if s.Now().Before(d.Expires) {
		return errs.New(errs.Conflict, "tipkey.ceremony_open")
	}
	return s.stopDirectory(ctx, tx, d, office, causeExpired)
}

func (s *Service) stopDirectory(ctx context.Context, tx db.Tx, d *Directory, office *org.Unit, cause string) error {
	if err := endDirectory(ctx, tx, d); err != nil {
		return err
	}
	return s.recordDirectory(ctx, tx, kindDirEnded, cause, d, office)
}

// StopDirectory ends a ceremony of a directory key; either of its two people may.
func (s *Service) StopDirectory(ctx context.Context) error {
	return s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		d, err := directoryIn(ctx, tx, DirectoryPending)
		if err != nil {
			return err
		}
		if d == nil {
			return errs.New(errs.Conflict, "tipkey.no_directory")
		}
		_, office, err := s.myDirectoryWrap(ctx, tx, d)
		if err != nil {
			return err
		}
		return s.stopDirectory(ctx, tx, d, office, causeStopped)
	})
}

// checkPair sees that a directory key is sealed to the actor and one other person.
func (s *Service) checkPair(ctx context.Context, q db.Q, office *org.Unit, all []Sealing) error {
	if len(all) != leastHolders || otherOf(all, actor.From(ctx).ID) == "" || all[0].PersonID == all[1].PersonID {
		return errs.InvalidFields(errs.At("holders", "tipkey.directory_pair"))
	}
	for i, h := range all {
		if err := s.checkWrap(ctx, q, office, fmt.Sprintf("holders[%d]", i), h); err != nil {
			return err
		}
	}
	return nil
}

// otherOf returns the first of two people who is not me, "" when I am not among them.
func otherOf(all []Sealing, me string) string {
	i := slices.IndexFunc(all, func(h Sealing) bool { return h.PersonID == me })
	if i < 0 {
		return ""
	}
	return all[1-i].PersonID
}

func (s *Service) checkWrap(ctx context.Context, q db.Q, office *org.Unit, where string, h Sealing) error {
	own, err := currentKeys(ctx, q, []string{h.PersonID})
	if err != nil {
		return err
	}
	h.Share = h.Wrap // a directory key has no shares
	return s.checkHolder(ctx, office, where, h, own[h.PersonID])
}

func wrapsFor(d *Directory, office *org.Unit, all []Sealing) []DirectoryWrap {
	out := make([]DirectoryWrap, len(all))
	for i, h := range all {
		out[i] = DirectoryWrap{DirectoryID: d.ID, PersonID: h.PersonID, UnitID: office.ID, KeyID: h.KeyID, Wrap: h.Wrap, Made: d.Made, MadeBy: d.Maker}
	}
	return out
}

// checkedList returns the next list of d if the directory key signed it, and it names
// only people's current keys and everyone who signed what phones use.
func (s *Service) checkedList(ctx context.Context, q db.Q, d *Directory, text, signature string) (*SignerList, error) {
	if bytesOf(d.VKey, ed25519.PublicKeySize) == nil {
		return nil, errs.InvalidFields(errs.At("vkey", "tipkey.bad_signer"))
	}
	all, err := readSigners(d.Origin, text)
	if err != nil {
		return nil, err
	}
	if !verifies(text, d.VKey, signature) {
		return nil, errs.InvalidFields(errs.At("signature", "tipkey.bad_signature"))
	}
	if err := s.checkSigners(ctx, q, all); err != nil {
		return nil, err
	}
	n, err := lastList(ctx, q, d.ID)
	if err != nil {
		return nil, err
	}
	return &SignerList{DirectoryID: d.ID, N: n + 1, Text: text, Signature: signature, Listed: s.Now(), ListedBy: actor.From(ctx).ID}, nil
}

// checkSigners refuses keys of people who may not hold a channel's, unless they signed
// its current key, and a list without somebody who did.
func (s *Service) checkSigners(ctx context.Context, q db.Q, all []Signer) error {
	needed, err := signersInUse(ctx, q)
	if err != nil {
		return err
	}
	for _, n := range needed {
		if !slices.Contains(all, n) {
			return errs.InvalidFields(errs.At("list", "tipkey.list_lacks"))
		}
	}
	for _, one := range all {
		if slices.Contains(needed, one) {
			continue
		}
		ok, err := s.maySign(ctx, q, one)
		if err != nil {
			return err
		}
		if !ok {
			return errs.InvalidFields(errs.At("list", "tipkey.list_stranger"))
		}
	}
	return nil
}

// maySign reports whether a key is the current one of somebody who may hold a channel's keys.
func (s *Service) maySign(ctx context.Context, q db.Q, one Signer) (bool, error) {
	k, err := keyOfSigner(ctx, q, one.Key)
	if err != nil || k == nil || !k.Replaced.IsZero() {
		return false, err
	}
	_, office, err := s.channel(ctx, q, one.Channel)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return s.personMayHold(ctx, k.PersonID, office)
}

// ConfirmDirectory makes the proposed key the deployment's: the second person shows by a
// signature of it that they can open it.
func (s *Service) ConfirmDirectory(ctx context.Context, signature string) (*Directory, error) {
	return changeV(ctx, s, func(ctx context.Context, tx db.Tx) (*Directory, error) {
		d, err := directoryIn(ctx, tx, DirectoryPending)
		if err != nil {
			return nil, err
		}
		if d == nil {
			return nil, errs.New(errs.Conflict, "tipkey.no_directory")
		}
		if err := s.isSecond(ctx, tx, d); err != nil {
			return nil, err
		}
		if !verifies(confirmText(d), d.VKey, signature) {
			return nil, errs.InvalidFields(errs.At("signature", "tipkey.bad_signature"))
		}
		d.State, d.Confirmed = DirectoryActive, s.Now()
		if err := confirmDirectory(ctx, tx, d); err != nil {
			return nil, err
		}
		office, err := s.Org.UnitTx(ctx, tx, actor.From(ctx).Unit)
		if err != nil {
			return nil, err
		}
		return d, s.recordDirectory(ctx, tx, kindDirActive, "", d, office)
	})
}

// isSecond refuses everybody but the second person of d's ceremony, while it lasts.
func (s *Service) isSecond(ctx context.Context, q db.Q, d *Directory) error {
	if actor.From(ctx).ID == d.Maker {
		return errs.New(errs.Denied, "tipkey.same_person")
	}
	if _, _, err := s.myDirectoryWrap(ctx, q, d); err != nil {
		return err
	}
	if !s.Now().Before(d.Expires) {
		return errs.New(errs.Conflict, "tipkey.ceremony_expired")
	}
	return nil
}

// myDirectoryWrap returns what the actor holds of d, and for which office.
func (s *Service) myDirectoryWrap(ctx context.Context, q db.Q, d *Directory) (*DirectoryWrap, *org.Unit, error) {
	by := actor.From(ctx)
	wraps, err := directoryWraps(ctx, q, d.ID)
	if err != nil {
		return nil, nil, err
	}
	mine := ownWrap(wraps, by.ID)
	if mine == nil {
		return nil, nil, errs.New(errs.Denied, "tipkey.not_holder")
	}
	office, err := s.Org.UnitTx(ctx, q, mine.UnitID)
	if err != nil {
		return nil, nil, err
	}
	if !mayHold(by, office) {
		return nil, nil, errs.New(errs.Denied, "tipkey.not_holder")
	}
	return mine, office, nil
}

// ownWrap returns a person's wrap if it counts, or nil. One that was withdrawn counts when
// nobody else holds the key any more.
func ownWrap(wraps []DirectoryWrap, personID string) *DirectoryWrap {
	i := slices.IndexFunc(wraps, func(w DirectoryWrap) bool { return w.PersonID == personID })
	if i < 0 || !wraps[i].Revoked.IsZero() && anyHeld(wraps) {
		return nil
	}
	return &wraps[i]
}

func anyHeld(wraps []DirectoryWrap) bool {
	return slices.ContainsFunc(wraps, func(w DirectoryWrap) bool { return w.Revoked.IsZero() })
}
