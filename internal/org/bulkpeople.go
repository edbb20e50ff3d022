// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"

	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// Card is a person as bulk work knows them: by name, masked number and the number's
// fingerprint.
type Card struct {
	Person
	Print  string // keyed fingerprint of the number, "" without one
	sealed []byte
	seq    int64
}

func (r *personRow) card() *Card {
	return &Card{Person: *r.person(), Print: r.PhonePrint, sealed: r.PhoneSealed, seq: r.Seq}
}

func (c *Card) row() personRow {
	return personRow{Seq: c.seq, ID: c.ID, Name: c.Name, PhoneSealed: c.sealed, PhonePrint: c.Print, PhoneMasked: c.Phone,
		Created: c.Created, Version: c.Version}
}

func cards(rows []personRow) []*Card {
	out := make([]*Card, len(rows))
	for i := range rows {
		out[i] = rows[i].card()
	}
	return out
}

// NewCard returns a person who is not written yet.
func (s *Service) NewCard(name string) *Card {
	return &Card{Person: Person{ID: s.IDs.New(), Name: name, Created: s.Now(), Version: 1}}
}

// SetPhone seals a number as typed into c; "" takes it away.
func (s *Service) SetPhone(c *Card, typed string) error {
	row := c.row()
	err := s.setPhone(&row, typed)
	*c = *row.card()
	return err
}

// Fingerprint returns the fingerprint of a number as typed, "" for what is none.
func (s *Service) Fingerprint(typed string) string {
	if phone := normalisePhone(typed); validPhone(phone) {
		return s.Box.Fingerprint(phone)
	}
	return ""
}

// MaskPhone returns a number as typed in the form that lists show, other text without
// what people put between digits.
func MaskPhone(typed string) string {
	phone := normalisePhone(typed)
	if validPhone(phone) {
		return maskPhone(phone)
	}
	return phone
}

// Owners returns the people whose numbers have the fingerprints.
func (s *Service) Owners(ctx context.Context, q db.Q, prints []string) ([]*Card, error) {
	rows, err := peopleBy(ctx, q, "phone_print", prints)
	return cards(rows), err
}

// Staff returns who works in units today, with those memberships.
func (s *Service) Staff(ctx context.Context, q db.Q, unitIDs []string) ([]*Card, []Membership, error) {
	rows, members, err := staffOf(ctx, q, unitIDs, s.today())
	return cards(rows), members, err
}

// Memberships returns what people hold today, in whatever unit.
func (s *Service) Memberships(ctx context.Context, q db.Q, personIDs []string) ([]Membership, error) {
	all, err := membersOf(ctx, q, personIDs...)
	return slices.DeleteFunc(all, func(m Membership) bool { return !m.On(s.today()) }), err
}

// Staffing is a person with one membership, as bulk work leaves them.
type Staffing struct {
	Card       *Card
	New        bool // the person
	Renumbered bool // the person has another number
	Unit       *Unit
	Was        *Membership // nil: the membership is new
	Member     Membership
}

// Differs reports whether anything is to be written.
func (f *Staffing) Differs() bool {
	return f.New || f.Renumbered || f.Was == nil || *f.Was != f.Member
}

// PutStaffTx writes people and memberships in the caller's transaction, with their
// ledger entries. Conflict when somebody else changed a person since they were read.
func (s *Service) PutStaffTx(ctx context.Context, tx db.Tx, all []Staffing) error {
	var people []personRow
	var joined []Membership
	var entries []ledger.Entry
	for _, f := range all {
		told, err := putCard(ctx, tx, f, &people)
		if err != nil {
			return err
		}
		entries = append(entries, told...)
		if f.Was == nil {
			joined = append(joined, f.Member)
			entries = append(entries, memberEntry(kindPersonJoined, &f.Member, f.Unit))
		}
	}
	if err := insertPeople(ctx, tx, people); err != nil {
		return err
	}
	if err := insertMembers(ctx, tx, joined); err != nil {
		return err
	}
	changes, err := changeMembers(ctx, tx, all)
	if err != nil {
		return err
	}
	return s.recordMany(ctx, tx, append(entries, changes...))
}

// putCard writes a number that changed, and adds somebody new to people.
func putCard(ctx context.Context, tx db.Tx, f Staffing, people *[]personRow) ([]ledger.Entry, error) {
	row := f.Card.row()
	switch {
	case f.New:
		*people = append(*people, row)
		return []ledger.Entry{personEntry(kindPersonAdded, struct{}{}, row.ID, f.Unit)}, nil
	case f.Renumbered:
		return []ledger.Entry{personEntry(kindPersonChanged, changeFacts{Fields: "phone"}, row.ID, f.Unit)}, savePerson(ctx, tx, &row)
	}
	return nil, nil
}

// changeMembers writes the memberships that differ from what was there.
func changeMembers(ctx context.Context, tx db.Tx, all []Staffing) ([]ledger.Entry, error) {
	var entries []ledger.Entry
	for _, f := range all {
		if f.Was == nil || *f.Was == f.Member {
			continue
		}
		if err := saveMember(ctx, tx, &f.Member); err != nil {
			return nil, err
		}
		if f.Was.Head != f.Member.Head {
			entries = append(entries, memberEntry(kindPersonLeft, f.Was, f.Unit), memberEntry(kindPersonJoined, &f.Member, f.Unit))
		}
	}
	return entries, nil
}
