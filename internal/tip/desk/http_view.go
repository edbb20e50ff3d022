// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/rules"
	"anlan/internal/tip"
)

// TipView is a tip as officers see it, in lists and alone: nothing of what it says.
type TipView struct {
	ID           string        `json:"id"`
	No           string        `json:"no" example:"JB27-7KXP3-MWD9R"`
	Status       tip.Status    `json:"status"`
	Class        tip.Class     `json:"class"`
	Source       string        `json:"source"`
	Danger       bool          `json:"danger"`
	Named        bool          `json:"named"`
	Quarantined  bool          `json:"quarantined,omitempty" doc:"Came in a flood"`
	Received     time.Time     `json:"received" doc:"The hour"`
	Place        place.Path    `json:"place"`
	PlaceName    string        `json:"place_name"`
	UnitID       string        `json:"unit_id"`
	UnitName     string        `json:"unit_name"`
	OfficeID     string        `json:"office_id"`
	OfficeName   string        `json:"office_name"`
	AssigneeID   string        `json:"assignee_id"`
	AssigneeName string        `json:"assignee_name"`
	Master       string        `json:"master,omitempty" doc:"Id of the tip-off into which it was merged"`
	HazardID     string        `json:"hazard_id,omitempty"`
	HazardStatus string        `json:"hazard_status,omitempty"`
	Conclusion   string        `json:"conclusion,omitempty"`
	Extension    string        `json:"extension,omitempty" doc:"asked, granted or denied"`
	Objections   int           `json:"objections,omitempty"`
	Escalated    bool          `json:"escalated,omitempty" doc:"Referred to the county government"`
	Erasure      string        `json:"erasure,omitempty" doc:"asked or done"`
	DueKind      tip.ClockKind `json:"due_kind,omitempty"`
	LastDay      clock.Day     `json:"last_day,omitempty" doc:"Of the term that runs"`
	Late         bool          `json:"late"`
	Opened       int           `json:"opened"`
	Unread       int           `json:"unread" doc:"Messages of the informant that nobody has opened"`
	Version      int           `json:"version"`
}

func tipView(t *tip.Tip, n Names, now time.Time) TipView {
	v := TipView{ID: t.ID, No: t.No, Status: t.Status, Class: t.Class, Source: t.Source, Danger: t.Danger, Named: t.Named,
		Quarantined: t.Quarantined, Received: t.Received, Place: t.Place, PlaceName: n.Places[t.Place], UnitID: t.Unit, UnitName: n.Units[t.Unit],
		OfficeID: t.Office, OfficeName: n.Units[t.Office], AssigneeID: t.Assignee, AssigneeName: n.People[t.Assignee], Master: t.Master,
		HazardID: t.Hazard, HazardStatus: t.HazardStatus, Conclusion: t.Conclusion, Extension: t.Extension, Objections: t.Objections,
		Escalated: t.Escalated, Erasure: t.Erasure, DueKind: t.DueKind, Late: t.Late(now), Opened: t.Opened, Unread: t.Unread, Version: t.Version}
	if t.Due != nil {
		v.LastDay = clock.DayOf(t.Due.Add(-time.Microsecond))
	}
	return v
}

// tipDetail is one tip with all that belongs to it.
type tipDetail struct {
	TipView
	FirstOfficeID   string        `json:"first_office_id"`
	FirstOfficeName string        `json:"first_office_name" doc:"Who took it up first pays a reward"`
	ConcludedID     string        `json:"concluded_office_id,omitempty" doc:"Whose conclusion is being re-examined"`
	HandTo          string        `json:"hand_to,omitempty" doc:"Channel that the envelope is still to be wrapped for"`
	ChannelID       string        `json:"channel_id"`
	Generation      int           `json:"generation"`
	CaseRecipient   string        `json:"case_recipient"`
	MailRecipient   string        `json:"mailbox_recipient"`
	Leaf            string        `json:"leaf"`
	Reason          string        `json:"reason,omitempty"`
	Rewardable      bool          `json:"rewardable"`
	Clock           *tipClock     `json:"clock,omitempty"`
	Steps           []tipStep     `json:"steps" nullable:"false"`
	Timeline        []tipTimeline `json:"timeline" nullable:"false"`
	Openings        []tipReading  `json:"openings" nullable:"false"`
	Rank            tipRank       `json:"rank"`
	Family          []TipView     `json:"family" nullable:"false" doc:"Those of one matter, the first to arrive first"`
	Alike           []TipView     `json:"alike" nullable:"false" doc:"Hints: a person decides"`
	MayOpen         bool          `json:"may_open"`
	WhyNotOpen      *tipWhyNot    `json:"why_not_open,omitempty"`
}

