// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"filippo.io/age"
)

// sealedTip is what all phones of a run send: sealed once, because sealing is the phone's
// work and the phones share the machine with the server. Each tip has its own query code.
type sealedTip struct {
	body   map[string]any
	file   []byte
	sum    [sha256.Size]byte
	office string
}

// sealTip asks whom to seal to and seals a tip and a file.
func sealTip(addr, town string) (*sealedTip, error) {
	var a struct {
		Channel struct {
			ID        string `json:"id"`
			Statement string `json:"statement"`
		} `json:"channel"`
	}
	if err := getJSON(addr, "/api/v1/public/tips/channel?place="+url.QueryEscape(town), &a); err != nil {
		return nil, err
	}
	lines := strings.Split(a.Channel.Statement, "\n")
	if len(lines) < 7 {
		return nil, fmt.Errorf("no statement: %q", a.Channel.Statement)
	}
	office, err := age.ParseX25519Recipient(lines[6])
	if err != nil {
		return nil, err
	}
	case_, err := age.GenerateX25519Identity()
	mailbox, errMailbox := age.GenerateX25519Identity()
	envelope, errEnvelope := sealed([]byte(case_.String()), office)
	content, errContent := sealed(bytes.Repeat([]byte{' '}, 2<<10), case_.Recipient())
	photo := make([]byte, tipFile)
	rand.Read(photo)
	file, errFile := sealed(photo, case_.Recipient())
	if err := errors.Join(err, errMailbox, errEnvelope, errContent, errFile); err != nil {
		return nil, err
	}
	return &sealedTip{file: file, sum: sha256.Sum256(file), body: map[string]any{"channel_id": a.Channel.ID, "generation": 1, "place": town,
		"class": "illegal", "case_recipient": case_.Recipient().String(), "mailbox_recipient": mailbox.Recipient().String(),
		"envelope": envelope, "content": content}}, nil
}

func sealed(plain []byte, to age.Recipient) ([]byte, error) {
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(plain)
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

func getJSON(addr, path string, out any) error {
	res, err := http.Get("http://" + addr + path)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %d %.300s", path, res.StatusCode, b)
	}
	return json.Unmarshal(b, out)
}

// awaitProof asks for the proof of a leaf until it is there.
func awaitProof(addr, leaf string) error {
	for begin := now(); now().Sub(begin) < time.Minute; time.Sleep(50 * time.Millisecond) {
		res, err := http.Get("http://" + addr + "/log/proof/" + leaf)
		if err != nil {
			return err
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return nil
		}
	}
	return fmt.Errorf("leaf %s is not in the log", leaf)
}

// fleet is a number of phones, each sending one tip after the other.
type fleet struct {
	tips     *tipRun
	phones   int
	rate     int // tips a second of all together; 0: as fast as they go
	withFile bool
	received func(begin time.Time, leaf string)
	sent     func(body []byte)            // before a tip goes out
	acked    func(body []byte, no string) // after it was acknowledged
	broken   func()                       // a connection broke; nil: that is an error
}

func (t *tipRun) fleet(phones, rate int, withFile bool) *fleet {
	return &fleet{tips: t, phones: phones, rate: rate, withFile: withFile}
}

