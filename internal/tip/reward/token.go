// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

// How somebody is paid without a name. The informant's phone makes a random message for
// each token, blinds it and has it signed by the query code (RFC 9474, RSABSSA-SHA384-PSS-
// Randomized); it then unblinds the signature. What comes to the cashier is a message and a
// signature that the office has never seen, so nobody can tell which report it was for. Two
// things would still tell:
//
//   - the amount. A reward is therefore paid in tokens of the eight denominations below, each
//     signed by the key of its denomination, office and year, and what is left under ¥100 is
//     not paid in this way. Tokens may be handed in one by one.
//   - a key of one's own. There is one key for an office, a year and a denomination; all are
//     made together before the first of them is used, and anybody can ask for the list.
const (
	variant     = blindrsa.SHA384PSSRandomized
	keyBits     = 2048
	messageSize = 64 // bytes: a random prefix and a random serial number of 32 each
	tokenYears  = 2  // after the year of their key, tokens can be spent
	mostPieces  = 64
)

// Denominations are the amounts of tokens in fen, the largest first.
var Denominations = []int64{50_000_00, 10_000_00, 5_000_00, 2_000_00, 1_000_00, 500_00, 200_00, 100_00}

// Pieces returns the denominations that fen is paid in, the largest first; what remains is
// less than the smallest of them.
func Pieces(fen int64) []int64 {
	out := []int64{}
	for _, d := range Denominations {
		for ; fen >= d; fen -= d {
			out = append(out, d)
		}
	}
	return out
}

func sum(pieces []int64) (total int64) {
	for _, fen := range pieces {
		total += fen
	}
	return total
}

func newKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, keyBits) }

// Key is the public half of what signs tokens of one office, year and denomination.
type Key struct {
	ID       string
	OfficeID string
	Year     int
	Fen      int64
	Public   []byte    // PKIX, DER
	Expires  clock.Day // the last day on which its tokens are paid
	Issued   int64
	Spent    int64
}

// Token is what an informant hands to the cashier.
type Token struct {
	KeyID     string
	Message   []byte
	Signature []byte
}

// verify refuses a token that k has not signed.
func (k Key) verify(t Token) error {
	parsed, err := x509.ParsePKIXPublicKey(k.Public)
	if err != nil {
		return err
	}
	public, ok := parsed.(*rsa.PublicKey)
	if !ok || len(t.Message) != messageSize {
		return errs.New(errs.Invalid, "reward.bad_token")
	}
	v, err := blindrsa.NewVerifier(variant, public)
	if err != nil {
		return err
	}
	if err := v.Verify(t.Message, t.Signature); err != nil {
		return errs.Wrap(err, errs.Invalid, "reward.bad_token")
	}
	return nil
}

// signBlinded signs what a phone has blinded.
func signBlinded(private, blinded []byte) ([]byte, error) {
	key, err := x509.ParsePKCS1PrivateKey(private)
	if err != nil {
		return nil, err
	}
	signature, err := blindrsa.NewSigner(key).BlindSign(blinded)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "reward.bad_blinded")
	}
	return signature, nil
}
