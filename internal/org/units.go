// SPDX-License-Identifier: Apache-2.0

package org

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// Unit returns a unit for another domain: who may see it is that domain's matter.
func (s *Service) Unit(ctx context.Context, id string) (*Unit, error) {
	return s.UnitTx(ctx, s.DB.Read(), id)
}

// UnitTx is Unit in the caller's transaction. It leaves PlaceName empty.
func (s *Service) UnitTx(ctx context.Context, q db.Q, id string) (*Unit, error) {
	return unitByID(ctx, q, id)
}

// UnitByCode returns the unit of a QR code, typed in any case, for everybody: show
// name, place and code only. NotFound for closed ones.
func (s *Service) UnitByCode(ctx context.Context, code string) (*Unit, error) {
	u, err := oneUnit(ctx, s.DB.Read(), "code", strings.ToUpper(strings.TrimSpace(code)))
	if err != nil {
		return nil, err
	}
	if !u.Live() {
		return nil, errs.New(errs.NotFound, "org.unit_not_found")
	}
	return u, s.namePlaces(ctx, u)
}

// ReadUnit returns a unit to an actor who may read it, NotFound to others.
func (s *Service) ReadUnit(ctx context.Context, id string) (*Unit, error) {
	u, err := unitByID(ctx, s.DB.Read(), id)
	if err != nil {
		return nil, err
	}
	if err := visible(ctx, PermRead, u.Object(), "org.unit_not_found"); err != nil {
		return nil, err
	}
	return u, s.namePlaces(ctx, u)
}

func (s *Service) namePlaces(ctx context.Context, units ...*Unit) error {
	places := make([]place.Path, len(units))
	for i, u := range units {
		places[i] = u.Place
	}
	names, err := s.PlaceNames(ctx, places)
	for _, u := range units {
		u.PlaceName = names[u.Place]
	}
	return err
}

// Units lists what the actor may read: in the order of the division tree or, when
// words are searched in more than a county, the newest first.
func (s *Service) Units(ctx context.Context, f UnitFilter, cursor string, limit int) (page.Of[*Unit], error) {
	scopes, err := ScopesOf(ctx, PermRead)
	if err != nil {
		return page.Of[*Unit]{}, err
	}
	var after unitKey
	if err := page.Decode(cursor, &after); err != nil {
		return page.Of[*Unit]{}, err
	}
	rows, err := listUnits(ctx, s.DB.Read(), f, scopes, after, limit+1)
	if err != nil {
		return page.Of[*Unit]{}, err
	}
	cut := page.Cut(rows, limit, func(r unitRow) any { return unitKey{r.Place, r.ID, r.Seq} })
	units, err := unitsOf(cut.Items, nil)
	if err != nil {
		return page.Of[*Unit]{}, err
	}
	return page.Of[*Unit]{Items: units, Next: cut.Next}, s.namePlaces(ctx, units...)
}

// UnitNames returns the names of units by id; unknown ids are left out.
func (s *Service) UnitNames(ctx context.Context, ids []string) (map[string]string, error) {
	return unitNames(ctx, s.DB.Read(), ids)
}

// AddUnit adds a unit at u.Place, under u.ParentID when it is not empty, and fills in
// its id and code. The actor needs org.edit over it.
func (s *Service) AddUnit(ctx context.Context, u *Unit) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return s.AddUnitTx(ctx, tx, u) })
}

// AddUnitTx is AddUnit in the caller's transaction.
func (s *Service) AddUnitTx(ctx context.Context, tx db.Tx, u *Unit) error {
	u.Normalise()
	if err := u.Check(); err != nil {
		return err
	}
	if err := s.checkPlace(ctx, tx, u.Place); err != nil {
		return err
	}
	s.Identify(u)
	if err := s.placeInGroup(ctx, tx, u); err != nil {
		return err
	}
	if err := actor.From(ctx).Require(PermEdit, u.Object()); err != nil {
		return err
	}
	if err := insertUnits(ctx, tx, []*Unit{u}); err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, u.entry(kindUnitAdded))
}

// Identify gives a new unit its id and code.
func (s *Service) Identify(u *Unit) {
	u.ID, u.Code, u.Created, u.Version, u.Closed = s.IDs.New(), id.Code(unitCodeSize), s.Now(), 1, ""
}

