// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/httpapi"
)

const (
	maxTipBody  = 256 << 10
	fileTimeout = 5 * time.Minute // for 20 MB at half a megabit per second
	drainBytes  = 24 << 20
	maxWords    = 8000
)

// mountPublic adds what anybody may call. Nothing of it reads who is signed in.
func mountPublic(api huma.API, s *Service) {
	httpapi.HandlePublic(api, op("tip-channel", http.MethodGet, "/public/tips/channel", "Whom a tip goes to, and the key to seal it to"), s.httpChannel)
	httpapi.HandlePublic(api, op("tip-recipients", http.MethodGet, "/public/tips/recipients", "Every key in use, as two people signed it"), s.httpRecipients)
	httpapi.HandlePublic(api, op("tip-work", http.MethodGet, "/public/tips/work", "Work that a phone does before it sends (altcha)"), s.httpWork)
	httpapi.HandlePublic(api, op("tip-permit", http.MethodPost, "/public/tips/permits", "The permit that the work is worth"), s.httpPermit)
	file := op("tip-file", http.MethodPut, "/public/tips/files/{name}", "Send a sealed file before its tip")
	file.DefaultStatus = http.StatusNoContent
	file.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	httpapi.HandlePublic(api, file, s.httpFile)
	submit := op("tip-submit", http.MethodPost, "/public/tips", "Hand a sealed tip in")
	submit.DefaultStatus, submit.MaxBodyBytes = http.StatusCreated, maxTipBody
	httpapi.HandlePublic(api, submit, s.httpSubmit)
	httpapi.HandlePublic(api, op("tip-follow", http.MethodPost, "/public/tips/follow", "What became of a tip, sealed to its query code"), s.httpFollow)
	send := op("tip-send", http.MethodPost, "/public/tips/messages", "Write to the office under a query code")
	send.DefaultStatus, send.MaxBodyBytes = http.StatusAccepted, maxTipBody
	httpapi.HandlePublic(api, send, s.httpSend)
}

// nobodyIn is ctx for what the public does: whoever may be signed in stays out of it.
func nobodyIn(ctx context.Context) context.Context {
	return actor.With(ctx, actor.Actor{Channel: "h5", Request: actor.From(ctx).Request})
}

// Language is the header that chooses between the two languages of a title.
type Language struct {
	Accept string `header:"Accept-Language" maxLength:"200"`
}

func (l Language) pick(zh, en string) string {
	if strings.HasPrefix(strings.ToLower(l.Accept), "en") {
		return en
	}
	return zh
}

type channelIn struct {
	Language
	Place    place.Path `query:"place" required:"true" maxLength:"200" doc:"Where it happens"`
	UnitCode string     `query:"unit_code" maxLength:"32" doc:"Of the unit that it is about, from its QR code"`
}

type channelOut struct {
	Body struct {
		Channel  tipChannel `json:"channel"`
		Rerouted bool       `json:"rerouted" doc:"A nearer office might be a party and was passed over"`
		Phones   []tipPhone `json:"phones" nullable:"false"`
		Limits   tipLimits  `json:"limits"`
		Rules    []tipTerm  `json:"rules" nullable:"false"`
	}
}

type tipChannel struct {
	ID         string `json:"id"`
	OfficeName string `json:"office_name"`
	Statement  string `json:"statement" doc:"The key, signed by two of its holders"`
	Signers    string `json:"signers" doc:"Whose signatures count, signed by the directory key"`
	Hybrid     bool   `json:"hybrid" doc:"Seal to keys that withstand quantum computers"`
}

type tipPhone struct {
	Name   string `json:"name"`
	Number string `json:"number"`
}

type tipLimits struct {
	Words     int `json:"words"`
	Files     int `json:"files"`
	FileBytes int `json:"file_bytes"`
}

type tipTerm struct {
	Key    string `json:"key"`
	Title  string `json:"title"`
	N      int    `json:"n"`
	Kind   string `json:"kind" doc:"working or calendar days"`
	RuleID string `json:"rule_id"`
	Source string `json:"source" doc:"Law or document that says so"`
}

// hotline is the telephone for work-safety tips.
const hotline = "12350"

// phones take a tip that cannot be sealed.
var phones = []struct{ zh, en, number string }{
	{"安全生产举报投诉热线", "Work-safety tip-offs", hotline}, {"政务服务便民热线", "Government service hotline", "12345"},
	{"火警", "Fire", "119"}, {"火灾隐患举报", "Fire hazards", "96119"},
}

