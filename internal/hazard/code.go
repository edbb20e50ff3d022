// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/id"
)

const (
	codeLen      = 16                               // characters, just under 5 bits each
	codeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ" // without 0/O, 1/I/L and U, to be read out
	codeGroup    = 4                                // characters between hyphens
)

// queryCode returns the code by which a reporter follows a report. Only its SHA-256 is
// kept, so it can be shown once only. But an answer may be lost on the way, and the phone
// then repeats the report under the same idempotency key: the code is therefore a keyed hash
// of that key. A repeat gets the same code, and by the same unique hash the database finds
// the first report; no table of keys is needed. Whoever lacks the server's key learns
// nothing from an idempotency key.
func (s *Service) queryCode(by actor.Actor, key string) string {
	if key == "" {
		key = id.Code(2 * codeLen)
	}
	sum, err := hex.DecodeString(s.Box.Fingerprint("hazard.query_code/" + by.ID + "/" + key))
	if err != nil { // a fingerprint is hex
		panic(err)
	}
	var b strings.Builder
	for i := range codeLen {
		if i > 0 && i%codeGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeAlphabet[int(binary.BigEndian.Uint16(sum[2*i:]))%len(codeAlphabet)])
	}
	return b.String()
}

// hashCode returns what is kept of a query code, however it was typed.
func hashCode(code string) []byte {
	code = strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -—　\t", r) {
			return -1
		}
		return r
	}, code))
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}

// stepKey fingerprints the idempotency key of a step: another person's equal key is another key.
func stepKey(by actor.Actor, key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(by.ID + "/" + key))
	return hex.EncodeToString(sum[:16])
}
