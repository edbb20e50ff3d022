// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"

	"filippo.io/age"
	altcha "github.com/altcha-org/altcha-lib-go"

	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
	"anlan/internal/transparency"
)

// phone does what the page does in an informant's phone, over HTTP.
type phone struct {
	w        *world
	from     string // address
	agent    string
	place    place.Path
	unitCode string
	lookup   []byte
	mailbox  *age.X25519Identity
	case_    *age.X25519Identity // of the tip
	channel  string
	files    []map[string]any
	heard    *bytes.Buffer // every byte that came back
}

func newPhone(t testing.TB, w *world) *phone {
	t.Helper()
	p := &phone{w: w, from: "198.51.100.9", agent: "Phone/1", place: hazardtest.Town, lookup: make([]byte, 32), heard: &bytes.Buffer{}}
	rand.Read(p.lookup)
	p.mailbox, p.case_ = identity(t), identity(t)
	return p
}

func identity(t testing.TB) *age.X25519Identity {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	must(t, err)
	return i
}

// reply is what came back.
type reply struct {
	status int
	raw    []byte
	body   map[string]any
}

func (r reply) key() string {
	if fields, ok := r.body["fields"].([]any); ok && len(fields) > 0 {
		return fields[0].(map[string]any)["key"].(string)
	}
	s, _ := r.body["key"].(string)
	return s
}

func (r reply) text(name string) string { s, _ := r.body[name].(string); return s }

func (p *phone) do(t testing.TB, method, path string, body any, headers ...string) reply {
	t.Helper()
	raw, ok := body.([]byte)
	if !ok && body != nil {
		var err error
		raw, err = json.Marshal(body)
		must(t, err)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, httpapi.Prefix+path, bytes.NewReader(raw))
	r.RemoteAddr = "127.0.0.1:4711" // the proxy in front
	r.Header.Set("X-Forwarded-For", p.from)
	r.Header.Set("User-Agent", p.agent)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Content-Length", strconv.Itoa(len(raw)))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	p.w.handler.ServeHTTP(rec, r)
	out := reply{status: rec.Code, raw: rec.Body.Bytes()}
	json.Unmarshal(out.raw, &out.body)
	p.heard.WriteString(http.StatusText(rec.Code))
	for name, values := range rec.Header() {
		for _, v := range values {
			p.heard.WriteString(name + ": " + v + "\n")
		}
	}
	p.heard.Write(out.raw)
	return out
}

// ask finds out whom to write to.
func (p *phone) ask(t testing.TB) reply {
	t.Helper()
	path := "/public/tips/channel?place=" + url.QueryEscape(string(p.place))
	if p.unitCode != "" {
		path += "&unit_code=" + p.unitCode
	}
	r := p.do(t, "GET", path, nil)
	if c, ok := r.body["channel"].(map[string]any); ok {
		p.channel = c["id"].(string)
	}
	return r
}

// solve does the work that it is asked for.
func (p *phone) solve(t testing.TB) (solution string, most int64) {
	t.Helper()
	r := p.do(t, "GET", "/public/tips/work", nil)
	if r.status != http.StatusOK {
		t.Fatalf("work: %d %s", r.status, r.raw)
	}
	most = int64(r.body["maxnumber"].(float64))
	s, err := altcha.SolveChallenge(r.text("challenge"), r.text("salt"), altcha.SHA256, int(most), 0, nil)
	must(t, err)
	if s == nil {
		t.Fatal("the challenge has no solution")
	}
	b, err := json.Marshal(altcha.Payload{Algorithm: r.text("algorithm"), Challenge: r.text("challenge"), Number: int64(s.Number),
		Salt: r.text("salt"), Signature: r.text("signature")})
	must(t, err)
	return base64.StdEncoding.EncodeToString(b), most
}

// permit works for a permit.
func (p *phone) permit(t testing.TB) string {
	t.Helper()
	solution, _ := p.solve(t)
	r := p.do(t, "POST", "/public/tips/permits", map[string]any{"work": solution})
	if r.status != http.StatusOK {
		t.Fatalf("permit: %d %s", r.status, r.raw)
	}
	return r.text("permit")
}

func sealTo(t testing.TB, plain []byte, to ...age.Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to...)
	must(t, err)
	_, err = w.Write(plain)
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

func openWith(t testing.TB, sealed []byte, id age.Identity) []byte {
	t.Helper()
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	must(t, err)
	plain, err := io.ReadAll(r)
	must(t, err)
	return plain
}

// pad is v as JSON, with spaces up to size bytes.
func pad(t testing.TB, v any, size int) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return append(b, bytes.Repeat([]byte{' '}, size-len(b))...)
}

