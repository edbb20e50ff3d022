// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"math"
	"net/netip"
	"sync"
	"time"
)

// How the price of a tip grows. A workshop whose people all report through one address at
// once pays some seconds of each phone; a machine that wants thousands pays hours.
const (
	freeNear  = 30    // a minute, from one neighbourhood, at the base price
	mostNear  = 64.0  // times the base price
	freeAll   = 3_000 // a minute, from everywhere
	mostAll   = 4.0
	floodNear = 20 * freeNear // from here on a neighbourhood's tips go to a lane of their own

	ipv4Near = 24 // bits of an address that make a neighbourhood
	ipv6Near = 48

	paceOver = time.Minute
	maxNear  = 20_000 // neighbourhoods that are remembered
)

// toll is the price of a tip. It forgets addresses: it holds keyed hashes of their
// neighbourhoods under a key that is nowhere but in its memory.
type toll struct {
	key  []byte
	mu   sync.Mutex
	all  pace
	near map[[16]byte]*pace
}

func newToll() *toll {
	key := make([]byte, 32)
	rand.Read(key)
	return &toll{key: key, near: map[[16]byte]*pace{}}
}

// pace counts what happened lately: each event counts less as it grows older.
type pace struct {
	n  float64
	at time.Time
}

// add counts an event at now and returns how many there are in a minute.
func (p *pace) add(n float64, now time.Time) float64 {
	if gone := now.Sub(p.at); gone > 0 {
		p.n *= math.Exp(-gone.Seconds() / paceOver.Seconds())
		p.at = now
	}
	p.n += n
	return p.n
}

// price returns how many times the base price somebody at an address pays, and whether
// their neighbourhood floods us.
func (t *toll) price(address string, now time.Time) (times float64, flood bool) {
	key := t.neighbourhood(address)
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.near) >= maxNear {
		t.forget(now)
	}
	p := t.near[key]
	if p == nil {
		p = &pace{at: now}
		t.near[key] = p
	}
	near, all := p.add(1, now), t.all.add(0, now)
	return rise(near, freeNear, mostNear) * rise(all, freeAll, mostAll), near > floodNear
}

// paid counts a permit that was earned.
func (t *toll) paid(now time.Time) { t.mu.Lock(); defer t.mu.Unlock(); t.all.add(1, now) }

// rise grows from 1 with n beyond free, to at most most.
func rise(n, free, most float64) float64 { return min(max(1, n/free), most) }

// forget drops the neighbourhoods from which little came lately, or all.
func (t *toll) forget(now time.Time) {
	for key, p := range t.near {
		if p.add(0, now) < 1 {
			delete(t.near, key)
		}
	}
	if len(t.near) >= maxNear {
		clear(t.near)
	}
}

func (t *toll) neighbourhood(address string) [16]byte {
	text := address
	if a, err := netip.ParseAddr(address); err == nil {
		bits := ipv4Near
		if a = a.Unmap(); a.Is6() {
			bits = ipv6Near
		}
		if net, err := a.WithZone("").Prefix(bits); err == nil {
			text = net.String()
		}
	}
	m := hmac.New(sha256.New, t.key)
	m.Write([]byte(text))
	return [16]byte(m.Sum(nil)[:16])
}

// sameText compares secrets in constant time.
func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
