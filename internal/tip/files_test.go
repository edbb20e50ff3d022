// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"bytes"
	"crypto/sha256"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSealedFiles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		permit := p.permit(t)
		const name = "00112233445566778899aabbccddeeff"
		sealed := sealTo(t, []byte("picture"), p.case_.Recipient())
		other := sealTo(t, []byte("another"), p.case_.Recipient())
		for _, tt := range []struct {
			what, permit, name string
			body               []byte
			status             int
			key                string
		}{
			{"without a permit", "", name, sealed, 403, "tip.needs_permit"},
			{"plain", permit, name, []byte("\xff\xd8\xff\xe0 a photo as it is, with its place"), 422, "tip.not_sealed"},
			{"empty", permit, name, nil, 422, "tip.bad_file"},
			{"bad name", permit, "..%2f..%2fkeys", sealed, 422, "tip.bad_file"},
			{"upper case", permit, strings.ToUpper(name), sealed, 422, "tip.bad_file"},
			{"first", permit, name, sealed, 204, ""},
			{"the same again", permit, name, sealed, 204, ""},
			{"other bytes under the name", permit, name, other, 409, "tip.file_taken"},
		} {
			if r := p.put(t, tt.permit, tt.name, tt.body); r.status != tt.status || r.key() != tt.key {
				t.Errorf("%s: %d %s", tt.what, r.status, r.raw)
			}
		}
		r := p.do(t, "PUT", "/public/tips/files/ff112233445566778899aabbccddeeff", sealed, "Tip-Permit", permit, "Content-Length", strconv.Itoa(30<<20))
		if r.status != http.StatusRequestEntityTooLarge || r.key() != "tip.file_too_large" {
			t.Errorf("too large: %d %s", r.status, r.raw)
		}
		r = p.do(t, "PUT", "/public/tips/files/ff112233445566778899aabbccddeeff", sealed, "Tip-Permit", permit, "Content-Length", strconv.Itoa(len(sealed)+5))
		if r.status != http.StatusUnprocessableEntity || r.key() != "tip.file_interrupted" {
			t.Errorf("broken off: %d %s", r.status, r.raw)
		}
		if n := count(t, w, "tip_file"); n != 1 {
			t.Errorf("%d files", n)
		}
	})
}

func TestAPermitBringsAFewFiles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		permit := p.permit(t)
		for range 7 {
			p.file(t, permit, []byte("picture"))
		}
		r := p.put(t, permit, "00112233445566778899aabbccddeeff", sealTo(t, []byte("one more"), p.case_.Recipient()))
		if r.status != http.StatusTooManyRequests || r.key() != "tip.too_many_files" {
			t.Errorf("%d %s", r.status, r.raw)
		}
	})
}

// TestTheSameFileTwiceAtOnce: one name has one content, whoever is quicker.
func TestTheSameFileTwiceAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		permit := p.permit(t)
		const name = "00112233445566778899aabbccddeeff"
		bodies := [][]byte{sealTo(t, []byte("one"), p.case_.Recipient()), sealTo(t, []byte("two"), p.case_.Recipient())}
		var wg sync.WaitGroup
		status := make([]int, 8)
		for i := range status {
			q := *p
			q.heard = &bytes.Buffer{}
			wg.Go(func() { status[i] = q.put(t, permit, name, bodies[i%2]).status })
		}
		wg.Wait()
		var sum []byte
		must(t, w.DB.SQL().QueryRowContext(t.Context(), "SELECT sha256 FROM tip_file").Scan(&sum))
		for i, got := range status {
			mine := sha256.Sum256(bodies[i%2])
			want := http.StatusConflict
			if bytes.Equal(mine[:], sum) {
				want = http.StatusNoContent
			}
			if got != want {
				t.Errorf("%d: %d, want %d", i, got, want)
			}
		}
	})
}

func TestTheSweeper(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		p.ask(t)
		permit := p.permit(t)
		p.file(t, permit, []byte("with its tip"))
		if r := p.submit(t, permit, p.tip(t, words)); r.status != http.StatusCreated {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		p.file(t, p.permit(t), []byte("alone"))
		must(t, w.tips.Blobs.Put(t.Context(), "tip/ffffffffffffffffffffffffffffffff", strings.NewReader("left by a crash"), 15, ""))
		blobs := func() int {
			found, err := filepath.Glob(filepath.Join(w.files, "*", "tip+*"))
			must(t, err)
			return len(found)
		}
		w.Clock.Advance(23 * time.Hour)
		must(t, w.tips.Sweep(t.Context()))
		if n := count(t, w, "tip_file"); n != 2 {
			t.Errorf("%d files after 23 hours", n)
		}
		if n := count(t, w, "tip_permit"); n != 0 {
			t.Errorf("%d permits that are over", n)
		}
		w.Clock.Set(time.Now().Add(50 * time.Hour)) // the orphan's time is the file system's
		if w.Clock.Now().Before(time.Date(2027, 6, 9, 0, 0, 0, 0, time.UTC)) {
			w.Clock.Set(time.Date(2027, 6, 9, 12, 0, 0, 0, time.UTC))
		}
		must(t, w.tips.Sweep(t.Context()))
		if n, left := count(t, w, "tip_file"), blobs(); n != 1 || left != 1 {
			t.Errorf("%d files, %d blobs", n, left)
		}
	})
}

// TestLooseFilesHaveAQuota: the operator is warned before there is no room, and a tip
// without files is taken all the same.
func TestLooseFilesHaveAQuota(t *testing.T) {
	logged := listen(t)
	full := func(t *testing.T, w *world) {
		w.tips.Quota = 4000
		p := newPhone(t, w)
		status := 0
		for i := 0; i < 20 && status != http.StatusServiceUnavailable; i++ {
			q := newPhone(t, w)
			w.Clock.Advance(time.Minute)
			status = q.put(t, q.permit(t), strings.Repeat("0", 30)+strconv.Itoa(10+i), sealTo(t, make([]byte, 300), q.case_.Recipient())).status
		}
		if status != http.StatusServiceUnavailable {
			t.Error("files are taken for ever")
		}
		if n, err := w.tips.LooseBytes(t.Context()); err != nil || n > 4000 {
			t.Errorf("%d bytes, %v", n, err)
		}
		p.send(t)
	}
	t.Run("each", func(t *testing.T) { each(t, full) })
	if !bytes.Contains(logged.all(), []byte("wait for their tips")) {
		t.Errorf("nobody was warned: %s", logged.all())
	}
}
