// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Pixels of the photo that is sent: what the report page makes of a phone's photo.
const photoWidth, photoHeight = 1440, 1080

// photo makes a JPEG of about size bytes: soft shapes with noise, so that it
// compresses as a real one does.
func photo(size int, seed uint64) ([]byte, error) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	img := image.NewYCbCr(image.Rect(0, 0, photoWidth, photoHeight), image.YCbCrSubsampleRatio420)
	for y := range photoHeight {
		for x := range photoWidth {
			img.Y[y*img.YStride+x] = uint8((x/7+y/5)%160+40) + uint8(rnd.IntN(24))
		}
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = uint8(110+i%30), uint8(120+i/img.CStride%20)
	}
	var best []byte
	for quality := 40; quality <= 95; quality += 3 {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		best = b.Bytes()
		if len(best) >= size {
			break
		}
	}
	return best, nil
}

// photos measures reports that come with a photo, and how soon the photo is fully processed.
func photos(ctx context.Context, o Options) (*Result, error) {
	picture, err := photo(o.Photo, 7)
	if err != nil {
		return nil, err
	}
	r := &Result{Conditions: conditions(o.Scratch)}
	r.Conditions["load"] = fmt.Sprintf("%d keep-alive connections, %d s, each report after its photo: JPEG %dx%d of %d bytes, two requests",
		o.Connections, o.Seconds, photoWidth, photoHeight, len(picture))
	dir := filepath.Join(o.Scratch, "photo")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	town, err := o.Seed.County(ctx, dir, "")
	if err != nil {
		return nil, err
	}
	p, err := o.anlan(ctx, dir, "")
	if err != nil {
		return nil, err
	}
	defer p.kill()
	s := &photoRun{addr: p.addr, town: town, picture: picture, refs: make([]string, o.Connections)}
	stopWatching := s.watch(ctx)
	l := load{addr: p.addr, connections: o.Connections, duration: time.Duration(o.Seconds) * time.Second,
		timeout: o.Timeout, request: s.request, acked: s.acked}
	cpu := p.cpu()
	t, err := l.run(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w\n%.2000s", err, p.log)
	}
	slowest := stopWatching()
	perSecond := float64(len(t.took)) / 2 / t.elapsed.Seconds()
	r.Rows = []Row{{Name: "anlan, photo and report", Note: t.first, Figures: map[string]float64{
		"reports_per_second": round(perSecond), "p50_ms": t.percentile(50), "p99_ms": t.percentile(99),
		"refused": float64(t.refused), "server_cores": (p.cpu() - cpu) / t.elapsed.Seconds(),
		"slowest_ready_s": slowest.Seconds(), "resident_mb": p.resident()}}}
	r.expect("photo reports/s", perSecond, photoPerSecond, false)
	r.expect("seconds until a photo is fully processed, slowest seen", slowest.Seconds(), photoReadySeconds, true)
	return r, nil
}

// photoRun sends a photo and then its report, in turn, on each connection.
type photoRun struct {
	addr, town string
	picture    []byte
	refs       []string // answer to the last photo of each connection

	mu     sync.Mutex
	latest []sent // photos answered and not yet looked at
}

type sent struct {
	id, key string
	at      time.Time
}

func (s *photoRun) request(c, n int) []byte {
	key := fmt.Sprintf("Idempotency-Key: photo-%06d-%010d", c, n)
	if n%2 == 0 {
		return post(s.addr, "/api/v1/evidence", s.picture, "Content-Type: image/jpeg", key)
	}
	return post(s.addr, "/api/v1/public/hazards", report(s.town, s.refs[c]), "Content-Type: application/json", key)
}

func (s *photoRun) acked(c, n int, body []byte) {
	if n%2 != 0 {
		return
	}
	s.refs[c] = string(body)
	var e struct {
		ID    string `json:"id"`
		Key   string `json:"key"`
		State string `json:"state"`
	}
	if json.Unmarshal(body, &e) == nil && e.State != "ready" {
		s.mu.Lock()
		s.latest = append(s.latest, sent{e.ID, e.Key, now()})
		s.mu.Unlock()
	}
}

// watch asks for a sample of the photos that were not ready in the answer until
// they are; the returned function waits for the last and tells the slowest.
func (s *photoRun) watch(ctx context.Context) func() time.Duration {
	stop, done := make(chan struct{}), make(chan time.Duration)
	go func() {
		var slowest time.Duration
		for {
			s.mu.Lock()
			pending := s.latest
			s.latest = nil
			s.mu.Unlock()
			if len(pending) > 0 {
				slowest = max(slowest, s.untilReady(ctx, pending[len(pending)-1]))
				continue
			}
			select {
			case <-stop:
				done <- slowest
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	return func() time.Duration { close(stop); return <-done }
}

func (s *photoRun) untilReady(ctx context.Context, e sent) time.Duration {
	for ctx.Err() == nil && now().Sub(e.at) < time.Minute {
		res, err := http.Get("http://" + s.addr + "/api/v1/evidence/" + e.id + "?key=" + e.key)
		if err == nil {
			var got struct {
				State string `json:"state"`
			}
			json.NewDecoder(res.Body).Decode(&got)
			res.Body.Close()
			if got.State == "ready" {
				break
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return now().Sub(e.at)
}
