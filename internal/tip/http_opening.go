// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

type openIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Reason string `json:"reason" maxLength:"2000" doc:"4 to 200 characters; kept with your name, and the informant sees how often it was opened"`
		What   Opened `json:"what,omitempty" enum:"content,mailbox" doc:"mailbox: messages only; empty for content"`
	}
}

type openOut struct{ Body tipCase }

// tipCase is what was sealed with a tip. Who opened its envelope opens the rest.
type tipCase struct {
	ChannelID        string       `json:"channel_id"`
	Generation       int          `json:"generation" doc:"Of the channel's key that opens the envelope"`
	Envelope         []byte       `json:"envelope"`
	Content          []byte       `json:"content,omitempty"`
	CaseRecipient    string       `json:"case_recipient"`
	MailboxRecipient string       `json:"mailbox_recipient"`
	Files            []TipFile    `json:"files" nullable:"false"`
	Messages         []tipMessage `json:"messages" nullable:"false"`
}

type tipMessage struct {
	ID     string    `json:"id"`
	From   string    `json:"from" doc:"office or informant"`
	Kind   string    `json:"kind"`
	Author string    `json:"author_id" doc:"Of the office"`
	Sealed []byte    `json:"sealed"`
	At     time.Time `json:"at" doc:"What the informant wrote has its hour only"`
}

func (s *Service) httpOpen(ctx context.Context, in *openIn) (*openOut, error) {
	what := in.Body.What
	if what == "" {
		what = OpenContent
	}
	c, err := s.Open(ctx, in.ID, what, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	v := tipCase{ChannelID: c.Tip.Channel, Generation: c.Tip.Generation, Envelope: c.Envelope, Content: c.Content,
		CaseRecipient: c.Tip.CaseRecipient, MailboxRecipient: c.Tip.MailboxRecipient, Files: []TipFile{}, Messages: []tipMessage{}}
	for _, f := range c.Files {
		v.Files = append(v.Files, TipFile(f))
	}
	for _, m := range c.Messages {
		v.Messages = append(v.Messages, tipMessage{m.ID, m.Origin, m.Kind, m.Author, m.Sealed, m.At})
	}
	return &openOut{v}, nil
}

type caseFileIn struct {
	ID   string `path:"id" maxLength:"64"`
	Name string `path:"name" maxLength:"32"`
}

func (s *Service) httpCaseFile(ctx context.Context, in *caseFileIn) (*huma.StreamResponse, error) {
	body, size, err := s.File(ctx, in.ID, in.Name)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		defer body.Close()
		out.SetHeader("Content-Type", "application/octet-stream")
		out.SetHeader("Content-Length", strconv.FormatInt(size, 10))
		out.SetHeader("Cache-Control", "no-store")
		if _, err := io.Copy(out.BodyWriter(), body); err != nil {
			slog.WarnContext(ctx, "a sealed file was not read to its end", "err", err)
		}
	}}, nil
}

// tipEnvelope is a case key, sealed to a channel's key.
type tipEnvelope struct {
	TipID    string `json:"tip_id" maxLength:"64"`
	Envelope []byte `json:"envelope"`
}

type envelopeIn struct {
	ID string `path:"id" maxLength:"64"`
}

type envelopeOut struct{ Body tipEnvelope }

func (s *Service) httpEnvelope(ctx context.Context, in *envelopeIn) (*envelopeOut, error) {
	w, err := s.Envelope(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &envelopeOut{tipEnvelope(*w)}, nil
}

type envelopesIn struct {
	ChannelID  string `query:"channel_id" required:"true" maxLength:"64"`
	Generation int    `query:"generation" required:"true" minimum:"1"`
	Cursor     string `query:"cursor" maxLength:"300"`
	Limit      int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
}

type envelopesOut struct {
	Body struct {
		Items []tipEnvelope `json:"items" nullable:"false"`
		Next  string        `json:"next"`
	}
}

func (s *Service) httpEnvelopes(ctx context.Context, in *envelopesIn) (*envelopesOut, error) {
	p, err := s.Envelopes(ctx, in.ChannelID, in.Generation, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &envelopesOut{}
	out.Body.Next, out.Body.Items = p.Next, []tipEnvelope{}
	for _, w := range p.Items {
		out.Body.Items = append(out.Body.Items, tipEnvelope(w))
	}
	return out, nil
}

type rewrapIn struct {
	Body struct {
		ChannelID string        `json:"channel_id" maxLength:"64"`
		From      int           `json:"from" minimum:"1" doc:"Generation that they were sealed to"`
		To        int           `json:"to" minimum:"1" doc:"The current generation, that they are sealed to now"`
		Envelopes []tipEnvelope `json:"envelopes" maxItems:"200"`
	}
}

type rewrapOut struct {
	Body struct {
		Done int `json:"done" doc:"How many were put in place; others have moved on"`
	}
}

func (s *Service) httpRewrap(ctx context.Context, in *rewrapIn) (*rewrapOut, error) {
	all := make([]Rewrapped, len(in.Body.Envelopes))
	for i, e := range in.Body.Envelopes {
		all[i] = Rewrapped(e)
	}
	out := &rewrapOut{}
	var err error
	out.Body.Done, err = s.Rewrap(ctx, in.Body.ChannelID, in.Body.From, in.Body.To, all)
	if err != nil {
		return nil, err
	}
	return out, nil
}
