// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"embed"
	"io/fs"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/rules"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

type indicatorAdded struct {
	Indicator string `json:"indicator"`
	Op        string `json:"op"`
}

var kindAdded = ledger.Define[indicatorAdded]("stats.indicator_added.v1")

// Kinds returns the kinds of ledger entries that this package writes.
func Kinds() []string { return []string{kindAdded.Name()} }

// Org is what stats asks about places and units.
type Org interface {
	// UnitObject returns where a unit stands, for permissions; NotFound when there is none.
	UnitObject(ctx context.Context, id string) (actor.Object, error)
	PlaceNames(ctx context.Context, places []place.Path) (map[place.Path]string, error)
	UnitNames(ctx context.Context, ids []string) (map[string]string, error)
}

// Config is what a Service needs.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    clock.Clock
	Org    Org
	// Home returns the place that the installation serves; adding indicators needs
	// rules.PermEdit there. Nil: the nation.
	Home func(ctx context.Context) (place.Path, error)
	// Changed is told, at most twice a second, in which places numbers moved: each
	// place of an entry and all above it, sorted. It may be nil.
	Changed func(places []place.Path)
}

// Service keeps roll-ups and answers for figures.
type Service struct {
	db     *db.DB
	ledger *ledger.Ledger
	now    clock.Clock
	org    Org
	home   func(ctx context.Context) (place.Path, error)
	teller teller
	added  chan struct{} // wakes Follow
}

// New returns a Service. Call Seed once the database is migrated, give Reader to
// the ledger, and let Follow run.
func New(cfg Config) *Service {
	s := &Service{db: cfg.DB, ledger: cfg.Ledger, now: cfg.Now, org: cfg.Org, home: cfg.Home, added: make(chan struct{}, 1),
		teller: teller{tell: cfg.Changed, places: map[place.Path]bool{}}}
	if s.home == nil {
		s.home = func(context.Context) (place.Path, error) { return place.Nation, nil }
	}
	return s
}

// Seed stores the built-in indicators that are not there yet. What the ledger
// already holds is counted for them by Follow.
func (s *Service) Seed(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		at, err := s.ledger.Position(ctx, tx, readerName)
		if err != nil {
			return err
		}
		list := make([]Indicator, len(builtin))
		for i, in := range builtin {
			in.Builtin = true
			in.Live = !in.counted() || at == ledger.Pos{} // nothing to count yet
			list[i] = in
		}
		return addIndicators(ctx, tx, list)
	})
}

// Indicators returns every indicator by key.
func (s *Service) Indicators(ctx context.Context) ([]Indicator, error) {
	return indicators(ctx, s.db.Read(), false)
}

func (s *Service) byKey(ctx context.Context) (map[string]Indicator, error) {
	list, err := s.Indicators(ctx)
	m := make(map[string]Indicator, len(list))
	for _, in := range list {
		m[in.Key] = in
	}
	return m, err
}

// Add stores a new indicator of the actor in ctx. What the ledger already holds is
// counted for it by Follow; until then its figures say that they are not complete.
func (s *Service) Add(ctx context.Context, in Indicator) (Indicator, error) {
	home, err := s.home(ctx)
	if err != nil {
		return Indicator{}, err
	}
	if err := actor.From(ctx).Require(rules.PermEdit, actor.Object{Place: home}); err != nil {
		return Indicator{}, err
	}
	others, err := s.byKey(ctx)
	if err != nil {
		return Indicator{}, err
	}
	if err := in.check(others); err != nil {
		return Indicator{}, err
	}
	in.Builtin, in.Live = false, !in.counted()
	e := kindAdded.Entry(indicatorAdded{in.Key, string(in.Op)})
	e.Place, e.Subject = home, "indicator:"+in.Key
	err = s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := insertIndicator(ctx, tx, in); err != nil {
			return err
		}
		return s.ledger.Record(ctx, tx, e)
	})
	if err != nil {
		return Indicator{}, err
	}
	select {
	case s.added <- struct{}{}:
	default:
	}
	return in, nil
}

// Scope is what a figure is about: a place and all below it, or a unit and all below
// it in its group. Exactly one is set.
type Scope struct {
	Place place.Path
	Unit  string
}

// mayRead refuses who may not see figures of sc. Figures of a place are sums, so
// whoever may read them for a line there may read them for the place.
func (s *Service) mayRead(ctx context.Context, sc Scope) error {
	by := actor.From(ctx)
	if by.Public() {
		return errs.New(errs.Unauthenticated, "auth.sign_in")
	}
	if (sc.Place == "") == (sc.Unit == "") {
		return errs.New(errs.Invalid, "stats.place_or_unit")
	}
	if sc.Unit != "" {
		o, err := s.org.UnitObject(ctx, sc.Unit)
		if err == nil && !by.May(PermRead, o) {
			err = errs.New(errs.NotFound, "stats.no_unit")
		}
		return err
	}
	if !sc.Place.Valid() {
		return errs.New(errs.Invalid, "stats.place_or_unit")
	}
	for _, scope := range by.Scopes(PermRead) {
		if scope.Place.Contains(sc.Place) {
			return nil
		}
	}
	return errs.New(errs.Denied, "auth.denied", "perm", PermRead)
}
