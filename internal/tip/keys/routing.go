// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"slices"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// Current returns the generation that phones seal to, with its statement; NotFound when
// the channel has none, or nobody is left who could open what is sealed to it.
func (s *Service) Current(ctx context.Context, q db.Q, channelID string) (*Generation, error) {
	g, err := currentOf(ctx, q, channelID)
	if err != nil {
		return nil, err
	}
	return g, fillStatements(ctx, q, []*Generation{g})
}

// receives returns the number of the generation that phones seal to, 0 when there is none.
func (s *Service) receives(ctx context.Context, channelID string) (int, error) {
	g, err := currentOf(ctx, s.DB.Read(), channelID)
	if errs.KindOf(err) == errs.NotFound {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return g.N, nil
}

// Generations returns all generations of a channel, the newest first.
func (s *Service) Generations(ctx context.Context, q db.Q, channelID string) ([]Generation, error) {
	all, err := generationsOf(ctx, q, channelID)
	if err != nil {
		return nil, err
	}
	refs := make([]*Generation, len(all))
	for i := range all {
		refs[i] = &all[i]
	}
	return all, fillStatements(ctx, q, refs)
}

// fillStatements puts the signatures to the texts that have both.
func fillStatements(ctx context.Context, q db.Q, all []*Generation) error {
	var ids []string
	for _, g := range all {
		if g.ConfirmerKey != "" {
			ids = append(ids, g.MakerKey, g.ConfirmerKey)
		}
	}
	signers, err := signersByID(ctx, q, ids)
	if err != nil {
		return err
	}
	for _, g := range all {
		if g.ConfirmerKey != "" {
			g.Statement = signed(g.Text, signers[g.MakerKey], g.MakerSig, signers[g.ConfirmerKey], g.ConfirmerSig)
		}
	}
	return nil
}

// Receiver is a channel that can receive tips now.
type Receiver struct {
	Channel
	Group      string // path of the office in the group trunk
	Generation Generation
	Holders    []string // people who hold that generation
}

// ReceiversAt returns the channels that can receive, of the offices set over any of the
// places.
func (s *Service) ReceiversAt(ctx context.Context, q db.Q, places []place.Path) ([]Receiver, error) {
	offices, err := s.Org.OfficesAt(ctx, q, places)
	if err != nil {
		return nil, err
	}
	units := make([]string, len(offices))
	for i, u := range offices {
		units[i] = u.ID
	}
	channels, err := channelsOfUnits(ctx, q, units)
	if err != nil {
		return nil, err
	}
	var out []Receiver
	for _, c := range channels {
		r, err := s.receiver(ctx, q, c, offices[slices.Index(units, c.UnitID)])
		if errs.KindOf(err) == errs.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, *r)
	}
	return out, nil
}

// Receiver returns one channel; NotFound when it can receive nothing.
func (s *Service) Receiver(ctx context.Context, q db.Q, channelID string) (*Receiver, error) {
	c, office, err := s.channel(ctx, q, channelID)
	if err != nil {
		return nil, err
	}
	if !office.Live() {
		return nil, errs.New(errs.NotFound, "tipkey.no_channel")
	}
	return s.receiver(ctx, q, c, office)
}

func (s *Service) receiver(ctx context.Context, q db.Q, c *Channel, office *org.Unit) (*Receiver, error) {
	g, err := s.Current(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	all, err := holdingsOf(ctx, q, c.ID, g.N)
	if err != nil {
		return nil, err
	}
	c.OfficeName, c.Place = oneLine(office.Name), office.Place
	r := &Receiver{Channel: *c, Group: office.GroupPath, Generation: *g}
	for _, h := range all {
		if h.live() {
			r.Holders = append(r.Holders, h.PersonID)
		}
	}
	return r, nil
}

// MayOpen reports whether a holds a generation of a channel's key and still may; what is
// sealed to it, only they can open.
func (s *Service) MayOpen(ctx context.Context, a actor.Actor, channelID string, n int) bool {
	q := s.DB.Read()
	_, office, err := s.channel(ctx, q, channelID)
	if err != nil || !mayHold(a, office) {
		return false
	}
	g, err := generation(ctx, q, channelID, n)
	if err != nil || !g.open() {
		return false
	}
	all, err := holdingsOf(ctx, q, channelID, n)
	return err == nil && mineOf(all, n, a.ID) != nil
}

// Trust returns the directory key and the list of signers under its signature, by which a
// phone believes a statement; both are "" before the first ceremony.
func (s *Service) Trust(ctx context.Context, q db.Q) (directory, signers string, err error) {
	d, err := directoryIn(ctx, q, DirectoryActive)
	if err != nil || d == nil {
		return "", "", err
	}
	list, err := signersOf(ctx, q, d.ID)
	if err != nil || list == nil {
		return d.VKey, "", err
	}
	return d.VKey, signed(list.Text, d.VKey, list.Signature), nil
}

// Statements returns the signed statements of all keys that phones seal to.
func (s *Service) Statements(ctx context.Context, q db.Q) ([]string, error) {
	all, err := allCurrent(ctx, q)
	if err != nil {
		return nil, err
	}
	refs := make([]*Generation, len(all))
	for i := range all {
		refs[i] = &all[i]
	}
	err = fillStatements(ctx, q, refs)
	out := make([]string, len(all))
	for i, g := range all {
		out[i] = g.Statement
	}
	slices.Sort(out)
	return out, err
}
