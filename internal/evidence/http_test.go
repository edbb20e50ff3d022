// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"anlan/internal/platform/httpapi"
)

const at = httpapi.Prefix + "/evidence"

// site serves the operations; the header X-Unit signs a person of that unit in.
func site(w *world) http.Handler {
	mux := http.NewServeMux()
	Mount(httpapi.New(mux, "test"), w.Service)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if unit := r.Header.Get("X-Unit"); unit != "" {
			r = r.WithContext(as(r.Context(), unit, "cn/99/9901/990101/", strings.Fields(r.Header.Get("X-Perms"))...))
		}
		mux.ServeHTTP(rw, r)
	})
}

type answer struct {
	*httptest.ResponseRecorder
	json map[string]any
}

// ask sends one request; headers alternate names and values.
func ask(t testing.TB, h http.Handler, method, path string, body []byte, headers ...string) answer {
	t.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	a := answer{ResponseRecorder: httptest.NewRecorder()}
	h.ServeHTTP(a, r)
	if strings.Contains(a.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(a.Body.Bytes(), &a.json); err != nil {
			t.Fatalf("%s %s: %q: %v", method, path, a.Body, err)
		}
	}
	return a
}

func (a answer) text(name string) string { s, _ := a.json[name].(string); return s }

func (a answer) want(t *testing.T, what string, status int, key string) {
	t.Helper()
	if a.Code != status || key != "" && a.text("key") != key {
		t.Errorf("%s: %d %s, want %d %s", what, a.Code, a.Body.String()[:min(300, a.Body.Len())], status, key)
	}
}

func TestHTTPUpload(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h, data := site(w), jpegOf(t, scene(400, 300, 1), 85)
		sent := ask(t, h, "POST", at, data, "Content-Type", "text/html", "Idempotency-Key", "0123456789abcdef") // the header lies
		sent.want(t, "upload", 201, "")
		if sent.text("kind") != "photo" || sent.text("type") != "image/jpeg" || sent.text("state") != "ready" || sent.json["width"] != 400.0 || len(sent.text("sha256")) != 64 {
			t.Errorf("%s", sent.Body)
		}
		again := ask(t, h, "POST", at, data, "Idempotency-Key", "0123456789abcdef")
		if again.Code != 201 || again.Body.String() != sent.Body.String() {
			t.Errorf("again: %d %s", again.Code, again.Body)
		}
		id, key := sent.text("id"), sent.text("key")
		got := ask(t, h, "GET", at+"/"+id+"?key="+key, nil)
		got.want(t, "get", 200, "")
		if _, shown := got.json["key"]; shown {
			t.Error("the key is shown to readers")
		}
		if c := got.Header().Get("Cache-Control"); c != "private, no-cache" {
			t.Errorf("Cache-Control %q", c)
		}
		ask(t, h, "POST", at, data, "Idempotency-Key", "short").want(t, "a short idempotency key", 422, "invalid")
	})
}

