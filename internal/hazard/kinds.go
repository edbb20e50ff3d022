// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"strings"

	"anlan/internal/evidence"
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
)

// Facts of the ledger entries: no words of a report, nobody's name.
type (
	reportedFacts struct {
		Source   string `json:"source"`
		Class    string `json:"class"`
		Channel  string `json:"channel"`
		Danger   bool   `json:"danger"`
		Internal bool   `json:"internal"`
		Lines    string `json:"lines"` // supervisory tags of the unit, between blanks
	}
	movedFacts struct {
		From     string `json:"from"`
		To       string `json:"to"`
		Action   string `json:"action"`
		Grade    string `json:"grade"`
		WasGrade string `json:"was_grade"`
		WasUnit  string `json:"was_unit_path"` // group path of the unit before the step
		Class    string `json:"class"`
		Accident string `json:"accident"` // "accident_2025:16", or ""
		Source   string `json:"source"`
		Channel  string `json:"channel"` // of the report
		Reason   string `json:"reason"`
		Rule     string `json:"rule"` // that set the clock now running
		Late     bool   `json:"late"` // the clock that was running had run out
		Internal bool   `json:"internal"`
		Stopped  bool   `json:"stopped"`
		Reopened bool   `json:"reopened"`
		Lines    string `json:"lines"`
	}
	revealedFacts struct {
		What string `json:"what"`
	}
)

var (
	kindReported = ledger.Define[reportedFacts]("hazard.reported.v1")
	kindMoved    = ledger.Define[movedFacts]("hazard.moved.v1")
	kindRevealed = ledger.Define[revealedFacts]("hazard.contact_revealed.v1")
)

// Kinds lists the kinds of ledger entries that this package writes.
func Kinds() []string { return []string{kindReported.Name(), kindMoved.Name(), kindRevealed.Name()} }

// about says what an entry is about.
func (h *Hazard) about(e ledger.Entry) ledger.Entry {
	e.Campaign, e.Place, e.Unit, e.UnitPath, e.Subject = h.Campaign, h.Place, h.Unit, h.UnitPath, h.Subject()
	return e
}

// exhibit says what evidence of a hazard is attached to.
func (h *Hazard) exhibit() evidence.Subject {
	return evidence.Subject{Name: h.Subject(), Campaign: h.Campaign, Place: h.Place, Unit: h.Unit, UnitPath: h.UnitPath}
}

// entry makes the ledger entry of a step. It counts one hazard (条), and the money of an order.
func (m Moved) entry(h *Hazard) ledger.Entry {
	accident := ""
	if h.Accident != "" {
		accident = h.AccidentBy + ":" + h.Accident
	}
	e := kindMoved.Entry(movedFacts{From: string(m.From), To: string(m.To), Action: string(m.Action), Grade: string(h.Grade),
		WasGrade: string(m.WasGrade), WasUnit: m.WasUnitPath, Class: h.Class, Accident: accident, Source: h.Source, Channel: h.Channel,
		Reason: m.Reason, Rule: m.DueRule, Late: m.Late, Internal: h.Internal, Stopped: h.WasStopped,
		Reopened: h.Reopened > 0, Lines: spaced(h.Lines)})
	e.Happened = m.At
	e.Quantities = []quantity.Quantity{quantity.Of(1, quantity.Items)}
	if m.Fen > 0 {
		e.Quantities = append(e.Quantities, quantity.Of(m.Fen, quantity.Fen))
	}
	return h.about(e)
}

func spaced(lines string) string { return strings.Join(strings.FieldsFunc(lines, isComma), " ") }

func isComma(r rune) bool { return r == ',' }

// IndexedKinds are the kinds of entries after which what can be searched may have changed.
func IndexedKinds() []string { return []string{kindReported.Name(), kindMoved.Name()} }

// ChangesWords reports whether a hazard has to be indexed anew after e: it came in, or it may
// have been given to another unit, whose name is found too.
func ChangesWords(e ledger.Entry) bool {
	if e.Kind == kindReported.Name() {
		return true
	}
	m, err := kindMoved.Facts(e)
	return err == nil && (m.Action == string(Triage) || m.Action == string(Order) || m.Action == string(Regrade))
}

// Outcome returns the id of the hazard that e moved and where it stands after that; false
// for another entry.
func Outcome(e ledger.Entry) (hazardID string, to Status, ok bool) {
	m, err := kindMoved.Facts(e)
	if err != nil {
		return "", "", false
	}
	hazardID, ok = strings.CutPrefix(e.Subject, subjectPrefix)
	return hazardID, Status(m.To), ok
}

// MovedKind is the kind of the entries that Outcome understands.
func MovedKind() string { return kindMoved.Name() }
