// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

const (
	bodyTimeout = 5 * time.Minute // for 20 MB at half a megabit per second
	firstBuffer = 1 << 20
	drainBytes  = 16 << 20
)

// rawBody reads a request body of at most limit bytes. It is read here and not by
// huma, because only here is the limit known that the sentence shall name.
func rawBody(ctx huma.Context, limit int64) ([]byte, error) {
	ctx.SetReadDeadline(clock.System().Add(bodyTimeout)) // the network's time, not the domain's
	announced, _ := strconv.ParseInt(ctx.Header("Content-Length"), 10, 64)
	var b bytes.Buffer
	b.Grow(int(min(max(announced, 0), firstBuffer)) + bytes.MinRead)
	n, err := io.Copy(&b, io.LimitReader(ctx.BodyReader(), limit+1))
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "evidence.interrupted")
	}
	if n > limit {
		io.CopyN(io.Discard, ctx.BodyReader(), drainBytes) // a sender that is cut off never reads the answer
		return nil, tooLarge(limit)
	}
	return b.Bytes(), nil
}

type uploadIn struct {
	Idem string `header:"Idempotency-Key" pattern:"^[0-9A-Za-z_-]{16,64}$" doc:"The same key gives the same answer"`

	body []byte
	err  error
}

// Resolve reads the body; what is wrong with it is told by the handler.
func (in *uploadIn) Resolve(ctx huma.Context) []error {
	in.body, in.err = rawBody(ctx, MaxSingleBytes)
	return nil
}

type sentOut struct{ Body view }

func (s *Service) httpUpload(ctx context.Context, in *uploadIn) (*sentOut, error) {
	if in.err != nil {
		return nil, in.err
	}
	e, err := s.Upload(ctx, in.Idem, in.body)
	if err != nil {
		return nil, err
	}
	return &sentOut{s.sentView(e)}, nil
}

type startIn struct {
	Idem string `header:"Idempotency-Key" pattern:"^[0-9A-Za-z_-]{16,64}$" doc:"The same key gives the same answer"`
	Body struct {
		Bytes int64  `json:"bytes" doc:"Of the whole file"`
		Type  string `json:"type" enum:"image/jpeg,image/png,image/webp,video/mp4"`
	}
}

type progressView struct {
	ID       string `json:"id"`
	Key      string `json:"key"`
	Bytes    int64  `json:"bytes"`
	Offset   int64  `json:"offset" doc:"Where the next piece begins"`
	Evidence *view  `json:"evidence,omitempty" doc:"Once all pieces have come"`
}

type progressOut struct{ Body progressView }

func (s *Service) toProgress(p *Progress) *progressOut {
	out := &progressOut{progressView{ID: p.ID, Key: s.Key(p.ID), Bytes: p.Bytes, Offset: p.Offset}}
	if p.Evidence != nil {
		v := s.sentView(p.Evidence)
		out.Body.Evidence = &v
	}
	return out
}

func (s *Service) httpStart(ctx context.Context, in *startIn) (*progressOut, error) {
	p, err := s.Start(ctx, in.Idem, in.Body.Type, in.Body.Bytes)
	if err != nil {
		return nil, err
	}
	return s.toProgress(p), nil
}

type chunkIn struct {
	ID     string `path:"id" maxLength:"64"`
	Key    string `query:"key" required:"true" maxLength:"64"`
	Offset int64  `query:"offset" required:"true" minimum:"0" doc:"Where this piece begins"`

	body []byte
	err  error
}

// Resolve reads the body; what is wrong with it is told by the handler.
func (in *chunkIn) Resolve(ctx huma.Context) []error {
	in.body, in.err = rawBody(ctx, MaxChunkBytes)
	return nil
}

func (s *Service) httpChunk(ctx context.Context, in *chunkIn) (*progressOut, error) {
	if in.err != nil {
		return nil, in.err
	}
	p, err := s.Receive(ctx, in.ID, in.Key, in.Offset, in.body)
	if err != nil {
		return nil, err
	}
	return s.toProgress(p), nil
}

type progressIn struct {
	ID  string `path:"id" maxLength:"64"`
	Key string `query:"key" required:"true" maxLength:"64"`
}

func (s *Service) httpProgress(ctx context.Context, in *progressIn) (*progressOut, error) {
	p, err := s.Progress(ctx, in.ID, in.Key)
	if err != nil {
		return nil, err
	}
	return s.toProgress(p), nil
}
