// SPDX-License-Identifier: Apache-2.0

package org

import (
	"strings"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
)

const (
	maxPersonName  = 30
	maxTitle       = 40
	maxMemberships = 20
	maxReason      = 200
)

// Person is somebody who acts or is named. The phone number is sealed: only its
// masked form is at hand.
type Person struct {
	ID          string
	Name        string
	Phone       string // masked, "138****1234"; in a Draft as typed
	Created     time.Time
	Version     int
	Memberships []Membership // filled in by reads of single persons
}

// Membership is the place of a person in a unit.
type Membership struct {
	ID          string
	PersonID    string
	UnitID      string
	UnitName    string // filled in by reads
	Title       string
	ManagerID   string // person who directs them in this unit, or ""
	ManagerName string // filled in by reads
	Head        bool   // leads the unit (主要负责人)
	Main        bool   // the one in whose name they act unless they say otherwise
	From, To    clock.Day
}

// On reports whether m holds on day.
func (m *Membership) On(day clock.Day) bool {
	return m.From <= day && (m.To == "" || day <= m.To)
}

// Check refuses what no membership can be.
func (m *Membership) Check() error {
	var bad []errs.Field
	if len([]rune(m.Title)) > maxTitle {
		bad = append(bad, errs.At("title", "org.bad_title", "max", maxTitle))
	}
	if m.ManagerID != "" && m.ManagerID == m.PersonID {
		bad = append(bad, errs.At("manager_id", "org.own_manager"))
	}
	if !m.From.Valid() {
		bad = append(bad, errs.At("from", "org.bad_day"))
	}
	if m.To != "" && (!m.To.Valid() || m.To < m.From) {
		bad = append(bad, errs.At("to", "org.bad_day"))
	}
	return errs.InvalidFields(bad...)
}

// CheckPersonName refuses a name that is empty or too long.
func CheckPersonName(name string) error {
	if n := len([]rune(name)); n < 1 || n > maxPersonName {
		return errs.InvalidFields(errs.At("name", "org.bad_person_name", "max", maxPersonName))
	}
	return nil
}

// normalisePhone returns the 11 digits of a mainland mobile number as people type
// it: with spaces, hyphens, full-width digits or +86.
func normalisePhone(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()", r) {
			return -1
		}
		return r
	}, HalfWidth(strings.TrimSpace(s)))
	return strings.TrimPrefix(strings.TrimPrefix(s, "+"), "86")
}

// validPhone reports whether a normalised number is a mainland mobile number. Others
// are not kept: an office's line belongs to nobody in particular.
func validPhone(s string) bool {
	return len(s) == 11 && s[0] == '1' && s[1] >= '3' && strings.Trim(s, digits) == ""
}

// maskPhone hides the middle of a valid number.
func maskPhone(s string) string { return s[:3] + "****" + s[7:] }

func phoneContext(personID string) string { return "org_person.phone:" + personID }
