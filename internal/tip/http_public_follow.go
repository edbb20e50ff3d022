// SPDX-License-Identifier: Apache-2.0

package tip

import "context"

type followIn struct {
	Body struct {
		Lookup string `json:"lookup" maxLength:"64" doc:"Made of the query code, base64url"`
		Before string `json:"before,omitempty" maxLength:"64" doc:"Id of a message: those before it"`
	}
}

type followOut struct {
	Body struct {
		Sealed []byte `json:"sealed" doc:"16 KiB of JSON, sealed to the mailbox of the query code (age); nobody can open it when the code is wrong"`
	}
}

func (s *Service) httpFollow(ctx context.Context, in *followIn) (*followOut, error) {
	lookup := readLookup(in.Body.Lookup)
	if len(lookup) != lookupSize {
		return nil, errBadCode()
	}
	sealed, err := s.Follow(nobodyIn(ctx), lookup, in.Body.Before)
	out := &followOut{}
	out.Body.Sealed = sealed
	return out, err
}

type sendIn struct {
	Keyed
	Permitted
	Body struct {
		Lookup string    `json:"lookup" maxLength:"64" doc:"Made of the query code, base64url"`
		Kind   string    `json:"kind" enum:"answer,identify,withdraw,object,claim"`
		Sealed []byte    `json:"sealed" maxLength:"20000" doc:"Padded JSON, sealed to the case and to the mailbox (age)"`
		Files  []TipFile `json:"files,omitempty" maxItems:"20"`
	}
}

type sendOut struct {
	Body struct{}
}

func (s *Service) httpSend(ctx context.Context, in *sendIn) (*sendOut, error) {
	l := Letter{Lookup: readLookup(in.Body.Lookup), Kind: in.Body.Kind, Sealed: in.Body.Sealed, Files: fileRefs(in.Body.Files),
		Key: in.Key, Permit: in.Permit}
	return &sendOut{}, s.Send(nobodyIn(ctx), l)
}
