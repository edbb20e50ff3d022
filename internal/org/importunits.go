// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// What an import does with a row.
const (
	rowNew     = "new"
	rowChanged = "changed"
	rowSame    = "same"
)

// unitDraft is a row of an import with what it makes of a unit.
type unitDraft struct {
	row    int
	old    *Unit      // nil: the unit is new
	unit   *Unit      // as it will be
	under  *unitDraft // the unit above, when this import brings it too
	moved  bool       // to another unit above
	fields []string   // that differ from old
}

func (d *unitDraft) action() string {
	switch {
	case d.old == nil:
		return rowNew
	case len(d.fields) > 0:
		return rowChanged
	}
	return rowSame
}

// unitIndex finds units by what a row may say of them: first those that are there.
type unitIndex struct {
	code, uscc map[string]*Unit
	name       map[string][]*Unit
}

func upper(s string) string { return strings.ToUpper(strings.TrimSpace(halfWidth(s))) }

// knownUnits loads the live units that the table names, in a few statements.
func knownUnits(ctx context.Context, q db.Q, t *table, codeKeys, usccKeys, nameKeys []string) (*unitIndex, error) {
	x := &unitIndex{code: map[string]*Unit{}, uscc: map[string]*Unit{}, name: map[string][]*Unit{}}
	for _, by := range []struct {
		column string
		keys   []string
		form   func(string) string
		put    func(u *Unit)
	}{
		{"code", codeKeys, upper, func(u *Unit) { x.code[u.Code] = u }},
		{"uscc", usccKeys, NormaliseUSCC, func(u *Unit) { x.uscc[u.USCC] = u }},
		{"name", nameKeys, strings.TrimSpace, func(u *Unit) { x.name[u.Name] = append(x.name[u.Name], u) }},
	} {
		var values []string
		for _, key := range by.keys {
			values = append(values, t.values(key, by.form)...)
		}
		slices.Sort(values)
		units, err := unitsBy(ctx, q, by.column, slices.Compact(values))
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			if u.Live() {
				by.put(u)
			}
		}
	}
	return x, nil
}

// unitPlan is what an import of units would do.
type unitPlan struct {
	table  *table
	known  *unitIndex
	places map[string]*Region
	today  clock.Day
	by     actor.Actor
	drafts []*unitDraft
	bad    *rowErrors
}

// planUnits finds out what a table of units means today, for the actor of ctx.
func (s *Service) planUnits(ctx context.Context, q db.Q, t *table, bad *rowErrors) (*unitPlan, error) {
	known, err := knownUnits(ctx, q, t, []string{"code", "parent"}, []string{"uscc", "parent"}, []string{"name", "parent"})
	if err != nil {
		return nil, err
	}
	places, err := s.regionsMeant(ctx, q, t.values("place", upperCode))
	if err != nil {
		return nil, err
	}
	p := &unitPlan{table: t, known: known, places: places, today: s.today(), by: actor.From(ctx), bad: bad}
	for i := range t.Rows {
		d, err := p.draft(&t.Rows[i])
		if err := bad.addAll(t.Rows[i].N, err); err != nil {
			return nil, err
		}
		if d != nil {
			p.drafts = append(p.drafts, d)
		}
	}
	p.refuseTwice()
	above, err := s.parentsAbove(ctx, q, p)
	if err != nil {
		return nil, err
	}
	p.linkParents(above)
	s.settle(p)
	return p, nil
}

// settle gives new units their ids and paths and finds what changes in the others.
func (s *Service) settle(p *unitPlan) {
	for _, d := range p.drafts {
		if d.old == nil {
			s.identify(d.unit)
		}
	}
	for _, d := range p.drafts {
		if p.bad.n == 0 {
			d.settle()
		}
		if d.old != nil {
			d.fields = changedFields(d.old, d.unit)
		}
	}
	// A unit above is written before those below it.
	slices.SortStableFunc(p.drafts, func(a, b *unitDraft) int { return a.rank() - b.rank() })
}

func (d *unitDraft) rank() int {
	if d.old != nil {
		return maxGroup + 1
	}
	return groupDepth(d.unit.GroupPath)
}

func upperCode(s string) string { return strings.TrimSpace(halfWidth(s)) }

// draft reads one row and finds the unit that it is about.
func (p *unitPlan) draft(r *tableRow) (*unitDraft, error) {
	u := &Unit{}
	old, err := p.match(r)
	if err != nil {
		return nil, err
	}
	if old != nil {
		*u = *old
		u.Lines = slices.Clone(old.Lines)
	}
	bad := p.fill(u, r)
	u.normalise()
	if err := u.check(); err != nil && len(bad) == 0 {
		return nil, err
	}
	if len(bad) > 0 {
		return nil, errs.InvalidFields(bad...)
	}
	if !p.by.May(PermImport, u.Object()) || old != nil && !p.by.May(PermImport, old.Object()) {
		return nil, errs.InvalidFields(errs.At("place", "org.import_outside"))
	}
	return &unitDraft{row: r.N, old: old, unit: u}, nil
}

