// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"log/slog"
	"strings"
	"sync"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/realtime"
)

// Channels of live updates. A message only says that something moved; who hears it
// asks for the figures, with their own rights.
const (
	channelHome    = "public:home" // the front page: no sign-in
	channelNumbers = "place:"      // followed by a path: figures and lists there moved
)

// movedMessage is what is sent.
type movedMessage struct {
	Moved bool `json:"moved"`
}

// live publishes to open pages, once there is somebody to publish to.
type live struct {
	mu   sync.Mutex
	hub  *realtime.Hub
	home func(context.Context) (place.Path, error)
}

func (l *live) plug(hub *realtime.Hub, home func(context.Context) (place.Path, error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hub, l.home = hub, home
}

// numbersMoved tells the open pages of the places where numbers moved.
func (l *live) numbersMoved(places []place.Path) {
	l.mu.Lock()
	hub, home := l.hub, l.home
	l.mu.Unlock()
	if hub == nil {
		return
	}
	at, err := home(context.Background())
	if err != nil {
		slog.Warn("live update", "err", err)
		return
	}
	for _, p := range places {
		l.publish(hub, channelNumbers+string(p))
		if p == at {
			l.publish(hub, channelHome)
		}
	}
}

func (l *live) publish(hub *realtime.Hub, channel string) {
	if err := hub.Publish(channel, movedMessage{true}); err != nil {
		slog.Warn("live update", "channel", channel, "err", err)
	}
}

// errDeaf refuses a channel.
var errDeaf = errs.New(errs.Denied, "auth.denied", "perm", "listen")

// mayListen decides who hears that something moved at a place: whoever has a role
// there or in a unit. The message itself tells no more than that.
func mayListen(_ context.Context, by actor.Actor, channel string) error {
	text, ok := strings.CutPrefix(channel, channelNumbers)
	at := place.Path(text)
	if !ok || !at.Valid() {
		return errDeaf
	}
	for _, g := range by.Grants {
		if g.Scope.Trunk == actor.Group || g.Scope.Place.Contains(at) {
			return nil
		}
	}
	return errDeaf
}
