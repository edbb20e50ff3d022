// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"embed"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/stats"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

type (
	changedFacts struct {
		Year   int    `json:"year"`
		Number int    `json:"number"`
		Mode   string `json:"mode"`
	}
	joinedFacts struct {
		Year int `json:"year"`
	}
)

var (
	kindCreated = ledger.Define[changedFacts]("campaign.created.v1")
	kindChanged = ledger.Define[changedFacts]("campaign.changed.v1")
	kindJoined  = ledger.Define[joinedFacts]("campaign.joined.v1")
)

// Kinds lists the kinds of ledger entries that this package writes.
func Kinds() []string { return []string{kindCreated.Name(), kindChanged.Name(), kindJoined.Name()} }

// Config is what a Service is made of.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    clock.Clock
	IDs    *id.Source
	Org    *org.Service
	Stats  *stats.Service
}

// Service is what the rest of Anlan may ask of this package.
type Service struct {
	Config
	cacheMu sync.Mutex
	cache   cached
}

// New returns a Service.
func New(cfg Config) *Service { return &Service{Config: cfg} }

// Create adds a campaign at c.Place. The slug is made here when it is empty.
func (s *Service) Create(ctx context.Context, c *Campaign) (*Campaign, error) {
	if err := actor.From(ctx).Require(PermEdit, actor.Object{Place: c.Place}); err != nil {
		return nil, err
	}
	if err := s.checked(ctx, c); err != nil {
		return nil, err
	}
	c.ID, c.Version = s.IDs.New(), 1
	if c.Slug == "" {
		c.Slug = strconv.Itoa(c.Year) + "-" + c.Place.Code()
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		err := insert(ctx, tx, c, s.Now())
		if db.IsUnique(err) {
			return errs.New(errs.Conflict, "campaign.exists", "year", c.Year)
		}
		if err != nil {
			return err
		}
		return s.Ledger.Record(ctx, tx, entryOf(kindCreated, c))
	})
	s.forget()
	return c, err
}

// Change writes c back over the campaign of the same id; c.Version must be current.
func (s *Service) Change(ctx context.Context, c *Campaign) (*Campaign, error) {
	if err := s.checked(ctx, c); err != nil {
		return nil, err
	}
	out, err := db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (*Campaign, error) {
		old, err := get(ctx, tx, c.ID)
		if err != nil {
			return nil, err
		}
		if err := actor.From(ctx).Require(PermEdit, actor.Object{Place: old.Place}); err != nil {
			return nil, err
		}
		c.Place, c.Slug, c.Template = old.Place, old.Slug, old.Template
		if err := save(ctx, tx, c); err != nil {
			return nil, err
		}
		return c, s.Ledger.Record(ctx, tx, entryOf(kindChanged, c))
	})
	s.forget()
	return out, err
}

func (s *Service) checked(ctx context.Context, c *Campaign) error {
	c.Title, c.Theme, c.Summary = strings.TrimSpace(c.Title), strings.TrimSpace(c.Theme), strings.TrimSpace(c.Summary)
	if err := c.Check(); err != nil {
		return err
	}
	if _, err := s.Org.RegionAt(ctx, c.Place); err != nil {
		return errs.InvalidFields(errs.At("place", "campaign.bad_place"))
	}
	return nil
}

func entryOf(k ledger.Kind[changedFacts], c *Campaign) ledger.Entry {
	e := k.Entry(changedFacts{Year: c.Year, Number: c.Number, Mode: string(c.Mode)})
	e.Campaign, e.Place, e.Subject = c.ID, c.Place, "campaign:"+c.ID
	return e
}

// Campaign returns a campaign that covers a place in the actor's scope.
func (s *Service) Campaign(ctx context.Context, id string) (*Campaign, error) {
	c, err := get(ctx, s.DB.Read(), id)
	if err != nil {
		return nil, err
	}
	if !visible(actor.From(ctx), c) {
		return nil, errs.New(errs.NotFound, "campaign.not_found")
	}
	return c, nil
}

