// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

const writers = 64

// BenchmarkAppend hands in b.N things as fast as they go while the log runs with a
// checkpoint every second, and reports how many are published per second. Run it with
// -benchtime=50000x or so.
func BenchmarkAppend(b *testing.B) {
	eachDSN(b, func(b *testing.B, dsn string) { measure(b, dsn, 0, true) })
}

// BenchmarkPaced hands in 5,000 things a second and reports how long the answers took;
// "alone" is the same without the log running: what they cost by themselves.
func BenchmarkPaced(b *testing.B) {
	const rate = 5000
	eachDSN(b, func(b *testing.B, dsn string) { measure(b, dsn, rate, true) })
	b.Run("alone", func(b *testing.B) {
		eachDSN(b, func(b *testing.B, dsn string) { measure(b, dsn, rate, false) })
	})
}

func eachDSN(b *testing.B, fn func(b *testing.B, dsn string)) {
	b.Run("sqlite", func(b *testing.B) { fn(b, dbtest.SQLiteDSN(b)) })
	b.Run("postgres", func(b *testing.B) { fn(b, dbtest.PostgresDSN(b)) })
}

// measure hands b.N things in, rate of them a second (0: as many as go).
func measure(b *testing.B, dsn string, rate int, running bool) {
	f := newFixture(b, dbtest.Open(b, dsn, schemas...), func(c *Config) { c.Now = clock.System })
	ctx, stop := context.WithCancel(b.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		if running {
			f.Run(ctx)
		}
	}()
	defer func() { stop(); <-stopped }()
	b.ResetTimer()
	took, spent := clock.Stopwatch(), cpuTime()
	answers := f.handIn(b.N, rate)
	handed := took()
	for running && f.servedSize() < int64(b.N) {
		time.Sleep(10 * time.Millisecond)
	}
	b.StopTimer()
	slices.Sort(answers)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64((cpuTime()-spent).Microseconds())/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(b.N)/took().Seconds(), "published/s")
	b.ReportMetric(float64(b.N)/handed.Seconds(), "answers/s")
	b.ReportMetric(ms(answers[len(answers)/2]), "p50-ms")
	b.ReportMetric(ms(answers[len(answers)*99/100]), "p99-ms")
	b.ReportMetric(ms(answers[len(answers)-1]), "max-ms")
}

// cpuTime is what the process has used, which a busy machine changes little.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (f *fixture) servedSize() int64 {
	l, err := getLog(f.t.Context(), f.d.Read())
	if err != nil {
		f.t.Fatal(err)
	}
	return l.ServedSize
}

// handIn hands n things in from many writers, who share transactions as intake does, and
// returns how long each answer took, from when it was due.
func (f *fixture) handIn(n, rate int) []time.Duration {
	answers := make([]time.Duration, n)
	batch := db.NewBatch(writers, 4, func(ctx context.Context, taken []Taken) error {
		return f.d.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return f.ReceivedTx(ctx, tx, taken...) })
	})
	defer batch.Close()
	var next atomic.Int64
	var wg sync.WaitGroup
	since := clock.Stopwatch()
	for range writers {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				due := since()
				if rate > 0 {
					due = time.Duration(i) * time.Second / time.Duration(rate)
					time.Sleep(due - since())
				}
				taken, err := f.Take(Submission{Class: "tip", Due: "acceptance"})
				if err != nil {
					f.t.Error(err)
				}
				if err := batch.Submit(f.t.Context(), taken); err != nil {
					f.t.Error(err)
				}
				answers[i] = since() - due
			}
		})
	}
	wg.Wait()
	return answers
}
