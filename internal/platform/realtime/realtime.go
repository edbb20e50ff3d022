// SPDX-License-Identifier: Apache-2.0

// Package realtime brings messages to pages that are open: to those that listen to a
// channel, with the last minute's again after a lost connection. Centrifuge does it in
// process, or through Redis when several processes serve.
//
// It tells that something changed and is never the only place where that can be read:
// a page that has missed more than a minute loads anew.
//
// realtime.go is the hub, handler.go lets browsers in, node.go speaks to centrifuge.
package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
)

const (
	// Public begins the names of channels that everybody may listen to.
	Public = "public:"

	historySize = 100 // messages of a channel that can be had again
	historyTime = time.Minute
	// maxConnections is how many listeners one process takes; each costs about 50 KiB.
	maxConnections = 10_000
	// maxChannels is how many channels one connection may listen to.
	maxChannels = 32
)

// Config is what a Hub needs; the zero value serves public channels in one process.
type Config struct {
	// Redis is "redis://host:port", or "" for one process.
	Redis string
	// MayListen decides about channels that are not public. It may ask the database. A
	// nil error is a yes; without MayListen nobody may.
	MayListen func(ctx context.Context, a actor.Actor, channel string) error
	// Registry is where metrics are registered; it may be nil.
	Registry *prometheus.Registry
}

// Hub is where messages come in and go out.
type Hub struct {
	cfg  Config
	node *centrifuge.Node
}

// New returns a Hub that is not started.
func New(cfg Config) (*Hub, error) {
	node, err := newNode(cfg)
	if err != nil {
		return nil, fmt.Errorf("realtime: %w", err)
	}
	h := &Hub{cfg: cfg, node: node}
	node.OnConnecting(h.connecting)
	node.OnConnect(h.connected)
	return h, nil
}

// Start connects to Redis, if there is one, and begins to serve.
func (h *Hub) Start() error { return h.node.Run() }

// Stop closes all connections; pages come back by themselves.
func (h *Hub) Stop(ctx context.Context) error { return h.node.Shutdown(ctx) }

// Publish sends payload, as JSON, to all who listen to channel, in this process and
// the others. Never call it inside a transaction.
func (h *Hub) Publish(channel string, payload any) error {
	b, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	if _, err := h.node.Publish(channel, b, centrifuge.WithHistory(historySize, historyTime)); err != nil {
		return errs.Wrap(err, errs.Unavailable, "unavailable")
	}
	return nil
}

// Disconnect closes the connections of a person in all processes, as after signing out.
func (h *Hub) Disconnect(personID string) error {
	return h.node.Disconnect(personID, centrifuge.WithCustomDisconnect(centrifuge.DisconnectForceReconnect))
}

// Listeners returns how many connections this process has.
func (h *Hub) Listeners() int { return h.node.Hub().NumClients() }