// run sends tips for so long.
func (f *fleet) run(ctx context.Context, long time.Duration) (*tally, error) {
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	parts, failures := make([]tally, f.phones), make([]error, f.phones)
	begin := now()
	var wg sync.WaitGroup
	for i := range f.phones {
		wg.Go(func() { failures[i] = f.phone(ctx, i, &parts[i]) })
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

// phone sends one tip after the other over a connection.
func (f *fleet) phone(ctx context.Context, i int, t *tally) error {
	conn, err := net.Dial("tcp", f.tips.p.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	line := &wire{conn: conn, r: bufio.NewReaderSize(conn, 16<<10), timeout: f.tips.o.Timeout, addr: f.tips.p.addr}
	start := now()
	for n := 0; ctx.Err() == nil; n++ {
		if f.rate > 0 { // this one's turn comes after those of the others
			turn := time.Duration(n*f.phones+i) * time.Second / time.Duration(f.rate)
			if wait := turn - now().Sub(start); wait > 0 {
				select {
				case <-ctx.Done():
					return nil
				case <-time.After(wait):
				}
			}
		}
		begin := now()
		err := f.tip(line, begin)
		switch refusal := (*refused)(nil); {
		case errors.As(err, &refusal):
			t.refused++
			if t.first == "" {
				t.first = refusal.Error()
			}
		case err != nil && f.broken != nil:
			f.broken()
			return nil
		case err != nil:
			return err
		default:
			t.took = append(t.took, now().Sub(begin))
		}
	}
	return nil
}

// tip does what a phone does: asks for work, works, gets a permit, sends the file and the tip.
func (f *fleet) tip(line *wire, begin time.Time) error {
	line.from = fmt.Sprintf("X-Forwarded-For: 10.%d.%d.%d", mathrand.IntN(250), mathrand.IntN(250), 1+mathrand.IntN(250))
	permit, err := line.permit()
	if err != nil {
		return err
	}
	body := map[string]any{}
	for k, v := range f.tips.sealed.body {
		body[k] = v
	}
	lookup, name := make([]byte, 32), make([]byte, 16)
	rand.Read(lookup)
	rand.Read(name)
	body["lookup"] = base64.RawURLEncoding.EncodeToString(lookup)
	if f.withFile {
		s := f.tips.sealed
		path := "/api/v1/public/tips/files/" + hex.EncodeToString(name)
		if _, err := line.say(put(line.addr, path, s.file, "Content-Type: application/octet-stream", "Tip-Permit: "+permit, line.from)); err != nil {
			return err
		}
		body["files"] = []map[string]any{{"name": hex.EncodeToString(name), "size": len(s.file), "sha256": s.sum[:]}}
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return f.submit(line, begin, text, permit)
}

func (f *fleet) submit(line *wire, begin time.Time, text []byte, permit string) error {
	if f.sent != nil {
		f.sent(text)
	}
	got, err := line.say(post(line.addr, "/api/v1/public/tips", text, "Content-Type: application/json", "Tip-Permit: "+permit, line.from))
	if err != nil {
		return err
	}
	var a struct {
		No   string `json:"no"`
		Leaf string `json:"leaf"`
	}
	if err := json.Unmarshal(got, &a); err != nil {
		return err
	}
	if f.received != nil {
		f.received(begin, a.Leaf)
	}
	if f.acked != nil {
		f.acked(text, a.No)
	}
	return nil
}

// wire is a keep-alive connection of a phone.
type wire struct {
	conn    net.Conn
	r       *bufio.Reader
	timeout time.Duration
	addr    string
	from    string // header with the address that the phone says it has
}

// refused is an answer other than 2xx.
type refused struct {
	status int
	body   []byte
}

// Error is that of error.
func (r *refused) Error() string { return fmt.Sprintf("%d %.300s", r.status, r.body) }

// say sends a request and returns the body of a good answer.
func (w *wire) say(request []byte) ([]byte, error) {
	w.conn.SetDeadline(now().Add(w.timeout))
	if _, err := w.conn.Write(request); err != nil {
		return nil, err
	}
	status, body, err := answer(w.r)
	if err != nil {
		return nil, err
	}
	if status < 200 || status > 299 {
		return nil, &refused{status, body}
	}
	return body, nil
}

// permit works for a permit.
func (w *wire) permit() (string, error) {
	got, err := w.say(get(w.addr, "/api/v1/public/tips/work", w.from))
	if err != nil {
		return "", err
	}
	var c struct {
		Algorithm string `json:"algorithm"`
		Challenge string `json:"challenge"`
		MaxNumber int64  `json:"maxnumber"`
		Salt      string `json:"salt"`
		Signature string `json:"signature"`
	}
	if err := json.Unmarshal(got, &c); err != nil {
		return "", err
	}
	n, ok := solve(c.Salt, c.Challenge, c.MaxNumber)
	if !ok {
		return "", errors.New("the challenge has no solution")
	}
	work, err := json.Marshal(map[string]any{"algorithm": c.Algorithm, "challenge": c.Challenge, "number": n, "salt": c.Salt, "signature": c.Signature})
	if err != nil {
		return "", err
	}
	body := []byte(`{"work":"` + base64.StdEncoding.EncodeToString(work) + `"}`)
	if got, err = w.say(post(w.addr, "/api/v1/public/tips/permits", body, "Content-Type: application/json", w.from)); err != nil {
		return "", err
	}
	var p struct {
		Permit string `json:"permit"`
	}
	err = json.Unmarshal(got, &p)
	return p.Permit, err
}

// solve finds the number whose hash after salt is the challenge.
func solve(salt, challenge string, most int64) (int64, bool) {
	want, err := hex.DecodeString(challenge)
	if err != nil {
		return 0, false
	}
	text := []byte(salt)
	for n := range most + 1 {
		if sum := sha256.Sum256(strconv.AppendInt(text, n, 10)); bytes.Equal(sum[:], want) {
			return n, true
		}
	}
	return 0, false
}

// put returns the bytes of a PUT with the given headers.
func put(addr, path string, body []byte, headers ...string) []byte {
	return append([]byte("PUT"), bytes.TrimPrefix(post(addr, path, body, headers...), []byte("POST"))...)
}
