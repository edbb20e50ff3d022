// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"
	"encoding/base64"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

// lookupOf reads the lookup of a query code, or nothing from no text.
func lookupOf(text string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "reward.wrong_code")
	}
	return b, nil
}

// PayeeBody is who is paid.
type PayeeBody struct {
	Name    string `json:"name" maxLength:"60"`
	IDNo    string `json:"id_no" maxLength:"40"`
	Bank    string `json:"bank,omitempty" maxLength:"100"`
	Account string `json:"account,omitempty" maxLength:"60"`
}

type actIn struct {
	ByID
	Body struct {
		Action    Action     `json:"action" enum:"approve,return,file,notify,announce,extend,claim,send_back,pay,waive"`
		Version   int        `json:"version"`
		Reason    string     `json:"reason,omitempty" maxLength:"1000" doc:"return, announce, extend, send_back, waive"`
		FiledWith string     `json:"filed_with,omitempty" maxLength:"1000" doc:"file: the authority above"`
		FiledNo   string     `json:"filed_no,omitempty" maxLength:"1000" doc:"file: number of the filing"`
		Until     clock.Day  `json:"until,omitempty" maxLength:"10" doc:"extend: the new last day"`
		ReceiptNo string     `json:"receipt_no,omitempty" maxLength:"1000" doc:"pay: of the bank, or of the signed slip"`
		Lookup    string     `json:"lookup,omitempty" maxLength:"43" doc:"pay over the counter: of the query code, base64url"`
		Witnesses []string   `json:"witness_ids,omitempty" maxItems:"2" doc:"pay over the counter: two people"`
		Payee     *PayeeBody `json:"payee,omitempty" doc:"claim: the account; pay over the counter: who took the money"`
	}
}

func (s *Service) httpAct(ctx context.Context, in *actIn) (*viewOut, error) {
	b := in.Body
	lookup, err := lookupOf(b.Lookup)
	if err != nil {
		return nil, err
	}
	a := Act{Action: b.Action, Version: b.Version, Reason: b.Reason, FiledWith: b.FiledWith, FiledNo: b.FiledNo,
		Until: b.Until, ReceiptNo: b.ReceiptNo, Lookup: lookup, Witnesses: b.Witnesses}
	if b.Payee != nil {
		a.Payee = Payee(*b.Payee)
	}
	r, err := s.Act(ctx, in.ID, a)
	return s.out(ctx, r, err)
}

type payeeIn struct {
	ByID
	Body struct {
		Reason string `json:"reason" maxLength:"1000"`
	}
}

type payeeOut struct{ Body PayeeBody }

func (s *Service) httpPayee(ctx context.Context, in *payeeIn) (*payeeOut, error) {
	p, err := s.ReadPayee(ctx, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &payeeOut{PayeeBody(*p)}, nil
}

type lookView struct {
	Name   string    `json:"name"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

type looksOut struct {
	Body struct {
		Items []lookView `json:"items" nullable:"false"`
	}
}

func (s *Service) httpLooks(ctx context.Context, in *ByID) (*looksOut, error) {
	looks, err := s.Looks(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	people := make([]string, len(looks))
	for i, l := range looks {
		people[i] = l.Actor
	}
	names, err := s.Org.PersonNames(ctx, people)
	out := &looksOut{}
	out.Body.Items = []lookView{}
	for _, l := range looks {
		out.Body.Items = append(out.Body.Items, lookView{names[l.Actor], l.Reason, l.At.UTC()})
	}
	return out, err
}

type counterIn struct {
	Body struct {
		Lookup string `json:"lookup" pattern:"^[0-9A-Za-z_-]{43}$" doc:"Of the query code, base64url"`
	}
}

func (s *Service) httpCounter(ctx context.Context, in *counterIn) (*viewOut, error) {
	lookup, err := lookupOf(in.Body.Lookup)
	if err != nil {
		return nil, err
	}
	r, err := s.AtCounter(ctx, lookup)
	return s.out(ctx, r, err)
}

type claimIn struct {
	Body struct {
		Lookup string    `json:"lookup" pattern:"^[0-9A-Za-z_-]{43}$" doc:"Of the query code, base64url"`
		Payee  PayeeBody `json:"payee"`
	}
}

func (s *Service) httpClaim(ctx context.Context, in *claimIn) (*struct{}, error) {
	lookup, err := lookupOf(in.Body.Lookup)
	if err != nil {
		return nil, err
	}
	return nil, s.ClaimByCode(ctx, lookup, Payee(in.Body.Payee))
}

type keysIn struct {
	OfficeID string `query:"office_id" required:"true" maxLength:"64"`
	Year     int    `query:"year" required:"true" minimum:"2018" maximum:"2100"`
}

type keyView struct {
	ID      string    `json:"id"`
	Fen     int64     `json:"fen"`
	Public  []byte    `json:"public" doc:"SubjectPublicKeyInfo, DER"`
	Expires clock.Day `json:"expires" doc:"The last day on which its tokens are paid"`
}

type keysOut struct {
	Body struct {
		Variant string    `json:"variant" doc:"Of RFC 9474"`
		Items   []keyView `json:"items" nullable:"false"`
	}
}

func (s *Service) httpKeys(ctx context.Context, in *keysIn) (*keysOut, error) {
	keys, err := s.Keys(ctx, in.OfficeID, in.Year)
	if err != nil {
		return nil, err
	}
	out := &keysOut{}
	out.Body.Variant, out.Body.Items = variant.String(), []keyView{}
	for _, k := range keys {
		out.Body.Items = append(out.Body.Items, keyView{k.ID, k.Fen, k.Public, k.Expires})
	}
	return out, nil
}

type tokenIn struct {
	Body struct {
		Lookup  string   `json:"lookup" pattern:"^[0-9A-Za-z_-]{43}$" doc:"Of the query code, base64url"`
		Blinded [][]byte `json:"blinded" minItems:"1" maxItems:"64" doc:"One for each piece of the reward, the largest first"`
	}
}

type tokenOut struct {
	Body struct {
		Signatures [][]byte `json:"signatures" nullable:"false" doc:"Of what was blinded, in the same order"`
		Crowd      int64    `json:"crowd" doc:"How many unspent tokens of others the rarest of these hides among"`
	}
}

func (s *Service) httpToken(ctx context.Context, in *tokenIn) (*tokenOut, error) {
	lookup, err := lookupOf(in.Body.Lookup)
	if err != nil {
		return nil, err
	}
	issued, err := s.IssueTokens(ctx, lookup, in.Body.Blinded)
	if err != nil {
		return nil, err
	}
	out := &tokenOut{}
	out.Body.Signatures, out.Body.Crowd = issued.Signatures, issued.Crowd
	return out, nil
}

type spendIn struct {
	Body struct {
		Tokens []struct {
			KeyID     string `json:"key_id" maxLength:"64"`
			Message   []byte `json:"message"`
			Signature []byte `json:"signature"`
		} `json:"tokens" minItems:"1" maxItems:"64"`
		Witnesses []string `json:"witness_ids" minItems:"2" maxItems:"2"`
	}
}

type spendOut struct {
	Body struct {
		Fen int64 `json:"fen" doc:"What to pay"`
	}
}

func (s *Service) httpSpend(ctx context.Context, in *spendIn) (*spendOut, error) {
	sp := Spending{Witnesses: in.Body.Witnesses}
	for _, t := range in.Body.Tokens {
		sp.Tokens = append(sp.Tokens, Token(t))
	}
	fen, err := s.Spend(ctx, sp)
	if err != nil {
		return nil, err
	}
	out := &spendOut{}
	out.Body.Fen = fen
	return out, nil
}
