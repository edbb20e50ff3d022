// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/platform/httpapi"
)

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	mountSignIn(api, s)
	mountMe(api, s)
	mountSecrets(api, s)
	mountAccounts(api, s)
	mountSetup(api, s)
}

func op(id, method, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"auth"}}
}

func mountSignIn(api huma.API, s *Service) {
	httpapi.HandlePublic(api, op("auth-sign-in", http.MethodPost, "/auth/sign-in", "Sign in with a password"), s.httpSignIn)
	httpapi.HandlePublic(api, op("auth-sign-out", http.MethodPost, "/auth/sign-out", "End this session"), s.httpSignOut)
	httpapi.Handle(api, op("auth-confirm", http.MethodPost, "/auth/confirm", "Prove again who you are, before a sensitive act"), s.httpConfirm)
	httpapi.Handle(api, op("auth-access", http.MethodGet, "/auth/access", "Who signed in, and who tried"), s.httpAccess)
}

// client is part of the input of operations that ask where a request comes from.
type client struct {
	from   Origin
	secure bool // it came encrypted
}

// Resolve is called by huma before the operation.
func (c *client) Resolve(ctx huma.Context) []error {
	c.from = Origin{Address: hostOf(ctx.RemoteAddr()), Device: deviceOf(ctx.Header("User-Agent"))}
	if proof, err := huma.ReadCookie(ctx, proofName); err == nil {
		c.from.Proof = proof.Value
	}
	c.secure = ctx.TLS() != nil
	return nil
}

// cookies returns the headers that give o to the browser.
func (s *Service) cookies(o Opened, c client) []string {
	out := []string{s.cookie(cookieName, "/", o.Token, o.Session.Expires.Sub(s.now()), c)}
	if o.Proof != "" {
		out = append(out, s.cookie(proofName, proofPath, o.Proof, proofLife, c))
	}
	return out
}

// cookie returns a Set-Cookie header; one without life is taken away.
func (s *Service) cookie(name, path, value string, life time.Duration, c client) string {
	maxAge := int(life / time.Second)
	if maxAge <= 0 {
		maxAge = -1
	}
	return (&http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: maxAge, HttpOnly: true,
		Secure: c.secure || strings.HasPrefix(s.baseURL, "https://"), SameSite: http.SameSiteLaxMode,
	}).String()
}

type signInIn struct {
	client
	Body struct {
		Login    string `json:"login" minLength:"1" maxLength:"200"`
		Password string `json:"password" minLength:"1" maxLength:"1000"`
		Code     string `json:"code,omitempty" maxLength:"40" doc:"Of the second factor, or a recovery code"`
	}
}

// meOut answers with a fresh session's cookie and whose it is.
type meOut struct {
	SetCookie []string `header:"Set-Cookie"`
	Body      meView
}

func (s *Service) httpSignIn(ctx context.Context, in *signInIn) (*meOut, error) {
	b := in.Body
	opened, err := s.SignIn(ctx, Credentials{Login: b.Login, Password: b.Password, Code: b.Code, From: in.from})
	if err != nil {
		return nil, err
	}
	return s.meAs(ctx, opened, in.client)
}

// meAs describes the owner of a session that was just opened or renewed.
func (s *Service) meAs(ctx context.Context, opened Opened, c client) (*meOut, error) {
	who, err := s.identify(ctx, opened.Token)
	if err != nil {
		return nil, err
	}
	me, err := s.me(actor.With(ctx, who.by))
	return &meOut{SetCookie: s.cookies(opened, c), Body: me}, err
}

type clientIn struct{ client }

type cookieOut struct {
	SetCookie string `header:"Set-Cookie"`
}

func (s *Service) httpSignOut(ctx context.Context, in *clientIn) (*cookieOut, error) {
	return &cookieOut{SetCookie: s.cookie(cookieName, "/", "", 0, in.client)}, s.SignOut(ctx, in.from)
}

type confirmIn struct {
	client
	Body struct {
		Password string `json:"password,omitempty" maxLength:"1000"`
		Code     string `json:"code,omitempty" maxLength:"40" doc:"Of the second factor; instead of the password"`
	}
}

func (s *Service) httpConfirm(ctx context.Context, in *confirmIn) (*struct{}, error) {
	return nil, s.Confirm(ctx, in.Body.Password, in.Body.Code, in.from)
}

type accessIn struct {
	Person  string    `query:"person" doc:"Id of a person"`
	Login   string    `query:"login" maxLength:"200" doc:"Exact login; the log itself holds none"`
	Outcome Outcome   `query:"outcome" enum:"signed_in,signed_out,confirmed,password_set,bad_password,code_needed,bad_code,disabled,initial_expired"`
	From    time.Time `query:"from"`
	To      time.Time `query:"to"`
	Cursor  string    `query:"cursor"`
	Limit   int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type accessView struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Person  string    `json:"person_id" doc:"Empty when the login is nobody's"`
	Name    string    `json:"name"`
	Outcome Outcome   `json:"outcome"`
	Address string    `json:"address" doc:"Masked"`
	Device  string    `json:"device"`
	Session string    `json:"session"`
}

type accessOut struct {
	Body struct {
		Items []accessView `json:"items"`
		Next  string       `json:"next"`
	}
}

func (s *Service) httpAccess(ctx context.Context, in *accessIn) (*accessOut, error) {
	found, err := s.AccessLog(ctx, AccessFilter{Person: in.Person, Login: in.Login, Outcome: in.Outcome,
		From: in.From, To: in.To, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(found.Items))
	for _, a := range found.Items {
		if a.Person != "" {
			ids = append(ids, a.Person)
		}
	}
	names, err := s.org.PersonNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := &accessOut{}
	out.Body.Next, out.Body.Items = found.Next, make([]accessView, len(found.Items))
	for i, a := range found.Items {
		out.Body.Items[i] = accessView{ID: a.ID, At: a.At, Person: a.Person, Name: names[a.Person], Outcome: a.Outcome,
			Address: a.Address, Device: a.Device, Session: a.Session}
	}
	return out, nil
}
