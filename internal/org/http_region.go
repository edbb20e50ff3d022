// SPDX-License-Identifier: Apache-2.0

package org

import (
	"cmp"
	"context"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

func mountRegions(api huma.API, s *Service) {
	httpapi.HandlePublic(api, get("org-public-regions", "/public/regions", "Regions directly under a place, today"), s.httpChildren)
	httpapi.HandlePublic(api, get("org-public-region", "/public/regions/{code}", "One region by its code"), s.httpRegion)
	httpapi.Handle(api, get("org-regions", "/regions", "Regions under a place, or those whose name holds words"), s.httpRegions)
	httpapi.Handle(api, created(post("org-add-region", "/regions", "Add a division")), s.httpAddRegion)
	httpapi.Handle(api, created(post("org-add-zone", "/regions/zones", "Add a functional zone")), s.httpAddZone)
	httpapi.Handle(api, post("org-rename-region", "/regions/{code}/rename", "Rename a region from a day on"), s.httpRename)
	httpapi.Handle(api, post("org-end-region", "/regions/{code}/end", "End a region and name its successors"), s.httpEndRegion)
}

type regionView struct {
	Code       string       `json:"code"`
	Path       place.Path   `json:"path" example:"cn/99/9901/990101/"`
	Name       string       `json:"name"`
	FullName   string       `json:"full_name,omitempty" doc:"From the province down; in answers about one region and in searches"`
	Level      Level        `json:"level" enum:"nation,province,prefecture,county,town,village"`
	Kind       RegionKind   `json:"kind" enum:"division,zone"`
	Pseudo     bool         `json:"pseudo,omitempty" doc:"A rung that only keeps the depth right; a picker may skip it"`
	ValidFrom  clock.Day    `json:"valid_from,omitempty"`
	ValidTo    clock.Day    `json:"valid_to,omitempty" doc:"Last day; absent while it stands"`
	Successors []string     `json:"successors,omitempty" doc:"Codes of the regions that took its place"`
	Owns       []place.Path `json:"owns,omitempty" doc:"Divisions that a zone governs"`
}

func toRegionView(r Region) regionView {
	return regionView{Code: r.Code, Path: r.Path, Name: r.Name, Level: r.Level, Kind: r.Kind, Pseudo: r.Pseudo,
		ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Successors: r.Successors, Owns: r.Owns}
}

// RegionQuery asks for the regions under a place.
type RegionQuery struct {
	Parent place.Path `query:"parent" maxLength:"100" doc:"Path; empty for the nation"`
	Paging
}

func (s *Service) httpChildren(ctx context.Context, in *RegionQuery) (*listOut[regionView], error) {
	p, err := s.Children(ctx, cmp.Or(in.Parent, place.Nation), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return toList(p, toRegionView), nil
}

// ByCode is the path parameter of a region or of a QR code.
type ByCode struct {
	Code string `path:"code" maxLength:"16"`
}

func (s *Service) httpRegion(ctx context.Context, in *ByCode) (*bodyOut[regionView], error) {
	return s.regionAnswer(ctx, in.Code)
}

func (s *Service) regionAnswer(ctx context.Context, code string) (*bodyOut[regionView], error) {
	r, err := s.RegionByCode(ctx, code)
	if err != nil {
		return nil, err
	}
	v := toRegionView(*r)
	v.FullName, err = s.PlaceName(ctx, r.Path)
	return respond(v, err)
}

type regionsIn struct {
	Words string `query:"q" maxLength:"40" doc:"Part of a name; then parent limits the search to what lies below it"`
	RegionQuery
}

func (s *Service) httpRegions(ctx context.Context, in *regionsIn) (*listOut[regionView], error) {
	if in.Words == "" {
		return s.httpChildren(ctx, &in.RegionQuery)
	}
	found, err := s.SearchRegions(ctx, cmp.Or(in.Parent, place.Nation), in.Words, in.Limit)
	if err != nil {
		return nil, err
	}
	paths := make([]place.Path, len(found))
	for i, r := range found {
		paths[i] = r.Path
	}
	names, err := s.PlaceNames(ctx, paths)
	if err != nil {
		return nil, err
	}
	return toList(page.Of[Region]{Items: found}, func(r Region) regionView {
		v := toRegionView(r)
		v.FullName = names[r.Path]
		return v
	}), nil
}

type addRegionIn struct {
	Body struct {
		Parent    place.Path `json:"parent" maxLength:"100"`
		Code      string     `json:"code" maxLength:"12" doc:"2, 4, 6, 9 or 12 digits by level"`
		Name      string     `json:"name" maxLength:"40"`
		ValidFrom clock.Day  `json:"valid_from,omitempty" maxLength:"10" doc:"First day; empty: always"`
	}
}

func (s *Service) httpAddRegion(ctx context.Context, in *addRegionIn) (*bodyOut[regionView], error) {
	b := in.Body
	if err := s.AddRegion(ctx, Region{Path: b.Parent.Child(b.Code), Name: b.Name, ValidFrom: b.ValidFrom}); err != nil {
		return nil, err
	}
	return s.regionAnswer(ctx, b.Code)
}

type addZoneIn struct {
	Body struct {
		Parent place.Path   `json:"parent" maxLength:"100" doc:"A prefecture: the zone stands like a county; a county: like a town"`
		Name   string       `json:"name" maxLength:"40"`
		Owns   []place.Path `json:"owns,omitempty" maxItems:"100" doc:"Divisions elsewhere that the zone governs"`
	}
}

func (s *Service) httpAddZone(ctx context.Context, in *addZoneIn) (*bodyOut[regionView], error) {
	r, err := s.AddZone(ctx, in.Body.Parent, in.Body.Name, in.Body.Owns)
	if err != nil {
		return nil, err
	}
	return s.regionAnswer(ctx, r.Code)
}

type renameIn struct {
	ByCode
	Body struct {
		Name      string    `json:"name" maxLength:"40"`
		ValidFrom clock.Day `json:"valid_from" maxLength:"10" doc:"First day of the new name, at the latest today"`
	}
}

func (s *Service) httpRename(ctx context.Context, in *renameIn) (*bodyOut[regionView], error) {
	if err := s.RenameRegion(ctx, in.Code, in.Body.Name, in.Body.ValidFrom); err != nil {
		return nil, err
	}
	return s.regionAnswer(ctx, in.Code)
}

type endRegionIn struct {
	ByCode
	Body struct {
		ValidTo    clock.Day `json:"valid_to" maxLength:"10" doc:"Last day of the region, at the latest today"`
		Successors []string  `json:"successors,omitempty" maxItems:"20" doc:"Codes of standing regions; with exactly one, units and grants move there"`
	}
}

func (s *Service) httpEndRegion(ctx context.Context, in *endRegionIn) (*bodyOut[regionView], error) {
	if err := s.EndRegion(ctx, in.Code, in.Body.ValidTo, in.Body.Successors); err != nil {
		return nil, err
	}
	return s.regionAnswer(ctx, in.Code)
}
