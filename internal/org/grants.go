// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// Grant gives a person a role in a unit. It holds while the person works there.
type Grant struct {
	ID       string
	PersonID string
	UnitID   string     // the unit in whose name the role is used
	Role     string     // of Roles
	Place    place.Path // of a role of territory or line: the place it reaches, with all below; "" means the unit's
	Line     string     // of a role of a line: the supervisory tag it reaches
	Granted  time.Time
}

// ActorOf returns a person who acts in the name of a unit, with what is granted to
// them there; unitID "" means their main unit. A person who works nowhere today, or
// only in closed units, is an actor without a unit and without grants. NotFound for
// a unit in which the person does not work. It takes two queries.
func (s *Service) ActorOf(ctx context.Context, personID, unitID string) (actor.Actor, error) {
	a, err := actingFor(ctx, s.DB.Read(), personID, unitID, s.today())
	if db.IsNoRows(err) {
		return s.idle(ctx, personID, unitID)
	}
	if err != nil {
		return actor.Actor{}, db.Meaning(err)
	}
	held, err := grantedTo(ctx, s.DB.Read(), personID, a.UnitID)
	if err != nil {
		return actor.Actor{}, db.Meaning(err)
	}
	out := actor.Actor{ID: personID, Unit: a.UnitID, UnitPath: a.GroupPath, Home: a.Place}
	for i, g := range held {
		role, ok := roleByName[g.Role]
		if !ok {
			continue
		}
		if i == 0 || held[i-1].Role != g.Role || held[i-1].Place != g.Place || held[i-1].Line != g.Line {
			out.Grants = append(out.Grants, actor.Grant{Role: g.Role, Scope: scopeOf(role, g.Place, g.Line, a.GroupPath), Perms: role.Perms})
		}
		if g.Division != "" {
			out.Grants = append(out.Grants, actor.Grant{Role: g.Role, Scope: scopeOf(role, g.Division, g.Line, ""), Perms: role.Perms})
		}
	}
	return out, nil
}

func (s *Service) idle(ctx context.Context, personID, unitID string) (actor.Actor, error) {
	if _, err := personByID(ctx, s.DB.Read(), personID); err != nil {
		return actor.Actor{}, err
	}
	if unitID != "" {
		return actor.Actor{}, errs.New(errs.NotFound, "org.no_membership")
	}
	return actor.Actor{ID: personID}, nil
}

func scopeOf(r Role, p place.Path, line, unitPath string) actor.Scope {
	switch r.Trunk {
	case actor.Line:
		return actor.Scope{Trunk: actor.Line, Place: p, Line: line}
	case actor.Group:
		return actor.Scope{Trunk: actor.Group, Unit: unitPath}
	}
	return actor.Scope{Trunk: actor.Territory, Place: p}
}

// Grants lists what is granted to a person, in a unit, or both, at most 200, to
// those who may grant or read the ledger over the unit.
func (s *Service) Grants(ctx context.Context, personID, unitID string) ([]Grant, error) {
	if personID == "" && unitID == "" {
		return nil, errs.New(errs.Invalid, "org.grants_of_whom")
	}
	if actor.From(ctx).Public() {
		return nil, errs.New(errs.Unauthenticated, "auth.sign_in")
	}
	all, err := grantsBy(ctx, s.DB.Read(), personID, unitID, page.MaxLimit)
	if err != nil {
		return nil, err
	}
	units, err := s.personUnits(ctx, s.DB.Read(), membersAt(all))
	if err != nil {
		return nil, err
	}
	by := actor.From(ctx)
	return slices.DeleteFunc(all, func(g Grant) bool {
		o := units[g.UnitID].Object()
		return !by.May(PermGrant, o) && !by.May(permLedgerRead, o)
	}), nil
}

func membersAt(grants []Grant) []Membership {
	out := make([]Membership, len(grants))
	for i, g := range grants {
		out[i].UnitID = g.UnitID
	}
	return out
}

// GrantRole gives a person a role and fills in g's id. The actor needs org.grant
// over all that the role will reach. Nobody grants to himself, and nobody may be two
// of the three administrators.
func (s *Service) GrantRole(ctx context.Context, g *Grant) error {
	return s.Change(ctx, func(ctx context.Context, tx db.Tx) error { return s.GrantRoleTx(ctx, tx, g) })
}

// GrantRoleTx is GrantRole in the caller's transaction.
func (s *Service) GrantRoleTx(ctx context.Context, tx db.Tx, g *Grant) error {
	by := actor.From(ctx)
	role, ok := roleByName[g.Role]
	if !ok {
		return errs.InvalidFields(errs.At("role", "org.no_such_role"))
	}
	if by.ID == g.PersonID {
		return errs.New(errs.Denied, "org.grant_to_self")
	}
	u, err := unitByID(ctx, tx, g.UnitID)
	if err != nil {
		return err
	}
	if err := visible(ctx, PermGrant, u.Object(), "org.unit_not_found"); err != nil {
		return err
	}
	if err := s.checkReach(ctx, tx, g, role, u); err != nil {
		return err
	}
	if err := s.checkHolder(ctx, tx, g, role); err != nil {
		return err
	}
	g.ID, g.Granted = s.IDs.New(), s.Now()
	if err := insertGrant(ctx, tx, g); err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, grantEntry(kindGranted, g, role, u))
}

