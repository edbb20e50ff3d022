// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

func mountChannels(api huma.API, s *Service) {
	httpapi.Handle(api, op("tip-key-channels", http.MethodGet, "/tip-keys/channels", "Offices that receive tips: mine and those below"), s.httpChannels)
	httpapi.Handle(api, created(op("tip-key-open-channel", http.MethodPost, "/tip-keys/channels", "Make my office one that receives tips")), s.httpOpen)
	httpapi.Handle(api, op("tip-key-channel", http.MethodGet, "/tip-keys/channels/{id}", "My office's channel with its keys and their holders"), s.httpChannel)
	httpapi.Handle(api, op("tip-key-people", http.MethodGet, "/tip-keys/channels/{id}/people", "Who may hold the keys of the channel"), s.httpPeople)
	httpapi.Handle(api, created(large(op("tip-key-propose", http.MethodPost, "/tip-keys/channels/{id}/generations",
		"Begin the ceremony of the next key"))), s.httpPropose)
	httpapi.Handle(api, op("tip-key-confirm", http.MethodPost, "/tip-keys/channels/{id}/generations/{n}/confirm",
		"End the ceremony, as another holder"), s.httpConfirm)
	httpapi.Handle(api, op("tip-key-stop", http.MethodDelete, "/tip-keys/channels/{id}/generations/{n}",
		"End the ceremony without a new key"), s.httpStop)
	httpapi.Handle(api, op("tip-key-retire", http.MethodPost, "/tip-keys/channels/{id}/generations/{n}/retire",
		"Destroy a former key to which nothing is sealed any more"), s.httpRetire)
}

// ByChannel names a channel.
type ByChannel struct {
	ID string `path:"id" maxLength:"26"`
}

// channelView is a channel as lists show it.
type channelView struct {
	ID         string     `json:"id"`
	UnitID     string     `json:"unit_id"`
	OfficeName string     `json:"office_name" doc:"As it stands in the statement"`
	Place      place.Path `json:"place"`
	PlaceName  string     `json:"place_name"`
	Kind       Kind       `json:"kind" enum:"x25519,hybrid" doc:"Of its keys"`
	Mine       bool       `json:"mine" doc:"The office in whose name I act"`
	Generation int        `json:"generation" doc:"Number of the key that phones seal to; 0 when it cannot receive tips"`
	Opened     time.Time  `json:"opened"`
}

type channelsIn struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type channelsOut struct {
	Body struct {
		Items []channelView `json:"items"`
		Next  string        `json:"next"`
	}
}

