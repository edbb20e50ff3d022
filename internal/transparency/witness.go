// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

const (
	witnessWait = 2 * time.Second
	answerOK    = 200
	answerOther = 409 // it has seen another size
	answerBad   = 422 // the proof is wrong
)

// Asker asks a witness to add a checkpoint (c2sp.org/tlog-witness) and returns the HTTP
// status and body of its answer.
type Asker interface {
	AddCheckpoint(ctx context.Context, url string, body []byte) (status int, answer []byte, err error)
}

// cosign returns msg with the cosignatures of the witnesses that answer within two seconds.
// A witness that has seen another story stops the log.
func (s *Service) cosign(ctx context.Context, c Checkpoint, msg []byte) ([]byte, error) {
	known, err := witnessSizes(ctx, s.cfg.DB.Read())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, witnessWait)
	defer cancel()
	witnesses := s.watching()
	lines, failed := make([][]byte, len(witnesses)), make([]error, len(witnesses))
	var wg sync.WaitGroup
	for i, w := range witnesses {
		wg.Go(func() { lines[i], failed[i] = s.cosignBy(ctx, w, known[w.Name], c, msg) })
	}
	wg.Wait()
	for i, err := range failed {
		if errs.KindOf(err) == errs.Internal && errs.KeyOf(err) != "" {
			return nil, err
		}
		if err != nil {
			slog.WarnContext(ctx, "a witness did not cosign", "witness", witnesses[i].Name, "err", err)
		}
		msg = append(msg, lines[i]...)
	}
	return msg, nil
}

// watching are the witnesses that can be asked.
func (s *Service) watching() []Witness {
	var out []Witness
	for _, w := range s.Policy().Witnesses {
		if w.URL != "" {
			out = append(out, w)
		}
	}
	return out
}

// cosignBy asks one witness, twice when it remembers another size than we do.
func (s *Service) cosignBy(ctx context.Context, w Witness, old int64, c Checkpoint, msg []byte) ([]byte, error) {
	status, answer, err := s.ask(ctx, w, old, c, msg)
	if err == nil && status == answerOther {
		size, ok := sizeIn(answer)
		if c.Size == 0 { // no witness need sign that nothing is there
			return nil, fmt.Errorf("the witness answers %d", status)
		}
		if !ok || size == old {
			return nil, errs.New(errs.Internal, "transparency.witness_refused", "witness", w.Name)
		}
		if size > c.Size {
			return nil, errs.New(errs.Internal, "transparency.behind", "size", c.Size, "seen", size)
		}
		status, answer, err = s.ask(ctx, w, size, c, msg)
	}
	switch {
	case err != nil:
		return nil, err
	case status == answerBad || status == answerOther:
		return nil, errs.New(errs.Internal, "transparency.witness_refused", "witness", w.Name)
	case status != answerOK:
		return nil, fmt.Errorf("the witness answers %d", status)
	}
	return s.accept(ctx, w, c, msg, answer)
}

func (s *Service) ask(ctx context.Context, w Witness, old int64, c Checkpoint, msg []byte) (int, []byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "old %d\n", old)
	if old > 0 && old < c.Size {
		proof, err := tlog.ProveTree(c.Size, old, newHashes(ctx, stored{s.cfg.DB.Read()}, c.Size))
		if err != nil {
			return 0, nil, err
		}
		for _, h := range proof {
			fmt.Fprintln(&b, h)
		}
	}
	b.WriteString("\n")
	b.Write(msg)
	return s.cfg.Ask.AddCheckpoint(ctx, strings.TrimSuffix(w.URL, "/")+"/add-checkpoint", b.Bytes())
}

// accept returns the lines of answer that are w's cosignatures of msg, and notes how much
// the witness has seen.
func (s *Service) accept(ctx context.Context, w Witness, c Checkpoint, msg, answer []byte) ([]byte, error) {
	only := []byte(c.Text() + "\n")
	n, err := openNote(append(only, answer...), []Key{w.Key})
	if err != nil {
		return nil, err
	}
	err = s.cfg.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return saveWitness(ctx, tx, &witnessRow{Name: w.Name, Size: c.Size})
	})
	return fmt.Appendf(nil, "%s%s %s\n", dash, n.Sigs[0].Name, n.Sigs[0].Base64), err
}

// askSizes asks each witness how much it has seen, by handing it the empty tree, which
// agrees with every other, and fails when that is more than there is.
func (s *Service) askSizes(ctx context.Context, l logRow) error {
	empty := Checkpoint{l.Origin, 0, EmptyRoot}
	msg, err := signNote(empty.Text(), s.signers(s.cfg.Now())...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, witnessWait)
	defer cancel()
	for _, w := range s.watching() {
		status, answer, err := s.ask(ctx, w, 0, empty, msg)
		if err != nil {
			slog.WarnContext(ctx, "a witness does not say what it has seen", "witness", w.Name, "err", err)
			continue
		}
		if size, ok := sizeIn(answer); ok && status == answerOther {
			if err := s.notBehind(l, size); err != nil {
				return err
			}
		}
	}
	return nil
}

func sizeIn(answer []byte) (int64, bool) { return ParseSize(strings.TrimSuffix(string(answer), "\n")) }
