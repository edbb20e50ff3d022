// SPDX-License-Identifier: Apache-2.0

// Package quantity holds counts that know what they count, so that persons (人)
// are never added to attendances (人次).
package quantity

import (
	"fmt"

	"anlan/internal/kernel/errs"
)

// Unit is what is counted.
type Unit string

const (
	Persons     Unit = "person"     // 人: different people
	Attendances Unit = "attendance" // 人次: one person twice counts two
	Sessions    Unit = "session"    // 场
	Firms       Unit = "firm"       // 家
	Places      Unit = "place"      // 处
	Items       Unit = "item"       // 条, 项
	Copies      Unit = "copy"       // 份
	Households  Unit = "household"  // 户
	Fen         Unit = "fen"        // 分: a hundredth of 元
	Minutes     Unit = "minute"     // 分钟; hours are shown, minutes are kept
)

// Units lists every unit.
var Units = []Unit{Persons, Attendances, Sessions, Firms, Places, Items, Copies, Households, Fen, Minutes}

// Quantity is a number of one unit.
type Quantity struct {
	Unit Unit
	N    int64
}

// Of returns n of u.
func Of(n int64, u Unit) Quantity { return Quantity{Unit: u, N: n} }

// Add returns the sum, or an Invalid error when the units differ.
func (q Quantity) Add(o Quantity) (Quantity, error) {
	if q.Unit != o.Unit {
		return Quantity{}, errs.New(errs.Invalid, "quantity.units_differ", "a", q.Unit, "b", o.Unit)
	}
	return Quantity{Unit: q.Unit, N: q.N + o.N}, nil
}

// String is for logs; pages format quantities themselves.
func (q Quantity) String() string { return fmt.Sprintf("%d %s", q.N, q.Unit) }

// Ratio keeps its numerator and denominator, so that a parent adds them up and
// never averages percentages.
type Ratio struct{ Num, Den int64 }

// Add returns the ratio of both wholes together.
func (r Ratio) Add(o Ratio) Ratio { return Ratio{r.Num + o.Num, r.Den + o.Den} }
