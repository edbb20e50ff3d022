// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"anlan/internal/platform/db/dbtest"
)

// cpu returns how long this process has computed.
func cpu(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkUpload takes photos of 300 KB from 16 senders at once, each checked,
// hashed, durable and entered before it is answered. CPU time per photo is reported
// too, because it does not depend on what else the machine does.
func BenchmarkUpload(b *testing.B) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLiteDSN, "postgres": dbtest.PostgresDSN} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, dbtest.Open(b, dsn(b), schema...))
			h := site(w)
			var photos [4][]byte
			for i := range photos {
				photos[i] = jpegOf(b, scene(1440, 1080, uint64(i)), 90)
			}
			var n atomic.Int64
			b.SetBytes(int64(len(photos[0])))
			b.SetParallelism(8) // per processor
			b.ResetTimer()
			began := cpu(b)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					data := photos[n.Add(1)%int64(len(photos))]
					if a := ask(b, h, "POST", at, data); a.Code != 201 {
						b.Fatalf("%d %s", a.Code, a.Body)
					}
				}
			})
			b.ReportMetric(float64((cpu(b)-began).Microseconds())/1000/float64(b.N), "cpu-ms/photo")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "photos/s")
		})
	}
}
