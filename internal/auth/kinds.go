// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"

	"anlan/internal/kernel/actor"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

type (
	noFacts        struct{}
	accountCreated struct {
		By string `json:"by"` // "web", "cli", "setup"
	}
	passwordChanged struct {
		How string `json:"how"` // "own", "reset"
	}
	factorRemoved struct {
		By string `json:"by"` // "owner", "administrator"
	}
	tokenCreated struct {
		Perms   string `json:"perms"`   // "hazard.read hazard.report"
		Expires string `json:"expires"` // day
	}
	installed struct {
		Accounts int `json:"accounts"`
	}
)

// What happens to accounts. Sign-ins are not entries: they are many, and only the
// audit administrator may read them (access.go).
var (
	kindAccountCreated  = ledger.Define[accountCreated]("auth.account_created.v1")
	kindAccountDisabled = ledger.Define[noFacts]("auth.account_disabled.v1")
	kindAccountEnabled  = ledger.Define[noFacts]("auth.account_enabled.v1")
	kindAccountUnlocked = ledger.Define[noFacts]("auth.account_unlocked.v1")
	kindPasswordChanged = ledger.Define[passwordChanged]("auth.password_changed.v1")
	kindFactorAdded     = ledger.Define[noFacts]("auth.factor_added.v1")
	kindFactorRemoved   = ledger.Define[factorRemoved]("auth.factor_removed.v1")
	kindTokenCreated    = ledger.Define[tokenCreated]("auth.token_created.v1")
	kindTokenRevoked    = ledger.Define[noFacts]("auth.token_revoked.v1")
	kindInstalled       = ledger.Define[installed]("auth.installed.v1")
)

// Kinds lists the kinds of entries that this package writes.
func Kinds() []string {
	return []string{
		kindAccountCreated.Name(), kindAccountDisabled.Name(), kindAccountEnabled.Name(), kindAccountUnlocked.Name(),
		kindPasswordChanged.Name(), kindFactorAdded.Name(), kindFactorRemoved.Name(),
		kindTokenCreated.Name(), kindTokenRevoked.Name(), kindInstalled.Name(),
	}
}

// recordTx writes an entry about the account of a person.
func (s *Service) recordTx(ctx context.Context, tx db.Tx, e ledger.Entry, of actor.Actor) error {
	e.Place, e.Unit, e.UnitPath, e.Subject = of.Home, of.Unit, of.UnitPath, "account:"+of.ID
	return s.ledger.Record(ctx, tx, e)
}
