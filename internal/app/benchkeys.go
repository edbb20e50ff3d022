// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"

	"anlan/internal/app/demo"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/org"
)

// Tips makes the county, lets two people of its office make a key for tips, and returns one
// of its towns.
func (s benchSeeder) Tips(ctx context.Context, data, dsn string) (string, error) {
	w, err := s.open(ctx, data, dsn)
	if err != nil {
		return "", err
	}
	return string(w.towns[0]), errors.Join(w.openChannel(), w.Close())
}

// openChannel lets the county's office receive tips.
func (w *benchWorld) openChannel() error {
	leader := &org.Person{Name: "周平"}
	if err := w.Org.AddPerson(w.ctx, leader, org.Membership{UnitID: w.office, Main: true}); err != nil {
		return err
	}
	if err := w.Org.GrantRole(w.ctx, &org.Grant{PersonID: leader.ID, UnitID: w.office, Role: "office_leader"}); err != nil {
		return err
	}
	first, err := w.as(leader.ID)
	second, errSecond := w.as(w.clerk)
	if err := errors.Join(err, errSecond); err != nil {
		return err
	}
	return demo.HoldKeys(w.TipKeys, w.Now, first, second)
}

// as returns a context in which a person acts.
func (w *benchWorld) as(person string) (context.Context, error) {
	by, err := w.Org.ActorOf(w.ctx, person, "")
	return actor.With(w.ctx, by), err
}

// TipCount counts the tips, and the leaves of tips that the log has or will have.
func (benchSeeder) TipCount(ctx context.Context, data, dsn string) (tips, leaves int, err error) {
	a, err := Open(ctx, Storage{Data: data, DB: dsn}, "", clock.System)
	if err != nil {
		return 0, 0, err
	}
	const counts = `SELECT (SELECT count(*) FROM tip_tip), (SELECT count(*) FROM transparency_pending WHERE kind = 'received') +
		(SELECT count(*) FROM transparency_entry WHERE kind = 'received')`
	err = a.DB.SQL().QueryRowContext(ctx, counts).Scan(&tips, &leaves)
	return tips, leaves, errors.Join(err, a.Close())
}