// TestHTTPRefusals sends everything that people and attackers send.
func TestHTTPRefusals(t *testing.T) {
	good := jpegOf(t, scene(400, 300, 1), 85)
	progressive := bytes.Replace(fixture(t, "progressive.jpg"), []byte{0xff, mSOF2, 0, 17, 8, 0, 48, 0, 64}, []byte{0xff, mSOF2, 0, 17, 8, 0x1b, 0, 0x1b, 0}, 1)
	wide := bytes.Replace(good, []byte{0xff, mSOF0, 0, 17, 8, 1, 44, 1, 144}, []byte{0xff, mSOF0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff}, 1)
	cases := []struct {
		name   string
		body   []byte
		status int
		key    string
	}{
		{"empty", nil, 422, "evidence.empty"},
		{"100-megapixel PNG", pngHeader(10_000, 10_000), 413, "evidence.too_many_pixels"},
		{"4-gigapixel JPEG", wide, 413, "evidence.too_many_pixels"},
		{"49-megapixel PNG of 8 bytes", pngHeader(7000, 7000), 422, "evidence.damaged"},
		{"48-megapixel progressive bomb", progressive, 422, "evidence.truncated"},
		{"SVG with script", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), 415, "evidence.unsupported"},
		{"SVG behind an XML head", []byte("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<svg onload='x()'/>"), 415, "evidence.unsupported"},
		{"HTML", []byte("<!DOCTYPE html><script>alert(1)</script>"), 415, "evidence.unsupported"},
		{"polyglot GIF/JPEG", append([]byte("GIF89a/*"), good...), 415, "evidence.unsupported"},
		{"PDF named .jpg", []byte("%PDF-1.7\n1 0 obj"), 415, "evidence.unsupported"},
		{"ZIP", []byte("PK\x03\x04rest"), 415, "evidence.unsupported"},
		{"program", []byte("MZ\x90\x00"), 415, "evidence.unsupported"},
		{"BMP", []byte("BM\x00\x00\x00\x00"), 415, "evidence.unsupported"},
		{"TIFF", []byte("II*\x00\x08\x00\x00\x00"), 415, "evidence.unsupported"},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), 415, "evidence.heic"},
		{"MOV", []byte("\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  "), 415, "evidence.quicktime"},
		{"fragmented MP4", append(mp4File(), mp4Box("moof")...), 415, "evidence.fragmented_video"},
		{"words", []byte("just some words"), 415, "evidence.unknown_type"},
		{"zeros", make([]byte, 4096), 415, "evidence.unknown_type"},
		{"truncated JPEG", good[:len(good)*2/3], 422, "evidence.truncated"},
		{"JPEG mark and nothing", []byte{0xff, 0xd8, 0xff}, 422, "evidence.truncated"},
		{"JPEG mark before HTML", append([]byte{0xff, 0xd8, 0xff, 0xfe, 0, 4, 0, 0}, "<html><script>"...), 422, "evidence.damaged"},
		{"truncated PNG", pngOf(t, scene(40, 30, 1))[:900], 422, "evidence.truncated"},
		{"truncated WebP", fixture(t, "lossy.webp")[:500], 422, "evidence.truncated"},
		{"truncated MP4", fixture(t, "tiny.mp4")[:3000], 422, "evidence.truncated"},
		{"21 MB", append(append([]byte{}, good...), make([]byte, 21_000_000)...), 413, "evidence.too_large"},
	}
	if len(progressive) == 0 || bytes.Equal(progressive, fixture(t, "progressive.jpg")) || bytes.Equal(wide, good) {
		t.Fatal("a case was not made")
	}
	each(t, func(t *testing.T, w *world) {
		h := site(w)
		for _, tt := range cases {
			a := ask(t, h, "POST", at, tt.body, "Content-Type", "image/jpeg")
			a.want(t, tt.name, tt.status, tt.key)
			if ct := a.Header().Get("Content-Type"); ct != "application/problem+json" {
				t.Errorf("%s: answered as %s", tt.name, ct)
			}
		}
		if got := w.blobKeys(t); len(got) != 0 {
			t.Errorf("refused files left blobs: %v", got)
		}
		var rows int
		if err := w.DB.Read().NewRaw("SELECT count(*) FROM evidence_item").Scan(t.Context(), &rows); err != nil || rows != 0 {
			t.Errorf("refused files left %d rows, %v", rows, err)
		}
	})
}

// TestHTTPPolyglots takes the picture and leaves what was hidden in it behind.
func TestHTTPPolyglots(t *testing.T) {
	photo, picture, video := jpegOf(t, scene(64, 48, 1), 80), pngOf(t, scene(40, 30, 1)), mp4File()
	each(t, func(t *testing.T, w *world) {
		h := site(w)
		for name, body := range map[string][]byte{
			"JPEG+ZIP":    append(append([]byte{}, photo...), "PK\x03\x04Canary"...),
			"JPEG+HTML":   inserted(photo, segment(mCOM, []byte("--><script>Canary</script>"))),
			"JPEG+PHP":    inserted(photo, exifSegment(1), segment(mAPP1, []byte("<?php Canary ?>"))),
			"PNG+HTML":    append(append([]byte{}, picture...), "<html>Canary"...),
			"WebP+script": append(append([]byte{}, fixture(t, "lossless.webp")...), "#!/bin/sh Canary"...),
			"MP4+ZIP":     append(append([]byte{}, video...), "PK\x03\x04Canary and more"...),
		} {
			a := ask(t, h, "POST", at, body)
			a.want(t, name, 201, "")
			for _, v := range []string{"thumb", "large", "original"} {
				f := ask(t, h, "GET", fmt.Sprintf("%s/%s/%s?key=%s", at, a.text("id"), v, a.text("key")), nil)
				if strings.Contains(f.Body.String(), "Canary") || f.Code == 200 && f.Body.Len() == 0 {
					t.Errorf("%s: the %s still holds what was hidden", name, v)
				}
			}
		}
	})
}

func TestHTTPFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h := site(w)
		e := w.upload(t, jpegOf(t, scene(400, 300, 1), 85))
		path := at + "/" + e.ID + "/original"
		ask(t, h, "GET", path, nil).want(t, "without the key", 404, "evidence.not_found")
		ask(t, h, "GET", path+"?key="+w.Key("other"), nil).want(t, "with a wrong key", 404, "evidence.not_found")
		ask(t, h, "GET", path+"?key="+w.Key(e.ID), nil, "X-Unit", "1").want(t, "with the key", 200, "")
		if err := w.attach(t, "hazard:1", "report", w.ref(e)); err != nil {
			t.Fatal(err)
		}
		ask(t, h, "GET", path+"?key="+w.Key(e.ID), nil).want(t, "attached, with the key only", 404, "evidence.not_found")
		ask(t, h, "GET", path, nil, "X-Unit", "2").want(t, "attached, another unit", 404, "evidence.not_found")
		ask(t, h, "GET", at+"/"+e.ID, nil, "X-Unit", "2").want(t, "its facts, another unit", 404, "evidence.not_found")
		a := ask(t, h, "GET", path, nil, "X-Unit", "1")
		a.want(t, "attached, its unit", 200, "")
		for name, want := range map[string]string{
			"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600",
			"Content-Security-Policy": "default-src 'none'; sandbox", "ETag": `"` + e.ID + `-original"`,
			"Content-Disposition": "inline; filename=" + e.ID + "-original.jpg", "Content-Length": strconv.Itoa(a.Body.Len()),
		} {
			if got := a.Header().Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		ask(t, h, "GET", path, nil, "X-Unit", "1", "If-None-Match", a.Header().Get("ETag")).want(t, "not changed", 304, "")
		part := ask(t, h, "GET", path, nil, "X-Unit", "1", "Range", "bytes=10-19")
		if part.Code != 206 || !bytes.Equal(part.Body.Bytes(), a.Body.Bytes()[10:20]) {
			t.Errorf("range: %d, %d bytes", part.Code, part.Body.Len())
		}
		ask(t, h, "GET", path, nil, "X-Unit", "1", "Range", "bytes=99999999-").want(t, "a range behind the end", 416, "")
		head := ask(t, h, "HEAD", path, nil, "X-Unit", "1")
		if head.Code != 200 || head.Body.Len() != 0 {
			t.Errorf("head: %d, %d bytes", head.Code, head.Body.Len())
		}
		ask(t, h, "GET", at+"/"+e.ID+"/secret", nil, "X-Unit", "1").want(t, "no such variant", 422, "invalid")
		ask(t, h, "GET", at+"/..%2f..%2fetc/original", nil, "X-Unit", "1").want(t, "a path for an id", 404, "")
		w.blobs.closed.Store(true)
		away := ask(t, h, "GET", path, nil, "X-Unit", "1")
		away.want(t, "store away", 503, "unavailable")
		if away.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		ask(t, h, "POST", at, jpegOf(t, scene(16, 16, 1), 50)).want(t, "upload, store away", 503, "unavailable")
	})
}

func TestHTTPPieces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h, data := site(w), fixture(t, "tiny.mp4")
		start := fmt.Appendf(nil, `{"bytes":%d,"type":"video/mp4"}`, len(data))
		u := ask(t, h, "POST", at+"/uploads", start, "Idempotency-Key", "0123456789abcdef", "Content-Type", "application/json")
		u.want(t, "start", 201, "")
		if again := ask(t, h, "POST", at+"/uploads", start, "Idempotency-Key", "0123456789abcdef", "Content-Type", "application/json"); again.text("id") != u.text("id") {
			t.Errorf("start again: %s", again.Body)
		}
		one := at + "/uploads/" + u.text("id")
		put := func(offset int, body []byte) answer {
			return ask(t, h, "PUT", fmt.Sprintf("%s?offset=%d&key=%s", one, offset, u.text("key")), body, "Content-Type", "application/octet-stream")
		}
		if a := put(0, data[:1000]); a.Code != 200 || a.json["offset"] != 1000.0 {
			t.Errorf("first piece: %d %s", a.Code, a.Body)
		}
		gap := put(2000, data[2000:])
		gap.want(t, "a gap", 409, "evidence.bad_offset")
		if args, _ := gap.json["args"].(map[string]any); args["offset"] != 1000.0 {
			t.Errorf("the conflict names %v", gap.json["args"])
		}
		put(1000, make([]byte, MaxChunkBytes+1)).want(t, "a huge piece", 413, "evidence.too_large")
		ask(t, h, "PUT", one+"?offset=1000", data[1000:]).want(t, "without the key", 422, "invalid")
		ask(t, h, "GET", one+"?key=wrong", nil).want(t, "progress, wrong key", 404, "evidence.no_upload")
		if a := ask(t, h, "GET", one+"?key="+u.text("key"), nil); a.json["offset"] != 1000.0 {
			t.Errorf("progress: %s", a.Body)
		}
		done := put(1000, data[1000:])
		done.want(t, "last piece", 200, "")
		e, _ := done.json["evidence"].(map[string]any)
		if e["kind"] != "video" || e["state"] != "ready" || e["key"] != u.text("key") || e["width"] != 96.0 {
			t.Errorf("%s", done.Body)
		}
		f := ask(t, h, "GET", at+"/"+u.text("id")+"/original?key="+u.text("key"), nil)
		f.want(t, "the video", 200, "")
		if ct := f.Header().Get("Content-Type"); ct != "video/mp4" || f.Body.Len() != len(data) {
			t.Errorf("%s, %d bytes", ct, f.Body.Len())
		}
		ask(t, h, "POST", at+"/uploads", []byte(`{"bytes":300000000,"type":"video/mp4"}`), "Content-Type", "application/json").want(t, "300 MB", 413, "evidence.too_large")
		ask(t, h, "POST", at+"/uploads", []byte(`{"bytes":300,"type":"text/html"}`), "Content-Type", "application/json").want(t, "another type", 422, "invalid")
	})
}