// usccTaken reports whether a live unit has the code.
func (s *Service) usccTaken(ctx context.Context, code string) (bool, error) {
	if code == "" {
		return false, nil
	}
	units, err := unitsBy(ctx, s.DB.Read(), "uscc", []string{code})
	return slices.ContainsFunc(units, (*Unit).Live), err
}

func (s *Service) checkPlace(ctx context.Context, q db.Q, p place.Path) error {
	if p == "" {
		return errs.InvalidFields(errs.At("place", "field.required"))
	}
	at, err := versionsOn(ctx, q, []place.Path{p}, s.today())
	if err != nil {
		return err
	}
	if at[p] == nil || !at[p].On(s.today()) {
		return errs.InvalidFields(errs.At("place", "org.no_such_place"))
	}
	return nil
}

// placeInGroup sets u's path in the group trunk. The unit above must be one that the
// actor may read: its people will see u.
func (s *Service) placeInGroup(ctx context.Context, tx db.Tx, u *Unit) error {
	u.GroupPath = u.ID + "/"
	if u.ParentID == "" {
		return nil
	}
	up, err := unitByID(ctx, tx, u.ParentID)
	if err == nil {
		err = visible(ctx, PermRead, up.Object(), "org.unit_not_found")
	}
	if errs.KindOf(err) == errs.NotFound {
		return errs.InvalidFields(errs.At("parent_id", "org.unit_not_found"))
	}
	if err != nil {
		return err
	}
	if slices.Contains(Ancestors(up.GroupPath), u.ID) {
		return errs.InvalidFields(errs.At("parent_id", "org.group_cycle"))
	}
	u.GroupPath = up.GroupPath + u.GroupPath
	return checkGroupDepth(GroupDepth(u.GroupPath))
}

func checkGroupDepth(levels int) error {
	if levels > MaxGroup {
		return errs.InvalidFields(errs.At("parent_id", "org.group_too_deep", "max", MaxGroup))
	}
	return nil
}

// ChangeUnit writes u over the unit of the same id, whose version must be current;
// id, code and time of creation stay. A day in Closed closes the unit, an empty one
// opens it again. The actor needs org.edit over the unit as it was and as it will be.
func (s *Service) ChangeUnit(ctx context.Context, u *Unit) (*Unit, error) {
	err := s.Change(ctx, func(ctx context.Context, tx db.Tx) error {
		old, err := unitByID(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		if err := visible(ctx, PermRead, old.Object(), "org.unit_not_found"); err != nil {
			return err
		}
		return s.changeUnit(ctx, tx, old, u)
	})
	if err != nil {
		return nil, err
	}
	return s.ReadUnit(ctx, u.ID)
}

func (s *Service) changeUnit(ctx context.Context, tx db.Tx, old, u *Unit) error {
	if old.Version != u.Version {
		return errs.New(errs.Conflict, "org.changed")
	}
	u.Code, u.Created, u.GroupPath = old.Code, old.Created, old.GroupPath
	if err := s.checkChange(ctx, tx, old, u); err != nil {
		return err
	}
	if err := actor.From(ctx).Require(PermEdit, old.Object()); err != nil {
		return err
	}
	if err := actor.From(ctx).Require(PermEdit, u.Object()); err != nil {
		return err
	}
	fields := ChangedFields(old, u)
	if len(fields) == 0 {
		return nil
	}
	if err := saveUnit(ctx, tx, u); err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, changeEntries(old, u, fields)...)
}

func (s *Service) checkChange(ctx context.Context, tx db.Tx, old, u *Unit) error {
	u.Normalise()
	if err := u.Check(); err != nil {
		return err
	}
	if u.Closed != "" && (!u.Closed.Valid() || u.Closed > s.today()) {
		return errs.InvalidFields(errs.At("closed", "org.bad_change_day"))
	}
	if u.Place != old.Place {
		if err := s.checkPlace(ctx, tx, u.Place); err != nil {
			return err
		}
	}
	if u.ParentID == old.ParentID {
		return nil
	}
	return s.moveInGroup(ctx, tx, old, u)
}

