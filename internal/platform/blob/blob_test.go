// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/kernel/errs"
)

// each runs fn on a directory and on a bucket of a real S3 server.
func each(t *testing.T, fn func(t *testing.T, s Store)) {
	t.Helper()
	t.Run("dir", func(t *testing.T) {
		t.Parallel()
		fn(t, open(t, filepath.Join(t.TempDir(), "blobs")))
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		fn(t, open(t, startServer(t).url()))
	})
}

func open(t *testing.T, url string) Store {
	t.Helper()
	s, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s Store, key, text string) {
	t.Helper()
	if err := s.Put(t.Context(), key, strings.NewReader(text), int64(len(text)), "text/plain"); err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
}

func get(t *testing.T, s Store, key string, offset, length int64) (string, error) {
	t.Helper()
	r, err := s.Get(t.Context(), key, offset, length)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

func wantKind(t *testing.T, what string, err error, want errs.Kind) {
	t.Helper()
	if got := errs.KindOf(err); got != want {
		t.Errorf("%s: error %v of kind %v, want kind %v", what, err, got, want)
	}
}

func TestPutGetStatDelete(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		if err := s.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		put(t, s, "evidence/01a/original", "first")
		put(t, s, "evidence/01a/original", "second")
		if got, err := get(t, s, "evidence/01a/original", 0, -1); got != "second" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
		info, err := s.Stat(t.Context(), "evidence/01a/original")
		if err != nil || info.Size != 6 || info.Modified.IsZero() || info.Key != "evidence/01a/original" {
			t.Errorf("stat = %+v, %v", info, err)
		}
		put(t, s, "evidence/01a/empty", "")
		if got, err := get(t, s, "evidence/01a/empty", 0, -1); got != "" || err != nil {
			t.Errorf("empty file: %q, %v", got, err)
		}
		for range 2 { // the second time there is nothing to delete
			if err := s.Delete(t.Context(), "evidence/01a/original"); err != nil {
				t.Error(err)
			}
		}
		_, err = get(t, s, "evidence/01a/original", 0, -1)
		wantKind(t, "get what was deleted", err, errs.NotFound)
		_, err = s.Stat(t.Context(), "evidence/01a/original")
		wantKind(t, "stat what was deleted", err, errs.NotFound)
	})
}

func TestRanges(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		put(t, s, "r", "0123456789")
		for _, tt := range []struct {
			offset, length int64
			want           string
			kind           errs.Kind
		}{
			{0, -1, "0123456789", errs.None}, {0, 1, "0", errs.None}, {3, 4, "3456", errs.None},
			{7, -1, "789", errs.None}, {7, 100, "789", errs.None}, {9, 1, "9", errs.None}, {4, 0, "", errs.None},
			{10, 1, "", errs.Invalid}, {11, -1, "", errs.Invalid}, {-1, 2, "", errs.Invalid},
		} {
			got, err := get(t, s, "r", tt.offset, tt.length)
			if got != tt.want || errs.KindOf(err) != tt.kind {
				t.Errorf("Get(%d, %d) = %q, %v; want %q", tt.offset, tt.length, got, err, tt.want)
			}
		}
	})
}

func TestPutIfAbsent(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := s.PutIfAbsent(t.Context(), "once", strings.NewReader("mine"), 4, "text/plain")
				if err == nil {
					won.Add(1)
				} else if errs.KindOf(err) != errs.Conflict {
					t.Errorf("PutIfAbsent: %v, want a conflict", err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d writers won, want 1", won.Load())
		}
		if got, err := get(t, s, "once", 0, -1); got != "mine" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

// failing gives some bytes and then an error.
type failing struct{ left int }

var errBroken = errors.New("the phone went away")

func (f *failing) Read(p []byte) (int, error) {
	if f.left == 0 {
		return 0, errBroken
	}
	n := min(f.left, len(p))
	f.left -= n
	return n, nil
}

func TestHalfWritesLeaveNothing(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		for name, write := range map[string]func(key string) error{
			"short":     func(k string) error { return s.Put(t.Context(), k, strings.NewReader("abc"), 5, "") },
			"long":      func(k string) error { return s.Put(t.Context(), k, strings.NewReader("abcdef"), 5, "") },
			"broken":    func(k string) error { return s.Put(t.Context(), k, &failing{1 << 20}, 2<<20, "") },
			"absent":    func(k string) error { return s.PutIfAbsent(t.Context(), k, &failing{10}, 20, "") },
			"cancelled": func(k string) error { return s.Put(cancelled, k, strings.NewReader("abc"), 3, "") },
		} {
			if err := write(name); err == nil || errs.KindOf(err) == errs.Unavailable {
				t.Errorf("%s: error %v, want the caller's own", name, err)
			}
			_, err := s.Stat(t.Context(), name)
			wantKind(t, name+" was kept", err, errs.NotFound)
		}
	})
}

func TestLargeFile(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		want := bytes.Repeat([]byte("安澜0123456789abcdef"), 1<<20) // 22 MB: several parts
		if err := s.Put(t.Context(), "large", bytes.NewReader(want), int64(len(want)), "video/mp4"); err != nil {
			t.Fatal(err)
		}
		got, err := get(t, s, "large", 0, -1)
		if err != nil || got != string(want) {
			t.Errorf("read back %d bytes, %v; want %d", len(got), err, len(want))
		}
		if got, err := get(t, s, "large", 20<<20, 5); got != string(want[20<<20:20<<20+5]) || err != nil {
			t.Errorf("range of a large file: %q, %v", got, err)
		}
	})
}

