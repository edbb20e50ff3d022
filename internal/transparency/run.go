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
	// breath is how long the log leaves the writer to others after each chunk.
	breath = 2 * time.Millisecond
)

// Run keeps the log growing until ctx ends: about once a second what waits gets its places
// and a checkpoint is signed. Of several processes on one database one does so.
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

// Step does once what Run does every second. It fails with Conflict while another process
// writes.
func (s *Service) Step(ctx context.Context) error {
	if err := s.lead(ctx); err != nil {
		return err
	}
	ready, err := s.company(ctx)
	for n := chunk; ready && n == chunk && err == nil; {
		if n, err = s.Sequence(ctx); err == nil && n == chunk {
			pause(ctx, breath)
		}
	}
	if err != nil {
		return err
	}
	return s.Publish(ctx)
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
