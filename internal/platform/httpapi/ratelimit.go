// SPDX-License-Identifier: Apache-2.0

package httpapi

import (
	"container/list"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

// maxBuckets is how many callers one limit remembers; who has not called for longest
// is forgotten first, and begins anew.
const maxBuckets = 20_000

// Limit returns middleware that lets each caller through perMinute times a minute, and
// burst times at once. key names the caller, such as Proxies.Key. Others get 429 and
// are told when to come again.
func Limit(now clock.Clock, perMinute, burst int, key func(*http.Request) string) func(http.Handler) http.Handler {
	b := newBuckets(rate.Limit(float64(perMinute)/60), burst, maxBuckets)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if wait := b.take(now(), key(r)); wait > 0 {
				e := errs.New(errs.Exhausted, "too_many_requests")
				e.RetryAfter = wait
				WriteProblem(w, r, e)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// buckets holds a token bucket for each caller, up to a number of them.
type buckets struct {
	every rate.Limit
	burst int
	most  int

	mu   sync.Mutex
	of   map[string]*list.Element
	used *list.List // of *bucket, the latest first
}

type bucket struct {
	key     string
	limiter *rate.Limiter
}

func newBuckets(every rate.Limit, burst, most int) *buckets {
	return &buckets{every: every, burst: burst, most: most, of: map[string]*list.Element{}, used: list.New()}
}

// take takes a token of key's bucket; when there is none it takes nothing and returns
// how long until there is.
func (b *buckets) take(now time.Time, key string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.limiter(key).ReserveN(now, 1)
	if !r.OK() { // no burst at all
		return time.Minute
	}
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

func (b *buckets) limiter(key string) *rate.Limiter {
	if e, ok := b.of[key]; ok {
		b.used.MoveToFront(e)
		return e.Value.(*bucket).limiter
	}
	if b.used.Len() == b.most {
		last := b.used.Back()
		delete(b.of, last.Value.(*bucket).key)
		b.used.Remove(last)
	}
	fresh := &bucket{key, rate.NewLimiter(b.every, b.burst)}
	b.of[key] = b.used.PushFront(fresh)
	return fresh.limiter
}
