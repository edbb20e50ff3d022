// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"

	"anlan/internal/hazard"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// Task is a hazard in an officer's neutral words. It holds nothing of how the informant
// said it, and nothing says that there was one.
type Task struct {
	Version int
	Key     string
	Words   string
	Place   place.Path // "" for the tip's
	Unit    string
	Spot    string
	Class   string // of the four of hazards
	Danger  bool
}

// usualSource is how a hazard of an office's own inspection came about. One that a tip
// became looks the same to everybody: to its unit the word would say that somebody spoke.
const usualSource = "inspection"

// MakeHazard makes a hazard of a tip and links the two, in one transaction. Who may is as for
// the step link_hazard; the officer needs hazard.report too.
func (s *Service) MakeHazard(ctx context.Context, idOrNo string, task Task) (*Tip, error) {
	t, _, err := s.look(ctx, idOrNo)
	if err != nil {
		return nil, err
	}
	if task.Place == "" {
		task.Place = t.Place
	}
	draft, err := s.Hazard.Draft(ctx, hazard.Report{Words: task.Words, Place: task.Place, Unit: task.Unit, Spot: task.Spot, Class: task.Class,
		Danger: task.Danger, Source: usualSource, Key: "tip-" + t.ID})
	if err != nil {
		return nil, err
	}
	m := Move{Action: Link, Version: task.Version, Key: task.Key, fresh: true}
	return s.take(ctx, idOrNo, m, func(ctx context.Context, tx db.Tx, t *Tip) error {
		r, err := s.Hazard.ReportTx(ctx, tx, draft)
		if err != nil {
			return err
		}
		t.Hazard, t.HazardStatus = r.ID, string(r.Status)
		return nil
	})
}

// Reader follows hazards and tells the tips that became them where they stand.
func (s *Service) Reader() ledger.Reader {
	return ledger.Reader{Name: "tip-hazards", Kinds: []string{hazard.MovedKind()},
		Handle: ledger.Each(func(ctx context.Context, tx db.Tx, e ledger.Entry) error {
			id, to, ok := hazard.Outcome(e)
			if !ok {
				return errs.New(errs.Internal, "internal", "subject", e.Subject)
			}
			return saveHazardMoved(ctx, tx, id, string(to))
		})}
}

// Rank is where a tip stands among those of one matter, in the order of arrival.
type Rank struct {
	Master string // the tip under which the matter is handled
	At     int    // 1 for the first; 0 when it said too little to count
	Of     int    // how many count
}

// RankOf returns t's rank. All reports of a matter are kept; the first that said enough has
// the claim to a reward (安监总财〔2018〕19号 Art. 12), whichever of them the office handles it under.
func (s *Service) RankOf(ctx context.Context, t *Tip) (Rank, error) {
	r := Rank{Master: t.ID}
	if t.Master != "" {
		r.Master = t.Master
	}
	all, err := family(ctx, s.DB.Read(), r.Master)
	for _, o := range all {
		if o.Insufficient || o.Status == Withdrawn {
			continue
		}
		if r.Of++; o.ID == t.ID {
			r.At = r.Of
		}
	}
	return r, err
}

// Family returns the tips of one matter, the first to arrive first.
func (s *Service) Family(ctx context.Context, masterID string) ([]*Tip, error) {
	return family(ctx, s.DB.Read(), masterID)
}
