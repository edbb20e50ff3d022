// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/platform/httpapi"
)

// Mount adds this package's operations to api: reports and the life cycle. What people see of
// hazards, and the steps they take, is mounted by hazard/desk.
func Mount(api huma.API, s *Service) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"hazard"}}
	}
	report := op("hazard-report-public", http.MethodPost, "/public/hazards", "Report a hazard, by anybody")
	report.DefaultStatus = http.StatusCreated
	httpapi.HandlePublic(api, report, s.httpReportPublic)
	httpapi.HandlePublic(api, op("hazard-progress", http.MethodGet, "/public/hazards/{query_code}", "How far a report has come"), s.httpProgress)
	report = op("hazard-report", http.MethodPost, "/hazards", "Report a hazard, by people who have signed in")
	report.DefaultStatus = http.StatusCreated
	httpapi.Handle(api, report, s.httpReport)
	httpapi.Handle(api, op("hazard-states", http.MethodGet, "/hazards/states", "The life cycle of a hazard"), s.httpStates)
}

type statesOut struct {
	Body struct {
		Statuses []hazardStatus `json:"statuses"`
		Actions  []hazardAction `json:"actions"`
		Steps    []hazardEdge   `json:"steps"`
		Diagram  string         `json:"diagram" doc:"The same as a Mermaid state diagram"`
	}
}

type hazardStatus struct {
	Status Status `json:"status"`
	Zh     string `json:"zh"`
	En     string `json:"en"`
	Final  bool   `json:"final" doc:"Nothing waits for anybody"`
}

type hazardAction struct {
	Action Action   `json:"action"`
	Zh     string   `json:"zh"`
	En     string   `json:"en"`
	Party  Party    `json:"party" doc:"Whose step it is: desk, receiver, unit, acceptor or timer"`
	Needs  []string `json:"needs" nullable:"false"`
	Reason []string `json:"reasons" nullable:"false" doc:"What the field reason may say"`
}

type hazardEdge struct {
	From   Status `json:"from"`
	Action Action `json:"action"`
	To     Status `json:"to"`
}

func (s *Service) httpStates(context.Context, *struct{}) (*statesOut, error) {
	out := &statesOut{}
	out.Body.Diagram = Diagram()
	for _, i := range Statuses {
		out.Body.Statuses = append(out.Body.Statuses, hazardStatus{i.Status, i.Zh, i.En, i.Status.Final()})
		for _, a := range actionsFrom(i.Status) {
			for _, to := range steps[i.Status][a] {
				out.Body.Steps = append(out.Body.Steps, hazardEdge{i.Status, a, to})
			}
		}
	}
	for _, a := range Actions {
		out.Body.Actions = append(out.Body.Actions, hazardAction{a.Action, a.Zh, a.En, a.Party, orEmpty(a.Needs), orEmpty(reasons[a.Action])})
	}
	return out, nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
