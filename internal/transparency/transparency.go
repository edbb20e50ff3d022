// SPDX-License-Identifier: Apache-2.0

// Package transparency is a public log of salted commitments, by which everybody can
// prove that something was handed in and see that nothing was removed, changed, delayed
// or dated back. It is a c2sp.org/tlog-tiles log with an RFC 6962 tree.
//
// Pure words, for verifiers too: leaf.go what an entry says, checkpoint.go and key.go
// signed notes and who signed, policy.go whom to believe, proof.go and promise.go the two
// halves of a receipt, verify.go checks them, rotation.go hands a key over, tile.go the
// shape of tiles, statistics.go the published counts.
//
// The log: service.go takes entries in the transaction of their domain, fence.go lets one
// process write, sequence.go gives entries their places, publish.go re-hashes and signs,
// guard.go refuses to fork after a restore, run.go does all that in a loop, rotate.go
// changes the key, heads.go binds the ledger and the published counts, audit.go checks
// everything, store*.go alone speak SQL, http.go serves, http_witness.go asks witnesses.
//
// Package monitor, beside it, checks a log from outside.
package transparency

import (
	"crypto/sha256"
	"encoding/base64"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 hash of a leaf or a node of the tree.
type Hash = tlog.Hash

// SaltSize is the length of the salt of a commitment, in bytes.
const SaltSize = 32

// Commit returns the commitment to content (the SHA-256 of what was handed in, written
// canonically) and to evidence (the root over the hashes of its files, zero for none).
// Without the salt nobody can try contents out; once it is erased the commitment is noise.
func Commit(salt [SaltSize]byte, content, evidence Hash) Hash {
	h := sha256.New()
	h.Write([]byte("anlan-tip"))
	h.Write(salt[:])
	h.Write(content[:])
	h.Write(evidence[:])
	return Hash(h.Sum(nil))
}

// LeafHash returns the RFC 6962 hash of a leaf, by which it is found in the log.
func LeafHash(leaf []byte) Hash { return tlog.RecordHash(leaf) }

// parseHash is the inverse of Hash.String. It takes one spelling only.
func parseHash(text string) (Hash, bool) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != tlog.HashSize || base64.StdEncoding.EncodeToString(b) != text {
		return Hash{}, false
	}
	return Hash(b), true
}

// EmptyRoot is the root of the tree without leaves.
var EmptyRoot = Hash(sha256.Sum256(nil))
