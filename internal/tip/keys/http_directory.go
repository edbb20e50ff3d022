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

func mountDirectory(api huma.API, s *Service) {
	httpapi.Handle(api, op("tip-directory", http.MethodGet, "/tip-keys/directory", "The key that vouches for all signers, and its list"), s.httpDirectory)
	httpapi.Handle(api, created(large(op("tip-directory-propose", http.MethodPost, "/tip-keys/directory",
		"Begin the ceremony of the directory key"))), s.httpProposeDirectory)
	httpapi.Handle(api, op("tip-directory-stop", http.MethodDelete, "/tip-keys/directory", "End the ceremony without a key"), s.httpStopDirectory)
	httpapi.Handle(api, op("tip-directory-confirm", http.MethodPost, "/tip-keys/directory/confirm",
		"End the ceremony, as the other of the two people"), s.httpConfirmDirectory)
	httpapi.Handle(api, large(op("tip-directory-list", http.MethodPost, "/tip-keys/directory/signers", "Replace the list of signers")), s.httpList)
	httpapi.Handle(api, op("tip-directory-hand-over", http.MethodPost, "/tip-keys/directory/wraps", "Let a person hold the directory key"), s.httpHandOverDirectory)
	httpapi.Handle(api, op("tip-directory-give-up", http.MethodDelete, "/tip-keys/directory/wraps/{person_id}",
		"Hold the directory key no longer: only I myself"), s.httpGiveUpDirectory)
}

// signerView is a signer of a channel.
type signerView struct {
	Signer    string `json:"signer"`
	ChannelID string `json:"channel_id"`
}

type directoryHolderView struct {
	PersonView
	UnitID string `json:"unit_id"`
	KeyID  string `json:"key_id"`
}

// directoryView is the directory key and its list.
type directoryView struct {
	State     string                `json:"state" enum:"none,pending,active"`
	Origin    string                `json:"origin" doc:"The deployment's name in signed texts"`
	VKey      string                `json:"vkey" doc:"Ed25519 public key, base64"`
	Maker     *PersonView           `json:"maker"`
	Confirmer *PersonView           `json:"confirmer" doc:"Who is to confirm it, or has"`
	Expires   *time.Time            `json:"expires" doc:"Of the ceremony, while it is pending"`
	List      string                `json:"list" doc:"The latest list of signers, without its signature"`
	Listed    *time.Time            `json:"listed"`
	InUse     []signerView          `json:"in_use" doc:"Signers whom the next list must name"`
	Holders   []directoryHolderView `json:"holders"`
	MyKeyID   string                `json:"my_key_id" doc:"The own key of mine that opens my_wrap; empty when I do not hold the directory key"`
	MyWrap    string                `json:"my_wrap" doc:"The directory key's secret, sealed to me"`
	ToConfirm string                `json:"to_confirm" doc:"What I am to sign with the directory key; empty when I am not"`
}

func (s *Service) httpDirectory(ctx context.Context, _ *struct{}) (*secretOut[directoryView], error) {
	d, err := s.Directory(ctx)
	if err != nil {
		return nil, err
	}
	return secret(s.directoryView(ctx, d))
}

func (s *Service) directoryView(ctx context.Context, d *DirectoryView) (directoryView, error) {
	v := directoryView{State: "none", Origin: d.Origin, InUse: []signerView{}, Holders: []directoryHolderView{}}
	if d.Directory == nil {
		return v, nil
	}
	people := []string{d.Directory.Maker, d.Directory.Confirmer}
	for _, w := range d.Wraps {
		people = append(people, w.PersonID)
	}
	name, err := s.names(ctx, people...)
	if err != nil {
		return v, err
	}
	maker, confirmer := name(people[0]), name(people[1])
	v.State, v.VKey, v.Maker, v.Confirmer = string(d.Directory.State), d.Directory.VKey, &maker, &confirmer
	v.ToConfirm = d.Text
	if d.Directory.State == DirectoryPending {
		v.Expires = &d.Directory.Expires
	}
	if d.List != nil {
		v.List, v.Listed = d.List.Text, &d.List.Listed
	}
	for _, one := range d.InUse {
		v.InUse = append(v.InUse, signerView{one.Key, one.Channel})
	}
	for _, w := range d.Wraps {
		v.Holders = append(v.Holders, directoryHolderView{name(w.PersonID), w.UnitID, w.KeyID})
		if w.PersonID == actor.From(ctx).ID {
			v.MyKeyID, v.MyWrap = w.KeyID, w.Wrap
		}
	}
	return v, nil
}

