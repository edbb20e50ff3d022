// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"time"

	"anlan/internal/kernel/errs"
)

// Receipt is what somebody holds who has handed something in. All but one of Promise and
// Proof may be missing.
type Receipt struct {
	Leaf    []byte   // or that in the proof
	Promise []byte   // signed note
	Proof   []byte   // c2sp.org/tlog-proof@v1
	Opening *Opening // to check what the leaf commits to
}

// Opening is what makes a commitment say something.
type Opening struct {
	Salt     [SaltSize]byte
	Content  Hash
	Evidence Hash
}

// Verdict is what a receipt proves.
type Verdict struct {
	Leaf     Leaf
	Hash     Hash
	Matches  bool // the opening was given and fits
	Promised *Promise
	Included bool
	Index    int64 // when Included
	Signed   Signed
}

// Verify checks a receipt without any network. It fails with the name of the first thing
// that is wrong; a receipt whose promise has run out without a proof is
// transparency.promise_overdue, for then its holder should ask for the proof, and tell
// others when there is none.
func Verify(p *Policy, r Receipt, now time.Time) (Verdict, error) {
	var v Verdict
	var proof Proof
	var err error
	if len(r.Proof) > 0 {
		if proof, err = ParseProof(r.Proof); err != nil {
			return v, err
		}
	}
	if len(r.Leaf) == 0 {
		r.Leaf = proof.Extra
	}
	if v.Leaf, err = ParseLeaf(r.Leaf); err != nil {
		return v, err
	}
	v.Hash = LeafHash(r.Leaf)
	if err := v.checkOpening(r.Opening); err != nil {
		return v, err
	}
	if err := v.checkPromise(p, r.Promise); err != nil {
		return v, err
	}
	if len(r.Proof) > 0 {
		return v, v.checkProof(p, proof, now)
	}
	switch {
	case v.Promised == nil:
		return v, errs.New(errs.Invalid, "transparency.empty_receipt")
	case now.After(v.Promised.Due):
		return v, errs.New(errs.Invalid, "transparency.promise_overdue", "due", v.Promised.Due)
	}
	return v, nil
}

func (v *Verdict) checkOpening(o *Opening) error {
	if o == nil {
		return nil
	}
	v.Matches = Commit(o.Salt, o.Content, o.Evidence) == v.Leaf.Commit
	if !v.Matches {
		return errs.New(errs.Invalid, "transparency.other_content")
	}
	return nil
}

func (v *Verdict) checkPromise(p *Policy, msg []byte) error {
	if len(msg) == 0 {
		return nil
	}
	promise, err := p.OpenPromise(msg)
	if err != nil {
		return err
	}
	if promise.Leaf != v.Hash {
		return errs.New(errs.Invalid, "transparency.promise_of_other")
	}
	v.Promised = &promise
	return nil
}

func (v *Verdict) checkProof(p *Policy, proof Proof, now time.Time) error {
	var err error
	if v.Signed, err = p.Trust(proof.Checkpoint, now); err != nil {
		return err
	}
	if v.Promised != nil && v.Promised.Origin != v.Signed.Origin {
		return errs.New(errs.Invalid, "transparency.wrong_origin", "origin", v.Signed.Origin)
	}
	v.Index = proof.Index
	err = proof.includes(v.Signed.Checkpoint, v.Hash)
	v.Included = err == nil
	return err
}
