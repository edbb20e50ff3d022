// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"filippo.io/age"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

const (
	// AnswerSize is what is sealed in every answer to a query code, right or wrong.
	AnswerSize = 16 << 10

	// followTakes is how long an answer takes at least, so that the few microseconds by
	// which a long story takes longer than a short one, or none, do not show.
	followTakes = 25 * time.Millisecond

	mostTold     = 12 // steps, the last ones
	mostMessages = 20 // that are read at once
)

// Followed is what the informant sees of a tip, in the names of the answer.
type Followed struct {
	No         string         `json:"no"`
	Status     Status         `json:"status"`
	Received   string         `json:"received_hour"` // RFC 3339
	OfficeName string         `json:"office_name"`
	Phone      string         `json:"phone"`
	Opened     int            `json:"opened"`
	Steps      []FollowedStep `json:"steps"`
	Next       *FollowedNext  `json:"next"`
	Late       bool           `json:"late"`
	Messages   []Message      `json:"messages"`
	More       bool           `json:"more"` // there are older messages
	Hazard     *FollowedState `json:"hazard"`
	Reward     *Reward        `json:"reward"`
	Leaf       string         `json:"leaf"`
	Conclusion string         `json:"conclusion,omitempty"`
	Reason     string         `json:"reason,omitempty"`
	May        []string       `json:"may"`
}

// FollowedStep is something that happened.
type FollowedStep struct {
	Day  clock.Day `json:"day"`
	Step string    `json:"step"`
}

// FollowedNext is what comes next, and by when.
type FollowedNext struct {
	Key    ClockKind `json:"key"`
	Last   clock.Day `json:"last_day"`
	RuleID string    `json:"rule_id"`
	Source string    `json:"source"`
}

// FollowedState is where the hazard stands that a tip became.
type FollowedState struct {
	Status string `json:"status"`
}

// Message is one in the mailbox, sealed to both sides.
type Message struct {
	ID     string    `json:"id"`
	From   string    `json:"from"` // "office" or "you"
	Kind   string    `json:"kind"`
	Day    clock.Day `json:"day"`
	Sealed string    `json:"sealed"` // base64
}

// Reward is what a tip has earned, as its informant may know it.
type Reward struct {
	State string    `json:"state"`
	Fen   int64     `json:"fen"`
	Last  clock.Day `json:"last_day"`
	Token string    `json:"token,omitempty"`
}

// Rewards tells what a tip has earned; nil for nothing. It is asked for every query code,
// also with the id "" of no tip, so it must take as long for either.
type Rewards interface {
	RewardOf(ctx context.Context, tipID string) (*Reward, error)
}

// told maps steps to what informants are told; the others are the office's own business.
var told = map[Action]string{Accept: "accepted", Refuse: "refused", Transfer: "transferred", Merge: "merged", Assign: "verifying",
	GrantExtension: "extended", EscalateDeaths: "referred", Link: "made_hazard", Answer: "answered", Object: "objected",
	Reexamine: "reexamined", Close: "closed", Withdraw: "withdrawn", Urge: "urged", Erase: "erased"}

// Follow answers a query code with what became of its tip, sealed to the mailbox that only
// the code opens. A wrong code gets an answer of the same size after the same work, which
// nobody can open. before is the id of a message: the answer has those before it.
func (s *Service) Follow(ctx context.Context, lookup []byte, before string) ([]byte, error) {
	took := clock.Stopwatch()
	t, err := byLookup(ctx, s.DB.Read(), hashLookup(lookup))
	unknown := errs.KindOf(err) == errs.NotFound
	if unknown {
		t = s.decoy()
	} else if err != nil {
		return nil, err
	}
	f, err := s.followed(ctx, t, before)
	if err != nil {
		return nil, err
	}
	sealed, err := sealAnswer(t.MailboxRecipient, f)
	if err != nil {
		return nil, err
	}
	wait := followTakes - took()
	if unknown {
		wait += s.guesses.penalty(s.Now())
	}
	return sealed, pause(ctx, wait)
}

// decoy is a tip that is not there, whose mailbox nobody can open.
func (s *Service) decoy() *Tip {
	due := s.Now()
	return &Tip{No: newNo(due), Status: Received, Received: due.Truncate(time.Hour), MailboxRecipient: s.nobody, Leaf: "", DueKind: ClockAccept, Due: &due}
}

