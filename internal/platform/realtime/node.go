// SPDX-License-Identifier: Apache-2.0

package realtime

import (
	"context"
	"log/slog"
	"strings"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
)

func newNode(cfg Config) (*centrifuge.Node, error) {
	registry := cfg.Registry
	if registry == nil { // else centrifuge takes a global one
		registry = prometheus.NewRegistry()
	}
	node, err := centrifuge.New(centrifuge.Config{
		LogLevel: centrifuge.LogLevelWarn, LogHandler: log, ClientChannelLimit: maxChannels,
		Metrics: centrifuge.MetricsConfig{MetricsNamespace: "anlan_realtime", RegistererGatherer: registry},
	})
	if err != nil || cfg.Redis == "" {
		return node, err
	}
	shard, err := centrifuge.NewRedisShard(node, centrifuge.RedisShardConfig{Address: cfg.Redis})
	if err != nil {
		return nil, err
	}
	broker, err := centrifuge.NewRedisBroker(node, centrifuge.RedisBrokerConfig{Prefix: "anlan", Shards: []*centrifuge.RedisShard{shard}})
	if err != nil {
		return nil, err
	}
	node.SetBroker(broker)
	return node, nil
}

func log(e centrifuge.LogEntry) {
	level := slog.LevelWarn
	if e.Level >= centrifuge.LogLevelError {
		level = slog.LevelError
	}
	attrs := make([]any, 0, 2*len(e.Fields)+2)
	for name, v := range e.Fields {
		attrs = append(attrs, name, v)
	}
	if e.Error != nil {
		attrs = append(attrs, "err", e.Error)
	}
	slog.Log(context.Background(), level, "realtime: "+e.Message, attrs...)
}

// connecting lets everybody in, up to a number: who they are the handler has said.
func (h *Hub) connecting(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	if h.node.Hub().NumClients() >= maxConnections {
		return centrifuge.ConnectReply{}, centrifuge.DisconnectConnectionLimit
	}
	return centrifuge.ConnectReply{}, nil
}

// connected allows a client to listen and nothing else: it never publishes, and never
// sees who else is there.
func (h *Hub) connected(c *centrifuge.Client) {
	c.OnSubscribe(func(e centrifuge.SubscribeEvent, reply centrifuge.SubscribeCallback) {
		if strings.HasPrefix(e.Channel, Public) {
			reply(listening, nil)
			return
		}
		go func() { reply(listening, h.mayListen(c.Context(), e.Channel)) }() // it may ask the database
	})
}

var listening = centrifuge.SubscribeReply{Options: centrifuge.SubscribeOptions{EnableRecovery: true}}

func (h *Hub) mayListen(ctx context.Context, channel string) error {
	if h.cfg.MayListen == nil {
		return centrifuge.ErrorPermissionDenied
	}
	err := h.cfg.MayListen(ctx, actor.From(ctx), channel)
	switch errs.KindOf(err) {
	case errs.None:
		return nil
	case errs.Internal, errs.Unavailable:
		slog.WarnContext(ctx, "could not decide who may listen", "channel", channel, "err", err)
		return centrifuge.ErrorInternal
	}
	return centrifuge.ErrorPermissionDenied
}
