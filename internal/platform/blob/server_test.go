// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anlan/internal/kernel/errs"
)

const (
	serverKey    = "anlan-test"
	serverSecret = "not-a-secret"
	serverBucket = "files"
)

// server is a versitygw, a real S3 server over a directory.
type server struct {
	bin, addr, data, meta string
	process               *exec.Cmd
}

// serverBinary finds versitygw. ANLAN_TEST_ALL=1 makes its absence a failure.
func serverBinary(t *testing.T) string {
	t.Helper()
	near, err := filepath.Abs("../../../.cache/bin/versitygw")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{os.Getenv("ANLAN_TEST_VERSITYGW"), near, "versitygw"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const why = "no versitygw: set ANLAN_TEST_VERSITYGW, or GOBIN=.cache/bin go install github.com/versity/versitygw/cmd/versitygw@v1.8.0"
	if os.Getenv("ANLAN_TEST_ALL") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
	return ""
}

// startServer starts an empty server with one bucket until the test ends.
func startServer(t *testing.T) *server {
	t.Helper()
	s := &server{bin: serverBinary(t), data: t.TempDir(), meta: t.TempDir()}
	if err := os.Mkdir(filepath.Join(s.data, serverBucket), 0o750); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	l.Close()
	s.start(t)
	t.Cleanup(s.stop)
	return s
}

func (s *server) start(t *testing.T) {
	t.Helper()
	s.process = exec.Command(s.bin, "--port", s.addr, "--quiet", "posix", "--sidecar", s.meta, s.data)
	s.process.Env = []string{"ROOT_ACCESS_KEY=" + serverKey, "ROOT_SECRET_KEY=" + serverSecret, "HOME=" + s.meta}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		if c, err := net.Dial("tcp", s.addr); err == nil {
			c.Close()
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("versitygw does not listen")
}

func (s *server) stop() {
	s.process.Process.Kill()
	s.process.Wait()
}

func (s *server) url() string {
	return fmt.Sprintf("s3://%s:%s@%s/%s?tls=0&region=us-east-1", serverKey, serverSecret, s.addr, serverBucket)
}

// TestS3Away kills the server under the store and starts it again.
func TestS3Away(t *testing.T) {
	t.Parallel()
	srv := startServer(t)
	s := open(t, srv.url())
	put(t, s, "kept", "safe")
	srv.stop()

	_, getErr := get(t, s, "kept", 0, -1)
	_, statErr := s.Stat(t.Context(), "kept")
	var listErr error
	for _, err := range s.List(t.Context(), "") {
		listErr = err
	}
	for what, err := range map[string]error{
		"put":    s.Put(t.Context(), "k", strings.NewReader("x"), 1, ""),
		"absent": s.PutIfAbsent(t.Context(), "k", strings.NewReader("x"), 1, ""),
		"get":    getErr, "stat": statErr, "list": listErr,
		"delete": s.Delete(t.Context(), "kept"), "ping": s.Ping(t.Context()),
	} {
		wantKind(t, what, err, errs.Unavailable)
		if e, ok := errors.AsType[*errs.Error](err); ok && e.RetryAfter == 0 {
			t.Errorf("%s does not say when to try again", what)
		}
	}

	srv.start(t)
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("ping after the return: %v", err)
	}
	if got, err := get(t, s, "kept", 0, -1); got != "safe" || err != nil {
		t.Errorf("after the return: %q, %v", got, err)
	}
	put(t, s, "k", "x")
}

// TestS3NoBucket and a wrong secret are the operator's to mend: not "no such file".
func TestS3NoBucket(t *testing.T) {
	t.Parallel()
	srv := startServer(t)
	for name, url := range map[string]string{
		"no bucket":    strings.Replace(srv.url(), "/"+serverBucket, "/nowhere", 1),
		"wrong secret": strings.Replace(srv.url(), serverSecret, "guessed", 1),
	} {
		s := open(t, url)
		wantKind(t, name+": ping", s.Ping(context.Background()), errs.Unavailable)
		wantKind(t, name+": put", s.Put(t.Context(), "k", strings.NewReader("x"), 1, ""), errs.Unavailable)
	}
}

// TestS3KeyFromEnvironment opens a bucket whose address holds no secret.
func TestS3KeyFromEnvironment(t *testing.T) {
	srv := startServer(t)
	t.Setenv("ANLAN_S3_KEY", serverKey)
	t.Setenv("ANLAN_S3_SECRET", serverSecret)
	s := open(t, strings.Replace(srv.url(), serverKey+":"+serverSecret+"@", "", 1))
	put(t, s, "k", "x")
}
