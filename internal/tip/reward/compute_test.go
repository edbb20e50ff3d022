// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"anlan/internal/kernel/errs"
)

const yuan = fenPerYuan

// good are facts that earn something as far as the informant is concerned.
func good(c Class) Facts { return Facts{Class: c, Verified: true, Named: true, Rank: 1} }

func with(f Facts, change func(*Facts)) Facts { change(&f); return f }

func fined(c Class, fines ...int64) Facts {
	return with(good(c), func(f *Facts) { f.Fines = fines })
}

func concealed(g Grade, deaths int64) Facts {
	return with(good(ConcealedAccident), func(f *Facts) { f.Grade, f.Deaths = g, deaths })
}

// general is a general hazard with what the office set, in yuan.
func general(set int64) Facts {
	return with(good(GeneralHazard), func(f *Facts) { f.Set = Set{set * yuan, "第五条"} })
}

func insider(f Facts) Facts { f.Insider = true; return f }

// TestCompute has the numbers of the published texts.
func TestCompute(t *testing.T) {
	for _, tt := range []struct {
		name, table string
		f           Facts
		yuan        int64
		last        string // key of the last step
		asks        string
	}{
		{"15 % of a fine", "national-2018", fined(MajorHazard, 100_000*yuan), 15_000, "reward.step_share", ""},
		{"the floor", "national-2018", fined(Illegal, 10_000*yuan), 3000, "reward.step_floor", ""},
		{"no fine", "national-2018", good(Illegal), 3000, "reward.step_floor", ""},
		{"the cap", "national-2018", fined(Illegal, 2_000_004*yuan), 300_000, "reward.step_cap", ""},
		{"at the cap", "national-2018", fined(Illegal, 2_000_000*yuan), 300_000, "reward.step_share", ""},
		{"half a yuan up", "national-2018", fined(Illegal, 20_010*yuan), 3002, "reward.step_share", ""}, // 3001.50
		{"less than half down", "national-2018", fined(Illegal, 20_009_99), 3001, "reward.step_share", ""},
		{"several fines undecided", "national-2018", fined(Illegal, 100_000*yuan, 50_000*yuan), 0, "reward.step_ask_fines", askFinesBy},
		{"their sum", "national-2018", with(fined(Illegal, 100_000*yuan, 50_000*yuan), func(f *Facts) { f.FinesBy = FinesSum }), 22_500, "reward.step_share", ""},
		{"the highest", "national-2018", with(fined(Illegal, 50_000*yuan, 100_000*yuan), func(f *Facts) { f.FinesBy = FinesHighest }), 15_000, "reward.step_share", ""},
		{"two concealed deaths", "national-2018", concealed(GradeGeneral, 2), 60_000, "reward.step_heads", ""},
		{"larger", "national-2018", concealed(GradeLarger, 3), 120_000, "reward.step_heads", ""},
		{"serious", "national-2018", concealed(GradeSerious, 6), 300_000, "reward.step_heads", ""},
		{"extraordinary at the cap", "national-2018", concealed(GradeExtraordinary, 30), 300_000, "reward.step_cap", ""},
		{"a general hazard", "national-2018", good(GeneralHazard), 0, "reward.step_no_rule", ""},
		{"something else", "national-2018", good("retaliation"), 0, "reward.step_no_rule", ""},
		{"no uplift nationally", "national-2018", insider(fined(Illegal, 100_000*yuan)), 15_000, "reward.step_share", ""},

		{"half in Shandong", "shandong-2021", fined(MajorHazard, 100_000*yuan), 50_000, "reward.step_share", ""},
		{"its floor", "shandong-2021", fined(MajorHazard, 1000*yuan), 5000, "reward.step_floor", ""},
		{"its insider", "shandong-2021", insider(fined(MajorHazard, 100_000*yuan)), 60_000, "reward.step_insider", ""},
		{"its insider at the cap", "shandong-2021", insider(fined(MajorHazard, 1_000_000*yuan)), 500_000, "reward.step_insider_cap", ""},
		{"its band asks", "shandong-2021", good(GeneralHazard), 0, "reward.step_ask_set", askSet},
		{"its band", "shandong-2021", general(800), 800, "reward.step_set", ""},
		{"its band uplifted to the top", "shandong-2021", insider(general(4500)), 5000, "reward.step_insider_cap", ""},
		{"the revision asks", "shandong-2025", fined(MajorHazard, 100_000*yuan), 0, "reward.step_ask_set", askSet},

		{"Xiamen's insider", "xiamen-2021", insider(fined(Illegal, 100_000*yuan)), 19_500, "reward.step_insider", ""},
		{"Xiamen's insider at the cap", "xiamen-2021", insider(fined(Illegal, 9_000_000*yuan)), 390_000, "reward.step_insider", ""},
		{"an insider's floor", "xiamen-2021", insider(good(Illegal)), 3900, "reward.step_insider", ""},

		{"Taizhou, illegal", "taizhou-2020", fined(Illegal, 1_000_000*yuan), 100_000, "reward.step_cap", ""},
		{"Taizhou, major", "taizhou-2020", fined(MajorHazard, 1_000_000*yuan), 200_000, "reward.step_share", ""},
		{"Taizhou, general", "taizhou-2020", general(2000), 2000, "reward.step_set", ""},
		{"Taizhou, an unknown grade", "taizhou-2020", concealed(GradeExtraordinary, 30), 0, "reward.step_ask_set", askSet},

		{"Longhua, general", "longhua-2022", good(GeneralHazard), 500, "reward.step_fixed", ""},
		{"the same person again", "longhua-2022", with(good(GeneralHazard), func(f *Facts) { f.MonthFen = 500 * yuan }), 500, "reward.step_fixed", ""},
		{"and again", "longhua-2022", with(good(GeneralHazard), func(f *Facts) { f.MonthFen = 1000 * yuan }), 0, "reward.step_month", ""},
		{"what is left of the month", "longhua-2022", with(good(GeneralHazard), func(f *Facts) { f.MonthFen = 700 * yuan }), 300, "reward.step_month", ""},
		{"what the program knows of the month", "longhua-2022", with(good(GeneralHazard), func(f *Facts) { f.GrantedFen, f.MonthFen = 800*yuan, 100*yuan }), 200, "reward.step_month", ""},
		{"Longhua asks", "longhua-2022", fined(MajorHazard, 100_000*yuan), 0, "reward.step_ask_set", askSet},
		{"Joint", "national-2018", with(fined(Illegal, 100_000*yuan), func(f *Facts) { f.Joint = true }), 15_000, "reward.step_joint", ""},
	} {
		table, _ := TableByID(Tables, tt.table)
		out, err := Compute(table, tt.f)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		last := out.Steps[len(out.Steps)-1]
		if out.Fen != tt.yuan*yuan || last.Key != tt.last || (tt.asks != "") != slices.Contains(out.Asks, tt.asks) || out.TableID != tt.table {
			t.Errorf("%s: %+v", tt.name, out)
		}
		if last.Fen != out.Fen || last.Source == "" {
			t.Errorf("%s: the last step says %d from %q", tt.name, last.Fen, last.Source)
		}
	}
}

