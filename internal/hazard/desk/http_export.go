// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"io"
	"log/slog"

	"github.com/danielgtaylor/huma/v2"
)

type startExportIn struct {
	Body struct {
		HazardFilter
		IDs []string `json:"ids,omitempty" minItems:"1" maxItems:"1000" doc:"Nothing but these hazards, as far as I may see them"`
	}
}

type exportOut struct {
	Body struct {
		ID    string      `json:"id"`
		State ExportState `json:"state" enum:"waiting,running,done,failed"`
		Done  int         `json:"done" doc:"Rows written"`
		Total int         `json:"total" doc:"Rows to write; 0 until it is known"`
	}
}

func (s *Service) httpStartExport(ctx context.Context, in *startExportIn) (*exportOut, error) {
	f := in.Body.filter()
	f.IDs = in.Body.IDs
	e, err := s.StartExport(ctx, f)
	if err != nil {
		return nil, err
	}
	return exportView(e), nil
}

func exportView(e *Export) *exportOut {
	out := &exportOut{}
	out.Body.ID, out.Body.State, out.Body.Done, out.Body.Total = e.ID, e.State, e.Done, e.Total
	return out
}

func (s *Service) httpExport(ctx context.Context, in *idIn) (*exportOut, error) {
	e, err := s.Export(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return exportView(e), nil
}

func (s *Service) httpExportFile(ctx context.Context, in *idIn) (*huma.StreamResponse, error) {
	file, err := s.ExportFile(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		defer file.Close()
		out.SetHeader("Content-Type", workbook)
		out.SetHeader("Content-Disposition", `attachment; filename="hazards.xlsx"; filename*=UTF-8''%E9%9A%90%E6%82%A3%E5%8F%B0%E8%B4%A6.xlsx`)
		out.SetHeader("Cache-Control", "no-store")
		if _, err := io.Copy(out.BodyWriter(), file); err != nil {
			slog.DebugContext(ctx, "client went away", "err", err)
		}
	}}, nil
}
