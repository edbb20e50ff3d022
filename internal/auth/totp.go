// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"time"
)

// The values that every authenticator app takes (RFC 6238).
const (
	totpPeriod    = 30 // seconds
	totpSecretLen = 20 // bytes
	totpSlack     = 1  // steps that a phone's clock may be off
	recoveryCodes = 8
	recoveryLen   = 16 // characters
)

func newTOTPSecret() []byte {
	b := make([]byte, totpSecretLen)
	rand.Read(b)
	return b
}

// totpCode returns the six digits of one step.
func totpCode(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	n := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	return fmt.Sprintf("%06d", n%1_000_000)
}

// totpStep returns the step that code belongs to at now, when it is later than
// last, the step that was used before.
func totpStep(secret []byte, code string, now time.Time, last int64) (int64, bool) {
	middle := now.Unix() / totpPeriod
	for step := middle - totpSlack; step <= middle+totpSlack; step++ {
		same := subtle.ConstantTimeCompare([]byte(totpCode(secret, step)), []byte(code)) == 1
		if same && step > last {
			return step, true
		}
	}
	return 0, false
}

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// totpURI returns what an authenticator app reads from the QR code.
func totpURI(secret []byte, login string) string {
	const issuer = "安澜 Anlan"
	q := url.Values{"secret": {base32Text.EncodeToString(secret)}, "issuer": {issuer}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+login) + "?" + q.Encode()
}
