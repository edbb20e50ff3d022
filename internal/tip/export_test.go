// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"

	"anlan/internal/platform/db"
)

// InformantTx is what the mailbox does with an informant's letter.
func (s *Service) InformantTx(ctx context.Context, tx db.Tx, t *Tip, a Action) error {
	return s.informantTx(ctx, tx, t, &Move{Action: a})
}
