// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"bytes"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"anlan/internal/kernel/errs"
)

// kindOf returns the kind of an age recipient in its one spelling, or "".
func kindOf(recipient string) Kind {
	if r, err := age.ParseX25519Recipient(recipient); err == nil && r.String() == recipient {
		return X25519
	}
	if r, err := age.ParseHybridRecipient(recipient); err == nil && r.String() == recipient {
		return Hybrid
	}
	return ""
}

// lock says by what a text is sealed.
type lock string

const (
	byPassphrase lock = "scrypt"
	byPersonKey  lock = "X25519"
	byHybridKey  lock = "mlkem768x25519"
)

// isSealed reports whether text is an armored age file that one lock of the given kind
// opens. That it holds what it should, only its owner can see.
func isSealed(text string, by ...lock) bool {
	if len(text) > maxSealed {
		return false
	}
	raw, err := io.ReadAll(armor.NewReader(strings.NewReader(text)))
	if err != nil {
		return false
	}
	header, err := age.ExtractHeader(bytes.NewReader(raw))
	if err != nil || len(raw) <= len(header)+minPayload {
		return false
	}
	stanzas := strings.Split(string(header), "\n-> ")[1:]
	if len(stanzas) != 1 {
		return false
	}
	word, _, _ := strings.Cut(stanzas[0], " ")
	for _, l := range by {
		if word == string(l) {
			return true
		}
	}
	return false
}

const minPayload = 32 // nonce and tag of an empty age payload

// checkSealed refuses text at a field that is not sealed as it must be.
func checkSealed(at, text string, by ...lock) error {
	if isSealed(text, by...) {
		return nil
	}
	return errs.InvalidFields(errs.At(at, "tipkey.not_sealed"))
}