// TestBadFacts refuses what cannot be.
func TestBadFacts(t *testing.T) {
	for name, tt := range map[string]struct {
		table string
		f     Facts
		key   string
	}{
		"a negative fine":   {"national-2018", fined(Illegal, -1), "reward.bad_fine"},
		"an absurd fine":    {"national-2018", fined(Illegal, maxFine+1), "reward.bad_fine"},
		"no deaths":         {"national-2018", concealed(GradeGeneral, 0), "reward.deaths_missing"},
		"negative deaths":   {"national-2018", concealed(GradeGeneral, -1), "reward.bad_deaths"},
		"no grade":          {"national-2018", concealed("", 1), "reward.grade_missing"},
		"below the band":    {"taizhou-2020", general(499), "reward.set_below"},
		"above the band":    {"taizhou-2020", general(2001), "reward.set_above"},
		"below a floor":     {"longhua-2022", with(good(MajorHazard), func(f *Facts) { f.Set = Set{2999 * yuan, "条"} }), "reward.set_below"},
		"without its basis": {"taizhou-2020", with(general(600), func(f *Facts) { f.Set.Basis = "" }), "reward.basis_missing"},
		"not whole yuan":    {"taizhou-2020", with(general(600), func(f *Facts) { f.Set.Fen++ }), "reward.bad_set"},
	} {
		table, _ := TableByID(Tables, tt.table)
		_, err := Compute(table, tt.f)
		if key := fieldKey(err); errs.KindOf(err) != errs.Invalid || key != tt.key {
			t.Errorf("%s: %v, want %s", name, err, tt.key)
		}
	}
}