func TestHTTPOriginAndLimits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h := site(w)
		e := w.upload(t, inserted(jpegOf(t, scene(64, 48, 1), 80), exifSegment(1)))
		if err := w.attach(t, "hazard:1", "report", w.ref(e)); err != nil {
			t.Fatal(err)
		}
		path, why := at+"/"+e.ID+"/origin", []byte(`{"reason":"核实拍摄地点"}`)
		json := []string{"Content-Type", "application/json"}
		ask(t, h, "POST", path, why, json...).want(t, "public", 401, "auth.sign_in")
		ask(t, h, "POST", path, why, append(json, "X-Unit", "1")...).want(t, "no permission", 403, "auth.denied")
		ask(t, h, "POST", path, why, append(json, "X-Unit", "2", "X-Perms", PermOrigin)...).want(t, "another unit", 404, "evidence.not_found")
		ask(t, h, "POST", path, []byte(`{"reason":""}`), append(json, "X-Unit", "1", "X-Perms", PermOrigin)...).want(t, "no reason", 422, "evidence.reason_needed")
		a := ask(t, h, "POST", path, why, append(json, "X-Unit", "1", "X-Perms", PermOrigin)...)
		a.want(t, "an officer", 200, "")
		if a.text("model") != "S9 Canary" || a.json["lat"] != 31.25 || a.text("captured") != "2026-06-16T01:08:07Z" {
			t.Errorf("%s", a.Body)
		}
		limits := ask(t, h, "GET", at+"/limits", nil)
		limits.want(t, "limits", 200, "")
		if limits.json["photo_bytes"] != float64(20<<20) || limits.json["photo_pixels"] != 5e7 || limits.json["chunk_bytes"] != float64(8<<20) {
			t.Errorf("%s", limits.Body)
		}
	})
}

// brokenBody ends in the middle, as when a phone loses its network.
type brokenBody struct{ left int }

func (b *brokenBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := min(b.left, len(p))
	b.left -= n
	return n, nil
}

func TestHTTPInterrupted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := answer{ResponseRecorder: httptest.NewRecorder()}
		site(w).ServeHTTP(a, httptest.NewRequest("POST", at, &brokenBody{1000}))
		if a.Code != 422 || !strings.Contains(a.Body.String(), "evidence.interrupted") {
			t.Errorf("%d %s", a.Code, a.Body)
		}
	})
}

// TestOpenAPI says what is sent and what comes back.
func TestOpenAPI(t *testing.T) {
	mux := http.NewServeMux()
	api := httpapi.New(mux, "test")
	Mount(api, New(Config{SealKey: make([]byte, 32)}))
	post := api.OpenAPI().Paths[at].Post
	var types []string
	for name := range post.RequestBody.Content {
		types = append(types, name)
	}
	if slices.Sort(types); !slices.Equal(types, []string{"image/jpeg", "image/png", "image/webp", "video/mp4"}) {
		t.Errorf("request types %v", types)
	}
	file := api.OpenAPI().Paths[at+"/{id}/{variant}"].Get
	if file.Responses["200"].Content["video/mp4"] == nil || file.Responses["206"] == nil {
		t.Errorf("responses %+v", file.Responses)
	}
}
