// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
)

// spool is the folder in which files grow that are sent in pieces.
type spool struct{ dir string }

const partEnding = ".part"

// path returns where the file of an upload lies. Ids are made by us, so none can
// lead out of the folder.
func (s spool) path(upload string) string { return filepath.Join(s.dir, upload+partEnding) }

// write stores a chunk at offset, durably, so that what was acknowledged is still
// there after a crash.
func (s spool) write(upload string, offset int64, chunk []byte) error {
	if err := os.MkdirAll(s.dir, 0o750); err != nil {
		return spoolAway(err)
	}
	f, err := os.OpenFile(s.path(upload), os.O_WRONLY|os.O_CREATE, 0o640)
	if err != nil {
		return spoolAway(err)
	}
	_, err = f.WriteAt(chunk, offset)
	if err == nil {
		err = f.Sync()
	}
	return spoolAway(errors.Join(err, f.Close()))
}

// holds reports whether chunk is what lies at offset.
func (s spool) holds(upload string, offset int64, chunk []byte) (bool, error) {
	f, err := os.Open(s.path(upload))
	if err != nil {
		return false, spoolAway(err)
	}
	defer f.Close()
	have := make([]byte, len(chunk))
	if _, err := f.ReadAt(have, offset); err != nil {
		return false, spoolAway(err)
	}
	return bytes.Equal(have, chunk), nil
}

// open returns the file of an upload; fs.ErrNotExist when this process has none.
func (s spool) open(upload string) (*os.File, error) { return os.Open(s.path(upload)) }

func (s spool) remove(upload string) error {
	err := os.Remove(s.path(upload))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// older returns the uploads whose files were last written before t.
func (s spool) older(t time.Time) ([]string, error) {
	files, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var out []string
	for _, f := range files {
		upload, part := strings.CutSuffix(f.Name(), partEnding)
		info, gone := f.Info()
		if part && id.Valid(upload) && gone == nil && info.ModTime().Before(t) {
			out = append(out, upload)
		}
	}
	return out, err
}

// spoolAway says that the disk is full or gone.
func spoolAway(err error) error {
	if err == nil {
		return nil
	}
	e := errs.Wrap(err, errs.Unavailable, "unavailable")
	e.RetryAfter = spoolRetry
	return e
}

const spoolRetry = 30 * time.Second

// locks lets one goroutine at a time work on an upload.
type locks struct {
	mu   sync.Mutex
	held map[string]*heldLock
}

type heldLock struct {
	mu    sync.Mutex
	users int
}

// lock waits for the upload and returns how to let go of it.
func (l *locks) lock(upload string) (unlock func()) {
	l.mu.Lock()
	if l.held == nil {
		l.held = map[string]*heldLock{}
	}
	h := l.held[upload]
	if h == nil {
		h = &heldLock{}
		l.held[upload] = h
	}
	h.users++
	l.mu.Unlock()
	h.mu.Lock()
	return func() { l.unlock(upload, h) }
}

func (l *locks) unlock(upload string, h *heldLock) {
	h.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.users--; h.users == 0 {
		delete(l.held, upload)
	}
}
