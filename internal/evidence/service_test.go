// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/kernel/errs"
)

func TestUpload(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data := inserted(jpegOf(t, scene(400, 300, 1), 85), exifSegment(1))
		e := w.upload(t, data)
		sum := sha256.Sum256(data)
		if e.Kind != Photo || e.State != Ready || e.Width != 400 || e.Height != 300 || e.SHA256 != hex.EncodeToString(sum[:]) ||
			e.Bytes != int64(len(data)) || e.Type != "image/jpeg" {
			t.Errorf("%+v", e)
		}
		for _, v := range []Variant{Thumb, Large, Original} {
			f, err := w.Open(t.Context(), e.ID, w.Key(e.ID), v)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(f)
			f.Close()
			if err != nil || int64(len(b)) != f.Size || bytes.Contains(b, []byte("Canary")) {
				t.Errorf("%s: %d bytes of %d, %v", v, len(b), f.Size, err)
			}
		}
		if got := w.blobKeys(t); len(got) != 2 {
			t.Errorf("blobs %v, want original and thumb", got)
		}
		known, err := w.known(t.Context(), e.ID)
		if err != nil || len(known.origin) == 0 || bytes.Contains(known.origin, []byte("Canary")) {
			t.Errorf("the origin is not sealed: %q, %v", known.origin, err)
		}
	})
}

func TestIdempotentUpload(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data, other := jpegOf(t, scene(64, 48, 1), 80), jpegOf(t, scene(64, 48, 2), 80)
		const key = "0123456789abcdef"
		var wg sync.WaitGroup
		ids := make([]string, 6)
		for i := range ids {
			wg.Go(func() {
				e, err := w.Upload(t.Context(), key, data)
				if err != nil {
					t.Error(err)
					return
				}
				ids[i] = e.ID
			})
		}
		wg.Wait()
		if slices.Sort(ids); len(slices.Compact(ids)) != 1 {
			t.Errorf("one key gave %v", ids)
		}
		puts := w.blobs.puts.Load()
		if _, err := w.Upload(t.Context(), key, data); err != nil || w.blobs.puts.Load() != puts {
			t.Errorf("a repeat stored again: %v", err)
		}
		_, err := w.Upload(t.Context(), key, other)
		wantKey(t, "another file under the key", err, "evidence.key_reused")
		if e, err := w.Upload(as(t.Context(), "1", ""), key, other); err != nil || e.ID == ids[0] {
			t.Errorf("another person's key: %v", err)
		}
	})
}

// TestStoreAway leaves no row when the store is away, and takes the file when it is back.
func TestStoreAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data := jpegOf(t, scene(64, 48, 1), 80)
		w.blobs.closed.Store(true)
		_, err := w.Upload(t.Context(), "0123456789abcdef", data)
		if e, ok := errors.AsType[*errs.Error](err); !ok || e.Kind != errs.Unavailable || e.RetryAfter == 0 {
			t.Errorf("error %v, want Unavailable with a time to retry", err)
		}
		w.blobs.closed.Store(false)
		if _, err := w.Upload(t.Context(), "0123456789abcdef", data); err != nil {
			t.Error(err)
		}
	})
}

func TestAttach(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := w.upload(t, jpegOf(t, scene(64, 48, 1), 80)), w.upload(t, jpegOf(t, scene(64, 48, 2), 80))
		forged := Ref{b.ID, w.Key(a.ID)}
		for name, tt := range map[string]struct {
			refs []Ref
			key  string
		}{
			"forged key":   {[]Ref{w.ref(a), forged}, "evidence.unknown_ref"},
			"no such id":   {[]Ref{{"0123456789abcdefghjkmnpqrs", w.Key("0123456789abcdefghjkmnpqrs")}}, "evidence.unknown_ref"},
			"twice":        {[]Ref{w.ref(a), w.ref(a)}, "evidence.used_ref"},
			"far too many": {make([]Ref, 11), "evidence.too_many_photos"},
		} {
			wantKey(t, name, w.attach(t, "hazard:1", "report", tt.refs...), tt.key)
		}
		if err := w.attach(t, "hazard:1", "report"); err != nil {
			t.Errorf("none: %v", err)
		}
		if err := w.attach(t, "hazard:1", "report", w.ref(a)); err != nil {
			t.Fatal(err)
		}
		wantKey(t, "used", w.attach(t, "hazard:2", "report", w.ref(b), w.ref(a)), "evidence.used_ref")
		w.clock.Advance(time.Hour)
		if err := w.attach(t, "hazard:1", "rectified", w.ref(b)); err != nil {
			t.Fatal(err)
		}
		of, err := w.Of(t.Context(), "hazard:1", "hazard:2", "")
		if err != nil {
			t.Fatal(err)
		}
		got := of["hazard:1"]
		if len(of) != 1 || len(got) != 2 || got[0].ID != a.ID || got[0].Purpose != "report" || got[1].Purpose != "rectified" || got[1].Attached.IsZero() {
			t.Errorf("Of = %+v", of)
		}
		if got := w.kinds(t); !slices.Equal(got, []string{"evidence.attached.v1", "evidence.attached.v1"}) {
			t.Errorf("ledger %v", got)
		}
	})
}

