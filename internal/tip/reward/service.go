// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"
	"crypto/rsa"
	"embed"
	"io/fs"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/platform/seal"
	"anlan/internal/rules"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

type (
	proposedFacts struct {
		Class string `json:"class"`
		Table string `json:"table"`
	}
	movedFacts struct {
		From   string `json:"from"`
		To     string `json:"to"`
		Action string `json:"action"`
		Class  string `json:"class"`
		Way    string `json:"way"`
	}
	readFacts struct{}
	yearFacts struct {
		Year int `json:"year"`
	}
	budgetFacts struct {
		Year int `json:"year"`
		Warn int `json:"warn"` // percent
	}
)

var (
	kindProposed  = ledger.Define[proposedFacts]("reward.proposed.v1")
	kindMoved     = ledger.Define[movedFacts]("reward.moved.v1")
	kindPayeeRead = ledger.Define[readFacts]("reward.payee_read.v1")
	kindTokenPaid = ledger.Define[yearFacts]("reward.token_paid.v1")
	kindKeysMade  = ledger.Define[yearFacts]("reward.keys_made.v1")
	kindBudgetSet = ledger.Define[budgetFacts]("reward.budget_set.v1")
	kindBudgetLow = ledger.Define[budgetFacts]("reward.budget_low.v1")
)

// Kinds lists the kinds of ledger entries that this package writes.
func Kinds() []string {
	return []string{kindProposed.Name(), kindMoved.Name(), kindPayeeRead.Name(), kindTokenPaid.Name(), kindKeysMade.Name(),
		kindBudgetSet.Name(), kindBudgetLow.Name()}
}

// Case is what a reward asks of a tip whose conclusion stands.
type Case struct {
	TipID, TipNo string
	Class        Class
	Kind         string     // type of a general hazard, for what one person may get a month
	Place        place.Path // whose rules hold
	OfficeID     string     // the office that received it, and so rewards it
	Verified     bool
	Concluded    clock.Day
	Fines        []int64 // fen
	Grade        Grade
	Deaths       int64
	Rank         int // order of the first sufficient report in its matter; 1 is first
	Named        bool
	Insider      bool
	ClaimHash    []byte // SHA-256 of the lookup of the query code; nil when there is none
	Informant    string // a mark that is equal for the same person, or "" when nobody can tell
}

// Cases asks for the facts of a tip. It is NotFound for a tip that is not there, and a
// Conflict for one whose conclusion is still open.
type Cases interface {
	RewardCase(ctx context.Context, q db.Q, tipID string) (Case, error)
}

// Config is what a Service is made of.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    clock.Clock
	IDs    *id.Source
	Org    *org.Service
	Rules  *rules.Service
	Box    *seal.Box // seals payee data and the private halves of token keys
	Cases  Cases
	// NewKey makes the key of a class of tokens; nil: RSA of 2048 bits.
	NewKey func() (*rsa.PrivateKey, error)
}

// Service is what the rest of Anlan may ask of this package.
type Service struct{ Config }

// New returns a Service.
func New(cfg Config) *Service {
	if cfg.NewKey == nil {
		cfg.NewKey = newKey
	}
	return &Service{cfg}
}

func (s *Service) today() clock.Day { return clock.DayOf(s.Now()) }

// anyPerm are the permissions that let one see something of a reward.
var anyPerm = []string{PermPropose, PermApprove, PermPay}

// sees reports whether by may see r. A cashier without another part sees what is to be
// paid to an account or was paid by name, never who is paid by tokens.
func sees(by actor.Actor, r *Reward) bool {
	return by.May(PermPropose, r.Object()) || by.May(PermApprove, r.Object()) ||
		by.May(PermPay, r.Object()) && (r.Status == Claimed || r.Status == Paid)
}

// Full reports whether by sees the tip and the computation, and not only what to pay.
func (r *Reward) Full(by actor.Actor) bool {
	return by.May(PermPropose, r.Object()) || by.May(PermApprove, r.Object())
}

// requireAny refuses who holds no permission of this package anywhere.
func requireAny(by actor.Actor, perms ...string) error {
	for _, perm := range perms {
		if len(by.Scopes(perm)) > 0 {
			return nil
		}
	}
	return by.Require(perms[0], actor.Object{})
}

// Reward returns a reward that the actor may see.
func (s *Service) Reward(ctx context.Context, id string) (*Reward, error) {
	return s.seen(ctx, s.DB.Read(), id)
}

func (s *Service) seen(ctx context.Context, q db.Q, id string) (*Reward, error) {
	by := actor.From(ctx)
	if err := requireAny(by, anyPerm...); err != nil {
		return nil, err
	}
	r, err := get(ctx, q, id)
	if err != nil {
		return nil, err
	}
	if !sees(by, r) {
		return nil, errs.New(errs.NotFound, "reward.not_found")
	}
	return r, nil
}

// List returns the rewards that the actor may see, the latest first, of one status unless
// it is "".
func (s *Service) List(ctx context.Context, status Status, cursor string, limit int) (page.Of[*Reward], error) {
	by := actor.From(ctx)
	if err := requireAny(by, anyPerm...); err != nil {
		return page.Of[*Reward]{}, err
	}
	var after string
	if err := page.Decode(cursor, &after); err != nil {
		return page.Of[*Reward]{}, err
	}
	f := filter{status: status, after: after, full: append(by.Scopes(PermPropose), by.Scopes(PermApprove)...), pay: by.Scopes(PermPay)}
	rs, err := list(ctx, s.DB.Read(), f, limit+1)
	return page.Cut(rs, limit, func(r *Reward) any { return r.ID }), err
}

// about completes an entry on r. It stands at the office, not at the tip's place.
func (r *Reward) about(e ledger.Entry) ledger.Entry {
	e.Place, e.Unit, e.UnitPath, e.Subject = r.OfficePlace, r.OfficeID, r.OfficePath, "reward:"+r.ID
	e.Quantities = []quantity.Quantity{quantity.Of(r.Fen, quantity.Fen)}
	return e
}

// moved is the entry of a step that r has just taken. With way tokens it counts what they
// came to.
func (r *Reward) moved(from Status, a Action) ledger.Entry {
	e := r.about(kindMoved.Entry(movedFacts{string(from), string(r.Status), string(a), string(r.Class), string(r.Way)}))
	if r.PaidFen > 0 {
		e.Quantities = []quantity.Quantity{quantity.Of(r.PaidFen, quantity.Fen)}
	}
	return e
}

// Progress is what the holder of a tip's query code learns of its reward.
type Progress struct {
	State    Status
	Fen      int64
	LastDay  clock.Day // of the claim
	OfficeID string
	KeyYear  int     // whose keys sign tokens
	Pieces   []int64 // fen of the tokens that it would be paid in
}

// ForTip returns the progress of a tip's reward, nil before the informant was notified.
func (s *Service) ForTip(ctx context.Context, tipID string) (*Progress, error) {
	r, err := ofTip(ctx, s.DB.Read(), tipID)
	if err != nil || r == nil || r.Notified.IsZero() {
		return nil, err
	}
	return &Progress{State: r.Status, Fen: r.Fen, LastDay: r.DueLast, OfficeID: r.OfficeID, KeyYear: r.keyYear(),
		Pieces: Pieces(r.Fen)}, nil
}
