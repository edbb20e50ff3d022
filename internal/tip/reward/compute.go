// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"slices"

	"anlan/internal/kernel/errs"
)

// Numbers are the values of a step's sentence: fen where the name ends in _fen.
type Numbers map[string]int64

// Step is one line of a computation: the sentence, the numbers in it, the text that it
// rests on, and what the amount is after it.
type Step struct {
	Key     string
	Numbers Numbers
	Source  string
	Fen     int64
}

// Outcome is a computation. While Asks is not empty the amount is unknown, and the office
// must first decide what the questions ask.
type Outcome struct {
	TableID string
	Steps   []Step
	Fen     int64
	Asks    []string // "fines_by", "set"
}

// What the office may be asked.
const (
	askFinesBy = "fines_by"
	askSet     = "set"
)

// Compute returns what f earns by t, with every step on the way. Amounts are whole yuan,
// half up. It is Invalid for facts that cannot be.
func Compute(t Table, f Facts) (Outcome, error) {
	if err := f.check(); err != nil {
		return Outcome{}, err
	}
	c := &computation{table: t, rule: t.Rules[f.Class], facts: f, out: Outcome{TableID: t.ID, Steps: []Step{}, Asks: []string{}}}
	if none := exclusions(f); len(none) > 0 {
		c.out.Steps = none
		return c.out, nil
	}
	if err := c.base(); err != nil {
		return Outcome{}, err
	}
	c.uplift()
	if f.Joint {
		c.note("reward.step_joint", srcFirst, nil)
	}
	return c.out, nil
}

type computation struct {
	table Table
	rule  Rule
	facts Facts
	out   Outcome
}

// note adds a step and leaves the amount as it is.
func (c *computation) note(key, source string, n Numbers) {
	c.out.Steps = append(c.out.Steps, Step{Key: key, Numbers: n, Source: source, Fen: c.out.Fen})
}

// to adds a step that makes the amount fen.
func (c *computation) to(fen int64, key string, n Numbers) {
	c.out.Fen = fen
	c.note(key, c.table.source(c.rule), n)
}

func (c *computation) ask(what, key string) {
	c.out.Asks = append(c.out.Asks, what)
	c.note(key, c.table.source(c.rule), nil)
}

// base computes what the class earns before any uplift.
func (c *computation) base() error {
	switch c.rule.Form {
	case FormShare:
		c.share()
	case FormHeads:
		return c.heads()
	case FormFixed:
		c.fixed()
	case FormBand, FormAsk:
		return c.set()
	default:
		c.to(0, "reward.step_no_rule", nil)
	}
	return nil
}

func (c *computation) share() {
	fine, undecided := c.facts.fine()
	if undecided {
		c.ask(askFinesBy, "reward.step_ask_fines")
		return
	}
	if len(c.facts.Fines) > 1 {
		key := "reward.step_fines_sum"
		if c.facts.FinesBy == FinesHighest {
			key = "reward.step_fines_highest"
		}
		c.note(key, c.table.source(c.rule), Numbers{"fines": int64(len(c.facts.Fines)), "fine_fen": fine})
	}
	c.to(percentOf(fine, c.rule.Percent), "reward.step_share", Numbers{"fine_fen": fine, "percent": c.rule.Percent})
	c.clamp()
}

// clamp raises the amount to the floor and lowers it to the cap.
func (c *computation) clamp() {
	if floor := c.rule.Floor * fenPerYuan; c.out.Fen < floor {
		c.to(floor, "reward.step_floor", Numbers{"floor_fen": floor})
	}
	if most := c.rule.Cap * fenPerYuan; most > 0 && c.out.Fen > most {
		c.to(most, "reward.step_cap", Numbers{"cap_fen": most})
	}
}

func (c *computation) heads() error {
	if c.facts.Deaths < 1 {
		return errs.InvalidFields(errs.At("body.deaths", "reward.deaths_missing"))
	}
	if !slices.Contains(Grades, c.facts.Grade) {
		return errs.InvalidFields(errs.At("body.grade", "reward.grade_missing"))
	}
	each, ok := c.rule.PerHead[c.facts.Grade]
	if !ok {
		return c.set()
	}
	c.to(each*c.facts.Deaths*fenPerYuan, "reward.step_heads", Numbers{"deaths": c.facts.Deaths, "each_fen": each * fenPerYuan})
	c.clamp()
	return nil
}

func (c *computation) fixed() {
	each := c.rule.Each * fenPerYuan
	c.to(each, "reward.step_fixed", Numbers{"each_fen": each})
	most := c.rule.MonthlyCap * fenPerYuan
	if left := max(0, most-c.facts.month()); most > 0 && left < each {
		c.to(left, "reward.step_month", Numbers{"cap_fen": most, "granted_fen": c.facts.month()})
	}
}

// set takes the amount that the office set, within what the table knows of bounds.
func (c *computation) set() error {
	fen := c.facts.Set.Fen
	if fen == 0 {
		c.ask(askSet, "reward.step_ask_set")
		return nil
	}
	floor, most := c.rule.Floor*fenPerYuan, c.rule.Cap*fenPerYuan
	if fen < floor {
		return errs.InvalidFields(errs.At("body.set_fen", "reward.set_below", "least", c.rule.Floor))
	}
	if most > 0 && fen > most {
		return errs.InvalidFields(errs.At("body.set_fen", "reward.set_above", "most", c.rule.Cap))
	}
	c.to(fen, "reward.step_set", Numbers{"set_fen": fen})
	return nil
}

// uplift raises the reward of an insider where the table says so. It never lowers it.
func (c *computation) uplift() {
	in := c.table.Insider
	if !c.facts.Insider || in.Percent == 0 || c.out.Fen == 0 {
		return
	}
	before := c.out.Fen
	c.to(before+percentOf(before, in.Percent), "reward.step_insider", Numbers{"percent": in.Percent})
	most := c.rule.upliftCap(in) * fenPerYuan
	if most > 0 && c.out.Fen > most {
		c.to(most, "reward.step_insider_cap", Numbers{"cap_fen": most})
	}
	if month := c.rule.MonthlyCap * fenPerYuan; month > 0 && c.out.Fen > month-c.facts.month() {
		c.to(max(before, month-c.facts.month()), "reward.step_month", Numbers{"cap_fen": month, "granted_fen": c.facts.month()})
	}
}

// upliftCap returns the most yuan that an uplifted reward may be, 0 when no text bounds it. The
// insider's cap is for fines and deaths; a small class keeps its own. It is never below what
// the class itself may earn, so that no uplift lowers.
func (r Rule) upliftCap(in Insider) int64 {
	if in.Cap > 0 && (r.Form == FormShare || r.Form == FormHeads) {
		return max(in.Cap, r.Cap)
	}
	return r.Cap
}

// percentOf returns p percent of fen in whole yuan, half up. The bounds of check keep it far
// from what an int64 holds.
func percentOf(fen, p int64) int64 {
	const whole = 100 * fenPerYuan
	return (fen*p + whole/2) / whole * fenPerYuan
}
