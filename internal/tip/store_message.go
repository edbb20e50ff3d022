// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"

	"anlan/internal/platform/db"
)

// messagesOf returns up to limit messages of a tip, the newest first; with before only
// those older than that one, none when it is not there.
func messagesOf(ctx context.Context, q db.Q, tipID, before string, limit int) ([]message, error) {
	var ms []message
	sel := q.NewSelect().Model(&ms).ModelTableExpr("tip_message AS message").Where("message.tip_id = ?", tipID).
		OrderExpr("message.seq DESC").Limit(int64(limit))
	if before != "" {
		sel = sel.Where("message.seq < (SELECT b.seq FROM tip_message AS b WHERE b.tip_id = ? AND b.id = ?)", tipID, before)
	}
	return ms, sel.Scan(ctx)
}

// insertMessage adds a message and reports whether it is new.
func insertMessage(ctx context.Context, tx db.Tx, m *message) (bool, error) {
	res, err := tx.NewInsert().Model(m).ModelTableExpr("tip_message").ExcludeColumn("seq").
		On("CONFLICT (id) DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// noteLetter counts a letter that no officer has opened; identified: it says who wrote it.
func noteLetter(ctx context.Context, tx db.Tx, tipID string, identified bool) error {
	up := tx.NewUpdate().TableExpr("tip_tip").Set("unread = unread + 1").Where("id = ?", tipID)
	if identified {
		up = up.Set("named = TRUE")
	}
	_, err := up.Exec(ctx)
	return err
}