// TestAttachOnce lets two subjects race for one file.
func TestAttachOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.upload(t, jpegOf(t, scene(64, 48, 1), 80))
		var won atomic.Int32
		var wg sync.WaitGroup
		for _, subject := range []string{"hazard:1", "hazard:2", "hazard:3", "hazard:4"} {
			wg.Go(func() {
				err := w.attach(t, subject, "report", w.ref(e))
				if err == nil {
					won.Add(1)
				} else if errs.KindOf(err) != errs.Invalid {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d subjects got the file", won.Load())
		}
	})
}

func TestAttachLimits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var photos, videos []Ref
		for i := range MaxPhotos + 1 {
			photos = append(photos, w.ref(w.upload(t, jpegOf(t, scene(16, 16, uint64(i)), 50))))
		}
		for range MaxVideos + 1 {
			videos = append(videos, w.ref(w.upload(t, fixture(t, "tiny.mp4"))))
		}
		wantKey(t, "ten photos", w.attach(t, "hazard:1", "report", photos...), "evidence.too_many_photos")
		wantKey(t, "two videos", w.attach(t, "hazard:1", "report", videos...), "evidence.too_many_videos")
		if err := w.attach(t, "hazard:1", "report", append(photos[:MaxPhotos:MaxPhotos], videos[0])...); err != nil {
			t.Errorf("nine photos and a video: %v", err)
		}
	})
}

func TestSimilar(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		img := scene(640, 480, 1)
		first := w.upload(t, jpegOf(t, img, 90))
		again := w.upload(t, jpegOf(t, img, 50))
		as := w.upload(t, pngOf(t, img))
		for i := range 5 {
			w.upload(t, jpegOf(t, scene(640, 480, uint64(50+i)), 80))
		}
		got, err := w.Similar(t.Context(), first.ID)
		if err != nil || len(got) != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, m := range got {
			if m.ID != again.ID && m.ID != as.ID || m.Distance > nearBits {
				t.Errorf("unexpected match %s at %d", m.ID, m.Distance)
			}
		}
		if _, err := w.Similar(t.Context(), "nothing"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("unknown id: %v", err)
		}
	})
}

func TestOrigin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.upload(t, inserted(jpegOf(t, scene(64, 48, 1), 80), exifSegment(1)))
		plain := w.upload(t, jpegOf(t, scene(64, 48, 2), 80))
		officer := as(t.Context(), "1", "cn/99/9901/990101/", PermOrigin)
		_, err := w.Origin(officer, e.ID, "核实拍摄地点")
		wantKey(t, "loose", err, "evidence.not_found")
		if err := w.attach(t, "hazard:1", "report", w.ref(e), w.ref(plain)); err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			ctx    context.Context
			id     string
			reason string
			key    string
		}{
			"no reason":         {officer, e.ID, " ", "evidence.reason_needed"},
			"public":            {t.Context(), e.ID, "核实拍摄地点", "evidence.not_found"},
			"another unit":      {as(t.Context(), "2", "cn/99/9901/990101/", PermOrigin), e.ID, "核实拍摄地点", "evidence.not_found"},
			"no permission":     {as(t.Context(), "1", "cn/99/9901/990101/"), e.ID, "核实拍摄地点", "auth.denied"},
			"another county's":  {as(t.Context(), "1", "cn/99/9901/990102/", PermOrigin), e.ID, "核实拍摄地点", "auth.denied"},
			"nothing to be had": {officer, plain.ID, "核实拍摄地点", "evidence.no_origin"},
		} {
			_, err := w.Origin(tt.ctx, tt.id, tt.reason)
			wantKey(t, name, err, tt.key)
		}
		if got := w.kinds(t); slices.Contains(got, kindOriginRead.Name()) {
			t.Errorf("a refused reading is in the ledger: %v", got)
		}
		o, err := w.Origin(officer, e.ID, "核实拍摄地点")
		if err != nil || o.Model != "S9 Canary" || o.Lat != 31.25 {
			t.Errorf("%+v, %v", o, err)
		}
		if got := w.kinds(t); got[len(got)-1] != kindOriginRead.Name() {
			t.Errorf("ledger %v", got)
		}
		w.Service.box = New(Config{SealKey: bytes.Repeat([]byte{8}, 32)}).box
		_, err = w.Origin(officer, e.ID, "核实拍摄地点")
		wantKey(t, "another key", err, "evidence.origin_unreadable")
	})
}

// TestLargeIsMadeOnce asks for a large variant from many sides at once.
func TestLargeIsMadeOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.upload(t, jpegOf(t, scene(2000, 1000, 1), 60))
		before := w.blobs.puts.Load()
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				f, err := w.Open(t.Context(), e.ID, w.Key(e.ID), Large)
				if err != nil {
					t.Error(err)
					return
				}
				defer f.Close()
				b, err := io.ReadAll(f)
				if err != nil {
					t.Error(err)
				} else if r := decoded(t, b).Bounds(); r.Dx() != 1600 || r.Dy() != 800 {
					t.Errorf("large is %v", r)
				}
			})
		}
		wg.Wait()
		if n := w.blobs.puts.Load() - before; n != 1 {
			t.Errorf("made %d times", n)
		}
	})
}
