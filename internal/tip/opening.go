// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// Holders says who holds the keys of channels.
type Holders interface {
	// MayOpen reports whether a holds a generation of a channel's key and still may: what
	// is sealed to it, only they can open.
	MayOpen(ctx context.Context, a actor.Actor, channelID string, generation int) bool
}

// Opened says what is opened.
type Opened string

const (
	OpenContent Opened = "content"
	OpenMailbox Opened = "mailbox"
	OpenFile    Opened = "file"
)

const (
	minReason = 4 // characters
	maxReason = 200
	// bulk openings of one person within bulkTerm are noted in the ledger.
	bulk     = 20
	bulkTerm = time.Hour
	// filesFor is how long after an opening its files may be fetched.
	filesFor = 8 * time.Hour
)

// Case is what was sealed with a tip, as it came.
type Case struct {
	Tip      *Tip
	Envelope []byte
	Content  []byte // nil when only the mailbox was opened
	Files    []CaseFile
	Messages []CaseMessage
}

// CaseFile is a sealed file of a tip.
type CaseFile struct {
	Name   string `bun:"name"`
	Size   int64  `bun:"size"`
	SHA256 []byte `bun:"sha256"`
}

// CaseMessage is a sealed message of a tip's mailbox. What an informant wrote has its hour only.
type CaseMessage struct {
	ID     string    `bun:"id"`
	Origin string    `bun:"origin"` // "office" or "informant"
	Kind   string    `bun:"kind"`
	Author string    `bun:"author"` // person of the office, or ""
	Sealed []byte    `bun:"sealed"`
	At     time.Time `bun:"at"`
}

// Open hands out what was sealed with a tip, for a reason. It needs PermOpen over the tip,
// the key of its channel, and that the tip was assigned to the actor or that they lead the
// office. Every opening is a row, a ledger entry and one more in what the informant is told;
// so is, in the ledger, every opening that was refused.
func (s *Service) Open(ctx context.Context, idOrNo string, what Opened, reason string) (*Case, error) {
	t, st, err := s.look(ctx, idOrNo)
	if err != nil {
		return nil, err
	}
	if err := s.mayOpen(ctx, t, st); err != nil {
		return nil, s.notOpened(ctx, t, what, err)
	}
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < minReason || n > maxReason {
		return nil, errs.InvalidFields(errs.At("body.reason", "tip.needs_opening_reason", "min", minReason, "max", maxReason))
	}
	if what != OpenContent && what != OpenMailbox {
		return nil, errs.InvalidFields(errs.At("body.what", "field.not_a_choice"))
	}
	return s.open(ctx, t, what, reason)
}

// mayOpen says why st may not open t, or nil.
func (s *Service) mayOpen(ctx context.Context, t *Tip, st standing) error {
	switch {
	case t.concerned(st.kin):
		return errs.New(errs.Denied, "tip.concerned")
	case !holdsAt(st.by, PermOpen, t):
		return errs.New(errs.Denied, "auth.denied", "perm", PermOpen)
	case !t.officer(st.by):
		return errs.New(errs.Denied, "tip.only_officer")
	case t.Erasure == erasureDone:
		return errs.New(errs.Conflict, "tip.erased")
	case t.HandTo != "":
		return errs.New(errs.Conflict, "tip.not_handed_over")
	case !s.Holds.MayOpen(ctx, st.by, t.Channel, t.Generation):
		return errs.New(errs.Denied, "tip.no_key")
	}
	return nil
}

// MayOpen says why the actor may not open t now, or nil.
func (s *Service) MayOpen(ctx context.Context, t *Tip) error {
	st, err := s.standingOf(ctx, s.DB.Read(), t)
	if err != nil {
		return err
	}
	return s.mayOpen(ctx, t, st)
}

// notOpened leaves a trace of an opening that was refused, and returns why it was.
func (s *Service) notOpened(ctx context.Context, t *Tip, what Opened, refused error) error {
	e := t.about(kindNotOpened.Entry(notOpenedFacts{What: string(what), Why: errs.KeyOf(refused)}))
	err := s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return s.Ledger.Record(ctx, tx, e) })
	if err != nil {
		return err
	}
	return refused
}

