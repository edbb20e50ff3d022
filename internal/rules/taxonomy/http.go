// SPDX-License-Identifier: Apache-2.0

package taxonomy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/httpapi"
)

// Mount adds this package's operations to api.
func Mount(api huma.API) {
	httpapi.HandlePublic(api, huma.Operation{
		OperationID: "taxonomy-list", Method: http.MethodGet, Path: "/public/taxonomies",
		Summary: "Code lists: accidents, hazard factors, inspections, workers' classes, industries, lines",
		Tags:    []string{"rules"},
	}, httpList)
}

type itemView struct {
	Code   string `json:"code"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
	Parent string `json:"parent,omitempty" doc:"Code above it in the same list"`
}

type crossView struct {
	Code   string   `json:"code" doc:"Code of 1986"`
	To     []string `json:"to" doc:"Codes of 2025; the first is proposed"`
	Change string   `json:"change" enum:"same,renamed,merged,split" doc:"Split: a person must choose"`
}

type listView struct {
	Name   string      `json:"name"`
	ZH     string      `json:"zh"`
	EN     string      `json:"en"`
	Source string      `json:"source"`
	Since  string      `json:"since" doc:"Day from which the list is in force"`
	Items  []itemView  `json:"items"`
	Cross  []crossView `json:"crosswalk,omitempty" doc:"Only of the accident classes of 1986"`
}

type bodyView struct {
	Lists []listView `json:"lists"`
}

type listIn struct {
	Names       string `query:"names" maxLength:"200" doc:"Names of lists, with commas between; empty: all"`
	IfNoneMatch string `header:"If-None-Match"`
}

type listOut struct {
	Status       int
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         bodyView
}

// httpList answers from memory: the lists change only with the program.
func httpList(_ context.Context, in *listIn) (*listOut, error) {
	views := allViews()
	if in.Names != "" {
		var chosen []listView
		for name := range strings.SplitSeq(in.Names, ",") {
			i := slices.IndexFunc(views, func(v listView) bool { return v.Name == name })
			if i < 0 {
				return nil, errs.New(errs.Invalid, "rules.no_such_list", "name", name)
			}
			chosen = append(chosen, views[i])
		}
		views = chosen
	}
	out := &listOut{Status: http.StatusOK, ETag: `"` + fingerprint() + `"`, CacheControl: "public, max-age=3600"}
	if strings.Contains(in.IfNoneMatch, out.ETag) {
		out.Status = http.StatusNotModified
		return out, nil
	}
	out.Body.Lists = views
	return out, nil
}

// fingerprint changes whenever a list does. One fingerprint serves for every
// choice of lists, because the choice is part of the address.
var fingerprint = sync.OnceValue(func() string {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(allViews()); err != nil { // flat views of ours
		panic(err)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
})

var allViews = sync.OnceValue(func() []listView {
	var views []listView
	for _, l := range All() {
		v := listView{Name: l.Name, ZH: l.ZH, EN: l.EN, Source: l.Source, Since: string(l.Since)}
		for _, it := range l.Items {
			v.Items = append(v.Items, itemView(it))
			if c, ok := Cross(it.Code); ok && l.Name == Accident1986 {
				v.Cross = append(v.Cross, crossView{it.Code, c.To, c.Change})
			}
		}
		views = append(views, v)
	}
	return views
})
