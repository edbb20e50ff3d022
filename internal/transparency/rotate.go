// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// overlap is how long both keys sign after one has handed over to the next, so that
// whoever knows only the old one has time to read the announcement.
const overlap = 30 * 24 * time.Hour

// generation is one pair of keys: of the log, and of the clock that tells when a
// checkpoint was signed.
type generation struct {
	note, clock Signer
	row         keyRow
}

// keyring is every generation of a log.
type keyring struct {
	origin      string
	generations []generation
}

func (r *keyring) newest() generation { return r.generations[len(r.generations)-1] }

// signing returns the generations that sign at now, the newest last.
func (r *keyring) signing(now time.Time) []generation {
	for i := range r.generations {
		if i+1 == len(r.generations) || now.Before(r.generations[i+1].row.Made.Add(overlap)) {
			return r.generations[i:]
		}
	}
	return nil
}

func (s *Service) generation(origin string, n int) generation {
	seed := s.cfg.Seed(n)
	clockSeed, err := hkdf.Key(sha256.New, seed, nil, "anlan/transparency/clock", len(seed))
	if err != nil { // only for absurd lengths
		panic(err)
	}
	return generation{note: NewSigner(origin, seed), clock: NewCosigner(origin, clockSeed, s.cfg.Now)}
}

func (s *Service) keyRow(origin string, n int) *keyRow {
	g := s.generation(origin, n)
	return &keyRow{Generation: int64(n), VKey: g.note.String(), ClockVKey: g.clock.String(), Made: s.cfg.Now()}
}

// loadKeys derives the keys of every generation and compares them with the public ones
// that are stored.
func (s *Service) loadKeys(ctx context.Context) error {
	l, err := getLog(ctx, s.cfg.DB.Read())
	if err != nil {
		return err
	}
	rows, err := keyRows(ctx, s.cfg.DB.Read())
	if err != nil {
		return err
	}
	ring := &keyring{origin: l.Origin}
	for i, r := range rows {
		g := s.generation(l.Origin, i)
		g.row = r
		if g.note.String() != r.VKey || g.clock.String() != r.ClockVKey || int64(i) != r.Generation {
			return errs.New(errs.Internal, "transparency.other_key")
		}
		ring.generations = append(ring.generations, g)
	}
	if len(ring.generations) == 0 {
		return errs.New(errs.Internal, "transparency.other_key")
	}
	s.keys.Store(ring)
	return nil
}

type rotatedFacts struct {
	Generation int    `json:"generation"`
	Key        string `json:"key"`
}

var kindRotated = ledger.Define[rotatedFacts]("transparency.key_rotated.v1")

// Kinds lists the kinds of entries that this package writes.
func Kinds() []string { return []string{kindRotated.Name()} }

// Rotate makes a new generation of keys. The old one announces it in leaves; both sign for
// thirty days. Who may do that is decided by the caller: it is a command of operators.
func (s *Service) Rotate(ctx context.Context) error {
	if err := s.loadKeys(ctx); err != nil {
		return err // also when the log has not begun
	}
	ring := s.keys.Load()
	n := len(ring.generations)
	next := s.generation(ring.origin, n)
	err := s.cfg.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := addKey(ctx, tx, s.keyRow(ring.origin, n)); err != nil {
			return err
		}
		if err := s.announce(ctx, tx, ring.newest().note, next.note.Key, next.clock.Key); err != nil {
			return err
		}
		e := kindRotated.Entry(rotatedFacts{Generation: n, Key: next.note.String()})
		e.Subject = "transparency:key"
		return s.cfg.Ledger.Record(ctx, tx, e)
	})
	if err != nil {
		return err
	}
	return s.loadKeys(ctx)
}

func (s *Service) announce(ctx context.Context, tx db.Tx, old Signer, next ...Key) error {
	rows := make([]pendingRow, len(next))
	for i, k := range next {
		leaf, err := Announce(old, k)
		if err != nil {
			return err
		}
		rows[i] = pendingRow{Kind: KeyLeaf, Leaf: leaf.Encode(), Queued: s.cfg.Now()}
	}
	return addPending(ctx, tx, rows)
}
