// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// tipBook remembers what was sent, and the numbers of what was acknowledged.
type tipBook struct {
	mu    sync.Mutex
	sent  [][]byte
	acked map[string]string // number by body
}

func (b *tipBook) note(body []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, body)
}

func (b *tipBook) ack(body []byte, no string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.acked[string(body)] = no
}

// crash kills the server under load, some times, and then sends every tip again as a phone
// does that heard nothing: each must be one tip, and those that were acknowledged the same.
// It returns the server that runs at the end.
func (t *tipRun) crash(ctx context.Context, dir, dsn string) (*process, error) {
	if err := t.p.stop(); err != nil {
		return t.p, err
	}
	before, _, err := t.o.Seed.TipCount(ctx, dir, dsn)
	if err != nil {
		return t.p, err
	}
	book := &tipBook{acked: map[string]string{}}
	for round := range min(t.o.Rounds, tipCrashRounds) {
		fmt.Fprintf(t.o.Progress, "%s: kill -9, round %d\n", t.name, round+1)
		if err := t.crashRound(ctx, dir, dsn, book); err != nil {
			return t.p, err
		}
	}
	if t.p, err = t.o.anlan(ctx, dir, dsn, tipFlags()...); err != nil {
		return t.p, err
	}
	lost, refused, err := t.sendAgain(book)
	if err != nil {
		return t.p, err
	}
	if err := t.p.stop(); err != nil {
		return t.p, err
	}
	after, leaves, err := t.o.Seed.TipCount(ctx, dir, dsn)
	if err != nil {
		return t.p, err
	}
	doubled := after - before - (len(book.sent) - refused)
	t.r.Rows = append(t.r.Rows, Row{Name: t.name + ", kill -9 under load", Figures: map[string]float64{"rounds": float64(min(t.o.Rounds, tipCrashRounds)),
		"sent": float64(len(book.sent)), "acknowledged": float64(len(book.acked)), "lost": float64(lost), "doubled": float64(doubled),
		"not_stored_at_the_kill": float64(refused), "leaves_without_tip": float64(leaves - after)}})
	t.r.expect("acknowledged tips lost, "+t.name, float64(lost), 0, true)
	t.r.expect("tips doubled, "+t.name, float64(doubled), 0, true)
	t.r.expect("leaves without a tip, "+t.name, float64(leaves-after), 0, true)
	return t.p, nil
}

func (t *tipRun) crashRound(ctx context.Context, dir, dsn string, book *tipBook) error {
	p, err := t.o.anlan(ctx, dir, dsn, tipFlags()...)
	if err != nil {
		return err
	}
	t.p = p
	f := t.fleet(crashConnections, 0, true)
	f.sent, f.acked, f.broken = book.note, book.ack, func() {}
	done := make(chan error, 1)
	go func() { _, err := f.run(ctx, time.Minute); done <- err }()
	time.Sleep(300*time.Millisecond + time.Duration(rand.Int64N(int64(time.Second))))
	p.kill()
	return <-done
}

// sendAgain repeats every tip without its permit. What the server had stored it answers as
// at first; what it had not it refuses for want of a permit.
func (t *tipRun) sendAgain(book *tipBook) (lost, refusals int, err error) {
	conn, err := net.Dial("tcp", t.p.addr)
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close()
	line := &wire{conn: conn, r: bufio.NewReaderSize(conn, 16<<10), timeout: t.o.Timeout, addr: t.p.addr, from: "X-Forwarded-For: 10.9.9.9"}
	for _, body := range book.sent {
		no := ""
		f := &fleet{tips: t, acked: func(_ []byte, got string) { no = got }}
		err := f.submit(line, now(), body, "")
		if refusal := (*refused)(nil); errors.As(err, &refusal) {
			refusals++
		} else if err != nil {
			return 0, 0, err
		}
		if want, acked := book.acked[string(body)]; acked && want != no {
			lost++
		}
	}
	return lost, refusals, nil
}
