// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"embed"
	"io/fs"
	"slices"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

// Config is what a Service is made of.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    clock.Clock
	IDs    *id.Source
	Org    *org.Service
	Origin string // the deployment's name in signed texts, until a directory key fixes it
	// Recent refuses people who have not proved lately who they are; nil asks nobody. It is
	// asked before every act with keys, and before sealed keys are shown.
	Recent func(ctx context.Context) error
	// Sealed counts what is sealed to a generation of a channel's key; whoever seals plugs it in.
	Sealed func(ctx context.Context, q db.Q, channelID string, generation int) (int64, error)
}

// Service is what the rest of Anlan may ask of this package.
type Service struct{ Config }

// New returns a Service.
func New(cfg Config) *Service {
	cfg.Origin = oneLine(cfg.Origin)
	return &Service{cfg}
}

func (s *Service) recent(ctx context.Context) error {
	if s.Recent == nil {
		return nil
	}
	return s.Recent(ctx)
}

// change runs an act with keys in a transaction.
func (s *Service) change(ctx context.Context, fn func(context.Context, db.Tx) error) error {
	if err := s.recent(ctx); err != nil {
		return err
	}
	return s.DB.InTx(ctx, fn)
}

// changeV is change for an act with a result.
func changeV[T any](ctx context.Context, s *Service, fn func(context.Context, db.Tx) (T, error)) (T, error) {
	if err := s.recent(ctx); err != nil {
		var zero T
		return zero, err
	}
	return db.InTxV(ctx, s.DB, fn)
}

// mayHold reports whether a, who acts in the name of the office, may hold its keys.
// Those of an office above may not, however far their power reaches.
func mayHold(a actor.Actor, office *org.Unit) bool {
	return office.Live() && office.Kind == org.UnitOffice && a.Unit == office.ID && a.May(PermHold, office.Object())
}

// personMayHold is mayHold for somebody who is not asking.
func (s *Service) personMayHold(ctx context.Context, personID string, office *org.Unit) (bool, error) {
	a, err := s.Org.ActorOf(ctx, personID, office.ID)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	return err == nil && mayHold(a, office), err
}

// anywhere refuses people who hold keys nowhere.
func anywhere(ctx context.Context) error {
	_, err := org.ScopesOf(ctx, PermHold)
	return err
}

// enter returns a channel and its office to those who may hold its keys; to others there
// is no such channel.
func (s *Service) enter(ctx context.Context, q db.Q, channelID string) (*Channel, *org.Unit, error) {
	if by := actor.From(ctx); by.Public() {
		return nil, nil, errs.New(errs.Unauthenticated, "auth.sign_in")
	}
	c, office, err := s.channel(ctx, q, channelID)
	if err != nil {
		return nil, nil, err
	}
	if !mayHold(actor.From(ctx), office) {
		return nil, nil, errs.New(errs.NotFound, "tipkey.no_channel")
	}
	return c, office, nil
}

// enterTx is enter for an act: one at a time goes on with a channel's keys.
func (s *Service) enterTx(ctx context.Context, tx db.Tx, channelID string) (*Channel, *org.Unit, error) {
	if err := lockChannel(ctx, tx, channelID); err != nil {
		return nil, nil, err
	}
	return s.enter(ctx, tx, channelID)
}

// channel returns a channel with its office, whoever asks.
func (s *Service) channel(ctx context.Context, q db.Q, channelID string) (*Channel, *org.Unit, error) {
	c, err := channelBy(ctx, q, channelID)
	if err != nil {
		return nil, nil, err
	}
	office, err := s.Org.UnitTx(ctx, q, c.UnitID)
	if err != nil {
		return nil, nil, err
	}
	c.OfficeName, c.Place = oneLine(office.Name), office.Place
	return c, office, nil
}

// held returns the live holding of the actor of ctx.
func held(ctx context.Context, q db.Q, g *Generation) (*Holding, error) {
	all, err := holdingsOf(ctx, q, g.ChannelID, g.N)
	if err != nil {
		return nil, err
	}
	me := actor.From(ctx).ID
	if i := slices.IndexFunc(all, func(h Holding) bool { return h.PersonID == me && h.live() }); i >= 0 {
		return &all[i], nil
	}
	return nil, errs.New(errs.Denied, "tipkey.not_holder")
}

// origin returns the deployment's name in signed texts.
func (s *Service) origin(ctx context.Context, q db.Q) (string, error) {
	d, err := directoryIn(ctx, q, DirectoryActive)
	if err != nil || d == nil {
		return s.Origin, err
	}
	return d.Origin, nil
}
