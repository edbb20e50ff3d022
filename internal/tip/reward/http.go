// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

// Mount adds this package's operations to api.
func Mount(api huma.API, s *Service) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"reward"}}
	}
	httpapi.Handle(api, op("reward-rules", http.MethodGet, "/rewards/rules", "The published reward rules, and which holds where and when"), s.httpRules)
	httpapi.Handle(api, op("reward-compute", http.MethodPost, "/rewards/compute", "What a tip would earn, step by step; nothing is stored"), s.httpCompute)
	propose := op("reward-propose", http.MethodPost, "/rewards", "Propose the reward of a tip")
	propose.DefaultStatus = http.StatusCreated
	httpapi.Handle(api, propose, s.httpPropose)
	httpapi.Handle(api, op("reward-list", http.MethodGet, "/rewards", "List rewards"), s.httpList)
	httpapi.Handle(api, op("reward-get", http.MethodGet, "/rewards/{id}", "One reward"), s.httpGet)
	httpapi.Handle(api, op("reward-act", http.MethodPost, "/rewards/{id}/acts", "Move a reward one step"), s.httpAct)
	httpapi.Handle(api, op("reward-payee", http.MethodPost, "/rewards/{id}/payee", "Show who is paid; who asked and why is recorded"), s.httpPayee)
	httpapi.Handle(api, op("reward-looks", http.MethodGet, "/rewards/{id}/looks", "Who was shown the payee, and why"), s.httpLooks)
	httpapi.Handle(api, op("reward-counter", http.MethodPost, "/rewards/counter", "The reward that a query code can claim, to pay it over the counter"), s.httpCounter)
	httpapi.Handle(api, op("reward-tokens", http.MethodPost, "/rewards/tokens", "Pay tokens out"), s.httpSpend)
	httpapi.Handle(api, op("reward-budget", http.MethodGet, "/rewards/budget", "What an office may grant in a year"), s.httpBudget)
	httpapi.Handle(api, op("reward-budget-set", http.MethodPut, "/rewards/budget", "Set what an office may grant in a year"), s.httpSetBudget)
	httpapi.HandlePublic(api, op("reward-keys", http.MethodGet, "/public/rewards/keys", "The keys that sign an office's tokens of a year; everybody is shown the same"), s.httpKeys)
	httpapi.HandlePublic(api, op("reward-token", http.MethodPost, "/public/rewards/token", "Have blinded tokens signed for the reward of a query code"), s.httpToken)
	claim := op("reward-claim", http.MethodPost, "/public/rewards/claim", "Name the account for the reward of a query code; the answer never tells whether there is one")
	claim.DefaultStatus = http.StatusAccepted
	httpapi.HandlePublic(api, claim, s.httpClaim)
}

type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

type rulesIn struct {
	Place place.Path `query:"place" maxLength:"200" doc:"Where; with on, the answer says which table holds"`
	On    clock.Day  `query:"on" maxLength:"10" doc:"When; today if empty"`
}

type tableView struct {
	ID        string         `json:"id"`
	Place     place.Path     `json:"place"`
	ValidFrom clock.Day      `json:"valid_from"`
	ValidTo   clock.Day      `json:"valid_to"`
	Doc       string         `json:"doc"`
	Title     Words          `json:"title"`
	Rules     map[Class]Rule `json:"rules" doc:"By class; amounts in whole yuan, 0 where the table has no such number"`
	Insider   Insider        `json:"insider"`
	Gaps      []Words        `json:"gaps" nullable:"false" doc:"What is not known of the table, or decided without a text"`
}

type rulesOut struct {
	Body struct {
		Items []tableView `json:"items" nullable:"false"`
		Holds string      `json:"holds" doc:"Id of the table that holds at the place on the day, or empty"`
	}
}

func (s *Service) httpRules(_ context.Context, in *rulesIn) (*rulesOut, error) {
	out := &rulesOut{}
	for _, t := range Tables {
		out.Body.Items = append(out.Body.Items, tableView(t))
	}
	on := in.On
	if on == "" {
		on = s.today()
	}
	if t, ok := TableFor(Tables, in.Place, on); ok {
		out.Body.Holds = t.ID
	}
	return out, nil
}

// Findings as an officer states them.
type FindingsBody struct {
	FinesBy  FinesBy `json:"fines_by,omitempty" enum:"sum,highest" doc:"With several fines: how they count"`
	Insider  bool    `json:"insider,omitempty" doc:"The informant works in the unit reported"`
	Duty     bool    `json:"duty,omitempty" doc:"The informant's duty is safety management or supervision"`
	Relative bool    `json:"relative,omitempty" doc:"Near relative of such a person"`
	Prompted bool    `json:"prompted,omitempty" doc:"Prompted by such a person"`
	Known    bool    `json:"known,omitempty" doc:"Known before, and being dealt with by the rules"`
	Joint    bool    `json:"joint,omitempty" doc:"Reported by several together"`
	MonthFen int64   `json:"month_fen,omitempty" minimum:"0" doc:"Granted to the same person for the same type in the month, in fen"`
	SetFen   int64   `json:"set_fen,omitempty" minimum:"0" doc:"What the office sets where the table leaves it to the office, in fen"`
	Basis    string  `json:"basis,omitempty" maxLength:"1000" doc:"The clause that it rests on"`
}