// file seals and sends a file, and notes it for the next tip or message.
func (p *phone) file(t testing.TB, permit string, plain []byte) (name string, sealed []byte) {
	t.Helper()
	b := make([]byte, 16)
	rand.Read(b)
	name, sealed = hex.EncodeToString(b), sealTo(t, plain, p.case_.Recipient())
	if r := p.put(t, permit, name, sealed); r.status != http.StatusNoContent {
		t.Fatalf("file: %d %s", r.status, r.raw)
	}
	sum := sha256.Sum256(sealed)
	p.files = append(p.files, map[string]any{"name": name, "size": len(sealed), "sha256": sum[:]})
	return name, sealed
}

func (p *phone) put(t testing.TB, permit, name string, sealed []byte) reply {
	t.Helper()
	return p.do(t, "PUT", "/public/tips/files/"+name, sealed, "Content-Type", "application/octet-stream", "Tip-Permit", permit)
}

// tip seals what somebody says.
func (p *phone) tip(t testing.TB, content map[string]any) map[string]any {
	t.Helper()
	key, err := age.ParseX25519Recipient(p.w.keys.recipient(p.channel))
	must(t, err)
	b := map[string]any{"channel_id": p.channel, "generation": p.w.keys.generation(p.channel), "place": p.place, "class": "illegal",
		"case_recipient": p.case_.Recipient().String(), "mailbox_recipient": p.mailbox.Recipient().String(),
		"lookup": base64.RawURLEncoding.EncodeToString(p.lookup), "envelope": sealTo(t, []byte(p.case_.String()), key),
		"content": sealTo(t, pad(t, content, 2<<10), p.case_.Recipient())}
	if p.unitCode != "" {
		b["unit_code"] = p.unitCode
	}
	if p.files != nil {
		b["files"] = p.files
		p.files = nil
	}
	return b
}

var words = map[string]any{"v": 1, "words": "动火作业没有审批"}

func (p *phone) submit(t testing.TB, permit string, body map[string]any) reply {
	t.Helper()
	return p.do(t, "POST", "/public/tips", body, "Tip-Permit", permit, "Idempotency-Key", "tip-0123456789abcdef")
}

// send hands a plain tip in and returns the receipt.
func (p *phone) send(t testing.TB) reply {
	t.Helper()
	if r := p.ask(t); r.status != http.StatusOK {
		t.Fatalf("channel: %d %s", r.status, r.raw)
	}
	r := p.submit(t, p.permit(t), p.tip(t, words))
	if r.status != http.StatusCreated {
		t.Fatalf("submit: %d %s", r.status, r.raw)
	}
	return r
}

// follow asks what became of the tip, and opens the answer when it can be opened.
func (p *phone) follow(t testing.TB) (reply, map[string]any) {
	t.Helper()
	r := p.do(t, "POST", "/public/tips/follow", map[string]any{"lookup": base64.RawURLEncoding.EncodeToString(p.lookup)})
	if r.status != http.StatusOK {
		t.Fatalf("follow: %d %s", r.status, r.raw)
	}
	return r, p.read(t, r)
}

// read opens an answer; nil when the mailbox does not open it.
func (p *phone) read(t testing.TB, r reply) map[string]any {
	t.Helper()
	sealed, err := base64.StdEncoding.DecodeString(r.text("sealed"))
	must(t, err)
	open, err := age.Decrypt(bytes.NewReader(sealed), p.mailbox)
	if err != nil {
		return nil
	}
	plain, err := io.ReadAll(open)
	must(t, err)
	if len(plain) != 16<<10 {
		t.Errorf("an answer of %d bytes", len(plain))
	}
	var said map[string]any
	must(t, json.Unmarshal(plain, &said))
	return said
}

// write puts a message into the mailbox.
func (p *phone) write(t testing.TB, permit, kind, key string, content map[string]any) reply {
	t.Helper()
	b := map[string]any{"lookup": base64.RawURLEncoding.EncodeToString(p.lookup), "kind": kind,
		"sealed": sealTo(t, pad(t, content, 2<<10), p.case_.Recipient(), p.mailbox.Recipient())}
	if p.files != nil {
		b["files"] = p.files
		p.files = nil
	}
	return p.do(t, "POST", "/public/tips/messages", b, "Tip-Permit", permit, "Idempotency-Key", key)
}

// commitment recomputes what the leaf of a receipt commits to, from what was sent.
func commitment(t testing.TB, r reply) transparency.Hash {
	t.Helper()
	o := r.body["opening"].(map[string]any)
	b := func(name string) transparency.Hash {
		raw, err := base64.StdEncoding.DecodeString(o[name].(string))
		must(t, err)
		return transparency.Hash(raw)
	}
	return transparency.Commit([transparency.SaltSize]byte(b("salt")), b("content"), b("evidence"))
}