func (s *Service) httpChannel(ctx context.Context, in *channelIn) (*channelOut, error) {
	r, err := s.Route(ctx, in.Place, in.UnitCode)
	if err != nil {
		return nil, err
	}
	_, signers, err := s.Keys.Trust(ctx, s.DB.Read())
	if err != nil {
		return nil, err
	}
	terms, err := s.Terms(ctx, r.Channel.Place)
	if err != nil {
		return nil, err
	}
	out := &channelOut{}
	c := r.Channel
	out.Body.Channel = tipChannel{c.ID, c.OfficeName, c.Statement, signers, c.Hybrid}
	out.Body.Rerouted, out.Body.Rules = r.Rerouted, in.terms(terms)
	out.Body.Limits = tipLimits{maxWords, MaxFiles, MaxFileBytes}
	for _, p := range phones {
		out.Body.Phones = append(out.Body.Phones, tipPhone{in.pick(p.zh, p.en), p.number})
	}
	return out, nil
}

func (l Language) terms(terms []Term) []tipTerm {
	out := make([]tipTerm, len(terms))
	for i, t := range terms {
		out[i] = tipTerm{t.Key, l.pick(t.Zh, t.En), t.N, string(t.Kind), t.RuleID, t.Source}
	}
	return out
}

type recipientsOut struct {
	Body struct {
		Directory  string   `json:"directory" doc:"Public key that vouches for the signers"`
		Signers    string   `json:"signers"`
		Statements []string `json:"statements" nullable:"false"`
	}
}

func (s *Service) httpRecipients(ctx context.Context, _ *struct{}) (*recipientsOut, error) {
	out := &recipientsOut{}
	var err error
	if out.Body.Directory, out.Body.Signers, err = s.Keys.Trust(ctx, s.DB.Read()); err != nil {
		return nil, err
	}
	out.Body.Statements, err = s.Keys.Statements(ctx, s.DB.Read())
	return out, err
}

type workIn struct{ address string }

// Resolve learns where the request comes from, for the price and for nothing else.
func (in *workIn) Resolve(ctx huma.Context) []error {
	in.address, _, _ = net.SplitHostPort(ctx.RemoteAddr())
	return nil
}

type workOut struct {
	Body struct {
		Algorithm string `json:"algorithm"`
		Challenge string `json:"challenge"`
		MaxNumber int64  `json:"maxnumber"`
		Salt      string `json:"salt"`
		Signature string `json:"signature"`
	}
}

func (s *Service) httpWork(_ context.Context, in *workIn) (*workOut, error) {
	c, err := s.Work(in.address)
	out := &workOut{}
	b := &out.Body
	b.Algorithm, b.Challenge, b.MaxNumber, b.Salt, b.Signature = c.Algorithm, c.Challenge, c.MaxNumber, c.Salt, c.Signature
	return out, err
}

type permitIn struct {
	Body struct {
		Work string `json:"work" maxLength:"4096" doc:"The solution, as altcha writes it"`
	}
}

type permitOut struct {
	Body struct {
		Permit string    `json:"permit"`
		Until  time.Time `json:"until"`
	}
}

func (s *Service) httpPermit(_ context.Context, in *permitIn) (*permitOut, error) {
	text, p, err := s.Earn(in.Body.Work)
	out := &permitOut{}
	out.Body.Permit, out.Body.Until = text, p.Until
	return out, err
}

// Permitted is the header of what costs work.
type Permitted struct {
	Permit string `header:"Tip-Permit" maxLength:"200" doc:"From POST /public/tips/permits"`
}

type fileIn struct {
	Permitted
	Name string `path:"name" maxLength:"64" doc:"32 hex digits that the phone makes up"`

	body io.Reader
	size int64
}

// Resolve takes hold of the body, which is not kept in memory.
func (in *fileIn) Resolve(ctx huma.Context) []error {
	ctx.SetReadDeadline(clock.System().Add(fileTimeout)) // the network's time, not the domain's
	in.body = ctx.BodyReader()
	in.size, _ = strconv.ParseInt(ctx.Header("Content-Length"), 10, 64)
	return nil
}

func (s *Service) httpFile(ctx context.Context, in *fileIn) (*struct{}, error) {
	err := s.PutFile(nobodyIn(ctx), in.Permit, in.Name, in.body, in.size)
	if err != nil {
		io.CopyN(io.Discard, in.body, drainBytes) // a sender that is cut off never reads the answer
	}
	return nil, err
}
