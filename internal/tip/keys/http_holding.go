// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/platform/httpapi"
)

func mountHoldings(api huma.API, s *Service) {
	httpapi.Handle(api, op("tip-key-mine", http.MethodGet, "/tip-keys/channels/{id}/wraps/mine", "What I hold of the channel's keys"), s.httpMine)
	httpapi.Handle(api, large(op("tip-key-hand-over", http.MethodPost, "/tip-keys/channels/{id}/wraps",
		"Let a person hold a key, with new shares for all holders")), s.httpHandOver)
	httpapi.Handle(api, op("tip-key-give-up", http.MethodDelete, "/tip-keys/channels/{id}/wraps/{person_id}",
		"Hold the channel's keys no longer: only I myself"), s.httpGiveUp)
}

// mineView is what I hold of one key.
type mineView struct {
	Generation int    `json:"generation"`
	State      State  `json:"state" enum:"pending,current,former"`
	Recipient  string `json:"recipient" doc:"Must be that of the opened key"`
	Threshold  int    `json:"threshold"`
	ShareSet   int    `json:"share_set" doc:"Of the generation"`
	KeyID      string `json:"key_id" doc:"The own key of mine that opens wrap"`
	Wrap       string `json:"wrap"`
	ShareKeyID string `json:"share_key_id" doc:"The own key of mine that opens share"`
	Share      string `json:"share"`
	MyShareSet int    `json:"my_share_set" doc:"Of my share"`
}

func (s *Service) httpMine(ctx context.Context, in *ByChannel) (*secretOut[itemsView[mineView]], error) {
	all, err := s.Mine(ctx, in.ID)
	out := itemsView[mineView]{[]mineView{}}
	for _, m := range all {
		h := m.Holding
		out.Items = append(out.Items, mineView{Generation: m.N, State: m.State, Recipient: m.Recipient, Threshold: m.Threshold, ShareSet: m.ShareSet,
			KeyID: h.KeyID, Wrap: h.Wrap, ShareKeyID: h.ShareKey, Share: h.Share, MyShareSet: h.ShareSet})
	}
	return secret(out, err)
}

type shareBody struct {
	PersonID string `json:"person_id" maxLength:"26"`
	KeyID    string `json:"key_id" maxLength:"26" doc:"Their current own key"`
	Share    string `json:"share" maxLength:"16384" doc:"Sealed, armored"`
}

type handOverIn struct {
	ByChannel
	Body struct {
		Generation int         `json:"generation" minimum:"1"`
		PersonID   string      `json:"person_id" maxLength:"26" doc:"Who holds it from now on; also a holder with a new own key, also myself"`
		KeyID      string      `json:"key_id" maxLength:"26" doc:"Their current own key"`
		Wrap       string      `json:"wrap" maxLength:"16384" doc:"The secret key, sealed to it, armored"`
		ShareSet   int         `json:"share_set" minimum:"1" doc:"Of the generation as I read it"`
		Threshold  int         `json:"threshold" minimum:"2" maximum:"20"`
		Shares     []shareBody `json:"shares" minItems:"2" maxItems:"20" doc:"New ones, for each who holds the key from now on"`
	}
}

func (s *Service) httpHandOver(ctx context.Context, in *handOverIn) (*bodyOut[keyedView], error) {
	b := in.Body
	h := HandOver{N: b.Generation, PersonID: b.PersonID, KeyID: b.KeyID, Wrap: b.Wrap, ShareSet: b.ShareSet, Threshold: b.Threshold}
	for _, one := range b.Shares {
		h.Shares = append(h.Shares, Sealing{PersonID: one.PersonID, KeyID: one.KeyID, Share: one.Share})
	}
	if err := s.HandOver(ctx, in.ID, h); err != nil {
		return nil, err
	}
	return s.httpChannel(ctx, &in.ByChannel)
}

type giveUpIn struct {
	ByChannel
	PersonID string `path:"person_id" maxLength:"26"`
}

func (s *Service) httpGiveUp(ctx context.Context, in *giveUpIn) (*struct{}, error) {
	return nil, s.GiveUp(ctx, in.ID, in.PersonID)
}

