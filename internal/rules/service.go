// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"embed"
	"io/fs"
	"slices"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/page"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

type changed struct {
	Key       string `json:"key"`
	Change    string `json:"change"` // "added", "ended"
	Rule      string `json:"rule"`
	ValidFrom string `json:"valid_from"`
	ValidTo   string `json:"valid_to"`
}

var kindChanged = ledger.Define[changed]("rules.changed.v1")

// Kinds returns the kinds of ledger entries that this package writes.
func Kinds() []string {
	return []string{kindChanged.Name(), kindCalendar.Name(), kindStandard.Name(), kindClauses.Name()}
}

// Config is what a Service needs.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    clock.Clock
	IDs    *id.Source
	// Home returns the place that the installation serves. Calendars and standards
	// are shared by all in it, so changing them needs PermEdit there. Nil: the nation.
	Home func(ctx context.Context) (place.Path, error)
}

// Service answers what holds, where and when.
type Service struct {
	db     *db.DB
	ledger *ledger.Ledger
	now    clock.Clock
	ids    *id.Source
	home   func(ctx context.Context) (place.Path, error)
	cache  cache
}

// New returns a Service. Call Seed once the database is migrated.
func New(cfg Config) *Service {
	s := &Service{db: cfg.DB, ledger: cfg.Ledger, now: cfg.Now, ids: cfg.IDs, home: cfg.Home}
	if s.home == nil {
		s.home = func(context.Context) (place.Path, error) { return place.Nation, nil }
	}
	return s
}

// Seed stores the national defaults, calendars and standards that ship with the
// program and are not stored yet. It changes nothing that is there.
func (s *Service) Seed(ctx context.Context) error {
	var rules []Rule
	for _, k := range Keys() {
		for _, d := range k.defaults {
			rules = append(rules, Rule{ID: s.ids.New(), Key: k.Name, Place: place.Nation, ValidFrom: d.from, Value: d.value,
				SourceDoc: d.source, Builtin: true, Created: s.now(), Version: 1})
		}
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := addDefaults(ctx, tx, rules); err != nil {
			return err
		}
		if err := addYears(ctx, tx, builtinYears()); err != nil {
			return err
		}
		return addStandards(ctx, tx, builtinStandards, builtinClauses)
	})
	if err != nil {
		return err
	}
	_, err = s.reload(ctx)
	return err
}

// Resolve returns the rule for key that applies at a place on a day: that of the
// most specific division that contains the place, and among its rules the one
// that began last. It is NotFound when none is valid.
func (s *Service) Resolve(ctx context.Context, key string, at place.Path, on clock.Day) (Value, error) {
	if _, ok := keys[key]; !ok {
		return Value{}, errs.New(errs.Invalid, "rules.unknown_key", "key", key)
	}
	snap, err := s.current(ctx)
	if err != nil {
		return Value{}, err
	}
	r, ok := pick(snap.rules[key], at, on)
	if !ok {
		return Value{}, errs.New(errs.NotFound, "rules.none_valid", "key", key, "day", on)
	}
	return r.resolved(), nil
}

// Source returns the document that a rule rests on, whether the rule still holds or not;
// NotFound for a rule that is not there.
func (s *Service) Source(ctx context.Context, ruleID string) (string, error) {
	snap, err := s.current(ctx)
	if err != nil {
		return "", err
	}
	for _, all := range snap.rules {
		if i := slices.IndexFunc(all, func(r Rule) bool { return r.ID == ruleID }); i >= 0 {
			return all[i].SourceDoc, nil
		}
	}
	return "", errs.New(errs.NotFound, "rules.none_valid", "key", ruleID, "day", clock.DayOf(s.now()))
}

// Deadline returns when the term of a key is over that starts at start, by the
// rule valid at the place on the day of the start. See Calendar.Due for how days
// count; a pause without an end lasts until now.
func (s *Service) Deadline(ctx context.Context, key string, at place.Path, start time.Time, pauses ...Pause) (Deadline, error) {
	v, err := s.Resolve(ctx, key, at, clock.DayOf(start))
	if err != nil {
		return Deadline{}, err
	}
	t, err := v.Term()
	if err != nil {
		return Deadline{}, err
	}
	d, err := s.Due(ctx, t, start, pauses...)
	d.RuleID = v.RuleID
	return d, err
}

