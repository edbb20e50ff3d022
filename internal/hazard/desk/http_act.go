// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"

	"anlan/internal/hazard"
	"anlan/internal/kernel/clock"
)

// HazardOrder is the five elements of an order. Like every type that another one embeds
// here it has a capital letter, for huma passes over the others.
type HazardOrder struct {
	OwnerUnit   string    `json:"owner_unit,omitempty" maxLength:"64" doc:"责任: unit"`
	OwnerPerson string    `json:"owner_person,omitempty" maxLength:"64" doc:"责任: id of a person, or"`
	OwnerName   string    `json:"owner_name,omitempty" maxLength:"200" doc:"name of one who is not in the system"`
	Measures    string    `json:"measures,omitempty" maxLength:"20000" doc:"措施"`
	Fen         int64     `json:"fen,omitempty" doc:"资金, in fen; 0 with a reason"`
	MoneySource string    `json:"money_source,omitempty" maxLength:"20000"`
	MoneyReason string    `json:"money_reason,omitempty" maxLength:"20000" doc:"Why no money is needed"`
	Deadline    clock.Day `json:"deadline,omitempty" maxLength:"10" doc:"时限: the last day"`
	Interim     string    `json:"interim,omitempty" maxLength:"20000" doc:"预案: control until it is rectified"`
	Emergency   string    `json:"emergency,omitempty" maxLength:"20000" doc:"预案: for the case that it happens"`
	DocumentNo  string    `json:"document_no,omitempty" maxLength:"200"`
}

func (v *HazardOrder) plan() *hazard.RectificationPlan {
	if v == nil {
		return nil
	}
	return &hazard.RectificationPlan{OwnerUnit: v.OwnerUnit, OwnerPerson: v.OwnerPerson, OwnerName: v.OwnerName, Measures: v.Measures,
		Fen: v.Fen, MoneySource: v.MoneySource, MoneyReason: v.MoneyReason, Deadline: v.Deadline, Interim: v.Interim,
		Emergency: v.Emergency, Document: v.DocumentNo}
}

type hazardGovernance struct {
	Goals      string `json:"goals,omitempty" maxLength:"20000" doc:"目标和任务"`
	Methods    string `json:"methods,omitempty" maxLength:"20000" doc:"方法和措施"`
	Resources  string `json:"resources,omitempty" maxLength:"20000" doc:"经费和物资"`
	Bodies     string `json:"bodies,omitempty" maxLength:"20000" doc:"机构和人员"`
	Schedule   string `json:"schedule,omitempty" maxLength:"20000" doc:"时限和要求"`
	Safeguards string `json:"safeguards,omitempty" maxLength:"20000" doc:"安全措施和应急预案"`
}

func (v *hazardGovernance) plan() *hazard.GovernancePlan {
	if v == nil {
		return nil
	}
	return &hazard.GovernancePlan{Goals: v.Goals, Methods: v.Methods, Resources: v.Resources, Bodies: v.Bodies, Schedule: v.Schedule,
		Safeguards: v.Safeguards}
}

type hazardReceipts struct {
	RegulatorNo  string    `json:"regulator_no,omitempty" maxLength:"400"`
	RegulatorDay clock.Day `json:"regulator_day,omitempty" maxLength:"10"`
	WorkersNo    string    `json:"workers_no,omitempty" maxLength:"400" doc:"Of the workers' congress"`
	WorkersDay   clock.Day `json:"workers_day,omitempty" maxLength:"10"`
}

func (v *hazardReceipts) receipts() *hazard.Receipts {
	if v == nil {
		return nil
	}
	return &hazard.Receipts{RegulatorNo: v.RegulatorNo, RegulatorDay: v.RegulatorDay, WorkersNo: v.WorkersNo, WorkersDay: v.WorkersDay}
}

// hazardMove is one step. Which fields it needs is listed with each step of the hazard.
type hazardMove struct {
	Action     hazard.Action      `json:"action" maxLength:"32"`
	Version    int                `json:"version" doc:"Of the hazard as you saw it"`
	Words      string             `json:"words,omitempty" maxLength:"20000"`
	Reason     string             `json:"reason,omitempty" maxLength:"32"`
	Before     []hazard.HazardRef `json:"before,omitempty" maxItems:"20"`
	After      []hazard.HazardRef `json:"after,omitempty" maxItems:"20"`
	Grade      hazard.Grade       `json:"grade,omitempty" maxLength:"16" doc:"general or major"`
	Class      string             `json:"class,omitempty" maxLength:"32"`
	Accident   string             `json:"accident,omitempty" maxLength:"16" doc:"GB 6441-2025"`
	Factor     string             `json:"factor,omitempty" maxLength:"16" doc:"GB/T 13861-2022"`
	Inspection string             `json:"inspection,omitempty" maxLength:"16"`
	Standard   string             `json:"standard,omitempty" maxLength:"64" doc:"Basis of a major hazard"`
	Clause     string             `json:"clause,omitempty" maxLength:"64"`
	UnitID     string             `json:"unit_id,omitempty" maxLength:"64"`
	Master     string             `json:"master,omitempty" maxLength:"64" doc:"Id or number"`
	ToUnit     string             `json:"to_unit,omitempty" maxLength:"64"`
	Until      clock.Day          `json:"until,omitempty" maxLength:"10" doc:"New last day of rectification"`
	Interim    string             `json:"interim,omitempty" maxLength:"20000"`
	Order      *HazardOrder       `json:"order,omitempty" doc:"The five elements (五落实)"`
	Governance *hazardGovernance  `json:"governance,omitempty" doc:"The six-part plan for a major hazard (治理方案)"`
	Receipts   *hazardReceipts    `json:"receipts,omitempty" doc:"Of both reports that a major hazard owes"`
}

func (b *hazardMove) move(key string) hazard.Move {
	return hazard.Move{Action: b.Action, Version: b.Version, Key: key, Words: b.Words, Reason: b.Reason, Before: hazard.Refs(b.Before),
		After: hazard.Refs(b.After), Grade: b.Grade, Class: b.Class, Accident: b.Accident, Factor: b.Factor, Inspection: b.Inspection,
		Standard: b.Standard, Clause: b.Clause, Unit: b.UnitID, Master: b.Master, ToUnit: b.ToUnit, Until: b.Until,
		Interim: b.Interim, Order: b.Order.plan(), Governance: b.Governance.plan(), Receipts: b.Receipts.receipts()}
}

type actIn struct {
	hazard.Keyed
	ID   string `path:"id" maxLength:"64" doc:"Id or number"`
	Body hazardMove
}

func (s *Service) httpAct(ctx context.Context, in *actIn) (*detailOut, error) {
	h, err := s.Hazards.Act(ctx, in.ID, in.Body.move(in.Key))
	if err != nil {
		return nil, err
	}
	return s.detailOf(ctx, h.ID)
}

type revealIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Reason string `json:"reason" maxLength:"20000"`
	}
}

type revealOut struct {
	Body struct {
		Contact  *hazard.Contact  `json:"contact,omitempty"`
		Position *hazard.Position `json:"position,omitempty"`
	}
}

func (s *Service) httpReveal(ctx context.Context, in *revealIn) (*revealOut, error) {
	r, err := s.Hazards.Reveal(ctx, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	out := &revealOut{}
	out.Body.Contact, out.Body.Position = r.Contact, r.Position
	return out, nil
}
