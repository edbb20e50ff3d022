// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/transparency"
)

// Submission is a tip as a phone, or an operator's page, hands it in.
type Submission struct {
	Channel          string
	Generation       int
	Place            place.Path
	Class            Class
	UnitCode         string
	Danger           bool
	Named            bool
	CaseRecipient    string
	MailboxRecipient string
	Lookup           []byte // of the query code
	Envelope         []byte
	Content          []byte
	Files            []FileRef
	Permit           string // of the public
	Source           string // of Sources; "" for the public
}

// Classes and due of a received leaf.
const (
	leafTip         = "tip"
	leafQuarantined = "quarantined"
	dueAcceptance   = "acceptance"
)

const (
	lookupSize = 32
	noGroup    = 5 // characters of a number between hyphens
	webSource  = "web"
)

// Submit takes a tip of the public in and returns when it is durable. The same tip again
// gets the first answer, whatever became of its permit and of the office's key meanwhile;
// another one under the same query code is a Conflict.
func (s *Service) Submit(ctx context.Context, in Submission) (*Receipt, error) {
	in.Source = webSource
	return s.submit(ctx, &in, actor.Actor{})
}

// TypeIn is Submit for what reached the office by telephone, letter or visit, by people
// with PermReceive over the place.
func (s *Service) TypeIn(ctx context.Context, in Submission) (*Receipt, error) {
	by := actor.From(ctx)
	if err := by.Require(PermReceive, actor.Object{Place: in.Place}); err != nil {
		return nil, err
	}
	if in.Source == webSource || !slices.Contains(Sources, in.Source) {
		return nil, errs.InvalidFields(errs.At("body.source", "field.not_a_choice"))
	}
	return s.submit(ctx, &in, by)
}

func (s *Service) submit(ctx context.Context, in *Submission, by actor.Actor) (*Receipt, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	a, err := s.arrival(ctx, in, by)
	if err == nil {
		if err = s.intake.Submit(ctx, a); err == nil {
			err = a.err
		}
	}
	if err == nil && a.t.Seq != 0 {
		return s.receipt(ctx, a.t, a.taken.Opening, string(a.taken.Promise))
	}
	return s.again(ctx, in, err)
}

// again answers a tip that was not taken in now: because it repeats an earlier one, or
// because of failed.
func (s *Service) again(ctx context.Context, in *Submission, failed error) (*Receipt, error) {
	first, err := byLookup(ctx, s.DB.Read(), hashLookup(in.Lookup))
	if errs.KindOf(err) == errs.NotFound {
		return nil, cmp.Or(failed, err)
	}
	if err != nil {
		return nil, err
	}
	opening, promise, ok := openReceipt(in.Lookup, first)
	if !ok || opening.Content != contentHash(in.Envelope, in.Content) || opening.Evidence != evidenceRoot(in.Files) {
		return nil, errs.New(errs.Conflict, "tip.code_taken")
	}
	return s.receipt(ctx, first, opening, promise)
}

func (s *Service) receipt(ctx context.Context, t *Tip, o transparency.Opening, promise string) (*Receipt, error) {
	leaf, err := leafOf(t)
	if err != nil {
		return nil, err
	}
	terms, err := s.Terms(ctx, t.OfficePlace)
	if err != nil {
		return nil, err
	}
	due, err := s.due(ctx, t)
	return &Receipt{ID: t.ID, No: t.No, Leaf: leaf, Promise: promise, Opening: o, Received: t.Received, Terms: terms, Due: due}, err
}

// check refuses a tip that is wrong in itself.
func (in *Submission) check() error {
	var bad []errs.Field
	if !slices.Contains(Classes, in.Class) {
		bad = append(bad, errs.At("body.class", "field.not_a_choice"))
	}
	if len(in.Lookup) != lookupSize {
		bad = append(bad, errs.At("body.lookup", "tip.bad_code"))
	}
	bad = append(bad, checkRecipient("body.mailbox_recipient", in.MailboxRecipient, false)...)
	bad = append(bad, checkEnvelope("body.envelope", in.Envelope)...)
	bad = append(bad, checkPadded("body.content", in.Content, Buckets[len(Buckets)-1])...)
	bad = append(bad, checkFiles(in.Files)...)
	return errs.InvalidFields(bad...)
}

