// SPDX-License-Identifier: Apache-2.0

package hazard_test

import (
	"context"
	"runtime"
	"syscall"
	"testing"
	"time"

	"anlan/internal/hazard"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/id"
	"anlan/internal/platform/db/dbtest"
)

func BenchmarkReport(b *testing.B) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLiteDSN, "postgres": dbtest.PostgresDSN} {
		b.Run(name, func(b *testing.B) {
			w := hazardtest.Open(b, dbtest.Open(b, dsn(b), hazardtest.Migrations()...))
			ctx := actor.With(context.Background(), actor.Actor{Channel: "h5"})
			b.SetParallelism(64 / runtime.GOMAXPROCS(0))
			spent := cpuTime(b)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_, err := w.Report(ctx, hazard.Report{Words: "三号仓库东侧安全出口被纸箱和木托盘堵塞，应急灯不亮，地面有油污，请尽快处理。",
						Place: hazardtest.Town, Spot: "三号仓库东侧", Class: "environment", Found: time.Date(2027, 6, 7, 0, 30, 0, 0, time.UTC),
						Key: id.Code(32)})
					if err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
			b.ReportMetric(float64((cpuTime(b)-spent).Microseconds())/float64(b.N), "cpu-µs/report")
		})
	}
}

// cpuTime returns what this process has used: on a busy machine it says more than the clock.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