func mountRecoveries(api huma.API, s *Service) {
	const path = "/tip-keys/channels/{id}/recoveries"
	httpapi.Handle(api, op("tip-key-recoveries", http.MethodGet, path, "Recoveries that are under way"), s.httpRecoveries)
	httpapi.Handle(api, created(op("tip-key-ask", http.MethodPost, path, "Ask the holders for their shares of a key")), s.httpAsk)
	httpapi.Handle(api, op("tip-key-give", http.MethodPost, path+"/{rid}/shares", "Give my share, sealed to the recipient of the recovery"), s.httpGive)
	httpapi.Handle(api, op("tip-key-shares", http.MethodGet, path+"/{rid}/shares", "The shares, for the one who asked, once there are enough"), s.httpShares)
}

// recoveryView is a recovery as all see it who may hold the keys.
type recoveryView struct {
	ID         string      `json:"id"`
	Generation int         `json:"generation"`
	Asker      PersonView  `json:"asker"`
	Reason     string      `json:"reason"`
	Recipient  string      `json:"recipient" doc:"Seal the share to it"`
	ShareSet   int         `json:"share_set" doc:"Only shares of this set count"`
	Threshold  int         `json:"threshold"`
	Given      []givenView `json:"given"`
	Complete   bool        `json:"complete" doc:"The asker can fetch the shares"`
	Asked      time.Time   `json:"asked"`
	Expires    time.Time   `json:"expires"`
	Fetched    *time.Time  `json:"fetched"`
}

type givenView struct {
	PersonView
	At time.Time `json:"at"`
}

func (s *Service) recoveryViews(ctx context.Context, all []Recovery) ([]recoveryView, error) {
	var people []string
	for _, r := range all {
		people = append(people, r.Asker)
		for _, g := range r.Given {
			people = append(people, g.PersonID)
		}
	}
	name, err := s.names(ctx, people...)
	out := make([]recoveryView, len(all))
	for i, r := range all {
		out[i] = recoveryView{ID: r.ID, Generation: r.N, Asker: name(r.Asker), Reason: r.Reason, Recipient: r.Recipient, ShareSet: r.ShareSet,
			Threshold: r.Threshold, Given: []givenView{}, Complete: r.complete(), Asked: r.Asked, Expires: r.Expires, Fetched: orNull(r.Fetched)}
		for _, g := range r.Given {
			out[i].Given = append(out[i].Given, givenView{name(g.PersonID), g.At})
		}
	}
	return out, err
}

func (s *Service) httpRecoveries(ctx context.Context, in *ByChannel) (*bodyOut[itemsView[recoveryView]], error) {
	all, err := s.Recoveries(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	vs, err := s.recoveryViews(ctx, all)
	return &bodyOut[itemsView[recoveryView]]{itemsView[recoveryView]{vs}}, err
}

type askIn struct {
	ByChannel
	Body struct {
		Generation int    `json:"generation" minimum:"1"`
		Reason     string `json:"reason" maxLength:"600" doc:"Shown to the holders"`
		Recipient  string `json:"recipient" maxLength:"2000" doc:"Made for this recovery alone; its secret half stays in my browser"`
	}
}

func (s *Service) httpAsk(ctx context.Context, in *askIn) (*bodyOut[recoveryView], error) {
	r, err := s.Ask(ctx, in.ID, in.Body.Generation, in.Body.Reason, in.Body.Recipient)
	if err != nil {
		return nil, err
	}
	vs, err := s.recoveryViews(ctx, []Recovery{*r})
	if err != nil {
		return nil, err
	}
	return &bodyOut[recoveryView]{vs[0]}, nil
}

// ByRecovery names a recovery.
type ByRecovery struct {
	ByChannel
	RID string `path:"rid" maxLength:"26"`
}

type giveIn struct {
	ByRecovery
	Body struct {
		Share string `json:"share" maxLength:"16384" doc:"My share, sealed to the recipient of the recovery, armored"`
	}
}

func (s *Service) httpGive(ctx context.Context, in *giveIn) (*struct{}, error) {
	return nil, s.Give(ctx, in.ID, in.RID, in.Body.Share)
}

type givenShareView struct {
	PersonID string `json:"person_id"`
	Share    string `json:"share" doc:"Sealed to the recipient of the recovery"`
}

func (s *Service) httpShares(ctx context.Context, in *ByRecovery) (*secretOut[itemsView[givenShareView]], error) {
	all, err := s.Shares(ctx, in.ID, in.RID)
	out := itemsView[givenShareView]{[]givenShareView{}}
	for _, g := range all {
		out.Items = append(out.Items, givenShareView{g.PersonID, g.Share})
	}
	return secret(out, err)
}