// visible: campaigns are public matter; staff see those at, above and below their places.
func visible(a actor.Actor, c *Campaign) bool {
	for _, sc := range a.Scopes(PermRead) {
		if sc.Trunk == actor.Group || sc.Place.Contains(c.Place) || c.Place.Contains(sc.Place) {
			return true
		}
	}
	return false
}

// BySlug returns the campaign with the public address slug; everybody may see it.
func (s *Service) BySlug(ctx context.Context, slug string) (*Campaign, error) {
	return bySlug(ctx, s.DB.Read(), slug)
}

// List returns the campaigns that the actor may see, the latest first.
func (s *Service) List(ctx context.Context, cursor string, limit int) (page.Of[*Campaign], error) {
	var after listKey
	if err := page.Decode(cursor, &after); err != nil {
		return page.Of[*Campaign]{}, err
	}
	all, err := list(ctx, s.DB.Read(), after, page.MaxLimit)
	if err != nil {
		return page.Of[*Campaign]{}, err
	}
	by := actor.From(ctx)
	seen := all[:0]
	for _, c := range all {
		if visible(by, c) && len(seen) <= limit {
			seen = append(seen, c)
		}
	}
	return page.Cut(seen, limit, func(c *Campaign) any { return listKey{c.Year, c.ID} }), nil
}

// Join lets units take part in a campaign; those that already do are passed over.
// It returns how many joined now.
func (s *Service) Join(ctx context.Context, id string, unitIDs []string) (int, error) {
	if len(unitIDs) == 0 || len(unitIDs) > page.MaxLimit {
		return 0, errs.InvalidFields(errs.At("unit_ids", "campaign.bad_units", "max", page.MaxLimit))
	}
	return db.InTxV(ctx, s.DB, func(ctx context.Context, tx db.Tx) (int, error) {
		c, err := get(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		joined := 0
		for _, unitID := range unitIDs {
			isNew, err := s.joinOne(ctx, tx, c, unitID)
			if err != nil {
				return 0, err
			}
			if isNew {
				joined++
			}
		}
		return joined, nil
	})
}

func (s *Service) joinOne(ctx context.Context, tx db.Tx, c *Campaign, unitID string) (bool, error) {
	u, err := s.Org.UnitTx(ctx, tx, unitID)
	if err != nil {
		return false, err
	}
	object := actor.Object{Place: u.Place, Lines: u.Lines, UnitPath: u.GroupPath}
	by := actor.From(ctx)
	if !by.May(PermEdit, object) {
		if err := by.Require(PermJoin, object); err != nil {
			return false, err
		}
	}
	if !c.Place.Contains(u.Place) {
		return false, errs.New(errs.Invalid, "campaign.unit_elsewhere", "unit", u.Name)
	}
	isNew, err := insertUnit(ctx, tx, c.ID, u.ID, s.Now())
	if err != nil || !isNew {
		return false, err
	}
	e := kindJoined.Entry(joinedFacts{Year: c.Year})
	e.Campaign, e.Place, e.Unit, e.UnitPath, e.Subject = c.ID, u.Place, u.ID, u.GroupPath, "campaign:"+c.ID
	e.Quantities = []quantity.Quantity{quantity.Of(1, quantity.Firms)}
	return true, s.Ledger.Record(ctx, tx, e)
}

// Joined returns the units that take part, in the order of joining.
func (s *Service) Joined(ctx context.Context, id, cursor string, limit int) (page.Of[Member], error) {
	if _, err := s.Campaign(ctx, id); err != nil {
		return page.Of[Member]{}, err
	}
	var after Member
	if err := page.Decode(cursor, &after); err != nil {
		return page.Of[Member]{}, err
	}
	ms, err := members(ctx, s.DB.Read(), id, after, limit+1)
	return page.Cut(ms, limit, func(m Member) any { return m }), err
}

// At returns the place that a campaign of the actor would be made at: that of
// their widest grant to edit campaigns, or "".
func (s *Service) At(ctx context.Context) place.Path {
	var widest place.Path
	for _, sc := range actor.From(ctx).Scopes(PermEdit) {
		if sc.Trunk == actor.Territory && (widest == "" || sc.Place.Contains(widest)) {
			widest = sc.Place
		}
	}
	return widest
}
