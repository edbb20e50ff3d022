// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"errors"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
)

// Step is an action that is possible where a hazard stands, and whether the asker may take it.
type Step struct {
	Action  Action
	Allowed bool
	WhyNot  *errs.Error // nil when Allowed
	Needs   []string    // fields of the step
	Party   Party       // whose step it is
	Unit    string      // id of the unit that this party is here, or ""
}

// StepsOf returns the steps that are possible with h, and for each whether the actor in ctx
// may take it. It is decided by the same code as the step itself. Steps of the timer are
// left out.
func (s *Service) StepsOf(ctx context.Context, h *Hazard) ([]Step, error) {
	st, err := s.standingOf(ctx, actor.From(ctx), h)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	var out []Step
	for _, a := range actionsFrom(h.Status) {
		info := actionInfo[a]
		if info.Party == Timer {
			continue
		}
		step := Step{Action: a, Needs: h.needs(info), Party: info.Party, Unit: h.partyUnit(info.Party)}
		refused := h.refusal(a, st, now)
		if refused == nil {
			step.Allowed = true
		} else if e, ok := errors.AsType[*errs.Error](refused); ok {
			step.WhyNot = e
		} else {
			return nil, refused
		}
		out = append(out, step)
	}
	return out, nil
}

// needs returns the fields that an action must bring for h as it stands.
func (h *Hazard) needs(info ActionInfo) []string {
	out := []string{}
	for _, n := range info.Needs {
		known := n == "before" && h.Photos > 0 || n == "after" && h.Status == OnSpotFixed || n == "until" && !h.HasOrder
		if !known {
			out = append(out, n)
		}
	}
	if info.Action == Transfer && !h.Internal {
		out = append(out, "to_unit")
	}
	return out
}

// partyUnit returns the unit that a party is for h.
func (h *Hazard) partyUnit(p Party) string {
	switch {
	case p == Rectifier:
		return h.Unit
	case p == Acceptor && h.OrderUnit != "":
		return h.OrderUnit
	}
	return h.Handler
}