func (b FindingsBody) findings() Findings {
	return Findings{FinesBy: b.FinesBy, Insider: b.Insider, Duty: b.Duty, Relative: b.Relative, Prompted: b.Prompted,
		Known: b.Known, Joint: b.Joint, MonthFen: b.MonthFen, Set: Set{b.SetFen, b.Basis}}
}

func bodyOf(f Findings) FindingsBody {
	return FindingsBody{FinesBy: f.FinesBy, Insider: f.Insider, Duty: f.Duty, Relative: f.Relative, Prompted: f.Prompted,
		Known: f.Known, Joint: f.Joint, MonthFen: f.MonthFen, SetFen: f.Set.Fen, Basis: f.Set.Basis}
}

type proposeIn struct {
	Body struct {
		TipID string `json:"tip_id" minLength:"1" maxLength:"64"`
		FindingsBody
	}
}

type outcomeOut struct {
	Body struct {
		TableID string     `json:"table_id"`
		Fen     int64      `json:"fen" doc:"What is owed; 0 while the office is asked something"`
		Steps   []stepView `json:"steps" nullable:"false"`
		Asks    []string   `json:"asks" nullable:"false" doc:"What the office must decide first: fines_by, set"`
	}
}

func (s *Service) httpCompute(ctx context.Context, in *proposeIn) (*outcomeOut, error) {
	o, err := s.Preview(ctx, in.Body.TipID, in.Body.findings())
	if err != nil {
		return nil, err
	}
	out := &outcomeOut{}
	out.Body.TableID, out.Body.Fen, out.Body.Steps, out.Body.Asks = o.TableID, o.Fen, stepViews(o.Steps), o.Asks
	return out, nil
}

func (s *Service) httpPropose(ctx context.Context, in *proposeIn) (*viewOut, error) {
	r, err := s.Propose(ctx, in.Body.TipID, in.Body.findings())
	return s.out(ctx, r, err)
}

type listIn struct {
	Status Status `query:"status" enum:"proposed,returned,approved,filed,notified,claimed,tokens,paid,waived"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type listOut struct {
	Body struct {
		Items []view `json:"items" nullable:"false"`
		Next  string `json:"next"`
	}
}

func (s *Service) httpList(ctx context.Context, in *listIn) (*listOut, error) {
	p, err := s.List(ctx, in.Status, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Next = p.Next
	out.Body.Items, err = s.views(ctx, p.Items...)
	return out, err
}

func (s *Service) httpGet(ctx context.Context, in *ByID) (*viewOut, error) {
	r, err := s.Reward(ctx, in.ID)
	return s.out(ctx, r, err)
}

type budgetIn struct {
	OfficeID string `query:"office_id" required:"true" maxLength:"64"`
	Year     int    `query:"year" required:"true" minimum:"2018" maximum:"2100"`
}

type budgetView struct {
	OfficeID string `json:"office_id"`
	Year     int    `json:"year"`
	Fen      int64  `json:"fen"`
	UsedFen  int64  `json:"used_fen" doc:"Approved and not waived"`
	LeftFen  int64  `json:"left_fen"`
	Warn     int64  `json:"warn" doc:"Percent used from which the office is warned"`
	Low      bool   `json:"low" doc:"As much is used"`
	Version  int    `json:"version" doc:"0 before a budget was set"`
}

type budgetOut struct{ Body budgetView }

func budgetAnswer(b *Budget, err error) (*budgetOut, error) {
	if err != nil {
		return nil, err
	}
	return &budgetOut{budgetView{b.OfficeID, b.Year, b.Fen, b.Used, b.Left(), b.Warn, b.Low(), b.Version}}, nil
}

func (s *Service) httpBudget(ctx context.Context, in *budgetIn) (*budgetOut, error) {
	return budgetAnswer(s.BudgetOf(ctx, in.OfficeID, in.Year))
}

type budgetSetIn struct {
	Body struct {
		OfficeID string `json:"office_id" minLength:"1" maxLength:"64"`
		Year     int    `json:"year" minimum:"2018" maximum:"2100"`
		Fen      int64  `json:"fen" minimum:"0"`
		Warn     int64  `json:"warn" minimum:"1" maximum:"100"`
		Version  int    `json:"version" minimum:"0"`
	}
}

func (s *Service) httpSetBudget(ctx context.Context, in *budgetSetIn) (*budgetOut, error) {
	b := in.Body
	return budgetAnswer(s.SetBudget(ctx, &Budget{OfficeID: b.OfficeID, Year: b.Year, Fen: b.Fen, Warn: b.Warn, Version: b.Version}))
}
