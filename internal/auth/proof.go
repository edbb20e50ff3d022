// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"crypto/subtle"
	"strings"
	"time"

	"anlan/internal/kernel/id"
)

// proofLife is how long a browser is remembered as one in which its person signed in.
const proofLife = 365 * 24 * time.Hour

// prove returns the proof that login signed in with this browser. Guesses of a
// browser with a proof are counted apart, so that a stranger who keeps an account
// locked does not keep its owner out (OWASP: device cookies). It opens nothing.
func (s *Service) prove(login string) string {
	nonce := s.ids.New()
	return nonce + "." + s.proofMAC(login, nonce)
}

func (s *Service) proofMAC(login, nonce string) string {
	return s.box.Fingerprint("auth.proof:" + nonce + ":" + login)
}

// proven returns which browser of login a proof names, or "" for none.
func (s *Service) proven(login, proof string) string {
	nonce, mac, _ := strings.Cut(proof, ".")
	if !id.Valid(nonce) || subtle.ConstantTimeCompare([]byte(mac), []byte(s.proofMAC(login, nonce))) != 1 {
		return ""
	}
	return nonce
}
