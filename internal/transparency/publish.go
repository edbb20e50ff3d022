// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

const (
	// refresh is how old a checkpoint becomes before it is signed again at the same size:
	// its time tells monitors that the log lives.
	refresh = time.Minute
	// patience is how long a checkpoint that enough witnesses cosigned goes on being served
	// while newer ones find too few.
	patience = 30 * time.Second
)

// Publish signs a checkpoint of all leaves that have a place, when there are new ones or
// the last is a minute old, has witnesses cosign it and serves it. It signs nothing
// unless what is served hashes to it and goes on from what was signed before; what stops
// it also stops promises, until Publish succeeds again.
func (s *Service) Publish(ctx context.Context) error {
	s.publish.Lock()
	defer s.publish.Unlock()
	err := s.tryPublish(ctx)
	if err == nil {
		s.trouble.Store(nil)
	}
	s.halt(err)
	return err
}

// halt stops promises when err says that something is wrong with the log.
func (s *Service) halt(err error) {
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Kind == errs.Internal {
		s.trouble.Store(e)
	}
}

func (s *Service) tryPublish(ctx context.Context) error {
	if err := s.loadKeys(ctx); err != nil {
		return err
	}
	l, err := getLog(ctx, s.cfg.DB.Read())
	if err != nil {
		return err
	}
	if !s.guarded.Load() {
		if err := s.guard(ctx, l); err != nil {
			return err
		}
		s.guarded.Store(true)
	}
	now := s.cfg.Now()
	if l.Size == l.ServedSize && l.Agreed && now.Sub(l.ServedAt) < refresh {
		return nil
	}
	return s.sign(ctx, l, now)
}

func (s *Service) sign(ctx context.Context, l logRow, now time.Time) error {
	root, err := s.rehash(ctx, l)
	if err != nil {
		return err
	}
	c := Checkpoint{l.Origin, l.Size, root}
	if c.Size != l.SignedSize {
		if err := s.decide(ctx, c, now); err != nil {
			return err
		}
	}
	msg, err := signNote(c.Text(), s.signers(now)...)
	if err != nil {
		return err
	}
	if msg, err = s.cosign(ctx, c, msg); err != nil {
		return err
	}
	return s.serve(ctx, msg, now)
}

// rehash returns the root of all leaves that have a place, from what will be served. What
// was added since the last signature is hashed leaf by leaf, and the tree before it must
// still have the root that was signed.
func (s *Service) rehash(ctx context.Context, l logRow) (Hash, error) {
	if l.Size < l.SignedSize {
		return Hash{}, errs.New(errs.Internal, "transparency.behind", "size", l.Size, "seen", l.SignedSize)
	}
	tree := NewTree(ctx, stored{s.cfg.DB.Read()}, l.Size)
	from := l.SignedSize / tileWidth * tileWidth
	if err := tree.Walk(from, func(int64, []byte) error { return nil }); err != nil {
		return Hash{}, err
	}
	if err := sameRoot(tree, l.SignedSize, Hash(l.SignedRoot)); err != nil {
		return Hash{}, err
	}
	return tree.Root(l.Size)
}

// sameRoot reports whether the first size leaves still have a root.
func sameRoot(t *Tree, size int64, root Hash) error {
	now, err := t.Root(size)
	if err == nil && now != root {
		err = errs.New(errs.Internal, "transparency.fork", "size", size)
	}
	return err
}

// decide makes sure that no other checkpoint of as many leaves is ever signed.
func (s *Service) decide(ctx context.Context, c Checkpoint, now time.Time) error {
	if err := remember(s.cfg.Memory, c); err != nil {
		return err
	}
	return s.saveSigned(ctx, c, now)
}

func (s *Service) saveSigned(ctx context.Context, c Checkpoint, now time.Time) error {
	return s.cfg.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		l, err := s.fenced(ctx, tx)
		if err != nil {
			return err
		}
		l.SignedSize, l.SignedRoot, l.SignedAt = c.Size, c.Root[:], now
		return saveLog(ctx, tx, &l, "signed_size", "signed_root", "signed_at")
	})
}

// signers are the keys that sign at now, the newest first; then their clocks.
func (s *Service) signers(now time.Time) []Signer {
	generations := slices.Clone(s.keys.Load().signing(now))
	slices.Reverse(generations)
	var notes, clocks []Signer
	for _, g := range generations {
		notes, clocks = append(notes, g.note), append(clocks, g.clock)
	}
	return append(notes, clocks...)
}

// serve shows msg, unless too few witnesses cosigned it and an older one that had enough
// is not old yet.
func (s *Service) serve(ctx context.Context, msg []byte, now time.Time) error {
	signed, err := s.PolicyAt(now).Open(msg, s.cfg.Now())
	if err != nil {
		return err
	}
	agreed := s.PolicyAt(now).Quorum(signed) == nil
	return s.cfg.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		l, err := s.fenced(ctx, tx)
		if err != nil || signed.Size < l.ServedSize || (!agreed && !l.gains(signed, now)) {
			return err
		}
		l.Served, l.ServedSize, l.ServedAt, l.Agreed = string(msg), signed.Size, now, agreed
		return saveLog(ctx, tx, &l, "served", "served_size", "served_at", "agreed")
	})
}

// gains reports whether a checkpoint that too few witnesses cosigned is better than what is
// served.
func (l logRow) gains(s Signed, now time.Time) bool {
	age := now.Sub(l.ServedAt)
	if l.Agreed {
		return age >= patience
	}
	return s.Size > l.ServedSize || age >= refresh || l.Served == ""
}

// Policy returns what verifiers of the log are told to believe.
func (s *Service) Policy() *Policy { return s.PolicyAt(s.cfg.Now()) }

// PolicyAt is Policy at a time.
func (s *Service) PolicyAt(now time.Time) *Policy {
	var b strings.Builder
	address := ""
	if s.cfg.URL != "" {
		address = " " + strings.TrimSuffix(s.cfg.URL, "/") + "/log"
	}
	for i, g := range s.keys.Load().signing(now) {
		fmt.Fprintf(&b, "log %s%s\nwitness own-clock-%d %s\n", g.note, address, i, g.clock)
	}
	b.WriteString(s.cfg.Policy)
	p, err := ParsePolicy([]byte(b.String()))
	if err != nil { // New has parsed the part that is not ours
		panic(err)
	}
	return p
}

// Checkpoint returns the checkpoint that is served; NotFound before the first.
func (s *Service) Checkpoint(ctx context.Context) ([]byte, error) {
	l, err := getLog(ctx, s.cfg.DB.Read())
	if err == nil && l.Served == "" {
		err = errs.New(errs.NotFound, "transparency.no_checkpoint")
	}
	return []byte(l.Served), err
}

// Healthy reports whether checkpoints go on being published.
func (s *Service) Healthy(ctx context.Context) error {
	l, err := getLog(ctx, s.cfg.DB.Read())
	if err != nil {
		return err
	}
	if age := s.cfg.Now().Sub(l.ServedAt); age > 2*refresh {
		return errs.New(errs.Unavailable, "transparency.stale", "minutes", int(age.Minutes()))
	}
	return nil
}
