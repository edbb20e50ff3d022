// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// load sends requests over keep-alive connections, each waiting for its answer,
// and does as little as it can itself: it shares the machine with the server.
type load struct {
	addr        string
	connections int
	duration    time.Duration
	timeout     time.Duration
	// request returns the bytes of the n-th request of a connection.
	request func(connection, n int) []byte
	// acked is called with the body of each answer 2xx; it may be nil.
	acked func(connection, n int, body []byte)
	// onError is called when a connection breaks; nil makes it an error of the run.
	onError func(err error)
}

// tally is what came of a load.
type tally struct {
	took    []time.Duration // of the answers 2xx
	refused int             // other answers
	first   string          // status line of the first refusal
	elapsed time.Duration
}

func (t *tally) perSecond() float64 { return float64(len(t.took)) / t.elapsed.Seconds() }

// percentile returns the time in ms that p percent of the answers did not exceed.
func (t *tally) percentile(p float64) float64 {
	if len(t.took) == 0 {
		return 0
	}
	i := min(len(t.took)-1, int(float64(len(t.took))*p/100))
	return float64(t.took[i].Microseconds()) / 1000
}

func (t *tally) figures() map[string]float64 {
	return map[string]float64{"per_second": round(t.perSecond()), "p50_ms": t.percentile(50), "p99_ms": t.percentile(99),
		"answers": float64(len(t.took)), "refused": float64(t.refused)}
}

func round(f float64) float64 { return float64(int64(f + 0.5)) }

func (l load) run(ctx context.Context) (*tally, error) {
	ctx, cancel := context.WithTimeout(ctx, l.duration)
	defer cancel()
	parts := make([]tally, l.connections)
	failures := make([]error, l.connections)
	begin := now()
	var wg sync.WaitGroup
	for c := range l.connections {
		wg.Go(func() { failures[c] = l.connection(ctx, c, &parts[c]) })
	}
	wg.Wait()
	total := &tally{elapsed: now().Sub(begin)}
	for _, p := range parts {
		total.took = append(total.took, p.took...)
		total.refused += p.refused
		if total.first == "" {
			total.first = p.first
		}
	}
	slices.Sort(total.took)
	return total, errors.Join(failures...)
}

func (l load) connection(ctx context.Context, c int, t *tally) error {
	n := 0
	for ctx.Err() == nil {
		err := l.talk(ctx, c, &n, t)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if l.onError == nil {
			return err
		}
		l.onError(err)
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// talk sends requests over one connection until ctx ends or the connection breaks.
func (l load) talk(ctx context.Context, c int, n *int, t *tally) error {
	conn, err := net.Dial("tcp", l.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 16<<10)
	for ctx.Err() == nil {
		request := l.request(c, *n)
		begin := now()
		conn.SetDeadline(begin.Add(l.timeout))
		if _, err := conn.Write(request); err != nil {
			return err
		}
		status, body, err := answer(r)
		if err != nil {
			return err
		}
		if status < 200 || status > 299 {
			t.refused++
			if t.first == "" {
				t.first = fmt.Sprintf("%d %.300s", status, body)
			}
		} else {
			t.took = append(t.took, now().Sub(begin))
			if l.acked != nil {
				l.acked(c, *n, body)
			}
		}
		*n++
	}
	return nil
}

// answer reads one HTTP/1.1 answer.
func answer(r *bufio.Reader) (status int, body []byte, err error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	if len(line) < 12 {
		return 0, nil, errors.New("not an HTTP answer")
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, err
	}
	length, chunked := 0, false
	for {
		line, err = r.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		if len(line) <= 2 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch value = bytes.TrimSpace(value); {
		case bytes.EqualFold(name, []byte("Content-Length")):
			length, err = strconv.Atoi(string(value))
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
		if err != nil {
			return 0, nil, err
		}
	}
	if chunked {
		body, err = readChunks(r)
		return status, body, err
	}
	body = make([]byte, length)
	_, err = io.ReadFull(r, body)
	return status, body, err
}

func readChunks(r *bufio.Reader) ([]byte, error) {
	var body []byte
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return nil, err
		}
		chunk := make([]byte, size+2)
		if _, err := io.ReadFull(r, chunk); err != nil {
			return nil, err
		}
		if size == 0 {
			return body, nil
		}
		body = append(body, chunk[:size]...)
	}
}

// post returns the bytes of a POST with the given headers ("Name: value").
func post(addr, path string, body []byte, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", path, addr, len(body))
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// get returns the bytes of a GET with the given headers.
func get(addr, path string, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", http.MethodGet, path, addr)
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}
