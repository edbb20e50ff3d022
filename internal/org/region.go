// SPDX-License-Identifier: Apache-2.0

package org

import (
	"slices"
	"strconv"
	"strings"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
)

// Level is how far down the division tree a region stands.
type Level string

const (
	LevelNation     Level = "nation"
	LevelProvince   Level = "province"
	LevelPrefecture Level = "prefecture"
	LevelCounty     Level = "county"
	LevelTown       Level = "town"
	LevelVillage    Level = "village"
)

// Levels lists the levels by depth: a path of depth 3 is a county.
var Levels = []Level{LevelNation, LevelProvince, LevelPrefecture, LevelCounty, LevelTown, LevelVillage}

// codeDigits is how many digits a division's code has, by depth (GB/T 2260,
// GB/T 10114 and the statistical code of 12 digits, without trailing zeros).
var codeDigits = [...]int{0, 2, 4, 6, 9, 12}

// RegionKind tells divisions of the state from functional zones.
type RegionKind string

const (
	Division RegionKind = "division" // 行政区划
	Zone     RegionKind = "zone"     // 功能区: reports as if it were a division
)

// Region is one place of the division tree during one period.
type Region struct {
	Code  string // last code of Path
	Path  place.Path
	Name  string
	Level Level
	Kind  RegionKind
	// Pseudo marks a rung that only keeps the depth right (市辖区, 省直辖县级行政区划,
	// or a county that stands for a whole prefecture): full names leave it out.
	Pseudo     bool
	ValidFrom  clock.Day    // first day; "" since before our data
	ValidTo    clock.Day    // last day; "" until further notice
	Successors []string     // codes of the regions that took its place
	Owns       []place.Path // of a zone: divisions that it governs although they lie elsewhere in the tree
}

// On reports whether r stands on day.
func (r *Region) On(day clock.Day) bool {
	return r.ValidFrom <= day && (r.ValidTo == "" || day <= r.ValidTo)
}

// Check refuses a region whose code does not fit its path.
func (r *Region) Check() error {
	var bad []errs.Field
	depth := r.Path.Depth()
	if !r.Path.Valid() || depth < 1 || depth >= len(Levels) {
		return errs.InvalidFields(errs.At("path", "org.bad_path"))
	}
	if n := len([]rune(r.Name)); n < 1 || n > 40 {
		bad = append(bad, errs.At("name", "org.bad_name", "max", 40))
	}
	if r.Kind == Division && !divisionCode(r.Path) {
		bad = append(bad, errs.At("code", "org.bad_region_code", "digits", codeDigits[depth]))
	}
	if r.Kind == Zone && depth != 3 && depth != 4 {
		bad = append(bad, errs.At("path", "org.zone_depth"))
	}
	if r.ValidFrom != "" && !r.ValidFrom.Valid() {
		bad = append(bad, errs.At("valid_from", "org.bad_day"))
	}
	return errs.InvalidFields(bad...)
}

// divisionCode reports whether the last code of p has the digits of its level and,
// below another division, begins with that one's.
func divisionCode(p place.Path) bool {
	code, above := p.Code(), p.Parent().Code()
	if len(code) != codeDigits[p.Depth()] || strings.Trim(code, digits) != "" {
		return false
	}
	return p.Depth() == 1 || strings.Trim(above, digits) != "" || strings.HasPrefix(code, above)
}

const digits = "0123456789"

// LevelAt returns the level of a path, or "" for none.
func LevelAt(p place.Path) Level {
	if d := p.Depth(); d >= 0 && d < len(Levels) {
		return Levels[d]
	}
	return ""
}

// codesMeant returns the codes that a person may mean who writes one: itself and, as
// many lists fill codes up with zeros, those of the higher levels; the longest first.
func codesMeant(code string) []string {
	if strings.Trim(code, digits) != "" || !slices.Contains(codeDigits[1:], len(code)) {
		return []string{code}
	}
	var meant []string
	for _, n := range slices.Backward(codeDigits[1:]) {
		if n <= len(code) && strings.Trim(code[n:], "0") == "" {
			meant = append(meant, code[:n])
		}
	}
	return meant
}

// zoneCode returns the code of the nth zone under a place.
func zoneCode(under place.Path, n int) string { return under.Code() + "z" + strconv.Itoa(n) }

// fullName joins the names from the province down and leaves out rungs that say nothing.
func fullName(p place.Path, at map[place.Path]*Region) string {
	if p == place.Nation {
		return nationName
	}
	name, last := "", ""
	for _, rung := range p.Chain()[1:] {
		r := at[rung]
		if r == nil || r.Pseudo && (rung != p || r.Name == last) {
			continue
		}
		name, last = name+r.Name, r.Name
	}
	return name
}

const nationName = "全国"
