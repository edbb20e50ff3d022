// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
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
	old    *org.Unit  // nil: the unit is new
	unit   *org.Unit  // as it will be
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
	code, uscc map[string]*org.Unit
	name       map[string][]*org.Unit
}

func upper(s string) string { return strings.ToUpper(strings.TrimSpace(org.HalfWidth(s))) }

// knownUnits loads the live units that the table names, in a few statements.
func (s *Service) knownUnits(ctx context.Context, q db.Q, t *table, codeKeys, usccKeys, nameKeys []string) (*unitIndex, error) {
	x := &unitIndex{code: map[string]*org.Unit{}, uscc: map[string]*org.Unit{}, name: map[string][]*org.Unit{}}
	for _, by := range []struct {
		key    org.UnitKey
		values []string
		form   func(string) string
		put    func(u *org.Unit)
	}{
		{org.UnitByCode, codeKeys, upper, func(u *org.Unit) { x.code[u.Code] = u }},
		{org.UnitByUSCC, usccKeys, org.NormaliseUSCC, func(u *org.Unit) { x.uscc[u.USCC] = u }},
		{org.UnitByName, nameKeys, strings.TrimSpace, func(u *org.Unit) { x.name[u.Name] = append(x.name[u.Name], u) }},
	} {
		var values []string
		for _, key := range by.values {
			values = append(values, t.values(key, by.form)...)
		}
		slices.Sort(values)
		units, err := s.Org.UnitsBy(ctx, q, by.key, slices.Compact(values))
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
	org    *org.Service
	table  *table
	known  *unitIndex
	places map[string]*org.Region
	today  clock.Day
	by     actor.Actor
	drafts []*unitDraft
	bad    *rowErrors
}

// planUnits finds out what a table of units means today, for the actor of ctx.
func (s *Service) planUnits(ctx context.Context, q db.Q, t *table, bad *rowErrors) (*unitPlan, error) {
	known, err := s.knownUnits(ctx, q, t, []string{"code", "parent"}, []string{"uscc", "parent"}, []string{"name", "parent"})
	if err != nil {
		return nil, err
	}
	places, err := s.Org.RegionsMeant(ctx, q, t.values("place", upperCode))
	if err != nil {
		return nil, err
	}
	p := &unitPlan{org: s.Org, table: t, known: known, places: places, today: s.today(), by: actor.From(ctx), bad: bad}
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
			s.Org.Identify(d.unit)
		}
	}
	for _, d := range p.drafts {
		if p.bad.n == 0 {
			d.settle()
		}
		if d.old != nil {
			d.fields = org.ChangedFields(d.old, d.unit)
		}
	}
	// A unit above is written before those below it.
	slices.SortStableFunc(p.drafts, func(a, b *unitDraft) int { return a.rank() - b.rank() })
}

func (d *unitDraft) rank() int {
	if d.old != nil {
		return org.MaxGroup + 1
	}
	return org.GroupDepth(d.unit.GroupPath)
}

func upperCode(s string) string { return strings.TrimSpace(org.HalfWidth(s)) }

// draft reads one row and finds the unit that it is about.
func (p *unitPlan) draft(r *tableRow) (*unitDraft, error) {
	u := &org.Unit{}
	old, err := p.match(r)
	if err != nil {
		return nil, err
	}
	if old != nil {
		*u = *old
		u.Lines = slices.Clone(old.Lines)
	}
	bad := p.fill(u, r)
	u.Normalise()
	if bad = withOthers(bad, u.Check()); len(bad) > 0 {
		return nil, errs.InvalidFields(bad...)
	}
	if !p.by.May(org.PermImport, u.Object()) || old != nil && !p.by.May(org.PermImport, old.Object()) {
		return nil, errs.InvalidFields(errs.At("place", "org.import_outside"))
	}
	return &unitDraft{row: r.N, old: old, unit: u}, nil
}

// withOthers adds to bad what err says of other columns, so that a row is mended in one go.
func withOthers(bad []errs.Field, err error) []errs.Field {
	checked, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return bad
	}
	for _, f := range checked.Fields {
		if !slices.ContainsFunc(bad, func(b errs.Field) bool { return b.At == f.At }) {
			bad = append(bad, f)
		}
	}
	return bad
}

// match returns the unit that a row means: of its code, else of its USCC, else of its
// name at its place; nil when it means a new one.
func (p *unitPlan) match(r *tableRow) (*org.Unit, error) {
	if code, _ := p.table.cell(r, "code"); code != "" {
		u := p.known.code[upper(code)]
		if u == nil || !p.by.May(org.PermImport, u.Object()) {
			return nil, errs.InvalidFields(errs.At("code", "org.no_unit_of_code"))
		}
		return u, nil
	}
	if uscc, _ := p.table.cell(r, "uscc"); uscc != "" {
		if u := p.known.uscc[org.NormaliseUSCC(uscc)]; u != nil {
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
func (p *unitPlan) fill(u *org.Unit, r *tableRow) []errs.Field {
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
			if meant := org.SuggestUSCC(text); meant != "" && !org.ValidUSCC(org.NormaliseUSCC(text)) {
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
	text = strings.TrimSpace(org.HalfWidth(text))
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

// apply writes the plan in the caller's transaction, with its ledger entries.
func (p *unitPlan) apply(ctx context.Context, tx db.Tx) error {
	var all []org.UnitChange
	for _, d := range p.drafts {
		if d.action() != rowSame {
			all = append(all, org.UnitChange{Old: d.old, New: d.unit, Fields: d.fields, Moved: d.moved})
		}
	}
	return p.org.PutUnitsTx(ctx, tx, all)
}
