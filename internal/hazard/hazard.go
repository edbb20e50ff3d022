// SPDX-License-Identifier: Apache-2.0

// Package hazard is the closed loop of a hazard (隐患): from a report over triage, order
// and rectification to acceptance by somebody else and closure.
//
// hazard.go has the types, state.go the life cycle as one table, rights.go who may take a
// step, move.go what a step must bring, plan.go the order and the governance plan, clock.go
// the deadlines; all of them are pure. report.go and intake.go take reports in, act.go takes
// steps, detail.go, progress.go and signal.go show one hazard, jobs.go is the timer. store*.go
// alone speak SQL, http*.go alone speak HTTP. Lists, the inbox, search and exports are in
// hazard/desk.
package hazard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
)

// Permissions of this package.
const (
	PermReport          = "hazard.report"
	PermRead            = "hazard.read"
	PermTriage          = "hazard.triage"
	PermTransfer        = "hazard.transfer"
	PermFix             = "hazard.fix" // on the spot, and to record for a unit without an account
	PermOrder           = "hazard.order"
	PermRectify         = "hazard.rectify"
	PermDecideExtension = "hazard.decide_extension"
	PermAccept          = "hazard.accept"
	PermClose           = "hazard.close"
	PermReopen          = "hazard.reopen"
	PermExport          = "hazard.export"
	PermReveal          = "person.reveal" // owned by org
)

// Grade is how serious a hazard is by law. It is never a result of a risk score.
type Grade string

const (
	Ungraded Grade = ""
	General  Grade = "general" // 一般隐患
	Major    Grade = "major"   // 重大隐患: by standard and clause only
)

// Sources (来源) tell how a hazard was found.
var Sources = []string{"public", "self", "inspection", "third_party", "tip", "internal", "lesson", "monitoring"}

// Hazard is one hazard. Its columns have the names of its JSON fields.
type Hazard struct {
	Seq      int64      `bun:"seq,pk,autoincrement"`
	ID       string     `bun:"id"`
	CodeHash []byte     `bun:"code_hash"` // SHA-256 of the query code
	Place    place.Path `bun:"place"`
	County   place.Path `bun:"at_county"`
	Town     place.Path `bun:"at_town"` // "" when the place is a county
	Campaign string     `bun:"campaign"`

	Unit     string `bun:"unit_id"` // where it is, and who has to rectify it; "" when nobody knows yet
	UnitPath string `bun:"unit_path"`
	Lines    string `bun:"lines"` // supervisory tags of the unit, between commas: ",coal,gas,"

	Source   string    `bun:"source"`
	Channel  string    `bun:"channel"`
	Class    string    `bun:"class"`
	Words    string    `bun:"words"`
	Spot     string    `bun:"spot"` // part of the site or equipment, in words
	Danger   bool      `bun:"danger"`
	Photos   int       `bun:"photos"` // pieces of evidence that came with the report
	Found    time.Time `bun:"found"`
	Doubt    bool      `bun:"found_doubt"` // the phone's clock was wrong; Found is the server's time
	Created  time.Time `bun:"created"`
	Reporter string    `bun:"reporter_id"` // "" for the public
	FromUnit string    `bun:"reporter_unit"`

	Internal    bool   `bun:"internal"` // found by the unit itself and kept inside it
	Handler     string `bun:"handler_unit"`
	Before      string `bun:"handler_before"` // who handed it on, while it is transferred
	WasInternal bool   `bun:"was_internal"`   // it was internal before it was transferred

	Status     Status `bun:"status"`
	Grade      Grade  `bun:"grade"`
	Accident   string `bun:"accident"`      // code of AccidentBy, or ""
	AccidentBy string `bun:"accident_list"` // name of the list, for lists are replaced: "accident_2025"
	Factor     string `bun:"factor"`        // GB/T 13861-2022 code, or ""
	Inspection string `bun:"inspection"`    // inspectors' class, or ""
	Standard   string `bun:"standard"`
	Clause     string `bun:"clause"`
	Master     string `bun:"master_id"` // of a duplicate: the hazard that it repeats

	DueKind ClockKind  `bun:"due_kind"` // the clock that runs, or ""
	Due     *time.Time `bun:"due"`
	DueRule string     `bun:"due_rule"`

	Deadline       *time.Time `bun:"deadline"` // of rectification: 24:00 Beijing time of the last day
	DeadlineRule   string     `bun:"deadline_rule"`
	ExtensionUntil clock.Day  `bun:"extension_until"` // asked for, while an extension is pending
	OrderUnit      string     `bun:"order_unit"`      // who ordered, or triaged when fixed on the spot
	OrderPath      string     `bun:"order_path"`
	OrderPlace     place.Path `bun:"order_place"`
	HasOrder       bool       `bun:"has_order"`
	HasPlan        bool       `bun:"has_plan"`     // the six-part governance plan is complete
	HasReceipts    bool       `bun:"has_receipts"` // of both reports that a major hazard owes
	WasStopped     bool       `bun:"was_stopped"`  // work was stopped for it: resuming needs a review
	Resumed        bool       `bun:"resumed"`      // the review after the last stop is done
	Rectifiers     string     `bun:"rectifiers"`   // ids of those who ever rectified it, between blanks
	Reopened       int        `bun:"reopened"`     // how often

	Closed  *time.Time `bun:"closed"`
	Version int        `bun:"version"`
}

// Object returns what permissions over h are asked about.
func (h *Hazard) Object() actor.Object {
	return actor.Object{Place: h.Place, Lines: h.LineList(), UnitPath: h.UnitPath}
}

// LineList returns the supervisory tags of h's unit.
func (h *Hazard) LineList() []string {
	return slices.DeleteFunc(strings.Split(h.Lines, ","), func(s string) bool { return s == "" })
}

// lineText is the form in which tags are kept, so that one of them can be found as text.
func lineText(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return "," + strings.Join(lines, ",") + ","
}

// rectifierIDs returns those who ever rectified h.
func (h *Hazard) rectifierIDs() []string { return strings.Fields(h.Rectifiers) }

func (h *Hazard) addRectifier(id string) {
	if id != "" && !slices.Contains(h.rectifierIDs(), id) {
		h.Rectifiers = strings.TrimSpace(h.Rectifiers + " " + id)
	}
}

// Open reports whether something is still to be done about h.
func (h *Hazard) Open() bool { return !h.Status.Final() }

// Subject is how the ledger and the evidence call h.
func (h *Hazard) Subject() string { return subjectPrefix + h.ID }

const subjectPrefix = "hazard:"

// No returns the number by which people call h, such as "AH2706010042": the day on which it
// came in and its place in the row of all hazards. It is digits only, to be read out over a
// telephone, and needs no column of its own: the row is found by its second half.
func (h *Hazard) No() string {
	return fmt.Sprintf("%s%s%04d", noPrefix, h.Created.In(clock.Beijing).Format(noDay), h.Seq)
}

const (
	noPrefix = "AH"
	noDay    = "060102"
)

// SeqOf returns the sequence number in a hazard's number; false when no has not its form.
func SeqOf(no string) (int64, bool) {
	no = strings.ToUpper(strings.TrimSpace(no))
	rest, ok := strings.CutPrefix(no, noPrefix)
	if !ok || len(rest) < len(noDay)+4 || len(rest) > len(noDay)+15 || strings.Trim(rest, "0123456789") != "" {
		return 0, false
	}
	seq, err := strconv.ParseInt(rest[len(noDay):], 10, 64)
	return seq, err == nil && seq > 0
}
