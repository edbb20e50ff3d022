// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/uptrace/bun"
)

// recorder notes the statements that a database is asked, without their values.
type recorder struct {
	mu  sync.Mutex
	did []string
}

var values = regexp.MustCompile(`'[^']*'|\b[0-9]+\b|\bX'[0-9A-Fa-f]*'`)

func (r *recorder) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (r *recorder) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.did = append(r.did, values.ReplaceAllString(e.Query, "?"))
}

// TestAWrongCodeTellsNothing compares a right and a wrong query code in all that can be
// seen from outside, and in the work that they make.
func TestAWrongCodeTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, stranger := newPhone(t, w), newPhone(t, w)
		p.send(t)
		for i := range 3 {
			if r := p.write(t, p.permit(t), "answer", fmt.Sprintf("letter-%d-0123456789", i), words); r.status != http.StatusAccepted {
				t.Fatalf("%d %s", r.status, r.raw)
			}
		}
		rec := &recorder{}
		w.DB.Read().(*bun.DB).AddQueryHook(rec)
		p.follow(t) // what is remembered for a while is remembered now
		stranger.follow(t)
		rec.did = nil
		right, said := p.follow(t)
		did := slices.Clone(rec.did)
		rec.did = nil
		wrong, nothing := stranger.follow(t)
		if said == nil || nothing != nil {
			t.Fatalf("opened %v and %v", said, nothing)
		}
		if right.status != wrong.status || len(right.raw) != len(wrong.raw) {
			t.Errorf("%d bytes and %d bytes", len(right.raw), len(wrong.raw))
		}
		if len(did) == 0 || !slices.Equal(did, rec.did) {
			t.Errorf("a right code asks\n%q\na wrong one\n%q", did, rec.did)
		}
		var stanzas [2]string
		for i, r := range []reply{right, wrong} {
			sealed, err := base64.StdEncoding.DecodeString(r.text("sealed"))
			must(t, err)
			head, err := age.ExtractHeader(bytes.NewReader(sealed))
			must(t, err)
			stanzas[i] = regexp.MustCompile(`(?m)^[0-9A-Za-z+/]{30,}$|X25519 \S+|--- \S+`).ReplaceAllString(string(head), "*")
		}
		if stanzas[0] != stanzas[1] {
			t.Errorf("headers\n%s\n%s", stanzas[0], stanzas[1])
		}
	})
}

// TestAWrongCodeWritesNothing: a letter to no tip gets the answer of one that arrived.
func TestAWrongCodeWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, stranger := newPhone(t, w), newPhone(t, w)
		p.send(t)
		var replies []reply
		for _, q := range []*phone{p, stranger} {
			permit := q.permit(t)
			first := q.write(t, permit, "answer", "letter-0123456789abc", words)
			replies = append(replies, first, q.write(t, permit, "answer", "letter-0123456789abc", words),
				q.write(t, permit, "answer", "letter-of-another-key", words), q.write(t, "", "answer", "letter-0123456789abc", words))
		}
		for i := range 4 {
			strip := regexp.MustCompile(`"trace":"[^"]*"`)
			a, b := replies[i], replies[4+i]
			if a.status != b.status || !bytes.Equal(strip.ReplaceAll(a.raw, nil), strip.ReplaceAll(b.raw, nil)) {
				t.Errorf("letter %d: %d %s and %d %s", i, a.status, a.raw, b.status, b.raw)
			}
		}
		for i, want := range []int{202, 202, 409, 403} {
			if replies[i].status != want {
				t.Errorf("letter %d: %d, want %d", i, replies[i].status, want)
			}
		}
		if n := count(t, w, "tip_message"); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestLettersArriveOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		p.send(t)
		permit := p.permit(t)
		p.file(t, permit, []byte("another picture"))
		files := p.files
		if r := p.write(t, permit, "identify", "letter-0123456789abc", map[string]any{"name": "某某"}); r.status != http.StatusAccepted {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		p.files = files
		if r := p.write(t, permit, "identify", "letter-0123456789abc", map[string]any{"name": "某某"}); r.status != http.StatusAccepted {
			t.Fatalf("again: %d %s", r.status, r.raw)
		}
		if n := count(t, w, "tip_message"); n != 1 {
			t.Errorf("%d messages", n)
		}
		if n := count(t, w, "tip_file WHERE tip_id <> ''"); n != 1 {
			t.Errorf("%d files came to the tip", n)
		}
		if n := count(t, w, "tip_tip WHERE named AND unread = 1"); n != 1 {
			t.Error("the tip is not named, or counts its letters wrongly")
		}
		_, said := p.follow(t)
		m := said["messages"].([]any)[0].(map[string]any)
		if m["from"] != "you" || m["kind"] != "identify" || m["day"] != "2027-06-07" || fmt.Sprint(said["may"]) != "[message withdraw]" {
			t.Errorf("followed %v", said)
		}
		sealed, err := base64.StdEncoding.DecodeString(m["sealed"].(string))
		must(t, err)
		if plain := openWith(t, sealed, p.mailbox); !bytes.Contains(plain, []byte("某某")) {
			t.Errorf("the mailbox holds %q", plain)
		}
	})
}

// TestALongTalkComesInParts: answers are as long as ever, and nothing is left out.
func TestALongTalkComesInParts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		p.send(t)
		const letters = 9
		for i := range letters {
			p.write(t, p.permit(t), "answer", fmt.Sprintf("letter-%d-0123456789", i), words)
		}
		seen, before := []string{}, ""
		for parts := 0; parts < letters; parts++ {
			r := p.do(t, "POST", "/public/tips/follow", map[string]any{"lookup": base64.RawURLEncoding.EncodeToString(p.lookup), "before": before})
			said := p.read(t, r)
			var part []string
			for _, m := range said["messages"].([]any) {
				part = append(part, m.(map[string]any)["id"].(string))
			}
			seen = append(part, seen...)
			if said["more"] != true {
				break
			}
			before = part[0]
		}
		if slices.Sort(seen); len(slices.Compact(seen)) != letters {
			t.Errorf("%d of %d messages", len(seen), letters)
		}
	})
}

// TestGuessesAreSlowedAndOwnersAreNot: after many wrong codes the next wrong one waits,
// the right one does not.
func TestGuessesAreSlowedAndOwnersAreNot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		p.send(t)
		var wg sync.WaitGroup
		for range 122 {
			guess := make([]byte, 32)
			rand.Read(guess)
			wg.Go(func() { w.tips.Follow(t.Context(), guess, "") })
		}
		timed := func(lookup []byte) time.Duration {
			begin := time.Now()
			_, err := w.tips.Follow(t.Context(), lookup, "")
			must(t, err)
			return time.Since(begin)
		}
		wg.Wait()
		stranger := newPhone(t, w)
		right, wrong := timed(p.lookup), timed(stranger.lookup)
		if wrong < 1400*time.Millisecond || right >= time.Second {
			t.Errorf("a right code took %s, a wrong one %s", right, wrong)
		}
	})
}