func checkFiles(files []FileRef) []errs.Field {
	if len(files) > MaxFiles {
		return []errs.Field{errs.At("body.files", "tip.too_many_files", "files", MaxFiles)}
	}
	seen := map[string]bool{}
	for i, f := range files {
		if !fileName.MatchString(f.Name) || f.Size <= 0 || len(f.SHA256) != sha256.Size || seen[f.Name] {
			return []errs.Field{errs.At(fmt.Sprintf("body.files[%d]", i), "tip.bad_file")}
		}
		seen[f.Name] = true
	}
	return nil
}

// arrival is one tip on its way into the database.
type arrival struct {
	t      *Tip
	sealed sealedTip
	files  []FileRef
	taken  transparency.Taken
	entry  ledger.Entry
	use    *use  // of a permit; nil for an operator's
	err    error // that concerns this one alone
}

// arrival makes of a submission what is stored.
func (s *Service) arrival(ctx context.Context, in *Submission, by actor.Actor) (*arrival, error) {
	a := &arrival{files: in.Files}
	var permit Permit
	if by.Public() {
		var err error
		if permit, err = s.permit(in.Permit); err != nil {
			return nil, err
		}
		a.use = permit.spentOn("tip", in.Lookup, in.Envelope)
	}
	route, err := s.routeTo(ctx, in)
	if err != nil {
		return nil, err
	}
	if bad := checkRecipient("body.case_recipient", in.CaseRecipient, route.Channel.Hybrid); bad != nil {
		return nil, errs.InvalidFields(bad...)
	}
	if a.t, err = s.newTip(ctx, in, route, permit.Flood); err != nil {
		return nil, err
	}
	a.sealed = sealedTip{a.t.ID, in.Envelope, in.Content}
	return a, s.promise(a, in, by)
}

func errBadCode() error { return errs.InvalidFields(errs.At("body.lookup", "tip.bad_code")) }

func errStale() error { return errs.New(errs.Conflict, "tip.stale_generation") }

func (s *Service) newTip(ctx context.Context, in *Submission, r *Route, flood bool) (*Tip, error) {
	now := s.Now()
	t := &Tip{ID: id.Random(), No: newNo(now), LookupHash: hashLookup(in.Lookup), Channel: in.Channel, Generation: in.Generation,
		Office: r.Channel.Office, OfficePlace: r.Channel.Place, FirstOffice: r.Channel.Office, Place: in.Place, Class: in.Class,
		Source: in.Source, Danger: in.Danger, Named: in.Named, Quarantined: flood, Received: now.Truncate(time.Hour),
		CaseRecipient: in.CaseRecipient, MailboxRecipient: in.MailboxRecipient, Status: Received, Version: 1}
	if r.Unit != nil {
		t.Unit, t.UnitPath = r.Unit.ID, r.Unit.GroupPath
	}
	d, err := s.Rules.Deadline(ctx, ruleAccept, t.OfficePlace, t.Received)
	t.DueKind, t.Due, t.DueRule = ClockAccept, &d.At, d.RuleID
	return t, err
}

// promise takes a leaf of the log for a, before the writer's turn: signing is no work for it.
func (s *Service) promise(a *arrival, in *Submission, by actor.Actor) error {
	class := leafTip
	if a.t.Quarantined {
		class = leafQuarantined
	}
	var err error
	a.taken, err = s.Log.Take(transparency.Submission{Class: class, Due: dueAcceptance, Content: contentHash(in.Envelope, in.Content),
		Evidence: evidenceRoot(in.Files)})
	if err != nil {
		return err
	}
	a.t.Leaf = hexOf(a.taken.Hash)
	a.t.Receipt = sealReceipt(in.Lookup, a.taken)
	a.entry = a.t.entry()
	a.entry.Actor, a.entry.ActorUnit, a.entry.Channel = by.ID, by.Unit, cmp.Or(by.Channel, "h5")
	return nil
}

// newNo returns the number of a tip: the year, and characters that tell nothing.
func newNo(now time.Time) string {
	code := id.Code(2 * noGroup)
	return noPrefix + string(clock.DayOf(now)[2:4]) + "-" + code[:noGroup] + "-" + code[noGroup:]
}

// hashLookup returns what is kept of a lookup.
func hashLookup(lookup []byte) []byte { sum := sha256.Sum256(lookup); return sum[:] }

// spentOn says what p is spent for: the same again may be sent with it once more.
func (p Permit) spentOn(what string, parts ...[]byte) *use {
	h := sha256.New()
	h.Write([]byte(what))
	for _, b := range parts {
		sum := sha256.Sum256(b)
		h.Write(sum[:])
	}
	return &use{Nonce: bytes.Clone(p.Nonce[:]), Used: h.Sum(nil), Until: p.Until}
}
