// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"

	"anlan/internal/platform/db"
)

// ObjectTx and WithdrawTx are what the mailbox does with an informant's letter.
func (s *Service) ObjectTx(ctx context.Context, tx db.Tx, t *Tip) error {
	return s.objectTx(ctx, tx, t)
}
func (s *Service) WithdrawTx(ctx context.Context, tx db.Tx, t *Tip) error {
	return s.withdrawTx(ctx, tx, t)
}
