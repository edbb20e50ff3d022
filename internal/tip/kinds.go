// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
)

// Facts of the ledger entries: nothing of what a tip says, nobody's name. Entries that the
// informant causes are coarse: they have their hour only.
type (
	receivedFacts struct {
		Class       string `json:"class"`
		Source      string `json:"source"`
		Danger      bool   `json:"danger"`
		Named       bool   `json:"named"`
		Quarantined bool   `json:"quarantined"`
	}
	movedFacts struct {
		From       string `json:"from"`
		To         string `json:"to"`
		Action     string `json:"action"`
		Class      string `json:"class"`
		Source     string `json:"source"`
		Reason     string `json:"reason"`
		Conclusion string `json:"conclusion"`
		Rewardable bool   `json:"rewardable"`
		Rule       string `json:"rule"` // that set the clock now running
		Late       bool   `json:"late"` // the clock that was running had run out
	}
	openedFacts struct {
		What string `json:"what"` // "content", "file" or "mailbox"
	}
	wroteFacts struct {
		Origin string `json:"origin"` // "office" or "informant"
		Kind   string `json:"kind"`
	}
	lateFacts struct {
		Clock  string `json:"clock"`
		Class  string `json:"class"`
		Status string `json:"status"`
	}
	notOpenedFacts struct {
		What string `json:"what"`
		Why  string `json:"why"` // key of the refusal
	}
	bulkFacts struct {
		Count int64 `json:"count"` // openings of one person within an hour
	}
	rewrappedFacts struct {
		From int `json:"from"` // generations of the channel's key
		To   int `json:"to"`
	}
)

var (
	kindReceived = ledger.Define[receivedFacts]("tip.received.v1")
	kindMoved    = ledger.Define[movedFacts]("tip.moved.v1")
	kindOpened   = ledger.Define[openedFacts]("tip.opened.v1")
	kindWrote    = ledger.Define[wroteFacts]("tip.message_written.v1")

	kindLate      = ledger.Define[lateFacts]("tip.became_late.v1")
	kindNotOpened = ledger.Define[notOpenedFacts]("tip.opening_refused.v1")
	kindBulk      = ledger.Define[bulkFacts]("tip.opened_in_bulk.v1")
	kindRewrapped = ledger.Define[rewrappedFacts]("tip.rewrapped.v1")
)

// Kinds lists the kinds of ledger entries that this package writes.
func Kinds() []string {
	return []string{kindReceived.Name(), kindMoved.Name(), kindOpened.Name(), kindWrote.Name(),
		kindLate.Name(), kindNotOpened.Name(), kindBulk.Name(), kindRewrapped.Name()}
}

// about says what an entry is about: the tip and the place of its office. The unit that a
// tip names is no fact of the ledger, which that unit's people may read.
func (t *Tip) about(e ledger.Entry) ledger.Entry {
	e.Place, e.Subject = t.OfficePlace, t.Subject()
	return e
}

// entry is the ledger entry of t's arrival.
func (t *Tip) entry() ledger.Entry {
	e := kindReceived.Entry(receivedFacts{Class: string(t.Class), Source: t.Source, Danger: t.Danger, Named: t.Named, Quarantined: t.Quarantined})
	e.Quantities = []quantity.Quantity{quantity.Of(1, quantity.Items)}
	e.Coarse = true
	return t.about(e)
}

// entry is the ledger entry of a step with t.
func (m Moved) entry(t *Tip) ledger.Entry {
	e := kindMoved.Entry(movedFacts{From: string(m.From), To: string(m.To), Action: string(m.Action), Class: string(t.Class), Source: t.Source,
		Reason: m.Reason, Conclusion: t.Conclusion, Rewardable: t.Rewardable, Rule: m.DueRule, Late: m.Late})
	e.Quantities = []quantity.Quantity{quantity.Of(1, quantity.Items)}
	e.Coarse = actionInfo[m.Action].Party == Informant
	return t.about(e)
}

// lateEntry is the ledger entry of a term that t's office let pass.
func (t *Tip) lateEntry() ledger.Entry {
	e := kindLate.Entry(lateFacts{Clock: string(t.DueKind), Class: string(t.Class), Status: string(t.Status)})
	e.Quantities = []quantity.Quantity{quantity.Of(1, quantity.Items)}
	return t.about(e)
}
