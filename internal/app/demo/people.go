// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"fmt"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/place"
	"anlan/internal/org"
)

// account is somebody who can sign in to the demo.
type account struct{ login, name, role, about string }

// accounts are printed at the start, in this order.
var accounts = []account{
	{"anban", "林安", "office_clerk", "县安委办经办人 clerk of the county safety office"},
	{"juzhang", "陈守正", "office_leader", "县安委办负责人 leader of the office"},
	{"zhifa", "周执", "enforcement_officer", "县执法人员 enforcement officer"},
	{"anping", "何平", "town_clerk", "安平镇应急办 clerk of a town"},
	{"zhujian", "郑住建", "department_clerk", "县住建局 clerk of the housing department"},
	{"hengyuan", "吴恒", "unit_head", "示范恒源化工 主要负责人 head of an enterprise"},
	{"hengyuan-aq", "孙安全", "unit_safety", "示范恒源化工 安全管理员 its safety manager"},
	{"gongren", "刘工", "worker", "示范恒源化工 职工 a worker there"},
	{"xitong", "许系统", "system_admin", "系统管理员 system administrator"},
	{"anquan", "秦安全", "security_admin", "安全管理员 security administrator"},
	{"shenji", "沈审计", "audit_admin", "审计管理员 audit administrator"},
}

func accountOf(login string) account {
	for _, a := range accounts {
		if a.login == login {
			return a
		}
	}
	panic("demo: no account " + login)
}

func (c *life) unit(name string, kind org.UnitKind, at place.Path, parent string, lines ...string) (*org.Unit, error) {
	u := &org.Unit{Name: name, Kind: kind, Place: at, ParentID: parent, Lines: lines}
	if err := c.Org.AddUnit(c.operator, u); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return u, nil
}

// hire adds a person with a role to u and returns a context in which they act.
func (c *life) hire(u *org.Unit, name, title, role, manager string, grant org.Grant) (context.Context, string, error) {
	c.hired++
	p := &org.Person{Name: name, Phone: fmt.Sprintf("1390000%04d", c.hired)}
	m := org.Membership{UnitID: u.ID, Title: title, ManagerID: manager, Main: true, Head: role == "unit_head" || role == "office_leader"}
	if err := c.Org.AddPerson(c.operator, p, m); err != nil {
		return nil, "", fmt.Errorf("%s of %s: %w", name, u.Name, err)
	}
	grant.PersonID, grant.UnitID, grant.Role = p.ID, u.ID, role
	if err := c.Org.GrantRole(c.operator, &grant); err != nil {
		return nil, "", fmt.Errorf("role of %s: %w", name, err)
	}
	by, err := c.Org.ActorOf(c.operator, p.ID, u.ID)
	if err != nil {
		return nil, "", err
	}
	by.Channel = "web"
	return actor.With(context.WithoutCancel(c.operator), by), p.ID, nil
}

// staffed hires the holder of a demo account.
func (c *life) staffed(u *org.Unit, login, title, manager string, grant org.Grant) (string, error) {
	a := accountOf(login)
	ctx, id, err := c.hire(u, a.name, title, a.role, manager, grant)
	c.staff[login] = ctx
	return id, err
}

// foundOffices founds the county's office, its departments and an office in each town.
func (c *life) foundOffices() error {
	var err error
	if c.office, err = c.unit("示范县安全生产委员会办公室", org.UnitOffice, c.place, ""); err != nil {
		return err
	}
	leader, err := c.staffed(c.office, "juzhang", "主任", "", org.Grant{})
	if err != nil {
		return err
	}
	for _, m := range []struct{ login, title string }{{"anban", "科员"}, {"zhifa", "执法人员"}, {"xitong", "系统管理员"},
		{"anquan", "安全管理员"}, {"shenji", "审计管理员"}} {
		if _, err := c.staffed(c.office, m.login, m.title, leader, org.Grant{}); err != nil {
			return err
		}
	}
	for _, d := range departments {
		u, err := c.unit(d.name, org.UnitDepartment, c.place, "")
		if err != nil {
			return err
		}
		c.lines[d.line] = u
		grant := org.Grant{Line: d.line, Place: c.place}
		if d.login == "zhujian" {
			_, err = c.staffed(u, d.login, "科员", "", grant)
		} else {
			_, _, err = c.hire(u, d.clerk, "科员", "department_clerk", "", grant)
		}
		if err != nil {
			return err
		}
	}
	return c.foundTownOffices()
}

