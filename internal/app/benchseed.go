// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"anlan/internal/auth"
	"anlan/internal/hazard"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// benchSeeder fills databases for the benchmarks.
type benchSeeder struct{}

// Size of the county that is measured.
const (
	benchTowns    = 12
	benchUnits    = 60
	benchReporter = 64 // reports under way at once while filling
	benchLogin    = "bench"
	benchPassword = "county-clerk-2020"
)

const benchCounty = place.Path("cn/99/9901/990101/")

// benchWorld is a county with an office, towns and units.
type benchWorld struct {
	*App
	ctx           context.Context // of the operator
	towns         []place.Path
	units         []*org.Unit
	office, clerk string
}

func (benchSeeder) open(ctx context.Context, data, dsn string) (*benchWorld, error) {
	a, err := Open(ctx, Storage{Data: data, DB: dsn}, "", clock.System)
	if err != nil {
		return nil, err
	}
	w := &benchWorld{App: a, ctx: actor.With(ctx, org.Operator())}
	if err := w.found(); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return w, nil
}

func (w *benchWorld) found() error {
	at := place.Nation
	for _, r := range [][2]string{{"99", "示范省"}, {"9901", "示范市"}, {"990101", "示范县"}} {
		at = at.Child(r[0])
		if err := w.Org.AddRegion(w.ctx, org.Region{Path: at, Name: r[1]}); err != nil {
			return err
		}
	}
	for i := range benchTowns {
		p := benchCounty.Child(fmt.Sprintf("990101%03d", i+1))
		if err := w.Org.AddRegion(w.ctx, org.Region{Path: p, Name: fmt.Sprintf("示范%d镇", i+1)}); err != nil {
			return err
		}
		w.towns = append(w.towns, p)
	}
	office := &org.Unit{Name: "示范县安全生产委员会办公室", Kind: org.UnitOffice, Place: benchCounty}
	if err := w.Org.AddUnit(w.ctx, office); err != nil {
		return err
	}
	for i := range benchUnits {
		u := &org.Unit{Name: fmt.Sprintf("示范第%d机械厂", i+1), Kind: org.UnitEnterprise, Place: w.towns[i%benchTowns], Lines: []string{"industry_trade"}}
		if err := w.Org.AddUnit(w.ctx, u); err != nil {
			return err
		}
		w.units = append(w.units, u)
	}
	clerk := &org.Person{Name: "林安"}
	if err := w.Org.AddPerson(w.ctx, clerk, org.Membership{UnitID: office.ID, Main: true}); err != nil {
		return err
	}
	w.office, w.clerk = office.ID, clerk.ID
	if err := w.Org.GrantRole(w.ctx, &org.Grant{PersonID: clerk.ID, UnitID: office.ID, Role: "office_clerk"}); err != nil {
		return err
	}
	return w.Auth.CreateDemoAccount(w.ctx, clerk.ID, benchLogin, benchPassword)
}

// County makes the county and returns one of its towns.
func (s benchSeeder) County(ctx context.Context, data, dsn string) (string, error) {
	w, err := s.open(ctx, data, dsn)
	if err != nil {
		return "", err
	}
	return string(w.towns[0]), w.Close()
}

// Words of the reports that fill a list: any two of them meet in some hundreds of reports.
var (
	benchPlaces = []string{"一车间", "二号仓库", "三楼东侧", "食堂后厨", "配电房", "装卸平台", "员工宿舍", "锅炉房", "喷漆间", "地下车库",
		"污水池", "原料罐区", "办公楼大厅", "屋顶平台", "电梯机房", "空压机房", "门卫室", "化验室", "冲压线", "打包区",
		"充电棚", "垃圾站", "北门通道", "液氨机房"}
	benchFaults = []string{"安全出口堵塞", "灭火器过期", "电线裸露", "临边没有护栏", "气瓶没有固定", "地面漏油", "防护罩缺失", "通道堆放杂物",
		"没有警示标志", "飞线充电", "应急灯不亮", "消火栓没有水", "叉车超载", "货架变形", "急停按钮失灵", "报警器被遮挡", "吊钩磨损",
		"脚手板断裂", "排风停用", "接地松脱", "卷帘门卡死", "危废混放", "安全带老化", "阀门渗漏", "窗户破碎", "楼梯湿滑", "违规动火",
		"无证操作", "粉尘堆积", "压力表失准"}
)

// Vocabulary tells how many words there are for a place and for a fault.
func (benchSeeder) Vocabulary() (places, faults int) { return len(benchPlaces), len(benchFaults) }

// Hazards adds n reports and returns the session cookie of the county's clerk.
func (s benchSeeder) Hazards(ctx context.Context, data, dsn string, n int) (string, error) {
	w, err := s.open(ctx, data, dsn)
	if err != nil {
		return "", err
	}
	err = errors.Join(w.report(n), w.catchUp(ctx), w.settle(ctx))
	var cookie string
	if err == nil {
		cookie, err = w.signIn()
	}
	return cookie, errors.Join(err, w.Close())
}

