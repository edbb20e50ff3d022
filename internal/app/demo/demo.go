// SPDX-License-Identifier: Apache-2.0

// Package demo fills an empty installation with an invented county that has lived
// for five weeks: places, offices, enterprises, people, and three hundred hazards in
// every state. It goes the same way as people do, through the services, on a clock
// that it moves, so that everything it leaves behind is what the program would have made.
//
// demo.go is the order of things; county.go is what is invented, people.go who
// works there, story.go what happens to each hazard, tell.go lets it happen; scene.go
// and canvas.go draw the pictures; keyholder.go and ceremony.go play the browsers of those
// who hold the office's keys, tips.go those of people who turn to it.
package demo

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"anlan/internal/auth"
	"anlan/internal/campaign"
	"anlan/internal/evidence"
	"anlan/internal/hazard"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/tip"
	"anlan/internal/tip/keys"
)

// Past is how long the county has lived when the demo opens.
const Past = 35 * 24 * time.Hour

// What the demo's major hazards cite: 工贸企业重大事故隐患判定标准 (应急管理部令第10号)
// on confined spaces.
const demoStandard, demoClause = "mem-10-2023", "第十三条"

// hazardCount is how many hazards it had.
const hazardCount = 300

// Password is that of every demo account.
const Password = "anlan-demo-2026"

// Services are what the demo acts through. Clock is theirs.
type Services struct {
	Clock    *clock.Manual
	Org      *org.Service
	Auth     *auth.Service
	Evidence *evidence.Service
	Campaign *campaign.Service
	Hazard   *hazard.Service
	TipKeys  *keys.Service
	Tips     *tip.Service
}

// life is the demo under way.
type life struct {
	Services
	operator context.Context
	rnd      *rand.Rand

	place     place.Path
	townPaths []place.Path
	office    *org.Unit
	towns     map[place.Path]*org.Unit // the town's office
	lines     map[string]*org.Unit     // the department of a line
	firms     []*firm
	staff     map[string]context.Context // by login
	hired     int
	earlier   *hazard.Hazard // one that others may repeat
}

// firm is an enterprise with the people whom its stories need.
type firm struct {
	*org.Unit
	head, safety, leader, worker context.Context
}

// Fill fills the installation up to now. It takes its time from s.Clock, which it
// sets to Past before now and moves.
func Fill(ctx context.Context, s Services, now time.Time) error {
	s.Clock.Set(now.Add(-Past))
	c := &life{Services: s, operator: actor.With(ctx, org.Operator()), rnd: rand.New(rand.NewPCG(2020, 6)),
		towns: map[place.Path]*org.Unit{}, lines: map[string]*org.Unit{}, staff: map[string]context.Context{}}
	for _, step := range []func() error{c.foundPlaces, c.foundOffices, c.foundFirms, c.openAccounts, c.holdKeys, c.openCampaign} {
		if err := step(); err != nil {
			return err
		}
	}
	if err := c.live(now); err != nil {
		return err
	}
	return c.tell(now)
}

// foundPlaces adds the province down to its towns, and a zone.
func (c *life) foundPlaces() error {
	at := place.Nation
	for _, r := range []region{province, prefecture, county} {
		at = at.Child(r.code)
		if err := c.Org.AddRegion(c.operator, org.Region{Path: at, Name: r.name}); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	c.place = at
	for _, r := range towns {
		p := at.Child(r.code)
		if err := c.Org.AddRegion(c.operator, org.Region{Path: p, Name: r.name}); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		c.townPaths = append(c.townPaths, p)
	}
	z, err := c.Org.AddZone(c.operator, at, zone.name, nil)
	if err != nil {
		return err
	}
	c.townPaths = append(c.townPaths, z.Path)
	return nil
}

// openCampaign lets the county hold this year's campaign, and every enterprise join.
func (c *life) openCampaign() error {
	year := c.Clock.Now().In(clock.Beijing).Year()
	k := campaign.Template2020.For(year)
	k.Place = c.place
	if k.Theme == "" {
		k.Theme = "人人讲安全、个个会应急（示范主题）"
	}
	k.Title = fmt.Sprintf("示范县%d年“安全生产月”和“安全生产万里行”活动", year)
	k.Summary = "全县各乡镇、街道和企业查找身边隐患，人人都可以随手拍、随手报，每一条都查、都改、都验收。"
	k.TourBrand = "示范行"
	k, err := c.Campaign.Create(c.operator, k)
	if err != nil {
		return err
	}
	ids := make([]string, len(c.firms))
	for i, f := range c.firms {
		ids[i] = f.ID
	}
	_, err = c.Campaign.Join(c.operator, k.ID, ids)
	return err
}

// PrintAccounts tells how to sign in to the demo.
func PrintAccounts(out io.Writer) error {
	_, err := fmt.Fprintf(out, "\n  演示账户 demo accounts (密码 password: %s)\n", Password)
	for _, a := range accounts {
		if err == nil {
			_, err = fmt.Fprintf(out, "    %-12s %s\n", a.login, a.about)
		}
	}
	if err == nil {
		_, err = fmt.Fprintln(out)
	}
	return err
}
