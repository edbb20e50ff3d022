// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

// mountHandling adds the operations by which officers handle tips. What they see of them is
// mounted by tip/desk.
func mountHandling(api huma.API, s *Service) {
	httpapi.Handle(api, op("tip-states", http.MethodGet, "/tips/states", "The life cycle of a tip-off"), s.httpStates)
	httpapi.Handle(api, op("tip-act", http.MethodPost, "/tips/{id}/acts", "Take one step with a tip-off"), s.httpAct)
	httpapi.Handle(api, op("tip-make-hazard", http.MethodPost, "/tips/{id}/hazard", "Make a hazard of a tip-off, in neutral words"), s.httpMakeHazard)
	reply := op("tip-reply", http.MethodPost, "/tips/{id}/messages", "Write to the informant, under seal")
	reply.DefaultStatus = http.StatusCreated
	httpapi.Handle(api, reply, s.httpReply)
	httpapi.Handle(api, op("tip-open", http.MethodPost, "/tips/{id}/openings", "Open what is sealed, for a reason"), s.httpOpen)
	httpapi.Handle(api, op("tip-case-file", http.MethodGet, "/tips/{id}/files/{name}", "A sealed file, after an opening"), s.httpCaseFile)
	httpapi.Handle(api, op("tip-envelope", http.MethodGet, "/tips/{id}/envelope", "The sealed case key, to wrap it anew"), s.httpEnvelope)
	httpapi.Handle(api, op("tip-envelopes", http.MethodGet, "/tips/envelopes", "Sealed case keys of a key generation"), s.httpEnvelopes)
	httpapi.Handle(api, op("tip-rewrap", http.MethodPost, "/tips/envelopes", "Bring case keys sealed to the current generation"), s.httpRewrap)
}

// tipMove is one step. Which fields it needs is listed with each step of the tip.
type tipMove struct {
	Action       Action   `json:"action" maxLength:"32"`
	Version      int      `json:"version" doc:"Of the tip-off as you saw it"`
	Words        string   `json:"words,omitempty" maxLength:"20000" doc:"About the handling; nothing of the content"`
	Reason       string   `json:"reason,omitempty" maxLength:"32" doc:"Class of a refusal; the public log shows it"`
	Sealed       []byte   `json:"sealed,omitempty" doc:"Message to the informant: age, to the mailbox and the case recipient"`
	ChannelID    string   `json:"channel_id,omitempty" maxLength:"64" doc:"Where a transfer or a hand-over goes"`
	Generation   int      `json:"generation,omitempty" doc:"Of its key that the envelope is sealed to"`
	Envelope     []byte   `json:"envelope,omitempty" doc:"The case key, wrapped anew in the browser"`
	Master       string   `json:"master,omitempty" maxLength:"64" doc:"Id or number of the tip-off that this one repeats"`
	Insufficient bool     `json:"insufficient,omitempty" doc:"Of a merge: it said too little to count in the order of reports"`
	PersonID     string   `json:"person_id,omitempty" maxLength:"64" doc:"Who verifies"`
	Conclusion   string   `json:"conclusion,omitempty" maxLength:"32"`
	Contents     []string `json:"contents,omitempty" maxItems:"8" doc:"What the sealed answer has: conclusion, findings, decision, reward"`
	Rewardable   bool     `json:"rewardable,omitempty" doc:"It meets the conditions of a reward"`
	Hazard       string   `json:"hazard,omitempty" maxLength:"64" doc:"Id or number of a hazard that there is already"`
}

func (b *tipMove) move(key string) Move {
	return Move{Action: b.Action, Version: b.Version, Key: key, Words: b.Words, Reason: b.Reason, Sealed: b.Sealed, Channel: b.ChannelID,
		Generation: b.Generation, Envelope: b.Envelope, Master: b.Master, Insufficient: b.Insufficient, Person: b.PersonID,
		Conclusion: b.Conclusion, Contents: b.Contents, Rewardable: b.Rewardable, Hazard: b.Hazard}
}

// tipMoved is where a tip stands after a step.
type tipMoved struct {
	ID         string    `json:"id"`
	No         string    `json:"no"`
	Status     Status    `json:"status"`
	OfficeID   string    `json:"office_id"`
	AssigneeID string    `json:"assignee_id"`
	HazardID   string    `json:"hazard_id"`
	DueKind    ClockKind `json:"due_kind"`
	LastDay    clock.Day `json:"last_day" doc:"Of the term that runs; empty when none does"`
	Version    int       `json:"version"`
}