// moveInGroup rewrites the paths of u and all below it for its new parent.
func (s *Service) moveInGroup(ctx context.Context, tx db.Tx, old, u *Unit) error {
	if err := s.placeInGroup(ctx, tx, u); err != nil {
		return err
	}
	deep, err := deepest(ctx, tx, old.GroupPath)
	if err != nil {
		return err
	}
	if err := checkGroupDepth(deep - GroupDepth(old.GroupPath) + GroupDepth(u.GroupPath)); err != nil {
		return err
	}
	return moveGroup(ctx, tx, old.GroupPath, u.GroupPath)
}

// ChangedFields names what differs, by column.
func ChangedFields(old, u *Unit) []string {
	var out []string
	add := func(name string, same bool) {
		if !same {
			out = append(out, name)
		}
	}
	add("name", old.Name == u.Name)
	add("kind", old.Kind == u.Kind)
	add("uscc", old.USCC == u.USCC)
	add("industry", old.Industry == u.Industry)
	add("lines", slices.Equal(old.Lines, u.Lines))
	add("place", old.Place == u.Place)
	add("address", old.Address == u.Address)
	add("parent", old.ParentID == u.ParentID)
	add("opened", old.Opened == u.Opened)
	add("closed", old.Closed == u.Closed)
	return out
}

// changeEntries tells a change, and the flow between stocks when there is one.
func changeEntries(old, u *Unit, fields []string) []ledger.Entry {
	es := []ledger.Entry{u.about(kindUnitChanged.Entry(changeFacts{Fields: strings.Join(fields, " ")}))}
	switch {
	case old.Live() && !u.Live():
		es = append(es, old.entry(kindUnitClosed))
	case !old.Live() && u.Live():
		es = append(es, u.entry(kindUnitReopened))
	case u.Live() && slices.ContainsFunc(fields, func(f string) bool { return slices.Contains(stockFields, f) }):
		es = append(es, old.entry(kindUnitLeft), u.entry(kindUnitArrived))
	}
	return es
}

// stockFields are the fields by which units are counted.
var stockFields = []string{"kind", "industry", "lines", "place"}

// relocated returns the entries of live units that move to another place.
func relocated(units []*Unit, to place.Path) []ledger.Entry {
	var es []ledger.Entry
	for _, u := range units {
		if u.Live() {
			moved := *u
			moved.Place = to
			es = append(es, u.entry(kindUnitLeft), moved.entry(kindUnitArrived))
		}
	}
	return es
}

// OfficeFor returns the safety office that answers for p: the office of the lowest
// place at or above p that has one, where a zone that owns a division comes before
// the division. Of several at one place the first registered answers.
func (s *Service) OfficeFor(ctx context.Context, p place.Path) (*Unit, error) {
	order, err := s.Rungs(ctx, s.DB.Read(), p)
	if err != nil {
		return nil, err
	}
	if len(order) == 0 {
		return nil, errs.New(errs.NotFound, "org.no_office")
	}
	offices, err := officesAt(ctx, s.DB.Read(), order)
	if err != nil {
		return nil, err
	}
	if len(offices) == 0 {
		return nil, errs.New(errs.NotFound, "org.no_office")
	}
	best := slices.MinFunc(offices, func(a, b *Unit) int {
		return cmp.Compare(slices.Index(order, a.Place), slices.Index(order, b.Place))
	})
	return best, s.namePlaces(ctx, best)
}

// OfficesAt returns the live offices set over any of the places, in the order of registration.
func (s *Service) OfficesAt(ctx context.Context, q db.Q, places []place.Path) ([]*Unit, error) {
	if len(places) == 0 {
		return nil, nil
	}
	return officesAt(ctx, q, places)
}

// Rungs returns the places whose offices answer for p, the nearest first: p and all above
// it, each zone before the division that it owns.
func (s *Service) Rungs(ctx context.Context, q db.Q, p place.Path) ([]place.Path, error) {
	chain := p.Chain()
	slices.Reverse(chain)
	if len(chain) == 0 {
		return nil, nil
	}
	zones, err := zonesOwning(ctx, q, chain)
	if err != nil {
		return nil, err
	}
	var order []place.Path
	for _, rung := range chain {
		if z, ok := zones[rung]; ok {
			order = append(order, z)
		}
		order = append(order, rung)
	}
	return order, nil
}
