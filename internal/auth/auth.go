// SPDX-License-Identifier: Apache-2.0

// Package auth knows who is calling: accounts and their passwords, second
// factors, sessions, API tokens, and the set-up of a fresh installation.
//
// auth.go holds the types and the service; password.go, hasher.go, totp.go,
// lockout.go, proof.go, device.go and kinds.go the rules; signin.go, guess.go,
// sessions.go, me.go, factor.go, tokens.go, accounts.go, setup.go and access.go what
// others may ask; identity.go finds the actor of a request; store*.go alone speaks
// SQL, http*.go HTTP.
package auth

import (
	"embed"
	"io/fs"
	"sync/atomic"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/platform/seal"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

// Permissions of this package. They lie with two administrators (org's roles.go),
// so that nobody alone can take over an account that has a second factor.
const (
	PermAccounts = "auth.accounts" // give accounts and new passwords, close and reopen them
	PermTokens   = "auth.tokens"   // unlock accounts, take lost second factors and API tokens away
	// PermAccess lies with the audit administrator alone: office leaders may read the
	// ledger, but not when their people work.
	PermAccess = "auth.access"
)

// Account is how a person signs in. A person has at most one.
type Account struct {
	Person       string     `bun:"person_id,pk"`
	Login        string     `bun:"login"` // folded: see foldLogin
	Hash         string     `bun:"hash"`  // argon2id in PHC text
	MustChange   bool       `bun:"must_change"`
	InitialUntil time.Time  `bun:"initial_until,nullzero"` // the one-time password is good until then
	Disabled     bool       `bun:"disabled"`
	TOTP         []byte     `bun:"totp"`         // sealed secret; nil: no second factor
	TOTPPending  []byte     `bun:"totp_pending"` // sealed secret that was shown and not yet confirmed
	TOTPStep     int64      `bun:"totp_step"`    // last step used: no code works twice
	Locale       string     `bun:"locale"`       // "zh-CN", "en", or "" for the browser's
	Place        place.Path `bun:"place"`        // where the person was at the last sign-in, for filters of lists
	UnitPath     string     `bun:"unit_path"`    // likewise
	Created      time.Time  `bun:"created"`
	LastSignIn   time.Time  `bun:"last_sign_in,nullzero"`
	Version      int64      `bun:"version"`
}

// Session is one signed-in browser. It dies of idleness, of age, or by revocation.
type Session struct {
	ID        string    `bun:"id,pk"`
	TokenHash string    `bun:"token_hash"`
	Person    string    `bun:"person_id"`
	Unit      string    `bun:"unit_id"` // the unit in whose name its person acts
	Device    string    `bun:"device"`  // "Chrome · Windows"
	Address   string    `bun:"address"` // masked: "203.0.113.*"
	Created   time.Time `bun:"created"`
	LastSeen  time.Time `bun:"last_seen"` // to the minute
	IdleS     int64     `bun:"idle_s"`    // seconds without use that it survives
	IdleUntil time.Time `bun:"idle_until"`
	Expires   time.Time `bun:"expires"`
	Confirmed time.Time `bun:"confirmed"` // when its person last proved who they are
}

func (x *Session) alive(now time.Time) bool {
	return now.Before(x.Expires) && now.Before(x.IdleUntil)
}

// seen moves the end of idleness.
func (x *Session) seen(now time.Time) {
	x.LastSeen, x.IdleUntil = now, now.Add(time.Duration(x.IdleS)*time.Second)
}

// Token lets a program act for a person, with some of the person's permissions.
type Token struct {
	ID       string    `bun:"id,pk"`
	Hash     string    `bun:"hash"`
	Person   string    `bun:"person_id"`
	Unit     string    `bun:"unit_id"`
	Name     string    `bun:"name"`
	Perms    []string  `bun:"-"`
	Created  time.Time `bun:"created"`
	Expires  time.Time `bun:"expires"`
	LastUsed time.Time `bun:"last_used,nullzero"` // to the minute
}

// Limits say how long a session lives without use, and at most. They are short for
// the three administrators, who can do most harm.
type Limits struct {
	Idle, Life           time.Duration
	AdminIdle, AdminLife time.Duration
}

// DefaultLimits are used where Config says nothing.
var DefaultLimits = Limits{
	Idle: 12 * time.Hour, Life: 7 * 24 * time.Hour,
	AdminIdle: 30 * time.Minute, AdminLife: 12 * time.Hour,
}

// Config is what the service needs.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    clock.Clock
	IDs    *id.Source
	Org    *org.Service
	// Box seals the secrets of second factors. When its key is lost they must be set
	// up anew; passwords and sessions go on.
	Box     *seal.Box
	BaseURL string // the address people type, "https://…"; "" when it is not known
	Limits  Limits // the zero value: DefaultLimits
}

// Service is the package's door.
type Service struct {
	db        *db.DB
	ledger    *ledger.Ledger
	now       clock.Clock
	ids       *id.Source
	org       *org.Service
	box       *seal.Box
	hasher    *hasher
	addresses *addresses
	cache     *identities
	baseURL   string
	limits    Limits
	installed atomic.Bool // an account exists; never false again
}

// New returns the service.
func New(cfg Config) *Service {
	if cfg.Limits == (Limits{}) {
		cfg.Limits = DefaultLimits
	}
	return &Service{
		db: cfg.DB, ledger: cfg.Ledger, now: cfg.Now, ids: cfg.IDs, org: cfg.Org,
		box: cfg.Box, hasher: newHasher(defaultCost), addresses: newAddresses(), cache: newIdentities(),
		baseURL: cfg.BaseURL, limits: cfg.Limits,
	}
}
