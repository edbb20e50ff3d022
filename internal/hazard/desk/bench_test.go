// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/hazard"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/page"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/search"
)

const seeded = 200_000

var (
	benchStatuses = []hazard.Status{hazard.Closed, hazard.Closed, hazard.Closed, hazard.Reported, hazard.Ordered, hazard.Rectifying, hazard.Overdue, hazard.Accepting}
	benchWhere    = strings.Fields("三号仓库 配电室 消防通道 锅炉房 装卸平台 污水池 二层楼梯 加油机 反应釜 电梯间 食堂后厨 宿舍走廊")
	benchWhat     = strings.Fields("被杂物堵塞 线路老化裸露 应急灯不亮 无人值守 护栏缺失 气体报警器失灵 灭火器过期 地面积油 阀门渗漏 未设警示标识")
)

// BenchmarkList lists 200,000 hazards of one county.
func BenchmarkList(b *testing.B) {
	for _, base := range []struct {
		name string
		dsn  func(testing.TB) string
	}{{"sqlite", dbtest.SQLiteDSN}, {"postgres", dbtest.PostgresDSN}} {
		b.Run(base.name, func(b *testing.B) {
			w := hazardtest.Open(b, dbtest.Open(b, base.dsn(b), hazardtest.Migrations()...))
			d := New(Config{Hazards: w.Service})
			seed(b, w)
			client := w.Serve(func(api huma.API) { Mount(api, d) })
			deep := "cursor=" + page.Encode(cursor{Seq: seeded / 10})
			for _, q := range []string{"", deep, "q=通道+应急灯", "q=配电", "status=overdue", "open=true", "sort=due", "place=" + string(hazardtest.Town2),
				"q=没有这个词", "unit=" + w.OtherFirm.ID} {
				b.Run(q[:min(len(q), 20)], func(b *testing.B) {
					var took []time.Duration
					spent := cpuTime()
					for range b.N {
						begin := clock.System()
						if a := client.Do(b, w.Clerk, "GET", "/hazards?limit=50&"+q, nil); a.Status != 200 {
							b.Fatalf("%d %s", a.Status, a.Raw)
						}
						took = append(took, clock.System().Sub(begin))
					}
					slices.Sort(took)
					b.ReportMetric(float64((cpuTime()-spent).Microseconds())/float64(b.N), "cpu-µs/op")
					b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
				})
			}
		})
	}
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// seed writes hazards as they lie in the tables, many at once.
func seed(b *testing.B, w *hazardtest.World) {
	b.Helper()
	const at = 1000
	for from := 1; from <= seeded; from += at {
		err := w.DB.InTx(b.Context(), func(ctx context.Context, tx db.Tx) error {
			hs := make([]*hazard.Hazard, at)
			texts := make([]search.Text, at)
			for i := range hs {
				n := from + i
				hs[i] = benchHazard(w, n)
				texts[i] = search.Text{Seq: int64(n), All: hs[i].Words}
			}
			if _, err := tx.NewInsert().Model(&hs).ModelTableExpr("hazard_hazard").Exec(ctx); err != nil {
				return err
			}
			return search.Put(ctx, tx, table, texts...)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if db.IsPG(w.DB.Read()) {
		w.DB.SQL().ExecContext(b.Context(), "ANALYZE hazard_hazard, hazard_search")
	}
}

func benchHazard(w *hazardtest.World, n int) *hazard.Hazard {
	town, unit := hazardtest.Town, w.Firm
	if n%5 == 0 {
		town, unit = hazardtest.Town2, w.OtherFirm
	}
	created := hazardtest.Start.Add(time.Duration(n-seeded) * time.Minute).UTC()
	h := &hazard.Hazard{Seq: int64(n), ID: fmt.Sprintf("01jz%022d", n), CodeHash: []byte(fmt.Sprintf("%032d", n)), Place: town, County: hazardtest.County,
		Town: town, Source: "public", Channel: "h5", Class: "environment", Created: created, Found: created, Handler: w.Office.ID, Version: 1,
		Words:  fmt.Sprintf("%s%s，%s%s，请尽快处理，编号%d", benchWhere[n%12], benchWhat[n%10], benchWhere[n*7%12], benchWhat[n*3%10], n),
		Status: benchStatuses[n%len(benchStatuses)]}
	if n%400 == 0 {
		h.Unit, h.UnitPath, h.Lines = unit.ID, unit.GroupPath, ",hazchem,"
	}
	if !h.Status.Final() {
		due := created.Add(360 * time.Hour)
		h.Due, h.DueKind, h.Deadline = &due, hazard.ClockRectify, &due
	}
	return h
}
