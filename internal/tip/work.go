// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	altcha "github.com/altcha-org/altcha-lib-go"

	"anlan/internal/kernel/errs"
)

const (
	// DefaultWork is how many hashes the work before a tip takes at most on a quiet day: a
	// blink of a phone.
	DefaultWork = 50_000

	workLasts = 20 * time.Minute // to solve a challenge, on a slow phone too
	permitFor = 2 * time.Hour    // to write, seal and send; cut up to the hour
	maxWork   = 2 << 10          // bytes of a solution
)

// Parameters within the salt of a challenge, which its signature covers.
const (
	paramExpires = "expires"
	paramFlood   = "flood"
)

// Challenge is work for a phone, as altcha understands it.
type Challenge struct {
	Algorithm string
	Challenge string
	MaxNumber int64
	Salt      string
	Signature string
}

// Work returns work for somebody at an address, which is forgotten again. The more is asked
// for, in all and from the neighbourhood of the address, the more it is; nobody is refused.
func (s *Service) Work(address string) (Challenge, error) {
	now := s.Now()
	cost, flood := s.toll.price(address, now)
	until := now.Add(workLasts)
	params := url.Values{}
	if flood {
		params.Set(paramFlood, "1")
	}
	c, err := altcha.CreateChallenge(altcha.ChallengeOptions{MaxNumber: int64(float64(s.workBase()) * cost), HMACKey: s.workKey(),
		Expires: &until, Params: params})
	return Challenge{c.Algorithm, c.Challenge, c.MaxNumber, c.Salt, c.Signature}, err
}

func (s *Service) workBase() int {
	if s.WorkBase > 0 {
		return s.WorkBase
	}
	return DefaultWork
}

func (s *Service) workKey() string { return s.Box.Fingerprint("tip.work") }

// Permit lets its holder send one tip or one message, with files, until a time.
type Permit struct {
	Nonce [permitNonce]byte
	Until time.Time
	Flood bool // it was earned amid a flood: the tip goes to a lane of its own
}

const permitNonce = 16

// Earn returns the permit that a solution is worth. The same solution is always worth the
// same permit, so that replaying it gives nothing. Denied for what solves no work of ours,
// or too late.
func (s *Service) Earn(solution string) (string, Permit, error) {
	raw, err := base64.StdEncoding.DecodeString(solution)
	if err != nil || len(raw) > maxWork {
		return "", Permit{}, errs.New(errs.Denied, "tip.bad_work")
	}
	var p altcha.Payload
	if json.Unmarshal(raw, &p) != nil || p.Algorithm != string(altcha.SHA256) {
		return "", Permit{}, errs.New(errs.Denied, "tip.bad_work")
	}
	now, params := s.Now(), altcha.ExtractParams(p)
	if ok, err := altcha.VerifySolutionSafe(p, s.workKey(), false); err != nil || !ok {
		return "", Permit{}, errs.New(errs.Denied, "tip.bad_work")
	}
	expires, err := strconv.ParseInt(params.Get(paramExpires), 10, 64)
	if err != nil || now.Unix() > expires {
		return "", Permit{}, errs.New(errs.Denied, "tip.late_work")
	}
	begun := time.Unix(expires, 0).Add(-workLasts)
	permit := Permit{Until: begun.Add(permitFor).Truncate(time.Hour).Add(time.Hour).UTC(), Flood: params.Get(paramFlood) == "1"}
	sum := sha256.Sum256([]byte(p.Challenge))
	copy(permit.Nonce[:], sum[:])
	s.toll.paid(now)
	return s.signPermit(permit), permit, nil
}

// signPermit writes a permit as text: its fields and a keyed hash of them.
func (s *Service) signPermit(p Permit) string {
	flood := "0"
	if p.Flood {
		flood = "1"
	}
	text := hex.EncodeToString(p.Nonce[:]) + "." + strconv.FormatInt(p.Until.Unix(), 10) + "." + flood
	return text + "." + s.Box.Fingerprint("tip.permit/" + text)[:32]
}

// permit reads what signPermit wrote. Denied for anything else, and when it is over.
func (s *Service) permit(text string) (Permit, error) {
	bad := errs.New(errs.Denied, "tip.needs_permit")
	parts := strings.Split(text, ".")
	if len(parts) != 4 {
		return Permit{}, bad
	}
	nonce, err := hex.DecodeString(parts[0])
	until, errUntil := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || errUntil != nil || len(nonce) != permitNonce {
		return Permit{}, bad
	}
	p := Permit{Nonce: [permitNonce]byte(nonce), Until: time.Unix(until, 0).UTC(), Flood: parts[2] == "1"}
	if !sameText(s.signPermit(p), text) || s.Now().After(p.Until) {
		return Permit{}, bad
	}
	return p, nil
}
