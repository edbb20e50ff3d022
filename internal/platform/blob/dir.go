// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"syscall"
	"time"

	"anlan/internal/kernel/errs"
)

// dir keeps files in a directory. They are spread over 256 folders by a hash of
// their keys; a file's name is its key with "+" for "/", so no key can lead out of
// its folder, and os.Root follows no symbolic link out of the directory either.
type dir struct{ root *os.Root }

const (
	shards  = 256
	tempDir = "tmp"
)

func openDir(at string) (Store, error) {
	if err := os.MkdirAll(at, 0o750); err != nil {
		return nil, fmt.Errorf("make the file store: %w", err)
	}
	root, err := os.OpenRoot(at)
	if err != nil {
		return nil, fmt.Errorf("open the file store: %w", err)
	}
	d := &dir{root}
	for _, name := range append(shardNames(), tempDir) {
		if err := root.Mkdir(name, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return d, errors.Join(d.clearTemp(), d.syncDir("."))
}

func shardNames() []string {
	names := make([]string, shards)
	for i := range names {
		names[i] = fmt.Sprintf("%02x", i)
	}
	return names
}

// clearTemp removes what a crash left half written.
func (d *dir) clearTemp() error {
	left, err := fs.ReadDir(d.root.FS(), tempDir)
	for _, f := range left {
		err = errors.Join(err, d.root.Remove(path.Join(tempDir, f.Name())))
	}
	return err
}

// place returns the folder and the path of key.
func place(key string) (folder, file string) {
	h := fnv.New32a()
	io.WriteString(h, key)
	folder = fmt.Sprintf("%02x", byte(h.Sum32()))
	return folder, path.Join(folder, strings.ReplaceAll(key, "/", "+"))
}

func (d *dir) Put(ctx context.Context, key string, r io.Reader, size int64, _ string) error {
	return d.put(ctx, key, r, size, d.root.Rename)
}

func (d *dir) PutIfAbsent(ctx context.Context, key string, r io.Reader, size int64, _ string) error {
	return d.put(ctx, key, r, size, func(temp, file string) error {
		if err := d.root.Link(temp, file); err != nil { // unlike a rename, a link replaces nothing
			return err
		}
		return d.root.Remove(temp)
	})
}

// put writes a temporary file, makes its content durable, gives it its name, and
// makes the name durable.
func (d *dir) put(ctx context.Context, key string, r io.Reader, size int64, name func(temp, file string) error) error {
	if err := checkKey(key); err != nil {
		return err
	}
	folder, file := place(key)
	temp := path.Join(tempDir, rand.Text())
	err := d.write(ctx, temp, &exactly{r: r, left: size})
	if err == nil {
		err = name(temp, file)
	}
	if err != nil {
		d.root.Remove(temp)
		return meaning(err)
	}
	return meaning(d.syncDir(folder))
}

func (d *dir) write(ctx context.Context, temp string, r io.Reader) error {
	f, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, &whileIn{ctx, r})
	if err == nil {
		err = d.blur(temp, f)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// blur cuts the time of a file to the hour: when exactly somebody sent it might tell who.
func (d *dir) blur(temp string, f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	hour := info.ModTime().Truncate(time.Hour)
	return d.root.Chtimes(temp, hour, hour)
}

// whileIn stops reading when its context ends.
type whileIn struct {
	ctx context.Context
	r   io.Reader
}

func (w *whileIn) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}

func (d *dir) syncDir(name string) error {
	f, err := d.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d *dir) Get(_ context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	f, size, err := d.open(key)
	if err != nil {
		return nil, err
	}
	if offset < 0 || offset > size || offset == size && size > 0 {
		f.Close()
		return nil, badRange()
	}
	if length < 0 {
		length = size - offset
	}
	return &section{io.NewSectionReader(f, offset, length), f}, nil
}

// section is part of an open file.
type section struct {
	io.Reader
	io.Closer
}

func (d *dir) open(key string) (*os.File, int64, error) {
	if err := checkKey(key); err != nil {
		return nil, 0, err
	}
	_, file := place(key)
	f, err := d.root.Open(file)
	if err != nil {
		return nil, 0, meaning(err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, meaning(err)
	}
	return f, info.Size(), nil
}

func (d *dir) Stat(_ context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	_, file := place(key)
	info, err := d.root.Stat(file)
	if err != nil {
		return Info{}, meaning(err)
	}
	return Info{key, info.Size(), info.ModTime()}, nil
}

func (d *dir) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	folder, file := place(key)
	err := d.root.Remove(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = d.syncDir(folder)
	}
	return meaning(err)
}

func (d *dir) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		for _, folder := range shardNames() {
			if !d.listFolder(ctx, folder, prefix, yield) {
				return
			}
		}
	}
}

// listFolder returns false when the walk shall end.
func (d *dir) listFolder(ctx context.Context, folder, prefix string, yield func(Info, error) bool) bool {
	f, err := d.root.Open(folder)
	if err != nil {
		return yield(Info{}, meaning(err))
	}
	defer f.Close()
	for {
		batch, err := f.ReadDir(500)
		for _, entry := range batch {
			if err := ctx.Err(); err != nil {
				return yield(Info{}, err)
			}
			key := strings.ReplaceAll(entry.Name(), "+", "/")
			info, gone := entry.Info()
			if gone != nil || !strings.HasPrefix(key, prefix) {
				continue
			}
			if !yield(Info{key, info.Size(), info.ModTime()}, nil) {
				return false
			}
		}
		if err == io.EOF {
			return true
		}
		if err != nil {
			return yield(Info{}, meaning(err))
		}
	}
}

// SignedURL returns "": nobody reads the directory but through us.
func (d *dir) SignedURL(context.Context, string, time.Duration, string) (string, error) {
	return "", nil
}

// Ping writes a file, because a full or read-only disk still lists its files.
func (d *dir) Ping(ctx context.Context) error {
	const probe = "ping"
	if err := d.Put(ctx, probe, strings.NewReader(probe), int64(len(probe)), ""); err != nil {
		return err
	}
	return d.Delete(ctx, probe)
}

// meaning turns failures of the file system into errors that a caller can act on.
func meaning(err error) error {
	switch {
	case err == nil, errs.KindOf(err) != errs.Internal:
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return notFound(err)
	case errors.Is(err, fs.ErrExist):
		return taken(err)
	}
	if _, ok := errors.AsType[syscall.Errno](err); ok { // full, read-only, gone, broken
		return away(err)
	}
	return err
}

func (d *dir) Close() error { return d.root.Close() }
