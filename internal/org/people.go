// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"
	"strings"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// PersonNames returns the names of people by id; unknown ids are left out.
func (s *Service) PersonNames(ctx context.Context, ids []string) (map[string]string, error) {
	return personNames(ctx, s.DB.Read(), ids)
}

// People lists those whom the actor may read, unit by unit in the order of the
// division tree or, when words are searched in more than a county, the newest first.
// A telephone number in f.Words finds its owner.
func (s *Service) People(ctx context.Context, f PersonFilter, cursor string, limit int) (page.Of[Listed], error) {
	scopes, err := ScopesOf(ctx, PermPersonRead)
	if err != nil {
		return page.Of[Listed]{}, err
	}
	var after personKey
	if err := page.Decode(cursor, &after); err != nil {
		return page.Of[Listed]{}, err
	}
	if phone := normalisePhone(f.Words); validPhone(phone) {
		f.print = s.Box.Fingerprint(phone)
	}
	rows, err := listPeople(ctx, s.DB.Read(), f, scopes, s.today(), after, limit+1)
	if err != nil {
		return page.Of[Listed]{}, err
	}
	cut := page.Cut(rows, limit, func(p Listed) any { return personKey{p.Place, p.UnitID, p.ID, p.Seq} })
	return cut, s.nameListed(ctx, cut.Items)
}

func (s *Service) nameListed(ctx context.Context, people []Listed) error {
	places := make([]place.Path, len(people))
	for i, p := range people {
		places[i] = p.Place
	}
	names, err := s.PlaceNames(ctx, places)
	for i := range people {
		people[i].PlaceName = names[people[i].Place]
	}
	return err
}

// ReadPerson returns a person with all memberships to an actor who may read one of
// their units' people, NotFound to others.
func (s *Service) ReadPerson(ctx context.Context, id string) (*Person, error) {
	row, err := personByID(ctx, s.DB.Read(), id)
	if err != nil {
		return nil, err
	}
	p := row.person()
	if p.Memberships, err = membersOf(ctx, s.DB.Read(), id); err != nil {
		return nil, err
	}
	units, err := s.personUnits(ctx, s.DB.Read(), p.Memberships)
	if err != nil {
		return nil, err
	}
	if err := visibleIn(ctx, PermPersonRead, units); err != nil {
		return nil, err
	}
	return p, s.nameMembers(ctx, p.Memberships, units)
}

// personUnits returns the units of memberships by id.
func (s *Service) personUnits(ctx context.Context, q db.Q, all []Membership) (map[string]*Unit, error) {
	ids := make([]string, len(all))
	for i, m := range all {
		ids[i] = m.UnitID
	}
	units, err := unitsBy(ctx, q, "id", ids)
	at := make(map[string]*Unit, len(units))
	for _, u := range units {
		at[u.ID] = u
	}
	return at, err
}

// visibleIn is NotFound unless the actor holds perm over one of the units.
func visibleIn(ctx context.Context, perm string, units map[string]*Unit) error {
	if actor.From(ctx).Public() {
		return errs.New(errs.Unauthenticated, "auth.sign_in")
	}
	for _, u := range units {
		if actor.From(ctx).May(perm, u.Object()) {
			return nil
		}
	}
	return errs.New(errs.NotFound, "org.person_not_found")
}

func (s *Service) nameMembers(ctx context.Context, all []Membership, units map[string]*Unit) error {
	ids := make([]string, 0, len(all))
	for _, m := range all {
		if m.ManagerID != "" {
			ids = append(ids, m.ManagerID)
		}
	}
	names, err := s.PersonNames(ctx, ids)
	for i, m := range all {
		all[i].ManagerName = names[m.ManagerID]
		if u := units[m.UnitID]; u != nil {
			all[i].UnitName = u.Name
		}
	}
	return err
}

// AddPerson adds a person with a first, main membership, and fills in the ids. The
// actor needs org.edit over the unit. p.Phone may be empty.
func (s *Service) AddPerson(ctx context.Context, p *Person, m Membership) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return s.AddPersonTx(ctx, tx, p, m) })
}

// AddPersonTx is AddPerson in the caller's transaction.
func (s *Service) AddPersonTx(ctx context.Context, tx db.Tx, p *Person, m Membership) error {
	p.Name, m.Title = strings.TrimSpace(p.Name), strings.TrimSpace(m.Title)
	if err := CheckPersonName(p.Name); err != nil {
		return err
	}
	if m.UnitID == "" {
		return errs.InvalidFields(errs.At("unit_id", "field.required"))
	}
	u, err := s.editable(ctx, tx, m.UnitID)
	if err != nil {
		return err
	}
	row := personRow{ID: s.IDs.New(), Name: p.Name, Created: s.Now(), Version: 1}
	if err := s.setPhone(&row, p.Phone); err != nil {
		return err
	}
	m.ID, m.PersonID, m.Main = s.IDs.New(), row.ID, true
	if m.From == "" {
		m.From = s.today()
	}
	if err := s.checkMember(ctx, tx, &m); err != nil {
		return err
	}
	if err := insertPeople(ctx, tx, []personRow{row}); err != nil {
		return err
	}
	if err := insertMembers(ctx, tx, []Membership{m}); err != nil {
		return err
	}
	*p = *row.person()
	p.Memberships = []Membership{m}
	return s.Ledger.Record(ctx, tx, personEntry(kindPersonAdded, struct{}{}, p.ID, u), memberEntry(kindPersonJoined, &m, u))
}

