// SPDX-License-Identifier: Apache-2.0

// Package blob keeps files: in a directory, or in a bucket of anything that speaks S3.
//
// blob.go holds the interface, dir.go the directory, s3.go the bucket. Both pass
// the same conformance suite.
package blob

import (
	"context"
	"io"
	"iter"
	"strings"
	"time"

	"anlan/internal/kernel/errs"
)

// Info is what a store knows of a file without reading it.
type Info struct {
	Key      string
	Size     int64
	Modified time.Time // in a directory cut to the hour
}

// Store keeps files under keys. Keys are made by us, of lower-case letters, digits
// and ".-_/"; another one is an Internal error. What is stored is durable before a
// call returns, and no reader ever sees half a file. When the store is away or full,
// every method returns an Unavailable error that says when to try again.
type Store interface {
	// Put stores size bytes of r at key, in place of what was there. If r ends
	// early, fails or has more, nothing is stored.
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	// PutIfAbsent is Put, but a Conflict error when key is taken.
	PutIfAbsent(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	// Get reads length bytes from offset on; a negative length reads to the end.
	// A range that begins behind the end is an Invalid error, a missing key NotFound.
	Get(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)
	// Stat describes the file at key, or NotFound.
	Stat(ctx context.Context, key string) (Info, error)
	// Delete removes the file at key; one that is not there is no error.
	Delete(ctx context.Context, key string) error
	// List walks over the files whose keys begin with prefix, in no order.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
	// SignedURL returns an address at which anybody may read the file for ttl,
	// offered under name; "" when the store cannot be reached but through us.
	SignedURL(ctx context.Context, key string, ttl time.Duration, name string) (string, error)
	// Ping reports whether the store can be reached and written to.
	Ping(ctx context.Context) error
	// Close lets go of what the store holds open.
	Close() error
}

// RetryAfter is what a client is told to wait when the store is away.
const RetryAfter = 5 * time.Second

// Open returns the store at url: a path, or "s3://KEY:SECRET@HOST:PORT/BUCKET" with
// the options tls=0 and region=NAME. The credentials of a bucket may instead be in
// ANLAN_S3_KEY and ANLAN_S3_SECRET. A bucket need not answer yet: Ping tells.
func Open(_ context.Context, url string) (Store, error) {
	if strings.HasPrefix(url, "s3://") {
		return openS3(url)
	}
	return openDir(url)
}

const maxKey = 200

// checkKey refuses keys that could mean another place than they say.
func checkKey(key string) error {
	ok := key != "" && len(key) <= maxKey && strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789.-_/") == "" &&
		!strings.Contains(key, "..")
	for part := range strings.SplitSeq(key, "/") {
		ok = ok && part != "" && part != "."
	}
	if !ok {
		return errs.New(errs.Internal, "internal", "key", key)
	}
	return nil
}

func notFound(cause error) error { return errs.Wrap(cause, errs.NotFound, "not_found") }
func taken(cause error) error    { return errs.Wrap(cause, errs.Conflict, "conflict") }
func badRange() error            { return errs.New(errs.Invalid, "bad_request") }

func away(cause error) error {
	e := errs.Wrap(cause, errs.Unavailable, "unavailable")
	e.RetryAfter = RetryAfter
	return e
}

// exactly reads size bytes of r and fails when r has fewer or more. Its error is a
// caller's, not the store's.
type exactly struct {
	r    io.Reader
	left int64
	err  error
}

// Read is that of io.Reader.
func (e *exactly) Read(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	n, err := e.r.Read(p)
	e.left -= int64(n)
	switch {
	case e.left < 0:
		e.err = errs.New(errs.Internal, "internal", "why", "more bytes than announced")
	case err == io.EOF && e.left > 0:
		e.err = io.ErrUnexpectedEOF
	case err != nil:
		e.err = err
	}
	return n, e.err
}
