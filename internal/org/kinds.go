// SPDX-License-Identifier: Apache-2.0

package org

import (
	"strings"

	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
)

// Facts of the ledger entries. They name no person: the entry's subject has the id.
type (
	regionFacts struct {
		Code       string `json:"code"`
		Name       string `json:"name"`
		Level      string `json:"level"`
		Kind       string `json:"kind"`
		On         string `json:"on"`
		Successors string `json:"successors"`
	}
	unitFacts struct {
		Kind     string `json:"kind"`
		Industry string `json:"industry"`
		Lines    string `json:"lines"`
	}
	changeFacts struct {
		Fields string `json:"fields"`
	}
	memberFacts struct {
		Main bool `json:"main"`
		Head bool `json:"head"`
	}
	grantFacts struct {
		Role  string `json:"role"`
		Trunk string `json:"trunk"`
		Line  string `json:"line"`
	}
	revealFacts struct {
		Reveal string `json:"reveal"`
	}
)

// A unit whose place, kind, industry or lines change leaves under the old ones and
// arrives under the new ones, so that stocks are flows in minus flows out.
var (
	kindRegionAdded   = ledger.Define[regionFacts]("org.region_added.v1")
	kindRegionRenamed = ledger.Define[regionFacts]("org.region_renamed.v1")
	kindRegionEnded   = ledger.Define[regionFacts]("org.region_ended.v1")
	kindUnitAdded     = ledger.Define[unitFacts]("org.unit_added.v1")
	kindUnitChanged   = ledger.Define[changeFacts]("org.unit_changed.v1")
	kindUnitLeft      = ledger.Define[unitFacts]("org.unit_left.v1")
	kindUnitArrived   = ledger.Define[unitFacts]("org.unit_arrived.v1")
	kindUnitClosed    = ledger.Define[unitFacts]("org.unit_closed.v1")
	kindUnitReopened  = ledger.Define[unitFacts]("org.unit_reopened.v1")
	kindPersonAdded   = ledger.Define[struct{}]("org.person_added.v1")
	kindPersonChanged = ledger.Define[changeFacts]("org.person_changed.v1")
	kindPersonJoined  = ledger.Define[memberFacts]("org.person_joined.v1")
	kindPersonLeft    = ledger.Define[memberFacts]("org.person_left.v1")
	kindRevealed      = ledger.Define[revealFacts]("org.phone_revealed.v1")
	kindGranted       = ledger.Define[grantFacts]("org.granted.v1")
	kindRevoked       = ledger.Define[grantFacts]("org.revoked.v1")
)

// Kinds lists the kinds of ledger entries that this package writes.
func Kinds() []string {
	return []string{kindRegionAdded.Name(), kindRegionRenamed.Name(), kindRegionEnded.Name(), kindUnitAdded.Name(),
		kindUnitChanged.Name(), kindUnitLeft.Name(), kindUnitArrived.Name(), kindUnitClosed.Name(), kindUnitReopened.Name(),
		kindPersonAdded.Name(), kindPersonChanged.Name(), kindPersonJoined.Name(), kindPersonLeft.Name(), kindRevealed.Name(),
		kindGranted.Name(), kindRevoked.Name()}
}

// entry makes an entry about u; the ones that change a stock count one body (家).
func (u *Unit) entry(k ledger.Kind[unitFacts]) ledger.Entry {
	e := k.Entry(unitFacts{Kind: string(u.Kind), Industry: u.Industry, Lines: strings.Join(u.Lines, " ")})
	e.Quantities = []quantity.Quantity{quantity.Of(1, quantity.Firms)}
	return u.about(e)
}

func (u *Unit) about(e ledger.Entry) ledger.Entry {
	e.Place, e.Unit, e.UnitPath = u.Place, u.ID, u.GroupPath
	if e.Subject == "" {
		e.Subject = "unit:" + u.ID
	}
	return e
}

// memberEntry makes an entry about a person's membership of u; a main one counts one person.
func memberEntry(k ledger.Kind[memberFacts], m *Membership, u *Unit) ledger.Entry {
	e := k.Entry(memberFacts{Main: m.Main, Head: m.Head})
	e.Subject = "person:" + m.PersonID
	if m.Main {
		e.Quantities = []quantity.Quantity{quantity.Of(1, quantity.Persons)}
	}
	return u.about(e)
}
