// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"filippo.io/age"
	altcha "github.com/altcha-org/altcha-lib-go"

	"anlan/internal/kernel/actor"
	"anlan/internal/tip"
)

// told is one tip-off of the demo: what somebody says, and how far it has come.
type told struct {
	words, where, name, phone string
	class                     tip.Class
	source                    string // "" from a phone
	ago                       time.Duration
	town                      int
	firm                      int // whose QR code was read; -1 for none
	danger                    bool
	steps                     []tipStep
}

// tipStep is what somebody of the office does with a tip after a while.
type tipStep struct {
	after time.Duration
	do    func(c *life, s *tipStory) error
}

// tipStory is a tip under way.
type tipStory struct {
	told
	tip     *tip.Tip
	mailbox *age.X25519Identity
	case_   *age.X25519Identity
}

// Pieces of what becomes of tips.
var (
	takenUp    = []tipStep{{20 * hour, takeUp}}
	underCheck = append(takenUp, tipStep{4 * hour, assignTip})
	madeHazard = append(underCheck[:2:2], tipStep{30 * hour, tipToHazard})
	verified   = append(madeHazard[:3:3], tipStep{4 * day, answerTip})
)

var tips = []told{
	{words: "厂区东侧的危险废物堆在雨棚外面，下雨时淌到路上，气味刺鼻，已经有半个月。", where: "东门外", class: tip.Illegal, ago: 21 * day, town: 0, firm: 0, steps: verified},
	{words: "夜班只有一个人看两台锅炉，水位报警器响了也没有人去看，大家都怕出事。", where: "锅炉房", class: tip.MajorHazard, ago: 12 * day, town: 1, firm: 3, steps: madeHazard},
	{words: "有限空间作业没有检测也没有人在外面守着，上周清池子就是这样下去的。", where: "污水池", name: "示范人甲", phone: "13900000001", class: tip.MajorHazard, source: "12350", ago: 6 * day, town: 2, firm: 5, steps: underCheck},
	{words: "沿街店铺的二楼住着人，楼梯口堆满货，晚上卷帘门从外面锁上。", where: "南街", class: tip.GeneralHazard, ago: 5 * day, town: 3, firm: -1, steps: takenUp},
	{words: "工地吊装的时候下面还在走人，没有人指挥，钢丝绳也起毛了。", where: "二号楼", class: tip.Illegal, ago: 9 * day, town: 4, firm: -1, steps: underCheck},
	{words: "邻居家的狗半夜总叫，影响休息，请你们管一管。", class: tip.Other, source: "12345", ago: 8 * day, town: 5, firm: -1, steps: []tipStep{{10 * hour, refuseTip}}},
	{words: "前年那次受伤的人没有上报，厂里给了钱让他不要说，我知道是哪一天。", name: "示范人乙", phone: "13900000002", class: tip.ConcealedAccident, ago: 2 * day, town: 0, firm: 7, steps: takenUp},
	{words: "仓库里装着桶装的油漆，没有防爆灯，工人在旁边抽烟，刚才还有人在抽。", where: "北库", class: tip.MajorHazard, ago: 5 * hour, town: 6, firm: 9, danger: true},
}

// tell lets people turn to the office under seal, and the office handle it.
func (c *life) tell(now time.Time) error {
	for i := range tips {
		s := &tipStory{told: tips[i]}
		c.Clock.Set(now.Add(-s.ago))
		if err := c.handIn(s); err != nil {
			return fmt.Errorf("tip %d: %w", i, err)
		}
		for _, next := range s.steps {
			c.Clock.Advance(next.after)
			if err := next.do(c, s); err != nil {
				return fmt.Errorf("tip %d, %s: %w", i, s.tip.Status, err)
			}
		}
	}
	c.Clock.Set(now)
	return nil
}

// handIn seals a tip as a phone does and hands it in, or lets an operator type it in.
func (c *life) handIn(s *tipStory) error {
	sub, err := c.sealTip(s)
	if err != nil {
		return err
	}
	receipt, err := c.submit(s, sub)
	if err != nil {
		return err
	}
	s.tip, err = c.Tips.Tip(c.staff["juzhang"], receipt.No)
	return err
}

func (c *life) submit(s *tipStory, sub tip.Submission) (*tip.Receipt, error) {
	if s.source != "" {
		sub.Source = s.source
		return c.Tips.TypeIn(c.staff["anban"], sub)
	}
	permit, err := c.earn()
	if err != nil {
		return nil, err
	}
	sub.Permit = permit
	return c.Tips.Submit(actor.With(c.operator, actor.Actor{}), sub)
}