// nobody returns a recipient whose identity is thrown away.
func nobody() string {
	i, err := age.GenerateX25519Identity()
	if err != nil { // only without randomness
		panic(err)
	}
	return i.Recipient().String()
}

// followed gathers what t's informant may see. It asks the same of the database for every
// tip, also for one that is not there.
func (s *Service) followed(ctx context.Context, t *Tip, before string) (*Followed, error) {
	q := s.DB.Read()
	moves, err := historyOf(ctx, q, t.ID)
	if err != nil {
		return nil, err
	}
	messages, err := messagesOf(ctx, q, t.ID, before, mostMessages+1)
	if err != nil {
		return nil, err
	}
	office, err := s.officeOf(ctx, t)
	if err != nil {
		return nil, err
	}
	f := &Followed{No: t.No, Status: t.Status, Received: t.Received.UTC().Format(time.RFC3339), OfficeName: office, Phone: hotline,
		Opened: t.Opened, Steps: toldOf(t, moves), Leaf: t.Leaf, Conclusion: t.Conclusion, Reason: t.Reason}
	if t.HazardStatus != "" {
		f.Hazard = &FollowedState{t.HazardStatus}
	}
	if s.Rewards != nil {
		if f.Reward, err = s.Rewards.RewardOf(ctx, t.ID); err != nil {
			return nil, err
		}
	}
	d, err := s.due(ctx, t)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	if d != nil {
		f.Next = &FollowedNext{d.Clock, d.Last, d.RuleID, d.Source}
		f.Late = t.Late(now)
	}
	f.May = may(t, f.Reward, now)
	f.fill(messages)
	return f, nil
}

// officeOf returns the name of the office that handles t; of none for a decoy.
func (s *Service) officeOf(ctx context.Context, t *Tip) (string, error) {
	names, err := s.Org.UnitNames(ctx, []string{t.Office})
	return names[t.Office], err
}

func toldOf(t *Tip, moves []Moved) []FollowedStep {
	steps := []FollowedStep{{clock.DayOf(t.Received), "received"}}
	for _, m := range moves {
		if word, ok := told[m.Action]; ok {
			steps = append(steps, FollowedStep{clock.DayOf(m.At), word})
		}
	}
	return steps[max(0, len(steps)-mostTold):]
}

// may lists what the informant can do now.
func may(t *Tip, r *Reward, now time.Time) []string {
	can := []string{}
	if t.Status != Withdrawn && t.Status != Closed {
		can = append(can, KindMessage)
	}
	if !t.Named && t.Status != Withdrawn && t.Status != Refused {
		can = append(can, KindIdentify)
	}
	for _, a := range t.informantMay(now) {
		can = append(can, string(a))
	}
	if r != nil && r.State == rewardNotified {
		can = append(can, KindClaim)
	}
	return can
}

// rewardNotified is the state of a reward that waits for its informant.
const rewardNotified = "notified"

// fill puts in as many messages, the newest first, as an answer can hold, and then turns
// them round. What is left over is asked for with the id of the first.
func (f *Followed) fill(newest []message) {
	left := AnswerSize - len(f.encode())
	for _, m := range newest {
		v := m.view()
		b, err := json.Marshal(v)
		if err != nil { // a flat struct of ours
			panic(err)
		}
		if left -= len(b) + 1; left < 0 || len(f.Messages) == mostMessages {
			f.More = true
			break
		}
		f.Messages = append(f.Messages, v)
	}
	slices.Reverse(f.Messages)
}

func (m *message) view() Message {
	from := "office"
	if m.Origin == originInformant {
		from = "you"
	}
	return Message{m.ID, from, m.Kind, clock.DayOf(m.At), base64.StdEncoding.EncodeToString(m.Sealed)}
}

func (f *Followed) encode() []byte {
	b, err := json.Marshal(f)
	if err != nil { // flat structs of ours
		panic(err)
	}
	return b
}

// sealAnswer pads f with spaces to AnswerSize and seals it to a recipient.
func sealAnswer(recipient string, f *Followed) ([]byte, error) {
	plain := f.encode()
	if len(plain) > AnswerSize {
		return nil, errs.New(errs.Internal, "internal", "answer", len(plain))
	}
	plain = append(plain, bytes.Repeat([]byte{' '}, AnswerSize-len(plain))...)
	r, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, r)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}
