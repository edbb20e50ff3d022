// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"anlan/internal/ledger"
	"anlan/internal/org"
)

// Facts of the ledger entries. Whom an entry is about is its subject.
type (
	personKeyFacts struct {
		Renewed bool `json:"renewed"` // another key, not only another passphrase
	}
	channelFacts struct {
		Kind string `json:"kind"`
	}
	generationFacts struct {
		Generation int    `json:"generation"`
		Kind       string `json:"kind"`
		Threshold  int    `json:"threshold"`
		Holders    int    `json:"holders"`
	}
	holdingFacts struct {
		Generation int    `json:"generation"`
		Cause      string `json:"cause"`
	}
	recoveryFacts struct {
		Generation int    `json:"generation"`
		Recovery   string `json:"recovery"`
		Given      int    `json:"given"`
		Threshold  int    `json:"threshold"`
	}
	directoryFacts struct {
		Cause string `json:"cause"`
	}
	signersFacts struct {
		Signers int `json:"signers"`
	}
)

// Causes of a change of who holds what.
const (
	causeHandOver = "hand_over"
	causeRecovery = "recovery"
	causeGivenUp  = "given_up"
	causePower    = "power_ended"
	causeExpired  = "expired"
	causeStopped  = "stopped"
)

var (
	kindPersonKey   = ledger.Define[personKeyFacts]("tipkey.person_key_set.v1")
	kindOpened      = ledger.Define[channelFacts]("tipkey.channel_opened.v1")
	kindProposed    = ledger.Define[generationFacts]("tipkey.generation_proposed.v1")
	kindConfirmed   = ledger.Define[generationFacts]("tipkey.generation_confirmed.v1")
	kindDropped     = ledger.Define[holdingFacts]("tipkey.generation_dropped.v1")
	kindRetired     = ledger.Define[generationFacts]("tipkey.generation_retired.v1")
	kindHandedOver  = ledger.Define[holdingFacts]("tipkey.handed_over.v1")
	kindWithdrawn   = ledger.Define[holdingFacts]("tipkey.withdrawn.v1")
	kindAsked       = ledger.Define[recoveryFacts]("tipkey.recovery_asked.v1")
	kindGiven       = ledger.Define[recoveryFacts]("tipkey.share_given.v1")
	kindRecovered   = ledger.Define[recoveryFacts]("tipkey.recovered.v1")
	kindDirMade     = ledger.Define[directoryFacts]("tipkey.directory_proposed.v1")
	kindDirActive   = ledger.Define[directoryFacts]("tipkey.directory_confirmed.v1")
	kindDirEnded    = ledger.Define[directoryFacts]("tipkey.directory_ended.v1")
	kindDirHanded   = ledger.Define[directoryFacts]("tipkey.directory_handed_over.v1")
	kindDirWithdraw = ledger.Define[directoryFacts]("tipkey.directory_withdrawn.v1")
	kindListed      = ledger.Define[signersFacts]("tipkey.signers_listed.v1")
)

// Kinds lists the kinds of ledger entries that this package writes.
func Kinds() []string {
	return []string{kindPersonKey.Name(), kindOpened.Name(), kindProposed.Name(), kindConfirmed.Name(), kindDropped.Name(),
		kindRetired.Name(), kindHandedOver.Name(), kindWithdrawn.Name(), kindAsked.Name(), kindGiven.Name(), kindRecovered.Name(),
		kindDirMade.Name(), kindDirActive.Name(), kindDirEnded.Name(), kindDirHanded.Name(), kindDirWithdraw.Name(), kindListed.Name()}
}

// at says whom an entry is about and where it belongs.
func at(e ledger.Entry, subject string, office *org.Unit) ledger.Entry {
	e.Subject, e.Place, e.Unit, e.UnitPath = subject, office.Place, office.ID, office.GroupPath
	return e
}

func (g *Generation) entry(k ledger.Kind[generationFacts], holders int, office *org.Unit) ledger.Entry {
	e := k.Entry(generationFacts{Generation: g.N, Kind: string(g.Kind), Threshold: g.Threshold, Holders: holders})
	return at(e, "channel:"+g.ChannelID, office)
}

func (r *Recovery) entry(k ledger.Kind[recoveryFacts], office *org.Unit) ledger.Entry {
	e := k.Entry(recoveryFacts{Generation: r.N, Recovery: r.ID, Given: len(r.Given), Threshold: r.Threshold})
	return at(e, "channel:"+r.ChannelID, office)
}