// open hands out t. Nobody reads it without a trace: row and entry are written first, in a
// transaction that must succeed.
func (s *Service) open(ctx context.Context, t *Tip, what Opened, reason string) (*Case, error) {
	if err := s.trace(ctx, t, what, reason); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	sealed, err := sealedOf(ctx, q, t.ID)
	if err != nil {
		return nil, err
	}
	c := &Case{Tip: t, Envelope: sealed.Envelope, Content: sealed.Content}
	if c.Messages, err = caseMessages(ctx, q, t.ID); err != nil {
		return nil, err
	}
	if what == OpenMailbox {
		c.Content = nil
		return c, nil
	}
	c.Files, err = caseFiles(ctx, q, t.ID)
	return c, err
}

// trace records an opening, and that one person opens many.
func (s *Service) trace(ctx context.Context, t *Tip, what Opened, reason string) error {
	by, now := actor.From(ctx), s.Now()
	row := &opening{ID: s.IDs.New(), TipID: t.ID, Person: by.ID, What: what, Reason: reason, At: now}
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := insertOpening(ctx, tx, row); err != nil {
			return err
		}
		entries := []ledger.Entry{t.about(kindOpened.Entry(openedFacts{What: string(what)}))}
		n, err := openedSince(ctx, tx, by.ID, now.Add(-bulkTerm))
		if err != nil {
			return err
		}
		if n > bulk {
			entries = append(entries, t.about(kindBulk.Entry(bulkFacts{Count: n})))
		}
		return s.Ledger.Record(ctx, tx, entries...)
	})
}

// opening is one reading of a tip. Its reason stays here: it may name people.
type opening struct {
	ID     string    `bun:"id"`
	TipID  string    `bun:"tip_id"`
	Person string    `bun:"person"`
	What   Opened    `bun:"what"`
	Reason string    `bun:"reason"`
	At     time.Time `bun:"at"`
}

// Reading is one opening, as those above and in the office see it.
type Reading struct {
	Person string
	What   Opened
	Reason string
	At     time.Time
}

// Readings returns the openings of t, the newest first.
func (s *Service) Readings(ctx context.Context, t *Tip) ([]Reading, error) {
	rows, err := openingsOf(ctx, s.DB.Read(), t.ID)
	out := make([]Reading, len(rows))
	for i, r := range rows {
		out[i] = Reading{r.Person, r.What, r.Reason, r.At}
	}
	return out, err
}

// File returns a sealed file of a tip to those who may open it and opened its content within
// the last hours. Each is a ledger entry. The caller closes it.
func (s *Service) File(ctx context.Context, idOrNo, name string) (io.ReadCloser, int64, error) {
	t, st, err := s.look(ctx, idOrNo)
	if err != nil {
		return nil, 0, err
	}
	if err := s.mayOpen(ctx, t, st); err != nil {
		return nil, 0, s.notOpened(ctx, t, OpenFile, err)
	}
	q := s.DB.Read()
	opened, err := openedBy(ctx, q, t.ID, st.by.ID, s.Now().Add(-filesFor))
	if err != nil {
		return nil, 0, err
	}
	if !opened {
		return nil, 0, s.notOpened(ctx, t, OpenFile, errs.New(errs.Denied, "tip.open_first"))
	}
	f, err := fileByName(ctx, q, name)
	if err != nil {
		return nil, 0, err
	}
	if f == nil || f.TipID != t.ID {
		return nil, 0, notFound()
	}
	e := t.about(kindOpened.Entry(openedFacts{What: string(OpenFile)}))
	if err := s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return s.Ledger.Record(ctx, tx, e) }); err != nil {
		return nil, 0, err
	}
	body, err := s.Blobs.Get(ctx, fileKey(name), 0, f.Size)
	return body, f.Size, err
}
