// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"anlan/internal/kernel/errs"
)

const (
	dialTimeout   = 3 * time.Second
	answerTimeout = 30 * time.Second
	tries         = 2 // of one request; who waits for the answer is told to come back
)

// bucket keeps files in a bucket of an S3 server.
type bucket struct {
	core minio.Core
	name string
}

func openS3(address string) (Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("blob: the address of the bucket cannot be read") // err would show the secret
	}
	name := strings.Trim(u.Path, "/")
	if u.Host == "" || name == "" || strings.Contains(name, "/") {
		return nil, fmt.Errorf("blob: want s3://HOST:PORT/BUCKET, got %s", u.Redacted())
	}
	secret, _ := u.User.Password()
	core, err := minio.NewCore(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(cmp.Or(u.User.Username(), os.Getenv("ANLAN_S3_KEY")),
			cmp.Or(secret, os.Getenv("ANLAN_S3_SECRET")), ""),
		Secure:     u.Query().Get("tls") != "0",
		Region:     cmp.Or(u.Query().Get("region"), "us-east-1"),
		Transport:  transport(),
		MaxRetries: tries,
	})
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &bucket{*core, name}, nil
}

func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: dialTimeout}).DialContext
	t.ResponseHeaderTimeout = answerTimeout
	t.MaxIdleConnsPerHost = 32
	t.DisableCompression = true // files come back byte for byte
	return t
}

func (b *bucket) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	return b.put(ctx, key, r, size, minio.PutObjectOptions{ContentType: contentType})
}

func (b *bucket) PutIfAbsent(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	o := minio.PutObjectOptions{ContentType: contentType}
	o.SetMatchETagExcept("*")
	return b.put(ctx, key, r, size, o)
}

func (b *bucket) put(ctx context.Context, key string, r io.Reader, size int64, o minio.PutObjectOptions) error {
	if err := checkKey(key); err != nil {
		return err
	}
	whole := &exactly{r: r, left: size}
	_, err := b.core.Client.PutObject(ctx, b.name, key, &beyond{whole, size}, size, o)
	if whole.err != nil && whole.err != io.EOF { // the caller's reader failed, not the store
		return whole.err
	}
	return b.meaning(err)
}

// beyond asks for the end of its reader once size bytes have been read, which the
// client does not, so that surplus bytes are noticed before the last are sent.
type beyond struct {
	r    *exactly
	left int64
}

func (b *beyond) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left > 0 || err != nil {
		return n, err
	}
	var one [1]byte
	if _, err := b.r.Read(one[:]); err != nil && err != io.EOF {
		return 0, err
	}
	return n, nil
}

func (b *bucket) Get(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	if offset < 0 {
		return nil, badRange()
	}
	var o minio.GetObjectOptions
	switch {
	case length == 0:
		info, err := b.Stat(ctx, key)
		if err == nil && offset >= info.Size && info.Size > 0 {
			err = badRange()
		}
		return http.NoBody, err
	case length > 0:
		o.SetRange(offset, offset+length-1)
	case offset > 0:
		o.SetRange(offset, 0)
	}
	body, _, _, err := b.core.GetObject(ctx, b.name, key, o)
	if err != nil {
		return nil, b.meaning(err)
	}
	return &download{body, b}, nil
}

// download is a file on its way. When the connection breaks, the store is away.
type download struct {
	io.ReadCloser
	from *bucket
}

func (d *download) Read(p []byte) (int, error) {
	n, err := d.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = d.from.meaning(err)
	}
	return n, err
}

func (b *bucket) Stat(ctx context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	info, err := b.core.StatObject(ctx, b.name, key, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, b.meaning(err)
	}
	return Info{key, info.Size, info.LastModified}, nil
}

func (b *bucket) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := b.meaning(b.core.RemoveObject(ctx, b.name, key, minio.RemoveObjectOptions{}))
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	return err
}

func (b *bucket) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		o := minio.ListObjectsOptions{Prefix: prefix, Recursive: true}
		for info := range b.core.ListObjectsIter(ctx, b.name, o) {
			if !yield(Info{info.Key, info.Size, info.LastModified}, b.meaning(info.Err)) || info.Err != nil {
				return
			}
		}
	}
}

func (b *bucket) SignedURL(ctx context.Context, key string, ttl time.Duration, name string) (string, error) {
	if err := checkKey(key); err != nil {
		return "", err
	}
	q := url.Values{"response-content-disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": name})}}
	u, err := b.core.PresignedGetObject(ctx, b.name, key, ttl, q)
	if err != nil {
		return "", b.meaning(err)
	}
	return u.String(), nil
}

// Ping asks for the bucket.
func (b *bucket) Ping(ctx context.Context) error {
	ok, err := b.core.BucketExists(ctx, b.name)
	if err == nil && !ok {
		err = fmt.Errorf("blob: there is no bucket %q", b.name)
		return away(err)
	}
	return b.meaning(err)
}

// meaning turns the server's answers into errors that a caller can act on.
// Whatever is neither an answer about the file nor the caller's own end means that
// the store is away.
func (b *bucket) meaning(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	switch r := minio.ToErrorResponse(err); {
	case r.StatusCode == http.StatusNotFound && r.Code != "NoSuchBucket":
		return notFound(err)
	case r.StatusCode == http.StatusPreconditionFailed:
		return taken(err)
	case r.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return badRange()
	}
	return away(err)
}

// Close has nothing to do: connections are the HTTP client's.
func (b *bucket) Close() error { return nil }
