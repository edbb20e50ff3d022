// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"context"
	"slices"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// personDraft is a row of an import with what it makes of a person.
type personDraft struct {
	row int
	org.Staffing
}

func (d *personDraft) action() string {
	switch {
	case d.New:
		return rowNew
	case d.Differs():
		return rowChanged
	}
	return rowSame
}

// peoplePlan is what an import of people would do.
type peoplePlan struct {
	table   *table
	org     *org.Service
	known   *unitIndex
	byPrint map[string]*org.Card              // by fingerprint of the number
	byName  map[string]map[string][]*org.Card // by unit and name: who works there today
	members map[string][]org.Membership       // by person: what holds today
	today   clock.Day
	by      actor.Actor
	drafts  []*personDraft
	bad     *rowErrors
}

// planPeople finds out what a table of people means today, for the actor of ctx.
func (s *Service) planPeople(ctx context.Context, q db.Q, t *table, bad *rowErrors) (*peoplePlan, error) {
	known, err := s.knownUnits(ctx, q, t, []string{"code"}, []string{"uscc"}, []string{"unit"})
	if err != nil {
		return nil, err
	}
	p := &peoplePlan{table: t, org: s.Org, known: known, today: s.today(), by: actor.From(ctx), bad: bad,
		byPrint: map[string]*org.Card{}, byName: map[string]map[string][]*org.Card{}, members: map[string][]org.Membership{}}
	if err := p.load(ctx, q); err != nil {
		return nil, err
	}
	for i := range t.Rows {
		d, err := p.draft(&t.Rows[i])
		if err := bad.addAll(t.Rows[i].N, err); err != nil {
			return nil, err
		}
		if d != nil {
			p.drafts = append(p.drafts, d)
		}
	}
	return p, nil
}

// load fetches whom the table may mean: owners of its numbers and everybody in its units.
func (p *peoplePlan) load(ctx context.Context, q db.Q) error {
	prints := p.table.values("phone", p.org.Fingerprint)
	owners, err := p.org.Owners(ctx, q, prints)
	if err != nil {
		return err
	}
	staff, members, err := p.org.Staff(ctx, q, p.unitIDs())
	if err != nil {
		return err
	}
	for i := range owners {
		p.byPrint[owners[i].Print] = owners[i]
	}
	at := make(map[string]*org.Card, len(staff))
	for i := range staff {
		at[staff[i].ID] = staff[i]
		if known := p.byPrint[staff[i].Print]; known != nil { // one row for one person
			at[staff[i].ID] = known
		}
	}
	for _, m := range members {
		p.members[m.PersonID] = append(p.members[m.PersonID], m)
		p.note(m.UnitID, at[m.PersonID])
	}
	return p.loadOwners(ctx, q, owners)
}

// loadOwners adds where the owners of numbers work, in whatever unit.
func (p *peoplePlan) loadOwners(ctx context.Context, q db.Q, owners []*org.Card) error {
	ids := make([]string, len(owners))
	for i, o := range owners {
		ids[i] = o.ID
		delete(p.members, o.ID)
	}
	all, err := p.org.Memberships(ctx, q, ids)
	for _, m := range all {
		p.members[m.PersonID] = append(p.members[m.PersonID], m)
	}
	return err
}

func (p *peoplePlan) unitIDs() []string {
	seen := map[string]bool{}
	var ids []string
	for i := range p.table.Rows {
		if u, err := p.unit(&p.table.Rows[i]); err == nil && !seen[u.ID] {
			seen[u.ID] = true
			ids = append(ids, u.ID)
		}
	}
	return ids
}

func (p *peoplePlan) note(unitID string, row *org.Card) {
	if p.byName[unitID] == nil {
		p.byName[unitID] = map[string][]*org.Card{}
	}
	p.byName[unitID][row.Name] = append(p.byName[unitID][row.Name], row)
}

// unit returns the unit that a row names by code, else USCC, else name.
func (p *peoplePlan) unit(r *tableRow) (*org.Unit, error) {
	may := func(u *org.Unit) bool { return u != nil && p.by.May(org.PermImport, u.Object()) }
	if text, _ := p.table.cell(r, "code"); text != "" {
		if u := p.known.code[upper(text)]; may(u) {
			return u, nil
		}
		return nil, errs.InvalidFields(errs.At("code", "org.no_unit_of_code"))
	}
	if text, _ := p.table.cell(r, "uscc"); text != "" {
		if u := p.known.uscc[org.NormaliseUSCC(text)]; may(u) {
			return u, nil
		}
		return nil, errs.InvalidFields(errs.At("uscc", "org.no_unit_of_uscc"))
	}
	text, _ := p.table.cell(r, "unit")
	named := slices.DeleteFunc(slices.Clone(p.known.name[text]), func(u *org.Unit) bool { return !may(u) })
	switch len(named) {
	case 0:
		return nil, errs.InvalidFields(errs.At("unit", "org.no_unit_of_name"))
	case 1:
		return named[0], nil
	}
	return nil, errs.InvalidFields(errs.At("unit", "org.unit_ambiguous"))
}