type movedOut struct{ Body tipMoved }

func movedView(t *Tip) *movedOut {
	v := tipMoved{ID: t.ID, No: t.No, Status: t.Status, OfficeID: t.Office, AssigneeID: t.Assignee, HazardID: t.Hazard, DueKind: t.DueKind,
		Version: t.Version}
	if t.Due != nil {
		v.LastDay = clock.DayOf(t.Due.Add(-time.Microsecond))
	}
	return &movedOut{v}
}

type actIn struct {
	Keyed
	ID   string `path:"id" maxLength:"64" doc:"Id or number"`
	Body tipMove
}

func (s *Service) httpAct(ctx context.Context, in *actIn) (*movedOut, error) {
	t, err := s.Act(ctx, in.ID, in.Body.move(in.Key))
	if err != nil {
		return nil, err
	}
	return movedView(t), nil
}

type makeHazardIn struct {
	Keyed
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Version int        `json:"version"`
		Words   string     `json:"words" maxLength:"20000" doc:"Neutral words of the officer, which the unit will read"`
		Place   place.Path `json:"place,omitempty" maxLength:"200" doc:"Empty for the tip-off's"`
		UnitID  string     `json:"unit_id,omitempty" maxLength:"64"`
		Spot    string     `json:"spot,omitempty" maxLength:"1000"`
		Class   string     `json:"class" maxLength:"32" doc:"person_behaviour, equipment_state, environment or management"`
		Danger  bool       `json:"danger,omitempty"`
	}
}

func (s *Service) httpMakeHazard(ctx context.Context, in *makeHazardIn) (*movedOut, error) {
	b := in.Body
	t, err := s.MakeHazard(ctx, in.ID, Task{Version: b.Version, Key: in.Key, Words: b.Words, Place: b.Place, Unit: b.UnitID, Spot: b.Spot,
		Class: b.Class, Danger: b.Danger})
	if err != nil {
		return nil, err
	}
	return movedView(t), nil
}

type replyIn struct {
	Keyed
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Sealed []byte `json:"sealed" doc:"age, to the mailbox and the case recipient, padded"`
	}
}

type replyOut struct {
	Body struct {
		ID string `json:"id"`
	}
}

func (s *Service) httpReply(ctx context.Context, in *replyIn) (*replyOut, error) {
	id, err := s.Reply(ctx, in.ID, in.Body.Sealed, in.Key)
	if err != nil {
		return nil, err
	}
	out := &replyOut{}
	out.Body.ID = id
	return out, nil
}

type statesOut struct {
	Body struct {
		Statuses    []tipStatus `json:"statuses"`
		Actions     []tipAction `json:"actions"`
		Steps       []tipEdge   `json:"steps"`
		Reasons     []string    `json:"reasons" doc:"Of a refusal"`
		Conclusions []string    `json:"conclusions"`
		Contents    []string    `json:"contents" doc:"What an answer must have"`
		Diagram     string      `json:"diagram" doc:"The same as a Mermaid state diagram"`
	}
}

type tipStatus struct {
	Status Status `json:"status"`
	Zh     string `json:"zh"`
	En     string `json:"en"`
	Final  bool   `json:"final" doc:"Nothing waits for the office"`
}

type tipAction struct {
	Action Action   `json:"action"`
	Zh     string   `json:"zh"`
	En     string   `json:"en"`
	Party  Party    `json:"party" doc:"Whose step it is: desk, officer, superior, approver, first_office, informant or timer"`
	Needs  []string `json:"needs" nullable:"false"`
}

type tipEdge struct {
	From   Status `json:"from"`
	Action Action `json:"action"`
	To     Status `json:"to"`
}

func (s *Service) httpStates(context.Context, *struct{}) (*statesOut, error) {
	out := &statesOut{}
	out.Body.Diagram, out.Body.Reasons, out.Body.Conclusions, out.Body.Contents = Diagram(), Reasons, Conclusions, Contents
	for _, i := range Statuses {
		out.Body.Statuses = append(out.Body.Statuses, tipStatus{i.Status, i.Zh, i.En, i.Status.Final()})
		for _, a := range actionsFrom(i.Status) {
			out.Body.Steps = append(out.Body.Steps, tipEdge{i.Status, a, steps[i.Status][a]})
		}
	}
	for _, a := range Actions {
		out.Body.Actions = append(out.Body.Actions, tipAction{a.Action, a.Zh, a.En, a.Party, orEmpty(a.Needs)})
	}
	return out, nil
}