// checkReach settles where the grant reaches: within the unit's own place or line,
// and within what the actor may grant.
func (s *Service) checkReach(ctx context.Context, tx db.Tx, g *Grant, role Role, u *Unit) error {
	if role.Trunk == actor.Group {
		g.Place, g.Line = "", ""
		return nil
	}
	if g.Place == "" {
		g.Place = u.Place
	}
	if err := s.checkPlace(ctx, tx, g.Place); err != nil {
		return err
	}
	if !u.Place.Contains(g.Place) {
		return errs.InvalidFields(errs.At("place", "org.grant_outside"))
	}
	if role.Trunk == actor.Territory {
		g.Line = ""
		if u.Kind == UnitEnterprise || u.Kind == UnitFamilyGroup {
			return errs.InvalidFields(errs.At("role", "org.role_needs_office"))
		}
	} else if !slices.Contains(Lines, g.Line) {
		return errs.InvalidFields(errs.At("line", "org.bad_line", "line", g.Line))
	}
	return actor.From(ctx).Require(PermGrant, actor.Object{Place: g.Place, Lines: []string{g.Line}})
}

// checkHolder refuses people who do not work in the unit and second administrator roles.
func (s *Service) checkHolder(ctx context.Context, tx db.Tx, g *Grant, role Role) error {
	all, err := membersOf(ctx, tx, g.PersonID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(m Membership) bool { return m.UnitID == g.UnitID && m.On(s.today()) }) {
		return errs.InvalidFields(errs.At("person_id", "org.not_a_member"))
	}
	held, err := grantsBy(ctx, tx, g.PersonID, "", page.MaxLimit)
	if err != nil {
		return err
	}
	for _, h := range held {
		if role.Admin && roleByName[h.Role].Admin && h.Role != role.Name {
			return errs.New(errs.Conflict, "org.administrators_separate")
		}
	}
	if len(held) >= maxGrants {
		return errs.New(errs.Exhausted, "org.too_many_grants", "max", maxGrants)
	}
	return nil
}

const maxGrants = 50 // per person

// Revoke takes a grant away. The actor needs org.grant over the unit. The last
// security administrator stays, for nobody could name another.
func (s *Service) Revoke(ctx context.Context, id string) error {
	return s.Change(ctx, func(ctx context.Context, tx db.Tx) error {
		g, err := grantByID(ctx, tx, id)
		if err != nil {
			return err
		}
		u, err := unitByID(ctx, tx, g.UnitID)
		if err != nil {
			return err
		}
		if err := visible(ctx, PermGrant, u.Object(), "org.grant_not_found"); err != nil {
			return err
		}
		if err := lastOne(ctx, tx, g.Role); err != nil {
			return err
		}
		if err := deleteGrant(ctx, tx, id); err != nil {
			return err
		}
		return s.Ledger.Record(ctx, tx, grantEntry(kindRevoked, &g, roleByName[g.Role], u))
	})
}

func lastOne(ctx context.Context, tx db.Tx, role string) error {
	if role != "security_admin" {
		return nil
	}
	n, err := holders(ctx, tx, role)
	if err == nil && n < 2 {
		return errs.New(errs.Conflict, "org.last_security_admin")
	}
	return err
}

func grantEntry(k ledger.Kind[grantFacts], g *Grant, role Role, u *Unit) ledger.Entry {
	return personEntry(k, grantFacts{Role: g.Role, Trunk: string(role.Trunk), Line: g.Line}, g.PersonID, u)
}

// WorksUnder reports whether boss directs person today: through the chain of
// managers in a unit, or as head of a unit at or above the person's in the group trunk.
func (s *Service) WorksUnder(ctx context.Context, q db.Q, personID, bossID string) (bool, error) {
	if personID == "" || bossID == "" || personID == bossID {
		return false, nil
	}
	above, err := managersAbove(ctx, q, personID, s.today())
	if err != nil || slices.Contains(above, bossID) {
		return err == nil, err
	}
	all, err := membersOf(ctx, q, personID)
	if err != nil {
		return false, err
	}
	all = slices.DeleteFunc(all, func(m Membership) bool { return !m.On(s.today()) })
	units, err := s.personUnits(ctx, q, all)
	if err != nil {
		return false, err
	}
	var ids []string
	for _, u := range units {
		ids = append(ids, Ancestors(u.GroupPath)...)
	}
	if len(ids) == 0 {
		return false, nil
	}
	return isHeadOf(ctx, q, bossID, ids, s.today())
}
