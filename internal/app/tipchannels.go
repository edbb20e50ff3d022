// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
	"anlan/internal/tip"
	tipkeys "anlan/internal/tip/keys"
)

// channels tells tips which offices have a key.
type channels struct{ *tipkeys.Service }

var _ tip.Channels = channels{}

// ChannelsAt is of tip.Channels.
func (c channels) ChannelsAt(ctx context.Context, q db.Q, places []place.Path) ([]tip.Channel, error) {
	all, err := c.ReceiversAt(ctx, q, places)
	out := make([]tip.Channel, len(all))
	for i := range all {
		out[i] = tipChannel(&all[i])
	}
	return out, err
}

// Channel is of tip.Channels.
func (c channels) Channel(ctx context.Context, q db.Q, id string) (*tip.Channel, error) {
	r, err := c.Receiver(ctx, q, id)
	if err != nil {
		return nil, err
	}
	out := tipChannel(r)
	return &out, nil
}

func tipChannel(r *tipkeys.Receiver) tip.Channel {
	return tip.Channel{ID: r.ID, Office: r.UnitID, OfficeName: r.OfficeName, Place: r.Place, Group: r.Group, Generation: r.Generation.N,
		Recipient: r.Generation.Recipient, Statement: r.Generation.Statement, Hybrid: r.Hybrid, Holders: r.Holders}
}
