// SPDX-License-Identifier: Apache-2.0

package realtime

import (
	"net/http"

	"github.com/centrifugal/centrifuge"

	"anlan/internal/kernel/actor"
)

// Mount serves WebSocket at path, and below it, for networks that let none through,
// /http_stream and /sse with /emulation for what the client says. The actor of the
// request's context is who listens; a page of another host is refused.
func (h *Hub) Mount(mux *http.ServeMux, path string) {
	mux.Handle(path, hijackable(h.known(centrifuge.NewWebsocketHandler(h.node,
		centrifuge.WebsocketConfig{UseWriteBufferPool: true, MessageSizeLimit: 4096}))))
	mux.Handle(path+"/http_stream", h.known(centrifuge.NewHTTPStreamHandler(h.node, centrifuge.HTTPStreamConfig{MaxRequestBodySize: 4096})))
	mux.Handle(path+"/sse", h.known(centrifuge.NewSSEHandler(h.node, centrifuge.SSEConfig{MaxRequestBodySize: 4096})))
	mux.Handle(path+"/emulation", centrifuge.NewEmulationHandler(h.node, centrifuge.EmulationConfig{MaxRequestBodySize: 4096}))
}

// known tells centrifuge who asks: a person, or "" for the public.
func (h *Hub) known(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		ctx = centrifuge.SetCredentials(ctx, &centrifuge.Credentials{UserID: actor.From(ctx).ID})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// hijackable takes off what middleware has put around the writer: centrifuge wants the
// connection itself and does not look under wrappings.
func hijackable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, ok := w.(http.Hijacker); ok {
				break
			}
			outer, ok := w.(interface{ Unwrap() http.ResponseWriter })
			if !ok {
				break
			}
			w = outer.Unwrap()
		}
		next.ServeHTTP(w, r)
	})
}