// match returns the unit that a row means: of its code, else of its USCC, else of its
// name at its place; nil when it means a new one.
func (p *unitPlan) match(r *tableRow) (*Unit, error) {
	if code, _ := p.table.cell(r, "code"); code != "" {
		u := p.known.code[upper(code)]
		if u == nil || !p.by.May(PermImport, u.Object()) {
			return nil, errs.InvalidFields(errs.At("code", "org.no_unit_of_code"))
		}
		return u, nil
	}
	if uscc, _ := p.table.cell(r, "uscc"); uscc != "" {
		if u := p.known.uscc[NormaliseUSCC(uscc)]; u != nil {
			return u, nil
		}
	}
	name, _ := p.table.cell(r, "name")
	at := p.placeOf(r)
	for _, u := range p.known.name[strings.TrimSpace(name)] {
		uscc, _ := p.table.cell(r, "uscc")
		if u.Place == at && (u.USCC == "" || uscc == "") {
			return u, nil
		}
	}
	return nil, nil
}

func (p *unitPlan) placeOf(r *tableRow) place.Path {
	code, _ := p.table.cell(r, "place")
	if region := p.places[upperCode(code)]; region != nil && region.On(p.today) {
		return region.Path
	}
	return ""
}

// fill writes what the row says into u and returns what nobody can read.
func (p *unitPlan) fill(u *Unit, r *tableRow) []errs.Field {
	var bad []errs.Field
	for i, key := range p.table.Keys {
		text := r.Cells[i]
		switch key {
		case "name":
			u.Name = text
		case "kind":
			u.Kind = keyOf(kindNames, text)
		case "uscc":
			u.USCC = text
			if meant := SuggestUSCC(text); meant != "" && !ValidUSCC(NormaliseUSCC(text)) {
				bad = append(bad, errs.At("uscc", "org.uscc_suggestion", "meant", meant))
			}
		case "industry":
			u.Industry = text
		case "lines":
			u.Lines = nil
			for _, name := range strings.FieldsFunc(text, betweenLines) {
				line := keyOf(lineNames, name)
				if line == "" {
					bad = append(bad, errs.At("lines", "org.bad_line", "line", name))
				}
				u.Lines = append(u.Lines, line)
			}
		case "place":
			if u.Place = p.placeOf(r); u.Place == "" {
				bad = append(bad, errs.At("place", "org.no_such_place"))
			}
		case "address":
			u.Address = text
		case "opened":
			u.Opened = readDay(text)
		}
	}
	return bad
}

func betweenLines(r rune) bool { return strings.ContainsRune("、,，;； /", r) }

// readDay returns a day that is written as 2020-06-01, 2020/6/1, 2020年6月1日 or as the
// number that Excel keeps for it; other text comes back as it is, for a check to refuse.
func readDay(text string) clock.Day {
	text = strings.TrimSpace(halfWidth(text))
	if n, err := strconv.Atoi(text); err == nil && n > 0 && n < 100_000 {
		return clock.Day("1899-12-30").Add(n)
	}
	for _, form := range []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日"} {
		if t, err := time.Parse(form, text); err == nil {
			return clock.Day(t.Format(time.DateOnly))
		}
	}
	return clock.Day(text)
}

// refuseTwice notes rows that are about the same unit, and drops them.
func (p *unitPlan) refuseTwice() {
	seen := map[string]bool{}
	p.drafts = slices.DeleteFunc(p.drafts, func(d *unitDraft) bool {
		keys := []string{"name " + d.unit.Name + " " + string(d.unit.Place) + " " + d.unit.USCC}
		if d.unit.USCC != "" {
			keys = append(keys, "uscc "+d.unit.USCC)
		}
		if d.old != nil {
			keys = append(keys, "id "+d.old.ID)
		}
		twice := slices.ContainsFunc(keys, func(k string) bool { return seen[k] })
		for _, k := range keys {
			seen[k] = true
		}
		if twice {
			p.bad.add(d.row, errs.At("name", "org.row_twice"))
		}
		return twice
	})
}

// applyUnits writes a plan in the caller's transaction, with its ledger entries.
func (s *Service) applyUnits(ctx context.Context, tx db.Tx, p *unitPlan) error {
	var changed []*unitDraft
	var units []*Unit
	var entries []ledger.Entry
	for _, d := range p.drafts {
		if d.action() == rowSame {
			continue
		}
		changed = append(changed, d)
		units = append(units, d.unit)
		if d.old == nil {
			entries = append(entries, d.unit.entry(kindUnitAdded))
		} else {
			d.unit.Version = d.old.Version + 1
			entries = append(entries, changeEntries(d.old, d.unit, d.fields)...)
		}
	}
	if err := upsertUnits(ctx, tx, units); err != nil {
		return err
	}
	for _, d := range changed {
		if d.old != nil && d.moved {
			if err := s.regroup(ctx, tx, d.unit.ID); err != nil {
				return err
			}
		}
	}
	return s.recordMany(ctx, tx, entries)
}

// regroup rewrites the paths at and below a unit after its unit above has changed.
func (s *Service) regroup(ctx context.Context, tx db.Tx, unitID string) error {
	u, err := unitByID(ctx, tx, unitID)
	if err != nil {
		return err
	}
	path := u.ID + "/"
	if u.ParentID != "" {
		up, err := unitByID(ctx, tx, u.ParentID)
		if err != nil {
			return err
		}
		if slices.Contains(ancestors(up.GroupPath), u.ID) {
			return errs.New(errs.Conflict, "org.group_cycle")
		}
		path = up.GroupPath + path
	}
	return moveGroup(ctx, tx, u.GroupPath, path)
}

func (s *Service) recordMany(ctx context.Context, tx db.Tx, entries []ledger.Entry) error {
	for part := range slices.Chunk(entries, insertSize) {
		if err := s.Ledger.Record(ctx, tx, part...); err != nil {
			return err
		}
	}
	return nil
}
