// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"errors"

	"anlan/internal/kernel/errs"
)

// Step is an action that is possible where a tip stands, and whether the asker may take it.
type Step struct {
	Action  Action
	Allowed bool
	WhyNot  *errs.Error // nil when Allowed
	Needs   []string    // fields of the step
	Party   Party       // whose step it is
}

// StepsOf returns the steps that are possible with t, and for each whether the actor in ctx
// may take it. It is decided by the same code as the step itself. Those of the informant
// are there too, so that people see what may still come.
func (s *Service) StepsOf(ctx context.Context, t *Tip) ([]Step, error) {
	st, err := s.standingOf(ctx, s.DB.Read(), t)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	var out []Step
	for _, a := range actionsFrom(t.Status) {
		info := actionInfo[a]
		step := Step{Action: a, Needs: orEmpty(info.Needs), Party: info.Party}
		refused := t.refusal(a, st, now)
		if e, ok := errors.AsType[*errs.Error](refused); ok {
			step.WhyNot = e
		} else if refused != nil {
			return nil, refused
		}
		step.Allowed = refused == nil
		out = append(out, step)
	}
	return out, nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
