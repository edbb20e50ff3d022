// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"cmp"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/kernel/errs"
)

// Heads of the texts that people sign. A text is lines, each ended by a line feed; with
// its signatures follow a blank line and lines "sig <public key> <signature>" in base64.
const (
	statementHead = "anlan-recipients/v1"
	signersHead   = "anlan-signers/v1"
	ownKeyHead    = "anlan-person-key/v1"
	directoryHead = "anlan-directory/v1"
)

// statement is what a phone trusts: to whom it seals what a channel is to read.
type statement struct {
	Origin, Channel, Office string
	Generation              int
	Kind                    Kind
	Recipient               string
	From                    time.Time
}

func (s statement) text() string {
	return lines(statementHead, s.Origin, s.Channel, s.Office, fmt.Sprint(s.Generation), string(s.Kind), s.Recipient,
		"from "+s.From.UTC().Format(time.RFC3339))
}

// Signer is a public key that speaks for a channel.
type Signer struct {
	Key     string // Ed25519, base64
	Channel string // id
}

func signersText(origin string, all []Signer) string {
	rows := make([]string, len(all))
	for i, s := range all {
		rows[i] = s.Key + " " + s.Channel
	}
	slices.Sort(rows)
	return lines(append([]string{signersHead, origin}, slices.Compact(rows)...)...)
}

// readSigners reads a list that is written as signersText writes it.
func readSigners(origin, text string) ([]Signer, error) {
	var all []Signer
	rows := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for _, row := range rows[min(2, len(rows)):] {
		key, channel, _ := strings.Cut(row, " ")
		all = append(all, Signer{key, channel})
	}
	if signersText(origin, all) != text {
		return nil, errs.InvalidFields(errs.At("list", "tipkey.list_form"))
	}
	return all, nil
}

// ownKeyText is signed by a person's new key, so that nobody enters somebody else's.
func ownKeyText(personID, recipient, signer string) string {
	return lines(ownKeyHead, personID, recipient, signer)
}

// confirmText is signed by the directory key through its second holder, who so shows
// that they can open it.
func confirmText(d *Directory) string {
	return lines(directoryHead, d.Origin, d.VKey, "confirmed by "+d.Confirmer)
}

func lines(all ...string) string { return strings.Join(all, "\n") + "\n" }

// signed adds signatures, pairs of public key and signature, to a text.
func signed(text string, pairs ...string) string {
	out := text + "\n"
	for i := 0; i+1 < len(pairs); i += 2 {
		out += "sig " + pairs[i] + " " + pairs[i+1] + "\n"
	}
	return out
}

// verifies reports whether signature, in base64, is key's of text.
func verifies(text, key, signature string) bool {
	k, sig := bytesOf(key, ed25519.PublicKeySize), bytesOf(signature, ed25519.SignatureSize)
	return k != nil && sig != nil && ed25519.Verify(k, []byte(text), sig)
}

// bytesOf reads n bytes in the one spelling of base64 that counts, or returns nil.
func bytesOf(text string, n int) []byte {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != n || base64.StdEncoding.EncodeToString(b) != text {
		return nil
	}
	return b
}

// oneLine returns a name as it stands in signed texts.
func oneLine(name string) string { return cmp.Or(strings.Join(strings.Fields(name), " "), "-") }
