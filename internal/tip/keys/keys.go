// SPDX-License-Identifier: Apache-2.0

// Package keys keeps the keys that tips are sealed to, none of which it can use: what
// officers' browsers sealed, who holds it, and what two of them signed.
//
// keys.go holds the types, statement.go the texts that people sign, sealed.go what is
// known of sealed text; person.go, channel.go, ceremony.go, handover.go, recovery.go and
// directory.go are the service's parts, withdraw.go hears of people who leave, routing.go
// is what tips ask; store_*.go alone speak SQL, http_*.go alone speak HTTP.
package keys

import (
	"time"

	"anlan/internal/kernel/place"
)

// PermHold lets a person hold the keys of the office in whose name they act.
const PermHold = "tip.keys"

const (
	// CeremonyLife is how long a key waits for its second person, and a recovery for its shares.
	CeremonyLife = 24 * time.Hour
	// MaxHolders is how many people may hold one key.
	MaxHolders   = 20
	leastHolders = 2
	maxReason    = 200 // runes
	maxSealed    = 16 << 10
)

// Kind is a kind of age key.
type Kind string

const (
	X25519 Kind = "x25519"
	Hybrid Kind = "hybrid" // X25519 with ML-KEM-768, against quantum computers to come
)

// PersonKey is an officer's own key: the public halves, and the secret ones sealed by a
// passphrase that never leaves the officer's browser.
type PersonKey struct {
	ID        string    `bun:"id,pk"`
	PersonID  string    `bun:"person_id"`
	Recipient string    `bun:"recipient"` // age, x25519
	Signer    string    `bun:"signer"`    // Ed25519 public key, base64
	Sealed    string    `bun:"sealed"`    // armored age file, passphrase
	Made      time.Time `bun:"made"`
	Replaced  time.Time `bun:"replaced,nullzero"` // by a newer key of the person; zero: it is the current one
	Version   int       `bun:"version"`
}

// Channel is an office that receives tips (举报受理渠道).
type Channel struct {
	ID         string     `bun:"id,pk"`
	UnitID     string     `bun:"unit_id"`
	Hybrid     bool       `bun:"hybrid"` // its keys are of the kind Hybrid
	Opened     time.Time  `bun:"opened"`
	OfficeName string     `bun:"-"` // filled in by reads
	Place      place.Path `bun:"-"` // of the office, filled in by reads
}

// Kind returns the kind of key that the channel's generations have.
func (c *Channel) Kind() Kind {
	if c.Hybrid {
		return Hybrid
	}
	return X25519
}

// State is where a generation of a channel's key stands.
type State string

const (
	Pending State = "pending" // one person has made it, another must confirm it
	Current State = "current" // phones seal to it
	Former  State = "former"  // some tips are still sealed to it
	Retired State = "retired" // nothing is: its wraps are gone
	Dropped State = "dropped" // never confirmed
)

// Generation is one key of a channel. Numbers are never used twice.
type Generation struct {
	ChannelID    string    `bun:"channel_id,pk"`
	N            int       `bun:"generation,pk"`
	State        State     `bun:"state"`
	Kind         Kind      `bun:"kind"`
	Recipient    string    `bun:"recipient"`
	Threshold    int       `bun:"threshold"` // shares that give the key back
	ShareSet     int       `bun:"share_set"` // shares of different sets do not fit together
	Text         string    `bun:"statement"` // what both signed
	Maker        string    `bun:"maker"`     // person
	MakerKey     string    `bun:"maker_key"`
	MakerSig     string    `bun:"maker_sig"`
	Confirmer    string    `bun:"confirmer"`
	ConfirmerKey string    `bun:"confirmer_key,nullzero"`
	ConfirmerSig string    `bun:"confirmer_sig"`
	Made         time.Time `bun:"made"`
	Expires      time.Time `bun:"expires"` // while pending
	Confirmed    time.Time `bun:"confirmed,nullzero"`
	// Statement is Text with both signatures, "" before the second; filled in by reads.
	Statement string `bun:"-"`
}

