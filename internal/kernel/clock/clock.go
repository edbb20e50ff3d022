// SPDX-License-Identifier: Apache-2.0

// Package clock is the only place that reads the time.
//
// Instants are UTC, cut to microseconds, because that is what both databases
// keep. Days are days of Beijing: the law counts in them.
package clock

import (
	"sync"
	"time"
)

// Beijing is the one time zone of the law. It has no daylight saving.
var Beijing = time.FixedZone("CST", 8*60*60)

// Clock tells the time.
type Clock func() time.Time

// System returns the machine's time.
func System() time.Time { return Cut(time.Now()) }

// Cut returns t as it comes back from the database.
func Cut(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// Stopwatch starts to measure; the returned function tells how long ago that was, also
// when the clock was set meanwhile.
func Stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// Day is a civil date in Beijing, "2006-01-02". Text order is time order.
type Day string

// DayOf returns the day of t in Beijing.
func DayOf(t time.Time) Day { return Day(t.In(Beijing).Format(time.DateOnly)) }

// Start returns the first instant of d, or the zero time for an invalid one.
func (d Day) Start() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Beijing)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// End returns the instant at which d is over (24:00 Beijing time).
func (d Day) End() time.Time { return d.Add(1).Start() }

// Add returns the day n days later.
func (d Day) Add(n int) Day { return DayOf(d.Start().AddDate(0, 0, n)) }

// Valid reports whether d is a date.
func (d Day) Valid() bool { return !d.Start().IsZero() }

// Weekday returns the day of the week of d.
func (d Day) Weekday() time.Weekday { return d.Start().In(Beijing).Weekday() }

// Manual is a clock that tests and demonstrations move by hand.
type Manual struct {
	mu sync.Mutex
	t  time.Time
}

// NewManual returns a Manual that stands at t.
func NewManual(t time.Time) *Manual { return &Manual{t: Cut(t)} }

// Now returns the time; it is a Clock.
func (m *Manual) Now() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.t }

// Set moves the clock to t.
func (m *Manual) Set(t time.Time) { m.mu.Lock(); defer m.mu.Unlock(); m.t = Cut(t) }

// Advance moves the clock by d.
func (m *Manual) Advance(d time.Duration) { m.mu.Lock(); defer m.mu.Unlock(); m.t = Cut(m.t.Add(d)) }
