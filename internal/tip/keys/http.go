// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/platform/httpapi"
)

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	mountMine(api, s)
	mountChannels(api, s)
	mountHoldings(api, s)
	mountRecoveries(api, s)
	mountDirectory(api, s)
}

func op(id, method, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"tip-keys"}}
}

func created(o huma.Operation) huma.Operation { o.DefaultStatus = http.StatusCreated; return o }

// sealedSize bounds a body with one sealed text for each of MaxHolders people, twice.
const sealedSize = 2*MaxHolders*maxSealed + 64<<10

func large(o huma.Operation) huma.Operation { o.MaxBodyBytes = sealedSize; return o }

// secretOut is an answer with sealed secrets, which no browser keeps.
type secretOut[V any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         V
}

func secret[V any](v V, err error) (*secretOut[V], error) {
	if err != nil {
		return nil, err
	}
	return &secretOut[V]{"no-store", v}, nil
}

// bodyOut is an answer with one view.
type bodyOut[V any] struct{ Body V }

// itemsView is a whole list.
type itemsView[V any] struct {
	Items []V `json:"items"`
}

// PersonView is a person by name.
type PersonView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// names returns views of people; of nobody, for an empty id.
func (s *Service) names(ctx context.Context, ids ...string) (func(id string) PersonView, error) {
	all, err := s.Org.PersonNames(ctx, ids)
	return func(id string) PersonView { return PersonView{id, all[id]} }, err
}

// orNull returns a time that may not have come yet.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func mountMine(api huma.API, s *Service) {
	httpapi.Handle(api, op("tip-key-me", http.MethodGet, "/tip-keys/me", "My own keys, sealed by my passphrase"), s.httpMe)
	httpapi.Handle(api, op("tip-key-set", http.MethodPut, "/tip-keys/me", "Enter my key, or the same key under another passphrase"), s.httpSetMe)
}

// ownKeyView is an own key; what is in it, only the passphrase shows.
type ownKeyView struct {
	ID        string     `json:"id"`
	Recipient string     `json:"recipient" doc:"age1…"`
	Signer    string     `json:"signer" doc:"Ed25519 public key, base64"`
	Sealed    string     `json:"sealed" doc:"{\"age\",\"sign\"} sealed by the passphrase, armored"`
	Made      time.Time  `json:"made"`
	Replaced  *time.Time `json:"replaced" doc:"null for the current one"`
	Version   int        `json:"version"`
}

func toOwnKey(k PersonKey) ownKeyView {
	return ownKeyView{ID: k.ID, Recipient: k.Recipient, Signer: k.Signer, Sealed: k.Sealed, Made: k.Made, Replaced: orNull(k.Replaced), Version: k.Version}
}

type meView struct {
	PersonID string       `json:"person_id" doc:"Stands in the text that proof signs"`
	Items    []ownKeyView `json:"items" doc:"The current key first, then former ones, which still open what is sealed to them"`
}

func (s *Service) httpMe(ctx context.Context, _ *struct{}) (*secretOut[meView], error) {
	all, err := s.MyKeys(ctx)
	v := meView{PersonID: actor.From(ctx).ID, Items: []ownKeyView{}}
	for _, k := range all {
		v.Items = append(v.Items, toOwnKey(k))
	}
	return secret(v, err)
}

type setMeIn struct {
	Body struct {
		Recipient string `json:"recipient" maxLength:"100" doc:"age1…, X25519"`
		Signer    string `json:"signer" maxLength:"44" doc:"Ed25519 public key, base64"`
		Sealed    string `json:"sealed" maxLength:"16384" doc:"Both secret halves, sealed by the passphrase, armored"`
		Proof     string `json:"proof" maxLength:"88" doc:"Signature, base64, by the key itself, of the lines anlan-person-key/v1, person id, recipient, signer, each ended by a line feed"`
		Version   int    `json:"version" minimum:"0" doc:"Of the current key; 0 for the first"`
	}
}

func (s *Service) httpSetMe(ctx context.Context, in *setMeIn) (*secretOut[ownKeyView], error) {
	b := in.Body
	k, err := s.SetMyKey(ctx, PersonKey{Recipient: b.Recipient, Signer: b.Signer, Sealed: b.Sealed, Version: b.Version}, b.Proof)
	if err != nil {
		return nil, err
	}
	return secret(toOwnKey(*k), nil)
}
