// SPDX-License-Identifier: Apache-2.0

package org

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
	"anlan/internal/platform/search"
)

const personSearch = "org_person_search"

type personRow struct {
	bun.BaseModel `bun:"table:org_person,alias:p"`

	Seq         int64     `bun:"seq,autoincrement"`
	ID          string    `bun:"id,pk"`
	Name        string    `bun:"name"`
	PhoneSealed []byte    `bun:"phone_sealed"`
	PhonePrint  string    `bun:"phone_print"` // keyed fingerprint, "" without a number
	PhoneMasked string    `bun:"phone_masked"`
	Created     time.Time `bun:"created"`
	Version     int       `bun:"version"`
}

func (r *personRow) person() *Person {
	return &Person{ID: r.ID, Name: r.Name, Phone: r.PhoneMasked, Created: r.Created.UTC(), Version: r.Version}
}

type memberRow struct {
	bun.BaseModel `bun:"table:org_membership,alias:m"`

	ID        string    `bun:"id,pk"`
	PersonID  string    `bun:"person_id"`
	UnitID    string    `bun:"unit_id"`
	Title     string    `bun:"title"`
	ManagerID string    `bun:"manager_id,nullzero"`
	Head      bool      `bun:"head"`
	Main      bool      `bun:"main"`
	Starts    clock.Day `bun:"starts"`
	Ends      clock.Day `bun:"ends"`
}

func toMemberRow(m *Membership) memberRow {
	return memberRow{ID: m.ID, PersonID: m.PersonID, UnitID: m.UnitID, Title: m.Title, ManagerID: m.ManagerID,
		Head: m.Head, Main: m.Main, Starts: m.From, Ends: m.To}
}

func (r *memberRow) membership() Membership {
	return Membership{ID: r.ID, PersonID: r.PersonID, UnitID: r.UnitID, Title: r.Title, ManagerID: r.ManagerID,
		Head: r.Head, Main: r.Main, From: r.Starts, To: r.Ends}
}

// insertPeople adds people and makes them findable by name.
func insertPeople(ctx context.Context, tx db.Tx, people []personRow) error {
	for part := range slices.Chunk(people, insertSize) {
		names := make(map[string]string, len(part))
		for _, p := range part {
			names[p.ID] = p.Name
		}
		rows := slices.Clone(part)
		_, err := tx.NewInsert().Model(&rows).ExcludeColumn("seq").Returning("seq, id").Exec(ctx)
		if err != nil {
			return personConflict(err)
		}
		texts := make([]search.Text, len(rows))
		for i, r := range rows {
			texts[i] = search.Text{Seq: r.Seq, All: names[r.ID]}
		}
		if err := search.Put(ctx, tx, personSearch, texts...); err != nil {
			return err
		}
	}
	return nil
}

func personConflict(err error) error {
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "org.phone_taken")
	}
	return err
}

// savePerson writes p back, unless someone else changed it since it was read.
func savePerson(ctx context.Context, tx db.Tx, p *personRow) error {
	was := p.Version
	p.Version++
	res, err := tx.NewUpdate().Model(p).ExcludeColumn("seq", "id", "created").WherePK().Where("version = ?", was).Exec(ctx)
	if err != nil {
		return personConflict(err)
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return errs.New(errs.Conflict, "org.changed")
	}
	return search.Put(ctx, tx, personSearch, search.Text{Seq: p.Seq, All: p.Name})
}

func personByID(ctx context.Context, q db.Q, id string) (*personRow, error) {
	var row personRow
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "org.person_not_found")
	}
	return &row, err
}

// peopleBy returns the people whose column (id, phone_print) has one of the values.
func peopleBy(ctx context.Context, q db.Q, column string, values []string) ([]personRow, error) {
	var out []personRow
	for part := range slices.Chunk(values, insertSize) {
		var rows []personRow
		err := q.NewSelect().Model(&rows).Where("? IN (?)", bun.Ident(column), bun.List(part)).Scan(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

func personNames(ctx context.Context, q db.Q, ids []string) (map[string]string, error) {
	return namesOf(ctx, q, (*personRow)(nil), ids)
}

func insertMembers(ctx context.Context, tx db.Tx, all []Membership) error {
	for part := range slices.Chunk(all, insertSize) {
		rows := make([]memberRow, len(part))
		for i := range part {
			rows[i] = toMemberRow(&part[i])
		}
		if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
			return memberConflict(err)
		}
	}
	return nil
}

func memberConflict(err error) error {
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "org.member_twice")
	}
	if db.IsForeignKey(err) {
		return errs.Wrap(err, errs.Invalid, "org.person_not_found")
	}
	return err
}

func saveMember(ctx context.Context, tx db.Tx, m *Membership) error {
	row := toMemberRow(m)
	_, err := tx.NewUpdate().Model(&row).ExcludeColumn("id", "person_id", "unit_id").WherePK().Exec(ctx)
	return memberConflict(err)
}

// membersOf returns the memberships of people, ended ones too, in order of time.
func membersOf(ctx context.Context, q db.Q, personIDs ...string) ([]Membership, error) {
	var out []Membership
	for part := range slices.Chunk(personIDs, insertSize) {
		var rows []memberRow
		err := q.NewSelect().Model(&rows).Where("person_id IN (?)", bun.List(part)).OrderExpr("person_id, id").Scan(ctx)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			out = append(out, rows[i].membership())
		}
	}
	return out, nil
}

func membersOn(sel *bun.SelectQuery, day clock.Day) *bun.SelectQuery {
	return sel.Where("m.starts <= ?", day).Where("(m.ends = '' OR m.ends >= ?)", day)
}

