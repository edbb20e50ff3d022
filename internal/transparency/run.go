// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"log/slog"
	"time"

	"anlan/internal/kernel/errs"
)

const (
	publishEvery = time.Second
	// spell is how long leaves get places before a checkpoint is signed again.
	spell = 700 * time.Millisecond
	// breath is how long the log leaves the writer to others after each bundle.
	breath = 2 * time.Millisecond
)

// Run keeps the log growing until ctx ends: about once a second what waits gets its places
// and a checkpoint is signed. Of several processes on one database one does so. While
// nothing waits a second costs two reads of one row each, and a minute three small writes:
// for a checkpoint that tells that the log lives.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(publishEvery)
	defer tick.Stop()
	last := ""
	for {
		select {
		case <-ctx.Done():
			if err := s.resign(context.WithoutCancel(ctx)); err != nil {
				slog.Debug("the log was not handed over", "err", err)
			}
			return
		case <-tick.C:
		}
		err := s.Step(ctx)
		if ctx.Err() != nil || errs.KeyOf(err) == "transparency.led_elsewhere" {
			err = nil
		}
		if now := text(err); now != last {
			last = now
			s.tell(ctx, err)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (s *Service) tell(ctx context.Context, err error) {
	if err == nil {
		slog.InfoContext(ctx, "the transparency log goes on")
		return
	}
	slog.ErrorContext(ctx, "the transparency log stands still", "err", err)
}

// Step does once what Run does every second. It fails with Conflict when there is something
// to do and another process writes.
func (s *Service) Step(ctx context.Context) error {
	ready, err := s.company(ctx)
	if err != nil {
		return err
	}
	if due, err := s.due(ctx); err != nil || !ready && !due {
		return err
	}
	if err := s.lead(ctx); err != nil {
		return err
	}
	if ready {
		if err := s.sequenceAll(ctx); err != nil {
			return err
		}
	}
	return s.Publish(ctx)
}

// sequenceAll gives places to all that waits, but not for longer than a spell.
func (s *Service) sequenceAll(ctx context.Context) error {
	begun := s.cfg.Now()
	for s.cfg.Now().Sub(begun) < spell {
		full, err := s.Sequence(ctx)
		if err != nil || !full {
			return err
		}
		pause(ctx, breath)
	}
	return nil
}

// due reports whether a checkpoint has to be published.
func (s *Service) due(ctx context.Context) (bool, error) {
	l, err := getLog(ctx, s.cfg.DB.Read())
	return !s.guarded.Load() || l.Size != l.ServedSize || !l.Agreed || s.cfg.Now().Sub(l.ServedAt) >= refresh, err
}

// company reports whether enough leaves wait, or one has waited long enough.
func (s *Service) company(ctx context.Context) (bool, error) {
	n, since, err := waiting(ctx, s.cfg.DB.Read(), max(s.cfg.Crowd, maxPending))
	s.crowded.Store(n >= maxPending)
	if err != nil || n == 0 {
		return false, err
	}
	return n >= s.cfg.Crowd || s.cfg.Now().Sub(since) >= s.cfg.Hold, nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
