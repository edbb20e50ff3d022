// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"anlan/internal/kernel/errs"
)

// cost is how much work one hash is.
type cost struct {
	memory, passes uint32 // KiB, and how often it is gone over
	lanes          uint8
}

// defaultCost is the OWASP Password Storage Cheat Sheet's choice for argon2id;
// measured at about 46 hashes a second on one core.
var defaultCost = cost{memory: 19 * 1024, passes: 2, lanes: 1}

const (
	hashesAtOnce = 2  // each takes 19 MiB and a core
	hashesQueued = 64 // about a second of waiting
	busyFor      = 3 * time.Second
	saltLen      = 16
	keyLen       = 32
)

// hasher hashes passwords, few at a time, so that a flood of sign-ins takes
// neither the memory nor the processors of everybody else.
type hasher struct {
	cost  cost
	slots chan struct{}
	queue atomic.Int32
	none  string // hash of no password: compared when there is no account
}

func newHasher(c cost) *hasher {
	h := &hasher{cost: c, slots: make(chan struct{}, hashesAtOnce)}
	h.none = c.hash(rand.Text())
	return h
}

// hash returns the PHC text of password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return h.cost.hash(normal(password)), nil
}

// verify reports whether password belongs to the PHC text, and whether that was
// made at another cost and should be made anew. The empty text belongs to no
// password and costs the same work.
func (h *hasher) verify(ctx context.Context, text, password string) (ok, stale bool, err error) {
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
	if text == "" {
		text = h.none
	}
	c, salt, want, err := parsePHC(text)
	if err != nil {
		return false, false, err
	}
	got := c.key(normal(password), salt)
	return subtle.ConstantTimeCompare(got, want) == 1, c != h.cost, nil
}

// enter waits for its turn, or answers Unavailable when too many wait already.
func (h *hasher) enter(ctx context.Context) error {
	defer h.queue.Add(-1)
	if h.queue.Add(1) > hashesQueued {
		e := errs.New(errs.Unavailable, "auth.busy", "seconds", int(busyFor.Seconds()))
		e.RetryAfter = busyFor
		return e
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *hasher) leave() { <-h.slots }

func (c cost) key(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, keyLen)
}

func (c cost) hash(password string) string {
	salt := make([]byte, saltLen)
	rand.Read(salt)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		c.memory, c.passes, c.lanes, b64(salt), b64(c.key(password, salt)))
}

var errPHC = errors.New("auth: not an argon2id hash")

// parsePHC reads what hash writes: "$argon2id$v=19$m=19456,t=2,p=1$salt$key".
func parsePHC(text string) (c cost, salt, key []byte, err error) {
	part := strings.Split(text, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost{}, nil, nil, errPHC
	}
	n, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.lanes)
	if n != 3 || err != nil || c.passes == 0 || c.lanes == 0 || c.memory > 1<<20 || c.passes > 64 {
		return cost{}, nil, nil, errPHC
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(part[4])
	key, errKey := base64.RawStdEncoding.DecodeString(part[5])
	if errSalt != nil || errKey != nil || len(key) != keyLen {
		return cost{}, nil, nil, errPHC
	}
	return c, salt, key, nil
}
