// SPDX-License-Identifier: Apache-2.0

package quantity

import (
	"testing"

	"pgregory.net/rapid"

	"anlan/internal/kernel/errs"
)

var quantities = rapid.Custom(func(t *rapid.T) Quantity {
	return Of(rapid.Int64Range(-1e15, 1e15).Draw(t, "n"), rapid.SampledFrom(Units).Draw(t, "unit"))
})

// TestAdd adds what has one unit and refuses the rest: 人 are not 人次.
func TestAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := quantities.Draw(t, "a"), quantities.Draw(t, "b")
		sum, err := a.Add(b)
		back, errBack := b.Add(a)
		if a.Unit != b.Unit {
			if errs.KindOf(err) != errs.Invalid || errs.KindOf(errBack) != errs.Invalid || sum != (Quantity{}) {
				t.Fatalf("%s and %s gave %s, %v", a, b, sum, err)
			}
			return
		}
		if err != nil || sum != Of(a.N+b.N, a.Unit) || back != sum {
			t.Fatalf("%s and %s gave %s, %v", a, b, sum, err)
		}
	})
	if _, err := Of(3, Persons).Add(Of(3, Attendances)); errs.KeyOf(err) != "quantity.units_differ" {
		t.Errorf("persons and attendances: %v", err)
	}
}

// TestRatio adds wholes, and never averages.
func TestRatio(t *testing.T) {
	if got := (Ratio{1, 2}).Add(Ratio{9, 10}); got != (Ratio{10, 12}) {
		t.Errorf("1/2 and 9/10 gave %v", got)
	}
}
