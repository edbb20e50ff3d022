// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"net/http"
	"sync"
	"testing"
)

// together sends requests of several people at the same moment and counts those granted.
func (w *world) together(t *testing.T, method string, path func(*officer) string, body func(*officer) any, all ...*officer) int {
	t.Helper()
	codes := make([]int, len(all))
	var start, done sync.WaitGroup
	start.Add(1)
	for i, o := range all {
		b := body(o)
		done.Go(func() { start.Wait(); codes[i] = w.ask(t, o, method, path(o), b, nil) })
	}
	start.Done()
	done.Wait()
	granted := 0
	for _, code := range codes {
		switch {
		case code < 300:
			granted++
		case code != http.StatusConflict:
			t.Errorf("answers: %v", codes)
		}
	}
	return granted
}

// TestRaces lets people act at the same moment: one of them was first.
func TestRaces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.prepare(t, false)
		one := func(*officer) string { return c.path() + "/generations" }
		bodies := map[*officer]m{w.zhang: w.proposal(t, c, w.zhang, 1, 2, w.zhang, w.li, w.wang), w.li: w.proposal(t, c, w.li, 1, 2, w.li, w.wang)}
		if n := w.together(t, "POST", one, func(o *officer) any { return bodies[o] }, w.zhang, w.li); n != 1 {
			t.Errorf("%d ceremonies of one number", n)
		}
		w.do(t, w.zhang, "DELETE", c.path()+"/generations/1", nil, nil)

		b := w.proposal(t, c, w.zhang, 2, 2, w.zhang, w.li, w.wang)
		w.do(t, w.zhang, "POST", c.path()+"/generations", b, nil)
		confirm := func(o *officer) any { return m{"signature": o.sign(b["statement"].(string))} }
		if n := w.together(t, "POST", func(*officer) string { return c.path() + "/generations/2/confirm" }, confirm, w.li, w.wang); n != 1 {
			t.Errorf("%d people confirmed", n)
		}

		hand := map[*officer]m{}
		for _, o := range []*officer{w.zhang, w.li} {
			hand[o] = w.handOver(t, c, o, w.zhao, 2, 2, w.zhang, w.li, w.wang, w.zhao)
		}
		if n := w.together(t, "POST", func(*officer) string { return c.path() + "/wraps" }, func(o *officer) any { return hand[o] }, w.zhang, w.li); n != 1 {
			t.Errorf("%d people handed over with shares of different sets", n)
		}

		all := []*officer{w.zhang, w.li, w.wang, w.zhao} // two of them must remain
		own := func(o *officer) string { return c.path() + "/wraps/" + o.id }
		if n := w.together(t, "DELETE", own, func(*officer) any { return nil }, all...); n != 2 {
			t.Errorf("%d of four gave up, of whom two must remain", n)
		}
	})
}
