// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"anlan/internal/kernel/errs"
)

const (
	textType  = "text/plain; charset=utf-8"
	bytesType = "application/octet-stream"
	forEver   = "public, max-age=31536000, immutable"
	forNow    = "public, max-age=1"
)

// Handler serves the log below /log/: what c2sp.org/tlog-tiles names, and keys, policy,
// statistics and proof/<leaf hash in hex>. Everybody may read it from every site.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /log/checkpoint", s.httpCheckpoint)
	mux.HandleFunc("GET /log/tile/", s.httpTile)
	mux.HandleFunc("GET /log/keys", s.httpKeys)
	mux.HandleFunc("GET /log/policy", func(w http.ResponseWriter, _ *http.Request) { send(w, textType, forNow, s.Policy().Text()) })
	mux.HandleFunc("GET /log/statistics", s.httpStatistics)
	mux.HandleFunc("GET /log/proof/{leaf}", s.httpProof)
	return mux
}

func send(w http.ResponseWriter, kind, cache string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if _, err := w.Write(body); err != nil {
		slog.Debug("client went away", "err", err)
	}
}

// refuse says in a line of text why there is nothing; the log speaks no JSON.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	switch errs.KindOf(err) {
	case errs.NotFound, errs.Invalid:
		status = http.StatusNotFound
	case errs.Unavailable:
		status = http.StatusServiceUnavailable
	default:
		slog.ErrorContext(r.Context(), "the log cannot be served", "path", r.URL.Path, "err", err)
	}
	if e, ok := errors.AsType[*errs.Error](err); ok && e.RetryAfter > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int(e.RetryAfter.Seconds())))
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, errs.KeyOf(err), status)
}

func (s *Service) httpCheckpoint(w http.ResponseWriter, r *http.Request) {
	msg, err := s.Checkpoint(r.Context())
	if err != nil {
		refuse(w, r, err)
		return
	}
	send(w, textType, forNow, msg)
}

func (s *Service) httpTile(w http.ResponseWriter, r *http.Request) {
	id, ok := ParseTilePath(strings.TrimPrefix(r.URL.Path, "/log/"))
	if !ok {
		refuse(w, r, errs.New(errs.NotFound, "transparency.no_tile"))
		return
	}
	l, err := getLog(r.Context(), s.cfg.DB.Read())
	if err == nil && !id.Within(l.ServedSize) {
		err = errs.New(errs.NotFound, "transparency.no_tile")
	}
	if err != nil {
		refuse(w, r, err)
		return
	}
	data, err := stored{s.cfg.DB.Read()}.Tile(r.Context(), id)
	if err != nil {
		refuse(w, r, err)
		return
	}
	send(w, bytesType, forEver, data)
}

// httpKeys lists every key that the log has had, the first one first, with what people
// compare with print.
func (s *Service) httpKeys(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	for _, g := range s.keys.Load().generations {
		fmt.Fprintf(&b, "# generation %d, fingerprint %s\n%s\n", g.row.Generation, g.note.Fingerprint(), g.note)
	}
	send(w, textType, forNow, []byte(b.String()))
}

func (s *Service) httpStatistics(w http.ResponseWriter, r *http.Request) {
	st, err := s.Statistics(r.Context())
	if err != nil {
		refuse(w, r, err)
		return
	}
	send(w, textType, forNow, []byte(st.Text()))
}

func (s *Service) httpProof(w http.ResponseWriter, r *http.Request) {
	b, err := hex.DecodeString(r.PathValue("leaf"))
	if err != nil || len(b) != len(Hash{}) {
		refuse(w, r, errs.New(errs.NotFound, "transparency.no_leaf"))
		return
	}
	p, err := s.Proof(r.Context(), Hash(b))
	if err != nil {
		refuse(w, r, err)
		return
	}
	send(w, textType, forNow, p.Encode())
}
