// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"encoding/base64"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
)

// TipFile names a sealed file that came before.
type TipFile struct {
	Name   string `json:"name" maxLength:"64"`
	Size   int64  `json:"size" minimum:"1"`
	SHA256 []byte `json:"sha256" maxLength:"64" doc:"Of the sealed bytes"`
}

func fileRefs(files []TipFile) []FileRef {
	out := make([]FileRef, len(files))
	for i, f := range files {
		out[i] = FileRef(f)
	}
	return out
}

// TipBody is a sealed tip with the few open fields that routing needs.
type TipBody struct {
	Channel          string     `json:"channel_id" maxLength:"64"`
	Generation       int        `json:"generation"`
	Place            place.Path `json:"place" maxLength:"200"`
	Class            Class      `json:"class" maxLength:"32"`
	UnitCode         string     `json:"unit_code,omitempty" maxLength:"32"`
	Danger           bool       `json:"danger,omitempty" doc:"Somebody is in danger now"`
	Named            bool       `json:"named,omitempty" doc:"The sealed part says who"`
	CaseRecipient    string     `json:"case_recipient" maxLength:"4096"`
	MailboxRecipient string     `json:"mailbox_recipient" maxLength:"100"`
	Lookup           string     `json:"lookup" maxLength:"64" doc:"Made of the query code, base64url"`
	Envelope         []byte     `json:"envelope" maxLength:"8192" doc:"The case's identity, sealed to the channel (age)"`
	Content          []byte     `json:"content" maxLength:"100000" doc:"Padded JSON, sealed to the case (age)"`
	Files            []TipFile  `json:"files,omitempty" maxItems:"20"`
}

func (b *TipBody) submission() Submission {
	return Submission{Channel: b.Channel, Generation: b.Generation, Place: b.Place, Class: b.Class, UnitCode: b.UnitCode, Danger: b.Danger,
		Named: b.Named, CaseRecipient: b.CaseRecipient, MailboxRecipient: b.MailboxRecipient, Lookup: readLookup(b.Lookup),
		Envelope: b.Envelope, Content: b.Content, Files: fileRefs(b.Files)}
}

// readLookup returns nil for what is no lookup.
func readLookup(text string) []byte {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil
	}
	return b
}

// Keyed is the header of what a phone may send twice.
type Keyed struct {
	Key string `header:"Idempotency-Key" pattern:"^[0-9A-Za-z_-]{16,64}$" doc:"A repeat under the same key gets the first answer"`
}

type submitIn struct {
	Keyed
	Permitted
	Language
	Body TipBody
}

type receiptOut struct {
	Body tipReceipt
}

type tipReceipt struct {
	No       string     `json:"no"`
	Leaf     string     `json:"leaf" doc:"Hash of the leaf in the log, 64 hex digits"`
	Promise  string     `json:"promise" doc:"The log's signed word that the leaf will be in it"`
	Opening  tipOpening `json:"opening" doc:"What opens the commitment in the leaf"`
	Received time.Time  `json:"received_hour"`
	Rules    []tipTerm  `json:"rules" nullable:"false"`
	Next     *tipNext   `json:"next,omitempty"`
}

type tipOpening struct {
	Salt     []byte `json:"salt"`
	Content  []byte `json:"content"`
	Evidence []byte `json:"evidence"`
}

type tipNext struct {
	Key    ClockKind `json:"key"`
	Last   clock.Day `json:"last_day"`
	RuleID string    `json:"rule_id"`
	Source string    `json:"source"`
}

func (r *Receipt) view(l Language) *receiptOut {
	o := r.Opening
	out := &receiptOut{tipReceipt{No: r.No, Leaf: hexOf(r.Leaf), Promise: r.Promise, Received: r.Received, Rules: l.terms(r.Terms),
		Opening: tipOpening{o.Salt[:], o.Content[:], o.Evidence[:]}}}
	if d := r.Due; d != nil {
		out.Body.Next = &tipNext{d.Clock, d.Last, d.RuleID, d.Source}
	}
	return out
}

func (s *Service) httpSubmit(ctx context.Context, in *submitIn) (*receiptOut, error) {
	sub := in.Body.submission()
	sub.Permit = in.Permit
	r, err := s.Submit(nobodyIn(ctx), sub)
	if err != nil {
		return nil, err
	}
	return r.view(in.Language), nil
}

type typeInIn struct {
	Keyed
	Language
	Body struct {
		TipBody
		Source string `json:"source" enum:"12350,12345,119,96119,letter,visit,mail"`
	}
}

func (s *Service) httpTypeIn(ctx context.Context, in *typeInIn) (*receiptOut, error) {
	sub := in.Body.submission()
	sub.Source = in.Body.Source
	r, err := s.TypeIn(ctx, sub)
	if err != nil {
		return nil, err
	}
	return r.view(in.Language), nil
}
