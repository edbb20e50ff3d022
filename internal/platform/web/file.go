// SPDX-License-Identifier: Apache-2.0

package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// types are the media types of what a build makes. The machine's own table may lack
// some, or have others.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".mp3": "audio/mpeg", ".wasm": "application/wasm",
}

const (
	forever = "public, max-age=31536000, immutable"
	askEach = "no-cache" // kept, but asked about each time
)

// file is one file of dist and its compressed forms.
type file struct {
	mediaType string
	cache     string
	plain     form
	packed    []form // the best first
}

// form is the content of a file in one encoding.
type form struct {
	encoding string // as in Accept-Encoding; "" for none
	content  []byte
	etag     string
}

// load reads dist; names that begin with a dot are the build's own.
func load(dist fs.FS) (site, error) {
	s := site{}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir() || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz"):
			return nil
		}
		s[name], err = loadFile(dist, name)
		return err
	})
	return s, err
}

func loadFile(dist fs.FS, name string) (*file, error) {
	plain, err := fs.ReadFile(dist, name)
	if err != nil {
		return nil, err
	}
	f := &file{mediaType: types[path.Ext(name)], cache: askEach, plain: newForm("", plain)}
	if f.mediaType == "" {
		f.mediaType = "application/octet-stream"
	}
	if strings.HasPrefix(name, "assets/") {
		f.cache = forever
	}
	for _, p := range []struct{ encoding, ending string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if content, err := fs.ReadFile(dist, name+p.ending); err == nil {
			f.packed = append(f.packed, newForm(p.encoding, content))
		}
	}
	return f, nil
}

func newForm(encoding string, content []byte) form {
	sum := sha256.Sum256(content)
	return form{encoding, content, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.mediaType)
	h.Set("Cache-Control", f.cache)
	chosen := f.plain
	if len(f.packed) > 0 {
		h.Set("Vary", "Accept-Encoding")
		chosen = f.choose(r.Header.Get("Accept-Encoding"))
	}
	h.Set("ETag", chosen.etag)
	if chosen.encoding != "" {
		h.Set("Content-Encoding", chosen.encoding)
		h.Set("Content-Length", strconv.Itoa(len(chosen.content))) // ServeContent leaves it out
		r.Header.Del("Range")                                      // parts of what was compressed help nobody
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(chosen.content))
}

// choose returns the best form that the client takes.
func (f *file) choose(accept string) form {
	for _, p := range f.packed {
		if accepts(accept, p.encoding) {
			return p
		}
	}
	return f.plain
}

// accepts reports whether an Accept-Encoding names encoding and does not give it q=0.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !ok || err == nil && weight > 0
	}
	return false
}
