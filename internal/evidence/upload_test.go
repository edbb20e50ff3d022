// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// longVideo is an MP4 file of about 21 MB: too long to be stored at once.
func longVideo(t testing.TB) []byte {
	t.Helper()
	noise := bytes.Repeat([]byte("pictures and sound "), (MaxSingleBytes+1<<20)/19)
	return append(mp4File(), mp4Box("mdat", noise)...)
}

func (w *world) start(t testing.TB, mediaType string, size int) *Progress {
	t.Helper()
	p, err := w.Start(t.Context(), "", mediaType, int64(size))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sendAll sends data in pieces and returns the last answer.
func (w *world) sendAll(t testing.TB, p *Progress, data []byte, piece int) (*Progress, error) {
	t.Helper()
	for p.Offset < p.Bytes {
		end := min(p.Offset+int64(piece), p.Bytes)
		var err error
		if p, err = w.Receive(t.Context(), p.ID, w.Key(p.ID), p.Offset, data[p.Offset:end]); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func TestUploadInPieces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data := jpegOf(t, scene(400, 300, 1), 85)
		p, err := w.sendAll(t, w.start(t, "image/jpeg", len(data)), data, 5000)
		if err != nil || p.Evidence == nil || p.Evidence.State != Ready || p.Evidence.Width != 400 || p.Evidence.ID != p.ID {
			t.Fatalf("%+v, %v", p, err)
		}
		whole := w.upload(t, data)
		if whole.SHA256 != p.Evidence.SHA256 {
			t.Error("in pieces it has another hash than in one")
		}
		if err := w.attach(t, "hazard:1", "report", Ref{p.Evidence.ID, w.Key(p.ID)}); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(w.SpoolDir); len(left) != 0 {
			t.Errorf("the spool still holds %v", left)
		}
		last, err := w.Receive(t.Context(), p.ID, w.Key(p.ID), p.Bytes-10, data[p.Bytes-10:]) // its answer was lost
		if err != nil || last.Evidence == nil || last.Evidence.ID != p.ID {
			t.Errorf("the last piece again: %+v, %v", last, err)
		}
	})
}

func TestPiecesOutOfStep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data := jpegOf(t, scene(400, 300, 1), 85)
		p := w.start(t, "image/jpeg", len(data))
		key, size := w.Key(p.ID), int64(len(data))
		send := func(offset, end int64, as []byte) (*Progress, error) {
			return w.Receive(t.Context(), p.ID, key, offset, as[offset:end])
		}
		if got, err := send(0, 1000, data); err != nil || got.Offset != 1000 {
			t.Fatalf("%+v, %v", got, err)
		}
		if got, err := send(0, 1000, data); err != nil || got.Offset != 1000 {
			t.Errorf("the same piece again: %+v, %v", got, err)
		}
		if got, err := send(200, 700, data); err != nil || got.Offset != 1000 {
			t.Errorf("part of it again: %+v, %v", got, err)
		}
		_, err := send(0, 1000, bytes.Repeat([]byte("x"), 1000))
		wantKey(t, "other content", err, "evidence.chunk_differs")
		_, err = send(2000, 3000, data)
		wantKey(t, "a gap", err, "evidence.bad_offset")
		_, err = send(500, 1500, data)
		wantKey(t, "an overlap", err, "evidence.bad_offset")
		_, err = send(1000, 1000, data)
		wantKey(t, "nothing", err, "evidence.empty")
		_, err = w.Receive(t.Context(), p.ID, key, 1000, make([]byte, size))
		wantKey(t, "too much", err, "evidence.beyond_announced")
		_, err = w.Receive(t.Context(), p.ID, key, 1000, make([]byte, MaxChunkBytes+1))
		wantKey(t, "a huge piece", err, "evidence.too_large")
		_, err = w.Receive(t.Context(), p.ID, "guess", 1000, data[1000:])
		wantKey(t, "a wrong key", err, "evidence.no_upload")
		got, err := w.Progress(t.Context(), p.ID, key)
		if err != nil || got.Offset != 1000 || got.Evidence != nil {
			t.Errorf("progress %+v, %v", got, err)
		}
		if _, err := w.sendAll(t, got, data, 100_000); err != nil {
			t.Error(err)
		}
	})
}

