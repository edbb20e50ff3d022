// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"context"
	"maps"
	"slices"

	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// parentsAbove returns, by id, the units that the plan names and all above them as
// they are now, so that chains can be followed without a statement per row. A table
// without a column of parents needs none.
func (s *Service) parentsAbove(ctx context.Context, q db.Q, p *unitPlan) (map[string]*org.Unit, error) {
	if !slices.Contains(p.table.Keys, "parent") {
		return nil, nil
	}
	at := map[string]*org.Unit{}
	for _, u := range p.known.code {
		at[u.ID] = u
	}
	for _, u := range p.known.uscc {
		at[u.ID] = u
	}
	for _, us := range p.known.name {
		for _, u := range us {
			at[u.ID] = u
		}
	}
	missing := map[string]bool{}
	for _, u := range at {
		for _, id := range org.Ancestors(u.GroupPath) {
			if at[id] == nil {
				missing[id] = true
			}
		}
	}
	above, err := s.Org.UnitsBy(ctx, q, org.UnitByID, slices.Collect(maps.Keys(missing)))
	for _, u := range above {
		at[u.ID] = u
	}
	return at, err
}

// linkParents finds the unit above that each row names, in the table or in the
// database, and refuses circles and chains that are too long.
func (p *unitPlan) linkParents(above map[string]*org.Unit) {
	drafts := newDraftIndex(p.drafts)
	rows := make(map[int]*tableRow, len(p.table.Rows))
	for i := range p.table.Rows {
		rows[p.table.Rows[i].N] = &p.table.Rows[i]
	}
	for _, d := range p.drafts {
		if text, ok := p.table.cell(rows[d.row], "parent"); ok {
			p.link(d, text, drafts)
		}
	}
	for _, d := range p.drafts {
		p.checkChain(d, drafts, above)
	}
}

// draftIndex finds drafts as unitIndex finds units.
type draftIndex struct {
	id, uscc, name map[string]*unitDraft
	twice          map[string]bool // names that several rows have
}

func newDraftIndex(all []*unitDraft) *draftIndex {
	x := &draftIndex{id: map[string]*unitDraft{}, uscc: map[string]*unitDraft{}, name: map[string]*unitDraft{}, twice: map[string]bool{}}
	for _, d := range all {
		if d.old != nil {
			x.id[d.old.ID] = d
		}
		if d.unit.USCC != "" {
			x.uscc[d.unit.USCC] = d
		}
		x.twice[d.unit.Name] = x.name[d.unit.Name] != nil
		x.name[d.unit.Name] = d
	}
	return x
}

// link sets the unit above from what the row says.
func (p *unitPlan) link(d *unitDraft, text string, drafts *draftIndex) {
	was := d.unit.ParentID
	d.unit.ParentID = ""
	if text != "" {
		up, wrong := p.parent(text, drafts, d)
		if up == nil {
			p.bad.add(d.row, wrong)
			d.unit.ParentID = was
			return
		}
		d.under = up
		if up.old != nil {
			d.unit.ParentID = up.old.ID
		}
	}
	d.moved = d.old != nil && (d.unit.ParentID != was || d.under != nil && d.under.old == nil)
}

// parent finds a unit by code, USCC or name; nil with the reason when it does not. A unit of the database
// that no row is about comes as a draft of its own.
func (p *unitPlan) parent(text string, drafts *draftIndex, of *unitDraft) (up *unitDraft, wrong errs.Field) {
	if u := p.known.code[upper(text)]; u != nil {
		return p.readable(u, drafts)
	}
	if d := drafts.uscc[org.NormaliseUSCC(text)]; d != nil {
		return d, errs.Field{}
	}
	if u := p.known.uscc[org.NormaliseUSCC(text)]; u != nil {
		return p.readable(u, drafts)
	}
	named := slices.DeleteFunc(slices.Clone(p.known.name[text]), func(u *org.Unit) bool {
		return !p.by.May(org.PermRead, u.Object()) || of.old != nil && of.old.ID == u.ID || drafts.id[u.ID] != nil
	})
	d := drafts.name[text]
	switch {
	case drafts.twice[text] || len(named) > 1 || d != nil && len(named) > 0:
		return nil, errs.At("parent", "org.parent_ambiguous")
	case d != nil:
		return d, errs.Field{}
	case len(named) == 1:
		return p.readable(named[0], drafts)
	}
	return nil, errs.At("parent", "org.no_parent")
}

func (p *unitPlan) readable(u *org.Unit, drafts *draftIndex) (*unitDraft, errs.Field) {
	if d := drafts.id[u.ID]; d != nil {
		return d, errs.Field{}
	}
	if !p.by.May(org.PermRead, u.Object()) {
		return nil, errs.At("parent", "org.no_parent")
	}
	return &unitDraft{old: u, unit: u}, errs.Field{}
}

// checkChain follows the units above d as they will be.
func (p *unitPlan) checkChain(d *unitDraft, drafts *draftIndex, above map[string]*org.Unit) {
	if d.under == nil && !d.moved {
		return
	}
	levels := 1
	for at := d; ; levels++ {
		if levels > org.MaxGroup {
			p.bad.add(d.row, errs.At("parent", "org.group_too_deep", "max", org.MaxGroup))
			return
		}
		next := at.under
		if next == nil && at.unit.ParentID != "" {
			next = drafts.id[at.unit.ParentID]
			if next == nil && above[at.unit.ParentID] != nil {
				next = &unitDraft{old: above[at.unit.ParentID], unit: above[at.unit.ParentID]}
			}
		}
		if next == nil {
			return
		}
		if next == d || next.old != nil && d.old != nil && next.old.ID == d.old.ID {
			p.bad.add(d.row, errs.At("parent", "org.group_cycle"))
			return
		}
		at = next
	}
}

// settle gives new units, whose ids are known by now, their path, and returns d's: the
// present one for units that are there. It expects chains without circles.
func (d *unitDraft) settle() string {
	if d.under != nil {
		d.unit.ParentID = d.under.unit.ID
	}
	if d.old == nil {
		d.unit.GroupPath = d.unit.ID + "/"
		if d.under != nil {
			d.unit.GroupPath = d.under.settle() + d.unit.GroupPath
		}
	}
	return d.unit.GroupPath
}
