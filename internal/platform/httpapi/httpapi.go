// SPDX-License-Identifier: Apache-2.0

// Package httpapi is the one place where operations are registered and where
// failures become HTTP.
//
// httpapi.go makes the API and registers operations, problem.go turns errors into
// problem documents, strict.go and duplicate.go refuse malformed bodies, middleware.go
// is what every request passes, address.go finds out who asks and ratelimit.go bounds
// how often.
package httpapi

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
)

// Prefix is where the REST interface lies.
const Prefix = "/api/v1"

// New returns an API whose operations are served by mux under Prefix. Bodies are
// JSON; the OpenAPI 3.1 document is at /api/v1/openapi.json.
func New(mux *http.ServeMux, version string) huma.API {
	cfg := huma.DefaultConfig("Anlan 安澜", version)
	cfg.OpenAPIPath = Prefix + "/openapi"
	cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", nil
	cfg.Formats = map[string]huma.Format{"application/json": strictJSON, "json": strictJSON}
	cfg.DefaultFormat = "application/json"
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "anlan_session"},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	mux.Handle("/api/", fallback(mux, "/api/"))
	names := &named{}
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", names.name)
	names.API = huma.NewGroup(humago.New(mux, cfg), Prefix)
	return names
}

// Handle registers an operation for people who have signed in. Errors are turned
// into Problems; one without a meaning is logged here, and the client learns
// nothing from it. Who may do what is decided in the service, not here.
func Handle[I, O any](api huma.API, op huma.Operation, fn func(context.Context, *I) (*O, error)) {
	op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	register(api, op, func(ctx context.Context, in *I) (*O, error) {
		if actor.From(ctx).Public() {
			return nil, errs.New(errs.Unauthenticated, "auth.sign_in")
		}
		return fn(ctx, in)
	})
}

// HandlePublic is Handle for operations that everybody may call.
func HandlePublic[I, O any](api huma.API, op huma.Operation, fn func(context.Context, *I) (*O, error)) {
	register(api, op, fn)
}

func register[I, O any](api huma.API, op huma.Operation, fn func(context.Context, *I) (*O, error)) {
	if op.Errors == nil {
		op.Errors = []int{http.StatusUnprocessableEntity, http.StatusInternalServerError}
	}
	owner := reflect.TypeFor[O]()
	if owner.Name() == "" {
		owner = reflect.TypeFor[I]()
	}
	huma.Register(registrar(api, owner), op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, problem(ctx, op.OperationID, err)
		}
		return out, nil
	})
}
