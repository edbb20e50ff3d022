// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/platform/httpapi"
)

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"evidence"}}
	}
	raw := func(o huma.Operation, types ...string) huma.Operation {
		o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
		for _, t := range types {
			o.RequestBody.Content[t] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
		}
		return o
	}
	created := func(o huma.Operation) huma.Operation { o.DefaultStatus = http.StatusCreated; return o }
	httpapi.HandlePublic(api, op("evidence-limits", http.MethodGet, "/evidence/limits", "What is taken, and how much of it"), httpLimits)
	httpapi.HandlePublic(api, created(raw(op("evidence-upload", http.MethodPost, "/evidence", "Send a photo or a short video"),
		string(formatJPEG), string(formatPNG), string(formatWebP), string(formatMP4))), s.httpUpload)
	httpapi.HandlePublic(api, created(op("evidence-upload-start", http.MethodPost, "/evidence/uploads", "Announce a file that comes in pieces")), s.httpStart)
	httpapi.HandlePublic(api, raw(op("evidence-upload-chunk", http.MethodPut, "/evidence/uploads/{id}", "Send a piece"), "application/octet-stream"), s.httpChunk)
	httpapi.HandlePublic(api, op("evidence-upload-progress", http.MethodGet, "/evidence/uploads/{id}", "Where to go on with an upload"), s.httpProgress)
	httpapi.HandlePublic(api, op("evidence-get", http.MethodGet, "/evidence/{id}", "What is known of a file"), s.httpGet)
	httpapi.HandlePublic(api, fileOp(op("evidence-file", http.MethodGet, "/evidence/{id}/{variant}", "The file itself")), s.httpFile)
	httpapi.Handle(api, op("evidence-origin", http.MethodPost, "/evidence/{id}/origin", "Open where a file says it comes from"), s.httpOrigin)
}

type limitsOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		PhotoTypes  []format `json:"photo_types"`
		VideoTypes  []format `json:"video_types"`
		PhotoBytes  int64    `json:"photo_bytes" doc:"Most bytes of a photo"`
		PhotoPixels int      `json:"photo_pixels" doc:"Most pixels of a photo"`
		PhotoSide   int      `json:"photo_side" doc:"Most pixels of a photo, either way"`
		Photos      int      `json:"photos" doc:"Most photos with one report or step"`
		VideoBytes  int64    `json:"video_bytes" doc:"Most bytes of a video"`
		VideoSide   int      `json:"video_side" doc:"Most pixels of a video, either way"`
		Videos      int      `json:"videos" doc:"Most videos with one report or step"`
		SingleBytes int64    `json:"single_bytes" doc:"Most bytes of a file sent in one piece"`
		ChunkBytes  int64    `json:"chunk_bytes" doc:"Most bytes of a piece"`
		KeepHours   int      `json:"keep_hours" doc:"How long a file waits to be attached"`
	}
}

func httpLimits(context.Context, *struct{}) (*limitsOut, error) {
	out := &limitsOut{CacheControl: "public, max-age=3600"}
	b := &out.Body
	b.PhotoTypes, b.VideoTypes = []format{formatJPEG, formatPNG, formatWebP}, []format{formatMP4}
	b.PhotoBytes, b.PhotoPixels, b.PhotoSide, b.Photos = MaxPhotoBytes, MaxPixels, MaxSide, MaxPhotos
	b.VideoBytes, b.VideoSide, b.Videos = MaxVideoBytes, maxVideoSide, MaxVideos
	b.SingleBytes, b.ChunkBytes, b.KeepHours = MaxSingleBytes, MaxChunkBytes, int(KeepLoose.Hours())
	return out, nil
}

// view is an Evidence as clients see it.
type view struct {
	ID         string     `json:"id"`
	Key        string     `json:"key,omitempty" doc:"Proves that the file is yours to attach; only in answers to its sender"`
	Kind       Kind       `json:"kind" enum:"photo,video"`
	Type       string     `json:"type" doc:"Media type, by content"`
	State      State      `json:"state" enum:"received,ready,refused"`
	Refusal    string     `json:"refusal,omitempty" doc:"Message key, when the state is refused"`
	Width      int        `json:"width"`
	Height     int        `json:"height"`
	DurationMS int64      `json:"duration_ms,omitempty"`
	Bytes      int64      `json:"bytes"`
	SHA256     string     `json:"sha256" doc:"Of the bytes as they were sent"`
	Purpose    string     `json:"purpose,omitempty"`
	Created    time.Time  `json:"created"`
	Attached   *time.Time `json:"attached,omitempty"`
}

func toView(e *Evidence) view {
	v := view{ID: e.ID, Kind: e.Kind, Type: e.Type, State: e.State, Refusal: e.Refusal, Width: e.Width, Height: e.Height,
		DurationMS: e.Duration.Milliseconds(), Bytes: e.Bytes, SHA256: e.SHA256, Purpose: e.Purpose, Created: e.Created}
	if !e.Attached.IsZero() {
		v.Attached = &e.Attached
	}
	return v
}

// sentView also tells the sender the key.
func (s *Service) sentView(e *Evidence) view {
	v := toView(e)
	v.Key = s.Key(e.ID)
	return v
}

type getIn struct {
	ID  string `path:"id" maxLength:"64"`
	Key string `query:"key" maxLength:"64" doc:"Key of a file that is not attached yet"`
}

type getOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         view
}

func (s *Service) httpGet(ctx context.Context, in *getIn) (*getOut, error) {
	e, err := s.Get(ctx, in.ID, in.Key)
	if err != nil {
		return nil, err
	}
	return &getOut{CacheControl: "private, no-cache", Body: toView(e)}, nil
}

type originIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Reason string `json:"reason" maxLength:"1000" doc:"Why it has to be known; kept"`
	}
}

type originOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Captured *time.Time `json:"captured,omitempty" doc:"By the camera's clock"`
		Make     string     `json:"make,omitempty"`
		Model    string     `json:"model,omitempty"`
		Lat      *float64   `json:"lat,omitempty"`
		Lng      *float64   `json:"lng,omitempty"`
	}
}

func (s *Service) httpOrigin(ctx context.Context, in *originIn) (*originOut, error) {
	o, err := s.Origin(ctx, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	out := &originOut{CacheControl: "no-store"}
	out.Body.Make, out.Body.Model = o.Make, o.Model
	if !o.Captured.IsZero() {
		out.Body.Captured = &o.Captured
	}
	if o.Located {
		out.Body.Lat, out.Body.Lng = &o.Lat, &o.Lng
	}
	return out, nil
}
