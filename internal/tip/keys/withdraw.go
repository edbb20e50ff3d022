// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"strings"

	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// personKinds are what may end the power of the person whom they are about, officeKinds
// that of everybody in the unit that they concern.
var (
	personKinds = []string{"org.revoked.v1", "org.person_left.v1"}
	officeKinds = []string{"org.unit_closed.v1", "org.unit_left.v1"}
)

// Reader withdraws what people hold when their power over it or their membership ends.
func (s *Service) Reader() ledger.Reader {
	return ledger.Reader{
		Name: "tipkeys", Kinds: append(append([]string{}, personKinds...), officeKinds...),
		Handle: ledger.Each(func(ctx context.Context, tx db.Tx, e ledger.Entry) error {
			person, about := strings.CutPrefix(e.Subject, "person:")
			if about {
				return s.withdrawFrom(ctx, tx, person, "")
			}
			return s.withdrawFrom(ctx, tx, "", e.Unit)
		}),
	}
}

// withdrawFrom looks at what a person holds or, for "", what is held in a unit. What they
// may no longer hold is withdrawn.
func (s *Service) withdrawFrom(ctx context.Context, tx db.Tx, personID, unitID string) error {
	all, err := liveHoldings(ctx, tx, personID, unitID)
	if err != nil {
		return err
	}
	for _, h := range all {
		_, office, err := s.channel(ctx, tx, h.ChannelID)
		if err != nil {
			return err
		}
		may, err := s.personMayHold(ctx, h.PersonID, office)
		if err != nil {
			return err
		}
		if !may {
			if err := s.withdraw(ctx, tx, office, causePower, h); err != nil {
				return err
			}
		}
	}
	return s.withdrawDirectory(ctx, tx, personID, unitID)
}

// withdraw ends holdings: nobody is shown them any more. What was sealed stays until the
// key retires, for the case that nobody else is left (Mine).
func (s *Service) withdraw(ctx context.Context, tx db.Tx, office *org.Unit, cause string, all ...Holding) error {
	for _, h := range all {
		if err := lockChannel(ctx, tx, h.ChannelID); err != nil {
			return err
		}
		if err := revokeHolding(ctx, tx, &h, s.Now()); err != nil {
			return err
		}
		e := kindWithdrawn.Entry(holdingFacts{Generation: h.N, Cause: cause})
		if err := s.Ledger.Record(ctx, tx, at(e, "person:"+h.PersonID, office)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) withdrawDirectory(ctx context.Context, tx db.Tx, personID, unitID string) error {
	all, err := liveDirectoryWraps(ctx, tx, personID, unitID)
	if err != nil {
		return err
	}
	for _, w := range all {
		office, err := s.Org.UnitTx(ctx, tx, w.UnitID)
		if err != nil {
			return err
		}
		may, err := s.personMayHold(ctx, w.PersonID, office)
		if err != nil {
			return err
		}
		if !may {
			if err := s.withdrawWrap(ctx, tx, office, causePower, &w); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) withdrawWrap(ctx context.Context, tx db.Tx, office *org.Unit, cause string, w *DirectoryWrap) error {
	if err := revokeDirectoryWrap(ctx, tx, w, s.Now()); err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, at(kindDirWithdraw.Entry(directoryFacts{Cause: cause}), "person:"+w.PersonID, office))
}

// Sweep withdraws what nobody told of, such as from people whose membership ended with a
// day, and drops ceremonies and recoveries that are over. Call it every hour.
func (s *Service) Sweep(ctx context.Context) error {
	people, err := holdersAnywhere(ctx, s.DB.Read())
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return s.withdrawFrom(ctx, tx, p, "") }); err != nil {
			return err
		}
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := s.dropExpired(ctx, tx); err != nil {
			return err
		}
		return deleteGiven(ctx, tx, s.Now())
	})
}

func (s *Service) dropExpired(ctx context.Context, tx db.Tx) error {
	all, err := expiredGenerations(ctx, tx, s.Now())
	if err != nil {
		return err
	}
	for i := range all {
		_, office, err := s.channel(ctx, tx, all[i].ChannelID)
		if err != nil {
			return err
		}
		if err := s.drop(ctx, tx, &all[i], office, causeExpired); err != nil {
			return err
		}
	}
	return nil
}