func (s *Service) httpChannels(ctx context.Context, in *channelsIn) (*channelsOut, error) {
	p, err := s.Channels(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &channelsOut{}
	out.Body.Next, out.Body.Items = p.Next, []channelView{}
	for _, c := range p.Items {
		v, err := s.channelView(ctx, c)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

func (s *Service) channelView(ctx context.Context, c *Channel) (channelView, error) {
	name, err := s.Org.PlaceName(ctx, c.Place)
	if err != nil {
		return channelView{}, err
	}
	v := channelView{ID: c.ID, UnitID: c.UnitID, OfficeName: c.OfficeName, Place: c.Place, PlaceName: name, Kind: c.Kind(),
		Mine: c.UnitID == actor.From(ctx).Unit, Opened: c.Opened}
	v.Generation, err = s.receives(ctx, c.ID)
	return v, err
}

type openIn struct {
	Body struct {
		Hybrid bool `json:"hybrid,omitempty" doc:"Keys that also resist quantum computers; sealed text grows by two kilobytes"`
	}
}

func (s *Service) httpOpen(ctx context.Context, in *openIn) (*bodyOut[channelView], error) {
	c, err := s.OpenChannel(ctx, in.Body.Hybrid)
	if err != nil {
		return nil, err
	}
	v, err := s.channelView(ctx, c)
	return &bodyOut[channelView]{v}, err
}

// holderView is what a person holds of a key.
type holderView struct {
	PersonView
	KeyID    string     `json:"key_id" doc:"The own key of theirs that it is sealed to"`
	ShareSet int        `json:"share_set" doc:"Their share counts while this is the generation's"`
	Revoked  *time.Time `json:"revoked" doc:"When it was withdrawn; null while it counts"`
}

// generationView is one key of a channel.
type generationView struct {
	Generation int          `json:"generation"`
	State      State        `json:"state" enum:"pending,current,former,retired,dropped"`
	Kind       Kind         `json:"kind" enum:"x25519,hybrid"`
	Recipient  string       `json:"recipient"`
	Threshold  int          `json:"threshold" doc:"How many shares give the key back"`
	ShareSet   int          `json:"share_set" doc:"Shares of different sets do not fit together"`
	Text       string       `json:"text" doc:"What both signed, or the second is to sign"`
	Statement  string       `json:"statement" doc:"Text with both signatures; empty before the second"`
	Maker      PersonView   `json:"maker"`
	Confirmer  *PersonView  `json:"confirmer"`
	Made       time.Time    `json:"made"`
	Expires    time.Time    `json:"expires" doc:"Until when a pending one can be confirmed"`
	Confirmed  *time.Time   `json:"confirmed"`
	Holders    []holderView `json:"holders"`
	Sealed     int64        `json:"sealed" doc:"Tips that only this key opens; a former one without any can be retired"`
	Rotate     bool         `json:"rotate" doc:"Somebody who held it has left: a new key is due"`
}

// keyedView is a channel as those see it who may hold its keys.
type keyedView struct {
	ID          string           `json:"id"`
	UnitID      string           `json:"unit_id"`
	OfficeName  string           `json:"office_name" doc:"As it stands in the statement"`
	Origin      string           `json:"origin" doc:"The deployment's name in the statement"`
	Kind        Kind             `json:"kind" enum:"x25519,hybrid"`
	Next        int              `json:"next" doc:"Number of the next generation"`
	Now         time.Time        `json:"now" doc:"The server's time, to the second, for the line from of a statement"`
	MaxHolders  int              `json:"max_holders"`
	Generations []generationView `json:"generations" doc:"The newest first"`
}

func (s *Service) httpChannel(ctx context.Context, in *ByChannel) (*bodyOut[keyedView], error) {
	v, err := s.keyedView(ctx, in.ID)
	return &bodyOut[keyedView]{v}, err
}

func (s *Service) keyedView(ctx context.Context, channelID string) (keyedView, error) {
	k, err := s.Keyed(ctx, channelID)
	if err != nil {
		return keyedView{}, err
	}
	var people []string
	for _, h := range k.Holdings {
		people = append(people, h.PersonID)
	}
	for _, g := range k.Generations {
		people = append(people, g.Maker, g.Confirmer)
	}
	name, err := s.names(ctx, people...)
	v := keyedView{ID: k.ID, UnitID: k.UnitID, OfficeName: k.OfficeName, Origin: k.Origin, Kind: k.Kind(), Next: k.Next,
		Now: s.Now().Truncate(time.Second), MaxHolders: MaxHolders, Generations: []generationView{}}
	for i := range k.Generations {
		g := toGeneration(&k.Generations[i], k.Holdings, name)
		g.Sealed = k.Sealed[g.Generation]
		v.Generations = append(v.Generations, g)
	}
	return v, err
}

func toGeneration(g *Generation, holdings []Holding, name func(string) PersonView) generationView {
	v := generationView{Generation: g.N, State: g.State, Kind: g.Kind, Recipient: g.Recipient, Threshold: g.Threshold, ShareSet: g.ShareSet,
		Text: g.Text, Statement: g.Statement, Maker: name(g.Maker), Made: g.Made, Expires: g.Expires, Confirmed: orNull(g.Confirmed), Holders: []holderView{}}
	if g.Confirmer != "" {
		second := name(g.Confirmer)
		v.Confirmer = &second
	}
	for _, h := range holdings {
		if h.N == g.N {
			v.Holders = append(v.Holders, holderView{name(h.PersonID), h.KeyID, h.ShareSet, orNull(h.Revoked)})
			v.Rotate = v.Rotate || g.State == Current && !h.live()
		}
	}
	return v
}

// candidateView is somebody who may hold keys.
type candidateView struct {
	PersonView
	KeyID     string `json:"key_id" doc:"Empty: they have made no key of their own yet"`
	Recipient string `json:"recipient"`
	Signer    string `json:"signer"`
	Listed    bool   `json:"listed" doc:"The list of signers names their key for this channel: only then can they sign"`
	Holds     []int  `json:"holds" doc:"Generations"`
}

func (s *Service) httpPeople(ctx context.Context, in *ByChannel) (*bodyOut[itemsView[candidateView]], error) {
	all, err := s.People(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &bodyOut[itemsView[candidateView]]{itemsView[candidateView]{[]candidateView{}}}
	for _, c := range all {
		v := candidateView{PersonView: PersonView{c.PersonID, c.Name}, Listed: c.Listed, Holds: append([]int{}, c.Holds...)}
		if c.Key != nil {
			v.KeyID, v.Recipient, v.Signer = c.Key.ID, c.Key.Recipient, c.Key.Signer
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

// sealingBody is what one holder gets.
type sealingBody struct {
	PersonID string `json:"person_id" maxLength:"26"`
	KeyID    string `json:"key_id" maxLength:"26" doc:"The current own key of theirs, to whose recipient it is sealed"`
	Wrap     string `json:"wrap" maxLength:"16384" doc:"The secret key, sealed, armored"`
	Share    string `json:"share" maxLength:"16384" doc:"One share of the secret key, sealed, armored"`
}

type proposeIn struct {
	ByChannel
	Body struct {
		Generation int           `json:"generation" minimum:"1" doc:"The channel's next"`
		From       time.Time     `json:"from" doc:"As in the statement; the server's time, give or take a quarter of an hour"`
		Recipient  string        `json:"recipient" maxLength:"2000"`
		Statement  string        `json:"statement" maxLength:"4000" doc:"The text to sign: lines anlan-recipients/v1, origin, channel id, office name, generation, kind, recipient, from <RFC 3339>, each ended by a line feed"`
		Signature  string        `json:"signature" maxLength:"88" doc:"My signature of it, base64"`
		Threshold  int           `json:"threshold" minimum:"2" maximum:"20"`
		Holders    []sealingBody `json:"holders" minItems:"2" maxItems:"20" doc:"I am one of them"`
	}
}

func (s *Service) httpPropose(ctx context.Context, in *proposeIn) (*bodyOut[keyedView], error) {
	b := in.Body
	p := Proposal{N: b.Generation, From: b.From, Recipient: b.Recipient, Text: b.Statement, Signature: b.Signature, Threshold: b.Threshold}
	for _, h := range b.Holders {
		p.Holders = append(p.Holders, Sealing(h))
	}
	if _, err := s.Propose(ctx, in.ID, p); err != nil {
		return nil, err
	}
	return s.httpChannel(ctx, &in.ByChannel)
}

// ByGeneration names a key of a channel.
type ByGeneration struct {
	ByChannel
	N int `path:"n" minimum:"1"`
}

type signatureBody struct {
	Signature string `json:"signature" maxLength:"88" doc:"Base64"`
}

type confirmIn struct {
	ByGeneration
	Body signatureBody
}

func (s *Service) httpConfirm(ctx context.Context, in *confirmIn) (*bodyOut[keyedView], error) {
	if _, err := s.Confirm(ctx, in.ID, in.N, in.Body.Signature); err != nil {
		return nil, err
	}
	return s.httpChannel(ctx, &in.ByChannel)
}

func (s *Service) httpStop(ctx context.Context, in *ByGeneration) (*struct{}, error) {
	return nil, s.Stop(ctx, in.ID, in.N)
}

func (s *Service) httpRetire(ctx context.Context, in *ByGeneration) (*struct{}, error) {
	return nil, s.Retire(ctx, in.ID, in.N)
}