// editable returns the live unit at id when the actor may edit it and its people.
func (s *Service) editable(ctx context.Context, tx db.Tx, id string) (*Unit, error) {
	u, err := unitByID(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := visible(ctx, PermRead, u.Object(), "org.unit_not_found"); err != nil {
		return nil, err
	}
	if !u.Live() {
		return nil, errs.New(errs.Conflict, "org.unit_closed")
	}
	return u, actor.From(ctx).Require(PermEdit, u.Object())
}

// checkMember refuses a membership whose manager does not work in the same unit.
func (s *Service) checkMember(ctx context.Context, q db.Q, m *Membership) error {
	if err := m.Check(); err != nil || m.ManagerID == "" {
		return err
	}
	all, err := membersOf(ctx, q, m.ManagerID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(o Membership) bool { return o.UnitID == m.UnitID && o.On(s.today()) }) {
		return errs.InvalidFields(errs.At("manager_id", "org.manager_elsewhere"))
	}
	return nil
}

// setPhone seals a number as typed into row; "" takes it away.
func (s *Service) setPhone(row *personRow, typed string) error {
	phone := normalisePhone(typed)
	if phone == "" {
		row.PhoneSealed, row.PhonePrint, row.PhoneMasked = nil, "", ""
		return nil
	}
	if !validPhone(phone) {
		return errs.InvalidFields(errs.At("phone", "org.bad_phone"))
	}
	if print := s.Box.Fingerprint(phone); print != row.PhonePrint {
		row.PhonePrint, row.PhoneMasked = print, maskPhone(phone)
		row.PhoneSealed = s.Box.Seal([]byte(phone), phoneContext(row.ID))
	}
	return nil
}

func personEntry[F any](k ledger.Kind[F], facts F, personID string, u *Unit) ledger.Entry {
	e := k.Entry(facts)
	e.Subject = "person:" + personID
	return u.about(e)
}

// Reveal is one showing of a telephone number.
type Reveal struct {
	Actor  string // person
	Reason string
	At     time.Time
}

// RevealPhone returns a person's telephone number and records who asked and why.
// The actor needs person.reveal over one of the person's units.
func (s *Service) RevealPhone(ctx context.Context, personID, reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if n := len([]rune(reason)); n < 2 || n > maxReason {
		return "", errs.InvalidFields(errs.At("reason", "org.bad_reason", "max", maxReason))
	}
	return db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (string, error) {
		row, err := personByID(ctx, tx, personID)
		if err != nil {
			return "", err
		}
		u, err := s.mayReveal(ctx, tx, personID)
		if err != nil {
			return "", err
		}
		if row.PhonePrint == "" {
			return "", errs.New(errs.NotFound, "org.no_phone")
		}
		phone, err := s.Box.Open(row.PhoneSealed, phoneContext(row.ID))
		if err != nil {
			return "", err
		}
		r := revealRow{ID: s.IDs.New(), PersonID: personID, Actor: actor.From(ctx).ID, Reason: reason, At: s.Now()}
		if err := insertReveal(ctx, tx, &r); err != nil {
			return "", err
		}
		return string(phone), s.Ledger.Record(ctx, tx, personEntry(kindRevealed, revealFacts{r.ID}, personID, u))
	})
}

// mayReveal returns the unit over which the actor may see the person's number.
func (s *Service) mayReveal(ctx context.Context, tx db.Tx, personID string) (*Unit, error) {
	all, err := membersOf(ctx, tx, personID)
	if err != nil {
		return nil, err
	}
	units, err := s.personUnits(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	if err := visibleIn(ctx, PermPersonRead, units); err != nil {
		return nil, err
	}
	for _, m := range all {
		if u := units[m.UnitID]; actor.From(ctx).May(PermPersonReveal, u.Object()) {
			return u, nil
		}
	}
	return nil, errs.New(errs.Denied, "auth.denied", "perm", PermPersonReveal)
}

// Reveals returns the last 200 showings of a person's number, the latest first, to
// those who may read the ledger there.
func (s *Service) Reveals(ctx context.Context, personID string) ([]Reveal, error) {
	all, err := membersOf(ctx, s.DB.Read(), personID)
	if err != nil {
		return nil, err
	}
	units, err := s.personUnits(ctx, s.DB.Read(), all)
	if err != nil {
		return nil, err
	}
	if err := visibleIn(ctx, permLedgerRead, units); err != nil {
		return nil, err
	}
	rows, err := reveals(ctx, s.DB.Read(), personID, page.MaxLimit)
	out := make([]Reveal, len(rows))
	for i, r := range rows {
		out[i] = Reveal{Actor: r.Actor, Reason: r.Reason, At: r.At.UTC()}
	}
	return out, err
}