func TestList(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		want := map[string]bool{}
		for _, key := range []string{"a/1/x", "a/1/y", "a/2/x", "ab", "b/1", "a.b-c_d"} {
			put(t, s, key, key)
			want[key] = true
		}
		for _, tt := range []struct {
			prefix string
			want   []string
		}{
			{"", slices.Sorted(maps.Keys(want))}, {"a/", []string{"a/1/x", "a/1/y", "a/2/x"}},
			{"a/1", []string{"a/1/x", "a/1/y"}}, {"b", []string{"b/1"}}, {"c", nil},
		} {
			var got []string
			for info, err := range s.List(t.Context(), tt.prefix) {
				if err != nil {
					t.Fatal(err)
				}
				if info.Size != int64(len(info.Key)) {
					t.Errorf("%s has %d bytes", info.Key, info.Size)
				}
				got = append(got, info.Key)
			}
			slices.Sort(got)
			if !slices.Equal(got, tt.want) {
				t.Errorf("List(%q) = %v, want %v", tt.prefix, got, tt.want)
			}
		}
		for range s.List(t.Context(), "") { // stops when it is told to
			break
		}
	})
}

func TestBadKeys(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		for _, key := range []string{"", "/", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "A", "a b", "a+b", "a\x00", "安",
			"a/./b", ".", "..", `a\b`, strings.Repeat("a", maxKey+1)} {
			wantKind(t, "put "+key, s.Put(t.Context(), key, strings.NewReader("x"), 1, ""), errs.Internal)
			_, err := s.Get(t.Context(), key, 0, -1)
			wantKind(t, "get "+key, err, errs.Internal)
			_, err = s.Stat(t.Context(), key)
			wantKind(t, "stat "+key, err, errs.Internal)
			wantKind(t, "delete "+key, s.Delete(t.Context(), key), errs.Internal)
		}
	})
}

func TestSignedURL(t *testing.T) {
	each(t, func(t *testing.T, s Store) {
		put(t, s, "export/1", "表格")
		u, err := s.SignedURL(t.Context(), "export/1", time.Minute, "隐患.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		if u == "" { // a directory: read through us
			return
		}
		res, err := http.Get(u)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK || string(b) != "表格" ||
			!strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("signed GET: %s %q %q", res.Status, b, res.Header.Get("Content-Disposition"))
		}
	})
}

// TestDirKeepsInside puts symbolic links in the way and looks outside.
func TestDirKeepsInside(t *testing.T) {
	base := t.TempDir()
	outside := filepath.Join(base, "outside")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, filepath.Join(base, "blobs"))
	_, file := place("link")
	if err := os.Symlink(outside, filepath.Join(base, "blobs", file)); err != nil {
		t.Fatal(err)
	}
	if got, err := get(t, s, "link", 0, -1); err == nil {
		t.Errorf("read %q through a link", got)
	}
	put(t, s, "link", "new") // replaces the link, follows it nowhere
	if b, _ := os.ReadFile(outside); string(b) != "secret" {
		t.Errorf("the file outside is now %q", b)
	}
}

// TestDirForgetsHalfFiles opens a store that a crash left in the middle of a write.
func TestDirForgetsHalfFiles(t *testing.T) {
	at := filepath.Join(t.TempDir(), "blobs")
	open(t, at)
	half := filepath.Join(at, tempDir, "half")
	if err := os.WriteFile(half, []byte("ha"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, at)
	if _, err := os.Stat(half); !os.IsNotExist(err) {
		t.Errorf("the half file is still there: %v", err)
	}
	for info := range s.List(t.Context(), "") {
		t.Errorf("unexpected file %s", info.Key)
	}
}

// TestDirAway takes the directory away under the store, and gives it back.
func TestDirAway(t *testing.T) {
	at := filepath.Join(t.TempDir(), "blobs")
	s := open(t, at)
	folder, _ := place("k")
	if err := os.Rename(filepath.Join(at, tempDir), filepath.Join(at, "elsewhere")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(at, tempDir), nil, 0o600); err != nil { // a file where a folder should be
		t.Fatal(err)
	}
	err := s.Put(t.Context(), "k", strings.NewReader("x"), 1, "")
	wantKind(t, "put without a folder", err, errs.Unavailable)
	wantKind(t, "ping", s.Ping(t.Context()), errs.Unavailable)
	if e, ok := errors.AsType[*errs.Error](err); !ok || e.RetryAfter == 0 {
		t.Errorf("%v does not say when to try again", err)
	}
	if err := errors.Join(os.Remove(filepath.Join(at, tempDir)), os.Rename(filepath.Join(at, "elsewhere"), filepath.Join(at, tempDir))); err != nil {
		t.Fatal(err)
	}
	put(t, s, "k", "x")
	if _, err := os.Stat(filepath.Join(at, folder)); err != nil {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"s3://", "s3://key:secret@host:1", "s3://host:1/a/b", "s3://ho st/b", file} {
		if _, err := Open(t.Context(), url); err == nil {
			t.Errorf("Open(%q) succeeded", url)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%q) shows the secret: %v", url, err)
		}
	}
}
