// SPDX-License-Identifier: Apache-2.0

// Package obs lets operators see what the program does: logs without personal data,
// metrics for Prometheus, and health for whoever restarts it or sends it requests.
//
// log.go writes JSON lines and takes out what must not be in them, metrics.go counts,
// health.go answers /healthz and /readyz.
package obs

import (
	"context"
	"io"
	"log/slog"
	"regexp"
	"strings"

	"anlan/internal/kernel/actor"
)

const hidden = "[hidden]"

// private are parts of attribute names whose values never reach a log.
var private = []string{"phone", "mobile", "password", "secret", "token", "cookie", "authorization", "words",
	"contact", "idcard", "id_card", "id_number", "address", "query_code", "totp", "latitude", "longitude", "email"}

// What may stand inside any text, such as that of an error: credentials in an address,
// mobile numbers, identity numbers.
var (
	credentials = regexp.MustCompile(`(://)[^\s/:@]*:[^\s/@]*@`)
	mobile      = regexp.MustCompile(`\b1[3-9]\d{9}\b`)
	identity    = regexp.MustCompile(`\b\d{17}[\dXx]\b`)
)

// NewLogger returns a logger of JSON lines to w, each with the id of the request that
// it belongs to. Values of private names are hidden, and private things inside texts.
func NewLogger(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(traced{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: redact})})
}

func redact(_ []string, a slog.Attr) slog.Attr {
	name := strings.ToLower(a.Key)
	for _, p := range private {
		if strings.Contains(name, p) {
			return slog.String(a.Key, hidden)
		}
	}
	switch a.Value.Kind() {
	case slog.KindString:
		return slog.String(a.Key, scrub(a.Value.String()))
	case slog.KindAny:
		if err, ok := a.Value.Any().(error); ok {
			return slog.String(a.Key, scrub(err.Error()))
		}
	}
	return a
}

func scrub(text string) string {
	text = credentials.ReplaceAllString(text, "${1}"+hidden+"@")
	text = identity.ReplaceAllString(text, hidden)
	return mobile.ReplaceAllString(text, hidden)
}

// traced adds the id of the request to what is logged with its context.
type traced struct{ slog.Handler }

func (t traced) Handle(ctx context.Context, r slog.Record) error {
	if id := actor.From(ctx).Request; id != "" && !hasAttr(r, "trace") {
		r.AddAttrs(slog.String("trace", id))
	}
	return t.Handler.Handle(ctx, r)
}

func hasAttr(r slog.Record, name string) bool {
	found := false
	r.Attrs(func(a slog.Attr) bool { found = a.Key == name; return !found })
	return found
}

func (t traced) WithAttrs(as []slog.Attr) slog.Handler { return traced{t.Handler.WithAttrs(as)} }
func (t traced) WithGroup(name string) slog.Handler    { return traced{t.Handler.WithGroup(name)} }
