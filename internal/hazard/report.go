// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/evidence"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/rules/taxonomy"
)

const (
	minReport   = 4 // characters
	maxSpot     = 100
	maxContact  = 40
	maxEvidence = 10 // 9 photos and a video; evidence checks which is which
	countyDepth = 3  // of a place.Path
	townDepth   = 4

	// A phone's clock may be wrong by years. Then the server's time is kept and the doubt is
	// noted; nobody is turned away for it.
	maxAhead  = 10 * time.Minute
	maxBehind = 365 * 24 * time.Hour
)

// Report is what somebody saw.
type Report struct {
	Words    string
	Place    place.Path // county or lower; may be left out with a unit
	Spot     string
	UnitCode string // from a unit's QR code
	Unit     string // id, by people who have signed in
	Class    string
	Danger   bool // somebody is in danger now
	Evidence []evidence.Ref
	Position *Position
	Contact  *Contact
	Found    time.Time // zero: now
	Source   string    // by people who have signed in; "" for the usual one
	ToOffice bool      // by a unit's own people: to the office, not to their unit
	Key      string    // idempotency key, or ""
}

// Position is where a phone was. It is sealed; what is kept in the open is the place.
type Position struct {
	Lat      float64 `json:"lat"`
	Lng      float64 `json:"lng"`
	Accuracy float64 `json:"accuracy"` // metres
}

// Contact is how the reporter can be reached. It is sealed.
type Contact struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// Receipt is what a reporter gets. A repeat of a report gets the first one's.
type Receipt struct {
	ID        string
	No        string
	Code      string // query code; cannot be shown again
	Status    Status
	PlaceName string
}

// placeInfo is what the intake needs to know of a place.
type placeInfo struct {
	name    string
	handler string // id of the office that answers for it, or ""
}

// Report takes a report in and returns when it is durable. The public may report; people who
// have signed in need PermReport.
func (s *Service) Report(ctx context.Context, r Report) (*Receipt, error) {
	a, err := s.arrival(ctx, &r)
	if err != nil {
		return nil, err
	}
	if err := s.take(ctx, a); err != nil {
		return nil, err
	}
	return a.receipt(), nil
}

// Draft is a report that was checked, on its way into somebody's transaction.
type Draft struct{ a *arrival }

// Draft checks a report as Report does and stores nothing. It must carry no evidence.
func (s *Service) Draft(ctx context.Context, r Report) (Draft, error) {
	if len(r.Evidence) > 0 {
		return Draft{}, errs.InvalidFields(errs.At("body.evidence", "hazard.no_evidence_here"))
	}
	a, err := s.arrival(ctx, &r)
	return Draft{a}, err
}

// ReportTx takes a drafted report in, in the caller's transaction. A repeat under the same
// key gets the first receipt.
func (s *Service) ReportTx(ctx context.Context, tx db.Tx, d Draft) (*Receipt, error) {
	if err := s.insertArrivals(ctx, tx, []*arrival{d.a}); err != nil {
		return nil, err
	}
	return d.a.receipt(), nil
}

