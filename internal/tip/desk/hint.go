// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/tip"
)

const (
	alikeWithin = 30 * 24 * time.Hour
	alikeShown  = 10
)

// Hint says what other tips are looked for: by what stands in the open, because nothing
// else can be read.
type Hint struct {
	Place place.Path
	Class tip.Class
	Unit  string // id
	Since time.Time
	not   string // id of the tip that is compared
}

// Alike returns tips of the last 30 days that may say the same as one that is being typed in
// or looked at: of the same unit, or of the same class at the same place, the newest first.
// A person decides. Those who may only type in get none, because they may not know.
func (s *Service) Alike(ctx context.Context, h Hint) ([]*tip.Tip, error) {
	by := actor.From(ctx)
	if len(by.Scopes(tip.PermReceive)) == 0 && len(by.Scopes(tip.PermRead)) == 0 {
		return nil, errs.New(errs.Denied, "auth.denied", "perm", tip.PermReceive)
	}
	a, ok := new(Filter).area(by)
	if !ok {
		return nil, nil
	}
	kin, err := s.Tips.Org.KinOf(ctx, s.Tips.DB.Read(), by.ID)
	if err != nil {
		return nil, err
	}
	a.kin = kin.Roots
	if h.Since.IsZero() {
		h.Since = s.Tips.Now().Add(-alikeWithin)
	}
	return alike(ctx, s.Tips.DB.Read(), h, a, alikeShown)
}

// alikeTo returns what t may repeat, or what may repeat it.
func (s *Service) alikeTo(ctx context.Context, t *tip.Tip) ([]*tip.Tip, error) {
	return s.Alike(ctx, Hint{Place: t.Place, Class: t.Class, Unit: t.Unit, Since: t.Received.Add(-alikeWithin), not: t.ID})
}