func (c *life) foundTownOffices() error {
	for i, p := range c.townPaths {
		name := zone.name + "管委会安全监管局"
		if i < len(towns) {
			name = towns[i].name + "应急管理办公室"
		}
		u, err := c.unit(name, org.UnitOffice, p, "")
		if err != nil {
			return err
		}
		c.towns[p] = u
		if i == 0 {
			_, err = c.staffed(u, "anping", "应急办主任", "", org.Grant{})
		} else {
			var ctx context.Context
			ctx, _, err = c.hire(u, c.name(), "应急办主任", "town_clerk", "", org.Grant{})
			c.staff[string(p)] = ctx
		}
		if err != nil {
			return err
		}
	}
	c.staff[string(c.townPaths[0])] = c.staff["anping"]
	return nil
}

func (c *life) name() string {
	return surnames[c.rnd.IntN(len(surnames))] + given[c.rnd.IntN(len(given))]
}

// foundFirms spreads the enterprises over the towns; factories tend to the zone.
func (c *life) foundFirms() error {
	for i, e := range enterprises {
		at := c.townPaths[(i*5+2)%len(c.townPaths)]
		if i == 0 {
			at = c.townPaths[0]
		}
		u := &org.Unit{Name: e.name, Kind: kindOf(e), Place: at, Industry: e.industry, Lines: []string{e.line},
			USCC: demoUSCC(i), Address: fmt.Sprintf("示范路%d号", 8+i*3)}
		if err := c.Org.AddUnit(c.operator, u); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		f := &firm{Unit: u}
		if err := c.foundCrew(f, i == 0); err != nil {
			return err
		}
		c.firms = append(c.firms, f)
	}
	return nil
}

func kindOf(e enterprise) org.UnitKind {
	if e.line == "school" {
		return org.UnitSchool
	}
	return org.UnitEnterprise
}

// foundCrew hires a head, a safety manager, a team leader and a worker.
func (c *life) foundCrew(f *firm, withAccounts bool) error {
	manager := ""
	crew := []struct {
		login, title, role string
		ctx                *context.Context
	}{
		{"hengyuan", "主要负责人", "unit_head", &f.head}, {"hengyuan-aq", "安全管理员", "unit_safety", &f.safety},
		{"", "班组长", "unit_team_leader", &f.leader}, {"gongren", "操作工", "worker", &f.worker},
	}
	for _, m := range crew {
		name := c.name()
		if withAccounts && m.login != "" {
			name = accountOf(m.login).name
		}
		ctx, id, err := c.hire(f.Unit, name, m.title, m.role, manager, org.Grant{})
		if err != nil {
			return err
		}
		*m.ctx, manager = ctx, id
		if withAccounts && m.login != "" {
			c.staff[m.login] = ctx
		}
	}
	return nil
}

// demoUSCC returns a well-formed credit code of an invented firm.
func demoUSCC(n int) string {
	const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	for _, inner := range signs {
		for _, check := range signs {
			code := fmt.Sprintf("91990101MADEM%03d%c%c", n, inner, check)
			if org.ValidUSCC(code) && !org.DoubtUSCC(code) {
				return code
			}
		}
	}
	return ""
}

// openAccounts lets the people of the demo sign in with the demo's password.
func (c *life) openAccounts() error {
	for _, a := range accounts {
		if err := c.Auth.CreateDemoAccount(c.operator, actorID(c.staff[a.login]), a.login, Password); err != nil {
			return fmt.Errorf("account %s: %w", a.login, err)
		}
	}
	return nil
}