// earn does the work that a phone must do before it sends.
func (c *life) earn() (string, error) {
	w, err := c.Tips.Work("")
	if err != nil {
		return "", err
	}
	found, err := altcha.SolveChallenge(w.Challenge, w.Salt, altcha.SHA256, int(w.MaxNumber), 0, nil)
	if err != nil {
		return "", err
	}
	solution, err := json.Marshal(altcha.Payload{Algorithm: w.Algorithm, Challenge: w.Challenge, Number: int64(found.Number), Salt: w.Salt, Signature: w.Signature})
	if err != nil {
		return "", err
	}
	permit, _, err := c.Tips.Earn(base64.StdEncoding.EncodeToString(solution))
	return permit, err
}

func (c *life) sealTip(s *tipStory) (tip.Submission, error) {
	at, code, unit := c.townPaths[s.town], "", ""
	if s.firm >= 0 {
		f := c.firms[s.firm]
		at, code, unit = f.Place, f.Code, f.Name
	}
	sub := tip.Submission{Place: at, UnitCode: code, Class: s.class, Danger: s.danger, Named: s.name != "", Lookup: make([]byte, 32)}
	rand.Read(sub.Lookup)
	route, err := c.Tips.Route(c.operator, at, code)
	if err != nil {
		return sub, err
	}
	sub.Channel, sub.Generation = route.Channel.ID, route.Channel.Generation
	return sub, s.seal(&sub, route.Channel.Recipient, unit)
}

// seal makes the keys of a tip and fills in what is sealed to them.
func (s *tipStory) seal(sub *tip.Submission, channel, unit string) error {
	to, err := age.ParseX25519Recipient(channel)
	if err != nil {
		return err
	}
	if s.case_, err = age.GenerateX25519Identity(); err != nil {
		return err
	}
	if s.mailbox, err = age.GenerateX25519Identity(); err != nil {
		return err
	}
	sub.CaseRecipient, sub.MailboxRecipient = s.case_.Recipient().String(), s.mailbox.Recipient().String()
	if sub.Envelope, err = sealed([]byte(s.case_.String()), to); err != nil {
		return err
	}
	content := struct {
		V          int      `json:"v"`
		Words      string   `json:"words"`
		UnitName   string   `json:"unit_name"`
		Spot       string   `json:"spot"`
		Seen       string   `json:"seen"`
		Name       string   `json:"name"`
		Phone      string   `json:"phone"`
		Files      []string `json:"files"`
		Statements string   `json:"statements"`
	}{1, s.words, unit, s.where, "", s.name, s.phone, []string{}, ""}
	sub.Content, err = sealed(padded(content), s.case_.Recipient())
	return err
}

// padded is v as JSON, with spaces up to the smallest size that phones use.
func padded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil { // flat structs of ours
		panic(err)
	}
	return append(b, bytes.Repeat([]byte{' '}, tip.Buckets[0]-len(b))...)
}

// message seals what the office writes to both sides of the mailbox.
func (s *tipStory) message(words string) ([]byte, error) {
	return sealed(padded(map[string]any{"v": 1, "words": words}), s.case_.Recipient(), s.mailbox.Recipient())
}

func (c *life) actOn(who context.Context, s *tipStory, m tip.Move) error {
	m.Version = s.tip.Version
	t, err := c.Tips.Act(who, s.tip.ID, m)
	if err == nil {
		s.tip = t
	}
	return err
}

func takeUp(c *life, s *tipStory) error {
	return c.actOn(c.staff["anban"], s, tip.Move{Action: tip.Accept})
}

func assignTip(c *life, s *tipStory) error {
	return c.actOn(c.staff["juzhang"], s, tip.Move{Action: tip.Assign, Person: actorID(c.staff["zhifa"])})
}

func refuseTip(c *life, s *tipStory) error {
	said, err := s.message("您反映的情况不属于安全生产举报范围，请向社区居委会或公安机关反映。")
	if err != nil {
		return err
	}
	return c.actOn(c.staff["juzhang"], s, tip.Move{Action: tip.Refuse, Reason: "not_safety", Sealed: said})
}

func tipToHazard(c *life, s *tipStory) error {
	t, err := c.Tips.MakeHazard(c.staff["zhifa"], s.tip.ID, tip.Task{Version: s.tip.Version, Words: "检查发现现场管理不到位，请按要求整改。",
		Unit: c.firms[s.firm].ID, Class: "management"})
	if err == nil {
		s.tip = t
	}
	return err
}

func answerTip(c *life, s *tipStory) error {
	said, err := s.message("核查结论：属实。简要情况：现场检查确认您反映的问题。处理决定：已责令限期整改并立案。奖励：符合奖励条件，请留意通知。")
	if err != nil {
		return err
	}
	return c.actOn(c.staff["zhifa"], s, tip.Move{Action: tip.Answer, Conclusion: "verified", Contents: tip.Contents, Rewardable: true, Sealed: said})
}
