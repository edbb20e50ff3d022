// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/platform/httpapi"
)

func mountAccounts(api huma.API, s *Service) {
	httpapi.Handle(api, op("accounts", http.MethodGet, "/accounts", "Accounts that I administer"), s.httpAccounts)
	create := op("account-create", http.MethodPost, "/people/{id}/account", "Give a person an account")
	create.DefaultStatus = http.StatusCreated
	httpapi.Handle(api, create, s.httpCreateAccount)
	httpapi.Handle(api, op("account-reset", http.MethodPost, "/accounts/{id}/reset", "Give a person a new one-time password"), s.httpReset)
	for _, act := range []struct {
		name, summary string
		do            func(context.Context, string) error
	}{
		{"unlock", "Let a person try again at once", s.Unlock},
		{"disable", "Close an account", s.Disable},
		{"enable", "Open a closed account again", s.Enable},
		{"forget-totp", "Take a lost second factor away", s.ForgetFactor},
	} {
		httpapi.Handle(api, op("account-"+act.name, http.MethodPost, "/accounts/{id}/"+act.name, act.summary),
			func(ctx context.Context, in *idIn) (*struct{}, error) { return nil, act.do(ctx, in.ID) })
	}
}

type accountsIn struct {
	Q      string `query:"q" maxLength:"64" doc:"How the login begins"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type accountView struct {
	Person      string     `json:"person_id"`
	Name        string     `json:"name"`
	Login       string     `json:"login"`
	Disabled    bool       `json:"disabled"`
	MustChange  bool       `json:"must_change" doc:"Has a one-time password"`
	TOTP        bool       `json:"totp" doc:"Has a second factor"`
	LockedUntil *time.Time `json:"locked_until" doc:"After too many wrong guesses; null when not locked"`
	LastSignIn  *time.Time `json:"last_sign_in" doc:"null when never"`
	Version     int64      `json:"version"`
}

type accountsOut struct {
	Body struct {
		Items []accountView `json:"items"`
		Next  string        `json:"next"`
	}
}

func (s *Service) httpAccounts(ctx context.Context, in *accountsIn) (*accountsOut, error) {
	found, err := s.Accounts(ctx, in.Q, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &accountsOut{}
	out.Body.Next, out.Body.Items = found.Next, make([]accountView, len(found.Items))
	for i, a := range found.Items {
		out.Body.Items[i] = accountView{Person: a.Person, Name: a.Name, Login: a.Login, Disabled: a.Disabled, MustChange: a.MustChange,
			TOTP: a.TOTP != nil, LockedUntil: orNull(a.LockedUntil), LastSignIn: orNull(a.LastSignIn), Version: a.Version}
	}
	return out, nil
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type createAccountIn struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Login string `json:"login" maxLength:"200" doc:"3 to 64 letters, digits, . - _ @"`
	}
}

type oneTimeOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Password string `json:"password" doc:"Shown this once, good for seven days, to be changed at the first sign-in"`
	}
}

func oneTime(password string, err error) (*oneTimeOut, error) {
	if err != nil {
		return nil, err
	}
	out := &oneTimeOut{CacheControl: noStore}
	out.Body.Password = password
	return out, nil
}

func (s *Service) httpCreateAccount(ctx context.Context, in *createAccountIn) (*oneTimeOut, error) {
	return oneTime(s.CreateAccount(ctx, in.ID, in.Body.Login))
}

func (s *Service) httpReset(ctx context.Context, in *idIn) (*oneTimeOut, error) {
	return oneTime(s.ResetPassword(ctx, in.ID))
}
