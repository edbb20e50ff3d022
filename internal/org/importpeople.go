// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// personDraft is a row of an import with what it makes of a person.
type personDraft struct {
	row    int
	person *personRow // as it will be
	isNew  bool       // the person
	edited bool       // the person's number
	unit   *Unit
	was    *Membership // nil: the membership is new
	member Membership  // as it will be
}

func (d *personDraft) action() string {
	switch {
	case d.isNew:
		return rowNew
	case d.edited || d.was == nil || *d.was != d.member:
		return rowChanged
	}
	return rowSame
}

// peoplePlan is what an import of people would do.
type peoplePlan struct {
	table   *table
	box     *Service // seals and fingerprints
	known   *unitIndex
	byPrint map[string]*personRow              // by fingerprint of the number
	byName  map[string]map[string][]*personRow // by unit and name: who works there today
	members map[string][]Membership            // by person: what holds today
	today   clock.Day
	by      actor.Actor
	drafts  []*personDraft
	bad     *rowErrors
}

// planPeople finds out what a table of people means today, for the actor of ctx.
func (s *Service) planPeople(ctx context.Context, q db.Q, t *table, bad *rowErrors) (*peoplePlan, error) {
	known, err := knownUnits(ctx, q, t, []string{"code"}, []string{"uscc"}, []string{"unit"})
	if err != nil {
		return nil, err
	}
	p := &peoplePlan{table: t, box: s, known: known, today: s.today(), by: actor.From(ctx), bad: bad,
		byPrint: map[string]*personRow{}, byName: map[string]map[string][]*personRow{}, members: map[string][]Membership{}}
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
	prints := p.table.values("phone", p.fingerprint)
	owners, err := peopleBy(ctx, q, "phone_print", prints)
	if err != nil {
		return err
	}
	staff, members, err := staffOf(ctx, q, p.unitIDs(), p.today)
	if err != nil {
		return err
	}
	for i := range owners {
		p.byPrint[owners[i].PhonePrint] = &owners[i]
	}
	at := make(map[string]*personRow, len(staff))
	for i := range staff {
		at[staff[i].ID] = &staff[i]
		if known := p.byPrint[staff[i].PhonePrint]; known != nil { // one row for one person
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
func (p *peoplePlan) loadOwners(ctx context.Context, q db.Q, owners []personRow) error {
	ids := make([]string, len(owners))
	for i, o := range owners {
		ids[i] = o.ID
		delete(p.members, o.ID)
	}
	all, err := membersOf(ctx, q, ids...)
	for _, m := range all {
		if m.On(p.today) {
			p.members[m.PersonID] = append(p.members[m.PersonID], m)
		}
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

func (p *peoplePlan) note(unitID string, row *personRow) {
	if p.byName[unitID] == nil {
		p.byName[unitID] = map[string][]*personRow{}
	}
	p.byName[unitID][row.Name] = append(p.byName[unitID][row.Name], row)
}

// fingerprint returns the fingerprint of a number as typed, "" for what is none.
func (p *peoplePlan) fingerprint(text string) string {
	if phone := normalisePhone(text); validPhone(phone) {
		return p.box.Box.Fingerprint(phone)
	}
	return ""
}

// unit returns the unit that a row names by code, else USCC, else name.
func (p *peoplePlan) unit(r *tableRow) (*Unit, error) {
	may := func(u *Unit) bool { return u != nil && p.by.May(PermImport, u.Object()) }
	if text, _ := p.table.cell(r, "code"); text != "" {
		if u := p.known.code[upper(text)]; may(u) {
			return u, nil
		}
		return nil, errs.InvalidFields(errs.At("code", "org.no_unit_of_code"))
	}
	if text, _ := p.table.cell(r, "uscc"); text != "" {
		if u := p.known.uscc[NormaliseUSCC(text)]; may(u) {
			return u, nil
		}
		return nil, errs.InvalidFields(errs.At("uscc", "org.no_unit_of_uscc"))
	}
	text, _ := p.table.cell(r, "unit")
	named := slices.DeleteFunc(slices.Clone(p.known.name[text]), func(u *Unit) bool { return !may(u) })
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
	if err := checkPersonName(name); err != nil {
		return nil, err
	}
	d := &personDraft{row: r.N, unit: u}
	if err := p.identify(d, r, name); err != nil {
		return nil, err
	}
	return d, p.join(d, r)
}

// identify finds the person of a row: the owner of its number, else the one of that
// name in the unit unless both have numbers that differ, else somebody new.
func (p *peoplePlan) identify(d *personDraft, r *tableRow, name string) error {
	text, _ := p.table.cell(r, "phone")
	print := p.fingerprint(text)
	if text != "" && print == "" && !strings.Contains(text, "****") {
		return errs.InvalidFields(errs.At("phone", "org.bad_phone"))
	}
	if owner := p.byPrint[print]; print != "" && owner != nil {
		if owner.Name != name {
			return errs.InvalidFields(errs.At("phone", "org.phone_of_another"))
		}
		d.person = owner
		return nil
	}
	var fits []*personRow
	for _, row := range p.byName[d.unit.ID][name] {
		if print == "" || row.PhonePrint == "" {
			fits = append(fits, row)
		}
	}
	if masked := strings.Contains(text, "****"); masked && len(fits) > 1 {
		fits = slices.DeleteFunc(fits, func(row *personRow) bool { return row.PhoneMasked != text })
	}
	switch len(fits) {
	case 0:
		d.person = &personRow{ID: p.box.IDs.New(), Name: name, Created: p.box.Now(), Version: 1}
		d.isNew = true
		p.note(d.unit.ID, d.person)
	case 1:
		d.person = fits[0]
	default:
		return errs.InvalidFields(errs.At("name", "org.person_ambiguous"))
	}
	if print == "" {
		return nil
	}
	d.edited = true
	p.byPrint[print] = d.person
	return p.box.setPhone(d.person, text)
}

// join settles the membership of a row's person in its unit.
func (p *peoplePlan) join(d *personDraft, r *tableRow) error {
	held := p.members[d.person.ID]
	i := slices.IndexFunc(held, func(m Membership) bool { return m.UnitID == d.unit.ID })
	if i >= 0 && held[i].UnitName == inFile {
		return errs.InvalidFields(errs.At("name", "org.row_twice"))
	}
	if i >= 0 {
		was := held[i]
		d.was, d.member = &was, was
	} else {
		main := !slices.ContainsFunc(held, func(m Membership) bool { return m.Main })
		d.member = Membership{ID: p.box.IDs.New(), PersonID: d.person.ID, UnitID: d.unit.ID, Main: main, From: p.today}
	}
	if text, ok := p.table.cell(r, "title"); ok {
		d.member.Title = text
	}
	if text, ok := p.table.cell(r, "head"); ok {
		head, known := yesNo[text]
		if !known {
			return errs.InvalidFields(errs.At("head", "org.yes_or_no"))
		}
		d.member.Head = head
	}
	mark := d.member
	mark.UnitName = inFile
	if i >= 0 {
		held[i] = mark
	} else {
		p.members[d.person.ID] = append(held, mark)
	}
	return d.member.check()
}

// inFile marks a membership that a row of this table has settled; no unit has this name.
const inFile = "\x00"

var yesNo = map[string]bool{"": false, "否": false, "是": true, "no": false, "yes": true}

// applyPeople writes a plan in the caller's transaction, with its ledger entries.
func (s *Service) applyPeople(ctx context.Context, tx db.Tx, p *peoplePlan) error {
	var people []personRow
	var joined []Membership
	var entries []ledger.Entry
	for _, d := range p.drafts {
		if d.isNew {
			people = append(people, *d.person)
			entries = append(entries, personEntry(kindPersonAdded, struct{}{}, d.person.ID, d.unit))
		} else if d.edited {
			if err := savePerson(ctx, tx, d.person); err != nil {
				return err
			}
			entries = append(entries, personEntry(kindPersonChanged, changeFacts{Fields: "phone"}, d.person.ID, d.unit))
		}
		if d.was == nil {
			joined = append(joined, d.member)
			entries = append(entries, memberEntry(kindPersonJoined, &d.member, d.unit))
		}
	}
	if err := insertPeople(ctx, tx, people); err != nil {
		return err
	}
	if err := insertMembers(ctx, tx, joined); err != nil {
		return err
	}
	changes, err := s.changeMembers(ctx, tx, p.drafts)
	if err != nil {
		return err
	}
	return s.recordMany(ctx, tx, append(entries, changes...))
}

// changeMembers writes the memberships that differ from what was there.
func (s *Service) changeMembers(ctx context.Context, tx db.Tx, drafts []*personDraft) ([]ledger.Entry, error) {
	var entries []ledger.Entry
	for _, d := range drafts {
		if d.was == nil || *d.was == d.member {
			continue
		}
		if err := saveMember(ctx, tx, &d.member); err != nil {
			return nil, err
		}
		if d.was.Head != d.member.Head {
			entries = append(entries, memberEntry(kindPersonLeft, d.was, d.unit), memberEntry(kindPersonJoined, &d.member, d.unit))
		}
	}
	return entries, nil
}
