// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

// row is how a Campaign lies in the table.
type row struct {
	bun.BaseModel `bun:"table:campaign,alias:c"`

	ID              string     `bun:"id,pk"`
	Slug            string     `bun:"slug"`
	Year            int        `bun:"year"`
	Number          int        `bun:"number"`
	Title           string     `bun:"title"`
	Theme           string     `bun:"theme"`
	Summary         string     `bun:"summary"`
	Place           place.Path `bun:"place"`
	Starts          clock.Day  `bun:"starts"`
	Ends            clock.Day  `bun:"ends"`
	ConsultationDay clock.Day  `bun:"consultation_day"`
	TourStarts      clock.Day  `bun:"tour_starts"`
	TourEnds        clock.Day  `bun:"tour_ends"`
	TourBrand       string     `bun:"tour_brand"`
	Until           clock.Day  `bun:"until"`
	Mode            Mode       `bun:"mode"`
	Template        string     `bun:"template"`
	Created         time.Time  `bun:"created"`
	Version         int        `bun:"version"`
}

func toRow(c *Campaign) *row {
	return &row{ID: c.ID, Slug: c.Slug, Year: c.Year, Number: c.Number, Title: c.Title, Theme: c.Theme,
		Summary: c.Summary, Place: c.Place, Starts: c.Starts, Ends: c.Ends, ConsultationDay: c.ConsultationDay,
		TourStarts: c.TourStarts, TourEnds: c.TourEnds, TourBrand: c.TourBrand, Until: c.Until(),
		Mode: c.Mode, Template: c.Template, Version: c.Version}
}

func (r *row) campaign() *Campaign {
	return &Campaign{ID: r.ID, Slug: r.Slug, Year: r.Year, Number: r.Number, Title: r.Title, Theme: r.Theme,
		Summary: r.Summary, Place: r.Place, Starts: r.Starts, Ends: r.Ends, ConsultationDay: r.ConsultationDay,
		TourStarts: r.TourStarts, TourEnds: r.TourEnds, TourBrand: r.TourBrand,
		Mode: r.Mode, Template: r.Template, Version: r.Version}
}

func insert(ctx context.Context, tx db.Tx, c *Campaign, now time.Time) error {
	r := toRow(c)
	r.Created = now
	_, err := tx.NewInsert().Model(r).Exec(ctx)
	return err
}

// save writes c back, unless someone else changed it since it was read.
func save(ctx context.Context, tx db.Tx, c *Campaign) error {
	r := toRow(c)
	r.Version++
	res, err := tx.NewUpdate().Model(r).ExcludeColumn("id", "created").
		WherePK().Where("version = ?", c.Version).Exec(ctx)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return errs.New(errs.Conflict, "campaign.changed")
	}
	c.Version++
	return nil
}

func get(ctx context.Context, q db.Q, id string) (*Campaign, error) {
	var r row
	return one(&r, q.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx))
}

func bySlug(ctx context.Context, q db.Q, slug string) (*Campaign, error) {
	var r row
	return one(&r, q.NewSelect().Model(&r).Where("slug = ?", slug).Scan(ctx))
}

func one(r *row, err error) (*Campaign, error) {
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "campaign.not_found")
	}
	if err != nil {
		return nil, err
	}
	return r.campaign(), nil
}

type listKey struct {
	Year int    `json:"y"`
	ID   string `json:"i"`
}

func list(ctx context.Context, q db.Q, after listKey, limit int) ([]*Campaign, error) {
	var rows []row
	sel := q.NewSelect().Model(&rows).OrderExpr("year DESC, id DESC").Limit(int64(limit))
	if after.ID != "" {
		sel = sel.Where("(year, id) < (?, ?)", after.Year, after.ID)
	}
	err := sel.Scan(ctx)
	return campaigns(rows, err)
}

func runningOn(ctx context.Context, q db.Q, day clock.Day) ([]*Campaign, error) {
	var rows []row
	err := q.NewSelect().Model(&rows).Where("starts <= ?", day).Where("until >= ?", day).OrderExpr("id").Scan(ctx)
	return campaigns(rows, err)
}

func latestAbove(ctx context.Context, q db.Q, p place.Path) (*Campaign, error) {
	var rows []row
	err := q.NewSelect().Model(&rows).Where("place IN (?)", bun.List(p.Chain())).
		OrderExpr("year DESC, length(place) DESC").Limit(1).Scan(ctx)
	all, err := campaigns(rows, err)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

func campaigns(rows []row, err error) ([]*Campaign, error) {
	if err != nil {
		return nil, err
	}
	out := make([]*Campaign, len(rows))
	for i := range rows {
		out[i] = rows[i].campaign()
	}
	return out, nil
}

// Member is a unit that takes part in a campaign.
type Member struct {
	bun.BaseModel `bun:"table:campaign_unit,alias:cu" json:"-"`

	Campaign string    `bun:"campaign_id,pk" json:"c"`
	Unit     string    `bun:"unit_id,pk" json:"u"`
	Joined   time.Time `bun:"joined" json:"j"`
}

// insertUnit adds a member and reports whether it is a new one.
func insertUnit(ctx context.Context, tx db.Tx, campaignID, unitID string, now time.Time) (bool, error) {
	res, err := tx.NewInsert().Model(&Member{Campaign: campaignID, Unit: unitID, Joined: now}).
		On("CONFLICT (campaign_id, unit_id) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func members(ctx context.Context, q db.Q, campaignID string, after Member, limit int) ([]Member, error) {
	var ms []Member
	sel := q.NewSelect().Model(&ms).Where("campaign_id = ?", campaignID).OrderExpr("joined, unit_id").Limit(int64(limit))
	if after.Unit != "" {
		sel = sel.Where("(joined, unit_id) > (?, ?)", after.Joined, after.Unit)
	}
	return ms, sel.Scan(ctx)
}