// PersonFilter says which people a list shows; the zero value shows everybody by
// their main membership.
type PersonFilter struct {
	Place place.Path // at or below it
	Unit  string     // members of this unit, main or not
	Words string     // part of the name
	print string     // fingerprint of a telephone number
}

// Listed is a person as lists show them: by one membership.
type Listed struct {
	Seq       int64      `bun:"seq"`
	ID        string     `bun:"id"`
	Name      string     `bun:"name"`
	Phone     string     `bun:"phone_masked"`
	Title     string     `bun:"title"`
	Head      bool       `bun:"head"`
	UnitID    string     `bun:"unit_id"`
	UnitName  string     `bun:"unit_name"`
	UnitCode  string     `bun:"unit_code"`
	Place     place.Path `bun:"place"`
	PlaceName string     `bun:"-"`
}

type personKey struct {
	Place  place.Path `json:"p"`
	Unit   string     `json:"u"`
	Person string     `json:"i"`
	Seq    int64      `json:"s"`
}

// listPeople returns people within scopes after a key: unit by unit in the order of
// the division tree or, for a wide search, the newest first. CROSS JOIN makes SQLite
// read the tables in this order, so that the order of the list costs no sorting.
func listPeople(ctx context.Context, q db.Q, f PersonFilter, scopes []actor.Scope, day clock.Day, after personKey, limit int) ([]Listed, error) {
	sel := q.NewSelect().ColumnExpr("p.seq, p.id, p.name, p.phone_masked, m.title, m.head, m.unit_id").
		ColumnExpr("u.name AS unit_name, u.code AS unit_code, u.place").Limit(int64(limit))
	if f.print != "" || hasWords(f.Words) && f.Unit == "" && !narrow(f.Place, scopes) {
		sel = fromPerson(sel, f, after)
	} else {
		sel = fromUnit(sel, f, after)
	}
	sel = filterPeople(within(membersOn(sel.Where("m.unit_id = u.id").Where("p.id = m.person_id"), day), scopes), f)
	var out []Listed
	return out, sel.Scan(ctx, &out)
}

// fromPerson starts from whom the words or the number find.
func fromPerson(sel *bun.SelectQuery, f PersonFilter, after personKey) *bun.SelectQuery {
	sel = sel.TableExpr("org_person AS p")
	if f.print != "" {
		sel = sel.Where("p.phone_print = ?", f.print).Where("p.phone_print <> ''").OrderExpr("p.seq DESC")
	} else {
		sel = search.Match(sel, personSearch, "p.seq", f.Words).OrderExpr("found.rowid DESC")
	}
	if after.Seq > 0 {
		sel = sel.Where("p.seq < ?", after.Seq)
	}
	return sel.Join("CROSS JOIN org_membership AS m").Join("CROSS JOIN org_unit AS u")
}

// fromUnit starts from the units. Of the conditions for the place after a key the
// first is one that the index on (place, id) serves; the second takes the rest of
// that unit's people.
func fromUnit(sel *bun.SelectQuery, f PersonFilter, after personKey) *bun.SelectQuery {
	sel = sel.TableExpr("org_unit AS u").Join("CROSS JOIN org_membership AS m").Join("CROSS JOIN org_person AS p")
	for _, word := range wordsOf(f.Words) {
		sel = sel.Where("lower(p.name) LIKE ? ESCAPE '!'", word)
	}
	if after.Person != "" {
		sel = sel.Where("(u.place, u.id) >= (?, ?)", after.Place, after.Unit).
			Where("(u.id <> ? OR m.person_id > ?)", after.Unit, after.Person)
	}
	return sel.OrderExpr("u.place, u.id, m.person_id")
}

func filterPeople(sel *bun.SelectQuery, f PersonFilter) *bun.SelectQuery {
	if f.Place != "" && f.Place != place.Nation {
		sel = db.Under(sel, "u.place", string(f.Place))
	}
	if f.Unit != "" {
		return sel.Where("u.id = ?", f.Unit)
	}
	return sel.Where("m.main = TRUE")
}

type revealRow struct {
	bun.BaseModel `bun:"table:org_reveal,alias:v"`

	ID       string    `bun:"id,pk"`
	PersonID string    `bun:"person_id"`
	Actor    string    `bun:"actor"`
	Reason   string    `bun:"reason"`
	At       time.Time `bun:"at"`
}

func insertReveal(ctx context.Context, tx db.Tx, r *revealRow) error {
	_, err := tx.NewInsert().Model(r).Exec(ctx)
	return err
}

// reveals returns who was shown a person's number, the latest first.
func reveals(ctx context.Context, q db.Q, personID string, limit int) ([]revealRow, error) {
	var rows []revealRow
	err := q.NewSelect().Model(&rows).Where("person_id = ?", personID).OrderExpr("id DESC").Limit(int64(limit)).Scan(ctx)
	return rows, err
}

// staffOf returns who works in units on day, with those memberships.
func staffOf(ctx context.Context, q db.Q, unitIDs []string, day clock.Day) ([]personRow, []Membership, error) {
	var people []personRow
	var members []Membership
	for part := range slices.Chunk(unitIDs, insertSize) {
		var rows []memberRow
		err := membersOn(q.NewSelect().Model(&rows).Where("m.unit_id IN (?)", bun.List(part)), day).OrderExpr("m.id").Scan(ctx)
		if err != nil {
			return nil, nil, err
		}
		ids := make([]string, len(rows))
		for i := range rows {
			ids[i] = rows[i].PersonID
			members = append(members, rows[i].membership())
		}
		more, err := peopleBy(ctx, q, "id", ids)
		if err != nil {
			return nil, nil, err
		}
		people = append(people, more...)
	}
	return people, members, nil
}
