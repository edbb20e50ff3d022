// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/platform/httpapi"
)

func mountSetup(api huma.API, s *Service) {
	httpapi.HandlePublic(api, op("setup-state", http.MethodGet, "/setup", "Whether this installation must be set up"), s.httpSetupNeeded)
	httpapi.HandlePublic(api, op("setup", http.MethodPost, "/setup", "Found the office and its three administrators"), s.httpSetup)
	httpapi.HandlePublic(api, op("setup-check", http.MethodPost, "/setup/check", "Whether a one-time code is the one on the terminal"), s.httpSetupCheck)
}

type setupStateOut struct {
	Body struct {
		Needed bool `json:"needed"`
	}
}

func (s *Service) httpSetupNeeded(ctx context.Context, _ *struct{}) (*setupStateOut, error) {
	needed, err := s.SetupNeeded(ctx)
	out := &setupStateOut{}
	out.Body.Needed = needed
	return out, err
}

type founderIn struct {
	Login    string `json:"login" maxLength:"200"`
	Name     string `json:"name" maxLength:"200"`
	Password string `json:"password" maxLength:"1000" doc:"10 to 128 characters"`
}

type setupIn struct {
	client
	Body struct {
		Code       string    `json:"code" maxLength:"40" doc:"The one-time code on the terminal of whoever started the program"`
		RegionCode string    `json:"region_code" maxLength:"16"`
		OfficeName string    `json:"office_name" maxLength:"200"`
		System     founderIn `json:"system" doc:"Makes units, people and accounts"`
		Security   founderIn `json:"security" doc:"Gives roles, and has no other power"`
		Audit      founderIn `json:"audit" doc:"Reads what everybody did"`
	}
}

func (s *Service) httpSetup(ctx context.Context, in *setupIn) (*struct{}, error) {
	b := in.Body
	return nil, s.Setup(ctx, Founding{Code: b.Code, RegionCode: b.RegionCode, OfficeName: b.OfficeName,
		System: Founder(b.System), Security: Founder(b.Security), Audit: Founder(b.Audit), From: in.from})
}

type setupCheckIn struct {
	client
	Body struct {
		Code string `json:"code" maxLength:"40"`
	}
}

func (s *Service) httpSetupCheck(ctx context.Context, in *setupCheckIn) (*struct{}, error) {
	return nil, s.CheckSetupCode(ctx, in.Body.Code, in.from)
}