// fieldKey returns the key of the first refused input.
func fieldKey(err error) string {
	e, ok := err.(*errs.Error)
	if !ok || len(e.Fields) == 0 {
		return errs.KeyOf(err)
	}
	return e.Fields[0].Key
}

// anyFacts draws facts that pass check, of somebody to whom nothing speaks against a reward.
var anyFacts = rapid.Custom(func(t *rapid.T) Facts {
	f := good(rapid.SampledFrom(Classes).Draw(t, "class"))
	f.Fines = rapid.SliceOfN(rapid.Int64Range(0, 100_000_000_00), 0, 4).Draw(t, "fines")
	f.FinesBy = rapid.SampledFrom([]FinesBy{FinesSum, FinesHighest}).Draw(t, "by")
	f.Grade, f.Deaths = rapid.SampledFrom(Grades).Draw(t, "grade"), rapid.Int64Range(1, 500).Draw(t, "deaths")
	f.Insider, f.Joint = rapid.Bool().Draw(t, "insider"), rapid.Bool().Draw(t, "joint")
	f.MonthFen = rapid.Int64Range(0, 20).Draw(t, "month") * 100 * yuan
	f.Set = Set{rapid.Int64Range(0, 5000).Draw(t, "set") * yuan, "第五条"}
	return f
})

// anyTable draws a shipped table, or one with an uplift of its own for insiders.
var anyTable = rapid.Custom(func(t *rapid.T) Table {
	table := rapid.SampledFrom(Tables).Draw(t, "shipped")
	if rapid.Bool().Draw(t, "other uplift") {
		table.Insider = Insider{rapid.Int64Range(0, 100).Draw(t, "percent"), rapid.Int64Range(0, 400_000).Draw(t, "cap")}
	}
	return table
})

// computed returns the outcome, or skips the case when what the office set is outside the table.
func computed(t *rapid.T, table Table, f Facts) Outcome {
	out, err := Compute(table, f)
	if key := fieldKey(err); key == "reward.set_below" || key == "reward.set_above" {
		t.Skip()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// most is the highest amount that a table allows for a class, in fen; 0 when it names none.
func most(table Table, f Facts) int64 {
	r := table.Rules[f.Class]
	top := r.Cap
	if r.Form == FormFixed {
		top = r.MonthlyCap
	}
	if f.Insider && (r.Form == FormShare || r.Form == FormHeads) {
		top = max(top, table.Insider.Cap)
	}
	return top * yuan
}

// TestNeverAboveACap holds for every table, class and informant, step by step at the end.
func TestNeverAboveACap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, f := anyTable.Draw(t, "table"), anyFacts.Draw(t, "facts")
		out := computed(t, table, f)
		if top := most(table, f); top > 0 && out.Fen > top || out.Fen < 0 || out.Fen%yuan != 0 {
			t.Fatalf("%s pays %d for %+v, at most %d", table.ID, out.Fen, f, top)
		}
		if month := table.Rules[f.Class].MonthlyCap * yuan; month > 0 && out.Fen > 0 && out.Fen+f.MonthFen > month {
			t.Fatalf("%s pays %d after %d in a month", table.ID, out.Fen, f.MonthFen)
		}
		if len(out.Asks) > 0 && out.Fen != 0 {
			t.Fatalf("%s pays %d before the office has decided", table.ID, out.Fen)
		}
		if last := out.Steps[len(out.Steps)-1]; len(out.Asks) == 0 && last.Fen != out.Fen {
			t.Fatalf("the steps end at %d, the outcome is %d", last.Fen, out.Fen)
		}
	})
}

