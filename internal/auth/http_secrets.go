// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"rsc.io/qr"

	"anlan/internal/platform/httpapi"
)

func mountSecrets(api huma.API, s *Service) {
	httpapi.Handle(api, op("me-begin-totp", http.MethodPost, "/me/totp", "Begin to set up a second factor"), s.httpBeginFactor)
	httpapi.Handle(api, op("me-finish-totp", http.MethodPut, "/me/totp", "Put the second factor in force"), s.httpFinishFactor)
	httpapi.Handle(api, op("me-remove-totp", http.MethodDelete, "/me/totp", "Remove the second factor"), s.httpRemoveFactor)
	httpapi.Handle(api, op("me-tokens", http.MethodGet, "/me/tokens", "My API tokens"), s.httpTokens)
	create := op("me-create-token", http.MethodPost, "/me/tokens", "Make an API token")
	create.DefaultStatus = http.StatusCreated
	httpapi.Handle(api, create, s.httpCreateToken)
	httpapi.Handle(api, op("me-revoke-token", http.MethodDelete, "/me/tokens/{id}", "Revoke one of my API tokens"), s.httpRevokeToken)
}

// noStore goes with answers that are shown once.
const noStore = "no-store"

type factorOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Secret string `json:"secret" doc:"Base 32, to be typed in"`
		URI    string `json:"uri" doc:"otpauth://…"`
		QR     string `json:"qr" doc:"The same as a picture: data:image/png;base64,…"`
	}
}

func (s *Service) httpBeginFactor(ctx context.Context, _ *struct{}) (*factorOut, error) {
	f, err := s.BeginFactor(ctx)
	if err != nil {
		return nil, err
	}
	code, err := qr.Encode(f.URI, qr.M)
	if err != nil {
		return nil, err
	}
	code.Scale = 5
	out := &factorOut{CacheControl: noStore}
	out.Body.Secret, out.Body.URI = f.Secret, f.URI
	out.Body.QR = "data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())
	return out, nil
}

type codeIn struct {
	Body struct {
		Code string `json:"code" minLength:"6" maxLength:"10"`
	}
}

type recoveryOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Recovery []string `json:"recovery" doc:"Each is good for one sign-in without the app; shown this once"`
	}
}

func (s *Service) httpFinishFactor(ctx context.Context, in *codeIn) (*recoveryOut, error) {
	codes, err := s.FinishFactor(ctx, in.Body.Code)
	if err != nil {
		return nil, err
	}
	out := &recoveryOut{CacheControl: noStore}
	out.Body.Recovery = codes
	return out, nil
}

func (s *Service) httpRemoveFactor(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, s.RemoveFactor(ctx)
}

type TokenView struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Perms    []string   `json:"perms"`
	UnitID   string     `json:"unit_id" doc:"In whose name it acts"`
	Created  time.Time  `json:"created"`
	Expires  time.Time  `json:"expires"`
	LastUsed *time.Time `json:"last_used" doc:"To the minute; null when never"`
}

func tokenToView(t Token) TokenView {
	return TokenView{ID: t.ID, Name: t.Name, Perms: t.Perms, UnitID: t.Unit, Created: t.Created, Expires: t.Expires,
		LastUsed: orNull(t.LastUsed)}
}

type tokensOut struct {
	Body struct {
		Items []TokenView `json:"items"`
	}
}

func (s *Service) httpTokens(ctx context.Context, _ *struct{}) (*tokensOut, error) {
	all, err := s.Tokens(ctx)
	out := &tokensOut{}
	out.Body.Items = make([]TokenView, len(all))
	for i, t := range all {
		out.Body.Items[i] = tokenToView(t)
	}
	return out, err
}

type createTokenIn struct {
	Body struct {
		Name  string   `json:"name" maxLength:"200"`
		Perms []string `json:"perms" doc:"Some of my own"`
		Days  int      `json:"days" doc:"How many days it works, 1 to 366"`
	}
}

type createTokenOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		TokenView
		Token string `json:"token" doc:"Shown this once: anlan_pat_…"`
	}
}

func (s *Service) httpCreateToken(ctx context.Context, in *createTokenIn) (*createTokenOut, error) {
	t, secret, err := s.CreateToken(ctx, NewToken{Name: in.Body.Name, Perms: in.Body.Perms, Days: in.Body.Days})
	if err != nil {
		return nil, err
	}
	out := &createTokenOut{CacheControl: noStore}
	out.Body.TokenView, out.Body.Token = tokenToView(t), secret
	return out, nil
}

func (s *Service) httpRevokeToken(ctx context.Context, in *idIn) (*struct{}, error) {
	return nil, s.RevokeToken(ctx, in.ID)
}
