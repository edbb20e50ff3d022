// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"slices"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// Kinds of messages of an informant. In what an informant may do, KindMessage stands for
// KindAnswer: a message that changes nothing but the mailbox.
const (
	KindMessage  = "message"
	KindAnswer   = "answer"
	KindIdentify = "identify" // says who they are: first place in the order of reports is kept
	KindWithdraw = "withdraw"
	KindObject   = "object"
	KindClaim    = "claim"
)

// LetterKinds lists what an informant can send.
var LetterKinds = []string{KindAnswer, KindIdentify, KindWithdraw, KindObject, KindClaim}

// Origins of a message.
const (
	originInformant = "informant"
	originOffice    = "office"
)

// message is one in the mailbox of a tip.
type message struct {
	Seq    int64     `bun:"seq,pk,autoincrement"`
	ID     string    `bun:"id"`
	TipID  string    `bun:"tip_id"`
	Origin string    `bun:"origin"`
	Kind   string    `bun:"kind"`
	Author string    `bun:"author"` // person of the office, or ""
	Sealed []byte    `bun:"sealed"` // to the mailbox and to the case
	At     time.Time `bun:"at"`     // cut to the hour when the informant wrote it
}

// Letter is a message of an informant, as the phone hands it in.
type Letter struct {
	Lookup []byte
	Kind   string
	Sealed []byte
	Files  []FileRef
	Key    string // idempotency key
	Permit string
}

// Send puts a letter into the mailbox of the tip with its lookup, once for each key. For a
// lookup of no tip it does nothing, and tells nobody. What a letter asks for that is not
// possible any more, such as a late objection, stays in the mailbox as a plain message.
func (s *Service) Send(ctx context.Context, l Letter) error {
	took := clock.Stopwatch()
	if err := l.check(); err != nil {
		return err
	}
	p, err := s.permit(l.Permit)
	if err != nil {
		return err
	}
	spent := p.spentOn("message", l.Lookup, []byte(l.Key))
	known, err := db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (bool, error) { return s.sendTx(ctx, tx, &l, *spent) })
	if err != nil {
		return err
	}
	wait := sendTakes - took()
	if !known {
		wait += s.guesses.penalty(s.Now())
	}
	return pause(ctx, wait)
}

// sendTakes is how long a letter takes at least, whether there is such a tip or not.
const sendTakes = 50 * time.Millisecond

func (l *Letter) check() error {
	var bad []errs.Field
	if len(l.Lookup) != lookupSize {
		bad = append(bad, errs.At("body.lookup", "tip.bad_code"))
	}
	if !slices.Contains(LetterKinds, l.Kind) {
		bad = append(bad, errs.At("body.kind", "field.not_a_choice"))
	}
	if l.Key == "" {
		bad = append(bad, errs.At("header.Idempotency-Key", "field.required"))
	}
	bad = append(bad, checkPadded("body.sealed", l.Sealed, maxMessage)...)
	bad = append(bad, checkFiles(l.Files)...)
	return errs.InvalidFields(bad...)
}

// sendTx reports whether there is such a tip. What can be wrong with a permit or a file is
// looked at before that is known.
func (s *Service) sendTx(ctx context.Context, tx db.Tx, l *Letter, u use) (bool, error) {
	spent, err := spend(ctx, tx, []use{u})
	if err != nil {
		return false, err
	}
	if err := u.spentOnOther(spent); err != nil {
		return false, err
	}
	t, err := byLookup(ctx, tx, hashLookup(l.Lookup))
	known := errs.KindOf(err) != errs.NotFound
	if !known {
		t = s.decoy()
	} else if err != nil {
		return false, err
	}
	if err := attach(ctx, tx, l.Files, t.ID); err != nil || !known {
		return known, err
	}
	return true, s.deliver(ctx, tx, t, l)
}

// attach gives files to a tip; for a tip that is not there it only looks whether it could.
func attach(ctx context.Context, tx db.Tx, files []FileRef, tipID string) error {
	names := make([]string, len(files))
	taken := make([][2]string, len(files))
	for i, f := range files {
		names[i], taken[i] = f.Name, [2]string{f.Name, tipID}
	}
	there, err := filesNamed(ctx, tx, names)
	if err != nil {
		return err
	}
	if err := claim(there, files, tipID); err != nil {
		return err
	}
	return takeFiles(ctx, tx, taken)
}

// deliver adds a letter that has not come before, and does what it asks for.
func (s *Service) deliver(ctx context.Context, tx db.Tx, t *Tip, l *Letter) error {
	now := s.Now()
	m := &message{ID: s.Box.Fingerprint("tip.message/" + t.ID + "/" + l.Key)[:messageID], TipID: t.ID, Origin: originInformant, Kind: l.Kind,
		Sealed: l.Sealed, At: now.Truncate(time.Hour)}
	if l.Kind != KindAnswer && !slices.Contains(may(t, nil, now), l.Kind) && l.Kind != KindClaim {
		m.Kind = KindAnswer
	}
	added, err := insertMessage(ctx, tx, m)
	if err != nil || !added {
		return err
	}
	if err := noteLetter(ctx, tx, t.ID, m.Kind == KindIdentify); err != nil {
		return err
	}
	if err := s.stepTx(ctx, tx, t.ID, m.Kind); err != nil {
		return err
	}
	e := t.about(kindWrote.Entry(wroteFacts{Origin: m.Origin, Kind: m.Kind}))
	e.Coarse, e.Channel = true, "h5"
	return s.Ledger.Record(ctx, tx, e)
}

// messageID is how long the id of a letter is. It is made of the letter's key, so that a
// repeat has the same.
const messageID = 26

// stepTx takes the step that a letter asks for, unless somebody was faster.
func (s *Service) stepTx(ctx context.Context, tx db.Tx, tipID, kind string) error {
	if kind != KindObject && kind != KindWithdraw {
		return nil
	}
	t, err := lockedByID(ctx, tx, tipID)
	if err != nil || !slices.Contains(t.informantMay(s.Now()), Action(kind)) {
		return err
	}
	return s.informantTx(ctx, tx, t, &Move{Action: Action(kind)})
}