// TestUploadSurvivesRestart goes on with an upload in a new process, after a crash
// between the file and the row.
func TestUploadSurvivesRestart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data := jpegOf(t, scene(400, 300, 1), 85)
		p := w.start(t, "image/jpeg", len(data))
		if _, err := w.Receive(t.Context(), p.ID, w.Key(p.ID), 0, data[:4000]); err != nil {
			t.Fatal(err)
		}
		if err := w.spool.write(p.ID, 4000, []byte("half a piece that was never acknowledged")); err != nil {
			t.Fatal(err)
		}
		w.Service = New(w.Config)
		p, err := w.Progress(t.Context(), p.ID, w.Key(p.ID))
		if err != nil || p.Offset != 4000 {
			t.Fatalf("%+v, %v", p, err)
		}
		if p, err = w.sendAll(t, p, data, 3000); err != nil || p.Evidence == nil {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

func TestStartUpload(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const key = "0123456789abcdef"
		first, err := w.Start(t.Context(), key, "video/mp4", 1000)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.Start(t.Context(), key, "video/mp4", 1000)
		if err != nil || again.ID != first.ID {
			t.Errorf("%+v, %v", again, err)
		}
		_, err = w.Start(t.Context(), key, "video/mp4", 1001)
		wantKey(t, "another size", err, "evidence.key_reused")
		for name, tt := range map[string]struct {
			mediaType string
			size      int64
			key       string
		}{
			"empty": {"image/jpeg", 0, "evidence.empty"}, "negative": {"image/jpeg", -5, "evidence.empty"},
			"large photo": {"image/jpeg", MaxPhotoBytes + 1, "evidence.too_large"}, "large video": {"video/mp4", MaxVideoBytes + 1, "evidence.too_large"},
		} {
			_, err := w.Start(t.Context(), "", tt.mediaType, tt.size)
			wantKey(t, name, err, tt.key)
		}
	})
}

// TestRefusedUpload sends what is not taken, and a photo that says it is a video.
func TestRefusedUpload(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, tt := range map[string]struct {
			data []byte
			key  string
		}{
			"pdf": {[]byte("%PDF-1.7 and so on"), "evidence.unsupported"}, "bomb": {pngHeader(10_000, 10_000), "evidence.too_many_pixels"},
			"half a video": {mp4File()[:100], "evidence.truncated"},
		} {
			p := w.start(t, "video/mp4", len(tt.data))
			_, err := w.sendAll(t, p, tt.data, 1<<20)
			wantKey(t, name, err, tt.key)
			_, err = w.Progress(t.Context(), p.ID, w.Key(p.ID))
			wantKey(t, name+" is still there", err, "evidence.no_upload")
		}
		photo := append(jpegOf(t, scene(64, 48, 1), 80), make([]byte, MaxPhotoBytes)...)
		p := w.start(t, "video/mp4", len(photo))
		_, err := w.sendAll(t, p, photo, MaxChunkBytes)
		wantKey(t, "a long photo announced as a video", err, "evidence.too_large")
		if got := w.blobKeys(t); len(got) != 0 {
			t.Errorf("blobs %v", got)
		}
	})
}

// TestFinishWhenStoreIsAway asks again with an empty piece, as the page does.
func TestFinishWhenStoreIsAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data := jpegOf(t, scene(64, 48, 1), 80)
		p := w.start(t, "image/jpeg", len(data))
		w.blobs.closed.Store(true)
		if _, err := w.sendAll(t, p, data, 1<<20); errs.KindOf(err) != errs.Unavailable {
			t.Errorf("error %v, want Unavailable", err)
		}
		w.blobs.closed.Store(false)
		p, err := w.Receive(t.Context(), p.ID, w.Key(p.ID), int64(len(data)), nil)
		if err != nil || p.Evidence == nil {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

func TestLongVideo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data := longVideo(t)
		p, err := w.sendAll(t, w.start(t, "video/mp4", len(data)), data, MaxChunkBytes)
		if err != nil {
			t.Fatal(err)
		}
		e := p.Evidence
		if e == nil || e.State != Received || e.Width != 640 || e.SHA256 == "" {
			t.Fatalf("%+v", e)
		}
		_, err = w.Open(t.Context(), e.ID, w.Key(e.ID), Original)
		wantKey(t, "before it is stored", err, "evidence.not_ready")
		if err := w.attach(t, "hazard:1", "report", w.ref(e)); err != nil {
			t.Errorf("attach while it is being stored: %v", err)
		}
		w.blobs.closed.Store(true)
		if n, err := w.ProcessPending(t.Context()); n != 0 || errs.KindOf(err) != errs.Unavailable {
			t.Errorf("store away: %d, %v", n, err)
		}
		w.blobs.closed.Store(false)
		if n, err := w.ProcessPending(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		if n, err := w.ProcessPending(t.Context()); n != 0 || err != nil {
			t.Errorf("a second time: %d, %v", n, err)
		}
		f, err := w.Open(as(t.Context(), "1", ""), e.ID, "", Original)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.Seek(-1<<20, io.SeekEnd); err != nil {
			t.Fatal(err)
		}
		if tail, err := io.ReadAll(f); err != nil || !bytes.Equal(tail, data[len(data)-1<<20:]) {
			t.Errorf("the end of the video differs: %v", err)
		}
		_, err = w.Open(as(t.Context(), "1", ""), e.ID, "", Thumb)
		wantKey(t, "a video's thumbnail", err, "evidence.no_variant")
	})
}

