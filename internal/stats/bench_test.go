// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"fmt"
	"io/fs"
	"testing"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

// benchEntries is how many entries a roll-up benchmark counts.
const benchEntries = 100_000

// fillLedger writes hazard entries of 12 towns over five weeks, with the facts that
// the hazard domain writes, a thousand in a transaction.
func fillLedger(b *testing.B, f *fixture, units int) {
	b.Helper()
	steps := []string{"reported", "triaged", "ordered", "rectifying", "accepting", "accepted", "closed"}
	actions := []string{"report", "triage", "order", "start", "submit", "accept", "close"}
	first := clock.Day("2026-10-20").Start()
	for i := 0; i < benchEntries; i += 1000 {
		es := make([]ledger.Entry, 0, 1000)
		for n := i; n < i+1000; n++ {
			step, hazard := n%7, n/7
			unit := fmt.Sprintf("01k8unit%018d", hazard%units)
			e := ledger.Entry{Kind: reported, Place: place.Path(fmt.Sprintf("%s990101%03d/", county, hazard%12)), Unit: unit,
				UnitPath: "01k8group000000000000000000/" + unit + "/", Subject: "hazard:" + f.ids.New(),
				Happened: first.AddDate(0, 0, n*35/benchEntries)}
			class := []string{"person_behaviour", "equipment_state", "environment", "management"}[hazard%4]
			if step == 0 {
				e.Facts = facts("source", "public", "class", class, "channel", "h5", "danger", "false", "internal", "false", "lines", "gas")
			} else {
				e.Kind = moved
				e.Facts = facts("from", steps[step-1], "to", steps[step], "action", actions[step], "grade", "general", "was_grade", "general",
					"class", class, "accident", "", "source", "public", "channel", "h5", "reason", "", "rule", f.ids.New(), "late", "false",
					"internal", "false", "stopped", "false", "reopened", "false", "lines", "gas", wasUnit, e.UnitPath)
			}
			es = append(es, e)
		}
		if err := f.db.InTx(b.Context(), func(ctx context.Context, tx db.Tx) error { return f.ledger.Record(ctx, tx, es...) }); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkRollup(b *testing.B, dsn string, units int) {
	d := dbtest.Open(b, dsn, []fs.FS{ledger.Migrations(), Migrations()}...)
	f := newFixture(b, d)
	if err := f.Seed(b.Context()); err != nil {
		b.Fatal(err)
	}
	fillLedger(b, f, units)
	for b.Loop() {
		b.StopTimer()
		if err := (&world{fixture: f}).forgetAll(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		f.step(b)
	}
	b.ReportMetric(float64(benchEntries)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// forgetAll puts the reader back to the beginning.
func (w *world) forgetAll(ctx context.Context) error {
	return w.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, table := range []string{"ledger_cursor", "stats_rollup"} {
			if _, err := tx.NewRaw("DELETE FROM " + table).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkRollupSQLite(b *testing.B)          { benchmarkRollup(b, dbtest.SQLiteDSN(b), 60) }
func BenchmarkRollupSQLiteManyUnits(b *testing.B) { benchmarkRollup(b, dbtest.SQLiteDSN(b), 5000) }
func BenchmarkRollupPostgres(b *testing.B)        { benchmarkRollup(b, dbtest.PostgresDSN(b), 60) }