// settle does what PostgreSQL would do by itself within a few minutes.
func (w *benchWorld) settle(ctx context.Context) error {
	if !db.IsPG(w.DB.Read()) {
		return nil
	}
	_, err := w.DB.SQL().ExecContext(ctx, "VACUUM (ANALYZE)")
	return err
}

func (w *benchWorld) signIn() (string, error) {
	o, err := w.Auth.SignIn(w.ctx, auth.Credentials{Login: benchLogin, Password: benchPassword,
		From: auth.Origin{Address: "127.0.0.1", Device: "bench"}})
	return "anlan_session=" + o.Token, err
}

// report lets the public send n reports, many at once.
func (w *benchWorld) report(n int) error {
	public := actor.With(w.ctx, actor.Actor{Channel: "h5"})
	failed := make(chan error, benchReporter)
	for worker := range benchReporter {
		go func() {
			rnd := rand.New(rand.NewPCG(uint64(worker), 7))
			for i := worker; i < n; i += benchReporter {
				if _, err := w.Hazard.Report(public, w.someReport(rnd, i)); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
	}
	var err error
	for range benchReporter {
		err = errors.Join(err, <-failed)
	}
	return err
}

func (w *benchWorld) someReport(rnd *rand.Rand, i int) hazard.Report {
	spot, fault := benchPlaces[rnd.IntN(len(benchPlaces))], benchFaults[rnd.IntN(len(benchFaults))]
	r := hazard.Report{Words: fmt.Sprintf("%s%s，编号%d，请尽快处理。", spot, fault, i), Spot: spot, Class: "environment"}
	if i%2 == 0 {
		r.UnitCode = w.units[rnd.IntN(len(w.units))].Code
	} else {
		r.Place = w.towns[rnd.IntN(len(w.towns))]
	}
	return r
}

// Rollup writes n entries to the ledger and returns how long the reader of stats
// took to count them.
func (s benchSeeder) Rollup(ctx context.Context, data, dsn string, n int) (time.Duration, error) {
	w, err := s.open(ctx, data, dsn)
	if err != nil {
		return 0, err
	}
	if err := errors.Join(w.catchUp(ctx), w.fillLedger(ctx, n)); err != nil {
		return 0, errors.Join(err, w.Close())
	}
	took := clock.Stopwatch()
	counted := 0
	for {
		k, err := w.Ledger.Step(ctx, w.Stats.Reader())
		if err != nil || k == 0 {
			break
		}
		counted += k
	}
	elapsed := took()
	if counted < n {
		err = fmt.Errorf("counted %d of %d entries", counted, n)
	}
	return elapsed, errors.Join(err, w.Close())
}

// ledgerChunk is how many entries one transaction of fillLedger writes.
const ledgerChunk = 1000

func (w *benchWorld) fillLedger(ctx context.Context, n int) error {
	rnd := rand.New(rand.NewPCG(1, 2))
	for written := 0; written < n; written += ledgerChunk {
		entries := make([]ledger.Entry, ledgerChunk)
		for i := range entries {
			entries[i] = w.someEntry(rnd, float64(written+i)/float64(n))
		}
		if err := w.recordAll(ctx, entries); err != nil {
			return err
		}
	}
	return nil
}

func (w *benchWorld) recordAll(ctx context.Context, entries []ledger.Entry) error {
	return w.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return w.Ledger.Record(ctx, tx, entries...) })
}

// The ledger spans benchSpan in the order of time, but phones send up to benchLate late.
const (
	benchSpan = 60 * 24 * time.Hour
	benchLate = 48 * time.Hour
)

// someEntry is a report or a step of a hazard of some unit; at tells where in the span
// it was recorded, 0 to 1.
func (w *benchWorld) someEntry(rnd *rand.Rand, at float64) ledger.Entry {
	u := w.units[rnd.IntN(len(w.units))]
	recorded := w.Now().Add(-time.Duration((1 - at) * float64(benchSpan)))
	e := ledger.Entry{Kind: "hazard.moved.v1", Place: u.Place, Unit: u.ID, UnitPath: u.GroupPath, Subject: "hazard:" + u.ID,
		Happened:   recorded.Add(-time.Duration(rnd.Int64N(int64(benchLate)))),
		Quantities: []quantity.Quantity{quantity.Of(1, quantity.Items)}}
	e.Facts = []byte(`{"from":"rectifying","to":"accepting","action":"submit","grade":"general","was_grade":"general",` +
		`"class":"environment","accident":"accident_2025:9","source":"public","channel":"h5","reason":"","rule":"","late":false,` +
		`"internal":false,"stopped":false,"reopened":false,"lines":" industry_trade "}`)
	if rnd.IntN(3) == 0 {
		e.Kind = "hazard.reported.v1"
		e.Facts = []byte(`{"source":"public","class":"environment","channel":"h5","danger":false,"internal":false,"lines":""}`)
	}
	return e
}
