// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// recheckAfter is how long a change made by another process may stay unseen.
const recheckAfter = 3 * time.Second

// snapshot is every rule and calendar as of one generation. It is never changed.
type snapshot struct {
	generation int64
	checked    time.Time
	rules      map[string][]Rule // by key
	years      map[int]Year
	calendar   *Calendar
}

// cache keeps the latest snapshot. While one caller looks for a newer one, the
// others go on with what there is, so that callers inside transactions never wait
// for a connection that they hold themselves.
type cache struct {
	latest  atomic.Pointer[snapshot]
	loading sync.Mutex
}

// current returns rules that are at most recheckAfter old, and never older than
// this process's own last change.
func (s *Service) current(ctx context.Context) (*snapshot, error) {
	snap := s.cache.latest.Load()
	if snap == nil {
		return s.reload(ctx)
	}
	if age := s.now().Sub(snap.checked); age < recheckAfter || !s.cache.loading.TryLock() {
		return snap, nil
	}
	defer s.cache.loading.Unlock()
	n, err := generation(ctx, s.db.Read())
	if err != nil {
		return nil, err
	}
	if n != snap.generation {
		return s.load(ctx)
	}
	fresh := *snap
	fresh.checked = s.now()
	s.cache.latest.Store(&fresh)
	return &fresh, nil
}

// reload reads everything anew, after a change of our own and at the start.
func (s *Service) reload(ctx context.Context) (*snapshot, error) {
	s.cache.loading.Lock()
	defer s.cache.loading.Unlock()
	return s.load(ctx)
}

// load reads the generation first: a change that lands in between is then noticed
// at the next look.
func (s *Service) load(ctx context.Context) (*snapshot, error) {
	q, at := s.db.Read(), s.now()
	n, err := generation(ctx, q)
	if err != nil {
		return nil, err
	}
	rules, err := allRules(ctx, q)
	if err != nil {
		return nil, err
	}
	years, err := allYears(ctx, q)
	if err != nil {
		return nil, err
	}
	snap := &snapshot{generation: n, checked: at, rules: map[string][]Rule{}, years: map[int]Year{}, calendar: NewCalendar(years...)}
	for _, r := range rules {
		snap.rules[r.Key] = append(snap.rules[r.Key], r)
	}
	for _, y := range years {
		snap.years[y.Year] = y
	}
	s.cache.latest.Store(snap)
	return snap, nil
}
