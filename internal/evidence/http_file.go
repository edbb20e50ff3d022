// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// fileOp says in the interface's description that the answer is a file.
func fileOp(o huma.Operation) huma.Operation {
	content := map[string]*huma.MediaType{}
	for _, t := range []format{formatJPEG, formatPNG, formatWebP, formatMP4} {
		content[string(t)] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	o.Responses = map[string]*huma.Response{
		"200": {Description: "The file", Content: content},
		"206": {Description: "The part that was asked for by Range", Content: content},
		"304": {Description: "Not changed"},
	}
	return o
}

type fileIn struct {
	ID      string  `path:"id" maxLength:"64"`
	Variant Variant `path:"variant" enum:"thumb,large,original"`
	Key     string  `query:"key" maxLength:"64" doc:"Key of a file that is not attached yet"`
}

func (s *Service) httpFile(ctx context.Context, in *fileIn) (*huma.StreamResponse, error) {
	f, err := s.Open(ctx, in.ID, in.Key, in.Variant)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer f.Close()
		r, w := humago.Unwrap(hc)
		h := w.Header()
		h.Set("Content-Type", f.Type)
		h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": f.Name}))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "private, max-age=3600")
		h.Set("ETag", `"`+f.Tag+`"`)
		http.ServeContent(w, r, "", time.Time{}, f)
	}}, nil
}
