// SPDX-License-Identifier: Apache-2.0

package org

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/page"
)

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	mountRegions(api, s)
	mountUnits(api, s)
	mountPeople(api, s)
	mountGrants(api, s)
}

func get(id, path, summary string) huma.Operation {
	return operation(http.MethodGet, id, path, summary)
}

func post(id, path, summary string) huma.Operation {
	return operation(http.MethodPost, id, path, summary)
}

func put(id, path, summary string) huma.Operation {
	return operation(http.MethodPut, id, path, summary)
}

func operation(method, id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"org"}}
}

// created makes an operation answer 201.
func created(op huma.Operation) huma.Operation {
	op.DefaultStatus = http.StatusCreated
	return op
}

// Types that others embed are exported, because huma looks only into such.

// Paging are the query parameters of every list.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"500" doc:"next of the page before; empty for the first"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// ByID is the path parameter of one thing.
type ByID struct {
	ID string `path:"id" maxLength:"26"`
}

// listOut is a page of views.
type listOut[V any] struct {
	Body struct {
		Items []V    `json:"items"`
		Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
	}
}

func toList[T, V any](p page.Of[T], view func(T) V) *listOut[V] {
	out := &listOut[V]{}
	out.Body.Items = make([]V, len(p.Items))
	for i, item := range p.Items {
		out.Body.Items[i] = view(item)
	}
	out.Body.Next = p.Next
	return out
}

type bodyOut[V any] struct{ Body V }

func respond[V any](v V, err error) (*bodyOut[V], error) {
	if err != nil {
		return nil, err
	}
	return &bodyOut[V]{v}, nil
}

// fileOut is a picture or a table to be saved.
type fileOut struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// binary documents a response of a media type.
func binary(op huma.Operation, media string) huma.Operation {
	op.Responses = map[string]*huma.Response{"200": {Description: http.StatusText(http.StatusOK),
		Content: map[string]*huma.MediaType{media: {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}}
	return op
}
