// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"bytes"
	"slices"

	"filippo.io/age"

	"anlan/internal/kernel/errs"
)

const (
	chunkSize   = 64 << 10 // of an age payload
	chunkTag    = 16
	payloadHead = 16
	maxEnvelope = 4 << 10
)

// Buckets are the sizes to which phones pad JSON before they seal it, so that the length
// of what is sealed tells little about it.
var Buckets = []int{2 << 10, 4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10}

// maxMessage is the largest bucket of a message: two of the next would fill an answer.
const maxMessage = 8 << 10

// plainSize returns how many bytes are sealed in an age file, or -1 when it is none.
func plainSize(sealed []byte) int {
	head, err := age.ExtractHeader(bytes.NewReader(sealed))
	if err != nil {
		return -1
	}
	n := len(sealed) - len(head) - payloadHead
	if n < chunkTag {
		return -1
	}
	chunks := (n + chunkSize + chunkTag - 1) / (chunkSize + chunkTag)
	return n - chunks*chunkTag
}

// checkPadded refuses at a field what is not sealed, or not padded to a bucket up to most.
func checkPadded(at string, sealed []byte, most int) []errs.Field {
	n := plainSize(sealed)
	switch {
	case n < 0:
		return []errs.Field{errs.At(at, "tip.not_sealed")}
	case n > most:
		return []errs.Field{errs.At(at, "tip.too_long", "kib", most>>10)}
	case !slices.Contains(Buckets, n):
		return []errs.Field{errs.At(at, "tip.not_padded")}
	}
	return nil
}

func checkEnvelope(at string, sealed []byte) []errs.Field {
	if len(sealed) > maxEnvelope || plainSize(sealed) < 1 {
		return []errs.Field{errs.At(at, "tip.not_sealed")}
	}
	return nil
}

// checkRecipient refuses what is no public key of age in its one spelling; of the kind that
// withstands quantum computers when hybrid, of the usual one otherwise.
func checkRecipient(at, text string, hybrid bool) []errs.Field {
	if hybrid {
		if r, err := age.ParseHybridRecipient(text); err == nil && r.String() == text {
			return nil
		}
	} else if r, err := age.ParseX25519Recipient(text); err == nil && r.String() == text {
		return nil
	}
	return []errs.Field{errs.At(at, "tip.bad_recipient")}
}
