// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// PersonChange is what ChangePerson writes. Memberships are all that the person has:
// known ids are changed, an empty id is a new one, and one that is left out ends today.
type PersonChange struct {
	ID          string
	Version     int
	Name        string
	Phone       *string // nil: leave it; "": take it away
	Memberships []Membership
}

// ChangePerson changes a person whose version must be current. The actor needs
// org.edit over each unit whose membership changes, and over one of the person's
// units to change name or number. Exactly one membership that holds today is main.
func (s *Service) ChangePerson(ctx context.Context, c PersonChange) (*Person, error) {
	if i := slices.IndexFunc(c.Memberships, func(m Membership) bool { return m.UnitID == "" }); i >= 0 {
		return nil, errs.InvalidFields(errs.At(memberAt(i, "unit_id"), "field.required"))
	}
	err := s.Change(ctx, func(ctx context.Context, tx db.Tx) error {
		row, err := personByID(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		old, err := membersOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		units, err := s.personUnits(ctx, tx, slices.Concat(old, c.Memberships))
		if err != nil {
			return err
		}
		if err := visibleIn(ctx, PermPersonRead, unitsOfMembers(old, units)); err != nil {
			return err
		}
		if row.Version != c.Version {
			return errs.New(errs.Conflict, "org.changed")
		}
		return s.changePerson(ctx, tx, row, old, c, units)
	})
	if err != nil {
		return nil, err
	}
	return s.ReadPerson(ctx, c.ID)
}

func unitsOfMembers(all []Membership, units map[string]*Unit) map[string]*Unit {
	out := make(map[string]*Unit, len(all))
	for _, m := range all {
		if u := units[m.UnitID]; u != nil {
			out[m.UnitID] = u
		}
	}
	return out
}

func (s *Service) changePerson(ctx context.Context, tx db.Tx, row *personRow, old []Membership, c PersonChange, units map[string]*Unit) error {
	home := unitsOfMembers(old, units)
	fields, err := s.changeCard(ctx, row, c, home)
	if err != nil {
		return err
	}
	plan, err := s.planMembers(row.ID, old, c.Memberships)
	if err != nil {
		return err
	}
	if len(fields) == 0 && plan.empty() {
		return nil
	}
	es, err := s.applyMembers(ctx, tx, plan, units)
	if err != nil {
		return err
	}
	if err := savePerson(ctx, tx, row); err != nil {
		return err
	}
	if len(fields) > 0 {
		e := kindPersonChanged.Entry(changeFacts{Fields: strings.Join(fields, " ")})
		e.Subject = "person:" + row.ID
		es = append(es, home[old[0].UnitID].about(e))
	}
	return s.Ledger.Record(ctx, tx, es...)
}

// changeCard changes name and number in row and returns the names of the fields.
func (s *Service) changeCard(ctx context.Context, row *personRow, c PersonChange, home map[string]*Unit) ([]string, error) {
	was := *row
	row.Name = strings.TrimSpace(c.Name)
	if err := CheckPersonName(row.Name); err != nil {
		return nil, err
	}
	if c.Phone != nil {
		if err := s.setPhone(row, *c.Phone); err != nil {
			return nil, err
		}
	}
	var fields []string
	if row.Name != was.Name {
		fields = append(fields, "name")
	}
	if row.PhonePrint != was.PhonePrint {
		fields = append(fields, "phone")
	}
	if len(fields) == 0 {
		return nil, nil
	}
	for _, u := range home {
		if actor.From(ctx).May(PermEdit, u.Object()) {
			return fields, nil
		}
	}
	return nil, errs.New(errs.Denied, "auth.denied", "perm", PermEdit)
}

// memberPlan says what to write. Endings and losses of the main mark come first, so
// that the rule of one main membership holds after every statement.
type memberPlan struct {
	ended, changed, added []wantedMember
}

// wantedMember is a membership and its place among those that were sent; -1 for one that was left out.
type wantedMember struct {
	Membership
	at int
}

// memberAt names a field of the membership at i among those that were sent.
func memberAt(i int, field string) string {
	return "memberships[" + strconv.Itoa(i) + "]." + field
}

// placed says of refused fields in which of the memberships sent they lie.
func (m wantedMember) placed(err error) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || len(e.Fields) == 0 || m.at < 0 {
		return err
	}
	moved := slices.Clone(e.Fields)
	for i := range moved {
		moved[i].At = memberAt(m.at, moved[i].At)
	}
	return errs.InvalidFields(moved...)
}

