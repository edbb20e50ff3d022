// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

const (
	listHazards     = 200_000
	listConnections = 16
	listP99         = 50.0 // ms
	deepPages       = 40   // how many pages down the deep page lies
)

// List measures the first page, a deep page and searches of two words over 200,000
// hazards. Two common words that no hazard has together are the most that a search can cost.
func List(ctx context.Context, o Options) (*Result, error) {
	r := &Result{Conditions: conditions(o.Scratch)}
	r.Conditions["load"] = fmt.Sprintf("%d keep-alive connections, %d s each, %d hazards, 50 a page, a county clerk's session",
		listConnections, o.Seconds, listHazards)
	places, faults := o.Seed.Vocabulary()
	r.Conditions["words"] = fmt.Sprintf("each hazard names one of %d places and one of %d faults, at random, and its own number", places, faults)
	if err := o.list(ctx, "SQLite", "", r); err != nil {
		return nil, err
	}
	if o.Postgres != "" {
		if err := o.list(ctx, "PostgreSQL", o.Postgres, r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (o Options) list(ctx context.Context, name, dsn string, r *Result) error {
	fmt.Fprintln(o.Progress, "filling", name)
	dir := filepath.Join(o.Scratch, "list-"+name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	cookie, err := o.Seed.Hazards(ctx, dir, dsn, listHazards)
	if err != nil {
		return err
	}
	p, err := o.anlan(ctx, dir, dsn)
	if err != nil {
		return err
	}
	defer p.kill()
	deep, err := deepCursor(p.addr, cookie)
	if err != nil {
		return err
	}
	for _, q := range []struct{ name, query string }{
		{"first page", "limit=50"},
		{"deep page", "limit=50&cursor=" + url.QueryEscape(deep)},
		{"search 仓库 灭火器", "limit=50&q=" + url.QueryEscape("仓库 灭火器")},
		{"search 出口 灭火器, never together", "limit=50&q=" + url.QueryEscape("出口 灭火器")},
	} {
		request := get(p.addr, "/api/v1/hazards?"+q.query, "Cookie: "+cookie)
		l := load{addr: p.addr, connections: listConnections, duration: time.Duration(o.Seconds) * time.Second,
			timeout: o.Timeout, request: func(int, int) []byte { return request }}
		t, err := l.run(ctx)
		if err != nil {
			return fmt.Errorf("%w\n%.2000s", err, p.log)
		}
		r.Rows = append(r.Rows, Row{Name: name + ", " + q.name, Figures: t.figures(), Note: t.first})
		r.expect("p99 ms, "+name+", "+q.name, t.percentile(99), listP99, true)
	}
	return nil
}

// deepCursor walks down the list to the cursor of a deep page.
func deepCursor(addr, cookie string) (string, error) {
	cursor := ""
	for range deepPages {
		req, err := http.NewRequest(http.MethodGet, "http://"+addr+"/api/v1/hazards?limit=200&cursor="+url.QueryEscape(cursor), nil)
		if err != nil {
			return "", err
		}
		req.Header.Set("Cookie", cookie)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return "", err
		}
		var page struct {
			Next string `json:"next"`
		}
		err = json.NewDecoder(res.Body).Decode(&page)
		res.Body.Close()
		if err != nil {
			return "", err
		}
		if page.Next == "" {
			return "", fmt.Errorf("the list ended early (status %d)", res.StatusCode)
		}
		cursor = page.Next
	}
	return cursor, nil
}
