// SPDX-License-Identifier: Apache-2.0

package reward

import "anlan/internal/kernel/errs"

// FinesBy says how several fines of one tip count; no national text does, so the office decides.
type FinesBy string

const (
	FinesSum     FinesBy = "sum"
	FinesHighest FinesBy = "highest"
)

// Facts are all that an amount rests on. What the tip's conclusion says comes from the tip;
// what the officer finds about the informant is in Findings.
type Facts struct {
	Class    Class
	Verified bool
	Fines    []int64 // fen, each fine that was imposed, collected or not
	Grade    Grade   // of a concealed accident
	Deaths   int64   // verified deaths that were concealed
	Named    bool    // the informant gave a name
	Coded    bool    // the informant holds a query code by which to claim
	Rank     int     // order of the first sufficient report among those of one matter; 1 is first
	// GrantedFen is what the same person was granted here for the same type in the month, as
	// far as the program knows; Findings has what the officer knows.
	GrantedFen int64
	Findings
}

// Findings are what the proposing officer answers for.
type Findings struct {
	FinesBy  FinesBy // with several fines
	Insider  bool    // the informant works in the unit that was reported
	Duty     bool    // the informant's duty is safety management or supervision
	Relative bool    // near relative of such a person
	Prompted bool    // reported at the prompting of such a person
	Known    bool    // the authority or the unit knew, and was dealing with it by the rules
	Joint    bool    // reported by several together
	MonthFen int64   // what the same person was granted for the same type in the month
	Set      Set
}

// Set is the amount that the office sets where the table leaves it to the office.
type Set struct {
	Fen   int64
	Basis string // the clause that it rests on
}

// Bounds of what is plausible: beyond them somebody mistyped.
const (
	maxFine   = 1_000_000_000_000 // fen: ten thousand million yuan
	maxFines  = 50
	maxDeaths = 10_000
	maxSet    = 1_000_000_00 // fen
	maxWords  = 1000         // characters
)

// check refuses facts that cannot be.
func (f Facts) check() error {
	var fields []errs.Field
	refuse := func(bad bool, at, key string, args ...any) {
		if bad {
			fields = append(fields, errs.At(at, key, args...))
		}
	}
	refuse(len(f.Fines) > maxFines, "body.fines", "reward.bad_fine", "max", int64(maxFine/fenPerYuan))
	for _, fine := range f.Fines {
		refuse(fine < 0 || fine > maxFine, "body.fines", "reward.bad_fine", "max", int64(maxFine/fenPerYuan))
	}
	refuse(f.Deaths < 0 || f.Deaths > maxDeaths, "body.deaths", "reward.bad_deaths", "max", maxDeaths)
	refuse(f.MonthFen < 0 || f.MonthFen > maxSet, "body.month_fen", "reward.bad_set", "max", int64(maxSet/fenPerYuan))
	refuse(f.Set.Fen < 0 || f.Set.Fen > maxSet || f.Set.Fen%fenPerYuan != 0, "body.set_fen", "reward.bad_set", "max", int64(maxSet/fenPerYuan))
	refuse(f.Set.Fen > 0 && f.Set.Basis == "", "body.basis", "reward.basis_missing")
	refuse(len([]rune(f.Set.Basis)) > maxWords, "body.basis", "field.too_long")
	return errs.InvalidFields(fields...)
}

// fine returns what counts as the fine, and whether the office must first say how several count.
func (f Facts) fine() (fen int64, undecided bool) {
	for _, fine := range f.Fines {
		if f.FinesBy == FinesSum {
			fen += fine
		} else {
			fen = max(fen, fine)
		}
	}
	return fen, len(f.Fines) > 1 && f.FinesBy != FinesSum && f.FinesBy != FinesHighest
}

// month returns what counts as granted in the month: the more of what is known.
func (f Facts) month() int64 { return max(f.GrantedFen, f.MonthFen) }
