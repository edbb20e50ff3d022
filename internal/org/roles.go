// SPDX-License-Identifier: Apache-2.0

package org

import (
	"slices"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/place"
)

// Permissions of this package.
const (
	PermRead         = "org.read"
	PermEdit         = "org.edit"
	PermImport       = "org.import"
	PermGrant        = "org.grant"
	PermPersonRead   = "person.read"
	PermPersonReveal = "person.reveal"
	permLedgerRead   = "ledger.read" // whose holders may also see grants and reveals
)

// Role is a named set of permissions that is granted at a unit and reaches what
// lies below it in one trunk.
type Role struct {
	Name  string
	Trunk actor.Trunk
	Admin bool // one of the three separated administrators (三员): at most one per person
	Perms []string
}

// Permissions are named by their domain, which may lie above this one; here they
// are only words. Sets that several roles share:
var (
	basics = []string{"org.read", "campaign.read", "rules.read", "stats.read"}
	desk   = join(basics, []string{"person.read", "person.reveal", "hazard.report", "hazard.read", "hazard.triage", "hazard.transfer",
		"hazard.fix", "hazard.order", "hazard.decide_extension", "hazard.accept", "hazard.close", "hazard.reopen", "hazard.export",
		"evidence.origin"})
	tips   = []string{"tip.read", "tip.open", "tip.handle", "tip.keys"}
	inside = join(basics, []string{"person.read", "hazard.report", "hazard.read", "hazard.fix", "hazard.order",
		"hazard.rectify", "hazard.accept", "hazard.export", "campaign.join"})
)

// Roles is the table of roles. The system administrator makes units and people and
// gives nobody power; the security administrator gives power and has none; the
// audit administrator only reads what both did.
var Roles = []Role{
	{"system_admin", actor.Territory, true, join(basics, []string{"org.edit", "org.import", "person.read", "rules.edit",
		"system.settings", "auth.accounts"})},
	{"security_admin", actor.Territory, true, []string{"org.read", "org.grant", "person.read", "auth.tokens"}},
	{"audit_admin", actor.Territory, true, []string{"org.read", "ledger.read", "stats.read", "auth.access"}},
	{"office_leader", actor.Territory, false, join(desk, tips, []string{"tip.approve", "reward.approve", "campaign.edit", "rules.edit", "ledger.read"})},
	{"office_clerk", actor.Territory, false, join(desk, tips, []string{"tip.receive", "reward.propose", "org.edit", "org.import", "campaign.edit", "ledger.read"})},
	{"enforcement_officer", actor.Territory, false, join(desk, tips, []string{"reward.propose"})},
	{"department_clerk", actor.Line, false, join(desk, []string{"ledger.read"})},
	{"town_clerk", actor.Territory, false, join(desk, []string{"tip.receive", "org.edit", "campaign.edit"})},
	{"unit_head", actor.Group, false, join(inside, []string{"person.reveal"})},
	{"unit_safety", actor.Group, false, inside},
	{"unit_team_leader", actor.Group, false, []string{"org.read", "campaign.read", "hazard.report", "hazard.read", "hazard.fix", "hazard.rectify"}},
	{"worker", actor.Group, false, []string{"campaign.read", "hazard.report"}},
	{"cashier", actor.Territory, false, []string{"org.read", "person.read", "reward.pay"}}, // pays, and learns nothing of what for
	{"viewer", actor.Territory, false, join(basics, []string{"hazard.read"})},
}

func join(sets ...[]string) []string { return slices.Concat(sets...) }

var roleByName = func() map[string]Role {
	m := make(map[string]Role, len(Roles))
	for _, r := range Roles {
		m[r.Name] = r
	}
	return m
}()

// Operator is the actor of the command line and of the first set-up: whoever may
// run the program on the data directory may do everything in it.
func Operator() actor.Actor {
	var perms []string
	for _, r := range Roles {
		perms = append(perms, r.Perms...)
	}
	slices.Sort(perms)
	scope := actor.Scope{Trunk: actor.Territory, Place: place.Nation}
	return actor.Actor{ID: "operator", Home: place.Nation, Channel: "cli",
		Grants: []actor.Grant{{Role: "operator", Scope: scope, Perms: slices.Compact(perms)}}}
}