func (p memberPlan) empty() bool { return len(p.ended)+len(p.changed)+len(p.added) == 0 }

func (s *Service) planMembers(personID string, old, wanted []Membership) (memberPlan, error) {
	var plan memberPlan
	if len(wanted) > maxMemberships {
		return plan, errs.InvalidFields(errs.At("memberships", "org.too_many_memberships", "max", maxMemberships))
	}
	for _, was := range old {
		i := slices.IndexFunc(wanted, func(m Membership) bool { return m.ID == was.ID })
		if i < 0 && was.On(s.today()) {
			was.To = s.today().Add(-1)
			was.From = min(was.From, was.To)
			plan.ended = append(plan.ended, wantedMember{was, -1})
		}
	}
	mains := 0
	for at, m := range wanted {
		m.PersonID, m.Title, m.UnitName, m.ManagerName = personID, strings.TrimSpace(m.Title), "", ""
		if m.Main && m.On(s.today()) {
			mains++
		}
		if err := plan.sort(wantedMember{m, at}, old); err != nil {
			return plan, err
		}
	}
	if held := slices.ContainsFunc(wanted, func(m Membership) bool { return m.On(s.today()) }); held && mains != 1 {
		return plan, errs.InvalidFields(errs.At("memberships", "org.one_main"))
	}
	slices.SortStableFunc(plan.changed, func(a, b wantedMember) int { return boolOrder(a.Main) - boolOrder(b.Main) })
	return plan, nil
}

// sort puts a wanted membership where it belongs.
func (p *memberPlan) sort(m wantedMember, old []Membership) error {
	if m.ID == "" {
		p.added = append(p.added, m)
		return nil
	}
	i := slices.IndexFunc(old, func(o Membership) bool { return o.ID == m.ID })
	if i < 0 || old[i].UnitID != m.UnitID {
		return errs.InvalidFields(errs.At("memberships", "org.no_membership"))
	}
	if old[i] != m.Membership {
		p.changed = append(p.changed, m)
	}
	return nil
}

func boolOrder(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *Service) applyMembers(ctx context.Context, tx db.Tx, plan memberPlan, units map[string]*Unit) ([]ledger.Entry, error) {
	var es []ledger.Entry
	for _, m := range slices.Concat(plan.ended, plan.changed) {
		e, err := s.changeMember(ctx, tx, m.Membership, units[m.UnitID])
		if err != nil {
			return nil, m.placed(err)
		}
		es = append(es, e...)
	}
	for _, m := range plan.added {
		e, err := s.addMember(ctx, tx, m.Membership)
		if err != nil {
			return nil, m.placed(err)
		}
		es = append(es, e)
	}
	return es, nil
}

// addMember writes one membership that is new; without a first day it begins today.
func (s *Service) addMember(ctx context.Context, tx db.Tx, m Membership) (ledger.Entry, error) {
	u, err := s.editable(ctx, tx, m.UnitID)
	if err != nil {
		return ledger.Entry{}, err
	}
	m.ID = s.IDs.New()
	if m.From == "" {
		m.From = s.today()
	}
	if err := s.checkMember(ctx, tx, &m); err != nil {
		return ledger.Entry{}, err
	}
	return memberEntry(kindPersonJoined, &m, u), insertMembers(ctx, tx, []Membership{m})
}

// changeMember writes one membership; a change of head, main or of its days is told as
// leaving and joining, so that counts of people stay flows.
func (s *Service) changeMember(ctx context.Context, tx db.Tx, m Membership, u *Unit) ([]ledger.Entry, error) {
	if err := actor.From(ctx).Require(PermEdit, u.Object()); err != nil {
		return nil, err
	}
	all, err := membersOf(ctx, tx, m.PersonID)
	if err != nil {
		return nil, err
	}
	was := all[slices.IndexFunc(all, func(o Membership) bool { return o.ID == m.ID })]
	if m.To == "" || m.To >= s.today() { // an ended one keeps whatever manager it had
		if err := s.checkMember(ctx, tx, &m); err != nil {
			return nil, err
		}
	}
	if err := saveMember(ctx, tx, &m); err != nil {
		return nil, err
	}
	var es []ledger.Entry
	same := was.Head == m.Head && was.Main == m.Main && was.On(s.today()) == m.On(s.today())
	if !same && was.On(s.today()) {
		es = append(es, memberEntry(kindPersonLeft, &was, u))
	}
	if !same && m.On(s.today()) {
		es = append(es, memberEntry(kindPersonJoined, &m, u))
	}
	return es, nil
}
