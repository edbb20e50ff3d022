// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
)

// view is a Reward as officers see it. To a cashier the part about the tip is missing.
type view struct {
	ID         string    `json:"id"`
	Status     Status    `json:"status"`
	OfficeID   string    `json:"office_id"`
	OfficeName string    `json:"office_name"`
	Fen        int64     `json:"fen"`
	PaidFen    int64     `json:"paid_fen"`
	LastDay    clock.Day `json:"last_day" doc:"Of the claim, empty before the notice"`
	Way        Way       `json:"way" doc:"bank, person or token once it is paid"`
	ReceiptNo  string    `json:"receipt_no"`
	May        []Action  `json:"may" nullable:"false" doc:"Steps that you may take now"`
	Version    int       `json:"version"`
	About      *about    `json:"about,omitempty" doc:"Not shown to a cashier"`
}

// about is the tip and the decision.
type about struct {
	TipID     string       `json:"tip_id"`
	TipNo     string       `json:"tip_no"`
	Class     Class        `json:"class"`
	Named     bool         `json:"named"`
	Concluded clock.Day    `json:"concluded"`
	TableID   string       `json:"table_id"`
	Steps     []stepView   `json:"steps" nullable:"false"`
	Findings  FindingsBody `json:"findings"`
	Year      int          `json:"year" doc:"Whose budget it comes from, 0 before the approval"`
	Proposer  string       `json:"proposer"`
	Approver  string       `json:"approver"`
	Payer     string       `json:"payer"`
	Witnesses []string     `json:"witnesses" nullable:"false"`
	Reason    string       `json:"reason"`
	FiledWith string       `json:"filed_with"`
	FiledNo   string       `json:"filed_no"`
	Notified  clock.Day    `json:"notified"`
	Announced clock.Day    `json:"announced"`
	DueRule   string       `json:"due_rule" doc:"Rule that set the last day, empty when an extension did"`
	Proposed  clock.Day    `json:"proposed"`
}

type stepView struct {
	Key    string            `json:"key" doc:"Sentence"`
	Args   map[string]string `json:"args" doc:"Values of the sentence; amounts in yuan"`
	Source string            `json:"source" doc:"The text that the step rests on"`
	Fen    int64             `json:"fen" doc:"The amount after the step"`
}

func stepViews(steps []Step) []stepView {
	out := make([]stepView, len(steps))
	for i, s := range steps {
		out[i] = stepView{Key: s.Key, Args: map[string]string{}, Source: s.Source, Fen: s.Fen}
		for name, n := range s.Numbers {
			if yuan, ok := strings.CutSuffix(name, "_fen"); ok {
				out[i].Args[yuan] = inYuan(n)
			} else {
				out[i].Args[name] = strconv.FormatInt(n, 10)
			}
		}
	}
	return out
}

// inYuan writes fen as yuan, with two places when it is not whole.
func inYuan(fen int64) string {
	text := strconv.FormatInt(fen/fenPerYuan, 10)
	if rest := fen % fenPerYuan; rest != 0 {
		text += "." + strconv.FormatInt(fenPerYuan+rest, 10)[1:]
	}
	return text
}

// mays are the steps that by may take of r now.
func (r *Reward) mays(by actor.Actor) []Action {
	out := []Action{}
	for a := range steps[r.Status] {
		if perm := needs[a]; perm != "" && by.May(perm, r.Object()) && r.mayTake(a, by.ID) == nil {
			out = append(out, a)
		}
	}
	slices.Sort(out)
	return out
}

type viewOut struct{ Body view }

func (s *Service) out(ctx context.Context, r *Reward, err error) (*viewOut, error) {
	if err != nil {
		return nil, err
	}
	vs, err := s.views(ctx, r)
	if err != nil {
		return nil, err
	}
	if vs[0].About != nil {
		err = s.addWitnesses(ctx, &vs[0])
	}
	return &viewOut{vs[0]}, err
}

func (s *Service) addWitnesses(ctx context.Context, v *view) error {
	people, err := witnessesOf(ctx, s.DB.Read(), v.ID)
	if err != nil || len(people) == 0 {
		return err
	}
	names, err := s.Org.PersonNames(ctx, people)
	for _, p := range people {
		v.About.Witnesses = append(v.About.Witnesses, names[p])
	}
	return err
}

func (s *Service) views(ctx context.Context, rs ...*Reward) ([]view, error) {
	var offices, people []string
	for _, r := range rs {
		offices = append(offices, r.OfficeID)
		people = append(people, r.Proposer, r.Approver, r.Payer)
	}
	officeNames, err := s.Org.UnitNames(ctx, offices)
	if err != nil {
		return nil, err
	}
	names, err := s.Org.PersonNames(ctx, people)
	if err != nil {
		return nil, err
	}
	by := actor.From(ctx)
	out := make([]view, len(rs))
	for i, r := range rs {
		out[i] = view{ID: r.ID, Status: r.Status, OfficeID: r.OfficeID, OfficeName: officeNames[r.OfficeID], Fen: r.Fen,
			PaidFen: r.PaidFen, LastDay: r.DueLast, Way: r.Way, ReceiptNo: r.ReceiptNo, May: r.mays(by), Version: r.Version}
		if r.Full(by) {
			out[i].About = r.told(names)
		}
	}
	return out, nil
}

func (r *Reward) told(names map[string]string) *about {
	a := &about{TipID: r.TipID, TipNo: r.TipNo, Class: r.Class, Named: r.Named, Concluded: r.Concluded, TableID: r.TableID,
		Steps: stepViews(r.Steps), Findings: bodyOf(r.Findings), Year: r.Year, Proposer: names[r.Proposer],
		Approver: names[r.Approver], Payer: names[r.Payer], Witnesses: []string{}, Reason: r.Reason, FiledWith: r.FiledWith,
		FiledNo: r.FiledNo, DueRule: r.DueRule, Proposed: clock.DayOf(r.Created)}
	if !r.Notified.IsZero() {
		a.Notified = clock.DayOf(r.Notified)
	}
	if !r.Announced.IsZero() {
		a.Announced = clock.DayOf(r.Announced)
	}
	return a
}