// Due is Deadline for a term that is no rule's, such as one that an order sets.
func (s *Service) Due(ctx context.Context, t Term, start time.Time, pauses ...Pause) (Deadline, error) {
	snap, err := s.current(ctx)
	if err != nil {
		return Deadline{}, err
	}
	ended := make([]Pause, len(pauses))
	for i, p := range pauses {
		if ended[i] = p; p.To.IsZero() {
			ended[i].To = s.now()
		}
	}
	return snap.calendar.Due(t, start, ended...)
}

// Calendar returns the working days as they are known now.
func (s *Service) Calendar(ctx context.Context) (*Calendar, error) {
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return snap.calendar, nil
}

// List returns rules that apply in the places where the actor may read rules: made
// there, below, or above.
func (s *Service) List(ctx context.Context, f Filter, cursor string, limit int) (page.Of[Rule], error) {
	by := actor.From(ctx)
	for _, scope := range by.Scopes(PermRead) {
		if p := scope.Place; p != "" {
			f.scopes = append(f.scopes, p)
		} else if by.Home != "" { // a unit's people see what applies to the unit
			f.scopes = append(f.scopes, by.Home)
		}
	}
	if len(f.scopes) == 0 {
		return page.Of[Rule]{}, errs.New(errs.Denied, "auth.denied", "perm", PermRead)
	}
	var after ruleCursor
	if err := page.Decode(cursor, &after); err != nil {
		return page.Of[Rule]{}, err
	}
	rules, err := listRules(ctx, s.db.Read(), f, after, limit+1)
	if err != nil {
		return page.Of[Rule]{}, err
	}
	return page.Cut(rules, limit, func(r Rule) any { return ruleCursor{r.Key, r.ValidFrom, r.ID} }), nil
}

// Add stores a rule of the actor in ctx and returns it. The value must have the
// form of its key. A second rule for the same key, place and first day is a Conflict.
func (s *Service) Add(ctx context.Context, r Rule) (Rule, error) {
	by := actor.From(ctx)
	if err := by.Require(PermEdit, actor.Object{Place: r.Place}); err != nil {
		return Rule{}, err
	}
	if err := r.check(); err != nil {
		return Rule{}, err
	}
	r.ID, r.CreatedBy, r.Created, r.Version, r.Builtin = s.ids.New(), by.ID, s.now(), 1, false
	err := s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := insertRule(ctx, tx, r); err != nil {
			return err
		}
		return s.record(ctx, tx, r, "added")
	})
	return r, err
}

// End sets the last day of a rule; the day before its first takes it back. Later
// decisions follow the rule that then applies, earlier ones stay as they are.
func (s *Service) End(ctx context.Context, id string, last clock.Day, version int) (Rule, error) {
	r, err := getRule(ctx, s.db.Read(), id)
	if err != nil {
		return Rule{}, err
	}
	if err := actor.From(ctx).Require(PermEdit, actor.Object{Place: r.Place}); err != nil {
		return Rule{}, err
	}
	switch {
	case r.Builtin:
		return Rule{}, errs.New(errs.Conflict, "rules.builtin")
	case !last.Valid():
		return Rule{}, errs.InvalidFields(errs.At("body.valid_to", "rules.bad_day"))
	case last < r.ValidFrom.Add(-1):
		return Rule{}, errs.InvalidFields(errs.At("body.valid_to", "rules.ends_before_it_begins"))
	}
	r.ValidTo, r.Version = last, version
	err = s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := endRule(ctx, tx, r); err != nil {
			return err
		}
		return s.record(ctx, tx, r, "ended")
	})
	r.Version++
	return r, err
}

func (s *Service) record(ctx context.Context, tx db.Tx, r Rule, change string) error {
	e := kindChanged.Entry(changed{r.Key, change, r.ID, string(r.ValidFrom), string(r.ValidTo)})
	e.Place, e.Subject = r.Place, "rule:"+r.ID
	return s.ledger.Record(ctx, tx, e)
}

// change runs fn in a transaction that other processes notice, and shows its
// effect to this one at once.
func (s *Service) change(ctx context.Context, fn func(ctx context.Context, tx db.Tx) error) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return nextGeneration(ctx, tx)
	})
	if err != nil {
		return err
	}
	if _, err := s.reload(ctx); err != nil { // the change stands; the next caller tries again
		s.cache.latest.Store(nil)
	}
	return nil
}

// mayEditShared refuses who may not change what the whole installation shares.
func (s *Service) mayEditShared(ctx context.Context) (place.Path, error) {
	home, err := s.home(ctx)
	if err != nil {
		return "", err
	}
	return home, actor.From(ctx).Require(PermEdit, actor.Object{Place: home})
}
