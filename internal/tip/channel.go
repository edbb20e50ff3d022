// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"

	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

// Channel is an office that receives tips, and the key that they are sealed to now.
type Channel struct {
	ID         string
	Office     string // unit
	OfficeName string
	Place      place.Path // that the office is set over
	Generation int
	Recipient  string
	Statement  string // signed by two key holders
}

// Channels are the offices that can receive what is sealed.
type Channels interface {
	// ChannelFor returns the channel of the nearest office at or above p that excluded does
	// not name, and whether a nearer one was passed over; NotFound when none has a key.
	ChannelFor(ctx context.Context, q db.Q, p place.Path, excluded func(unitID string) bool) (*Channel, bool, error)
	// Channel returns one channel, or NotFound.
	Channel(ctx context.Context, q db.Q, id string) (*Channel, error)
}
