// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// plan is what a table means: for units or for people.
type plan struct {
	actions []planned
	apply   func(ctx context.Context, tx db.Tx) error
}

// planned is what becomes of one row; rest names what it rests on, so that a change
// between preview and commit is noticed.
type planned struct {
	row          int
	action, rest string
}

func (s *Service) plan(ctx context.Context, q db.Q, t *table, bad *rowErrors) (*plan, error) {
	if t.Kind == People {
		p, err := s.planPeople(ctx, q, t, bad)
		if err != nil {
			return nil, err
		}
		return &plan{p.planned(), p.apply}, nil
	}
	p, err := s.planUnits(ctx, q, t, bad)
	if err != nil {
		return nil, err
	}
	return &plan{p.planned(), p.apply}, nil
}

func (p *unitPlan) planned() []planned {
	out := make([]planned, len(p.drafts))
	for i, d := range p.drafts {
		out[i] = planned{row: d.row, action: d.action()}
		if d.old != nil {
			out[i].rest = d.old.ID + " " + strconv.Itoa(d.old.Version)
		}
	}
	return out
}

func (p *peoplePlan) planned() []planned {
	out := make([]planned, len(p.drafts))
	for i, d := range p.drafts {
		out[i] = planned{row: d.row, action: d.action(), rest: d.Unit.ID}
		if !d.New && d.Was != nil {
			out[i].rest += fmt.Sprintf(" %s %d %s", d.Card.ID, d.Card.Version, d.Was.ID)
		}
	}
	return out
}

func (p *plan) digest() string {
	h := sha256.New()
	for _, a := range p.actions {
		fmt.Fprintf(h, "%d %s %s\n", a.row, a.action, a.rest)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (p *plan) report(t *table, bad *rowErrors) *Report {
	r := &Report{Rows: len(t.Rows), ErrorsN: bad.n, Errors: bad.list, Digest: p.digest()}
	for _, k := range t.Keys {
		r.Columns = append(r.Columns, titleOf(t.Kind, k))
	}
	actions := make(map[int]string, len(p.actions))
	for _, a := range p.actions {
		actions[a.row] = a.action
		switch a.action {
		case rowNew:
			r.New++
		case rowChanged:
			r.Changed++
		case rowSame:
			r.Same++
		}
	}
	for _, row := range t.Rows[:min(previewRows, len(t.Rows))] {
		r.Preview = append(r.Preview, PreviewRow{Row: row.N, Action: actions[row.N], Cells: shownCells(t.Keys, row.Cells)})
	}
	return r
}

// shownCells masks telephone numbers: a preview shows no more than a list does.
func shownCells(keys, cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		if keys[i] == "phone" {
			c = org.MaskPhone(c)
		}
		out[i] = c
	}
	return out
}
