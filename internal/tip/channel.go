// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// Channel is an office that receives tips, and the key that they are sealed to now.
type Channel struct {
	ID         string
	Office     string // unit
	OfficeName string
	Place      place.Path // that the office is set over
	Group      string     // path of the office in the group trunk
	Generation int
	Recipient  string
	Statement  string   // signed by two key holders
	Hybrid     bool     // the key withstands quantum computers
	Holders    []string // people who hold the key: nobody else can open what comes
}

// Channels are the offices that can receive what is sealed.
type Channels interface {
	// ChannelsAt returns the channels that have a key, of the offices set over the places.
	ChannelsAt(ctx context.Context, q db.Q, places []place.Path) ([]Channel, error)
	// Channel returns one channel, or NotFound when it has no key.
	Channel(ctx context.Context, q db.Q, id string) (*Channel, error)
	// Trust returns what phones check statements with: the directory's public key and the
	// list of signers under its signature. Both are "" before the first ceremony.
	Trust(ctx context.Context, q db.Q) (directory, signers string, err error)
	// Statements returns what two people signed of every key in use.
	Statements(ctx context.Context, q db.Q) ([]string, error)
}

// Route is where a tip goes.
type Route struct {
	Channel  Channel
	Rerouted bool      // a nearer office was passed over, because it might be a party
	Unit     *org.Unit // that was named, or nil
}

// question is what a route depends on.
type question struct {
	place place.Path
	code  string
}

// Route returns the channel for what happens at a place, or concerns the unit with that QR
// code: of the nearest office at or above the place that is no party to it. NotFound when
// nobody can receive it sealed.
func (s *Service) Route(ctx context.Context, at place.Path, unitCode string) (*Route, error) {
	return s.findRoute(ctx, question{at, strings.ToUpper(unitCode)})
}

// routeTo returns the route of a tip that says which channel it was routed to. What is
// remembered of a while ago will do when it agrees; else an office may have opened or closed
// a channel since, and the phone knows better.
func (s *Service) routeTo(ctx context.Context, in *Submission) (*Route, error) {
	ask := question{in.Place, strings.ToUpper(in.UnitCode)}
	r, err := s.routes.Of(ctx, ask, s.findRoute)
	if err != nil || r.Channel.ID == in.Channel {
		return r, err
	}
	if r, err = s.findRoute(ctx, ask); err == nil && r.Channel.ID != in.Channel {
		err = errStale()
	}
	return r, err
}

func (s *Service) findRoute(ctx context.Context, ask question) (*Route, error) {
	if err := s.knownPlace(ctx, ask.place); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	named, err := s.named(ctx, ask.code)
	if err != nil {
		return nil, err
	}
	rungs, err := s.Org.Rungs(ctx, q, ask.place)
	if err != nil {
		return nil, err
	}
	all, err := s.Keys.ChannelsAt(ctx, q, rungs)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b Channel) int {
		return cmp.Compare(slices.Index(rungs, a.Place), slices.Index(rungs, b.Place))
	})
	own, err := s.ownPeople(ctx, q, named, all)
	if err != nil {
		return nil, err
	}
	return choose(all, named, own)
}

func (s *Service) knownPlace(ctx context.Context, p place.Path) error {
	bad := errs.InvalidFields(errs.At("place", "tip.no_place"))
	if !p.Valid() {
		return bad
	}
	_, err := s.Org.RegionAt(ctx, p)
	if errs.KindOf(err) == errs.NotFound {
		return bad
	}
	return err
}

// named returns the unit with a QR code, or nil when none is named.
func (s *Service) named(ctx context.Context, code string) (*org.Unit, error) {
	if code == "" {
		return nil, nil
	}
	u, err := s.Org.UnitByCode(ctx, code)
	if errs.KindOf(err) == errs.NotFound {
		return nil, errs.InvalidFields(errs.At("unit_code", "tip.no_unit"))
	}
	return u, err
}

// choose returns the first of the channels, nearest first, that is no party to what concerns
// the named unit. own says who works in that unit or its group.
func choose(all []Channel, named *org.Unit, own map[string]bool) (*Route, error) {
	for i, c := range all {
		if !c.party(named, own) {
			return &Route{Channel: c, Rerouted: i > 0, Unit: named}, nil
		}
	}
	return nil, errs.New(errs.NotFound, "tip.no_channel")
}

// party reports whether c may have an interest in what is said of u:
//
//   - it is u, or belongs to the same group as u: over it, under it or beside it;
//   - u is an office or department of government, and c's office stands at or below its
//     rung of the division tree: nobody judges a superior or a colleague;
//   - everybody who could open the tip works in u or in its group.
func (c *Channel) party(u *org.Unit, own map[string]bool) bool {
	if u == nil {
		return false
	}
	return c.Office == u.ID || sameGroup(c.Group, u.GroupPath) ||
		ofGovernment(u) && u.Place.Contains(c.Place) ||
		!slices.ContainsFunc(c.Holders, func(person string) bool { return !own[person] })
}

func ofGovernment(u *org.Unit) bool { return u.Kind == org.UnitOffice || u.Kind == org.UnitDepartment }

// sameGroup reports whether two units have the same owner at the top of the group trunk.
func sameGroup(a, b string) bool { return a != "" && b != "" && groupTop(a) == groupTop(b) }

func groupTop(path string) string { top, _, _ := strings.Cut(path, "/"); return top }

// ownPeople returns which holders of the channels' keys work today in u or in its group.
func (s *Service) ownPeople(ctx context.Context, q db.Q, u *org.Unit, all []Channel) (map[string]bool, error) {
	if u == nil {
		return nil, nil
	}
	var holders []string
	for _, c := range all {
		holders = append(holders, c.Holders...)
	}
	return s.WorksFor(ctx, q, u, holders...)
}

// WorksFor returns which of the people work today in u or in its group, and so may be a
// party to what is said of u.
func (s *Service) WorksFor(ctx context.Context, q db.Q, u *org.Unit, people ...string) (map[string]bool, error) {
	own := map[string]bool{}
	if len(people) == 0 {
		return own, nil
	}
	members, err := s.Org.Memberships(ctx, q, people)
	if err != nil {
		return nil, err
	}
	units := map[string]bool{}
	for _, m := range members {
		in, known := units[m.UnitID]
		if !known {
			at, err := s.Org.UnitTx(ctx, q, m.UnitID)
			if err != nil {
				return nil, err
			}
			in = sameGroup(at.GroupPath, u.GroupPath)
			units[m.UnitID] = in
		}
		own[m.PersonID] = own[m.PersonID] || in
	}
	return own, nil
}