type DirectoryWrapBody struct {
	PersonID string `json:"person_id" maxLength:"26"`
	KeyID    string `json:"key_id" maxLength:"26" doc:"Their current own key"`
	Wrap     string `json:"wrap" maxLength:"16384" doc:"The directory key's secret, sealed, armored"`
}

func (b DirectoryWrapBody) sealing() Sealing {
	return Sealing{PersonID: b.PersonID, KeyID: b.KeyID, Wrap: b.Wrap}
}

// ListBody is a list of signers under the directory key's signature.
type ListBody struct {
	List      string `json:"list" maxLength:"500000" doc:"Lines anlan-signers/v1, origin, then sorted <signer, base64> <channel id>, each ended by a line feed"`
	Signature string `json:"signature" maxLength:"88" doc:"By the directory key, base64"`
}

type proposeDirectoryIn struct {
	Body struct {
		ListBody
		VKey      string              `json:"vkey" maxLength:"44" doc:"Ed25519 public key, base64"`
		ChannelID string              `json:"channel_id" maxLength:"26" doc:"Whose holders the two people are"`
		Holders   []DirectoryWrapBody `json:"holders" minItems:"2" maxItems:"2" doc:"I and one other"`
	}
}

func (s *Service) httpProposeDirectory(ctx context.Context, in *proposeDirectoryIn) (*secretOut[directoryView], error) {
	p := DirectoryProposal{VKey: in.Body.VKey, ChannelID: in.Body.ChannelID, List: in.Body.List, Signature: in.Body.Signature}
	for _, h := range in.Body.Holders {
		p.Holders = append(p.Holders, h.sealing())
	}
	if _, err := s.ProposeDirectory(ctx, p); err != nil {
		return nil, err
	}
	return s.httpDirectory(ctx, nil)
}

func (s *Service) httpStopDirectory(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, s.StopDirectory(ctx)
}

type confirmDirectoryIn struct{ Body signatureBody }

func (s *Service) httpConfirmDirectory(ctx context.Context, in *confirmDirectoryIn) (*secretOut[directoryView], error) {
	if _, err := s.ConfirmDirectory(ctx, in.Body.Signature); err != nil {
		return nil, err
	}
	return s.httpDirectory(ctx, nil)
}

type listIn struct{ Body ListBody }

func (s *Service) httpList(ctx context.Context, in *listIn) (*secretOut[directoryView], error) {
	if _, err := s.List(ctx, in.Body.List, in.Body.Signature); err != nil {
		return nil, err
	}
	return s.httpDirectory(ctx, nil)
}

type handOverDirectoryIn struct {
	Body struct {
		DirectoryWrapBody
		ChannelID string `json:"channel_id" maxLength:"26" doc:"The channel whose office they work for"`
	}
}

func (s *Service) httpHandOverDirectory(ctx context.Context, in *handOverDirectoryIn) (*secretOut[directoryView], error) {
	if err := s.HandOverDirectory(ctx, in.Body.ChannelID, in.Body.sealing()); err != nil {
		return nil, err
	}
	return s.httpDirectory(ctx, nil)
}

type giveUpDirectoryIn struct {
	PersonID string `path:"person_id" maxLength:"26"`
}

func (s *Service) httpGiveUpDirectory(ctx context.Context, in *giveUpDirectoryIn) (*struct{}, error) {
	return nil, s.GiveUpDirectory(ctx, in.PersonID)
}
