// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/platform/httpapi"
)

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	mountPublic(api, s)
	mountHandling(api, s)
	typeIn := op("tip-type-in", http.MethodPost, "/tips", "Type in what reached the office by telephone, letter or visit")
	typeIn.DefaultStatus, typeIn.MaxBodyBytes = http.StatusCreated, maxTipBody
	httpapi.Handle(api, typeIn, s.httpTypeIn)
}

// op describes an operation of this package.
func op(id, method, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"tip"}}
}