type tipClock struct {
	Kind           tip.ClockKind  `json:"kind"`
	LastDay        clock.Day      `json:"last_day" doc:"The last day on which one is in time"`
	Since          tip.Action     `json:"since" doc:"The step that started it; received for the arrival"`
	From           clock.Day      `json:"from" doc:"Its day, which does not count"`
	N              int            `json:"n"`
	Days           rules.TermKind `json:"days" doc:"calendar or working"`
	RuleKey        string         `json:"rule_key"`
	RuleID         string         `json:"rule_id"`
	Source         string         `json:"source"`
	ExtendedBy     int            `json:"extended_by,omitempty" doc:"Days that the office above added"`
	ExtendedSource string         `json:"extended_source,omitempty"`
	Explain        string         `json:"explain" doc:"Key of the sentence that explains it"`
	LastIsHoliday  bool           `json:"last_is_holiday" doc:"Shown, never moved"`
	NextWorkingDay clock.Day      `json:"next_working_day,omitempty"`
	Left           int            `json:"left" doc:"Whole days left; negative when it is over"`
	Late           bool           `json:"late"`
	Pauses         []string       `json:"pauses" nullable:"false" doc:"No rule pauses a term of a tip-off"`
}

func clockView(c *tip.Clock) *tipClock {
	if c == nil {
		return nil
	}
	v := &tipClock{Kind: c.Kind, LastDay: c.Last, Since: c.Since, From: c.From, N: c.Term.N, Days: c.Term.Kind, RuleKey: c.RuleKey, RuleID: c.Rule,
		Source: c.Source, Explain: c.Explain, LastIsHoliday: c.Holiday, NextWorkingDay: c.NextWork, Left: c.Left, Late: c.Late, Pauses: []string{}}
	if c.Extended != nil {
		v.ExtendedBy, v.ExtendedSource = c.Extended.Term.N, c.Extended.Source
	}
	return v
}

type tipStep struct {
	Action  tip.Action `json:"action"`
	Allowed bool       `json:"allowed"`
	WhyNot  *tipWhyNot `json:"why_not,omitempty"`
	Needs   []string   `json:"needs" nullable:"false"`
	Party   tip.Party  `json:"party" doc:"Whose step it is"`
}

// tipWhyNot says why something is not the asker's.
type tipWhyNot struct {
	Key  string         `json:"key" doc:"Key of the sentence to show"`
	Args map[string]any `json:"args,omitempty"`
}

func whyNot(e *errs.Error) *tipWhyNot {
	if e == nil {
		return nil
	}
	return &tipWhyNot{e.Key, e.Args}
}

type tipTimeline struct {
	At         time.Time  `json:"at" doc:"Steps of the informant have their hour only"`
	Action     tip.Action `json:"action"`
	From       tip.Status `json:"from"`
	To         tip.Status `json:"to"`
	ActorName  string     `json:"actor_name"`
	UnitName   string     `json:"unit_name"`
	OfficeName string     `json:"office_name" doc:"Who handled it after the step"`
	Words      string     `json:"words"`
	Reason     string     `json:"reason,omitempty"`
	Late       bool       `json:"late"`
}

type tipReading struct {
	At         time.Time  `json:"at"`
	PersonName string     `json:"person_name"`
	What       tip.Opened `json:"what"`
	Reason     string     `json:"reason"`
}

type tipRank struct {
	At int `json:"at" doc:"1 for the first report of the matter; 0 when it said too little to count"`
	Of int `json:"of"`
}

type getIn struct {
	ID string `path:"id" maxLength:"64" doc:"Id or number"`
}

type getOut struct{ Body tipDetail }

func (s *Service) httpGet(ctx context.Context, in *getIn) (*getOut, error) {
	d, err := s.Detail(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &getOut{detailView(d, s.Tips.Now())}, nil
}

func detailView(d *Detail, now time.Time) tipDetail {
	t := d.Tip
	v := tipDetail{TipView: tipView(t, d.Names, now), FirstOfficeID: t.FirstOffice, FirstOfficeName: d.Names.Units[t.FirstOffice],
		ConcludedID: t.Concluded, HandTo: t.HandTo, ChannelID: t.Channel, Generation: t.Generation, CaseRecipient: t.CaseRecipient,
		MailRecipient: t.MailboxRecipient, Leaf: t.Leaf, Reason: t.Reason, Rewardable: t.Rewardable, Clock: clockView(d.Clock), Steps: []tipStep{},
		Timeline: []tipTimeline{}, Openings: []tipReading{}, Rank: tipRank{d.Rank.At, d.Rank.Of}, Family: viewsOf(d.Family, d.Names, now),
		Alike: viewsOf(d.Alike, d.Names, now), MayOpen: d.NotOpen == nil, WhyNotOpen: whyNot(d.NotOpen)}
	for _, s := range d.Steps {
		v.Steps = append(v.Steps, tipStep{s.Action, s.Allowed, whyNot(s.WhyNot), s.Needs, s.Party})
	}
	for _, m := range d.Timeline {
		v.Timeline = append(v.Timeline, tipTimeline{m.At, m.Action, m.From, m.To, d.Names.People[m.Actor], d.Names.Units[m.ActorUnit],
			d.Names.Units[m.Office], m.Words, m.Reason, m.Late})
	}
	for _, r := range d.Readings {
		v.Openings = append(v.Openings, tipReading{r.At, d.Names.People[r.Person], r.What, r.Reason})
	}
	return v
}