// TestMonotoneInTheFine: a higher fine never earns less.
func TestMonotoneInTheFine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, f := anyTable.Draw(t, "table"), anyFacts.Draw(t, "facts")
		if len(f.Fines) == 0 {
			f.Fines = []int64{0}
		}
		less := computed(t, table, f)
		more := f
		more.Fines = slices.Clone(f.Fines)
		more.Fines[rapid.IntRange(0, len(f.Fines)-1).Draw(t, "which")] += rapid.Int64Range(0, 1_000_000_00).Draw(t, "more")
		if got := computed(t, table, more); got.Fen < less.Fen {
			t.Fatalf("%s: %d for %v, but %d for %v", table.ID, less.Fen, f.Fines, got.Fen, more.Fines)
		}
	})
}

// TestUpliftNeverLowers compares an insider with an outsider of the same facts.
func TestUpliftNeverLowers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, f := anyTable.Draw(t, "table"), anyFacts.Draw(t, "facts")
		f.Insider = false
		outside := computed(t, table, f)
		if inside := computed(t, table, insider(f)); inside.Fen < outside.Fen {
			t.Fatalf("%s pays an insider %d and others %d", table.ID, inside.Fen, outside.Fen)
		}
	})
}

// TestFirstReporterOnly: of all who report one matter, at most the first is paid.
func TestFirstReporterOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, f := anyTable.Draw(t, "table"), anyFacts.Draw(t, "facts")
		f.Rank = rapid.OneOf(rapid.IntRange(-3, 0), rapid.IntRange(2, 1000)).Draw(t, "rank")
		out := computed(t, table, f)
		if out.Fen != 0 || len(out.Asks) != 0 || out.Steps[0].Key != stepLater || out.Steps[0].Numbers["rank"] != int64(f.Rank) {
			t.Fatalf("number %d gets %+v", f.Rank, out)
		}
	})
}

// excluding are the facts that each take a reward away.
var excluding = map[string]func(*Facts){
	stepUnverified: func(f *Facts) { f.Verified = false },
	stepLater:      func(f *Facts) { f.Rank = 2 },
	stepNameless:   func(f *Facts) { f.Named, f.Coded = false, false },
	stepDuty:       func(f *Facts) { f.Duty = true },
	stepRelative:   func(f *Facts) { f.Relative = true },
	stepPrompted:   func(f *Facts) { f.Prompted = true },
	stepKnown:      func(f *Facts) { f.Known = true },
}

// TestExclusions: any one of them gives 0 and is named, whatever else there is.
func TestExclusions(t *testing.T) {
	keys := []string{stepUnverified, stepLater, stepNameless, stepDuty, stepRelative, stepPrompted, stepKnown}
	if len(keys) != len(excluding) {
		t.Fatal("an exclusion is not tested")
	}
	rapid.Check(t, func(t *rapid.T) {
		table, f := anyTable.Draw(t, "table"), anyFacts.Draw(t, "facts")
		hit := rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 1, len(keys), rapid.ID[string]).Draw(t, "why")
		for _, key := range hit {
			excluding[key](&f)
		}
		out := computed(t, table, f)
		if out.Fen != 0 || len(out.Asks) != 0 || len(out.Steps) != len(hit) {
			t.Fatalf("%v: %+v", hit, out)
		}
		for _, s := range out.Steps {
			if !slices.Contains(hit, s.Key) || s.Fen != 0 || s.Source == "" {
				t.Fatalf("%v: step %+v", hit, s)
			}
		}
	})
	for name, f := range map[string]Facts{"named": good(Illegal), "with a code": with(good(Illegal), func(f *Facts) { f.Named, f.Coded = false, true })} {
		if out, err := Compute(Tables[0], f); err != nil || out.Fen == 0 && len(out.Asks) == 0 {
			t.Errorf("%s: %+v %v", name, out, err)
		}
	}
}
