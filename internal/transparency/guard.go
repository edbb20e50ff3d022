// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"anlan/internal/kernel/errs"
)

// guard refuses to go on from a database that is older than what others have seen of the
// log: after a restore the same places would get other leaves, and the log would have
// told two stories. Others are a file outside the database and the witnesses.
func (s *Service) guard(ctx context.Context, l logRow) error {
	if err := s.guardMemory(ctx, l); err != nil {
		return err
	}
	return s.askSizes(ctx, l)
}

func (s *Service) guardMemory(ctx context.Context, l logRow) error {
	seen, err := recall(s.cfg.Memory)
	if err != nil {
		return err
	}
	if err := s.notBehind(l, seen.Size); err != nil {
		return err
	}
	if seen.Origin != l.Origin {
		return nil
	}
	return sameRoot(NewTree(ctx, stored{s.cfg.DB.Read()}, l.Size), seen.Size, seen.Root)
}

// begin loads the keys, and stops promises from the first moment when the database is older
// than the file that remembers.
func (s *Service) begin(ctx context.Context) error {
	if err := s.loadKeys(ctx); err != nil {
		return err
	}
	l, err := getLog(ctx, s.cfg.DB.Read())
	if err != nil {
		return err
	}
	s.halt(s.guardMemory(ctx, l))
	return nil
}

func (s *Service) notBehind(l logRow, seen int64) error {
	if seen > l.Size {
		return errs.New(errs.Internal, "transparency.behind", "size", l.Size, "seen", seen)
	}
	return nil
}

// recall reads the newest checkpoint that was ever signed; the zero value without a file.
func recall(file string) (Checkpoint, error) {
	if file == "" {
		return Checkpoint{}, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Checkpoint{}, nil
	}
	if err != nil {
		return Checkpoint{}, err
	}
	return parseCheckpoint(string(text))
}

// remember writes c to a file that survives a power cut, before c leaves the process.
func remember(file string, c Checkpoint) error {
	if file == "" {
		return nil
	}
	f, err := os.OpenFile(file+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(c.Text())
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(file+".new", file); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
