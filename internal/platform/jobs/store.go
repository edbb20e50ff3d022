// SPDX-License-Identifier: Apache-2.0

package jobs

import (
	"context"

	"anlan/internal/platform/db"
)

func waiting(ctx context.Context, q db.Q) (map[string]int64, error) {
	var rows []struct {
		State string
		N     int64
	}
	err := q.NewRaw(`SELECT state, count(*) AS n FROM river_job
		WHERE state IN ('available', 'running', 'retryable', 'scheduled', 'discarded') GROUP BY state`).Scan(ctx, &rows)
	counts := map[string]int64{}
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, err
}
