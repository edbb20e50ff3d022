// SPDX-License-Identifier: Apache-2.0

package org

import (
	"slices"
	"strings"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// UnitKind is what sort of body a unit is.
type UnitKind string

const (
	UnitOffice      UnitKind = "office"       // 安委办、应急管理部门: the safety office of its place
	UnitDepartment  UnitKind = "department"   // 成员单位
	UnitEnterprise  UnitKind = "enterprise"   // 企业
	UnitVillage     UnitKind = "village"      // 村
	UnitCommunity   UnitKind = "community"    // 社区
	UnitSchool      UnitKind = "school"       // 学校
	UnitFamilyGroup UnitKind = "family_group" // 家庭联户
	UnitOther       UnitKind = "other"
)

// UnitKinds lists every kind.
var UnitKinds = []UnitKind{UnitOffice, UnitDepartment, UnitEnterprise, UnitVillage, UnitCommunity, UnitSchool, UnitFamilyGroup, UnitOther}

// Lines lists the supervisory tags (监管行业). A unit may carry several; together
// with a place they are the trunk of the industry departments.
var Lines = []string{"coal", "mine", "hazchem", "firework", "industry_trade", "construction", "transport", "gas",
	"fire_key", "special_equipment", "civil_explosive", "farm_machinery", "fishery", "school", "hospital", "eldercare",
	"culture_tourism", "other"}

// MaxGroup is how many levels the group trunk may have.
const MaxGroup = 8

const (
	maxUnitName  = 100
	maxAddress   = 200
	unitCodeSize = 8
)

// Unit is a body that takes part: an office, a department, an enterprise, a village …
type Unit struct {
	ID        string
	Code      string // short code on its QR code
	Name      string
	Kind      UnitKind
	USCC      string   // unified social credit code, or ""
	Industry  string   // GB/T 4754 section and division, "C26", or ""
	Lines     []string // supervisory tags
	Place     place.Path
	PlaceName string // filled in by reads of single units and lists
	Address   string
	ParentID  string    // the unit above in the group trunk, or ""
	GroupPath string    // "id/id/", ends in its own id
	Opened    clock.Day // "" unknown
	Closed    clock.Day // day on which it was closed, or ""
	Created   time.Time
	Version   int
}

// Live reports whether u has not been closed.
func (u *Unit) Live() bool { return u.Closed == "" }

// Object returns what permissions over u are asked about.
func (u *Unit) Object() actor.Object {
	return actor.Object{Place: u.Place, Lines: u.Lines, UnitPath: u.GroupPath}
}

// Normalise brings what people type into the form that is kept.
func (u *Unit) Normalise() {
	u.Name, u.Address = strings.TrimSpace(u.Name), strings.TrimSpace(u.Address)
	u.USCC = NormaliseUSCC(u.USCC)
	u.Industry = normaliseIndustry(u.Industry)
	slices.Sort(u.Lines)
	u.Lines = slices.Compact(u.Lines)
}

// Check refuses what no unit can be. It expects a normalised unit.
func (u *Unit) Check() error {
	var bad []errs.Field
	if n := len([]rune(u.Name)); n < 2 || n > maxUnitName {
		bad = append(bad, errs.At("name", "org.bad_name", "max", maxUnitName))
	}
	if !slices.Contains(UnitKinds, u.Kind) {
		bad = append(bad, errs.At("kind", "org.bad_kind"))
	}
	if u.USCC != "" && !ValidUSCC(u.USCC) {
		bad = append(bad, errs.At("uscc", "org.bad_uscc"))
	}
	if u.Industry != "" && !validIndustry(u.Industry) {
		bad = append(bad, errs.At("industry", "org.bad_industry"))
	}
	if len([]rune(u.Address)) > maxAddress {
		bad = append(bad, errs.At("address", "org.bad_address", "max", maxAddress))
	}
	for _, l := range u.Lines {
		if !slices.Contains(Lines, l) {
			bad = append(bad, errs.At("lines", "org.bad_line", "line", l))
		}
	}
	if u.Opened != "" && !u.Opened.Valid() {
		bad = append(bad, errs.At("opened", "org.bad_day"))
	}
	return errs.InvalidFields(bad...)
}

// GroupDepth returns how many levels a group path has.
func GroupDepth(path string) int { return strings.Count(path, "/") }

// Ancestors returns the ids on a group path, the top first, itself last.
func Ancestors(path string) []string { return strings.Split(strings.TrimSuffix(path, "/"), "/") }
