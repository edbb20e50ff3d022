// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"testing"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/stats"
)

// TestDemo fills the invented county and compares its numbers with what was told.
func TestDemo(t *testing.T) {
	cfg := Config{Storage: Storage{Data: t.TempDir()}, Addr: "127.0.0.1:0", Demo: true}
	var out bytes.Buffer
	if err := fillDemo(t.Context(), cfg, &out); err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), cfg.Storage, cfg.baseURL(), clock.System)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx := actor.With(t.Context(), org.Operator())
	today := clock.DayOf(a.Now())
	const hazards = 300 + 2 // two came of tips
	f, err := a.Stats.Figure(ctx, "hazard.reported", stats.Scope{Place: place.Nation}, stats.Days{To: today})
	if err != nil || f.N != hazards {
		t.Errorf("reported %d, %v; want %d", f.N, err, hazards)
	}
	stock, err := a.Stats.Figure(ctx, "hazard.status", stats.Scope{Place: place.Nation}, stats.Days{To: today})
	if err != nil || stock.N != hazards {
		t.Errorf("stock %d, %v; want %d", stock.N, err, hazards)
	}
	for _, status := range []string{"reported", "rejected", "duplicate", "transferred", "triaged", "on_spot_fixed", "ordered",
		"stopped", "rectifying", "extension", "overdue", "accepting", "accepted", "closed"} {
		if stock.Dims[status] <= 0 {
			t.Errorf("no hazard is %s: %v", status, stock.Dims)
		}
	}
	shown, err := a.TipKeys.Statements(t.Context(), a.DB.Read())
	if err != nil || len(shown) != 1 {
		t.Errorf("tips can be sealed to %d keys, %v; want the county's", len(shown), err)
	}
}
