// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"strings"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

const (
	setupLen = 12      // characters of the code: 58 bits
	setupKey = "setup" // under which wrong codes are counted
)

// Founder is one of the three administrators of a fresh installation.
type Founder struct{ Login, Name, Password string }

// Founding is what a fresh installation is told about itself.
type Founding struct {
	Code                    string
	RegionCode              string
	OfficeName              string
	System, Security, Audit Founder
	From                    Origin
}

// founders pairs each founder with role and input, in the order of creation.
func (f Founding) founders() []struct {
	Founder
	at, role string
} {
	return []struct {
		Founder
		at, role string
	}{
		{f.System, "body.system", "system_admin"},
		{f.Security, "body.security", "security_admin"},
		{f.Audit, "body.audit", "audit_admin"},
	}
}

// SetupNeeded reports whether nobody has an account yet.
func (s *Service) SetupNeeded(ctx context.Context) (bool, error) {
	if s.installed.Load() {
		return false, nil
	}
	any, err := anyAccount(ctx, s.db.Read())
	if any {
		s.installed.Store(true)
	}
	return !any, err
}

// SetupCode returns a fresh code for Setup, which makes older ones worthless, or ""
// when an account exists. Show it to whoever started the program, and nowhere else.
func (s *Service) SetupCode(ctx context.Context) (string, error) {
	needed, err := s.SetupNeeded(ctx)
	if err != nil || !needed {
		return "", err
	}
	code := spoken(setupLen)
	return code, s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return saveSetup(ctx, tx, s.setupHash(code))
	})
}

func (s *Service) setupHash(code string) string {
	return s.box.Fingerprint("auth.setup:" + typed(code))
}

// Setup founds an office and three administrators, who are three people, in one
// transaction; the code is used up. It is NotFound when an account exists.
func (s *Service) Setup(ctx context.Context, f Founding) error {
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return err
	}
	if !needed {
		return errs.New(errs.NotFound, "auth.already_set_up")
	}
	g := setupGuess(f.From)
	return s.try(ctx, g, func() error {
		if err := s.matchSetup(ctx, f.Code); err != nil {
			return err
		}
		return s.found(ctx, f, g)
	})
}

// CheckSetupCode says whether Setup would take a code, and uses nothing up. Wrong codes
// count as those of Setup do.
func (s *Service) CheckSetupCode(ctx context.Context, code string, from Origin) error {
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return err
	}
	if !needed {
		return errs.New(errs.NotFound, "auth.already_set_up")
	}
	g := setupGuess(from)
	return s.try(ctx, g, func() error {
		if err := s.matchSetup(ctx, code); err != nil {
			return err
		}
		return s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return deleteFailures(ctx, tx, g.key()) })
	})
}

func setupGuess(from Origin) guess { return guess{login: setupKey, from: from} }

// matchSetup refuses a code that is not the one on the terminal.
func (s *Service) matchSetup(ctx context.Context, code string) error {
	hash, err := setupHash(ctx, s.db.Read())
	if err != nil && !db.IsNoRows(err) {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(hash), []byte(s.setupHash(code))) != 1 {
		return errs.New(errs.Denied, "auth.bad_setup_code")
	}
	return nil
}

func (s *Service) found(ctx context.Context, f Founding, g guess) error {
	if err := f.check(); err != nil {
		return err
	}
	region, err := s.org.RegionByCode(ctx, f.RegionCode)
	if errs.KindOf(err) == errs.NotFound {
		return refuse("body.region_code", "auth.no_such_region")
	}
	if err != nil {
		return err
	}
	var accs []Account
	for _, who := range f.founders() {
		hash, err := s.hasher.hash(ctx, who.Password)
		if err != nil {
			return err
		}
		accs = append(accs, Account{Login: foldLogin(who.Login), Hash: hash, Place: region.Path, Created: s.now(), Version: 1})
	}
	ctx = actor.With(ctx, org.Operator())
	err = s.db.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return s.foundTx(ctx, tx, f, region.Path, accs, g) })
	if err == nil {
		s.installed.Store(true)
	}
	return err
}

// foundTx writes everything, unless somebody else was faster with the same code.
func (s *Service) foundTx(ctx context.Context, tx db.Tx, f Founding, at place.Path, accs []Account, g guess) error {
	mine, err := useSetup(ctx, tx, s.setupHash(f.Code))
	if err != nil {
		return err
	}
	if !mine {
		return errs.New(errs.NotFound, "auth.already_set_up")
	}
	office := &org.Unit{Name: strings.TrimSpace(f.OfficeName), Kind: org.UnitOffice, Place: at}
	if err := s.org.AddUnitTx(ctx, tx, office); err != nil {
		return under(err, "body.office_")
	}
	for i, who := range f.founders() {
		if err := s.founderTx(ctx, tx, who.Name, who.role, office, accs[i]); err != nil {
			return under(err, who.at+".")
		}
	}
	e := kindInstalled.Entry(installed{Accounts: len(accs)})
	return errors.Join(s.recordTx(ctx, tx, e, actorAt(office, "")), deleteFailures(ctx, tx, g.key()))
}

// founderTx adds one administrator: person, role, account.
func (s *Service) founderTx(ctx context.Context, tx db.Tx, name, role string, office *org.Unit, acc Account) error {
	p := &org.Person{Name: name}
	if err := s.org.AddPersonTx(ctx, tx, p, org.Membership{UnitID: office.ID}); err != nil {
		return err
	}
	if err := s.org.GrantRoleTx(ctx, tx, &org.Grant{PersonID: p.ID, UnitID: office.ID, Role: role}); err != nil {
		return err
	}
	acc.Person, acc.UnitPath = p.ID, office.GroupPath
	return s.createTx(ctx, tx, acc, actorAt(office, p.ID), accountCreated{By: "setup"})
}

func actorAt(u *org.Unit, personID string) actor.Actor {
	return actor.Actor{ID: personID, Home: u.Place, Unit: u.ID, UnitPath: u.GroupPath}
}

// under says where in the input of this package the refused fields of org lie.
func under(err error, prefix string) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	moved := slices.Clone(e.Fields)
	for i := range moved {
		moved[i].At = prefix + moved[i].At
	}
	return errs.InvalidFields(moved...)
}

// check refuses weak passwords, and a login or password that two founders share.
func (f Founding) check() error {
	logins, passwords := map[string]bool{}, map[string]bool{}
	for _, who := range f.founders() {
		login := foldLogin(who.Login)
		if err := checkLogin(who.at+".login", login); err != nil {
			return err
		}
		if err := checkPassword(who.at+".password", who.Password, login); err != nil {
			return err
		}
		if logins[login] {
			return refuse(who.at+".login", "auth.login_shared")
		}
		if passwords[normal(who.Password)] {
			return refuse(who.at+".password", "auth.password_shared")
		}
		logins[login], passwords[normal(who.Password)] = true, true
	}
	return nil
}