// draft reads one row and finds the person that it is about.
func (p *peoplePlan) draft(r *tableRow) (*personDraft, error) {
	u, err := p.unit(r)
	if err != nil {
		return nil, err
	}
	name, _ := p.table.cell(r, "name")
	if err := org.CheckPersonName(name); err != nil {
		return nil, err
	}
	d := &personDraft{row: r.N, Staffing: org.Staffing{Unit: u}}
	if err := p.identify(d, r, name); err != nil {
		return nil, err
	}
	return d, p.join(d, r)
}

// identify finds the person of a row: the owner of its number, else the one of that
// name in the unit unless both have numbers that differ, else somebody new.
func (p *peoplePlan) identify(d *personDraft, r *tableRow, name string) error {
	text, _ := p.table.cell(r, "phone")
	print := p.org.Fingerprint(text)
	if text != "" && print == "" && !strings.Contains(text, "****") {
		return errs.InvalidFields(errs.At("phone", "org.bad_phone"))
	}
	if owner := p.byPrint[print]; print != "" && owner != nil {
		if owner.Name != name {
			return errs.InvalidFields(errs.At("phone", "org.phone_of_another"))
		}
		d.Card = owner
		return nil
	}
	var fits []*org.Card
	for _, row := range p.byName[d.Unit.ID][name] {
		if print == "" || row.Print == "" {
			fits = append(fits, row)
		}
	}
	if masked := strings.Contains(text, "****"); masked && len(fits) > 1 {
		fits = slices.DeleteFunc(fits, func(row *org.Card) bool { return row.Phone != text })
	}
	switch len(fits) {
	case 0:
		d.Card = p.org.NewCard(name)
		d.New = true
		p.note(d.Unit.ID, d.Card)
	case 1:
		d.Card = fits[0]
	default:
		return errs.InvalidFields(errs.At("name", "org.person_ambiguous"))
	}
	if print == "" {
		return nil
	}
	d.Renumbered = true
	p.byPrint[print] = d.Card
	return p.org.SetPhone(d.Card, text)
}

// join settles the membership of a row's person in its unit.
func (p *peoplePlan) join(d *personDraft, r *tableRow) error {
	held := p.members[d.Card.ID]
	i := slices.IndexFunc(held, func(m org.Membership) bool { return m.UnitID == d.Unit.ID })
	if i >= 0 && held[i].UnitName == inFile {
		return errs.InvalidFields(errs.At("name", "org.row_twice"))
	}
	if i >= 0 {
		was := held[i]
		d.Was, d.Member = &was, was
	} else {
		main := !slices.ContainsFunc(held, func(m org.Membership) bool { return m.Main })
		d.Member = org.Membership{ID: p.org.IDs.New(), PersonID: d.Card.ID, UnitID: d.Unit.ID, Main: main, From: p.today}
	}
	if text, ok := p.table.cell(r, "title"); ok {
		d.Member.Title = text
	}
	if text, ok := p.table.cell(r, "head"); ok {
		head, known := yesNo[text]
		if !known {
			return errs.InvalidFields(errs.At("head", "org.yes_or_no"))
		}
		d.Member.Head = head
	}
	mark := d.Member
	mark.UnitName = inFile
	if i >= 0 {
		held[i] = mark
	} else {
		p.members[d.Card.ID] = append(held, mark)
	}
	return d.Member.Check()
}

// inFile marks a membership that a row of this table has settled; no unit has this name.
const inFile = "\x00"

var yesNo = map[string]bool{"": false, "否": false, "是": true, "no": false, "yes": true}

// apply writes the plan in the caller's transaction, with its ledger entries.
func (p *peoplePlan) apply(ctx context.Context, tx db.Tx) error {
	all := make([]org.Staffing, len(p.drafts))
	for i, d := range p.drafts {
		all[i] = d.Staffing
	}
	return p.org.PutStaffTx(ctx, tx, all)
}
