// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"testing"
	"time"

	"anlan/internal/kernel/id"
	"anlan/internal/platform/db"
)

func TestCoarseEntriesKeepTheHourOnly(t *testing.T) {
	eachAudited(t, func(t *testing.T, a *audited) {
		at := time.Date(2026, 11, 2, 5, 43, 21, 987_000_000, time.UTC)
		e := Entry{Kind: "test.told.v1", Subject: "test:told", Happened: at, Coarse: true}
		if err := a.db.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return a.Record(ctx, tx, e, e) }); err != nil {
			t.Fatal(err)
		}
		p, err := a.List(t.Context(), Filter{Subject: "test:told"}, "", 10)
		if err != nil || len(p.Items) != 2 {
			t.Fatal(p, err)
		}
		for _, got := range p.Items {
			if !got.Happened.Equal(at.Truncate(time.Hour)) || got.Recorded != got.Recorded.Truncate(time.Hour) {
				t.Errorf("happened %s, recorded %s", got.Happened, got.Recorded)
			}
			if !id.Valid(got.ID) || got.ID[:9] == a.ids.New()[:9] {
				t.Errorf("the id %s tells the time", got.ID)
			}
		}
	})
}
