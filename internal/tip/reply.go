// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/platform/db"
)

// replyKind is that of a message of the office which belongs to no step.
const replyKind = "reply"

// Reply writes to the informant: a question, or what is going on. It is the officer's, or the
// lead's, as long as the tip is with the office. A repeat under the same key is written once.
func (s *Service) Reply(ctx context.Context, idOrNo string, sealed []byte, key string) (string, error) {
	t, st, err := s.look(ctx, idOrNo)
	if err != nil {
		return "", err
	}
	if !t.officer(st.by) || !holdsAt(st.by, PermHandle, t) {
		return "", errs.New(errs.Denied, "tip.only_officer")
	}
	if t.Erasure == erasureDone {
		return "", errs.New(errs.Conflict, "tip.erased")
	}
	if bad := checkPadded("body.sealed", sealed, maxMessage); bad != nil {
		return "", errs.InvalidFields(bad...)
	}
	key = stepKey(st.by, key)
	if key == "" {
		key = id.Random()
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return s.replyTx(ctx, tx, t, replyKind, sealed, st.by.ID, key)
	})
	return replyID(t, key), err
}

// replyTx adds a message of the office, with its ledger entry.
func (s *Service) replyTx(ctx context.Context, tx db.Tx, t *Tip, kind string, sealed []byte, author, key string) error {
	r := &message{ID: replyID(t, key), TipID: t.ID, Origin: originOffice, Kind: kind, Author: author, Sealed: sealed, At: s.Now()}
	fresh, err := insertMessage(ctx, tx, r)
	if err != nil || !fresh {
		return err
	}
	return s.Ledger.Record(ctx, tx, t.about(kindWrote.Entry(wroteFacts{Origin: originOffice, Kind: kind})))
}

// replyID returns the id of a message: the same for the same key.
func replyID(t *Tip, key string) string { return t.ID + "-" + key }