// open reports whether g's key may still be used to open what is sealed to it.
func (g *Generation) open() bool { return g.State == Current || g.State == Former }

// waiting reports whether g waits for its second person at now.
func (g *Generation) waiting(now time.Time) bool { return g.State == Pending && now.Before(g.Expires) }

// Holding is what one person has of one generation: the key itself and a share of it,
// each sealed to a key of theirs.
type Holding struct {
	ChannelID string    `bun:"channel_id,pk"`
	N         int       `bun:"generation,pk"`
	PersonID  string    `bun:"person_id,pk"`
	KeyID     string    `bun:"key_id"` // the PersonKey that Wrap is sealed to
	Wrap      string    `bun:"wrap"`
	ShareKey  string    `bun:"share_key"` // the PersonKey that Share is sealed to
	Share     string    `bun:"share"`
	ShareSet  int       `bun:"share_set"`
	Made      time.Time `bun:"made"`
	MadeBy    string    `bun:"made_by"`          // person who sealed it
	Revoked   time.Time `bun:"revoked,nullzero"` // it is shown to nobody; zero: it counts
}

func (h *Holding) live() bool { return h.Revoked.IsZero() }

// Recovery is a request of one person for the shares of others.
type Recovery struct {
	ID        string    `bun:"id,pk"`
	ChannelID string    `bun:"channel_id"`
	N         int       `bun:"generation"`
	ShareSet  int       `bun:"share_set"`
	Threshold int       `bun:"threshold"`
	Asker     string    `bun:"asker"`
	Reason    string    `bun:"reason"`
	Recipient string    `bun:"recipient"` // made for this recovery alone
	Asked     time.Time `bun:"asked"`
	Expires   time.Time `bun:"expires"`
	Fetched   time.Time `bun:"fetched,nullzero"`
	Given     []Given   `bun:"-"` // filled in by reads
}

// complete reports whether enough shares were given.
func (r *Recovery) complete() bool { return len(r.Given) >= r.Threshold }

// Given is a share that a holder sealed anew for a recovery.
type Given struct {
	RecoveryID string    `bun:"recovery_id,pk"`
	PersonID   string    `bun:"person_id,pk"`
	Share      string    `bun:"share"`
	At         time.Time `bun:"given"`
}

// Directory is the key that vouches for the signers of all channels of a deployment.
type Directory struct {
	ID        string         `bun:"id,pk"`
	State     DirectoryState `bun:"state"`
	Origin    string         `bun:"origin"` // the deployment's name in every signed text
	VKey      string         `bun:"vkey"`   // Ed25519 public key, base64
	Maker     string         `bun:"maker"`
	Confirmer string         `bun:"confirmer"` // who must confirm, and then has
	Made      time.Time      `bun:"made"`
	Expires   time.Time      `bun:"expires"` // while pending
	Confirmed time.Time      `bun:"confirmed,nullzero"`
}

// DirectoryState is where a directory key stands.
type DirectoryState string

const (
	DirectoryPending DirectoryState = "pending"
	DirectoryActive  DirectoryState = "active"
	DirectoryEnded   DirectoryState = "ended" // never confirmed, or lost by all its holders
)

// DirectoryWrap is the directory key, sealed to one person.
type DirectoryWrap struct {
	DirectoryID string    `bun:"directory_id,pk"`
	PersonID    string    `bun:"person_id,pk"`
	UnitID      string    `bun:"unit_id"` // the office that the person keeps keys for
	KeyID       string    `bun:"key_id"`
	Wrap        string    `bun:"wrap"`
	Made        time.Time `bun:"made"`
	MadeBy      string    `bun:"made_by"`
	Revoked     time.Time `bun:"revoked,nullzero"`
}

// SignerList is a list of signers under the directory key's signature.
type SignerList struct {
	DirectoryID string    `bun:"directory_id,pk"`
	N           int       `bun:"n,pk"`
	Text        string    `bun:"list"`
	Signature   string    `bun:"signature"`
	Listed      time.Time `bun:"listed"`
	ListedBy    string    `bun:"listed_by"`
}