// arrival checks a report and makes of it what is stored, without touching the database
// but for places and units that were not asked for lately.
func (s *Service) arrival(ctx context.Context, r *Report) (*arrival, error) {
	by, now := actor.From(ctx), s.Now()
	if !by.Public() && len(by.Scopes(PermReport)) == 0 {
		return nil, errs.New(errs.Denied, "auth.denied", "perm", PermReport)
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	u, err := s.unitOf(ctx, r)
	if err != nil {
		return nil, err
	}
	at, info, err := s.placeOf(ctx, r, u)
	if err != nil {
		return nil, err
	}
	h := &Hazard{ID: s.IDs.New(), Place: at, County: at.At(countyDepth), Town: at.At(townDepth), Class: r.Class, Words: r.Words,
		Spot: r.Spot, Danger: r.Danger, Photos: len(r.Evidence), Created: now, Status: Reported, Version: 1,
		Reporter: by.ID, FromUnit: by.Unit, Channel: cmp.Or(by.Channel, "h5"), Handler: info.handler}
	h.Found, h.Doubt = foundAt(r.Found, now)
	if u != nil {
		h.Unit, h.UnitPath, h.Lines = u.ID, u.GroupPath, lineText(u.Lines)
	}
	h.route(r, by)
	if c, err := s.Campaign.Current(ctx, at, clock.DayOf(now)); err != nil {
		return nil, err
	} else if c != nil {
		h.Campaign = c.ID
	}
	if err := s.wind(ctx, h, now); err != nil {
		return nil, err
	}
	a := &arrival{h: h, by: by, refs: r.Evidence, placeName: info.name, code: s.queryCode(by, r.Key)}
	h.CodeHash = hashCode(a.code)
	a.entry = reported(h)
	return a, a.sealIn(s.Box, r)
}

// check refuses a report that is wrong in itself.
func (r *Report) check() error {
	r.Words, r.Spot = strings.TrimSpace(r.Words), strings.TrimSpace(r.Spot)
	var bad checks
	bad.add(!within(r.Words, minReport, maxWords), "words", "hazard.bad_words", "min", minReport, "max", maxWords)
	bad.add(utf8.RuneCountInString(r.Spot) > maxSpot, "spot", "field.too_long")
	bad.add(!taxonomy.Has(taxonomy.Worker, r.Class), "class", "hazard.needs_class")
	bad.add(len(r.Evidence) > maxEvidence, "evidence", "hazard.too_much_evidence", "max", maxEvidence-1)
	bad.add(r.Source != "" && !slices.Contains(Sources, r.Source), "source", "field.not_a_choice")
	bad.add(r.Place == "" && r.UnitCode == "" && r.Unit == "", "place", "hazard.needs_place")
	if c := r.Contact; c != nil {
		c.Name, c.Phone = strings.TrimSpace(c.Name), strings.TrimSpace(c.Phone)
		bad.add(utf8.RuneCountInString(c.Name) > maxContact, "contact.name", "field.too_long")
		bad.add(!phoneLike(c.Phone), "contact.phone", "hazard.bad_phone")
	}
	if p := r.Position; p != nil {
		bad.add(!(p.Lat >= -90 && p.Lat <= 90 && p.Lng >= -180 && p.Lng <= 180), "position", "hazard.bad_position")
	}
	return bad.err()
}

// phoneLike accepts mobile and fixed numbers as people write them, or none.
func phoneLike(s string) bool {
	return s == "" || len(s) >= 7 && len(s) <= 20 && strings.Trim(s, "0123456789 +-()") == ""
}

// foundAt returns when the hazard was found, and whether the given time could not be believed.
func foundAt(given, now time.Time) (time.Time, bool) {
	switch {
	case given.IsZero():
		return now, false
	case given.After(now.Add(maxAhead)) || given.Before(now.Add(-maxBehind)):
		return now, true
	case given.After(now):
		return now, false
	}
	return clock.Cut(given), false
}

// unitOf returns the unit that the report names, or nil.
func (s *Service) unitOf(ctx context.Context, r *Report) (*org.Unit, error) {
	var u *org.Unit
	var err error
	switch {
	case r.UnitCode != "":
		u, err = s.units.Of(ctx, strings.ToUpper(r.UnitCode), s.Org.UnitByCode)
	case r.Unit != "":
		u, err = s.Org.Unit(ctx, r.Unit)
	default:
		return nil, nil
	}
	if errs.KindOf(err) == errs.NotFound || err == nil && !u.Live() {
		return nil, errs.InvalidFields(errs.At("body.unit_code", "hazard.no_unit"))
	}
	return u, err
}

// placeOf returns where the hazard is: where the reporter says, if that lies within the
// unit's place, else where the unit is.
func (s *Service) placeOf(ctx context.Context, r *Report, u *org.Unit) (place.Path, placeInfo, error) {
	at := r.Place
	if u != nil && u.Place.Depth() >= countyDepth && !u.Place.Contains(at) {
		at = u.Place
	}
	if !at.Valid() || at.Depth() < countyDepth {
		return "", placeInfo{}, errs.InvalidFields(errs.At("body.place", "hazard.needs_place"))
	}
	info, err := s.places.Of(ctx, at, s.lookAt)
	if errs.KindOf(err) == errs.NotFound {
		return "", placeInfo{}, errs.InvalidFields(errs.At("body.place", "hazard.no_place"))
	}
	return at, info, err
}

func (s *Service) lookAt(ctx context.Context, p place.Path) (placeInfo, error) {
	if _, err := s.Org.RegionAt(ctx, p); err != nil {
		return placeInfo{}, err
	}
	name, err := s.Org.PlaceName(ctx, p)
	if err != nil {
		return placeInfo{}, err
	}
	office, err := s.Org.OfficeFor(ctx, p)
	if errs.KindOf(err) == errs.NotFound { // no office was set up yet: it waits in the lists of those above
		return placeInfo{name: name}, nil
	}
	if err != nil {
		return placeInfo{}, err
	}
	return placeInfo{name: name, handler: office.ID}, nil
}

// route decides whose the report is. What people report of their own unit stays in it,
// unless they turn to the office (安全生产法 Art. 46); what an office's people report is
// handled by them.
func (h *Hazard) route(r *Report, by actor.Actor) {
	own := h.Unit != "" && holdsInGroup(by, PermReport, h.Object())
	desk := reaches(by, PermTriage, h.Object())
	usual := "public"
	switch {
	case own && !r.ToOffice:
		usual, h.Internal, h.Handler = "self", true, h.Unit
	case own:
		usual = "internal"
	case desk:
		usual = "inspection"
		if by.Unit != "" {
			h.Handler = by.Unit
		}
	}
	h.Source = usual
	if r.Source != "" && (desk || own && r.Source != "inspection") {
		h.Source = r.Source
	}
	if r.UnitCode != "" && by.Public() {
		h.Channel = "qr"
	}
}

// what of a sealed value.
const (
	sealedContact  = "contact"
	sealedPosition = "position"
)

func sealContext(what, hazardID string) string { return "hazard_sealed." + what + ":" + hazardID }

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil { // flat structs of ours; a position was checked to be finite
		panic(err)
	}
	return b
}