// TestDamagedInSpool changes a byte of a video that waits: it is refused, not stored.
func TestDamagedInSpool(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data := longVideo(t)
		p, err := w.sendAll(t, w.start(t, "video/mp4", len(data)), data, MaxChunkBytes)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.spool.write(p.ID, int64(len(data)-5), []byte{^data[len(data)-5]}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ProcessPending(t.Context()); err != nil {
			t.Fatal(err)
		}
		e, err := w.Get(t.Context(), p.ID, w.Key(p.ID))
		if err != nil || e.State != Refused || e.Refusal != "evidence.damaged" {
			t.Errorf("%+v, %v", e, err)
		}
		wantKey(t, "attach", w.attach(t, "hazard:1", "report", w.ref(e)), "evidence.refused_ref")
	})
}

func TestSweep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		loose, used := w.upload(t, jpegOf(t, scene(64, 48, 1), 80)), w.upload(t, jpegOf(t, scene(64, 48, 2), 80))
		if err := w.attach(t, "hazard:1", "report", w.ref(used)); err != nil {
			t.Fatal(err)
		}
		idle := w.start(t, "image/jpeg", 5000)
		if _, err := w.Receive(t.Context(), idle.ID, w.Key(idle.ID), 0, make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
		orphan := blobKey("01arz3ndektsv4rrffq69g5fav", Original)
		if err := w.Blobs.Put(t.Context(), orphan, bytes.NewReader(nil), 0, ""); err != nil {
			t.Fatal(err)
		}
		if got, err := w.Sweep(t.Context()); err != nil || got != (Swept{}) {
			t.Errorf("too early: %+v, %v", got, err)
		}
		w.clock.Set(clock.System().Add(KeepLoose + time.Hour))
		fresh := w.upload(t, jpegOf(t, scene(64, 48, 3), 80))
		got, err := w.Sweep(t.Context())
		if err != nil || got != (Swept{Files: 1, Uploads: 1, Blobs: 1}) {
			t.Errorf("%+v, %v", got, err)
		}
		want := []string{blobKey(used.ID, Original), blobKey(used.ID, Thumb), blobKey(fresh.ID, Original), blobKey(fresh.ID, Thumb)}
		slices.Sort(want)
		if keys := w.blobKeys(t); !slices.Equal(keys, want) {
			t.Errorf("blobs %v, want %v", keys, want)
		}
		if left, _ := os.ReadDir(w.SpoolDir); len(left) != 0 {
			t.Errorf("the spool holds %v", left)
		}
		_, err = w.Get(t.Context(), loose.ID, w.Key(loose.ID))
		wantKey(t, "the loose file", err, "evidence.not_found")
		var bands int
		if err := w.DB.Read().NewRaw("SELECT count(*) FROM evidence_band WHERE item_id = ?", loose.ID).Scan(t.Context(), &bands); err != nil || bands != 0 {
			t.Errorf("%d bands are left, %v", bands, err)
		}
	})
}

// TestSweepLostVideo gives up on a video whose spooled file is gone.
func TestSweepLostVideo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data := longVideo(t)
		p, err := w.sendAll(t, w.start(t, "video/mp4", len(data)), data, MaxChunkBytes)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.attach(t, "hazard:1", "report", Ref{p.ID, w.Key(p.ID)}); err != nil {
			t.Fatal(err)
		}
		if err := w.spool.remove(p.ID); err != nil {
			t.Fatal(err)
		}
		if n, err := w.ProcessPending(t.Context()); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		w.clock.Advance(KeepLoose + time.Hour)
		if _, err := w.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		of, err := w.Of(t.Context(), "hazard:1")
		if err != nil || of["hazard:1"][0].State != Refused || of["hazard:1"][0].Refusal != lostUpload {
			t.Errorf("%+v, %v", of, err)
		}
	})
}

func TestSpoolIsBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		err := w.DB.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
			return insertUpload(ctx, tx, &uploadRow{ID: w.IDs.New(), Bytes: MaxSpool, Received: MaxSpool, Created: w.Now(), Touched: w.Now()})
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Start(t.Context(), "", "image/jpeg", 1)
		wantKey(t, "one byte more", err, "evidence.spool_full")
	})
}
