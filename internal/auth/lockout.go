// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"net/netip"
	"sync"
	"time"

	"anlan/internal/kernel/errs"
)

// A lock grows and ends by itself: it slows guessing down, and nobody can shut
// another person out for good.
const (
	accountTries = 5  // wrong guesses in a row before an account rests
	addressTries = 50 // and an address: a whole office shares one
	firstDelay   = 30 * time.Second
	lastDelay    = 15 * time.Minute
	forgetAfter  = 24 * time.Hour // without a wrong guess
)

// delayAfter returns how long to rest after so many wrong guesses in a row when
// the first free ones cost nothing.
func delayAfter(failures, free int) time.Duration {
	if failures < free {
		return 0
	}
	return min(firstDelay<<min(failures-free, 10), lastDelay)
}

// locked is the answer to a guess that comes too early.
func locked(wait time.Duration) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	e := errs.New(errs.Exhausted, "auth.locked", "seconds", seconds)
	e.RetryAfter = wait
	return e
}

const maxAddresses = 10_000

// addresses counts wrong guesses by network address, in memory only: addresses of
// people are not kept.
type addresses struct {
	mu sync.Mutex
	by map[netip.Prefix]tries
}

type tries struct {
	failures    int
	last, until time.Time
}

func newAddresses() *addresses { return &addresses{by: map[netip.Prefix]tries{}} }

// wait returns how long the address must still rest.
func (a *addresses) wait(address string, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.by[network(address)].until.Sub(now)
}

// fail notes a wrong guess from the address.
func (a *addresses) fail(address string, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := network(address)
	t := a.by[key]
	if now.Sub(t.last) > forgetAfter {
		t.failures = 0
	}
	t.failures++
	t.last, t.until = now, now.Add(delayAfter(t.failures, addressTries))
	if len(a.by) >= maxAddresses {
		a.shrink(now)
	}
	a.by[key] = t
}

// shrink forgets the addresses that do not rest; when all do, some of them.
func (a *addresses) shrink(now time.Time) {
	for key, t := range a.by {
		if len(a.by) < maxAddresses/2 {
			return
		}
		if t.until.Before(now) || len(a.by) >= maxAddresses {
			delete(a.by, key)
		}
	}
}

// network returns what one subscriber holds: an IPv4 address or an IPv6 /64.
func network(address string) netip.Prefix {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return netip.PrefixFrom(ip, 32)
	}
	p, _ := ip.Prefix(64)
	return p
}
