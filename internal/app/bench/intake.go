// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// What intake must show (docs/guide/operators.md has the reasons).
const (
	intakePerSecond   = 8000.0
	intakeP99         = 25.0 // ms
	intakePostgres    = 6000.0
	overPeerFull      = 2.5
	overPeerDefault   = 1.4
	photoPerSecond    = 150.0
	photoReadySeconds = 2.0
	warmUp            = 2 * time.Second
)

// words make the body about 560 bytes, as a report of a few sentences is.
const words = "二号车间北侧安全出口堆满成品纸箱，门把手上缠着铁链，卷帘门只能升到一半。" +
	"旁边的灭火器箱是空的，应急灯不亮，夜班有三十多人在里面干活，一旦着火根本出不来。" +
	"上周已经跟车间主任说过，到今天还是老样子，反而又多堆了两排货。隔壁车间的人也都知道，请尽快派人来看。"

// report is the JSON body of one report at a town.
func report(town, evidence string) []byte {
	body := map[string]any{"words": words, "place": town, "spot": "二号车间北门", "class": "environment", "danger": false}
	if evidence != "" {
		var ref map[string]string
		json.Unmarshal([]byte(evidence), &ref)
		body["evidence"] = []map[string]string{{"id": ref["id"], "key": ref["key"]}}
	}
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return b
}

// Intake measures how many reports a second are durably accepted.
func Intake(ctx context.Context, o Options) (*Result, error) {
	if o.Photo > 0 {
		return photos(ctx, o)
	}
	r := &Result{Conditions: conditions(o.Scratch)}
	r.Conditions["load"] = fmt.Sprintf("%d keep-alive connections, %d s after %s of warm-up, JSON report of %d bytes, one process, same machine",
		o.Connections, o.Seconds, warmUp, len(report("cn/99/9901/990101/990101001/", "")))
	ours, err := o.intake(ctx, "anlan, SQLite synchronous=FULL", "", r)
	if err != nil {
		return nil, err
	}
	r.expect("reports/s, SQLite FULL", ours.perSecond(), intakePerSecond, false)
	r.expect("p99 ms, SQLite FULL", ours.percentile(99), intakeP99, true)
	if o.Postgres != "" {
		pg, err := o.intake(ctx, "anlan, PostgreSQL", o.Postgres, r)
		if err != nil {
			return nil, err
		}
		r.expect("reports/s, PostgreSQL", pg.perSecond(), intakePostgres, false)
	}
	if !o.Peers {
		return r, nil
	}
	return r, o.intakePeers(ctx, ours, r)
}

// intake loads the product on one database and adds the row.
func (o Options) intake(ctx context.Context, name, dsn string, r *Result) (*tally, error) {
	fmt.Fprintln(o.Progress, name)
	dir := filepath.Join(o.Scratch, fmt.Sprintf("intake-%t", dsn == ""))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	town, err := o.Seed.County(ctx, dir, dsn)
	if err != nil {
		return nil, err
	}
	p, err := o.anlan(ctx, dir, dsn)
	if err != nil {
		return nil, err
	}
	defer p.kill()
	body := report(town, "")
	return o.measure(ctx, p, name, r, func(c, n int) []byte {
		return post(p.addr, "/api/v1/public/hazards", body, "Content-Type: application/json",
			fmt.Sprintf("Idempotency-Key: bench-%06d-%010d", c, n))
	})
}

// measure warms a server up, loads it and adds the row.
func (o Options) measure(ctx context.Context, p *process, name string, r *Result, request func(c, n int) []byte) (*tally, error) {
	l := load{addr: p.addr, connections: o.Connections, duration: warmUp, timeout: o.Timeout,
		request: func(c, n int) []byte { return request(c+o.Connections, n) }}
	if _, err := l.run(ctx); err != nil {
		return nil, fmt.Errorf("warm-up: %w\n%.2000s", err, p.log)
	}
	cpu := p.cpu()
	l.duration, l.request = time.Duration(o.Seconds)*time.Second, request
	t, err := l.run(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w\n%.2000s", err, p.log)
	}
	f := t.figures()
	f["server_cores"], f["resident_mb"] = (p.cpu()-cpu)/t.elapsed.Seconds(), p.resident()
	r.Rows = append(r.Rows, Row{Name: name, Figures: f, Note: t.first})
	return t, nil
}

func (o Options) intakePeers(ctx context.Context, ours *tally, r *Result) error {
	fmt.Fprintln(o.Progress, "building PocketBase")
	exe, err := buildPeer(ctx, "pocketbase", o.Scratch)
	if err != nil {
		return err
	}
	for _, peer := range []struct {
		sync string
		over float64
	}{{"FULL", overPeerFull}, {"NORMAL", overPeerDefault}} {
		name := "PocketBase 0.39.0, synchronous=" + peer.sync
		fmt.Fprintln(o.Progress, name)
		p, err := pocketbase(ctx, exe, filepath.Join(o.Scratch, "pb-"+peer.sync), peer.sync)
		if err != nil {
			return err
		}
		t, err := o.measure(ctx, p, name, r, func(c, n int) []byte {
			body := fmt.Sprintf(`{"words":%q,"place":"cn/99/9901/990101/990101001/","spot":"二号车间北门","class":"environment","danger":false,"key":"bench-%06d-%010d"}`, words, c, n)
			return post(p.addr, "/api/collections/reports/records", []byte(body), "Content-Type: application/json")
		})
		p.kill()
		if err != nil {
			return err
		}
		r.expect("times PocketBase at synchronous="+peer.sync, ours.perSecond()/t.perSecond(), peer.over, false)
	}
	return nil
}
