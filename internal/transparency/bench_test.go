// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

// BenchmarkAppend hands in b.N things from 64 writers while the log runs with a checkpoint
// every second, and reports entries per second until all are published, and how long the
// answers took. Run it with -benchtime=50000x or so. "alone" is the same without the log
// running: what the answers cost by themselves.
func BenchmarkAppend(b *testing.B) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLiteDSN, "postgres": dbtest.PostgresDSN} {
		b.Run(name, func(b *testing.B) { appendAll(b, dsn(b), true) })
		b.Run(name+"/alone", func(b *testing.B) { appendAll(b, dsn(b), false) })
	}
}

func appendAll(b *testing.B, dsn string, running bool) {
	f := newFixture(b, dbtest.Open(b, dsn, schemas...), func(c *Config) { c.Now = clock.System })
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	if running {
		go f.Run(ctx)
	}
	b.ResetTimer()
	took := clock.Stopwatch()
	answers := f.handIn(b.N, 64)
	handed := took()
	for running {
		l, err := getLog(ctx, f.d.Read())
		if err != nil {
			b.Fatal(err)
		}
		if l.ServedSize == int64(b.N) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.StopTimer()
	slices.Sort(answers)
	b.ReportMetric(float64(b.N)/took().Seconds(), "published/s")
	b.ReportMetric(float64(b.N)/handed.Seconds(), "answers/s")
	b.ReportMetric(float64(answers[len(answers)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(answers[len(answers)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(answers[len(answers)-1].Microseconds())/1000, "max-ms")
}

// handIn hands n things in from many writers, who share transactions as intake does, and
// returns how long each answer took.
func (f *fixture) handIn(n, writers int) []time.Duration {
	answers := make([]time.Duration, n)
	var next atomic.Int64
	batch := db.NewBatch(64, 4, func(ctx context.Context, in []Submission) error {
		return f.d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			_, err := f.ReceivedTx(ctx, tx, in...)
			return err
		})
	})
	defer batch.Close()
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				took := clock.Stopwatch()
				if err := batch.Submit(f.t.Context(), Submission{Class: "tip", Due: "acceptance"}); err != nil {
					f.t.Error(err)
				}
				answers[i] = took()
			}
		})
	}
	wg.Wait()
	return answers
}
