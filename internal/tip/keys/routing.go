// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"slices"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
)

// Channel returns one channel, whoever asks, or NotFound.
func (s *Service) Channel(ctx context.Context, q db.Q, channelID string) (*Channel, error) {
	c, _, err := s.channel(ctx, q, channelID)
	return c, err
}

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

// ChannelFor returns the channel that receives tips about p: that of the nearest office at
// or above p that has a key and that not does not name. Rerouted says that a nearer office
// with a key was passed over because not named it. NotFound when none is left.
func (s *Service) ChannelFor(ctx context.Context, p place.Path, not func(unitID string) bool) (c *Channel, rerouted bool, err error) {
	for p != "" {
		office, err := s.Org.OfficeFor(ctx, p)
		if errs.KindOf(err) == errs.NotFound {
			break
		}
		if err != nil {
			return nil, false, err
		}
		c, err := s.active(ctx, office.ID)
		if err != nil {
			return nil, false, err
		}
		if c != nil && !not(office.ID) {
			c.OfficeName, c.Place = oneLine(office.Name), office.Place
			return c, rerouted, nil
		}
		rerouted = rerouted || c != nil
		p = above(p, office.Place)
	}
	return nil, false, errs.New(errs.NotFound, "tipkey.no_channel")
}

// above returns the place over an office that answers for p, which a zone's may do from a
// place beside p.
func above(p, office place.Path) place.Path {
	if office.Contains(p) {
		return office.Parent()
	}
	return p.Parent()
}

// active returns the channel of an office if it can receive, or nil.
func (s *Service) active(ctx context.Context, unitID string) (*Channel, error) {
	q := s.DB.Read()
	c, err := channelBy(ctx, q, "unit_id", unitID)
	if err == nil {
		_, err = currentOf(ctx, q, c.ID)
	}
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil
	}
	return c, err
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

// RetireTx ends a former generation to which nothing is sealed any more: what people hold
// of it goes for good. Conflict when it is not a former one.
func (s *Service) RetireTx(ctx context.Context, tx db.Tx, channelID string, n int) error {
	_, office, err := s.channel(ctx, tx, channelID)
	if err != nil {
		return err
	}
	g, err := generation(ctx, tx, channelID, n)
	if err != nil {
		return err
	}
	if g.State != Former {
		return errs.New(errs.Conflict, "tipkey.stale_generation")
	}
	all, err := holdingsOf(ctx, tx, channelID, n)
	if err != nil {
		return err
	}
	if err := endGeneration(ctx, tx, g, Retired); err != nil {
		return err
	}
	return s.Ledger.Record(ctx, tx, g.entry(kindRetired, len(all), office))
}

// Published is what anybody may know of the keys, to hold phones and statements against.
type Published struct {
	Directory  string   // Ed25519 public key, base64; "" when there is none
	Signers    string   // the list, signed by the directory key
	Statements []string // of all channels, each signed by two listed signers
}

// Public returns what is published of the deployment's keys.
func (s *Service) Public(ctx context.Context) (Published, error) {
	q := s.DB.Read()
	p, err := s.Signers(ctx, q)
	if err != nil {
		return p, err
	}
	all, err := allCurrent(ctx, q)
	if err != nil {
		return p, err
	}
	refs := make([]*Generation, len(all))
	for i := range all {
		refs[i] = &all[i]
	}
	err = fillStatements(ctx, q, refs)
	for _, g := range all {
		p.Statements = append(p.Statements, g.Statement)
	}
	slices.Sort(p.Statements)
	return p, err
}

// Signers returns the directory key and the list of signers alone, as a phone needs them
// beside one statement.
func (s *Service) Signers(ctx context.Context, q db.Q) (Published, error) {
	d, err := directoryIn(ctx, q, DirectoryActive)
	if err != nil || d == nil {
		return Published{Statements: []string{}}, err
	}
	list, err := signersOf(ctx, q, d.ID)
	if err != nil || list == nil {
		return Published{Directory: d.VKey, Statements: []string{}}, err
	}
	return Published{Directory: d.VKey, Signers: signed(list.Text, d.VKey, list.Signature), Statements: []string{}}, nil
}
