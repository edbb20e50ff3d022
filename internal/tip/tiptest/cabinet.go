// SPDX-License-Identifier: Apache-2.0

package tiptest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"filippo.io/age"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/tip"
)

// Cabinet holds the keys of channels, as two people of each office would have made them.
type Cabinet struct {
	mu  sync.Mutex
	all []tip.Channel
	ids map[string]*age.X25519Identity // by channel and generation
}

func keyName(channelID string, generation int) string {
	return fmt.Sprintf("%s/%d", channelID, generation)
}

func (c *Cabinet) open(t testing.TB, u *org.Unit, holders ...*org.Person) {
	t.Helper()
	ch := tip.Channel{ID: "channel-" + u.ID, Office: u.ID, OfficeName: u.Name, Place: u.Place, Group: u.GroupPath,
		Statement: "anlan-recipients/v1\n" + u.Name + "\n"}
	for _, p := range holders {
		ch.Holders = append(ch.Holders, p.ID)
	}
	c.mu.Lock()
	c.all = append(c.all, ch)
	c.mu.Unlock()
	c.Rotate(t, u)
}

// Rotate makes the next generation of an office's key.
func (c *Cabinet) Rotate(t testing.TB, u *org.Unit) {
	t.Helper()
	made := identity(t)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ids == nil {
		c.ids = map[string]*age.X25519Identity{}
	}
	for i := range c.all {
		if ch := &c.all[i]; ch.Office == u.ID {
			ch.Generation++
			ch.Recipient = made.Recipient().String()
			c.ids[keyName(ch.ID, ch.Generation)] = made
		}
	}
}

// Of returns the channel of an office, and its current key.
func (c *Cabinet) Of(u *org.Unit) (tip.Channel, *age.X25519Identity) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.all, func(ch tip.Channel) bool { return ch.Office == u.ID })
	return c.all[i], c.ids[keyName(c.all[i].ID, c.all[i].Generation)]
}

func (c *Cabinet) identity(channelID string, generation int) *age.X25519Identity {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ids[keyName(channelID, generation)]
}

// MayOpen reports whether a is one of the holders that the channel was opened with.
func (c *Cabinet) MayOpen(_ context.Context, a actor.Actor, channelID string, generation int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ids[keyName(channelID, generation)] != nil && slices.ContainsFunc(c.all, func(ch tip.Channel) bool {
		return ch.ID == channelID && a.Unit == ch.Office && slices.Contains(ch.Holders, a.ID)
	})
}

// ChannelsAt returns the channels of the offices set over the places.
func (c *Cabinet) ChannelsAt(_ context.Context, _ db.Q, places []place.Path) ([]tip.Channel, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.all), func(ch tip.Channel) bool { return !slices.Contains(places, ch.Place) }), nil
}

// Channel returns one channel.
func (c *Cabinet) Channel(_ context.Context, _ db.Q, id string) (*tip.Channel, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ch := range c.all {
		if ch.ID == id {
			return &ch, nil
		}
	}
	return nil, errs.New(errs.NotFound, "tip.no_channel")
}

// Trust returns words in the place of signatures, which no test of tips reads.
func (c *Cabinet) Trust(context.Context, db.Q) (string, string, error) {
	return "directory", "anlan-signers/v1\n", nil
}

// Statements returns what would be signed of every key.
func (c *Cabinet) Statements(context.Context, db.Q) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]string, len(c.all))
	for i, ch := range c.all {
		out[i] = ch.Statement
	}
	return out, nil
}
