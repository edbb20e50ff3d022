// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"encoding/base64"
	"encoding/binary"

	"anlan/internal/kernel/errs"
)

// announcement is what the old key signs to hand over to the new one.
func announcement(next Key) []byte { return []byte("anlan-key/v1\n" + next.String() + "\n") }

// Announce returns the leaf by which old hands over to next.
func Announce(old Signer, next Key) (Leaf, error) {
	sig, err := old.Sign(announcement(next))
	if err != nil {
		return Leaf{}, err
	}
	sig = append(binary.BigEndian.AppendUint32(nil, old.KeyHash()), sig...)
	return Leaf{Kind: KeyLeaf, NewKey: next.String(), Sig: base64.StdEncoding.EncodeToString(sig)}, nil
}

// Successor returns the key that l hands over to, a log's or its clock's, if one of old has
// signed so and it is of the same origin.
func (l Leaf) Successor(old []Key) (Key, error) {
	next, err := ParseKey(l.NewKey)
	if err != nil {
		return Key{}, err
	}
	sig, err := base64.StdEncoding.Strict().DecodeString(l.Sig)
	if err != nil || len(sig) < 4 {
		return Key{}, errs.New(errs.Invalid, "transparency.key_unannounced", "key", l.NewKey)
	}
	for _, k := range old {
		if k.Name() == next.Name() && k.alg == algEd25519 &&
			k.KeyHash() == binary.BigEndian.Uint32(sig) && k.Verify(announcement(next), sig[4:]) {
			return next, nil
		}
	}
	return Key{}, errs.New(errs.Invalid, "transparency.key_unannounced", "key", l.NewKey)
}
